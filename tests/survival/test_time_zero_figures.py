"""What the figures of landmark and time-dependent analyses carry and say."""

import json

import pytest
from golden.cohorts import by, example, nobody, selected

from lib.derived.exposure import exposure_of
from lib.survival.kaplan_meier import Look
from lib.survival.landmark import landmark_caption, landmark_figure, landmark_method, landmark_notes, too_few
from lib.survival.regrouping import NOT_RANDOMISED, EndpointChoice, curves_alt, span
from lib.survival.time_dependent import dependent_caption, dependent_figure, dependent_method, dependent_notes
from lib.survival.time_zero import sentence
from survival.compared import MONTH, of_example, small, three_analyses, time_zero_exhibits

TIMES = {"a1": (100, 1), "a2": (200, 1), "a3": (50, 0), "b1": (300, 1), "b2": (150, 1), "b3": (90, 0)}


def row(figure, slot):
    counts = figure.tables["counts"]
    return counts[counts["slot"] == slot].sort_values("time")["text"].tolist()


def boxed(figure):
    return figure.tables["box"]["text"].iloc[0].split("\n")


def test_ids_are_their_own_and_the_one_from_time_zero_keeps_its_name():
    assert [each.id for each in time_zero_exhibits(of_example("ttp"))] == [
        "time_zero.ttp",
        "landmark.ttp",
        "landmark.ttp.summary",
        "landmark.ttp.dropped",
        "time_dependent.ttp",
    ]
    assert "landmark.os.dropped" not in [each.id for each in time_zero_exhibits(of_example("os"))]


def test_the_panel_has_the_test_because_nobody_had_to_live_on():
    landmark, dependent = landmark_figure(of_example("ttp").landmark), dependent_figure(of_example("ttp").dependent)
    assert landmark.tables["heading"]["text"].tolist() == ["Time to progression, landmark at 1 month"]
    assert boxed(landmark) == ["HR 0.54 (95 % CI 0.16–1.87)", "Pomalidomide v Control", "Permutation log-rank p = 0.32"]
    assert boxed(dependent) == ["HR 0.23 (95 % CI 0.060–0.91)", "Pomalidomide v Control", "Mantel-Byar p = 0.024"]
    assert boxed(dependent_figure(small({"b1": 500}, TIMES).dependent))[0].startswith("Not compared: ")


def test_the_axis_says_since_when():
    assert "Months since the landmark (1 month)" in json.dumps(landmark_figure(of_example().landmark).chart)
    assert "Months since infusion" in json.dumps(dependent_figure(of_example().dependent).chart)


@pytest.mark.parametrize("filters", [("emd=yes",), ("arm=Control",), ("sex=F",), None])
def test_charts_are_constant_over_selections(filters):
    made, split = example(), by(example())
    part = nobody(made) if filters is None else selected(made, *filters)
    known = exposure_of(part, split)
    found, whole = three_analyses(part, EndpointChoice("ttp", "months"), split, known), of_example("ttp")
    assert landmark_figure(found.landmark).chart == landmark_figure(whole.landmark).chart
    assert dependent_figure(found.dependent).chart == dependent_figure(whole.dependent).chart


def test_the_landmark_changes_the_chart_and_the_band_can_be_left_out():
    one, two = (landmark_figure(of_example("ttp", months * MONTH).landmark) for months in (1, 2))
    assert one.chart != two.chart
    with_band, without = (dependent_figure(of_example().dependent, Look(limits)).tables for limits in (True, False))
    assert len(with_band["band"]) and without["band"].empty


def test_under_the_axis_stand_those_who_moved_and_came_in():
    figure = dependent_figure(of_example("ttp").dependent)
    assert "No. at risk (no. who had changed groups)" in json.dumps(figure.chart)
    assert row(figure, 0)[:3] == ["16 (0)", "4 (8)", "1 (8)"] and row(figure, 1)[:3] == ["0 (0)", "6 (8)", "3 (8)"]


def test_who_moves_is_not_censored_and_the_later_curve_begins_with_its_first_patient():
    figure = dependent_figure(of_example("ttp").dependent)
    assert set(figure.tables["censored"]["group"]) == {"Pomalidomide"}
    assert figure.data["switched"].sum() == 8 and "slot" not in figure.data
    later = figure.data[figure.data["group"] == "Pomalidomide"]
    assert later["time"].min() == pytest.approx(30 / 30.4375) and later["survival"].iloc[0] == 1


