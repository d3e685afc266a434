"""Odd measurements: values below their own limit, a peak before the infusion, copies that come back, units that change.

Nothing is removed. A series is one patient, infusion, specimen, assay and unit.
"""

from typing import Final

import pandas as pd

from lib.cohort.finding import Finding, at_rows

SAMPLES: Final = ("patient_id", "infusion", "specimen", "assay")
SERIES: Final = (*SAMPLES, "unit")


def check_kinetics(kinetics: pd.DataFrame, sheet: str) -> list[Finding]:
    """Every doubt about the CAR kinetics."""
    if kinetics.empty:
        return []
    measured = kinetics[(kinetics["below"] | kinetics["value"].notna()) & kinetics["day"].notna()]
    return [
        *_below_its_limit(kinetics, sheet),
        *_before_infusion(measured, sheet),
        *_coming_back(measured, sheet),
        *_several_on_a_day(measured, sheet),
        *check_units(kinetics, SAMPLES, sheet),
    ]


def check_units(table: pd.DataFrame, by: tuple[str, ...], sheet: str) -> list[Finding]:
    """Values of one series in another unit than most of it; two units on one day are two measurements."""
    stated = table[table["unit"].notna()]
    if stated["unit"].nunique() < 2:
        return []
    several = stated[stated.groupby(list(by), dropna=False)["unit"].transform("nunique") > 1]
    several = several.assign(series=several.groupby(list(by), dropna=False, sort=False).ngroup())
    counts = several.groupby(["series", "unit"], sort=False).size().sort_values(ascending=False, kind="stable")
    most = counts.reset_index().drop_duplicates("series").set_index("series")["unit"]
    several = several.assign(usual=several["series"].map(most))
    usual = several["unit"] == several["usual"]
    days = pd.MultiIndex.from_frame(several[["series", "day"]])
    other = several[~usual & ~days.isin(days[usual.to_numpy()])]
    problem = 'The unit is "{unit}" here and "{usual}" in most values of the same series.'
    fix = "Write all values of a series in one unit; values in another unit are not mixed with them."
    return at_rows(other, "warning", (sheet, "unit"), problem, fix, "{unit}")


def _several_on_a_day(measured: pd.DataFrame, sheet: str) -> list[Finding]:
    """Every further sample of a series on one day; they are kept and count as one."""
    keys = [*SERIES, "day"]
    again = measured[measured[keys].astype("object").duplicated()]
    problem = "This series has another sample on day {day:g}: together they count as one, by their geometric mean."
    fix = "Delete the sample that does not count, or choose another rule on the page Kinetics."
    return at_rows(again, "warning", (sheet, "day"), problem, fix, "{day:g}")


def _below_its_limit(kinetics: pd.DataFrame, sheet: str) -> list[Finding]:
    unmarked = kinetics[(kinetics["value"] > 0) & (kinetics["value"] < kinetics["lloq"])]
    problem = (
        "{value:g} is below its limit of quantification, {lloq:g}, but not marked so; it counts as below the limit."
    )
    return at_rows(unmarked, "note", (sheet, "value"), problem, 'Write "<{lloq:g}".', "{value:g}")


def _before_infusion(measured: pd.DataFrame, sheet: str) -> list[Finding]:
    """Quantifiable copies before the first infusion, where there can be none; worse if nothing after it is higher."""
    quantified = measured[~measured["below"] & (measured["infusion"] == 1)]
    if not (quantified["day"] < 0).any():
        return []
    peak = quantified.groupby(list(SERIES), dropna=False, sort=False)["value"].transform("max")
    early = quantified["day"] < 0
    highest = early & (quantified["value"] == peak)
    problem, fix = "The highest value of this series stands before the infusion.", "Correct the day or the value."
    findings = at_rows(quantified[highest], "warning", (sheet, "day"), problem, fix, "{day:g}")
    problem, fix = "Copies were found before the infusion.", "Check the day and the sample."
    return findings + at_rows(quantified[early & ~highest], "note", (sheet, "day"), problem, fix, "{day:g}")


def _coming_back(measured: pd.DataFrame, sheet: str) -> list[Finding]:
    """A quantifiable value after two below the limit, in a series that had been quantifiable before."""
    below = measured["below"]
    if not below.any():
        return []
    series = measured.groupby(list(SERIES), dropna=False, sort=False).ngroup()
    rows = measured.assign(series=series).sort_values(["series", "day"], kind="stable")
    found = ~rows["below"]
    before = found.astype("int64").groupby(rows["series"]).cumsum() > found  # one found earlier
    twice_below = pd.Series(True, index=rows.index)
    for step in (1, 2):
        same = rows["series"] == rows["series"].shift(step)
        twice_below &= same & (rows["below"].shift(step) == True)  # noqa: E712  # missing at the start of the table
    again = rows[found & twice_below & before]
    problem, fix = (
        "Copies are back after two values below the limit.",
        "Check the sample, or whether cells were given again.",
    )
    return at_rows(again, "note", (sheet, "value"), problem, fix, "{value:g}")
