"""What the tab says in each state, and what captions and notes tell."""

import pytest
from golden.cohorts import example, selected

from lib.survival.time_zero.words import (
    alt_text,
    dependent_caption,
    dependent_notes,
    landmark_caption,
    landmark_notes,
    sentence,
    span,
    too_few,
)
from survival.time_zero.compared import MONTH, of_example, small

TIMES = {"a1": (100, 1), "a2": (200, 1), "a3": (50, 0), "b1": (300, 1), "b2": (150, 1), "b3": (90, 0)}


@pytest.mark.parametrize(
    ("days", "unit", "written"),
    [
        (MONTH, "months", "1 month"),
        (2 * MONTH, "months", "2 months"),
        (MONTH, "weeks", "4.35 weeks (1 month)"),
        (3 * MONTH, "days", "91.31 days (3 months)"),
        (50.0, "months", "1.64 months (day 50)"),
        (7.0, "weeks", "1 week (day 7)"),
        (1.0, "days", "1 day"),
        (45.0, "days", "45 days"),
    ],
)
def test_a_landmark_is_written_in_the_unit_and_as_it_was_asked_for(days, unit, written):
    assert span(days, unit) == written


def test_three_ratios_side_by_side():
    assert sentence(of_example("ttp")) == (
        "Hazard ratio of Pomalidomide against Control: 0.221 from time zero (biased by design), 0.542 from the landmark at 1 month, "
        "0.235 time-dependent."
    )
    assert sentence(small({"b1": 500}, TIMES)).endswith("not estimable in any of the three analyses.")


def test_too_few_says_where_to_look():
    assert too_few(of_example("ttp").landmark) == ""
    assert too_few(of_example("ttp", 28.0).landmark) == (
        "Of those followed beyond 0.92 months (day 28), nobody is in Pomalidomide: too few to compare. "
        "At 1 month there would be 8 (Control) and 7 (Pomalidomide)."
    )
    assert too_few(small({"b1": 5}, TIMES).landmark).endswith("No landmark up to 12 months leaves 3 in both groups.")


def test_the_landmark_tells_method_and_who_was_dropped():
    told = landmark_caption(of_example("ttp").landmark)
    assert "n = 15, 11 events. 1 dropped: event at or before the landmark." in told
    assert "Median follow-up from the landmark 30 months" in told
    assert "Nobody was dropped." in landmark_caption(of_example("os").landmark)
    notes = " ".join(landmark_notes(of_example("ttp").landmark))
    assert "Log-rank (Mantel-Cox): p = 0.3206 (n = 15)." in notes
    assert "1 patient analysed in Control came into Pomalidomide after the landmark" in notes
    assert "immortal time" in notes and "confounding by indication" in notes


def test_the_time_dependent_one_tells_who_moved():
    result = small({"b1": 10, "b2": None}, TIMES).dependent
    assert "1 patient left out: day of B not stated." in dependent_caption(result)
    told = dependent_caption(of_example("ttp").dependent)
    assert (
        "n = 16, of them 8 ever in Pomalidomide, 8 of them after time zero; 12 events: 8 in Control time, 4 in Pomalidomide time."
        in told
    )
    notes = dependent_notes(of_example("ttp").dependent)
    assert notes[0] == "Mantel-Byar test (score test, time-dependent Cox model): p = 0.0244 (n = 16)."
    assert any("confounding by indication" in note for note in notes)


def test_alt_text_has_units():
    assert "Control: 8 patients, 7 events, median 7.55 months" in alt_text(
        of_example("ttp").landmark.survival, "the landmark"
    )


def test_reasons_of_missing_ratios_are_notes():
    made = selected(example(), "emd=yes")
    assert made.n == 7
    notes = landmark_notes(of_example("ttp", 28.0).landmark)
    assert "Hazard ratio of Pomalidomide not estimable: no patients in Pomalidomide." in notes
