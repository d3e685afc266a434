"""Who is followed how long: units, groups, and that whoever cannot be analysed is counted with the reason."""

import pytest
from golden.cohorts import arms, by, cohort, example, follow_up, nobody, selected, synthetic

from lib.survival.outcome import COLUMNS, time_to_event


def test_nobody():
    outcome = time_to_event(nobody(example()), "os", by(example()), "months")
    assert (len(outcome.table), outcome.n, outcome.left_out) == (0, 0, ())
    assert tuple(outcome.table.columns) == COLUMNS


def test_a_patient_without_the_endpoint_is_counted_as_left_out():
    made = cohort(arms(A=["a1", "a2"], B=["b1"]), endpoints=follow_up("os", a1=(3, 1), b1=(4, 0)))
    outcome = time_to_event(selected(made), "os", by(made), "months")
    assert outcome.table["patient"].tolist() == ["a1", "b1"]
    assert outcome.left_out == (("no overall survival recorded", 1),)
    assert time_to_event(selected(made), "pfs", by(made), "months").left_out == (
        ("no progression-free survival recorded", 3),
    )


def test_contradictions_leave_out_the_endpoint_and_say_why():
    made = cohort(
        arms(A=["a1", "a2", "a3", "a4"]),
        endpoints=[
            *follow_up("os", a1=(10, 1), a2=(5, 0), a3=(-1, 1)),
            *follow_up("ttp", a1=(12, 1), a2=(4, 1)),
            {"patient_id": "a4", "endpoint": "os", "time": 4},
        ],
    )
    ttp = time_to_event(selected(made), "ttp", by(made, "-"), "months")
    assert dict(ttp.left_out) == {"progression after death": 1, "no time to progression recorded": 2}
    os = time_to_event(selected(made), "os", by(made, "-"), "months")
    assert dict(os.left_out) == {"negative time": 1, "event not stated": 1}
    assert len(os.table) + sum(n for _, n in os.left_out) == os.n == 4


def test_a_patient_without_a_group_is_left_out_of_a_comparison_only():
    made = cohort(
        [*arms(A=["a1"], B=["b1"]), {"patient_id": "c1"}], endpoints=follow_up("os", a1=(1, 1), b1=(2, 1), c1=(3, 1))
    )
    assert time_to_event(selected(made), "os", by(made), "months").left_out == (("Arm not stated", 1),)
    assert time_to_event(selected(made), "os", by(made, "-"), "months").left_out == ()


def test_units_convert_and_stored_times_stay_exact():
    rows = follow_up("os", a1=(5.85, 1), a2=(61, 1))
    rows[1]["unit"] = "days"
    made = cohort(arms(A=["a1", "a2"]), endpoints=rows)
    months = time_to_event(selected(made), "os", by(made), "months").table["time"].tolist()
    days = time_to_event(selected(made), "os", by(made), "days").table["time"].tolist()
    weeks = time_to_event(selected(made), "os", by(made), "weeks").table["time"].tolist()
    assert months == [5.85, pytest.approx(61 / 30.4375)]
    assert days == [pytest.approx(5.85 * 30.4375), 61]
    assert weeks == [pytest.approx(day / 7) for day in days]


def test_late_entry_is_read_and_0_where_none_is_given():
    rows = follow_up("os", a1=(5, 1), a2=(6, 0))
    rows[1]["entry"] = 2
    made = cohort(arms(A=["a1", "a2"]), endpoints=rows)
    assert time_to_event(selected(made), "os", by(made), "months").table["entry"].tolist() == [0, 2]


def test_deaths_without_progression_are_counted():
    made = cohort(
        arms(A=["a1", "a2", "a3"]),
        endpoints=[
            *follow_up("os", a1=(10, 1), a2=(10, 1), a3=(10, 0)),
            *follow_up("ttp", a1=(10, 0), a2=(6, 1), a3=(10, 0)),
        ],
    )
    assert time_to_event(selected(made), "ttp", by(made), "months").deaths_censored == 1
    assert time_to_event(selected(made), "os", by(made), "months").deaths_censored == 0


def test_words_of_known_and_own_endpoints():
    made = cohort(arms(A=["a1"]), endpoints=follow_up("time_to_icu", a1=(3, 1)))
    own = time_to_event(selected(made), "time_to_icu", by(made), "months")
    assert (own.label, own.event_word) == ("time to icu", "event")
    known = time_to_event(selected(example()), "os", by(example()), "months")
    assert (known.label, known.event_word) == ("Overall survival", "death")


def test_only_the_chosen_infusion_counts():
    rows = [{**row, "infusion": 2} for row in follow_up("os", a1=(3, 1))]
    made = cohort(
        arms(A=["a1", "a2"]),
        infusions=[{"patient_id": "a1", "infusion": number} for number in (1, 2)],
        endpoints=[*follow_up("os", a1=(20, 1), a2=(5, 0)), *rows],
    )
    second = time_to_event(selected(made, infusion=2), "os", by(made), "months")
    assert second.table["time"].tolist() == [3] and second.n == 1
    assert time_to_event(selected(made), "os", by(made), "months").table["time"].tolist() == [20, 5]


def test_everybody_is_either_analysed_or_left_out():
    for filters in ((), ("emd=yes",), ("sex=M|?",)):
        part = selected(synthetic(), *filters)
        for grouping in (by(synthetic()), by(synthetic(), "sex"), by(synthetic(), "age_years"), by(synthetic(), "-")):
            outcome = time_to_event(part, "pfs", grouping, "months")
            assert len(outcome.table) + sum(n for _, n in outcome.left_out) == part.n
            assert set(outcome.table["group"]) <= set(grouping.names)
