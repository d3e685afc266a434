"""A clause about the course after (or around) the infusion: an adverse event, a response, detectable CAR copies, a
therapy.

The clause is only a value, written the same way in a link and on the command line; who fulfils it is found in
`lib.derived`: `ever CRS >= 3`, `never ICANS >= 2 by day 30`, `response >= VGPR by month 3`, `detectable at day 28 in
blood, qPCR`, `received bridging by day 0`, `not received Pomalidomide`; `|?` at the end where patients of whom it is
not known stay.

A name means the courses of treatment of which kind and therapy together hold all its words: "pomalidomide
maintenance" is a course of kind maintenance with pomalidomide.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote

from lib.cohort.kinetic_series import SeriesKey, window
from lib.cohort.model import AT_ANY_TIME
from lib.cohort.time_unit import DAYS_PER

Kind = Literal["event", "response", "detectable", "received"]
NOT_KNOWN: Final[dict[Kind, tuple[str, str]]] = {  # why: of a clause without a day, and of one with a day
    "event": ("grade not stated", "grade or day not stated"),
    "response": ("never assessed", "not assessed by then, or day not stated"),
    "detectable": ("no sample near that day",) * 2,
    "received": ("", "start not stated"),
}


def names_course(name: str, course: str) -> bool:
    """Whether the course (its kind and therapy, parted by anything) holds every word of the name; no name means no
    course."""
    wanted = _words(name)
    return bool(wanted) and wanted <= _words(course)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.casefold()))


@dataclass(frozen=True)
class CourseClause:
    """Patients of whom it is so, or (`negated`) of whom it is known not to be so.

    `name` is the term, the response, or the therapy or kind; `least` the grade; `day` the study day by which (copies:
    at which), None = at any time; `series` what was measured. Patients of whom it is not known are kept only if
    `keep_missing`.
    """

    kind: Kind
    name: str = ""
    least: int = 0
    day: float | None = None
    series: SeriesKey | None = None
    negated: bool = False
    keep_missing: bool = False

    def __str__(self) -> str:
        return self.question + "|?" * self.keep_missing

    @property
    def question(self) -> str:
        """The clause as it is written, without what becomes of those of whom it is not known."""
        by = "" if self.day is None else f" by {written_day(self.day)}"
        no = "not " if self.negated else ""
        if self.kind == "event":
            return f"{'never' if self.negated else 'ever'} {_escaped(self.name)} >= {self.least}{by}"
        if self.kind == "response":
            return f"{no}response >= {self.name}{by}"
        if self.kind == "received":
            return f"{no}received {_escaped(self.name)}{by}"
        return f"{no}detectable at {written_day(self.day or 0.0)} in {', '.join(map(_escaped, self._series_parts))}"

    @property
    def words(self) -> str:
        """The clause as a reader is reported of it."""
        by = "" if self.day is None else f" by {written_day(self.day)}"
        if self.kind == "event":
            return f"{'never ' * self.negated}{self.name} grade ≥ {self.least}{by}"
        if self.kind == "response":
            return f"{'no ' * self.negated}response {self.name} or better{by}"
        if self.kind == "received":
            return f"{'not ' * self.negated}received {self.name}{by}"
        where, day = self.series.label if self.series else "", self.day or 0.0
        near = (
            f"{written_day(day)} ± {window(day):g}"
            if day.is_integer()
            else f"{written_day(day)} ± {window(day):g} days"
        )
        return f"CAR copies {'not ' * self.negated}detectable at {near} ({where})"

    @property
    def short(self) -> str:
        """The words where there is little room: without what was measured."""
        return self.words.partition(" (")[0] if self.kind == "detectable" else self.words

    @property
    def why_not_known(self) -> str:
        """Why it may not be known of a patient."""
        at_any_time, by_then = NOT_KNOWN[self.kind]
        return at_any_time if self.day is None else by_then

    @property
    def known_at(self) -> float:
        """The study day by which it is known; a clause without a day, only when all is over."""
        return AT_ANY_TIME if self.day is None else self.day

    @property
    def _series_parts(self) -> tuple[str, ...]:
        if self.series is None:
            return ()
        return tuple(part for part in (self.series.specimen, self.series.assay, self.series.unit) if part)


@dataclass(frozen=True)
class Answered:
    """Of whom a clause is so (before `negated` turns it round) and of whom it is not known, as patient ids; of all
    others it is not so.

    `asked` are the patients of whom it was asked: those with the chosen infusion. `known_at` is the study day by which
    all of it was known.
    """

    clause: CourseClause
    asked: frozenset[str]
    so: frozenset[str]
    not_known: frozenset[str]
    known_at: float = AT_ANY_TIME

    @property
    def kept(self) -> frozenset[str]:
        """The ids of those whom the clause keeps."""
        known = self.asked - self.so - self.not_known if self.clause.negated else self.so
        return known | self.not_known if self.clause.keep_missing else known

    def words(self, counted: Sequence[str]) -> str:
        """The clause, and what becomes of those among the `counted` patients of whom it is not known."""
        n = len(self.not_known & set(counted))
        kept = "kept" if self.clause.keep_missing else "left out"
        return f"{self.clause.words}, {n} not known ({self.clause.why_not_known}) {kept}" if n else self.clause.words


def written_day(day: float) -> str:
    """A study day as it is read back: "day 28", and "month 3" where it is a whole number of months but of no days."""
    months = round(day / DAYS_PER["months"])
    if months * DAYS_PER["months"] == day and not day.is_integer():
        return f"month {months}"
    plain = f"{day:.10g}"
    return f"day {plain if float(plain) == day else repr(float(day))}"


def _escaped(name: str) -> str:
    """The name without signs and words that mean something in a clause."""
    signs = re.sub(r"[%|?>=≥,]", lambda sign: quote(sign.group()), name)
    return re.sub(r"(?i)\s(?=(?:by|in)\s)", lambda space: quote(space.group()), signs)
