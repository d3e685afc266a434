"""Dates -> days since infusion."""

import datetime as dt

import pandas as pd
import pytest

from lib.cohort.time_unit import days_between, infusion_dates, with_days

JANUARY = dt.date(2023, 1, 1)
NAN = float("nan")


def table(**columns: list[object]) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    frame = pd.DataFrame({"source_row": range(2, n + 2), "patient_id": ["P1"] * n, "infusion": [1.0] * n})
    return frame.assign(
        **{name: pd.Series(values, dtype="object" if "date" in name else "float64") for name, values in columns.items()}
    )


@pytest.mark.parametrize(
    ("end", "days"),
    [
        (dt.date(2023, 1, 1), 0),
        (dt.date(2022, 12, 31), -1),
        (dt.date(2023, 3, 1), 59),
        (dt.date(2024, 3, 1), 425),
        (dt.date(2023, 3, 27), 85),
    ],
)
def test_days_between(end, days):
    assert days_between(JANUARY, end) == days


def test_the_date_of_an_infusion_is_that_of_its_own_sheet_before_that_of_patients():
    patients = pd.DataFrame({"patient_id": ["P1", "P2", "P3"], "infusion_date": [JANUARY, JANUARY, None]})
    infusions = pd.DataFrame(
        {
            "patient_id": ["P1", "P1", "P3"],
            "infusion": [1.0, 2.0, NAN],
            "date": [dt.date(2023, 1, 2), dt.date(2023, 5, 1), JANUARY],
        }
    )
    assert infusion_dates(patients, infusions) == {
        ("P1", 1): dt.date(2023, 1, 2),
        ("P2", 1): JANUARY,
        ("P1", 2): dt.date(2023, 5, 1),
    }


def test_nobody_has_a_date():
    assert (
        infusion_dates(
            pd.DataFrame({"patient_id": [], "infusion_date": []}),
            pd.DataFrame({"patient_id": [], "infusion": [], "date": []}),
        )
        == {}
    )


def test_every_date_becomes_a_day_and_goes():
    given = table(start_day=[NAN], start_date=[dt.date(2023, 1, 4)], stop_day=[NAN], stop_date=[dt.date(2022, 12, 30)])
    counted, findings = with_days(given, "S", {("P1", 1): JANUARY})
    assert (counted["start_day"].tolist(), counted["stop_day"].tolist(), findings) == ([3], [-2], [])
    assert not {"start_date", "stop_date"} & set(counted.columns)
    assert "start_date" in given.columns, "the table handed in stays as it was"


@pytest.mark.parametrize(
    ("day", "date", "dates", "result", "severity"),
    [
        (NAN, None, {}, None, None),
        (5.0, None, {}, 5, None),
        (NAN, JANUARY, {("P1", 1): JANUARY}, 0, None),
        (0.0, JANUARY, {("P1", 1): JANUARY}, 0, None),
        (3.0, JANUARY, {("P1", 1): JANUARY}, 3, "warning"),
        (NAN, JANUARY, {}, None, "error"),
        (3.0, JANUARY, {("P1", 2): JANUARY}, 3, "error"),
    ],
)
def test_day_and_date(day, date, dates, result, severity):
    counted, findings = with_days(table(day=[day], date=[date]), "S", dates)
    assert [None if pd.isna(value) else value for value in counted["day"]] == [result]
    assert [finding.severity for finding in findings] == ([severity] if severity else [])
    assert all(finding.row == 2 and "2023" not in finding.sentence() for finding in findings)


def test_no_rows():
    counted, findings = with_days(table(day=[], date=[]), "S", {})
    assert (len(counted), findings) == (0, [])
