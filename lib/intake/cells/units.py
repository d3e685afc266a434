"""Times as they were written -> days: hours, weeks, months (30.4375 days) and years (365.25 days), and the words for these units.

One unit a laboratory test: the one that most of its rows have; the rows of others are converted, and each conversion is told.

Amounts (mmol/L) are not turned into masses: that needs the substance. Units that are not listed stay as they are, as a series of
their own.

Measurements with a limit of quantification: which values lie below it, and what the limit is.
"""

import re
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.lab_unit import parsed
from lib.cohort.time_unit import DAYS_PER

READ_DAYS_PER: Final = {**DAYS_PER, "hours": 1 / 24, "years": 365.25}
ONE: Final = {"days": "day", "weeks": "week", "months": "month", "hours": "hour", "years": "year"}
WORDS: Final = {
    "hours": ("h", "hr", "hrs", "hour", "hours", "stunde", "stunden", "std", "heure", "heures", "小时"),
    "days": ("d", "day", "days", "tag", "tage", "jour", "jours", "dia", "dias", "día", "días", "天", "日"),
    "weeks": ("w", "wk", "wks", "week", "weeks", "woche", "wochen", "semaine", "semaines", "semana", "semanas", "周"),
    "months": ("m", "mo", "mos", "mth", "month", "months", "monat", "monate", "mois", "mes", "meses", "月", "个月"),
    "years": ("y", "yr", "yrs", "year", "years", "jahr", "jahre", "an", "ans", "annee", "ano", "años", "anos", "年"),
}
UNIT_OF: Final = {word: unit for unit, words in WORDS.items() for word in words}


def unit_word(written: str) -> str:
    """The unit of time that this word means ("DAYS", "Monate", "yrs."), or ""."""
    return UNIT_OF.get(re.sub(r"[\s.()\[\]]+", "", written).casefold(), "")


def how_long(unit: str) -> str:
    """What one of this unit is: "one month is 30.4375 days"."""
    if unit == "hours":
        return "one day is 24 hours"
    return f"one {ONE[unit]} is {READ_DAYS_PER[unit]:g} days"


def with_one_unit(labs: pd.DataFrame, sheet: str) -> tuple[pd.DataFrame, list[Finding]]:
    """The table with one unit a test, the one that most of its rows have; each conversion is a note. Limits move along."""
    findings: list[Finding] = []
    if "test" not in labs.columns or labs["unit"].isna().all():
        return labs, findings
    numbers = [name for name in ("value", "limit", "lower_limit", "upper_limit") if name in labs.columns]
    labs = labs.copy()
    for test, units in labs.groupby("test", sort=False)["unit"]:
        counted = units.dropna().value_counts()
        for kind in ("count", "mass"):
            known = {unit: found[1] for unit in counted.index if (found := parsed(unit)) and found[0] == kind}
            if len(known) < 2:
                continue
            main, *others = known  # in the order of their number
            for other in others:
                factor = known[other] / known[main]
                rows = units.index[units == other]
                labs.loc[rows, numbers] *= factor
                labs.loc[rows, "unit"] = main
                values, were = ("value", "was") if len(rows) == 1 else ("values", "were")
                said = f'{len(rows)} {values} of {test} in "{other}" {were} turned into "{main}": 1 {other} = {factor:g} {main}.'
                findings.append(Finding("note", sheet, None, "unit", other, said, "Correct the unit if that is wrong."))
    return labs, findings


def with_limits(table: pd.DataFrame, sheet: str) -> tuple[pd.DataFrame, list[Finding]]:
    """The table with `below` true for every value under its limit, and `lloq` (where the table has one) filled from "<1000".

    A number under the stated limit, and 0, count as below it. `value` is NaN for what was not measured.
    """
    below, value = table["below"], table["value"]
    findings: list[Finding] = []
    if "lloq" in table.columns:
        lloq = table["lloq"].where(table["lloq"] > 0).fillna(table["limit"])
        below = below | (value < lloq) | (value <= 0)
        unlimited = table[below & lloq.isna()]
        findings = [
            Finding(
                "warning",
                sheet,
                int(row),
                "lloq",
                "",
                "A value below the limit of quantification has no limit beside it.",
                "Write the limit, so that the value can be drawn and counted.",
            )
            for row in unlimited["source_row"]
        ]
        table = table.assign(lloq=lloq).drop(columns="limit")
        for column, word in (("specimen", "blood"), ("assay", "assay not stated")):
            if column in table.columns:
                table = table.assign(**{column: table[column].fillna(word)})
    return table.assign(below=below), findings
