"""The wheel: what lies in it, and that its command works from an empty folder, installed beside the packages that are
here."""

import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from watching import wait_for

from lib import VERSION
from lib.__main__ import CLEAN, main
from pages.frame.examples import EXAMPLES, FIRST
from pages.frame.opening import TEMPLATE

ROOT = Path(__file__).parents[2]
PACKAGE = "cart_cohort_explorer"
INFORMATION = f"{PACKAGE}-{VERSION}.dist-info"
BUILD = "import sys, setuptools.build_meta as backend; backend.build_wheel(sys.argv[1])"


def run(command, folder, **more) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.Path:
    """Built by the build backend that is installed here, without an environment of its own: nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    left_out = ignore_patterns(".git", ".venv", "docs", "build", "dist", "*.egg-info", "__pycache__", "public_data")
    copytree(ROOT, folder / "source", ignore=left_out)
    run([sys.executable, "-c", BUILD, str(folder)], folder / "source")
    return folder / f"{PACKAGE}-{VERSION}-py3-none-any.whl"


@pytest.fixture(scope="module")
def command(wheel, tmp_path_factory) -> Path:
    """The command in an environment of its own, which sees the packages that are installed here and nothing of this
    repository."""
    folder = tmp_path_factory.mktemp("environment")
    run([sys.executable, "-m", "venv", "--without-pip", "."], folder)
    python = folder / "bin" / "python"
    packages = Path(run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip())
    (packages / "those_here.pth").write_text(sysconfig.get_path("purelib"))
    run([python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile", str(wheel)], folder)
    return folder / "bin" / "cart-cohort-explorer"


def test_all_lies_in_one_folder_and_only_what_the_program_needs(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {PACKAGE, INFORMATION}
    inside = {name.split("/", 1)[1] for name in names if name.startswith(f"{PACKAGE}/")}
    assert {name.split("/")[0] for name in inside} == {"app.py", "lib", "pages", "data", "deploy", ".streamlit"}
    assert {name for name in inside if name.startswith("deploy/")} == {"deploy/launch.py"}
    needed = {
        str(path.relative_to(ROOT)) for top in ("lib", "pages") for path in (ROOT / top).rglob("*") if path.is_file()
    }
    assert {name for name in needed if "__pycache__" not in name} == {
        name for name in inside if name.startswith(("lib/", "pages/"))
    }
    examples = {f"data/{each.stem}.xlsx" for each in EXAMPLES} | {f"data/pictures/{each.stem}.svg" for each in EXAMPLES}
    assert {name for name in inside if name.startswith("data/")} == examples | {
        f"data/{TEMPLATE.name}",
        f"data/{FIRST.stem}.read",
        "data/README.md",
    }


def test_its_version_command_and_packages_are_those_of_the_program(wheel):
    with zipfile.ZipFile(wheel) as file:
        stated = file.read(f"{INFORMATION}/METADATA").decode().splitlines()
        started = file.read(f"{INFORMATION}/entry_points.txt").decode()
    assert f"Version: {VERSION}" in stated
    needed = [line.removeprefix("Requires-Dist: ") for line in stated if line.startswith("Requires-Dist: ")]
    assert needed == (ROOT / "requirements.txt").read_text().splitlines()
    assert f"cart-cohort-explorer = {PACKAGE}.deploy.launch:command" in started


def test_it_is_built_by_the_locked_setuptools():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert wanted == [(ROOT / "deploy" / "build.lock").read_text().split()[0]]


def test_its_command_makes_the_numbers_from_an_empty_folder(command, tmp_path):
    (tmp_path / "mine.xlsx").write_bytes((ROOT / "data" / "pomalidomide_cohort.xlsx").read_bytes())
    run([command, "report", "mine.xlsx", "--only", "survival.os", "--out", "made"], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"mine.xlsx", "made"}
    ours = main(["report", str(tmp_path / "mine.xlsx"), "--only", "survival.os", "--out", str(tmp_path / "ours")])
    made = {path.name: path.read_bytes() for path in (tmp_path / "made").iterdir()}
    assert ours == CLEAN
    assert "results.json" in made
    assert made == {path.name: path.read_bytes() for path in (tmp_path / "ours").iterdir()}


def test_its_help_names_the_command(capsys):
    with pytest.raises(SystemExit):
        main(["check", "--help"], "cart-cohort-explorer")
    assert capsys.readouterr().out.startswith("usage: cart-cohort-explorer check")


def test_its_command_serves_from_an_empty_folder_and_stops(command, tmp_path):
    server = subprocess.Popen([command, "--no-browser"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        said = next(line for line in server.stdout if line.startswith("Running: "))
        wait_for(said.split()[1], server)
    finally:
        server.terminate()
    assert server.wait(timeout=30) == CLEAN
    assert list(tmp_path.iterdir()) == []
