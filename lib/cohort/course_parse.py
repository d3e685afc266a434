"""A clause about the course as it is written in a link or on the command line -> the clause, or why this cohort cannot
follow it.

Names and words are found whatever their capitals; `≥` is `>=`, `ever` may be left out, a day may be given as week or
month.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from lib.cohort.course_clause import CourseClause, names_course
from lib.cohort.kinetic_series import SeriesKey, series_keys
from lib.cohort.model import Cohort
from lib.cohort.response_scale import scale_of
from lib.cohort.selection import find_variable
from lib.cohort.time_unit import DAYS_PER

GRADES: Final = (1, 2, 3, 4, 5)
LATEST: Final = 36_525.0  # a day beyond a hundred years is a slip of the pen
NAME: Final = r"(?P<name>[^>=≥|]+?)"
BY: Final = r"(?:\s+by(?P<when>\s.*|))?"
RESPONSE: Final = rf"(?P<no>not\s+|no\s+)?response\s*(?:>=|≥)\s*{NAME}{BY}"
DETECTABLE: Final = r"(?P<no>not\s+)?detectable(?:\s+at(?P<when>\s.*?|))?(?:\s+in\s+(?P<series>[^>=≥|]+))?"
RECEIVED: Final = rf"(?P<no>not\s+|never\s+)?received\s+{NAME}{BY}"
EVENT: Final = rf"(?:(?P<ever>ever\s+)|(?P<no>never\s+|not\s+))?{NAME}\s*(?:>=|≥)\s*(?:grade\s*)?(?P<least>\S*?){BY}"
WHEN: Final = r"(?P<unit>day|week|month)s?\s*(?P<number>\S+)|(?P<first>\S+)\s*(?P<second>day|week|month)s?"
Found = re.Match[str]


def parse_course(text: str, cohort: Cohort) -> CourseClause | str | None:
    """The clause written in `text`, one sentence where this cohort cannot follow it, None where it is no clause about
    the course."""
    body, keep_missing = (
        (text.strip().removesuffix("|?"), True) if text.strip().endswith("|?") else (text.strip(), False)
    )
    forms: tuple[tuple[str, Callable[[Found, Cohort], CourseClause | str]], ...] = (
        (RESPONSE, _response),
        (DETECTABLE, _detectable),
        (RECEIVED, _received),
        (EVENT, _event),
    )
    for pattern, read in forms:
        if found := re.fullmatch(pattern, body.strip(), re.IGNORECASE | re.DOTALL):
            clause = read(found, cohort)
            return clause if isinstance(clause, str) else replace(clause, keep_missing=keep_missing)
    return None


def _event(found: Found, cohort: Cohort) -> CourseClause | str:
    written = _name(found)
    terms = cohort.vocabulary.get("term", ())
    term = _among(written, terms) or _among(re.sub(r"(?i)\s+grade$", "", written), terms)
    if term is None:
        column = find_variable(cohort, written)
        instead = (
            f' Of the column write a range: "{column.name}=60..inf".' if column and column.kind == "number" else ""
        )
        return f'This workbook has no adverse event "{written}".{instead}'
    least = found["least"]
    if not (least.isascii() and least.isdigit() and int(least) in GRADES):
        return f'{term}: "{least}" is not a grade to filter by; write a whole number from 1 to 5.'
    day = _day(found, from_infusion=True)
    return day if isinstance(day, str) else CourseClause("event", term, int(least), day, negated=bool(found["no"]))


def _response(found: Found, cohort: Cohort) -> CourseClause | str:
    if not cohort.vocabulary.get("response"):
        return "This workbook has no responses to filter by."
    thresholds = scale_of(cohort).thresholds
    name = _among(_name(found), thresholds)
    if name is None:
        return f'"{_name(found)}" is not a response to filter by; write one of {", ".join(thresholds)}.'
    day = _day(found, from_infusion=True)
    return day if isinstance(day, str) else CourseClause("response", name, day=day, negated=bool(found["no"]))


def _received(found: Found, cohort: Cohort) -> CourseClause | str:
    written, courses = _name(found), [course.split("\t") for course in cohort.vocabulary.get("course", ())]
    name = _among(written, [part for course in courses for part in course]) or written
    if not any(names_course(name, " ".join(course)) for course in courses):
        return f'Therapies of this workbook do not name "{written}".'
    day = _day(found)
    return day if isinstance(day, str) else CourseClause("received", name, day=day, negated=bool(found["no"]))


def _detectable(found: Found, cohort: Cohort) -> CourseClause | str:
    keys = series_keys(cohort)
    if not keys:
        return "This workbook has no CAR copies to filter by."
    day = _day(found)
    if day is None:
        return 'Say the day on which copies are looked for, for example "detectable at day 28".'
    series = _series(found["series"], keys)
    if series is None:
        return f'This workbook has no CAR copies in "{unquote(found["series"]).strip()}".'
    if isinstance(day, str):
        return day
    return CourseClause("detectable", day=day, series=series, negated=bool(found["no"]))


def _series(written: str | None, keys: tuple[SeriesKey, ...]) -> SeriesKey | None:
    """The series of these parts; where some are left out, the one of those left with most values."""
    if written is None:
        return keys[0]
    wanted = [unquote(part).strip() for part in written.split(",")]
    parts = {key: [part for part in (key.specimen, key.assay, key.unit) if part] for key in keys}
    folded = [part.casefold() for part in wanted]
    rules: tuple[Callable[[list[str]], bool], ...] = (
        lambda own: own == wanted,
        lambda own: [part.casefold() for part in own] == folded,
        lambda own: [part.casefold() for part in own[: len(folded)]] == folded,
    )
    return next((key for rule in rules for key in keys if rule(parts[key])), None)


def _day(found: Found, from_infusion: bool = False) -> float | str | None:
    """The study day; None = at any time; a sentence where it cannot be read."""
    written = found["when"]
    if written is None:
        return None
    when = re.fullmatch(WHEN, written.strip(), re.IGNORECASE)
    try:
        number = float((when["number"] or when["first"]) if when else "")
    except ValueError:
        number = math.nan
    day = number * DAYS_PER[(when["unit"] or when["second"]).casefold() + "s"] if when else math.nan
    if not abs(day) <= LATEST:
        return f'"{written.strip()}" is not a day; write for example "day 28" or "month 3".'
    if from_infusion and day < 0:
        return f'"{written.strip()}" is before the infusion; write day 0 or a later one.'
    return day + 0.0  # no -0


def _name(found: Found) -> str:
    return unquote(found["name"]).strip()


def _among(written: str, names: Iterable[str]) -> str | None:
    """The name as the workbook writes it."""
    known = list(names)
    if written in known:
        return written
    return next((name for name in known if name.casefold() == written.casefold()), None)
