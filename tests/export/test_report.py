"""A report as one file: every document opened again and compared with the exhibits that it was made of."""

import io
import itertools
import json
import re
import zipfile
from dataclasses import replace

import docx
import lxml.html
import pptx
import pypdf
import pytest
from golden.cohorts import EXAMPLE
from PIL import Image

from lib import VERSION, analysis, open_cohort
from lib.exhibits import parts
from lib.export import figure_file
from lib.export.document import Block, Document
from lib.export.figure_file import caption_text
from lib.export.print_form import PrintForm
from lib.export.provenance import Provenance
from lib.export.report import Item, Part, Report, exhibit_files, report_file
from lib.export.report_html import html_file
from lib.publication.attempt import Failed
from lib.publication.exhibit import Figure, Table

FORM = PrintForm("174mm")
CHOSEN = (
    Item("baseline.table_one", "Who was treated", "First paragraph.\n\nSecond, with <b>, & and a 10⁵."),
    Item("survival.os"),
    Item("gone.exhibit", "Asked in vain"),
    Item("swimmer.plot"),
    Item("survival.os.summary"),
)


@pytest.fixture(scope="module")
def report():
    view = analysis(open_cohort(EXAMPLE), by="arm").analysis
    provenance = Provenance.of_cohort(view.selected, view.grouping)
    return Report("Pomalidomide after CAR T", tuple(parts(view, CHOSEN, (), FORM.pixels)), provenance)


