"""Figures as files: what is drawn and nothing else, with selection and "Synthetic" under it."""

import io
import json
import re
import shutil
import subprocess
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pandas as pd
import pytest
from every_exhibit import exhibits
from exhibit_ids import NAMES_DRAWN
from golden.cohorts import arms, by, cohort, example, follow_up, nobody, selected
from PIL import Image
from pypdf import PdfReader

from export.conftest import WITHOUT_PATIENTS
from lib.cohort.grouping import GROUPED_LATE
from lib.export import drawing
from lib.export.figure_file import caption_text, drawn_only, facts_of, figure_file, figure_files
from lib.export.print_form import FORMATS, PrintForm
from lib.export.provenance import Provenance
from lib.publication.exhibit import Figure, standalone
from lib.publication.text_width import text_width
from lib.survival.curves import survival
from lib.survival.kaplan_meier import survival_figure
from lib.survival.outcome import time_to_event

ID = b"ZQX"


def words(svg: bytes) -> str:
    return " ".join(" ".join(ET.fromstring(svg).itertext()).split())


@pytest.mark.parametrize("identifier", WITHOUT_PATIENTS)
@pytest.mark.parametrize("way", ["shown", "hidden"])
def test_a_figure_without_labelled_patients_holds_no_id(drawn, identifier, way):
    assert ID not in drawn[identifier, way, "svg"]
    assert ID not in drawn[identifier, way, "pdf"]


def test_the_swimmer_holds_ids_as_labels_and_none_under_pseudonyms(drawn):
    assert ID in drawn["swimmer.plot", "shown", "svg"]
    labels = {
        element.text
        for element in ET.fromstring(drawn["swimmer.plot", "shown", "svg"]).iter()
        if element.text and "ZQX" in element.text
    }
    assert all(re.fullmatch(r"ZQX-\d{4}", label) for label in labels)  # a label, no tooltip or description
    assert ID not in drawn["swimmer.plot", "hidden", "svg"]
    assert re.search(r"\bP\d\d\b", words(drawn["swimmer.plot", "hidden", "svg"]))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_the_text_of_a_pdf_holds_no_id(drawn):
    for (identifier, way, file_format), content in drawn.items():
        if file_format == "pdf":
            text = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout
            assert len(text) > 200
            assert (ID in text) == (identifier in NAMES_DRAWN and way == "shown"), (identifier, way)


def test_a_pdf_is_tagged_as_a_figure_with_its_alternative_text(drawn, shown):
    for (identifier, way, file_format), content in drawn.items():
        if file_format == "pdf" and way == "shown":
            root = PdfReader(io.BytesIO(content)).trailer["/Root"]
            figure = root["/StructTreeRoot"]["/K"]
            assert (figure["/S"], figure["/K"], root["/MarkInfo"]["/Marked"]) == ("/Figure", 0, True)
            assert shown[identifier].alt in figure["/Alt"] and figure["/Alt"].startswith(shown[identifier].title)


def test_every_file_says_what_it_shows(drawn, shown, provenance):
    for (identifier, way, file_format), content in drawn.items():
        if file_format == "svg":
            text = words(content)
            assert "Synthetic data: drawn with seed 1." in text, (identifier, way)
            assert f"{provenance.n} of 60 patients (Extramedullary disease: yes," in text
            assert shown[identifier].title in text and provenance.fingerprint[:8] in text
            assert provenance.source not in text and "synthetic.xlsx" not in text


def test_nothing_that_answers_the_pointer_is_left(drawn):
    for (_, _, file_format), content in drawn.items():
        if file_format == "svg":
            labelled = [element for element in ET.fromstring(content).iter() if "aria-label" in element.attrib]
            assert all("role-title-text" in element.attrib["class"] for element in labelled)  # the heading, no data
            assert b"<script" not in content and b"href" not in content


def test_taking_out_leaves_the_marks_and_their_data(shown):
    for figure in shown.values():
        if isinstance(figure, Figure):
            cleaned = json.dumps(drawn_only(figure.chart))
            assert not re.search('"tooltip"|"params"|"condition"|"name": "hover', cleaned)
            assert len(drawn_only(figure.chart)["layer"]) < len(figure.chart["layer"]) or "hover" not in json.dumps(
                figure.chart
            )
            assert figure.chart != drawn_only(figure.chart)  # and the figure itself is not changed
            assert standalone(figure)["datasets"].keys() == figure.tables.keys()


@pytest.fixture(scope="module")
def curves(shown):
    """Under a heading that is no title."""
    figure = shown["survival.os"]
    return replace(figure, tables={**figure.tables, "heading": pd.DataFrame({"text": ["Any grade"]})})


def test_every_format_has_its_signature(curves, provenance):
    ((svg, pdf, png, tiff),) = figure_files([(curves, provenance)], FORMATS)
    assert svg.startswith(b"<svg") and pdf.startswith(b"%PDF") and png.startswith(b"\x89PNG") and tiff[:2] == b"II"
    assert figure_file(curves, provenance, "svg") == svg


