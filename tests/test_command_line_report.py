"""One document or package from the command line."""

import json
import zipfile

from golden.cohorts import EXAMPLE, arms, as_workbook, follow_up

from lib.__main__ import CLEAN, ERRORS, main


def written(tables, path):
    path.write_bytes(as_workbook(tables))
    return str(path)


def test_one_document_instead_of_files(tmp_path, capsys):
    tables = {
        "patients": arms(A=["zqx1", "zqx2"], B=["zqx3"]),
        "endpoints": follow_up("os", zqx1=(3, 1), zqx2=(5, 0), zqx3=(4, 1), gone=(1, 1)),
    }
    small, out = written(tables, tmp_path / "small.xlsx"), tmp_path / "out"
    asked = ["report", small, "--out", str(out), "--only", "survival.os*", "--formats", "svg", "--pseudonyms"]
    assert main([*asked, "--format", "zip", "--title", "Ours"]) == ERRORS  # "gone" is no patient
    assert [path.name for path in out.iterdir()] == ["report.zip"]
    assert "out/report.zip.\n" in capsys.readouterr().out
    with zipfile.ZipFile(out / "report.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    results = json.loads(files["results.json"])
    named = {name for each in results["exhibits"] for name in each["files"]}
    documents = {f"report.{kind}" for kind in ("html", "docx", "pptx", "pdf")}
    scripts = {name for name in files if name.startswith("scripts/")}
    assert {"scripts/survival.os.py", "scripts/survival.os.R", "scripts/survival.os.r.csv"} <= scripts
    assert set(files) - scripts == {*named, *documents, "results.json", "methods.txt", "README.txt"}
    assert not any(b"zqx" in files[name] for name in scripts)
    assert files["README.txt"].startswith(b"Ours")
    assert b"zqx" not in files["results.json"] + files["report.html"] and b'"...' in files["results.json"]


def test_numbers_of_the_package_are_those_of_the_files(tmp_path):
    asked = ["report", str(EXAMPLE), "--out", str(tmp_path), "--only", "survival.os.s*", "--formats", ""]
    assert main(asked) == main([*asked, "--format", "zip"]) == CLEAN
    plain = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["exhibits"]
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        packed = json.loads(archive.read("results.json"))["exhibits"]
    assert len(plain) == 2 and [each["table"] for each in packed] == [each["table"] for each in plain]
    assert [each["files"] for each in packed] == [[f"tables/{name}" for name in each["files"]] for each in plain]


def test_without_methods(tmp_path):
    asked = ["report", str(EXAMPLE), "--out", str(tmp_path), "--only", "survival.os", "--formats", "", "--no-methods"]
    assert main(asked) == main([*asked, "--format", "html"]) == CLEAN
    assert not (tmp_path / "methods.txt").exists()
    assert "Kaplan-Meier method" not in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert main(asked[:-1]) == CLEAN and "Kaplan-Meier method" in (tmp_path / "methods.txt").read_text(encoding="utf-8")


def test_a_package_has_tables_for_word_and_excel_unless_formats_are_given(tmp_path):
    asked = [
        "report",
        str(EXAMPLE),
        "--out",
        str(tmp_path),
        "--format",
        "zip",
        "--only",
        "response.best",
        "--no-methods",
    ]

    def tables(*more):
        assert main([*asked, *more]) == CLEAN
        with zipfile.ZipFile(tmp_path / "report.zip") as archive:
            return {name for name in archive.namelist() if name.startswith("tables/")}

    assert tables() == {f"tables/response.best.{ending}" for ending in ("csv", "docx", "xlsx")}
    assert tables("--formats", "svg") == {"tables/response.best.csv"}
