"""The same work without a browser: exit codes, sentences, the files of a report, and the shape of results.json."""

import csv
import json
import re
import socket
import subprocess
import sys
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import pytest
from exhibit_ids import EVERY_ID, HAS_REASONS
from golden.cohorts import EXAMPLE, ROOT, arms, as_workbook, follow_up, synthetic_workbook
from PIL import Image

from lib.__main__ import CLEAN, ERRORS, UNREADABLE, main

KEYS = {
    "": {"provenance", "findings", "intake", "exhibits"},
    "provenance": {"source", "fingerprint", "selection", "group_by", "n", "versions", "created"},
    "finding": {"severity", "sheet", "row", "column", "value", "problem", "mend"},
    "exhibit": {"id", "kind", "title", "caption", "alt", "n", "files", "table", "tests"},
    "test": {"name", "comparison", "statistic", "df", "p", "n", "reason"},
}
KINETIC = {"patient", "infusion", "cmax", "tmax", "auc_0_28", "tlast", "half_life"}
REQUIRED = {"toxicity.table": {"term", "threshold", "p"}, "kinetics.parameters": KINETIC}
SURVIVAL = {"group", "n", "events", "median", "median_low", "median_high"}
WORDS = ("level", "reason")  # what no number stands in
CURVES = ("--only", "survival.os")  # where one exhibit is enough


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    """Sixty synthetic patients, some with two infusions."""
    path = tmp_path_factory.mktemp("given") / "synthetic.xlsx"  # the same bytes and name are read once
    path.write_bytes(synthetic_workbook(60, 1))
    return path


@pytest.fixture(scope="module")
def folder(workbook, tmp_path_factory):
    """folder("--by", "emd") = where the report of the synthetic cohort was written, once for all tests."""

    @cache
    def make(*options, of=workbook):
        out = tmp_path_factory.mktemp("report") / "out"
        assert main(["report", str(of), "--out", str(out), "--formats", "", *options]) == CLEAN
        return out

    return make


@pytest.fixture(scope="module")
def made(folder):
    """made("--by", "emd") = its results.json."""
    return lambda *options, **of: json.loads((folder(*options, **of) / "results.json").read_text(encoding="utf-8"))


def written(tables, path):
    path.write_bytes(as_workbook(tables))
    return str(path)


def exhibit(results, name):
    return next(each for each in results["exhibits"] if each["id"] == name)


def rows(results, name):
    """The rows of an exhibit's table as {column: value}."""
    table = exhibit(results, name)["table"]
    return [dict(zip([column["name"] for column in table["columns"]], row, strict=True)) for row in table["rows"]]


def groups(results):
    return [row["group"] for row in rows(results, "survival.os")]


def test_a_clean_file(capsys):
    assert main(["check", str(EXAMPLE)]) == CLEAN
    assert capsys.readouterr() == (
        "14,316 filled cells: 14,256 read, 60 headings.\n16 patients in the analysis set, 17 in all; 17 infusions,"
        " 42 responses, 93 adverse events, 8 therapies, 208 kinetics, 1452 labs, 34 endpoints.\n",
        "",
    )


def test_errors_are_printed_and_the_report_is_written_all_the_same(tmp_path, capsys):
    odd = follow_up("os", a1=(-3, 1), b9=(3, 1))
    bad = written({"patients": arms(A=["a1"]), "endpoints": odd}, tmp_path / "b.xlsx")
    assert main(["check", bad]) == ERRORS
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        (
            'error: Sheet "Endpoints", row 3, column "A (patient_id)": Patient "b9" is not in Patients; the row was set'
            " aside. Add the patient to Patients or correct the id."
        ),
        (
            'error: Sheet "Endpoints", row 2, column "C (time)": OS of patient "a1" is not used: negative time. Time'
            " counts from the infusion; correct it."
        ),
    ]
    assert main(["report", bad, "--out", str(tmp_path / "out"), "--formats", ""]) == ERRORS
    reported = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["findings"]
    assert [set(finding) for finding in reported] == [KEYS["finding"]] * 2
    first = [reported[0][name] for name in ("severity", "sheet", "row", "value")]
    assert first == ["error", "Endpoints", 3, "b9"]


def test_warnings_alone_are_clean(tmp_path, capsys):
    early = [{"patient_id": "a1", "day": -9, "response": "CR"}]
    odd = written({"patients": arms(A=["a1"]), "responses": early}, tmp_path / "o.xlsx")
    assert main(["check", odd]) == CLEAN
    assert capsys.readouterr().out.startswith('warning: Sheet "Responses", row 2')


