"""Columns of times, once they are numbers: other units become days, and a count without a day 0 is put right."""

import math
from collections.abc import Mapping, Sequence

from lib.cohort.finding import Finding
from lib.cohort.time_unit import UNITS
from lib.intake.unit import READ_DAYS_PER, unit_word

Values = Mapping[str, Sequence[object]]


def with_unit_in_days(times: Sequence[object], unit: str) -> list[object]:
    """Times in days; what is missing stays missing."""
    factor = READ_DAYS_PER[unit]
    return [time * factor if isinstance(time, float) else time for time in times]


def with_units_by_row(values: Values) -> dict[str, list[object]]:
    """Endpoint times whose unit stands beside them, as DAYS or Jahre: in days, weeks or months."""
    words = {word: unit_word(str(word)) for word in dict.fromkeys(values["unit"]) if word}
    unit = [words.get(word) or word for word in values["unit"]]
    found: dict[str, list[object]] = {
        "unit": [each if each in UNITS or each not in READ_DAYS_PER else "days" for each in unit]
    }
    for name in ("time", "entry"):
        if name in values:
            factors = [1.0 if each in UNITS else READ_DAYS_PER.get(str(each), 1.0) for each in unit]
            found[name] = [
                time * by if isinstance(time, float) else time for time, by in zip(values[name], factors, strict=True)
            ]
    return found


def counted_from_zero(values: dict[str, list[object]], name: str, sheet: str, letter: str) -> list[Finding]:
    """Take 1 from every positive day, where day 1 is that of the infusion and -1 the day before it."""
    zeros = [place for place, day in enumerate(values[name]) if day == 0]
    values[name] = [day - 1 if isinstance(day, float) and day > 0 else day for day in values[name]]
    said = "Day 1 of this column is the day of the infusion, which is day 0 here."
    findings = [Finding("note", sheet, None, letter, "", said, "Each later day was lowered by one.")]
    if zeros:
        row = values["source_row"][zeros[0]]
        problem = f"{len(zeros)} days are 0, which a count without a day 0 cannot have; they were left as they are."
        mend = "Check whether the days count from 0 after all."
        findings.append(Finding("warning", sheet, int(str(row)), letter, "0", problem, mend))
    return [each for each in findings if any(isinstance(day, float) and not math.isnan(day) for day in values[name])]
