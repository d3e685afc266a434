"""Panels are the analyses of their own patients, do not overlap, and say what is biased."""

import pytest
from golden.cohorts import STUDY, arms, by, cohort, example, follow_up, selected, synthetic

from lib.publication.palette import GROUP_COLOURS
from lib.publication.step_layout import StepLayout
from lib.survival.caveats import BIASED
from lib.survival.curves import survival
from lib.survival.kaplan_meier import Look
from lib.survival.outcome import time_to_event
from lib.survival.panel_sheet import PLOT, PanelGrid, panel_chart
from lib.survival.panels import PANEL_BIAS, panel_figure, panels
from survival.made import result


def parted(made, endpoint, grouping, second, *filters):
    return panels(result(made, endpoint, grouping, *filters), selected(made, *filters), by(made, second))


def test_each_panel_is_what_a_filter_gives():
    found = parted(example(), "ttp", "arm", "emd")
    assert [panel.name for panel in found.panels] == ["EMD no", "EMD yes"]
    for panel, level in zip(found.panels, ("no", "yes"), strict=True):
        alone = selected(example(), f"emd={level}")
        same = survival(time_to_event(alone, "ttp", by(example()), "months"), alone)
        assert [group.median for group in panel.result.groups] == [group.median for group in same.groups]
        assert (panel.result.logrank.p, panel.result.headline) == (same.logrank.p, same.headline)
        assert panel.result.ticks == found.whole.ticks


@pytest.mark.parametrize("second", ["emd", "sex", "age_years", "high_risk_cytogenetics"])
@pytest.mark.parametrize("filters", [(), ("sex=F",)])
def test_everybody_is_in_one_panel_or_not_stated(second, filters):
    found = parted(synthetic(), "pfs", "arm", second, *filters)
    assert sum(panel.result.n for panel in found.panels) + found.not_stated == found.whole.n


def test_a_level_whose_name_says_nothing_has_that_of_its_variable():
    assert [panel.name for panel in parted(example(), "os", "arm", "sex").panels] == ["Sex F", "Sex M"]


def test_a_filter_keeps_every_panel():
    found = parted(example(), "os", "arm", "emd", "emd=yes")
    assert [panel.result.n for panel in found.panels] == [0, 7]


def figure(made, endpoint, grouping, second, *filters, **look):
    found = panels(result(made, endpoint, grouping, *filters), selected(made, *filters), by(made, second))
    return panel_figure(found, Look(**look))


def grid(n_panels, n_groups, width=760):
    names = tuple("ABCDEFGH"[:n_groups])
    return PanelGrid(n_panels, StepLayout(n_groups, names, width=width, most_ends=0))


def test_every_panel_has_its_own_counts():
    counts = figure(example(), "ttp", "arm", "emd").tables["counts"]
    at_0 = counts[counts["time"] == 0]
    assert {name: rows["text"].tolist() for name, rows in at_0.groupby("panel")} == {
        "EMD no": ["6 (0)", "3 (0)"],
        "EMD yes": ["2 (0)", "5 (0)"],
    }


def test_everything_lies_in_its_panel():
    tables, place = figure(synthetic(), "pfs", "arm", "emd").tables, grid(2, 3)
    for number, (_, rows) in enumerate(tables["curve"].groupby("panel", sort=False)):
        assert rows["x"].between(place.left(number), place.left(number) + 1).all()
        assert rows["y"].between(place.top(number), place.top(number) + PLOT).all()
    assert tables["line"].groupby("stretch")["panel"].nunique().max() == 1


