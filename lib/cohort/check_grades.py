"""Whether an adverse event is graded below what its own laboratory values say, by CTCAE v5.

Only what is certain is reported: a value on a day of the event that belongs to a higher grade than the one written. A
lower value says nothing, the lowest may not have been measured; grade 1 needs the laboratory's own limit. Source: CTCAE
v5.0 (NCI, 2017).
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
            findings += _understated(_with_days(mine), _with_grades(values, cytopenia), sheet)
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
    shown = values["limit"].map("<{:g}".format).where(below, values["value"].map("{:g}".format))
    reported = {"computed": computed, "amount": amount, "shown": shown, "unit": values["unit"].fillna("")}
    table = values.assign(key=course_key(values), **reported)
    return table[(computed > 0) & values["day"].notna()][["key", "test", "day", *reported]]


def _understated(events: pd.DataFrame, values: pd.DataFrame, sheet: str) -> list[Finding]:
    """Of each event the lowest value."""
    both = events.merge(values, on="key")
    during = both[both["day"].between(both["first"], both["last"]) & (both["computed"] > both["grade"])]
    worst = during.sort_values(["amount", "day"], kind="stable")
    return at_rows(worst.drop_duplicates("source_row"), "warning", (sheet, "grade"), PROBLEM, FIX, "{grade:g}")