def test_what_cannot_be_read_gets_one_sentence(tmp_path, capsys):
    picture, nobody = tmp_path / "picture.xlsx", written({"labs": [{"patient_id": "a"}]}, tmp_path / "nobody.xlsx")
    picture.write_bytes(b"\x89PNG")
    reported = {}
    for path in (tmp_path / "gone.xlsx", tmp_path, picture, Path(nobody)):
        assert main(["check", str(path)]) == main(["report", str(path), "--out", str(tmp_path / "out")]) == UNREADABLE
        out, err = capsys.readouterr()
        first, second = err.splitlines()
        assert out == "" and first == second
        reported[path.name] = first
    assert re.fullmatch(r".*gone\.xlsx: No such file or directory\.", reported["gone.xlsx"])
    assert reported["picture.xlsx"].startswith("picture.xlsx: This is not an Excel workbook (.xlsx).")
    assert reported["nobody.xlsx"].startswith("nobody.xlsx: No table of patients was found.")
    assert not (tmp_path / "out").exists()


def test_several_text_tables_are_one_cohort(tmp_path, capsys):
    (tmp_path / "Patients.csv").write_text("patient_id,arm\na1,A\nb1,B\n")
    (tmp_path / "Endpoints.csv").write_text("patient_id,endpoint,time,event\na1,os,3,1\n")
    assert main(["check", str(tmp_path / "Patients.csv"), str(tmp_path / "Endpoints.csv")]) == CLEAN
    said = "14 filled cells: 8 read, 6 headings.\n2 patients in the analysis set, 2 in all; 1 endpoints.\n"
    assert capsys.readouterr().out == said


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_directory_that_cannot_be_made(below, tmp_path, capsys):
    (tmp_path / "taken").write_text("")
    assert main(["report", str(EXAMPLE), "--out", str(tmp_path / "taken" / below), "--formats", ""]) == UNREADABLE
    assert re.fullmatch(r".*taken.*: (File exists|Not a directory)\.\n", capsys.readouterr().err)


def test_a_file_of_the_report_that_cannot_be_written(tmp_path, capsys):
    (tmp_path / "survival.os.csv").mkdir()
    assert main(["report", str(EXAMPLE), "--out", str(tmp_path), "--formats", "", *CURVES]) == UNREADABLE
    assert capsys.readouterr().err.endswith("survival.os.csv: Is a directory.\n")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--by", "stage"], 'This workbook has no column "stage" to compare by. Columns: arm, age_years, sex, emd'),
        (["--where", "crs>=7"], 'CRS: "7" is not a grade to filter by; write a whole number from 1 to 5.'),
        (["--where", "received magic by day 3"], 'Therapies of this workbook do not name "magic".'),
        (["--where", "stage=II"], 'This workbook has no column "stage" to filter by.'),
        (["--where", "arm"], '"arm" does not say what to keep: write arm= and the values.'),
        (["--where", "emd=yes", "--where", "arm=A"], 'Arm: this workbook has no "A".'),
        (["--infusion", "3"], "Nobody had infusion 3. Numbers: 1, 2."),
    ],
)
def test_a_wish_that_this_workbook_cannot_follow(options, sentence, workbook, tmp_path, capsys):
    assert main(["report", str(workbook), "--out", str(tmp_path / "out"), *options]) == UNREADABLE
    assert capsys.readouterr().err.startswith(sentence)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "required: command"),
        (["check"], "required: file"),
        (["report", "x.xlsx"], "required: --out"),
        (
            ["report", "x.xlsx", "--out", "o", "--formats", "svg,gif,csv"],
            "no such format: gif; there are svg, pdf, png, tiff, csv, docx, xlsx, html, tex",
        ),
        (["report", "x.xlsx", "--out", "o", "--unit", "years"], "invalid choice: 'years'"),
        (["report", "x.xlsx", "--out", "o", "--infusion", "two"], "invalid int value: 'two'"),
    ],
)
def test_a_command_that_is_not_understood(arguments, words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == UNREADABLE and words in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [[], ["--by", "-"], ["--infusion", "2"], ["--where", "arm=Lenalidomide"]], ids=" ".join
)
def test_results_have_the_structure_that_is_promised(options, folder):
    text = (folder(*options) / "results.json").read_text(encoding="utf-8")
    results = json.loads(text, parse_constant=pytest.fail)
    assert set(results) == KEYS[""] and set(results["provenance"]) >= KEYS["provenance"]
    assert set(results["provenance"]["versions"]) >= {"python", "pandas", "scipy", "lifelines"}
    for each in results["exhibits"]:
        assert set(each) >= KEYS["exhibit"] and each["kind"] in ("figure", "table") and each["title"], each["id"]
        assert re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", each["id"])
        assert (each["alt"] != "") == (each["kind"] == "figure"), each["id"]
        assert all(set(column) == {"name", "unit"} for column in each["table"]["columns"])
        names = [column["name"] for column in each["table"]["columns"]]
        assert len(set(names)) == len(names) and {len(row) for row in each["table"]["rows"]} <= {len(names)}
        of_groups = re.fullmatch(r"survival\.\w+(\.summary)?", each["id"])
        wanted = SURVIVAL if of_groups else REQUIRED.get(each["id"], set())
        assert wanted <= set(names), each["id"]
        for test in each["tests"]:
            assert set(test) == KEYS["test"] and test["name"] and test["comparison"]
            assert (test["p"] is None) == (test["reason"] != ""), test
            assert test["p"] is None or 0 <= test["p"] <= 1
    ids = [each["id"] for each in results["exhibits"]]
    assert len(set(ids)) == len(ids)
    for name in set(HAS_REASONS) & set(ids):
        for row in rows(results, name):
            silent = [column for column, value in row.items() if value is None and column not in WORDS]
            assert not silent or row["reason"], (name, row)


