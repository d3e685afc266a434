"""The same drawing is the same PDF, byte by byte, and still a sound one."""

import re
import zlib

import pytest
import vl_convert

from lib.export.pdf_order import in_one_order

TEXT = (
    '<text x="9" y="{y}" font-family="DejaVu Sans, sans-serif" font-weight="{weight}" font-size="9">Figure (1 0 R) of'
    " {y}</text>"
)
CIRCLE = (  # each a part of its own
    '<g opacity="0.{n}"><circle cx="{n}0" cy="20" r="9"/><circle cx="{n}4" cy="22" r="9"/></g>'
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60">'
    + "".join(CIRCLE.format(n=n) for n in range(1, 9))
    + TEXT.format(y=30, weight="normal")
    + TEXT.format(y=45, weight="bold")
    + "</svg>"
)
PART = re.compile(rb"(?m)^(\d+) 0 obj\n")


@pytest.fixture(scope="module")
def raw() -> list[bytes]:
    return [vl_convert.svg_to_pdf(SVG) for _ in range(6)]


def streams(pdf: bytes) -> list[bytes]:
    """What is drawn: the unpacked contents of all parts."""
    starts = [match.end() for match in re.finditer(rb">>\nstream\n", pdf)]
    lengths = [int(re.findall(rb"/Length (\d+)", pdf[:start])[-1]) for start in starts]
    cut = [pdf[start : start + length] for start, length in zip(starts, lengths, strict=True)]
    return sorted(zlib.decompress(each) if each[:1] == b"x" else each for each in cut)


def test_the_same_drawing_is_the_same_file(raw):
    assert len(set(raw)) > 1, "the renderer became reproducible: this module is not needed any more"
    assert len({in_one_order(each) for each in raw}) == 1


def test_what_is_drawn_stays_as_it_is(raw):
    for each in raw:
        ordered = in_one_order(each)
        assert streams(ordered) == streams(each)
        assert len(PART.findall(ordered)) == len(PART.findall(each)) > 10


def test_every_place_in_the_table_holds_its_part(raw):
    ordered = in_one_order(raw[0])
    start = int(re.search(rb"startxref\n(\d+)\n%%EOF$", ordered)[1])
    assert ordered[start:].startswith(b"xref\n0 ")
    lines = ordered[start:].split(b"trailer")[0].split(b"\n")[2:]
    places = [int(line[:10]) for line in lines if b" n" in line]
    assert [ordered[place:].startswith(b"%d 0 obj\n" % number) for number, place in enumerate(places, start=1)] == [
        True
    ] * len(places)
    named = {int(number) for number in re.findall(rb"(\d+) 0 R\b", ordered[:start])} - {
        1
    }  # "1 0 R" stands in no dictionary's text
    assert named <= set(range(1, len(places) + 1))


def test_put_in_order_twice_is_put_in_order_once(raw):
    assert in_one_order(in_one_order(raw[0])) == in_one_order(raw[0])


@pytest.mark.parametrize(
    "other",
    [b"", b"%PDF-1.7\n", b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f\r\ntrailer\n<<>>\nstartxref\n9\n%%EOF", b"<svg/>"],
)
def test_what_is_built_otherwise_is_returned_as_it_is(other, raw):
    assert in_one_order(other) == other
    moved = raw[0].replace(b"%PDF-1.7\n", b"%PDF-1.7\n\n", 1)  # every place in the table is wrong
    assert in_one_order(moved) == moved
