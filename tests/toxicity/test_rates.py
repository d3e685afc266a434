"""Rates of adverse events by the time at risk of the first one, worked by hand."""

import pytest
from golden.cohorts import arms, by, cohort, follow_up, synthetic

from lib.cohort.analysis import Analysis
from lib.derived.adverse_events import WHOLE, Period
from lib.derived.follow_up import until_next
from lib.toxicity.event_table import TABLE
from lib.toxicity.first_event import UNITS, rates
from lib.toxicity.incidence import ANY_EVENT, ANY_GRADE, AT_LEAST_3, incidence

PER_100_DAYS = "per 100 patient-days"
EVENTS = [
    {"patient_id": "a1", "term": "CRS", "grade": 1, "start_day": 5, "serious": "no"},
    {"patient_id": "a1", "term": "CRS", "grade": 3, "start_day": 10, "serious": "yes"},
    {"patient_id": "a2", "term": "Rash", "grade": 1, "serious": "no"},
    {"patient_id": "b1", "term": "CRS", "grade": 2, "start_day": -3, "serious": "no"},
]
FOLLOWED = [{**row, "unit": "days"} for row in follow_up("os", a1=(100, 0), a2=(40, 1), b1=(60, 0))]


def made(**more):
    return cohort(arms(A=["a1", "a2"], B=["b1", "b2"]), adverse_events=EVENTS, endpoints=FOLLOWED, **more)


def of(given, period=WHOLE, kinds=()):
    result = incidence(given, by(given), period, kinds=kinds)
    return rates(given, result, result.rows, PER_100_DAYS)


def test_time_ends_with_the_first_event_death_or_last_contact():
    found = of(made())
    a, b = found.of["CRS", ANY_GRADE]
    assert (a.n, a.days) == (1, 5 + 40) and a.estimate.value == pytest.approx(1 / 0.45)
    assert (b.n, b.days, b.estimate.value) == (0, 0, None)  # b1 had it before the infusion; of b2 nothing is known
    severe = found.of["CRS", AT_LEAST_3][0]
    assert (severe.n, severe.days) == (1, 10 + 40) and found.n_unknown == 1


def test_a_day_that_is_not_stated_leaves_the_group_without_a_rate():
    a, b = of(made()).of["Rash", ANY_GRADE]
    assert a.estimate.reason == "1 patient had it on a day that is not stated" and b.estimate.value == 0
    assert of(made()).of[ANY_EVENT, ANY_GRADE][0].estimate.value is None


def test_a_period_begins_and_ends_the_time_at_risk():
    late = of(made(), Period(31, 90)).of["CRS", ANY_GRADE]
    assert (late[0].n, late[0].days) == (0, 60 + 10) and late[1].days == 30


def test_rows_of_a_kind_have_rates_and_the_next_therapy_ends_the_time():
    serious = of(made(), kinds=("serious",)).of["CRS", "serious"][0]
    assert (serious.n, serious.days) == (1, 10 + 40)
    treated = made(therapies=[{"patient_id": "a2", "kind": "subsequent", "therapy": "x", "start_day": 20}])
    assert of(until_next(treated).cohort).of["CRS", ANY_GRADE][0].days == 5 + 20


def table(analysis, **values):
    return TABLE.make(analysis, values=values)


def test_the_table_prints_rates_beside_counts_and_says_who_is_in_none():
    given = made()
    analysis = Analysis(given, given, by(given), "days")
    plain, rated = table(analysis), table(analysis, rate=PER_100_DAYS, rows=("any grade", "serious"))
    assert rated.header[2:6] == (
        "A (n = 2)",
        f"A, {PER_100_DAYS} (95 % CI)",
        "B (n = 2)",
        f"B, {PER_100_DAYS} (95 % CI)",
    )
    rows = {row[0]: row for row in rated.rows}
    assert rows["CRS, any grade"][2:6] == ("1 (50 %)", "2.22 (0.056–12.4)", "1 (50 %)", "–")
    assert "CRS, serious" in rows and "Rash, serious" not in rows
    assert "1 patient without a known follow-up in no rate." in rated.notes
    assert any(note.startswith("Rash, any grade: no rate, 1 patient had it") for note in rated.notes)
    names = [name for name, _ in plain.numbers.columns]
    assert [name for name, _ in rated.numbers.columns][: len(names)] == names
    assert [row[: len(names)] for row in rated.numbers.rows] == list(plain.numbers.rows)


def test_a_rate_has_the_patients_of_its_row_wherever_all_is_known():
    given = synthetic()
    result = incidence(given, by(given))
    for unit in UNITS:
        found = rates(given, result, result.rows, unit)
        for row in result.rows:
            for had, rate in zip(row.n, found.of[row.term, row.threshold], strict=True):
                assert rate.n == had or rate.estimate.reason, row


def test_only_serious_events_are_named_in_the_title_and_counted_alone():
    given = made()
    analysis = Analysis(given, given, by(given), "days")
    found = table(analysis, kinds=("serious",))
    assert found.title == "Adverse events: serious events only"
    assert [row[0] for row in found.rows] == [
        "Any adverse event, any grade",
        "Any adverse event, grade ≥ 3",
        "CRS, any grade",
        "CRS, grade ≥ 3",
    ]
