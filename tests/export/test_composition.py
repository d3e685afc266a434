"""A drawing on its paper: title above, lines below, description for eyes and for screen readers, and the size."""

import xml.etree.ElementTree as ET

import pytest

from lib.export.composition import LINE, MARGIN, PrintForm, Said, as_text, caption_lines, composed, described, points_of
from lib.export.renderer import laid_out

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="380" height="300" viewBox="0 0 380 300"><path d="M0,0"/></svg>'
FACTS = {"Title": "T & <t>", "Description": "What is seen", "Data": "abc"}


def made(title="", lines=(), form=None):
    return composed(ET.fromstring(SVG), title, list(lines), form or PrintForm("85mm"))


def names(root):
    return [element.tag.split("}")[1] for element in root]


def test_lines_stand_under_the_drawing_on_white_paper():
    root = made(lines=["one", "two & <three>"])
    assert [each.text for each in root if each.tag.endswith("text")] == ["one", "two & <three>"]
    assert float(root.attrib["height"]) == 300 + 2 * LINE + MARGIN and names(root) == ["rect", "g", "text", "text"]
    assert max(float(each.get("y")) for each in root if each.tag.endswith("text")) < float(root.attrib["height"])


def test_a_title_moves_the_drawing_down():
    root = made("A title")
    above = float(root.attrib["height"]) - 300
    assert above > 0 and root.find("{*}g").get("transform") == f"translate(0,{above:g})"


def test_without_title_and_lines_the_size_stays():
    assert made().attrib["height"] == "300" and points_of(made(), PrintForm("screen")) == (380, 300)


def test_on_a_slide_it_stands_in_the_middle():
    root = made(form=PrintForm("slide"))
    assert float(root.attrib["width"]) == pytest.approx(300 * 16 / 9, rel=1e-5)
    assert root.find("{*}g").get("transform") == f"translate({(300 * 16 / 9 - 380) / 2:g},0)"


def test_description_comes_first_and_the_size_last():
    root = made()
    described(root, FACTS)
    assert names(root)[:4] == ["title", "desc", "metadata", "rect"] and root.attrib["role"] == "img"
    read = ET.fromstring(as_text(root, "85mm", "67mm"))
    assert (read.get("width"), read.get("height"), read[0].text, read[2].text) == (
        "85mm",
        "67mm",
        "T & <t>",
        "Data: abc",
    )
    assert root.get("width") == "380"  # the drawing itself keeps its pixels


def test_a_long_caption_gives_way_to_the_short_one():
    said = Said("word " * 500, "Short.", "Always.")
    assert "Short." in " ".join(caption_lines(said, PrintForm("85mm"), 380, 300))
    assert "Short." not in " ".join(caption_lines(said, PrintForm("85mm"), 380, 3000))
    assert caption_lines(said, PrintForm("85mm", caption="none"), 380, 300) == ["Always."]


def test_letters_without_a_font_are_reported_in_the_file():
    root = laid_out(ET.fromstring(SVG), "总生存", Said("", "", ""), PrintForm("85mm", caption="none"), lambda _: b"box")
    reported = " ".join(each.text or "" for each in root if each.tag.endswith("text"))
    assert "No font of the computer that made this file has letters of Chinese or Japanese" in reported
