"""Makes a folder with Python inside, as a zip to unpack and open by double click on a machine without Python.

    make folder SYSTEM=windows PYTHON_FILE=cpython-3.12.13+20260310-x86_64-pc-windows-msvc-install_only.tar.gz

The file is an `install_only` one of python-build-standalone for that system
(https://github.com/astral-sh/python-build-standalone/releases), downloaded beforehand, and compared with `SHA256=...`
where that is given. The packages are those of requirements.lock, each with its fingerprint. Standard library, and uv,
which knows the files of another system.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = "CAR-T Cohort Explorer"
PACKAGES = "site-packages"  # Streamlit takes itself to be under development where no folder above it is called so
START = "from cart_cohort_explorer.deploy.launch import command; raise SystemExit(command())"
BATCH = f"""@echo off
cd /d "%~dp0"
set "PYTHONPATH=%~dp0site-packages"
set "PYTHONNOUSERSITE=1"
"python\\python.exe" -c "{START}" %*
if errorlevel 1 pause
"""
SHELL = f"""#!/bin/sh
cd "$(dirname "$0")" || exit 1
PYTHONPATH="$PWD/site-packages" PYTHONNOUSERSITE=1 exec python/bin/python3 -c "{START}" "$@"
"""
Run = Callable[[Sequence[str]], object]


class Refused(Exception):
    """Why no folder is made, in one sentence."""


@dataclass(frozen=True)
class System:
    """How uv calls a system, where its Python lies in the folder, and the file that starts the program."""

    platform: str
    python: str
    starter: str
    script: str


UNIX = ("python/bin/python3", f"{NAME}.command", SHELL)
SYSTEMS = {
    "windows": System("x86_64-pc-windows-msvc", "python/python.exe", f"{NAME}.bat", BATCH.replace("\n", "\r\n")),
    "macos": System("aarch64-apple-darwin", *UNIX),
    "macos-intel": System("x86_64-apple-darwin", *UNIX),
    "linux": System("x86_64-unknown-linux-gnu", *UNIX),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the zip was made, 1 with one sentence when not."""
    parser = argparse.ArgumentParser(description="Makes a folder with Python inside, as a zip.")
    parser.add_argument("--system", choices=SYSTEMS, required=True)
    parser.add_argument("--python", type=Path, required=True, help="an install_only file of python-build-standalone")
    parser.add_argument("--sha256", default="", help="the fingerprint that the file must have")
    parser.add_argument("--wheel", type=Path, required=True, help="the program, as `make wheel` builds it")
    parser.add_argument("--out", type=Path, default=Path("dist"))
    asked = parser.parse_args(arguments)
    system, folder = SYSTEMS[asked.system], asked.out / f"{NAME} for {asked.system}"
    try:
        check(asked.python, asked.sha256)
        shutil.rmtree(folder, ignore_errors=True)
        unpack(asked.python, folder, system)
        install(folder, system, asked.wheel)
    except Refused as reason:
        print(reason, file=sys.stderr)
        return 1
    print(zipped(folder))
    return 0


def check(archive: Path, fingerprint: str) -> None:
    """Raise Refused unless the file is there and, where a fingerprint is given, has it."""
    if not archive.is_file():
        raise Refused(f"{archive} is not there: download an install_only file of python-build-standalone first.")
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if fingerprint and found != fingerprint.strip().casefold():
        raise Refused(f"{archive.name} has the fingerprint {found}, not the one given: download it again.")


def unpack(archive: Path, folder: Path, system: System) -> None:
    """Python into the folder. Raises Refused where it is for another system."""
    folder.mkdir(parents=True)
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")  # nothing outside the folder, no devices
    if not (folder / system.python).exists():
        raise Refused(f"{archive.name} has no {system.python}: it is for another system, or not an install_only file.")


def version(folder: Path) -> str:
    """The Python inside, "3.12". Raises Refused where its files do not say, or it is too old."""
    names = [path.name for path in (*folder.glob("python/lib/python3.*"), *folder.glob("python/python3*.dll"))]
    found = [int(each[1]) for each in (re.fullmatch(r"python3\.?(\d+)(?:\.dll)?", name) for name in names) if each]
    if not found or max(found) < 11:
        raise Refused("The Python inside must be 3.11 or newer.")
    return f"3.{max(found)}"


def install(
    folder: Path, system: System, wheel: Path, run: Run = lambda command: subprocess.run(command, check=True)
) -> None:
    """The locked packages and the program beside Python, and the file that starts it."""
    run(packages_command(folder, system))
    with zipfile.ZipFile(wheel) as program:
        program.extractall(folder / PACKAGES)
    starter = folder / system.starter
    starter.write_bytes(system.script.encode())
    starter.chmod(0o755)


def packages_command(folder: Path, system: System) -> list[str]:
    """What installs the files of that system; one package comes as source and is built by the Python that runs this."""
    return [
        "uv",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--no-build-isolation",
        "--python",
        sys.executable,
        "--target",
        str(folder / PACKAGES),
        "--python-platform",
        system.platform,
        "--python-version",
        version(folder),
        "-r",
        str(ROOT / "deploy" / "requirements.lock"),
    ]


def zipped(folder: Path) -> Path:
    """The folder as one zip beside it; files that may be run stay so."""
    made = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as file:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            file.write(path, path.relative_to(folder.parent))
    return made


if __name__ == "__main__":
    sys.exit(main())