def test_the_heading_of_a_panel_has_its_log_rank_test_unless_it_is_biased():
    fair = figure(example(), "ttp", "emd", "sex").tables["panel"]
    assert fair["name"].tolist() == ["Sex F (10 patients, 8 events)", "Sex M (6 patients, 4 events)"]
    tested, small = (" ".join(text.split("\n")) for text in fair["test"])
    assert tested.startswith("HR ") and tested.endswith("; permutation log-rank p = 0.83")
    assert small == "Not compared: EMD yes: described, not compared: fewer than 3 patients"
    biased = figure(example(), "ttp", "arm", "emd")
    assert biased.tables["panel"]["test"].tolist() == [BIASED, BIASED]
    assert any(note.startswith("EMD yes: Log-rank not done: Control: described, not compared") for note in biased.notes)


def test_panels_formed_after_the_infusion_are_biased_too():
    made = figure(example(), "ttp", "emd", "arm")
    assert made.tables["panel"]["test"].tolist() == [BIASED, BIASED]
    assert any(PANEL_BIAS in note and "day 61" in note for note in made.notes)


def test_who_is_in_no_panel_is_told():
    named = [f"{arm}{place}" for arm in "ab" for place in range(6)]
    patients = [
        {**row, "ward": ("north", "south")[place % 2] if place else None}
        for place, row in enumerate(arms(A=named[:6], B=named[6:]))
    ]
    times = {name: (place + 1, place % 2) for place, name in enumerate(named)}
    made = cohort(patients, STUDY, endpoints=follow_up("os", **times))
    reported = figure(made, "os", "arm", "ward")
    assert reported.n == 11 and any("not stated: 1 patient, in no panel" in note for note in reported.notes)
    assert any(note.startswith("Time not stated at which") for note in reported.notes)


def test_numbers_and_tests_name_their_panel():
    made = figure(example(), "ttp", "arm", "emd")
    assert [(row[0], row[1], row[2]) for row in made.numbers.rows] == [
        ("no", "Control", 6),
        ("no", "Pomalidomide", 3),
        ("yes", "Control", 2),
        ("yes", "Pomalidomide", 5),
    ]
    assert {line.comparison.partition(":")[0] for line in made.tests} == {"EMD no", "EMD yes"}
    assert set(made.data.columns) >= {"panel", "group", "time", "survival"} and "x" not in made.data


@pytest.mark.parametrize(
    "filters", [(), ("emd=yes",), ("arm=Control",), ("emd=yes", "sex=M", "arm=Control", "age_years=44..45")]
)
def test_no_chart_depends_on_the_selection(filters):
    assert figure(example(), "ttp", "arm", "emd", *filters).chart == figure(example(), "ttp", "arm", "emd").chart


def test_one_group_alone_has_panels_without_tests():
    made = figure(example(), "ttp", "-", "emd")
    assert made.tests == () and made.title == "Time to progression within Extramedullary disease"
    assert "limits" not in made.caption and "dotted" not in made.caption


@pytest.mark.parametrize("n_panels", range(1, 9))
@pytest.mark.parametrize("n_groups", [1, 2, 8])
def test_panels_lie_beside_and_under_each_other(n_panels, n_groups):
    for place in (grid(n_panels, n_groups), grid(n_panels, n_groups, 380)):
        last = place.layout.block_lines - 1
        for panel in range(n_panels):
            assert 0 <= place.left(panel) <= place.width - 1
            assert place.row(panel, 0) > place.top(panel) + PLOT
            assert place.row(panel, last) < place.height
            if panel >= place.columns:
                assert place.top(panel) > place.row(panel - place.columns, last)


def test_the_chart_grows_with_rows_of_panels():
    heights = [panel_chart("months", "Overall survival", GROUP_COLOURS[:2], grid(n, 2))["height"] for n in (1, 2, 3, 4)]
    assert heights[0] == heights[1] < heights[2] == heights[3]


def test_no_band_without_limits():
    plain, banded = (figure(synthetic(), "pfs", "arm", "emd", limits=limits).tables for limits in (False, True))
    assert plain["band"].empty and set(plain["band"].columns) == set(banded["band"].columns)
    assert banded["band"][["y", "y2"]].notna().all().all() and len(banded["band"])
