"""Figures as files: what is drawn and nothing else, with selection and "Synthetic" under it."""

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

import pytest
from exhibit_ids import NAMES_DRAWN
from golden.cohorts import arms, by, cohort, follow_up, nobody, selected, synthetic

from lib.export.figure_file import FORMATS, drawn_only, figure_file, figure_files, lines_under
from lib.export.provenance import Provenance
from lib.publication.exhibit import Figure, standalone
from lib.survival.curves import survival
from lib.survival.kaplan_meier import survival_figure
from lib.survival.outcome import time_to_event

ID = b"ZQX"
WITHOUT_PATIENTS = ("survival.os", "survival.pfs", "toxicity.grades", "kinetics.profile")


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


def test_every_format_has_its_signature(part, provenance):
    figure = survival_figure(survival(time_to_event(part, "os", by(synthetic()), "months"), part))
    ((svg, pdf, png),) = figure_files([(figure, provenance)], FORMATS)
    assert svg.startswith(b"<svg") and pdf.startswith(b"%PDF") and png.startswith(b"\x89PNG")
    width = int.from_bytes(png[16:20])
    assert width == pytest.approx(float(ET.fromstring(svg).attrib["width"]) * 300 / 72, abs=1)
    assert figure_file(figure, provenance, "svg") == svg


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


def test_the_lines_under_a_figure_are_wrapped_to_its_width(shown, provenance):
    for figure in shown.values():
        if isinstance(figure, Figure):
            lines = lines_under(figure, provenance)
            assert max(map(len, lines)) <= float(figure.chart["width"]) / (9.5 * 0.53)
            assert " ".join(lines).startswith(f"{figure.title}. ")
