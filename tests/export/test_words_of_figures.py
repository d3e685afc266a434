"""No word of any figure lies over another or outside the picture: on the screen and in one column, with few and many
patients, long arms and ids."""

import pytest
import vl_convert
from drawn_texts import faults, smallest
from golden.cohorts import example, selected, synthetic
from workbooks import read

from lib.cohort.analysis import Analysis
from lib.cohort.view import first_view
from lib.exhibits import Entry, entries
from lib.export.figure_file import drawn_only
from lib.publication.exhibit import Figure, standalone
from lib.publication.options import WIDTH
from lib.publication.text_width import FONTS, SCREEN

ONE_COLUMN = 380  # pixels: 85 mm with words of 7 points
LEAST_LETTER = 8.7  # pixels, 5.5 points in one column
LONG = [
    f"{name} maintenance after infusion" for name in ("Daratumumab", "Pomalidomide", "Lenalidomide", "Bortezomib", "No")
]


def five_long_arms():
    rows = [(f"P{number}", LONG[number % 5], 1 + number * 7 % 31, number % 2) for number in range(25)]
    return read({"Patients": [("patient_id", "arm", "os_months", "os_event"), *rows]})


def figures(cohort, width):
    view = first_view(cohort)
    analysis = Analysis(cohort, selected(cohort), view.grouping, view.unit)
    seen = set()
    for entry in entries(analysis):
        assert isinstance(entry, Entry)
        if entry.spec.id not in seen and entry.spec.is_offered(analysis, entry.variant):
            made = entry.spec.make(analysis, entry.variant, {WIDTH: width})
            seen.add(entry.spec.id)
            if isinstance(made, Figure):
                yield made


def drawing(figure, width):
    chart = {**drawn_only(figure.chart), "datasets": standalone(figure)["datasets"], "width": width}
    return vl_convert.vegalite_to_svg(chart, allowed_base_urls=[])


@pytest.mark.parametrize(
    ("cohort", "width"),
    [(example, SCREEN), (lambda: synthetic(60), ONE_COLUMN), (five_long_arms, SCREEN), (five_long_arms, ONE_COLUMN)],
    ids=["example", "sixty in one column", "five arms", "five arms in one column"],
)
def test_words_keep_apart_and_inside(cohort, width):
    vl_convert.register_font_directory(str(FONTS))
    said = {}
    for figure in figures(cohort(), width):
        svg = drawing(figure, width)
        if found := faults(svg):
            said[figure.id] = found[:5]
        assert smallest(svg) >= LEAST_LETTER, figure.id
    assert said == {}


def test_words_that_meet_are_seen():
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><text transform="translate({},20)"'
        ' font-size="11px">{}</text></svg>'
    )
    two = text.format(5, "Control").replace(
        "</svg>", '<text transform="translate(20,22)" font-size="11px">of 8</text></svg>'
    )
    assert faults(two) == ['"Control" lies over "of 8" at 20, 14']
    assert len(faults(text.format(80, "Control"))) == 1 and faults(text.format(5, "Control")) == []
