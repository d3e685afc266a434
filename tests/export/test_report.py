"""A report as one file: every document opened again and compared with the exhibits that it was made of."""

import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import docx
import lxml.html
import pytest
from every_exhibit import exhibits as exhibits_of
from golden.cohorts import EXAMPLE, by, synthetic

from export.reported import FORM, exhibits, printed, said, squeezed
from lib.cohort.analysis import study_codes, with_study_codes
from lib.cohort.finding import Finding
from lib.export import drawing
from lib.export.document import Block, Document
from lib.export.figure_file import figure_file
from lib.export.report import Part, Report, exhibit_files, report_file
from lib.export.report_html import html_file
from lib.publication.exhibit import Figure, Table
from lib.publication.spec import Failed


def test_the_package_holds_what_results_names_and_the_documents(package):
    results = json.loads(package["results.json"])
    named = [name for each in results["exhibits"] for name in each["files"]]
    assert named[:2] == ["tables/baseline.table_one.csv", "figures/survival.os.csv"]
    assert set(package) == {
        *named,
        "results.json",
        "README.txt",
        "methods.txt",
        "report.html",
        "report.docx",
        "report.pptx",
        "report.pdf",
    }
    assert [each["kind"] for each in results["exhibits"]] == ["table", "figure", "failed", "figure", "table"]
    readme = package["README.txt"].decode()
    assert all(f"{name}\r\n" in readme for name in named) and "synthetic" in readme.casefold()
    assert "Asked in vain: gone.exhibit: these data have nothing to show." in readme


def test_no_document_names_the_file_of_the_workbook(report, package):
    assert report.provenance.source == EXAMPLE.name
    for name, content in package.items():
        inside = [content]
        if name.endswith((".docx", ".pptx")):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inside = [archive.read(each) for each in archive.namelist()]
        assert (EXAMPLE.stem.encode() in b"".join(inside)) == (name == "results.json"), name


def test_the_web_page_asks_for_nothing_outside(package):
    text = package["report.html"].decode()
    root = lxml.html.fromstring(text)
    assert not root.xpath("//script|//link|//img|//iframe|//*[@src]")
    assert not [link for link in root.xpath("//@href") if not link.startswith("#")]
    assert not re.search(r"url\((?!#|data:|&quot;)|@import|https?://(?!www\.w3\.org/)", text)


def test_the_web_page_holds_every_number_and_sentence(report, package):
    root = lxml.html.fromstring(package["report.html"].decode())
    read = [
        [[cell.text_content() for cell in row.iterchildren()] for row in table.xpath("./thead/tr|./tbody/tr")]
        for table in root.iter("table")
    ]
    tables = [*exhibits(report, Table), report.strobe]
    assert read == [printed(report, table)[0] for table in tables]
    below = [[row.text_content() for row in table.xpath("./tfoot/tr")] for table in root.iter("table")]
    assert below == [printed(report, table)[1] for table in tables]
    drawings = root.xpath("//figure/svg")
    figures = exhibits(report, Figure)
    assert [each.get("aria-label") for each in drawings] == [figure.alt for figure in figures]
    assert all(each.get("role") == "img" for each in drawings)
    words = squeezed(root.text_content())
    assert all(said(report, figure) in words for figure in figures)
    assert all(squeezed(each.title) in words for each in figures + exhibits(report, Table))
    assert "Second, with <b>, & and a 10⁵." in words and report.provenance.stamp in words
    entries = [each.text_content() for each in root.xpath("//nav//a")]
    assert entries[:2] == ["Who was treated – Table 1. Patient characteristics.", "Figure 1. Overall survival by Arm."]
    assert [root.get_element_by_id(link.get("href")[1:]).tag for link in root.xpath("//nav//a")] == ["section"] * 8


def test_parts_of_one_drawing_do_not_name_those_of_another(report):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><clipPath id="c"/><g clip-path="url(#c)"/></svg>'
    figure = exhibits(report, Figure)[0]
    twice = Document("", tuple(Block(figure, "", pictures={"svg": svg}) for _ in range(2)), report.provenance)
    text = html_file(twice).decode()
    assert 'id="p1_c"' in text and "url(#p1_c)" in text and 'id="p2_c"' in text and "url(#p2_c)" in text


