"""A report as Word, PowerPoint and PDF, opened again and compared with the exhibits that it was made of."""

import html
import io
import itertools
import re
import zipfile
from dataclasses import replace

import docx
import pptx
import pypdf
import pytest
from PIL import Image

from export.reported import FORM, exhibits, printed, said, squeezed
from lib import VERSION
from lib.export.report import Part, Report, report_file
from lib.publication.exhibit import Figure, Table
from lib.publication.spec import Failed


def test_the_word_document_holds_every_cell_caption_and_alternative_text(report, package):
    word = docx.Document(io.BytesIO(package["report.docx"]))
    cells = [[[cell.text for cell in row.cells] for row in table.rows] for table in word.tables]
    tables, figures = [*exhibits(report, Table), report.strobe], exhibits(report, Figure)
    assert cells == [printed(report, table)[0] for table in tables]
    assert all(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for table in word.tables)
    assert [shape._inline.docPr.get("descr") for shape in word.inline_shapes] == [each.alt for each in figures]
    text = [squeezed(each.text) for each in word.paragraphs]
    for number, figure in enumerate(figures, start=1):
        assert f"Figure {number}. {figure.title}. {said(report, figure)}" in text
    for number, table in enumerate(tables, start=1):
        assert f"Table {number}. {table.title}" in text
        assert {squeezed(line) for line in printed(report, table)[1]} <= set(text)
        assert report.provenance.sentence_of(table) in text
    assert text[:4] == [report.title, text[1], "Who was treated", "First paragraph."]
    assert any(each.startswith("Asked in vain: gone.exhibit: these data have nothing to show.") for each in text)
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
    first, *rest, last = slides.slides
    assert last.shapes.title.text == "Statistical analysis"
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
            assert part.exhibit.reason in notes and part.exhibit.reason in written
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
    other = pptx.Presentation(
        io.BytesIO(report_file(Report("", (Part(crowded),), report.provenance, with_methods=False), "pptx"))
    )
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
        given = Report("", (Part(replace(table, rows=rows)),), report.provenance, with_methods=False)
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


def test_a_pdf_reads_its_figures_as_alternative_texts_and_its_words_in_order(report, paper):
    document = paper.trailer["/Root"]["/StructTreeRoot"]["/K"]
    tags = [each.get_object() for each in document["/K"]]
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"] and tags[0]["/S"] == "/H1"
    assert [tag["/Alt"] for tag in tags if tag["/S"] == "/Figure"] == [each.alt for each in exhibits(report, Figure)]
    for page in paper.pages:
        marks = [int(place) for place in re.findall(rb"/MCID (\d+) >> BDC", page.get_contents().get_data())]
        assert marks == list(range(len(marks))) and sum(tag["/Pg"] == page for tag in tags) == len(marks)


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
    assert (
        titles[:2] == ["Who was treated", "Figure 1. Overall survival by Arm"] and len(titles) == len(report.parts) + 3
    )
    assert titles[-3:] == ["Statistical analysis", "References", "STROBE list"]
    places = [paper.get_destination_page_number(entry) for entry in paper.outline]
    assert places[0] == 0 and places == sorted(places)
    for number, page in enumerate(paper.pages, start=1):
        text = squeezed(page.extract_text())
        assert report.provenance.stamp in text and f"{number} of {len(paper.pages)}" in text
    assert paper.root_object["/Lang"] == "en-GB"
    about = paper.metadata
    assert about.title == report.title and about["/Keywords"].startswith(f"data {report.provenance.fingerprint}")
    assert (
        about.creation_date.date().isoformat() == report.provenance.created and "Synthetic data" in about["/Synthetic"]
    )


def test_a_table_longer_than_a_page_has_its_header_on_each_and_loses_no_row(report):
    table = replace(
        exhibits(report, Table)[0], header=("Patient", "Age"), rows=tuple((f"P{n:03}", f"{n}") for n in range(200))
    )
    given = Report("", (Part(table, "Of all", "Words. " * 300),), report.provenance, with_methods=False)
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