@pytest.fixture(scope="module")
def package(report):
    """Name -> content, of the ZIP."""
    with zipfile.ZipFile(io.BytesIO(report_file(report, "zip", FORM, ("svg", "png")))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def exhibits(report, kind):
    return [part.exhibit for part in report.parts if isinstance(part.exhibit, kind)]


def squeezed(words):
    return " ".join(words.split())


def said(report, exhibit):
    """Every sentence that stands under the exhibit's title wherever it goes, but the stamp of a file."""
    text = caption_text(exhibit, report.provenance).removesuffix(report.provenance.stamp)
    return squeezed(text.removeprefix(f"{exhibit.title}."))


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
    assert "gone.exhibit" not in readme and "Asked in vain: Could not be made" in readme


def test_the_word_document_holds_every_cell_caption_and_alternative_text(report, package):
    word = docx.Document(io.BytesIO(package["report.docx"]))
    cells = [[[cell.text for cell in row.cells] for row in table.rows] for table in word.tables]
    tables, figures = exhibits(report, Table), exhibits(report, Figure)
    assert cells == [[list(table.header), *map(list, table.rows)] for table in tables]
    assert all(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for table in word.tables)
    assert [shape._inline.docPr.get("descr") for shape in word.inline_shapes] == [each.alt for each in figures]
    text = [squeezed(each.text) for each in word.paragraphs]
    for number, figure in enumerate(figures, start=1):
        assert f"Figure {number}. {figure.title}. {said(report, figure)}" in text
    for number, table in enumerate(tables, start=1):
        assert f"Table {number}. {table.title}." in text and said(report, table) in text
    assert text[:4] == [report.title, text[1], "Who was treated", "First paragraph."]
    assert any(each.startswith("Asked in vain: Could not be made of these data") for each in text)
    assert report.provenance.stamp in word.sections[-1].footer.paragraphs[0].text


def test_pictures_of_the_word_document_fit_its_page_and_have_the_dots_asked_for(package):
    word = docx.Document(io.BytesIO(package["report.docx"]))
    room = word.sections[0].page_width - word.sections[0].left_margin - word.sections[0].right_margin
    assert [shape.width for shape in word.inline_shapes] and all(
        0.5 * room < shape.width <= room for shape in word.inline_shapes
    )
    assert all(shape.height.mm < 247 for shape in word.inline_shapes)
    pictures = [
        part.blob
        for name, part in ((str(p.partname), p) for p in word.part.package.iter_parts())
        if name.endswith(".png")
    ]
    for blob in pictures:
        with Image.open(io.BytesIO(blob)) as image:
            assert image.info["dpi"] == pytest.approx((FORM.dpi, FORM.dpi), abs=0.1) and image.width > 1900


@pytest.fixture(scope="module")
def slides(package):
    return pptx.Presentation(io.BytesIO(package["report.pptx"]))


def test_slides_have_titles_pictures_tables_and_notes(report, slides):
    assert slides.slide_width / slides.slide_height == pytest.approx(16 / 9, rel=1e-3)
    first, *rest = slides.slides
    assert first.shapes.title.text == report.title
    titles = [each.shapes.title.text for each in rest]
    assert titles == [
        "Who was treated",
        "Overall survival by Arm",
        "Asked in vain",
        "Course of each patient",
        "Overall survival: medians and comparison",
    ]
    for slide, part in zip(rest, report.parts, strict=True):
        notes, shapes = squeezed(slide.notes_slide.notes_text_frame.text), list(slide.shapes)
        assert report.provenance.stamp in notes
        pictures = [each._element.nvPicPr.cNvPr.get("descr") for each in shapes if hasattr(each, "image")]
        cells = [[[cell.text for cell in row.cells] for row in each.table.rows] for each in shapes if each.has_table]
        written = squeezed(" ".join(each.text_frame.text for each in shapes if each.has_text_frame))
        if isinstance(part.exhibit, Failed):
            assert "Could not be made of these data" in notes and "Could not be made of these data" in written
            continue
        assert (
            part.exhibit.caption in written
            and report.provenance.sentence in written
            and said(report, part.exhibit) in notes
        )
        figure = isinstance(part.exhibit, Figure)
        assert pictures == ([part.exhibit.alt] if figure else [])
        assert cells == ([] if figure else [[list(part.exhibit.header), *map(list, part.exhibit.rows)]])
    assert "First paragraph." in rest[0].notes_slide.notes_text_frame.text


def boxes(slide):
    """(top, bottom, right) of its title, pictures and tables, and of the caption."""
    shapes = ((each.top, each.top + each.height, each.left + each.width) for each in slide.shapes)
    return sorted(tuple(length / 12700 for length in places) for places in shapes)


def test_nothing_on_a_slide_overlaps_or_leaves_it(report, slides):
    table = exhibits(report, Table)[0]
    crowded = replace(table, title="Long " * 40, caption="Much is said. " * 120, rows=table.rows * 2)
    other = pptx.Presentation(io.BytesIO(report_file(Report("", (Part(crowded),), report.provenance), "pptx")))
    assert len(other.slides) > 2
    for slide in (*list(slides.slides)[1:], *list(other.slides)[1:]):
        places = boxes(slide)
        assert all(above[1] <= below[0] + 0.5 for above, below in itertools.pairwise(places))
        assert places[-1][1] <= 540 and all(right <= 960 for _, _, right in places)


def test_a_long_table_goes_on_on_further_slides_and_a_very_long_one_says_where_it_stands(report):
    table = replace(
        exhibits(report, Table)[0],
        title="Patients",
        header=("Patient", "Age"),
        rows=tuple((f"P{n}", f"{n}") for n in range(60)),
    )

    def of(rows):
        given = Report("", (Part(replace(table, rows=rows)),), report.provenance)
        return list(pptx.Presentation(io.BytesIO(report_file(given, "pptx"))).slides)[1:]

    several = of(table.rows)
    assert (
        [each.shapes.title.text for each in several]
        == [f"Patients ({n} of {len(several)})" for n in range(1, len(several) + 1)]
        != ["Patients"]
    )
    read = [
        cells[0].text
        for each in several
        for shape in each.shapes
        if shape.has_table
        for cells in [row.cells for row in shape.table.rows][1:]
    ]
    assert read == [f"P{n}" for n in range(60)]
    (one,) = of(table.rows * 10)
    assert "of 600: the other files of this report" in " ".join(
        each.text_frame.text for each in one.shapes if each.has_text_frame
    )


@pytest.fixture(scope="module")
def paper(package):
    return pypdf.PdfReader(io.BytesIO(package["report.pdf"]))


def test_the_pdf_holds_every_cell_and_sentence_as_text_and_figures_as_drawings(report, paper):
    words = squeezed(" ".join(page.extract_text() for page in paper.pages))
    for table in exhibits(report, Table):
        assert {word for row in (table.header, *table.rows) for cell in row for word in cell.split()} <= set(
            words.split()
        )
    for number, figure in enumerate(exhibits(report, Figure), start=1):
        assert f"Figure {number}. {figure.title}. {said(report, figure)}" in words
    assert all(said(report, table) in words for table in exhibits(report, Table))
    assert "No. at risk" in words and "Second, with <b>, & and a 10⁵." in words  # of a figure; of the reader
    assert not any(page.images for page in paper.pages)


def test_the_pdf_has_pages_of_a4_bookmarks_and_properties(report, paper):
    assert {tuple(sorted(map(round, page.mediabox[2:]))) for page in paper.pages} == {(595, 842)}
    titles = [entry["/Title"] for entry in paper.outline]
    assert titles[:2] == ["Who was treated", "Figure 1. Overall survival by Arm"] and len(titles) == len(report.parts)
    places = [paper.get_destination_page_number(entry) for entry in paper.outline]
    assert places[0] == 0 and places == sorted(places)
    for number, page in enumerate(paper.pages, start=1):
        text = squeezed(page.extract_text())
        assert report.provenance.stamp in text and f"{number} of {len(paper.pages)}" in text
    about = paper.metadata
    assert about.title == report.title and about["/Keywords"].startswith(f"data {report.provenance.fingerprint}")
    assert (
        about.creation_date.date().isoformat() == report.provenance.created and "Synthetic data" in about["/Synthetic"]
    )


def test_a_table_longer_than_a_page_has_its_header_on_each_and_loses_no_row(report):
    table = replace(
        exhibits(report, Table)[0], header=("Patient", "Age"), rows=tuple((f"P{n:03}", f"{n}") for n in range(200))
    )
    given = Report("", (Part(table, "Of all", "Words. " * 300),), report.provenance)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(report_file(given, "pdf"))).pages]
    assert re.findall(r"P\d{3}", " ".join(pages)) == [f"P{n:03}" for n in range(200)]
    assert all("Age" in page for page in pages if "P1" in page) and len(pages) > 3
    assert "P199" in pages[-1] and "Synthetic data: constructed" in pages[-1]


