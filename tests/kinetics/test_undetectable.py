"""Who became undetectable when, and why observation ended."""

from functools import cache

import numpy as np
import pytest
from golden.cohorts import arms, by, cohort, example, follow_up, nobody, selected, synthetic

from lib.cohort.kinetic_series import series_keys
from lib.kinetics.series import kinetics
from lib.kinetics.undetectable import DIED, LAST_SAMPLE, TREATED, UNDETECTABLE, persistence_of

DAYS = (0, 7, 28, 60, 90, 120)


def rows(patient, *values, infusion=1):
    return [
        {"patient_id": patient, "infusion": infusion, "day": day, "value": value, "lloq": 50}
        for day, value in zip(DAYS, values, strict=False)
    ]


def outcome(kinetics_rows, patients=("a1",), infusion=1, **tables):
    made = cohort(arms(A=list(patients)), kinetics=kinetics_rows, **tables)
    chosen = selected(made, infusion=infusion)
    return persistence_of(chosen, kinetics(chosen, series_keys(made)[0], by(made, "-")))


def only(found):
    (row,) = found.table.to_dict("records")
    return reported(row)


def reported(row):
    return tuple(row[name] for name in ("time", "event", "last_quantifiable", "first_below", "ended"))


@cache
def cases():
    """One cohort with a patient for each case."""
    series = {
        "gone": (0, 900, 0, 300, 0, 0),
        "stays": (0, 900, 400, 300),
        "gone_after": (0, 900, 400, 0, 0),
        "on_both_sides": (0, 900, 400, 300, 0),
        "gone_before": (0, 900, 0, 300),
        "maintained": (0, 900, 400, 0, 0),
        "died": (0, 900, 400),
        "silent": (0, 0, 0),
        "undated": (0, 900),
    }
    start = {"gone_after": 45, "on_both_sides": 45, "gone_before": 45, "maintained": 45, "undated": None}
    therapies = [
        {
            "patient_id": name,
            "kind": "maintenance" if name == "maintained" else "subsequent",
            "therapy": "x",
            "start_day": day,
        }
        for name, day in start.items()
    ]
    early = [{"patient_id": "early", "day": 0, "value": 90, "lloq": 50}]
    samples = [row for name, values in series.items() for row in rows(name, *values)] + early
    patients = [*series, "early", "never_sampled"]
    found = outcome(samples, patients, therapies=therapies, endpoints=follow_up("os", died=(2.0, 1)))
    return found, {row["patient"]: reported(row) for row in found.table.to_dict("records")}


def test_the_event_is_the_first_sample_below_that_nothing_quantifiable_follows():
    assert cases()[1]["gone"] == (90, 1, 60, 90, UNDETECTABLE)


def test_still_quantifiable_is_censored_at_the_last_sample():
    *numbers, first_below, ended = cases()[1]["stays"]
    assert numbers == [60, 0, 60] and np.isnan(first_below) and ended == LAST_SAMPLE


def test_what_follows_another_therapy_does_not_count():
    found = cases()[1]
    assert found["gone_after"][:2] == (28, 0), "below the limit only after the therapy"
    assert found["on_both_sides"][0:5:4] == (45, TREATED), "quantifiable on both sides of it"
    assert found["gone_before"][:2] == (28, 1), "the event came first"
    assert found["maintained"][:2] == (60, 1), "maintenance is part of the treatment"


def test_death_is_named_as_the_end_and_the_time_is_the_last_sample():
    died = cases()[1]["died"]
    assert died[:2] == (28, 0) and died[4] == f"{LAST_SAMPLE}, then {DIED}"


def test_everybody_is_in_the_curve_or_left_out_with_a_reason():
    found, kept = cases()
    assert len(kept) == 8 and found.n == 11 and found.undated == 1
    assert dict(found.left_out) == {"no sample after the infusion": 2, "never above the limit of quantification": 1}
    made = kinetics(nobody(example()), series_keys(example())[0], by(example()))
    assert len(persistence_of(nobody(example()), made).table) == 0


def test_another_infusion_ends_observation_and_each_has_its_own():
    given = [{"patient_id": "a1", "infusion": 1, "day": 0}, {"patient_id": "a1", "infusion": 2, "day": 50}]
    both = [*rows("a1", 0, 900, 400, 300, 0), *rows("a1", 0, 5000, 0, 0, infusion=2)]
    assert only(outcome(both, infusions=given))[:2] == (50, 0)
    assert only(outcome(both, infusions=given, infusion=2))[:4] == (28, 1, 7, 28)


@pytest.mark.parametrize("made", [example(), synthetic()])
def test_patients_add_up_and_events_lie_in_their_interval(made):
    chosen = selected(made)
    found = persistence_of(chosen, kinetics(chosen, series_keys(made)[0], by(made)))
    assert len(found.table) + sum(n for _, n in found.left_out) == chosen.n
    events = found.table[found.table["event"] == 1]
    assert (events["time"] == events["first_below"]).all() and (
        events["last_quantifiable"] < events["first_below"]
    ).all()
    assert found.table.loc[found.table["event"] == 0, "first_below"].isna().all()