def test_a_wide_table_stands_on_a_page_across_and_what_follows_does_not(report):
    table = exhibits(report, Table)[0]
    wide = replace(table, header=("Many words here",) * 9, rows=(("some more words of a text",) * 9,))
    given = Report("", (Part(table), Part(wide), Part(table)), report.provenance, with_methods=False)
    word = docx.Document(io.BytesIO(report_file(given, "docx")))
    assert [each.page_width > each.page_height for each in word.sections] == [False, True, False]
    widths = [sum(column.width for column in made.columns) for made in word.tables]
    rooms = [each.page_width - each.left_margin - each.right_margin for each in word.sections]
    assert all(width <= room for width, room in zip(widths, rooms, strict=True))
    paper = pypdf.PdfReader(io.BytesIO(report_file(given, "pdf")))
    assert [page.mediabox[2] > page.mediabox[3] for page in paper.pages] == [False, True, False]


def test_every_document_ends_with_methods_references_and_the_strobe_list_unless_it_is_not_wanted(report, package):
    told = report.methods
    assert len(told.paragraphs) > 3 and len(told.references) > 5
    word = docx.Document(io.BytesIO(package["report.docx"]))
    ends = {
        "docx": (
            [each.text for each in word.paragraphs] + [cell.text for row in word.tables[-1].rows for cell in row.cells]
        ),
        "html": [package["report.html"].decode()],
        "pdf": [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(package["report.pdf"])).pages],
    }
    for name, texts in ends.items():
        words = squeezed(html.unescape(" ".join(texts)))
        words = re.sub(
            r"Synthetic data\. 16 of 16 patients \(all patients\)\. CAR-T.*?\d of \d ", "", words
        )  # feet of pages
        places = [words.index(told.paragraphs[0]), words.rindex("References"), words.rindex("STROBE list for cohort")]
        assert places == sorted(places), name
        assert all(squeezed(each) in words for each in (*told.paragraphs, *told.references)), name
    last = list(pptx.Presentation(io.BytesIO(package["report.pptx"])).slides)[-1]
    shown = [each.text_frame.text for each in last.shapes if each.has_text_frame]
    assert (
        "Kaplan-Meier method." in shown[1]
        and "[1]" not in shown[1]
        and last.notes_slide.notes_text_frame.text == told.text
    )
    without = replace(report, parts=report.parts[:1], with_methods=False)
    with zipfile.ZipFile(io.BytesIO(report_file(without, "zip", FORM, ()))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert "methods.txt" not in files and b"methods.txt" not in files["README.txt"]
    assert b"STROBE" not in files["report.html"] and len(docx.Document(io.BytesIO(files["report.docx"])).tables) == 1


def test_the_strobe_list_numbers_as_the_document_does_where_a_figure_cannot_be_drawn(report):
    figures, table = exhibits(report, Figure), exhibits(report, Table)[0]
    broken = Figure("baseline.flow", "Flow", {"mark": 7}, {}, figures[0].data, "", "")
    given = Report("", (Part(broken), Part(figures[0]), Part(table)), report.provenance)
    with zipfile.ZipFile(io.BytesIO(report_file(given, "zip", FORM, ()))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    rows = [
        [cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(files["report.docx"])).tables[-1].rows
    ]
    where = {row[0]: row[3] for row in rows}
    assert where["15"].startswith("Figure 1") and where["14"] == "Table 1" and "Figure" not in where["13"]
    assert "15 | Outcome data | numbers of events, or summaries over time | Figure 1\n" in files["methods.txt"].decode()
    assert b"Figure 1. Overall survival by Arm." in files["README.txt"] and "figures/baseline.flow.csv" in files


def test_a_table_of_more_columns_than_a_page_takes_says_where_the_others_are(report):
    header = tuple(f"column {place}" for place in range(20))
    wide = Table("t", "Wide", header, (tuple(map(str, range(20))),), n=1)
    only = replace(report, parts=(Part(wide),), with_methods=False)
    (table,) = docx.Document(io.BytesIO(report_file(only, "docx", FORM))).tables
    assert [cell.text for cell in table.rows[0].cells] == list(header[:14])
    paper = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(report_file(only, "pdf", FORM))).pages)
    assert "The first 14 of 20 columns" in " ".join(paper.split()) and "column 19" not in paper
    assert b"column 19" in report_file(only, "html", FORM)