@pytest.mark.parametrize("failing", [(), (Part(Failed("survival.os", ValueError("ZQX-0001"))),)])
def test_a_report_of_nothing_or_of_failures_alone(report, failing):
    empty = Report("", failing, report.provenance)
    text = report_file(empty, "html").decode()
    assert "Figures and tables" in text and ("Could not be made of these data (ValueError)" in text) == bool(failing)
    assert "ZQX" not in text and report_file(empty, "zip")[:2] == b"PK"


@pytest.mark.usefixtures("drawing_process")
def test_progress_is_told_before_each_step_and_its_exception_stops_the_worker(report, monkeypatch):
    started, told = [], []
    monkeypatch.setattr(drawing, "Popen", lambda *given, **how: started.append(Popen(*given, **how)) or started[-1])

    def cancel(done, steps, coming):
        told.append((done, steps, coming))
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report_file(report, "html", FORM, progress=cancel)
    assert [each[:2] for each in told] == [(0, 3), (1, 3)] and told[0][2] == "Drawing: Overall survival by Arm"
    assert len(started) == 1 and started[0].poll() is not None


Popen = drawing.Popen


@pytest.mark.usefixtures("drawing_process")
def test_a_worker_that_waits_draws_the_next_figure_and_is_the_only_one(report, monkeypatch):
    started = []
    monkeypatch.setattr(drawing, "Popen", lambda *given, **how: started.append(Popen(*given, **how)) or started[-1])
    waiting = drawing.Waiting()
    monkeypatch.setattr(drawing, "WAITING", waiting)
    waiting.make_ready()
    waiting.make_ready()
    figure = exhibits(report, Figure)[0]
    one, other = (figure_file(figure, report.provenance, "svg", FORM) for _ in range(2))
    assert one == other and len(started) == 2 and all(worker.poll() is not None for worker in started)
    waiting.make_ready()
    waiting._end(started[-1])
    assert started[-1].poll() is not None and waiting._worker is None


@pytest.mark.usefixtures("drawing_process")
def test_a_figure_that_ends_the_worker_does_not_stop_those_behind_it(report):
    figures = exhibits(report, Figure)
    broken = Part(Figure("broken.figure", "Broken", {"mark": 7}, {}, figures[0].data, "", ""))
    written = exhibit_files(Report("", (broken, Part(figures[0])), report.provenance), FORM, ("svg",))
    assert isinstance(written[0].exhibit, Failed) and list(written[0].files) == ["broken.figure.csv"]
    assert list(written[1].files) == ["survival.os.csv", "survival.os.svg"]


def test_under_pseudonyms_no_document_holds_an_id_of_the_workbook(part, provenance):
    quoted = Finding("error", "Labs", 3, "day", "ZQX-0001", 'Patient "ZQX-0001" is not in Patients.', "Correct it.")
    opened = replace(synthetic(), findings=(quoted,))
    codes = study_codes(list(opened.patients["patient_id"]))
    for cohort, of, has_ids in (
        (opened, part, True),
        (with_study_codes(opened, codes), with_study_codes(part, codes), False),
    ):
        made = exhibits_of(of, by(cohort), "months", only=("swimmer.plot", "kinetics.parameters"))
        report = Report("", tuple(map(Part, made)), provenance, cohort.findings)
        with zipfile.ZipFile(io.BytesIO(report_file(report, "zip", FORM, ()))) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        word = docx.Document(io.BytesIO(files["report.docx"]))
        cells = " ".join(cell.text for table in word.tables for row in table.rows for cell in row.cells)
        assert ("ZQX" in cells) == (b"ZQX" in files["report.html"]) == (b"ZQX" in files["results.json"]) == has_ids
    assert "P60" in cells


def test_an_exhibit_that_was_chosen_twice_has_files_of_its_own(report):
    table = Part(exhibits(report, Table)[0])
    names = [list(each.files) for each in exhibit_files(Report("", (table, table), report.provenance), FORM, ())]
    assert names == [["baseline.table_one.csv"], ["baseline.table_one.2.csv"]]


def test_the_process_that_draws_loads_no_tables_and_no_charts_of_altair():
    code = (
        "import sys, lib.export.renderer; print([each for each in ('altair', 'pandas', 'docx') if each in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=drawing.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_scripts_stand_in_a_folder_of_the_package(report):
    given = replace(report, parts=report.parts[:1], scripts={"baseline.table_one.py": b"print(1)"})
    with zipfile.ZipFile(io.BytesIO(report_file(given, "zip", FORM, ()))) as archive:
        assert archive.read("scripts/baseline.table_one.py") == b"print(1)"
        assert b"scripts/: " in archive.read("README.txt")
