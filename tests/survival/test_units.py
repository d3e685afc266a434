"""Every p, ratio, count and curve is the same in days, weeks and months. R's numbers: tests/golden/small_groups.R."""

import numpy as np
import pytest
from every_exhibit import exhibits
from golden.cohorts import STUDY, by, cohort
from golden.reference import golden
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.cohort.time_unit import DAYS_PER, UNITS
from lib.publication.exhibit import Figure
from lib.survival.curves import survival
from lib.survival.outcome import time_to_event

NOT_TIMES = ("reason", "test", "remark", "method")  # words that name times in their unit


def started_on_the_day_of_anothers_event():
    """Days; months are day/30.4375 or day*(1/30.4375), of which some differ in the last bit."""
    observed = {
        "C1": (14, 1),
        "C2": (15, 1),
        "C3": (17, 1),
        "C4": (400, 1),
        "C5": (500, 0),
        "M1": (300, 1),
        "M2": (450, 1),
        "M3": (600, 0),
        "M4": (700, 0),
    }
    patients = [{"patient_id": name, "arm": "Control" if name[0] == "C" else "Maint"} for name in observed]
    endpoints = [
        {"patient_id": name, "endpoint": "os", "time": time, "unit": "days", "event": event}
        for name, (time, event) in observed.items()
    ]
    therapies = [
        {"patient_id": f"M{place + 1}", "kind": "maintenance", "therapy": "Maint", "start_day": day}
        for place, day in enumerate((14, 15, 17, 17))
    ]
    study = [("order", "arm", "Control;Maint"), ("group_by", None, "arm"), ("known_at", "arm", 60)]
    return cohort(patients, study, endpoints=endpoints, therapies=therapies)


def in_mixed_units(rows):
    """A cohort of (arm, time, unit, event)."""
    patients = [{"patient_id": f"p{place}", "arm": row[0]} for place, row in enumerate(rows)]
    endpoints = [
        {"patient_id": f"p{place}", "endpoint": "os", "time": time, "unit": unit, "event": event}
        for place, (_, time, unit, event) in enumerate(rows)
    ]
    return cohort(patients, STUDY, endpoints=endpoints)


def four_weeks_and_28_days():
    return in_mixed_units(
        [
            ("A", 4, "weeks", 1),
            ("B", 28, "days", 1),
            ("A", 28, "days", 1),
            ("B", 4, "weeks", 1),
            ("A", 90, "days", 1),
            ("B", 120, "days", 0),
            ("A", 200, "days", 1),
            ("B", 210, "days", 1),
        ]
    )


def sixty_weeks():
    """Each week thrice: censored in weeks, an event in days, another in months."""
    written = ("weeks", 7, 0), ("days", 1, 1), ("months", 30.4375, 1)
    return in_mixed_units(
        [
            ("BA"[(week - 1) % 2], 7 * week / per if unit != "days" else 7 * week, unit, event)
            for week in range(1, 61)
            for unit, per, event in written
        ]
    )


MADE = {"tdmin": started_on_the_day_of_anothers_event, "mix": four_weeks_and_28_days, "near_ties": sixty_weeks}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("name", ["mix", "near_ties"])
def test_the_log_rank_test_is_rs_in_every_unit(name, unit):
    made = MADE[name]()
    result = survival(time_to_event(made, "os", by(made), unit), made)
    expected = golden("small_groups")["units"][name]
    assert (result.logrank.statistic, result.logrank.p) == pytest.approx((expected["chi2"], expected["p"]), rel=1e-9)


@pytest.mark.parametrize("unit", UNITS)
def test_a_maintenance_begun_on_the_day_of_anothers_event_is_rs_in_every_unit(unit):
    made, expected = started_on_the_day_of_anothers_event(), golden("small_groups")["units"]["tdmin"]
    found = {each.id: each for each in exhibits(made, by(made), unit)}
    row = dict(
        zip(
            [name for name, _ in found["time_zero.os"].numbers.columns],
            found["time_zero.os"].numbers.rows[2],
            strict=True,
        )
    )
    assert row["p"] == pytest.approx(expected["p"], rel=1e-7)
    assert row["hazard_ratio"] == pytest.approx(expected["firth"], rel=1e-6)


def test_survival_at_twelve_months_of_near_ties_is_rs():
    made = sixty_weeks()
    from lib.stats.kaplan_meier import survival_at

    for unit in UNITS:
        curve = survival(time_to_event(made, "os", by(made, "-"), unit), made).groups[0].curve
        at = survival_at(curve, 12 * DAYS_PER["months"] / DAYS_PER[unit])
        assert at.value == pytest.approx(golden("small_groups")["units"]["near_ties"]["surv_12_months"], rel=1e-9)


@pytest.mark.parametrize("name", MADE)
def test_every_number_of_every_exhibit_is_the_same_in_every_unit(name):
    made = MADE[name]()
    reported = [
        {each.id: _in_days(each, unit) for each in exhibits(made, by(made), unit) if _timed(each)} for unit in UNITS
    ]
    assert len(reported[0]) > 5 and reported[0].keys() == reported[1].keys() == reported[2].keys()
    for exhibit_id in reported[0]:
        for others in reported[1:]:
            assert others[exhibit_id] == pytest.approx(reported[0][exhibit_id], rel=1e-7, abs=1e-9, nan_ok=True), (
                exhibit_id
            )


@settings(deadline=None, max_examples=10)
@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.integers(1, 40), st.sampled_from(UNITS), st.integers(0, 1)),
        min_size=6,
        max_size=14,
    )
)
def test_the_same_days_written_in_any_unit_give_the_same_p_and_ratio(rows):
    made = in_mixed_units([(arm, day / DAYS_PER[unit], unit, event) for arm, day, unit, event in rows])
    plain = in_mixed_units([(arm, day, "days", event) for arm, day, _, event in rows])
    expected = _core(plain, "days")
    for unit in UNITS:
        assert _core(made, unit) == pytest.approx(expected, rel=1e-7, nan_ok=True)


def _core(made, unit):
    result = survival(time_to_event(made, "os", by(made), unit), made)
    reported = [result.logrank.p, result.n_events]
    for group in result.groups:
        ratio = group.hazard_ratio
        reported += [
            *group.curve.survival,
            *group.curve.n_at_risk,
            *((ratio.value, ratio.low, ratio.high) if ratio else ()),
        ]
    return np.array([np.nan if one is None else one for one in reported], dtype=float)


def _timed(exhibit):
    return exhibit.id.startswith(("survival.", "time_zero", "landmark", "dependent", "incidence"))


def _in_days(exhibit, unit):
    """Every number, times in days; null as NaN. A row of a table of models says its own unit."""
    names = [name for name, _ in exhibit.numbers.columns]
    numbers = []
    for row in exhibit.numbers.rows:
        reported = dict(zip(names, row, strict=True))
        for name, of in exhibit.numbers.columns:
            value = reported[name]
            timed = of == unit or (reported.get("unit") == unit and name in ("value", "low", "high"))
            if value is None or (isinstance(value, (int, float)) and name not in NOT_TIMES):
                numbers.append(np.nan if value is None else value * DAYS_PER[unit] if timed else value)
    numbers += [np.nan if test.p is None else test.p for test in exhibit.tests]
    if isinstance(exhibit, Figure) and "survival" in exhibit.data:
        numbers += exhibit.data["survival"].tolist()
    return np.array(numbers, dtype=float)
