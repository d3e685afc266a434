"""The figures of survival as they are drawn at one column and on the screen: nothing overlaps, nothing is cut."""

from functools import cache

import pytest
import vl_convert
from drawn_texts import faults, smallest, words_of
from golden.cohorts import arms, by, cohort, example, follow_up, nobody, selected, synthetic

from lib.cohort.analysis import Analysis
from lib.export.figure_file import drawn_only
from lib.publication.exhibit import standalone
from lib.survival.competing import competing, competing_outcome
from lib.survival.curves import survival
from lib.survival.difference import difference, difference_figure
from lib.survival.forest import forest_figure
from lib.survival.incidence import incidence_figure
from lib.survival.kaplan_meier import KAPLAN_MEIER, Look, survival_figure
from lib.survival.outcome import time_to_event
from lib.survival.panels import panel_figure, panels
from lib.survival.subgroups import splits_of, subgroups
from survival.made import late, result

LONG = ("Bortezomib", "Daratumumab", "Lenalidomide", "No", "Pomalidomide")


@cache
def many(n_groups: int, event: int = 1):
    """Groups with long names, four patients each."""
    names = [f"{LONG[place % 5]} maintenance {place // 5 or ''}".strip() for place in range(n_groups)]
    groups = {name: [f"p{place}{number}" for number in range(4)] for place, name in enumerate(names)}
    times = {f"p{place}{number}": (5 * number + place + 1, event) for place in range(n_groups) for number in range(4)}
    return cohort(arms(**groups), endpoints=follow_up("os", **times))


def few(n: int):
    part = selected(example(), "age_years=44..45") if n else nobody(example())
    return survival(time_to_event(part, "os", by(example()), "months"), part)


CURVES = {
    "two groups": lambda: result(example(), "ttp"),
    "not biased": lambda: result(example(), "ttp", "emd"),
    "a filter": lambda: result(example(), "os", "arm", "emd=yes"),
    "three groups": lambda: result(synthetic(), "pfs"),
    "five long names": lambda: result(many(5)),
    "eight groups": lambda: result(many(8)),
    "no events": lambda: result(many(2, 0)),
    "late entry": lambda: result(late(("A", 0, 5, 1), ("A", 2, 8, 1), ("B", 3, 6, 1), ("B", 0, 9, 0))),
    "few": lambda: few(1),
    "nobody": lambda: few(0),
    "one group": lambda: result(example(), "os", "-"),
}


def drawn(figure) -> str:
    return vl_convert.vegalite_to_svg({**drawn_only(figure.chart), "datasets": standalone(figure)["datasets"]})


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("width", [380, 760])
def test_curves_are_readable_at_every_width(name, width):
    svg = drawn(survival_figure(CURVES[name](), Look(limits=True, events=name == "two groups", width=width)))
    assert faults(svg) == [] and smallest(svg) >= 9
    assert any(each.text.startswith("No. at risk") for each in words_of(svg))


@pytest.mark.parametrize("width", [380, 760])
def test_the_other_figures_are_readable_too(width):
    look, found, opened = Look(width=width), result(example(), "ttp"), selected(example())
    outcome = competing_outcome(opened, "ttp", by(example()), "months")
    figures = [
        difference_figure(difference(found), look),
        incidence_figure(competing(outcome), look),
        panel_figure(panels(found, opened, by(example(), "emd")), look),
        forest_figure(subgroups(opened, found.outcome, splits_of(example(), ("emd", "sex"))), width),
    ]
    assert {figure.id: faults(drawn(figure)) for figure in figures} == {figure.id: [] for figure in figures}


@pytest.mark.parametrize(
    ("made", "grouping", "filters", "usual"),
    [
        (example, "arm", (), False),
        (example, "-", (), True),
        (example, "-", ("emd=yes",), False),
        (synthetic, "arm", (), False),
        (synthetic, "emd", (), True),
        (synthetic, "emd", ("emd=yes",), True),
        (synthetic, "emd", ("age_years=30..52",), False),
    ],
)
def test_bands_are_usual_for_at_most_two_groups_of_at_least_ten_of_the_selection(made, grouping, filters, usual):
    analysis = Analysis(made(), selected(made(), *filters), by(made(), grouping), "months")
    figures = {
        show: KAPLAN_MEIER.build(analysis, "os", KAPLAN_MEIER.settled(analysis, "os", {"show_ci": show}))
        for show in ("usual", "yes", "no")
    }
    assert {show: len(figure.tables["band"]) > 0 for show, figure in figures.items()} == {
        "usual": usual,
        "yes": True,
        "no": False,
    }
    assert len({str(figure.chart) for figure in figures.values()}) == 1