def test_every_exhibit_is_there_and_every_group_in_its_tables(made):
    results = made()
    assert tuple(each["id"] for each in results["exhibits"]) == EVERY_ID
    levels = ["No maintenance", "Lenalidomide", "Pomalidomide"]
    assert groups(results) == levels
    for row in rows(results, "toxicity.table"):
        assert {f"{part}_{level}" for part in ("n", "of") for level in levels} <= set(row)
    assert sum(row["n"] for row in rows(results, "survival.os")) == results["provenance"]["n"] == 60
    patients = [(row["patient"], row["infusion"]) for row in rows(results, "kinetics.parameters")]
    assert len(set(patients)) == len(patients)


def test_the_report_is_the_files_that_results_names_and_nothing_else(made, folder):
    results = made()
    named = [name for each in results["exhibits"] for name in each["files"]]
    assert len(set(named)) == len(named)
    assert {path.name for path in folder().iterdir()} == {*named, "results.json", "methods.txt"}
    for each in results["exhibits"]:
        assert each["files"] == [f"{each['id']}.csv"]
        text = (folder() / each["files"][0]).read_text(encoding="utf-8-sig").splitlines(keepends=True)
        read = list(csv.reader(line for line in text if not line.startswith("# ")))
        assert len(read) > 1 and {len(row) for row in read} == {len(read[0])}


def test_pictures_are_written_in_the_wished_formats(tmp_path):
    tables = {"patients": arms(A=["a1", "a2"], B=["b1"]), "endpoints": follow_up("os", a1=(3, 1), a2=(5, 0), b1=(4, 1))}
    small, tmp_path = written(tables, tmp_path / "small.xlsx"), tmp_path / "out"
    assert main(["report", small, "--out", str(tmp_path), "--formats", "svg, png", "--by", "-"]) == CLEAN
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    for each in results["exhibits"]:
        formats = ["csv", "svg", "png"] if each["kind"] == "figure" else ["csv"]
        assert each["files"] == [f"{each['id']}.{ending}" for ending in formats]
        assert all((tmp_path / name).stat().st_size > 20 for name in each["files"])
    assert len(list(tmp_path.iterdir())) == 2 + sum(len(each["files"]) for each in results["exhibits"])