@pytest.mark.parametrize(("name", "opened"), [("report.docx", docx.Document), ("report.pptx", pptx.Presentation)])
def test_properties_tell_where_word_and_slides_come_from(report, package, name, opened):
    properties = opened(io.BytesIO(package[name])).core_properties
    assert properties.title == report.title and properties.created.date().isoformat() == report.provenance.created
    assert report.provenance.fingerprint in properties.keywords and "Groups: arm" in properties.keywords
    assert properties.subject.startswith("16 of 16 patients") and VERSION in properties.keywords
    assert properties.comments.startswith("Synthetic data")


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
        [[cell.text_content() for cell in row.iterchildren()] for row in table.iter("tr")]
        for table in root.iter("table")
    ]
    assert read == [[list(table.header), *map(list, table.rows)] for table in exhibits(report, Table)]
    drawings = root.xpath("//figure/svg")
    figures = exhibits(report, Figure)
    assert [each.get("aria-label") for each in drawings] == [figure.alt for figure in figures]
    assert all(each.get("role") == "img" for each in drawings)
    words = squeezed(root.text_content())
    for exhibit in figures + exhibits(report, Table):
        assert said(report, exhibit) in words and squeezed(exhibit.title) in words
    assert "Second, with <b>, & and a 10⁵." in words and report.provenance.stamp in words
    entries = [each.text_content() for each in root.xpath("//nav//a")]
    assert entries[:2] == ["Who was treated – Table 1. Patient characteristics.", "Figure 1. Overall survival by Arm."]
    assert [root.get_element_by_id(link.get("href")[1:]).tag for link in root.xpath("//nav//a")] == ["section"] * 5


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


def test_progress_is_told_before_each_step_and_its_exception_stops_the_worker(report, monkeypatch):
    started, told = [], []
    monkeypatch.setattr(figure_file, "Popen", lambda *given, **how: started.append(Popen(*given, **how)) or started[-1])

    def cancel(done, steps, coming):
        told.append((done, steps, coming))
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report_file(report, "html", FORM, progress=cancel)
    assert [each[:2] for each in told] == [(0, 3), (1, 3)] and told[0][2] == "Drawing: Overall survival by Arm"
    assert len(started) == 1 and started[0].poll() is not None


Popen = figure_file.Popen


def test_a_figure_that_ends_the_worker_does_not_stop_those_behind_it(report):
    figures = exhibits(report, Figure)
    broken = Part(Figure("broken.figure", "Broken", {"mark": 7}, {}, figures[0].data, "", ""))
    written = exhibit_files(Report("", (broken, Part(figures[0])), report.provenance), FORM, ("svg",))
    assert isinstance(written[0].exhibit, Failed) and list(written[0].files) == ["broken.figure.csv"]
    assert list(written[1].files) == ["survival.os.csv", "survival.os.svg"]


def test_an_exhibit_that_was_chosen_twice_has_files_of_its_own(report):
    table = Part(exhibits(report, Table)[0])
    names = [list(each.files) for each in exhibit_files(Report("", (table, table), report.provenance), FORM, ())]
    assert names == [["baseline.table_one.csv"], ["baseline.table_one.2.csv"]]
