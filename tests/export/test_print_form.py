"""How a figure is printed: widths in pixels and mm, and what is refused."""

import pytest

from lib.export.composition import POINTS_PER_MM, SIZES, NotPrintable, PrintForm
from lib.publication.text_width import SCREEN


def test_small_words_are_printed_at_seven_points_and_the_least_above_five_and_a_half():
    for size in SIZES:
        form = PrintForm(size)
        if size.endswith("mm"):
            point = form.width_mm * POINTS_PER_MM / form.pixels  # of a pixel
            assert 11 * point == pytest.approx(7, abs=0.03) and 9 * point > 5.5
    assert [PrintForm(size).pixels for size in ("85mm", "114mm", "180mm", "screen")] == [380, 508, 802, SCREEN]


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": "20mm"},
        {"size": "nan"},
        {"size": "wide"},
        {"size": "900mm"},
        {"dpi": 72},
        {"colours": "red"},
        {"caption": "above"},
    ],
)
def test_what_cannot_be_printed_is_refused_with_what_can(wrong):
    with pytest.raises(NotPrintable, match="It may be"):
        PrintForm(**wrong)
