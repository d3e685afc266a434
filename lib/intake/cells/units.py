"""Times as they were written -> days: hours, weeks, months (30.4375 days) and years (365.25 days), and the words for
these units.

One unit a laboratory test: the one that most of its rows have; the rows of others are converted, and each conversion is
reported.

Amounts (mmol/L) are turned into masses only where the molar mass of the test is known. Units that are not listed stay
as they are, as a series of their own.

Measurements with a limit of quantification: which values lie below it, and what the limit is.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import pandas as pd

from lib.cohort.analyte import factor_of, parsed
from lib.cohort.finding import Finding, at_rows
from lib.cohort.time_unit import DAYS_PER
from lib.intake.cells.coding import as_number, is_missing, text
from lib.intake.files.grid import Cell, distinct

READ_DAYS_PER: Final = {**DAYS_PER, "hours": 1 / 24, "years": 365.25}
ONE: Final = {"days": "day", "weeks": "week", "months": "month", "hours": "hour", "years": "year"}
WORDS: Final = {
    "hours": ("h hr hrs hour hours stunde stunden std heure heures ora ore uur uren 小时"),
    "days": (
        "d day days tag tage jour jours dia dias día días giorno giorni dag dagen dni dzień dzien tagen gün gun "
        "天 日 天数 日数"
    ),
    "weeks": (
        "w wk wks week weeks woche wochen semaine semaines semana semanas settimana settimane weken hafta 周 周数"
    ),
    "months": (
        "m mo mos mth month months monat monate mois mes meses mese mesi maand maanden mnd 月 个月 ヶ月 か月 "
        "miesiące miesięcy miesiace miesiecy mies. 月数 monaten ay"
    ),
    "years": (
        "y yr yrs yo y/o yearsold year years jahr jahre an ans annee ano años anos anno anni jaar jaren année années "
        "lata lat yıl yil 年"
    ),
}
UNIT_OF: Final = {word: unit for unit, words in WORDS.items() for word in words.split()}


def unit_word(written: str) -> str:
    """The unit of time that this word means ("DAYS", "Monate", "yrs."), or ""."""
    return UNIT_OF.get(re.sub(r"[\s.()\[\]]+", "", written).casefold(), "")


# 55 y, 12 mo, 3.2 x10^9/L
VALUE_AND_UNIT: Final = re.compile(
    r"(?P<value>[<>≤≥]?=?\s*[-+]?\d[\d.,]*)\s*(?P<unit>([^\d\s.,<>≤≥=+-]|(?<=\s)10[\^*eE]\d).*)"
)
OTHER_UNITS: Final = re.compile(
    r"kg|cm|mm|m[cg]?g|µg|kg/m[2²]|(mg|cells|x?10\^6)/kg|(copies|kopien|copias|copie)\s*/.+", re.I
)


def unit_in(cells: Sequence[Cell]) -> str:
    """The unit that stands behind every number of these cells, days where they are several of time; "" where a number
    has none, or they differ."""
    different = distinct(cells).values
    if any(isinstance(cell, float) for cell in different):
        return ""
    found = [match["unit"].strip() if (match := _parted(cell)) else "" for cell in different if _is_numeric(cell)]
    if not all(found):
        return ""
    if all(is_same_unit(found[0], each) for each in found):
        return found[0] if found else ""
    return "days" if all(map(unit_word, found)) else ""


def _is_numeric(cell: Cell) -> bool:
    """Whether a number stands here, with whatever behind it."""
    return not is_missing(cell) and (VALUE_AND_UNIT.fullmatch(text(cell)) is not None or as_number(cell) is not None)


def unit_of_each(cells: Sequence[Cell]) -> list[Cell]:
    """The unit that stands behind the number of each cell, None where none does."""
    return [match["unit"].strip() if (match := _parted(cell)) else None for cell in cells]


def number_of_each(cells: Sequence[Cell]) -> list[Cell]:
    """The cells without the unit behind each number, whichever it is."""
    return [match["value"].strip() if (match := _parted(cell)) else cell for cell in cells]


def has_unit(written: str) -> bool:
    """Whether this is a number with a unit behind it."""
    return written[:1] in "0123456789<>≤≥" and _parted(written) is not None


def _parted(cell: Cell) -> re.Match[str] | None:
    match = None if is_missing(cell) else VALUE_AND_UNIT.fullmatch(text(cell))
    return match if match and _is_unit(match["unit"].strip()) else None


def _is_unit(written: str) -> bool:
    return bool(unit_word(written) or parsed(written) or OTHER_UNITS.fullmatch(written))


def is_same_unit(one: str, other: str) -> bool:
    """Whether two spellings are one unit: mo and months, U/L and u/l."""
    times = unit_word(one), unit_word(other)
    return times[0] == times[1] if any(times) else one.replace(" ", "") == other.replace(" ", "")


def without_unit(cells: Sequence[Cell], unit: str) -> Sequence[Cell]:
    """The cells without the unit behind each number, where it is this one."""
    written = unit_in(cells) if unit else ""
    if not written or not is_same_unit(written, unit):
        return cells
    return [cell if is_missing(cell) else _value_in(text(cell), unit_word(written)) for cell in cells]


def _value_in(written: str, unit: str) -> Cell:
    """The number before the unit; of a time in another unit, in this one."""
    match = VALUE_AND_UNIT.fullmatch(written)
    if not match:
        return written
    own, number = unit_word(match["unit"]), as_number(match["value"])
    if own == unit or number is None:
        return match["value"].strip()
    return number * READ_DAYS_PER[own] / READ_DAYS_PER[unit]


def how_long(unit: str) -> str:
    """What one of this unit is: "one month is 30.4375 days"."""
    if unit == "hours":
        return "one day is 24 hours"
    return f"one {ONE[unit]} is {READ_DAYS_PER[unit]:g} days"


UNLIMITED: Final = (
    "A value below the limit of quantification has no limit beside it.",
    "Write the limit, so that the value can be drawn and counted.",
)
GRAMS_PER_MOLE: Final = tuple(  # of tests that lib/cohort/analyte.py does not know; Source: PubChem, molar masses
    (re.compile(names, re.I), mass)
    for names, mass in (
        (r"gluc\w*|glucosa|glukose|blutzucker|葡萄糖|血糖", 180.156),
        (r"ca|calcium|kalzium|calcio|钙", 40.078),
        (r"mg|magnesium|magnesio|镁", 24.305),
        (r"uric[ _]?acid|urat\w*|harns[aä]ure|acide urique|尿酸", 168.11),
        (r"(total )?chol\w*|胆固醇", 386.65),
        (r"trig\w*|tg|甘油三酯", 885.4),
        (r"iron|eisen|fer s[eé]rique|hierro", 55.845),
    )
)


def factor_between(test: str, unit: str, other: str) -> float | None:
    """What a value of this test in `other` is multiplied with to stand in `unit`; None where that is not known.

    Counts, masses and activities by their size; an amount (µmol/L) and a mass (mg/dL) only where the molar mass of the
    test is known.
    """
    ours, theirs = factor_of(test, unit)[0], factor_of(test, other)[0]
    if ours and theirs:
        return float(f"{theirs / ours:.12g}")
    one, another = parsed(unit), parsed(other)
    if one is None or another is None:
        return None
    ratio, kinds = another[1] / one[1], (another[0], one[0])
    grams = next((mass for names, mass in GRAMS_PER_MOLE if names.fullmatch(test.strip())), None)
    if kinds[0] != kinds[1] and (grams is None or set(kinds) != {"mass", "amount"}):
        return None
    return float(
        f"{ratio * {('amount', 'mass'): grams or 1.0, ('mass', 'amount'): 1 / (grams or 1.0)}.get(kinds, 1.0):.12g}"
    )


def with_one_unit(labs: pd.DataFrame, sheet: str) -> tuple[pd.DataFrame, list[Finding]]:
    """The table with one unit a test, the one that most of its rows have; each conversion is a note. Limits move
    along."""
    findings: list[Finding] = []
    if "test" not in labs.columns or labs["unit"].isna().all():
        return labs, findings
    numbers = [name for name in ("value", "limit", "lower_limit", "upper_limit") if name in labs.columns]
    labs = labs.copy()
    for test, units in labs.groupby("test", sort=False)["unit"]:
        for main, other, factor in _conversions(str(test), units):
            rows = units.index[units == other]
            labs.loc[rows, numbers] *= factor
            labs.loc[rows, "unit"] = main
            values, were = ("value", "was") if len(rows) == 1 else ("values", "were")
            said = (
                f'{len(rows)} {values} of {test} in "{other}" {were} turned into "{main}": 1 {other} = {factor:g}'
                f" {main}."
            )
            findings.append(Finding("note", sheet, None, "unit", other, said, "Correct the unit if that is wrong."))
    return labs, findings


LOG_10: Final = re.compile(r"(?:log[\s_]?10|lg)[\s(\[]+(.+?)[)\]]?|(.+?)\s*[(\[](?:log[\s_]?10|lg)[)\]]", re.I)
MOST_POWERS: Final = 15  # of ten, which no assay counts


def without_logarithms(kinetics: pd.DataFrame, sheet: str) -> tuple[pd.DataFrame, list[Finding]]:
    """The table with the numbers of which the logarithms to the base 10 stand in it; each such unit is a note."""
    findings: list[Finding] = []
    kinetics = kinetics.copy()
    for written in kinetics["unit"].dropna().unique():
        rows, found = kinetics["unit"] == written, LOG_10.fullmatch(str(written).strip())
        if found and not (kinetics.loc[rows, "value"] > MOST_POWERS).any():
            numbers = [name for name in ("value", "limit", "lloq") if name in kinetics.columns]
            kinetics.loc[rows, numbers] = 10.0 ** kinetics.loc[rows, numbers]
            unit = found[1] or found[2]
            kinetics.loc[rows, "unit"] = unit
            said = f'{rows.sum()} values in "{written}" were turned into "{unit}": 2 is 100.'
            findings.append(Finding("note", sheet, None, "unit", written, said, "Correct the unit if that is wrong."))
    return kinetics, findings


def _conversions(test: str, units: pd.Series) -> Iterator[tuple[str, str, float]]:
    """Which unit becomes which other one, the most frequent first, and its factor; where none is known, units stay
    apart."""
    left = units.dropna().value_counts(sort=False).sort_values(ascending=False, kind="stable").index.tolist()
    while len(left) > 1:
        main, *others = left
        factors = {other: factor_between(test, main, other) for other in others}
        yield from ((main, other, factor) for other, factor in factors.items() if factor)
        left = [other for other in others if not factors[other]]


def with_limits(table: pd.DataFrame, sheet: str) -> tuple[pd.DataFrame, list[Finding]]:
    """The table with `below` true for every value under its limit, and `lloq` (where the table has one) filled from
    "<1000".

    A number under the stated limit, and 0, count as below it. `value` is NaN for what was not measured.
    """
    below, value = table["below"], table["value"]
    findings: list[Finding] = []
    if "lloq" in table.columns:
        lloq = table["lloq"].where(table["lloq"] > 0).fillna(table["limit"])
        below = below | (value < lloq) | (value <= 0)
        unlimited = table[below & lloq.isna()]
        findings = at_rows(unlimited, "warning", (sheet, "lloq"), *UNLIMITED)
        table = table.assign(lloq=lloq).drop(columns="limit")
        for column, word in (("specimen", "blood"), ("assay", "assay not stated")):
            if column in table.columns:
                table = table.assign(**{column: table[column].fillna(word)})
    return table.assign(below=below), findings