def test_a_censored_patient_at_the_time_of_a_move_stays_censored():
    figure = dependent_figure(small({"b1": 50, "b2": 60}, {**TIMES, "a3": (50, 0)}).dependent)
    at_50 = figure.data[(figure.data["group"] == "A") & (figure.data["time"] == 50)]
    assert (at_50["censored"].tolist(), at_50["switched"].tolist()) == ([1], [1])


def test_numbers_carry_the_landmark_and_the_moves():
    landmark = landmark_figure(of_example("ttp").landmark)
    assert [name for name, _ in landmark.numbers.columns][-2:] == ["landmark_days", "dropped"]
    assert [line[-2:] for line in landmark.numbers.rows] == [(30.4375, 1)] * 2 and landmark.n == 15
    dependent = dependent_figure(of_example("ttp").dependent)
    assert [line[-2:] for line in dependent.numbers.rows] == [(8, 16)] * 2 and dependent.n == 16


@pytest.mark.parametrize(
    ("days", "unit", "written"),
    [
        (MONTH, "months", "1 month"),
        (2 * MONTH, "months", "2 months"),
        (MONTH, "weeks", "4.3 weeks (1 month)"),
        (3 * MONTH, "days", "91.3 days (3 months)"),
        (50.0, "months", "1.6 months (day 50)"),
        (7.0, "weeks", "1 week (day 7)"),
        (1.0, "days", "1 day"),
        (45.0, "days", "45 days"),
    ],
)
def test_a_landmark_is_written_in_the_unit_and_as_it_was_asked_for(days, unit, written):
    assert span(days, unit) == written


def test_three_ratios_side_by_side():
    assert (
        sentence(of_example("ttp"))
        == "Hazard ratio of Pomalidomide against Control: 0.54 from the landmark at 1 month, 0.23 time-dependent, "
        "0.22 from infusion (immortal-time bias)."
    )
    assert sentence(small({"b1": 500}, TIMES)).endswith("not estimable in any of the three analyses.")


def test_too_few_says_where_to_look():
    assert too_few(of_example("ttp").landmark) == ""
    assert (
        too_few(of_example("ttp", 28.0).landmark)
        == "Of those followed beyond 0.9 months (day 28), nobody is in Pomalidomide: too few to compare. "
        "At 1 month there would be 8 (Control) and 7 (Pomalidomide)."
    )
    assert too_few(small({"b1": 5}, TIMES).landmark).endswith("No landmark up to 12 months leaves 3 in both groups.")


def test_the_landmark_tells_method_and_who_was_dropped():
    reported = landmark_caption(of_example("ttp").landmark)
    assert "n = 15, 11 events." in reported and "1 dropped (event at or before the landmark)." in reported
    assert "nobody was dropped." in landmark_caption(of_example("os").landmark)
    how = landmark_method(of_example("ttp").landmark)
    assert "Median follow-up from the landmark 30.0 months" in how
    assert "Log-rank (Mantel-Cox): p = 0.32 (n = 15)." in how
    assert "1 patient analysed in Control came into Pomalidomide after the landmark" in how
    assert NOT_RANDOMISED in how


def test_the_time_dependent_one_tells_who_moved():
    result = small({"b1": 10, "b2": None}, TIMES).dependent
    assert "1 patient left out: day of B not stated." in dependent_notes(result)
    reported = dependent_caption(of_example("ttp").dependent)
    assert (
        "n = 16, of them 8 ever in Pomalidomide, 8 of them after time zero; 12 events: 8 in Control time, 4 in"
        " Pomalidomide time." in reported
    )
    how = dependent_method(of_example("ttp").dependent)
    assert (
        "Mantel-Byar test (score test, time-dependent Cox model): p = 0.024 (n = 16)." in how and NOT_RANDOMISED in how
    )


def test_alt_text_has_units():
    assert "Control: 8 patients, 7 events, median 7.6 months" in curves_alt(
        of_example("ttp").landmark.survival, "the landmark"
    )


def test_reasons_of_missing_ratios_are_notes():
    made = selected(example(), "emd=yes")
    assert made.n == 7
    notes = landmark_notes(of_example("ttp", 28.0).landmark)
    assert "Hazard ratio of Pomalidomide not estimable: no patients in Pomalidomide." in notes