@pytest.mark.parametrize(("size", "mm"), [("85mm", 85), ("114mm", 114), ("174mm", 174), ("180mm", 180), ("120mm", 120)])
def test_files_are_exactly_as_wide_as_asked(curves, provenance, size, mm):
    form = PrintForm(size, 600, caption="none")
    formats = (
        FORMATS if size in ("85mm", "120mm") else FORMATS[:2]
    )  # pixels in the narrowest and in one of the reader's
    ((svg, pdf, *pictures),) = figure_files([(curves, provenance)], formats, form)
    root = ET.fromstring(svg)
    wide, high = (float(part) for part in root.attrib["viewBox"].split()[2:])
    assert root.attrib["width"] == f"{mm}mm" and root.attrib["height"].endswith("mm") and wide == form.pixels
    assert float(root.attrib["height"][:-2]) == pytest.approx(mm * high / wide, rel=1e-6)
    box = [float(number) for number in re.search(rb"/MediaBox \[([^\]]+)\]", pdf)[1].split()]
    assert box == pytest.approx([0, 0, mm * 72 / 25.4, mm * high / wide * 72 / 25.4], rel=1e-5)
    for content in pictures:
        with Image.open(io.BytesIO(content)) as image:
            assert image.size == (round(mm / 25.4 * 600), round(mm * high / wide / 25.4 * 600))
            assert image.info["dpi"] == pytest.approx((600, 600), abs=0.01) and image.mode == "RGB"
    for tiff in pictures[1:]:
        with Image.open(io.BytesIO(tiff)) as image:
            assert image.info["compression"] == "tiff_lzw"
            assert image.tag_v2[282] == image.tag_v2[283] == 600 and image.tag_v2[296] == 2  # dots per inch


def test_a_slide_is_sixteen_to_nine_whatever_stands_on_it(shown, provenance):
    for figure in (shown["survival.os"], shown["swimmer.plot"]):
        ((pdf, png),) = figure_files([(figure, provenance)], ["pdf", "png"], PrintForm("slide", caption="none"))
        assert re.search(rb"/MediaBox \[([^\]]+)\]", pdf)[1] == b"0 0 960 540"
        with Image.open(io.BytesIO(png)) as image:
            assert image.size == (4000, 2250)


def test_as_on_the_screen_a_pixel_is_a_point(curves, provenance):
    ((svg, png),) = figure_files([(curves, provenance)], ["svg", "png"])
    wide = float(ET.fromstring(svg).attrib["viewBox"].split()[2])
    assert int.from_bytes(png[16:20]) == round(wide * 300 / 72)
    assert float(ET.fromstring(svg).attrib["width"][:-2]) == pytest.approx(wide * 25.4 / 72, rel=1e-6)


@pytest.mark.parametrize("caption", ["inside", "beside", "none"])
@pytest.mark.parametrize("title", [True, False])
def test_what_stands_in_the_file_beside_the_drawing(curves, provenance, caption, title):
    form = PrintForm("180mm", caption=caption, title=title)
    root = ET.fromstring(figure_file(curves, provenance, "svg", form))
    lines = [each.text or "" for each in root if each.tag.endswith("}text")]
    beside = " ".join(lines)
    assert (lines[0] == curves.title) == title
    assert "Synthetic data: drawn with seed 1." in beside  # always, in any form
    assert (f"{provenance.n} of 60 patients" in beside) == (provenance.stamp in beside) == (caption == "inside")
    reported = next(each.text for each in root if each.tag.endswith("}metadata"))
    assert "Synthetic data" in reported and provenance.fingerprint in reported and f"n: {curves.n}" in reported
    assert curves.title in beside or caption != "inside"


def test_a_figure_that_heads_itself_gets_no_second_title_and_loses_its_own_where_none_is_asked(curves, provenance):
    for heading, own in (("Survival by Arm", True), ("Any grade", False)):
        figure = replace(curves, tables={**curves.tables, "heading": pd.DataFrame({"text": [heading]})})
        for title in (True, False):
            root = ET.fromstring(
                figure_file(figure, provenance, "svg", PrintForm("180mm", caption="none", title=title))
            )
            written = [each.text for each in root.iter() if each.tag.endswith(("}text", "}tspan"))]
            assert (curves.title in written) == (title and not own)
            assert (heading in written) == (title or not own)


def test_a_caption_longer_than_half_of_the_figure_leaves_method_and_notes_to_the_text_beside(curves, provenance):
    method = "How it was computed. " * 200
    long = replace(curves, method=method, notes=("A note of these data.",))
    root = ET.fromstring(figure_file(long, provenance, "svg", PrintForm("85mm")))
    lines = " ".join(each.text or "" for each in root if each.tag.endswith("}text"))
    assert "How it was" not in lines and "A note" not in lines and "Method and notes:" in lines
    assert f"{provenance.n} of 60 patients" in lines and "Synthetic data" in lines
    assert "How it was computed." in next(each.text for each in root if each.tag.endswith("}metadata"))
    assert method.strip() in caption_text(long, provenance) and "A note of these data." in caption_text(
        long, provenance
    )