def test_figures_are_printed_as_asked(tmp_path, capsys):
    tables = {"patients": arms(A=["a1", "a2"], B=["b1"]), "endpoints": follow_up("os", a1=(3, 1), a2=(5, 0), b1=(4, 1))}
    small, out = written(tables, tmp_path / "small.xlsx"), tmp_path / "out"
    one = ["report", small, "--out", str(out), "--only", "survival.os"]
    printed = ["--width", "85mm", "--dpi", "600", "--colours", "grey", "--caption", "beside", "--no-title"]
    assert main([*one, *printed, "--formats", "svg,tiff"]) == CLEAN
    (reported,) = json.loads((out / "results.json").read_text(encoding="utf-8"))["exhibits"]
    assert reported["files"] == [f"survival.os.{ending}" for ending in ("csv", "svg", "tiff", "txt")]
    root = ET.fromstring((out / "survival.os.svg").read_text())
    assert root.get("width") == "85mm" and reported["title"] not in [
        each.text for each in root if each.tag.endswith("}text")
    ]
    assert (out / "survival.os.txt").read_text().startswith(f"{reported['title']}. ")
    with Image.open(out / "survival.os.tiff") as image:
        assert image.width == 2008 and image.mode == "L" and image.info["dpi"] == (600, 600)
    assert main([*one, "--width", "10mm"]) == UNREADABLE
    assert "It may be 85mm, 114mm, 174mm, 180mm, slide, screen" in capsys.readouterr().err


def test_by(made):
    assert groups(made("--by", "-")) == ["All patients"]
    assert {each["id"] for each in made("--by", "-")["exhibits"] if each["tests"]} == {
        name for name in EVERY_ID if name.endswith(".adjusted") or name.startswith("kinetics.expansion.")
    }
    assert groups(made("--by", "emd", *CURVES)) == ["no", "yes"]
    by_age = made("--by", "age@60,70", *CURVES)
    assert groups(by_age) == ["< 60", "60 to < 70", "≥ 70"]
    assert by_age["provenance"]["group_by"] == "age_years@60,70"


def test_where(made):
    some = [
        part
        for name in ("baseline.*", "survival.os*", "toxicity.*", "kinetics.parameters")
        for part in ("--only", name)
    ]
    results = made("--where", "emd=yes", "--where", "age=18..65|?", *some)
    reported = results["provenance"]
    assert (
        0 < reported["n"] < 60
        and len(results["exhibits"]) > 10
        and {each["n"] for each in results["exhibits"]} <= set(range(reported["n"] + 1))
    )
    assert re.fullmatch(
        r"Extramedullary disease: yes, \d+ without a value left out; Age 18 to 65 years, \d+ without a value kept",
        reported["selection"],
    )
    assert reported["fingerprint"] == made()["provenance"]["fingerprint"]


def test_an_empty_selection_is_a_report_without_exhibits(made, folder, capsys):
    results = made("--where", "age=200..300")
    assert results["exhibits"] == [] and results["provenance"]["n"] == 0
    words = r"0 exhibits of 0 patients \(Age 200 to 300 years, \d+ without a value left out\) in .*out\.\n"
    assert re.search(words + "$", capsys.readouterr().out)
    assert {path.name for path in folder("--where", "age=200..300").iterdir()} == {"results.json", "methods.txt"}


def test_unit(made):
    months, days = (exhibit(made(*options), "survival.os")["table"] for options in ([], ["--unit", "days", *CURVES]))
    units = [{column["name"]: column["unit"] for column in table["columns"]}["median"] for table in (months, days)]
    assert units == ["months", "days"]
    assert days["rows"][0][3] == pytest.approx(months["rows"][0][3] * 30.4375)


def test_the_second_infusion(made):
    results = made("--infusion", "2")
    assert 0 < results["provenance"]["n"] < 10 and results["provenance"]["selection"] == "counted from infusion 2"
    assert {row["infusion"] for row in rows(results, "kinetics.parameters")} == {1, 2}


def test_excluded_patients_are_counted_only_where_asked_for(made):
    plain, both = made(*CURVES, of=EXAMPLE), made("--include-excluded", *CURVES, of=EXAMPLE)
    assert (plain["provenance"]["n"], both["provenance"]["n"]) == (16, 17)
    assert [sum(row["n"] for row in rows(each, "survival.os")) for each in (plain, both)] == [16, 17]
    assert both["provenance"]["selection"] == "patients outside the analysis set included"


def test_the_report_speaks_with_nobody(tmp_path, monkeypatch):
    def refuse(*_):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert main(["report", str(EXAMPLE), "--out", str(tmp_path), "--formats", "", *CURVES]) == CLEAN


def test_as_a_program():
    done = subprocess.run(
        [sys.executable, "-m", "lib", "check", str(EXAMPLE)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (CLEAN, "") and "16 patients in the analysis set" in done.stdout
