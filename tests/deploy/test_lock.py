"""The lock of all packages: complete, with fingerprints, the same as what is installed here; the bill of materials made
of it."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("sbom", ROOT / "deploy" / "sbom.py")
sbom = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(sbom)
LOCK = (ROOT / "deploy" / "requirements.lock").read_text(encoding="utf-8")
LOCKED = sbom.locked(LOCK)


def asked_for() -> list[tuple[str, str]]:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return [tuple(line.split("==")) for line in lines if "==" in line]


def test_every_package_that_is_asked_for_is_locked_at_its_version():
    assert set(asked_for()) <= {(name, number) for name, number, _, _ in LOCKED}
    assert len(asked_for()) > 10


def test_every_package_has_fingerprints_and_nothing_says_from_where():
    assert len(LOCKED) == len(re.findall(r"^\S", LOCK, re.MULTILINE)), "a line that is not read as a package"
    assert [name for name, _, _, fingerprints in LOCKED if not fingerprints] == []
    assert sum(len(fingerprints) for *_, fingerprints in LOCKED) == LOCK.count("--hash=sha256:")
    for name in ("requirements.lock", "build.lock"):
        assert not re.search(r"://|index-url|find-links", (ROOT / "deploy" / name).read_text())


def test_whatever_a_locked_package_needs_is_locked_too():
    names = {name for name, *_ in LOCKED}
    for name in sorted(names):
        package = sbom.installed(name)
        for need in (package.requires if package else None) or []:
            always = ";" not in need
            assert not always or sbom.normal(re.match(r"[\w.-]+", need)[0]) in names, f"{name} needs {need}"


def test_what_is_installed_here_is_what_is_locked():
    wrong = []
    for name in sorted({name for name, *_ in LOCKED}):
        versions = {number: marker for each, number, marker, _ in LOCKED if each == name}
        try:
            here = version(name)
        except PackageNotFoundError:
            here = "" if all(versions.values()) else "not installed"  # a marker says where it is needed
        if here and here not in versions:
            wrong.append((name, here, versions))
    assert not wrong


def test_the_bill_of_materials_names_every_package_and_is_the_same_each_time():
    bill = sbom.bill(LOCK)
    assert json.dumps(bill, sort_keys=True) == json.dumps(sbom.bill(LOCK), sort_keys=True)
    assert bill["bomFormat"] == "CycloneDX"
    assert [(part["name"], part["version"]) for part in bill["components"]] == [each[:2] for each in LOCKED]
    assert all(part["purl"] == f"pkg:pypi/{part['name']}@{part['version']}" for part in bill["components"])
    assert [
        part["name"] for part in bill["components"] if "licenses" not in part and sbom.installed(part["name"])
    ] == []
    needs = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    assert f"pkg:pypi/streamlit@{version('streamlit')}" in needs["cart-cohort-explorer"]
    assert f"pkg:pypi/starlette@{version('starlette')}" in needs[f"pkg:pypi/streamlit@{version('streamlit')}"]
    assert all("http" not in part["purl"] for part in bill["components"])


CHECK = ("-m", "lib", "check", "data/template.xlsx")
SERVE = ("-m", "streamlit", "run", "app.py", "--server.port", "0")


@pytest.mark.parametrize(
    ("level", "command"), [("2", CHECK), ("1", SERVE), ("1", ("deploy/launch.py", "--no-browser"))]
)
def test_a_python_that_leaves_out_checks_is_refused_in_one_sentence(level, command):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "PYTHONOPTIMIZE": level},
        capture_output=True,
        text=True,
        timeout=240,  # a busy machine may take most of them
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr.strip().startswith("Start without -O and without PYTHONOPTIMIZE:")
    assert len(done.stderr.strip().splitlines()) == 1
