"""Prints the software bill of materials: every package of the lock as CycloneDX JSON, with licence, fingerprints and
what needs what.

Standard library only; run it with the environment's own Python (`make sbom`), which knows licences and dependencies.
The same lock gives the same text, byte by byte: there is no date and no random number in it.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, PathDistribution, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "deploy" / "requirements.lock"
VERSION = re.compile(r'^VERSION = "(.+)"$', re.MULTILINE)
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\]*?))?(?: \\)?$", re.MULTILINE)
NAME = "cart-cohort-explorer"


def main() -> int:
    """Print the bill of materials."""
    json.dump(bill(LOCK.read_text(encoding="utf-8")), sys.stdout, indent=2, sort_keys=True)
    print()
    return 0


def bill(lock: str) -> dict[str, Any]:
    """The bill of materials of this lock (CycloneDX 1.6)."""
    packages = locked(lock)
    version = VERSION.search((ROOT / "lib" / "__init__.py").read_text(encoding="utf-8"))
    program = {"type": "application", "name": NAME, "bom-ref": NAME, "licenses": [{"license": {"id": "MIT"}}]}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**program, "version": version.group(1) if version else ""}},
        "components": [component(*package) for package in packages],
        "dependencies": dependencies([(name, version) for name, version, _, _ in packages]),
    }


def locked(lock: str) -> list[tuple[str, str, str, list[str]]]:
    """Name, version, marker ("" = everywhere) and fingerprints of every package of the lock."""
    found = list(PINNED.finditer(lock))
    ends = [each.start() for each in found[1:]] + [len(lock)]
    return [
        (each[1], each[2], each[3] or "", re.findall(r"--hash=sha256:([0-9a-f]{64})", lock[each.end() : end]))
        for each, end in zip(found, ends, strict=True)
    ]


def component(name: str, version: str, marker: str, fingerprints: list[str]) -> dict[str, Any]:
    """One package: what it is, under which licence, where it is needed, and the fingerprint of each file that it is
    sent as."""
    made: dict[str, Any] = {
        "type": "library",
        "name": name,
        "version": version,
        "bom-ref": reference(name, version),
        "purl": reference(name, version),
        "hashes": [{"alg": "SHA-256", "content": each} for each in fingerprints],
    }
    if marker:
        made["properties"] = [{"name": f"{NAME}:marker", "value": marker}]
    if licence := licence_of(name):
        made["licenses"] = [licence]
    return made


def reference(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


def licence_of(name: str) -> dict[str, Any] | None:
    """The licence as the installed package states it; None where it is not installed here or states none."""
    package = installed(name)
    if package is None:
        return None
    stated = package.metadata
    if expression := stated.get("License-Expression"):
        return {"expression": expression}
    classified = [
        each.rsplit(" :: ", 1)[1] for each in stated.get_all("Classifier") or [] if each.startswith("License :: ")
    ]
    words = (stated.get("License") or "").strip().splitlines()
    text = " and ".join(classified) or (words[0] if words else "")
    return {"license": {"name": text}} if text else None


def dependencies(packages: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Which of these packages each of them needs, as far as it is installed here; the program needs those of
    requirements.txt."""
    own = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    needs = [(NAME, own), *((reference(*each), needed_by(each[0])) for each in packages)]
    return [
        {"ref": ref, "dependsOn": [reference(*each) for each in packages if each[0] in map(normal, names)]}
        for ref, names in needs
    ]


def needed_by(name: str) -> list[str]:
    """The packages that this one needs, those of its extras left out."""
    package = installed(name)
    stated = (package.requires if package else None) or []
    return [re.split(r"[^A-Za-z0-9._-]", each, maxsplit=1)[0] for each in stated if "extra ==" not in each]


def installed(name: str) -> PathDistribution | Any | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def normal(name: str) -> str:
    """A package's name as the lock writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
