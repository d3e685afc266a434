"""From which grade at baseline to which worst grade after the infusion: the shift table of one test, by group.

One row a group and grade at baseline, one column a worst grade after the infusion.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.derived.lab_values import UNCERTAIN, grade_words
from lib.labs.grades import GradesResult, VersionOptions, graded
from lib.labs.series import EARLIER, analyte, analyte_slugs, noted_follow_up
from lib.publication.exhibit import Across, Columns, Exhibit, Table, TypedColumn, typed_table
from lib.publication.number import sentences
from lib.publication.spec import ExhibitSpec
from lib.publication.who import Place, Who

NOT_KNOWN: Final = "–"
GRADES: Final = ("0", UNCERTAIN, "1", "2", "3", "4")


@dataclass(frozen=True)
class Shift:
    """`counts` by group, grade at baseline and worst grade (words; NOT_KNOWN where there is no value); `levels`: those
    that occur."""

    analyte: str
    term: str
    result: GradesResult
    levels: tuple[str, ...]
    counts: Counter[tuple[str, str, str]]
    n: int

    @property
    def n_worse(self) -> dict[str, int]:
        """By group: how many had a worse grade than at baseline (both known)."""
        return {
            group: sum(
                n
                for (name, start, worst), n in self.counts.items()
                if name == group and _order(start) < _order(worst) and start != NOT_KNOWN
            )
            for group in self.result.grouping.names
        }


def shift(result: GradesResult, analyte: str) -> Shift:
    """The shift of one analyte; nobody counts without a value before and after."""
    rows = result.worst[result.worst["analyte"] == analyte]
    words = _words(rows)
    seen = {word for _, start, worst in words for word in (start, worst)}
    levels = [
        word
        for word in dict.fromkeys((*GRADES, *sorted(seen)))
        if (word in seen or word != UNCERTAIN) and word != NOT_KNOWN
    ]
    term = str(rows["term"].iloc[0]) if len(rows) else analyte
    return Shift(analyte, term, result, tuple(levels), Counter(words), len(rows))


def _words(rows: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Of each row its group, its grade at baseline and its worst grade."""
    start, worst = (
        map(grade_words, rows[low], rows[high]) for low, high in (("baseline_low", "baseline_high"), ("low", "high"))
    )
    return list(zip(rows["group"], start, worst, strict=True))


def _shown(shift: Shift) -> tuple[str, ...]:
    """The worst grades that have a column."""
    return (*shift.levels, *((NOT_KNOWN,) if any(worst == NOT_KNOWN for _, _, worst in shift.counts) else ()))


def _order(words: str) -> float:
    return -1.0 if words == NOT_KNOWN else float(words.rsplit("–", maxsplit=1)[-1])


def shift_table(shift: Shift, slug: str) -> Table:
    """Counts of patients; rows and columns of grades that occur nowhere stand as 0, so that the table is the same for
    every group."""
    names, starts, columns = shift.result.grouping.names, _starts(shift), _shown(shift)
    return typed_table(
        _columns(shift, columns),
        [(group, start, worst) for group in names for start in starts for worst in columns],
        id=f"labs.{slug}.shift",
        title=f"{shift.term}: grade at baseline to worst grade, {shift.result.version}",
        caption=_caption(shift),
        method=_method(shift),
        notes=_notes(shift),
        n=shift.n,
    )


def _columns(shift: Shift, worst: tuple[str, ...]) -> Columns:
    """Of a group, a grade at baseline and a worst grade."""
    grouping = shift.result.grouping

    def total(cell: tuple[str, str, str]) -> str:
        return str(sum(shift.counts[*cell[:2], each] for each in worst))

    return (
        TypedColumn(
            "Group" * grouping.compares, "group", "", lambda cell: grouping.level_of[cell[0]], lambda cell: cell[0]
        ),
        TypedColumn("At baseline", "baseline", "grade", lambda cell: _known(cell[1]), lambda cell: _named(cell[1])),
        TypedColumn(name="worst", unit="grade", value=lambda cell: _known(cell[2])),
        TypedColumn(name="n", unit="patients", value=lambda cell: shift.counts[cell]),
        Across(
            tuple(map(_worst, worst)),
            lambda cell: cell[:2],
            lambda cell: worst.index(cell[2]),
            lambda cell: str(shift.counts[cell] or "·"),
        ),
        TypedColumn("n", printed=total),
    )


def _known(word: str) -> str | None:
    return None if word == NOT_KNOWN else word


def _starts(shift: Shift) -> tuple[str, ...]:
    seen = {start for _, start, _ in shift.counts}
    return tuple(word for word in (*shift.levels, NOT_KNOWN) if word in seen)


def _named(word: str) -> str:
    return "no value" if word == NOT_KNOWN else f"Grade {word}"


def _worst(word: str) -> str:
    return "No value after" if word == NOT_KNOWN else f"Worst {word}"


def _caption(shift: Shift) -> str:
    worse = shift.n_worse
    reported = (
        "; ".join(f"{name} {n}" for name, n in worse.items())
        if shift.result.grouping.compares
        else str(sum(worse.values()))
    )
    return (
        f"{shift.term}: grade at baseline and worst grade, computed by {shift.result.version}. Worse than at baseline:"
        f" {reported}."
    )


def _method(shift: Shift) -> str:
    return sentences(
        "Baseline: the value marked as such, else the last on or before day 0; worst: from day 0 on.",
        shift.result.grouping.late(EARLIER),
    )


def _notes(shift: Shift) -> tuple[str, ...]:
    said = []
    if any("–" in word and word != NOT_KNOWN for key in shift.counts for word in key[1:]):
        said.append("0–1: without the laboratory's lower limit grades 0 and 1 cannot be told apart.")
    if any(start == NOT_KNOWN for _, start, _ in shift.counts):
        said.append("No value: nothing measured by day 0.")
    return tuple(said)


def has_grades(analysis: Analysis, slug: str, options: VersionOptions) -> bool:
    """Whether this test has grades by value."""
    return analyte(analysis, slug) in {row.analyte for row in graded(analysis, options).rows}


def _build(analysis: Analysis, slug: str, options: VersionOptions) -> Exhibit:
    return noted_follow_up(
        analysis, options, shift_table(shift(graded(analysis, options), analyte(analysis, slug)), slug)
    )


def _who(analysis: Analysis, slug: str, options: VersionOptions) -> Who:
    """Of each group and grade at baseline (a row) and each worst grade who went from the one to the other; all of the
    row at its end."""
    result, of = graded(analysis, options), analyte(analysis, slug)
    rows, found = result.worst[result.worst["analyte"] == of], shift(result, of)
    went = dict(zip(map(str, rows["patient"]), _words(rows), strict=True))
    lines = [(group, start) for group in result.grouping.names for start in _starts(found)]
    first, columns = 2 if result.grouping.compares else 1, _shown(found)
    cells: dict[Place, frozenset[str]] = {}
    for y, line in enumerate(lines):
        mine = {patient: worst for patient, (*begun, worst) in went.items() if tuple(begun) == line}
        for x, column in enumerate(columns, start=first):
            cells[y, x] = frozenset(patient for patient, worst in mine.items() if worst == column)
        cells[y, first + len(columns)] = frozenset(mine)
    return cells


SHIFT: Final = ExhibitSpec(
    "labs.{test}.shift",
    "From baseline to worst grade",
    needs="labs",
    variants=analyte_slugs,
    build=_build,
    options=VersionOptions,
    when=has_grades,
    who=_who,
)
