"""Without colours: whatever was told apart by a colour is told apart by a grey, or by a dash or a pattern."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from export.conftest import DRAWN_ALIKE
from lib.export.composition import PrintForm
from lib.export.figure_file import figure_files
from lib.export.renderer import GROUP_GREYS, recoloured
from lib.publication.exhibit import Figure
from lib.publication.palette import GROUP_COLOURS, INK, RESPONSE_COLOURS

CHROMATIC = re.compile(r"#[0-9A-F]{6}")


def drawing(kind, attributes):
    parts = "".join(f'<path d="M0,0" {each}/>' for each in attributes)
    return ET.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg"><g class="mark-{kind} role-mark">{parts}</g></svg>')


def looks(root, *names):
    return [
        tuple(each.get(name, "") for name in names)
        for each in root.iter()
        if each.tag.endswith("path") and "d" in each.attrib and each.get("d") == "M0,0"
    ]


@pytest.mark.parametrize("colours", ["grey", "bw"])
@pytest.mark.parametrize(
    "palette",
    [GROUP_COLOURS, tuple(RESPONSE_COLOURS.values())[:6], ("#123456", "#FEDCBA"), ("rgb(1, 2, 200)", "rgb(200, 2, 1)")],
)
def test_filled_marks_part(colours, palette):
    root = drawing("rect", [f'fill="{colour}"' for colour in palette])
    recoloured(root, colours)
    found = [fill for (fill,) in looks(root, "fill")]
    assert len(set(found)) == len(palette)
    assert all(fill.startswith("url(#bw-") or fill[1:3] == fill[3:5] == fill[5:7] for fill in found)


def test_lines_of_groups_part_by_dashes_in_black_and_keep_those_that_they_have():
    own = ["", 'stroke-dasharray="1,9"', 'stroke-dasharray="1,0"']
    root = drawing(
        "line", [f'stroke="{colour}" {dash}' for colour, dash in zip(GROUP_COLOURS, own + [""] * 5, strict=True)]
    )
    recoloured(root, "bw")
    found = looks(root, "stroke", "stroke-dasharray")
    assert {stroke for stroke, _ in found} == {"#000000"} and len(set(found)) == len(GROUP_COLOURS)
    assert found[0][1] == "" and found[1][1] == "1,9"


def test_two_groups_are_far_apart_in_grey_and_the_same_in_every_figure():
    for colours in (GROUP_COLOURS[:2], GROUP_COLOURS[1::-1], GROUP_COLOURS):
        root = drawing("line", [f'stroke="{colour}"' for colour in colours])
        recoloured(root, "grey")
        assert (
            dict(zip(colours, [stroke for (stroke,) in looks(root, "stroke")], strict=True)).items()
            <= dict(zip(GROUP_COLOURS, GROUP_GREYS, strict=True)).items()
        )
    greys = sorted(int(grey[1:3], 16) for grey in GROUP_GREYS)
    assert min(b - a for a, b in pairwise(greys)) > 18


def test_a_white_fill_has_an_edge_and_bands_stay_as_light_as_they_were():
    root = drawing(
        "rect", [f'fill="{GROUP_COLOURS[1]}"', 'fill="#EEEEFF" fill-opacity="0.3"', 'fill="#333366" fill-opacity="0.3"']
    )
    recoloured(root, "bw")
    white, light, dark = looks(root, "fill", "stroke")
    assert white == ("#FFFFFF", "#000000") and int(light[0][1:3], 16) > 230 and int(dark[0][1:3], 16) < 70


def test_white_is_left_to_what_was_white():
    root = drawing("rect", ['fill="#FFFFFF"', *(f'fill="{colour}"' for colour in list(RESPONSE_COLOURS.values())[:9])])
    recoloured(root, "bw")
    assert [fill for (fill,) in looks(root, "fill")].count("#FFFFFF") == 1


def test_words_stay_dark():
    root = ET.fromstring(
        '<svg xmlns="http://www.w3.org/2000/svg"><g class="mark-text"><text'
        f' fill="{GROUP_COLOURS[1]}">a</text></g></svg>'
    )
    recoloured(root, "grey")
    assert root[0][0].get("fill") == INK
    recoloured(root, "bw")
    assert root.find(".//{*}text").get("fill") == "#000000"


@pytest.mark.parametrize("colours", ["grey", "bw"])
def test_no_colour_is_left_in_any_figure_and_no_word_is_too_small(shown, provenance, colours):
    """Every chart in one of the two, by turns."""
    every = [
        (each, provenance) for each in shown.values() if isinstance(each, Figure) and not each.id.endswith(DRAWN_ALIKE)
    ]
    figures = every[("grey", "bw").index(colours) :: 2]
    assert len(figures) > 10
    for (figure, _), (svg,) in zip(
        figures, figure_files(figures, ["svg"], PrintForm("85mm", colours=colours)), strict=True
    ):
        left = {
            each
            for each in CHROMATIC.findall(svg.decode().split("</style>")[1].upper())
            if not each[1:3] == each[3:5] == each[5:7]
        }
        assert not left and b"rgb(" not in svg, figure.id
        assert svg.count(b"@font-face") and len(svg.split(b"</style>")[0]) < 40_000
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg.decode())]
        assert min(sizes) * 85 * 72 / 25.4 / 380 > 5.5, figure.id