def test_a_biased_comparison_says_so_in_caption_text_and_properties():
    made, split = example(), by(example())
    provenance = Provenance.of_cohort(selected(made), split)
    (figure,) = (each for each in exhibits(selected(made), split, "months", only=("survival.os",)))
    bare = replace(figure, notes=())
    assert GROUPED_LATE in caption_text(bare, provenance) and facts_of(bare, provenance)["Bias"] == GROUPED_LATE
    root = ET.fromstring(figure_file(bare, provenance, "svg", PrintForm("85mm", caption="none")))
    assert GROUPED_LATE in next(each.text for each in root if each.tag.endswith("}metadata"))


def test_properties_of_every_format(curves, provenance):
    ((pdf, png, tiff),) = figure_files([(curves, provenance)], ["pdf", "png", "tiff"], PrintForm("85mm", title=False))
    for name, words in (
        ("Title", curves.title),
        ("Subject", curves.alt),
        ("Data", provenance.fingerprint),
        ("n", str(curves.n)),
    ):
        assert f"/{name} <FEFF{words.encode('utf-16-be').hex().upper()}>".encode() in pdf
    assert f"/CreationDate (D:{provenance.created.replace('-', '')})".encode() in pdf
    with Image.open(io.BytesIO(png)) as image:
        assert image.text["Title"] == curves.title and image.text["Selection"] == provenance.sentence
        assert image.text["Synthetic"] == provenance.synthetic_words and image.text["Created"] == provenance.created
    with Image.open(io.BytesIO(tiff)) as image:
        assert image.tag_v2[269] == curves.title and image.tag_v2[305].startswith("CAR-T Cohort Explorer")
        assert f"Data: {provenance.fingerprint}" in image.tag_v2[270] and image.tag_v2[306].startswith(
            provenance.created[:4]
        )
    for content in (pdf, png, tiff):
        assert provenance.source.encode() not in content and ID not in content


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="pdffonts is not installed")
def test_the_font_is_embedded_in_a_pdf(drawn):
    for (identifier, _, file_format), content in drawn.items():
        if file_format == "pdf":
            reported = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True).stdout.decode()
            rows = reported.splitlines()[2:]
            assert rows and all(
                re.match(r"[A-Z]{6}\+(LiberationSans|DejaVuSans)(-Bold)?(-Italic)? ", row) for row in rows
            ), identifier
            assert all(row.split()[-5] == "yes" for row in rows), (identifier, reported)


def test_an_empty_figure_and_hostile_names_are_drawn():
    made = cohort(
        arms(**{"<b>A & 'B'": ["a1"], "-cmd|' /C calc'!A0": ["b1"]}), endpoints=follow_up("os", a1=(3, 1), b1=(4, 0))
    )
    results = [survival(time_to_event(part, "os", by(made), "months"), part) for part in (selected(made), nobody(made))]
    provenance = Provenance.of_cohort(made, by(made))
    (full,), (empty,) = figure_files([(survival_figure(result), provenance) for result in results], ["svg"])
    assert "<b>A & 'B' (1)" in words(full)
    assert b"<b>" not in full
    assert "n = 0, 0 events" in words(empty)


def test_no_figures_are_no_files():
    assert figure_files([], ["svg"]) == []


def test_a_format_that_does_not_exist_is_refused(shown, provenance):
    with pytest.raises(RuntimeError, match="could not be drawn"):
        figure_file(shown["survival.os"], provenance, "docx")


def test_the_lines_under_a_figure_are_as_wide_as_it_and_no_wider(drawn):
    for (identifier, _, file_format), content in drawn.items():
        if file_format == "svg":
            root = ET.fromstring(content)
            widths = [text_width("".join(each.itertext()), 11) for each in root if each.tag.endswith("}text")][1:]
            room = float(root.attrib["viewBox"].split()[2]) - 16
            assert max(widths) <= room and (len(widths) < 3 or max(widths) > 0.85 * room), identifier


def test_of_many_who_want_a_file_at_once_some_wait(monkeypatch):
    running, most = [], []

    def rendering(jobs):
        running.append(jobs)
        most.append(len(running))
        time.sleep(0.02)
        yield from jobs
        running.remove(jobs)

    monkeypatch.setattr(drawing, "rendering", rendering)
    with ThreadPoolExecutor(8) as readers:
        files = list(readers.map(drawing.rendered, [[[bytes([n])]] for n in range(8)]))
    assert files == [[[bytes([n])]] for n in range(8)]
    assert max(most) <= drawing.AT_ONCE
    monkeypatch.setattr(drawing, "LONGEST_SECONDS", 0)
    with drawing.PLACES, drawing.PLACES, pytest.raises(RuntimeError, match="too many"):
        drawing.rendered([])
