"""The text under a drawing, for eyes and for screen readers."""

import xml.etree.ElementTree as ET

from lib.export.renderer import LINE_HEIGHT, MARGIN, captioned

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50" viewBox="0 0 100 50"><path d="M0,0"/></svg>'


def test_lines_stand_under_the_drawing_on_white_paper():
    root = ET.fromstring(captioned(SVG, "Title", "What is seen", ["one", "two & <three>"]))
    texts = [element.text for element in root if element.tag.endswith("text")]
    assert texts == ["one", "two & <three>"]
    assert float(root.attrib["height"]) == 50 + 2 * LINE_HEIGHT + MARGIN
    assert [element.tag.split("}")[1] for element in root][:3] == ["title", "desc", "rect"]
    assert root.attrib["role"] == "img"


def test_without_lines_the_size_stays():
    assert ET.fromstring(captioned(SVG, "", "", [])).attrib["height"] == "50"
