"""One page: everything is scaled until it fits, ids of one figure never meet those of another."""

import xml.etree.ElementTree as ET

import pytest

from lib.export.page import COLUMN_GAP, MARGIN, PAPER, page
from lib.publication.text_width import text_width

FIGURE = {"title": "A figure", "chart": {"width": 930}}
TABLE = {"title": "A table", "header": ["a", "b"], "rows": [["1", "2"], ["three & <four>", "5"]]}


def drawn(height):
    return lambda _chart: (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="930" height="{height}"><clipPath id="c"/><g'
        ' clip-path="url(#c)"/></svg>'
    )


def made(height=100, **given):
    job = {"title": "Patient", "facts": ["one"], "under": [], "beside": [], "lines": ["foot"], **given}
    return ET.fromstring(page(job, drawn(height)))


def scale(root):
    transform = next(each for each in root if each.tag.endswith("}g")).attrib["transform"]
    return float(transform.rsplit("scale(", 1)[1].rstrip(")"))


@pytest.mark.parametrize("height", [100, 900, 5000])
def test_the_paper_is_a4_whatever_stands_on_it(height):
    root = made(height, under=[FIGURE, FIGURE], beside=[FIGURE, TABLE])
    assert (float(root.attrib["width"]), float(root.attrib["height"])) == PAPER
    texts = [each for each in root.iter() if each.tag.endswith("}text")]
    assert max(float(each.attrib["y"]) for each in texts) * scale(root) <= PAPER[1] - 2 * MARGIN + 1e-6
    assert {"Patient", "one", "foot", "three & <four>", "A table"} <= {each.text for each in texts}


def test_a_short_page_fills_the_width_and_a_long_one_the_height():
    assert (
        scale(made(10)) == pytest.approx((PAPER[0] - 2 * MARGIN) / 930, rel=1e-4)
        and scale(made(5000, under=[FIGURE])) < 0.2
    )


def test_ids_are_told_apart():
    root = made(under=[FIGURE, FIGURE], beside=[FIGURE])
    ids = [each.attrib["id"] for each in root.iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids)) == 3
    clips = {each.attrib["clip-path"] for each in root.iter() if "clip-path" in each.attrib}
    assert clips == {f"url(#{name})" for name in ids}


def test_columns_of_a_table_are_as_wide_as_their_words_and_numbers_end_together():
    rows = [["Neutropenia WWWWWWWWWW", "7"], ["i", "1,234.5"]]
    root = made(beside=[{"title": "T", "header": ["Term", "Patients"], "rows": rows}])
    cells = {each.text: each for each in root.iter() if each.tag.endswith("}text")}
    right = float(cells["7"].get("x"))
    assert (
        cells["7"].get("text-anchor") == "end"
        and float(cells["1,234.5"].get("x")) == float(cells["Patients"].get("x")) == right
    )
    start = right - max(text_width("Patients", 10.5, bold=True), text_width("1,234.5", 10.5))
    assert start - text_width(rows[0][0], 10.5) == pytest.approx(COLUMN_GAP, abs=0.01)


def test_a_table_wider_than_its_room_is_made_smaller():
    root = made(beside=[{"title": "T", "header": ["Term" * 40, "Patients" * 20], "rows": [["a", "b"]]}])
    head = next(each for each in root.iter() if each.text == "Patients" * 20)
    size = float(head.get("font-size")[:-2])
    assert size < 10.5 and float(head.get("x")) + text_width(head.text, size, bold=True) <= 930 + 1
