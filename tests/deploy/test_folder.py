"""The folder with Python inside: what lies in it, what starts it, what is refused. No package is fetched."""

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile

import pytest

from deploy import folder as made
from deploy.folder import SYSTEMS, Refused, check, main, packages_command, unpack, version

PYTHON = {
    "linux": ("python/bin/python3", "python/lib/python3.12/os.py"),
    "windows": ("python/python.exe", "python/python3.dll", "python/python313.dll"),
}


def python_file(path, names):
    with tarfile.open(path, "w:gz") as file:
        for name in names:
            about = tarfile.TarInfo(name)
            about.size = len(b"#")
            file.addfile(about, io.BytesIO(b"#"))
    return path


def wheel_file(path):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("cart_cohort_explorer/deploy/launch.py", "def command(): print('served'); return 0\n")
    return path


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Arguments for a system; what uv would have been asked for is noted."""
    noted = []
    monkeypatch.setattr(made.install, "__defaults__", (noted.append,))

    def of(system, names=None, sha256=""):
        python = python_file(tmp_path / "python.tar.gz", names or PYTHON[system])
        wheel = wheel_file(tmp_path / "program.whl")
        words = [
            "--system",
            system,
            "--python",
            python,
            "--sha256",
            sha256,
            "--wheel",
            wheel,
            "--out",
            tmp_path / "out",
        ]
        return [str(word) for word in words], noted

    return of


@pytest.mark.parametrize(("system", "python"), [("linux", "3.12"), ("windows", "3.13")])
def test_python_packages_program_and_what_starts_them(asked, tmp_path, system, python):
    words, noted = asked(system)
    assert main(words) == 0
    (command,) = noted
    assert command[command.index("--python-version") + 1] == python and "--require-hashes" in command
    with zipfile.ZipFile(tmp_path / "out" / f"CAR-T Cohort Explorer for {system}.zip") as file:
        inside = {name.split("/", 1)[1]: file.getinfo(name) for name in file.namelist() if not name.endswith("/")}
    starter = SYSTEMS[system].starter
    assert set(inside) == {*PYTHON[system], starter, "site-packages/cart_cohort_explorer/deploy/launch.py"}
    assert inside[starter].external_attr >> 16 & 0o111, "it can be run"


def test_its_starter_runs_the_program_from_any_folder(asked, tmp_path):
    words, _ = asked("linux")
    main(words)
    folder = tmp_path / "out" / "CAR-T Cohort Explorer for linux"
    python = folder / SYSTEMS["linux"].python
    python.unlink()
    python.symlink_to(sys.executable)
    done = subprocess.run([folder / SYSTEMS["linux"].starter], cwd="/", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr


def test_the_batch_file_ends_its_lines_as_windows_does_and_keeps_to_its_folder():
    lines = SYSTEMS["windows"].script.split("\r\n")
    assert (
        "\n" not in "".join(lines) and 'cd /d "%~dp0"' in lines and any("%~dp0site-packages" in line for line in lines)
    )


def test_python_of_another_system_is_refused(asked, capsys):
    words, _ = asked("windows", PYTHON["linux"])
    assert main(words) == 1 and "has no python/python.exe" in capsys.readouterr().err


@pytest.mark.parametrize("names", [("python/bin/python3",), ("python/bin/python3", "python/lib/python3.10/os.py")])
def test_python_that_is_too_old_or_does_not_say_is_refused(tmp_path, names):
    unpack(python_file(tmp_path / "python.tar.gz", names), tmp_path / "folder", SYSTEMS["linux"])
    with pytest.raises(Refused, match=r"must be 3\.11"):
        version(tmp_path / "folder")


def test_nothing_is_unpacked_outside_the_folder(tmp_path):
    with pytest.raises(tarfile.FilterError):
        unpack(python_file(tmp_path / "python.tar.gz", ["../outside"]), tmp_path / "folder", SYSTEMS["linux"])
    assert not (tmp_path / "outside").exists()


def test_a_file_that_is_not_there_or_has_another_fingerprint_is_refused(tmp_path):
    with pytest.raises(Refused, match="is not there"):
        check(tmp_path / "nothing", "")
    python = python_file(tmp_path / "python.tar.gz", PYTHON["linux"])
    check(python, hashlib.sha256(python.read_bytes()).hexdigest().upper())
    with pytest.raises(Refused, match="not the one given"):
        check(python, "0" * 64)


def test_the_packages_are_those_of_the_lock(tmp_path):
    unpack(python_file(tmp_path / "python.tar.gz", PYTHON["windows"]), tmp_path / "folder", SYSTEMS["windows"])
    command = packages_command(tmp_path / "folder", SYSTEMS["windows"])
    assert command[-1].endswith("deploy/requirements.lock") and "x86_64-pc-windows-msvc" in command
