"""Letters of several scripts: in a font that has them, packed into SVG, and reported where no font has them."""

import base64
import io
import re
import xml.etree.ElementTree as ET

import vl_convert
from fontTools.ttLib import TTFont
from PIL import Image

from lib.export.letters import font_faces, scripts_without_a_font, written_in_fonts_that_have_them
from lib.publication.text_width import FONT, FONTS

vl_convert.register_font_directory(str(FONTS))
NOWHERE = "\ue000"


def drawing(words, weight="normal"):
    return ET.fromstring(
        '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="40"><text x="5" y="30" font-size="24px"'
        f' font-family="{FONT}" font-weight="{weight}">{words}</text></svg>'
    )


def test_latin_greek_cyrillic_and_signs_have_a_font_of_ours():
    root = drawing("µ ≥ ≤ ± × – … α β Δ é Ł Ж 10⁵ CD3⁺ ✓ ★ ע ع")
    assert scripts_without_a_font(root, lambda _: b"never asked") == ""
    written_in_fonts_that_have_them(root)
    assert "".join(root.itertext()) == "µ ≥ ≤ ± × – … α β Δ é Ł Ж 10⁵ CD3⁺ ✓ ★ ע ع"
    others = {each.text for each in root.iter() if each.get("font-family") == "DejaVu Sans, sans-serif"}
    assert others == {"⁵", "⁺", "✓", "★", "ע", "ع"}


def test_digits_stay_in_their_font_beside_a_raised_one():
    def dark(words):
        root = drawing(words)
        written_in_fonts_that_have_them(root)
        with Image.open(io.BytesIO(vl_convert.svg_to_png(ET.tostring(root, encoding="unicode")))) as image:
            return image.convert("RGBA").crop((0, 0, 30, 40)).tobytes()

    assert dark("10⁵") == dark("10²") == dark("10 ")


def test_words_in_one_font_stay_as_they_are():
    root = drawing("Control (8)")
    written_in_fonts_that_have_them(root)
    assert [each.tag for each in root[0]] == [] and root[0].text == "Control (8)"


def test_what_no_font_of_the_computer_has_is_named_by_its_script():
    def with_korean(svg):
        letter = ET.fromstring(svg)[0].text
        return b"drawn" if letter == "한" else b"box"

    assert scripts_without_a_font(drawing("总生存 한"), with_korean) == "Chinese or Japanese"
    assert scripts_without_a_font(drawing("总 한 ไทย"), lambda _: b"box") == "Chinese or Japanese, Korean, Thai"
    assert scripts_without_a_font(drawing("한"), with_korean) == ""


def test_the_renderer_tells_a_box_from_a_letter():
    def draw(words):
        root = drawing(words)
        written_in_fonts_that_have_them(root)
        return vl_convert.svg_to_png(ET.tostring(root, encoding="unicode"))

    assert draw(NOWHERE) != draw("⁺") != draw("✓")
    assert draw(NOWHERE) == draw("\U000f1234")


def test_the_letters_of_a_drawing_travel_in_it_and_stay_small():
    for weight in ("normal", "bold"):
        css = font_faces(drawing("Probability ≥ 0.5 CD3⁺", weight))
        assert len(css) < 15_000 and css.count("@font-face") == 2
        faces = dict(re.findall(r'family:"([^"]+)";font-weight:\w+;src:url\(data:font/woff;base64,([^)]+)\)', css))
        letters = {name: set(TTFont(io.BytesIO(base64.b64decode(font))).getBestCmap()) for name, font in faces.items()}
        assert letters == {"Liberation Sans": set(map(ord, "Probability ≥ 0.5 CD3")), "DejaVu Sans": {ord("⁺")}}
        assert f"font-weight:{weight}" in css
