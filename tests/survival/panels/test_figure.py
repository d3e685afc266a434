"""What a figure of panels carries: counts and the log-rank test of each panel, and who is in none."""

import pytest
from golden.cohorts import STUDY, arms, by, cohort, example, follow_up, selected, synthetic

from lib.survival.bias import ARM_BIAS
from lib.survival.panels.chart import PLOT, PanelGrid
from lib.survival.panels.figure import PANEL_BIAS, panel_figure
from lib.survival.panels.result import panels
from survival.made import result


def figure(made, endpoint, grouping, second, *filters, limits=True):
    found = panels(result(made, endpoint, grouping, *filters), selected(made, *filters), by(made, second))
    return panel_figure(found, limits)


def test_every_panel_has_its_own_counts():
    counts = figure(example(), "ttp", "arm", "emd").tables["counts"]
    at_0 = counts[counts["time"] == 0]
    assert {name: rows["text"].tolist() for name, rows in at_0.groupby("panel")} == {
        "EMD no": ["6", "0", "0", "3", "0", "0"], "EMD yes": ["2", "0", "0", "5", "0", "0"]}  # fmt: skip


def test_everything_lies_in_its_panel():
    tables = figure(synthetic(), "pfs", "arm", "emd").tables
    grid = PanelGrid(2, 3)
    for number, (_, rows) in enumerate(tables["curve"].groupby("panel", sort=False)):
        assert rows["x"].between(grid.left(number), grid.left(number) + 1).all()
        assert rows["y"].between(grid.top(number), grid.top(number) + PLOT).all()
    assert tables["line"].groupby("stretch")["panel"].nunique().max() == 1
    assert tables["band"][["y", "y2"]].notna().all().all()


def test_the_heading_of_a_panel_has_its_log_rank_test_unless_it_is_biased():
    fair = figure(example(), "ttp", "emd", "sex").tables["panel"]
    assert fair["said"].tolist() == ["10 patients, 8 events", "6 patients, 4 events"]
    assert fair["test"].tolist() == [
        "Permutation log-rank p = 0.8254 (n = 10)",
        "Log-rank not done: EMD yes: described, not compared: fewer than 3 patients",
    ]
    biased = figure(example(), "ttp", "arm", "emd")
    assert biased.tables["panel"]["test"].tolist() == ["", ""] and ARM_BIAS in biased.tables["heading"]["text"][0]
    assert any(note.startswith("EMD yes: Log-rank not done: Control: described, not compared") for note in biased.notes)


def test_panels_formed_after_the_infusion_are_biased_too():
    made = figure(example(), "ttp", "emd", "arm")
    assert PANEL_BIAS in made.tables["heading"]["text"][0] and made.tables["panel"]["test"].tolist() == ["", ""]
    assert any(PANEL_BIAS in note and "day 61" in note for note in made.notes)


def test_who_is_in_no_panel_is_told():
    named = [f"{arm}{place}" for arm in "ab" for place in range(6)]
    patients = [
        {**row, "ward": ("north", "south")[place % 2] if place else None}
        for place, row in enumerate(arms(A=named[:6], B=named[6:]))
    ]
    times = {name: (place + 1, place % 2) for place, name in enumerate(named)}
    made = cohort(patients, STUDY, endpoints=follow_up("os", **times))
    told = figure(made, "os", "arm", "ward")
    said = "not stated: 1 patient, in no panel"
    assert told.n == 11 and said in told.caption and said in told.tables["heading"]["text"][0]
    assert any(note.startswith("Time not stated at which") for note in told.notes)


def test_numbers_and_tests_name_their_panel():
    made = figure(example(), "ttp", "arm", "emd")
    assert [(row[0], row[1], row[2]) for row in made.numbers.rows] == [
        ("no", "Control", 6), ("no", "Pomalidomide", 3), ("yes", "Control", 2), ("yes", "Pomalidomide", 5)]  # fmt: skip
    assert {line.comparison.partition(":")[0] for line in made.tests} == {"EMD no", "EMD yes"}
    assert set(made.data.columns) >= {"panel", "group", "time", "survival"} and "x" not in made.data


@pytest.mark.parametrize(
    "filters", [(), ("emd=yes",), ("arm=Control",), ("emd=yes", "sex=M", "arm=Control", "age_years=44..45")]
)
def test_no_chart_depends_on_the_selection(filters):
    assert figure(example(), "ttp", "arm", "emd", *filters).chart == figure(example(), "ttp", "arm", "emd").chart


def test_one_group_alone_has_panels_without_tests():
    made = figure(example(), "ttp", "-", "emd", limits=False)
    assert made.tests == () and made.title == "Time to progression within Extramedullary disease"
    assert "limits" not in made.caption and "dotted" not in made.caption
