"""Doubts about grades and measurements; nothing is removed.

An adverse event that is graded below what its own laboratory values say, by CTCAE v5. Only what is certain is
reported: a value on a day of the event that belongs to a higher grade than the one written. A lower value says nothing,
the lowest may not have been measured; grade 1 needs the laboratory's own limit. Source: CTCAE v5.0 (NCI, 2017).

Odd samples: values below their own limit, a peak before the infusion, copies that come back, units that change. A
series is one patient, infusion, specimen, assay and unit.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.check_endpoints import course_key
from lib.cohort.ctcae import V5, absolute_bounds
from lib.cohort.finding import Finding, at_rows

DIGITS: Final = 9  # 0.29 x 100 is 29, not 28.999999999999996
ACUTE_DAYS: Final = 30.0  # an event without any day is looked for from its infusion to this day
SYSTEMS: Final = ("ctcae v5", "ctcae 5", "ctcae v5.0", "")
PER_10_9_PER_LITRE: Final = {
    "10^9/l": 1.0,
    "10e9/l": 1.0,
    "10⁹/l": 1.0,
    "10*9/l": 1.0,
    "k/ul": 1.0,
    "10^3/ul": 1.0,
    "10³/ul": 1.0,
    "/ul": 1e-3,
    "cells/ul": 1e-3,
    "/mm3": 1e-3,
    "cells/mm3": 1e-3,
}
PER_GRAM_PER_LITRE: Final = {"g/l": 1.0, "g/dl": 10.0}
SAMPLES: Final = ("patient_id", "infusion", "specimen", "assay")
SERIES: Final = (*SAMPLES, "unit")


@dataclass(frozen=True)
class Cytopenia:
    """An event by its name, its test by its name, and below which value (strictly) each grade begins."""

    event: re.Pattern[str]
    test: re.Pattern[str]
    units: Mapping[str, float]
    below: Mapping[int, float]


def _cytopenia(event: str, test: str, analyte: str, units: Mapping[str, float]) -> Cytopenia:
    below = absolute_bounds(analyte, V5)
    return Cytopenia(re.compile(event, re.IGNORECASE), re.compile(test, re.IGNORECASE), units, below)


CYTOPENIAS: Final = (
    _cytopenia(
        r"neutropa?enia|neutrophil count decreased",
        r"anc|neut(rophil(e|s)?( count)?)?|absolute neutrophil count|neutrophils,? absolute",
        "neutrophils",
        PER_10_9_PER_LITRE,
    ),
    _cytopenia(
        r"lymphopa?enia|lymphocytopa?enia|lymphocyte count decreased",
        r"alc|lym(phocytes?( count)?)?|absolute lymphocyte count",
        "lymphocytes",
        PER_10_9_PER_LITRE,
    ),
    _cytopenia(
        r"thrombocytopa?enia|platelet count decreased",
        r"plt|platelets?( count)?|thrombocytes",
        "platelets",
        PER_10_9_PER_LITRE,
    ),
    _cytopenia(
        r"leu[ck]opa?enia|white blood cell( count)? decreased",
        r"wbc|leu[ck]ocytes?|white blood cells?( count)?",
        "leukocytes",
        PER_10_9_PER_LITRE,
    ),
    _cytopenia(r"ana?emia", r"hb|hgb|ha?emoglobin", "haemoglobin", PER_GRAM_PER_LITRE),  # grade 4 is no number
)


PROBLEM: Final = (
    "{term} is written as grade {grade:g}, but {test} {shown} {unit} on day {day:g} is CTCAE v5 grade {computed:g}."
)


FIX: Final = "Correct the grade, or name the scale that was used in grading_system."


def check_grades(events: pd.DataFrame, labs: pd.DataFrame, sheet: str) -> list[Finding]:
    """A warning for each cytopenia with a value of a higher grade on one of its days."""
    scale = events["grading_system"].fillna("").astype("str").str.casefold()
    graded = events[(events["grade"] > 0) & scale.isin(SYSTEMS)]
    if graded.empty or labs.empty:
        return []
    findings: list[Finding] = []
    for cytopenia in CYTOPENIAS:
        mine = graded[_named(graded["term"], cytopenia.event)]
        values = labs[_named(labs["test"], cytopenia.test)] if len(mine) else labs[:0]
        if len(values):
            low = _with_grades(values, cytopenia)
            findings += _understated(_with_days(mine), low, sheet) if len(low) else []
    return sorted(findings, key=lambda finding: finding.row or 0)


def _named(words: pd.Series, pattern: re.Pattern[str]) -> pd.Series:
    return words.map({word: bool(pattern.fullmatch(str(word).strip())) for word in words.dropna().unique()}).eq(True)


def _with_days(events: pd.DataFrame) -> pd.DataFrame:
    """From which to which day each event is known to have lasted; one that is the only one of its term may have no days
    at all."""
    key = course_key(events)
    alone = ~pd.Series(key, index=events.index).duplicated(keep=False)
    dayless = events["start_day"].isna() & events["stop_day"].isna() & alone
    first = events["start_day"].fillna(events["stop_day"]).mask(dayless, 0.0)
    last = events["stop_day"].fillna(events["start_day"]).mask(dayless, ACUTE_DAYS)
    return events.assign(key=key, first=first, last=last)[["source_row", "key", "term", "grade", "first", "last"]]


def _with_grades(values: pd.DataFrame, cytopenia: Cytopenia) -> pd.DataFrame:
    """The values whose grade is certain: the number, or the limit that a value lies below, against the bounds."""
    unit = values["unit"].fillna("").astype("str").str.casefold().str.replace(r"[\s×]|^x(?=10)", "", regex=True)
    factor = unit.str.replace("µ", "u").str.replace("μ", "u").map(cytopenia.units).astype(float)
    below = values["below"].astype(bool)
    amount = (factor * values["limit"].where(below, values["value"])).round(DIGITS)
    computed = pd.Series(0.0, index=values.index)
    for grade, bound in sorted(cytopenia.below.items()):
        computed = computed.mask((amount < bound) | (below & (amount == bound)), float(grade))
    low = values.assign(computed=computed, amount=amount)[(computed > 0) & values["day"].notna()]
    shown = low["limit"].map("<{:g}".format).where(low["below"].astype(bool), low["value"].map("{:g}".format))
    table = low.assign(key=course_key(low), shown=shown, unit=low["unit"].fillna(""))
    return table[["key", "test", "day", "computed", "amount", "shown", "unit"]]


def _understated(events: pd.DataFrame, values: pd.DataFrame, sheet: str) -> list[Finding]:
    """Of each event the lowest value."""
    both = events.merge(values, on="key")
    during = both[both["day"].between(both["first"], both["last"]) & (both["computed"] > both["grade"])]
    worst = during.sort_values(["amount", "day"], kind="stable")
    return at_rows(worst.drop_duplicates("source_row"), "warning", (sheet, "grade"), PROBLEM, FIX, "{grade:g}")


def check_kinetics(kinetics: pd.DataFrame, sheet: str) -> list[Finding]:
    """Every doubt about the CAR kinetics."""
    if kinetics.empty:
        return []
    measured = kinetics[(kinetics["below"] | kinetics["value"].notna()) & kinetics["day"].notna()]
    return [
        *check_days_known(kinetics, sheet),
        *_below_its_limit(kinetics, sheet),
        *_before_infusion(measured, sheet),
        *_coming_back(measured, sheet),
        *_several_on_a_day(measured, sheet),
        *check_units(kinetics, SAMPLES, sheet),
    ]


def check_days_known(table: pd.DataFrame, sheet: str) -> list[Finding]:
    """A warning for each value of a measurement whose day and visit are not known."""
    measured = table["value"].notna() | table["below"].astype(bool)
    placed = table["day"].notna() | (table["visit"].notna() if "visit" in table.columns else False)
    problem, fix = "This value has no day: no course and no parameter has it.", "Give the day or the date."
    return at_rows(table[measured & ~placed], "warning", (sheet, "day"), problem, fix)


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
