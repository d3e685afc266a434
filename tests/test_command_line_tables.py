"""Tables and the data behind figures as files, from the command line and from Python."""

import json

import pytest
from docx import Document
from golden.cohorts import arms, as_workbook, follow_up

from lib import analysis, open_cohort
from lib.__main__ import CLEAN, main
from lib.notebook import Refused


@pytest.fixture
def small(tmp_path):
    tables = {"patients": arms(A=["a1", "a2"], B=["b1"]), "endpoints": follow_up("os", a1=(3, 1), a2=(5, 0), b1=(4, 1))}
    path = tmp_path / "small.xlsx"
    path.write_bytes(as_workbook(tables))
    return path


def test_tables_are_written_in_the_formats_that_are_theirs(small, tmp_path):
    out, formats = tmp_path / "out", "docx,xlsx,html,tex,csv,svg"
    assert main(["report", str(small), "--out", str(out), "--formats", formats, "--only", "survival.os*"]) == CLEAN
    made = json.loads((out / "results.json").read_text(encoding="utf-8"))["exhibits"]
    files = {each["id"]: each["files"] for each in made}
    endings = ("csv", "docx", "xlsx", "html", "tex")
    assert files["survival.os.summary"] == [f"survival.os.summary.{ending}" for ending in endings]
    assert files["survival.os"] == ["survival.os.csv", "survival.os.svg"]
    assert {name for names in files.values() for name in names} <= {path.name for path in out.iterdir()}


def test_a_table_is_saved_by_the_ending_of_its_path(small, tmp_path):
    table = analysis(open_cohort(small)).make("survival.os.summary")
    for ending in ("csv", "docx", "xlsx", "html", "tex"):
        table.save(tmp_path / f"table.{ending}")
    assert Document(tmp_path / "table.docx").tables[0].cell(0, 0).text == table.exhibit.header[0]
    with pytest.raises(Refused, match=r"It may be csv, docx, xlsx, html, tex\."):
        table.save(tmp_path / "table.svg")
