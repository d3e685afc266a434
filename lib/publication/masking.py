"""Small cells: counts of few patients, which could name somebody, replaced by "<5" in tables, captions and sentences.

Masked is a count from 1 to below the limit, and one of which so few are the others (6 of 8: two without). The cell goes
as a whole: a percentage or limits would give the count back. Where a row or a block of levels then lacks a single
count, the total gives it back: the smallest other count goes too (complementary suppression). Smallest and largest
values go, which are of one patient each. Unrounded numbers and the data behind a figure are left out. A figure is not
shown where its marks would give a small count back: a bar, a box, a step.
Source: Hundepool et al. 2012, Statistical Disclosure Control, chapters 4.2 (primary) and 4.4 (secondary cell
suppression).

With pseudonyms (P01, P02 ...) no id of the workbook is left in an exhibit.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from lib.publication.exhibit import Exhibit, Figure, Numbers, Table

PATIENT: Final = "patient"  # the column of the data in which patients are named
INDENT: Final = "\u2003"
NOT_COUNTED: Final = re.compile(
    r"\b(day|days|df|grade|statistic|infusion|dose|score|month|months|week|weeks|year|years|median|mean|ratio|difference|p)\b|\bp\s*\(",
    re.IGNORECASE,
)  # headings above numbers that count nobody
OF: Final = re.compile(
    r"(?<![\d.,–])(\d[\d,]*)(/| of )(\d[\d,]*)(?![\d.]*\s*%)((?:: ?| )\(?[<>]?[\d.]+ %(?: \([^()]*\)|\))?)?"
)  # 3/8: 38 % (9–76)
PERCENT: Final = re.compile(
    r"(?<![\d.,–])(\d[\d,]*) \([<>]?[\d.]+ %[^()]*\)(?: of (\d[\d,]*))?"
)  # 3 (38 %), 3 (38 %) of 8
COUNTS: Final = re.compile(
    r"(?<![\d.,–-])(?<!fewer than )(?<!at least )(\d[\d,]*)(?= (?:patients?|events?|at"
    r" risk|deaths?|switched|censored|with|without|not known|not stated|excluded)\b)|(?<=n = )(\d[\d,]*)"
)
PAIR: Final = re.compile(r"(\d[\d,]*) v (\d[\d,]*)")
WHOLE: Final = re.compile(r"\d[\d,]*")
OF_GROUP: Final = re.compile(r"\(n\s*=\s*(\d[\d,]*)\)")
COMPARED: Final = re.compile(r"% points|^p\b|SMD")  # a difference or test of two counts gives a masked one back
MASKED: Final = "masked"  # where the count itself is not small, but would give another one back
ONE_PATIENT: Final = (
    "Small cells are masked: this exhibit shows single patients. Switch masking off under Report to see it."
)
SMALL_CELLS: Final = (
    "Small cells are masked: this figure would draw counts of few patients. Tables show those that are not small."
)
STEPS: Final = "Small cells are masked: each step of this figure is of few patients, whose times it would give."
COUNTED: Final = frozenset(
    (
        "n",
        "of",
        "n_reference",
        "of_reference",
        "events",
        "events_reference",
        "carried",
        "n_at_risk",
        "censored",
        "switched",
    )
)  # columns that count patients
WHOLES: Final = (("n", "of"), ("n_reference", "of_reference"))
CURVE, COUNTS_TABLE = "curve", "counts"  # tables: of steps, and under the axis of time
WORDS, LABEL = "words", "label"  # columns: of what a mark says, and of names
JOINED: Final = (
    "Each step waits until {0} patients had the event, lines end where fewer are at risk, and censored times are not"
    " marked."
)
IN_LABEL: Final = re.compile(r"(?<= \()(\d[\d,]*)(?=\)$)")  # Control (8)
ENDS: Final = re.compile(r" ?\[[^\[\]]*–[^\[\]]*\]")  # 9 [7–28]: a median with the smallest and largest value
RANGES: Final = re.compile(
    r"\brange\b|\bnadir\b", re.IGNORECASE
)  # rows and columns that print these otherwise: 57 (44–71), 44–71
OF_RANGE: Final = re.compile(r" ?\(?-?\d[\d.,]*–-?\d[\d.,]*\)?$")
NO_DATA: Final = "Smallest and largest values, and the numbers behind it, are left out: small cells are masked."


class NotShown(Exception):
    """Why an exhibit is not shown, in a sentence of the program's own, without a value of a cell."""


def shows_patients(exhibit: Exhibit) -> bool:
    """Whether a lane, line or row of the exhibit is a patient."""
    if isinstance(exhibit, Figure):
        return any(PATIENT in table.columns for table in (*exhibit.tables.values(), exhibit.data))
    return any(name == PATIENT for name, _ in exhibit.numbers.columns)


def masked(exhibit: Exhibit, below: int) -> Exhibit:
    """The exhibit with every count below the limit masked; as it is where nothing is to be masked.

    Raises NotShown of single patients, and of a figure whose marks would give small counts.
    """
    if not below or not exhibit.of_patients:
        return exhibit
    if shows_patients(exhibit) or exhibit.id.startswith(f"{PATIENT}."):
        raise NotShown(ONE_PATIENT)
    if isinstance(exhibit, Figure) and draws_small(exhibit, below):
        raise NotShown(SMALL_CELLS)
    said: dict[str, Any] = {
        "caption": masked_words(exhibit.caption, below),
        "notes": (*(masked_words(note, below) for note in exhibit.notes), *_notes(exhibit, below)),
        "method": masked_words(exhibit.method, below),
        "numbers": Numbers(),
        "n": _not_small(exhibit.n, below),
        "tests": tuple(replace(test, n=_not_small(test.n, below)) for test in exhibit.tests),
    }
    if isinstance(exhibit, Table):
        return _masked_table(replace(exhibit, **said), below)
    tables = {name: _masked_frame(name, table, below) for name, table in exhibit.tables.items()}
    return replace(exhibit, tables=tables, data=exhibit.data.iloc[:0], alt=masked_words(exhibit.alt, below), **said)


def _notes(exhibit: Exhibit, below: int) -> Iterator[str]:
    """What a reader must know of a masked exhibit."""
    if isinstance(exhibit, Figure) and CURVE in exhibit.tables:
        yield JOINED.format(below)
    yield f"Counts below {below} are masked. {NO_DATA}"


def draws_small(figure: Figure, below: int) -> bool:
    """Whether a mark of the figure gives a small count back. Of curves only what is drawn of them counts: their `data`
    are left out."""
    drawn = [table for name, table in figure.tables.items() if name != COUNTS_TABLE]
    return any(_has_small(table, below) for table in (drawn if CURVE in figure.tables else [*drawn, figure.data]))


def _has_small(table: pd.DataFrame, below: int) -> bool:
    """Whether a table counts few patients, leaves few, or says so of a mark."""
    counts = {name: pd.to_numeric(table[name], errors="coerce") for name in table.columns if name in COUNTED}
    left = [counts[whole] - counts[n] for n, whole in WHOLES if {n, whole} <= counts.keys()]
    if any(((count > 0) & (count < below)).any() for count in (*counts.values(), *left)):
        return True
    words = table[WORDS] if WORDS in table.columns else ()
    return any(isinstance(each, str) and masked_words(each, below) != each for each in words)


def _masked_frame(name: str, table: pd.DataFrame, below: int) -> pd.DataFrame:
    """A table of a figure: its words masked, and the numbers under the axis of time."""
    if name == COUNTS_TABLE:
        kept = table.drop(columns="at_risk", errors="ignore")
        return kept.assign(text=kept["text"].map(lambda text: WHOLE.sub(lambda found: _or_less(found[0], below), text)))
    shown = table.map(lambda cell: masked_words(cell, below) if isinstance(cell, str) else cell)
    if LABEL not in shown.columns:
        return shown
    return shown.assign(label=[_masked_label(each, below) if isinstance(each, str) else each for each in shown[LABEL]])


def _masked_label(label: str, below: int) -> str:
    return IN_LABEL.sub(lambda found: _or_less(found[1], below), label)


def _masked_table(table: Table, below: int) -> Table:
    """Its cells masked; tests of masked counts would give them back, and go."""
    hidden = _hidden(table, below)
    ranges = [bool(RANGES.search(name)) for name in table.header]
    rows = tuple(
        tuple(
            hidden.get((y, x))
            or without_ends(masked_words(cell, below), x > 0 and bool(ranges[x] or RANGES.search(row[0])))
            for x, cell in enumerate(row)
        )
        for y, row in enumerate(table.rows)
    )
    header = tuple(masked_words(each, below) for each in table.header)
    return replace(table, header=header, rows=rows, tests=() if MASKED in hidden.values() else table.tests)


def without_ends(cell: str, is_range: bool) -> str:
    """A cell without the smallest and the largest value, which are of one patient each."""
    shown = ENDS.sub("", cell)
    return (OF_RANGE.sub("", shown) or MASKED) if is_range else shown


def masked_words(words: str, below: int) -> str:
    """A sentence in which no count is below the limit."""
    if not below:
        return words
    words = OF.sub(lambda found: _of(found, below), words)
    words = PERCENT.sub(lambda found: _mark(found[0], below, None) or found[0], words)
    words = PAIR.sub(lambda found: " v ".join(_or_less(each, below) for each in found.groups()), words)
    return COUNTS.sub(lambda found: _or_less(found[0], below), words)


def has_small(counts: Iterable[tuple[int, int]], below: int) -> bool:
    """Whether one of these counts (n, of so many) is small, or leaves few: with the others it would give their total's
    rest back."""
    return any(0 < each < below for n, of in counts for each in (n, of, of - n))


def _number(digits: str) -> int:
    return int(float(digits.replace(",", "")))


def _not_small(n: int, below: int) -> int:
    return 0 if 0 < n < below else n


def _is_small(digits: str, below: int) -> bool:
    return bool(WHOLE.fullmatch(digits)) and 0 < _number(digits) < below


def _or_less(digits: str, below: int) -> str:
    return f"<{below}" if _is_small(digits, below) else digits


def _of(found: re.Match[str], below: int) -> str:
    """A count of a whole, with its percentage where it has one: masked where it, or what is left of the whole, is
    small."""
    n, between, whole = found[1], found[2], found[3]
    if _is_small(n, below) or _is_small(whole, below):
        return f"<{below}{between}{_or_less(whole, below)}"
    rest = _number(whole) - _number(n)
    return f">{_number(whole) - below}{between}{whole}" if 0 < rest < below else found[0]


def _hidden(table: Table, below: int) -> dict[tuple[int, int], str]:
    """What stands instead of the masked cells of a table, by row and column: small counts, and what would give them
    back."""
    groups = [x for x, name in enumerate(table.header) if x and not NOT_COUNTED.search(OF_GROUP.sub("", name))]
    hidden = _small(table, groups, below)
    summed = any(name.startswith("Total") for name in table.header)
    _complement(table, hidden, _lines(table, groups, summed))
    return hidden | (_compared(table, {y for y, _ in hidden}) if summed else {})


def _small(table: Table, groups: Sequence[int], below: int) -> dict[tuple[int, int], str]:
    """The cells of these columns with a count that is small, or leaves few."""
    found: dict[tuple[int, int], str] = {}
    for x in groups:
        size = _size(table.header[x])
        marks = ((y, _mark(row[x], below, size)) for y, row in enumerate(table.rows))
        found |= {(y, x): mark for y, mark in marks if mark}
    return found


def _lines(table: Table, groups: Sequence[int], summed: bool) -> list[list[tuple[int, int]]]:
    """The cells that add up to something known: rows with a total, and the levels of a characteristic."""
    rows = [[(y, x) for x in groups] for y in range(len(table.rows))] if summed else []
    return rows + [[(y, x) for y in block] for x in groups for block in _blocks(table.rows)]


def _compared(table: Table, rows: Iterable[int]) -> dict[tuple[int, int], str]:
    """The differences and tests of these rows."""
    columns = [x for x, name in enumerate(table.header) if COMPARED.search(name)]
    return {(y, x): MASKED for y in rows for x in columns if table.rows[y][x]}


def _size(heading: str) -> int | None:
    found = OF_GROUP.search(heading)
    return _number(found[1]) if found else None


def _mark(cell: str, below: int, size: int | None) -> str:
    """What stands instead of a cell that counts patients; "" where it may stand."""
    if size is not None and 0 < size < below and cell:
        return MASKED  # all of a small group
    if any(0 < n < below for n in _counts(cell)):
        return f"<{below}"
    return MASKED if any(0 < n < below for n in _left(cell, size)) else ""


def _left(cell: str, size: int | None) -> list[int]:
    """How many are without what the cell counts, where their number is known."""
    left = [_number(each[3]) - _number(each[1]) for each in OF.finditer(cell)]
    whole = [(_number(each[1]), _number(each[2]) if each[2] else size) for each in PERCENT.finditer(cell)]
    return left + [of - n for n, of in whole if of is not None]


def _counts(cell: str) -> list[int]:
    """The counts in a cell: alone, before a percentage, of a whole, at risk, or of two groups."""
    if WHOLE.fullmatch(cell):
        return [_number(cell)]
    found = [each[1] for pattern in (OF, PERCENT) for each in pattern.finditer(cell)]
    found += [next(filter(None, each.groups())) for each in COUNTS.finditer(cell)]
    return [_number(each) for each in (*found, *(number for pair in PAIR.findall(cell) for number in pair))]


def _blocks(rows: Sequence[Sequence[str]]) -> list[list[int]]:
    """The rows of the levels of one characteristic: indented, one under the other, with a percentage."""
    blocks: list[list[int]] = [[]]
    for place, row in enumerate(rows):
        if row[0].startswith(INDENT) and any("%" in cell for cell in row[1:]):
            blocks[-1].append(place)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if len(block) > 1]


def _complement(table: Table, hidden: dict[tuple[int, int], str], lines: Sequence[Sequence[tuple[int, int]]]) -> None:
    """Hide the smallest other count wherever a line has just one that is hidden, until none has."""

    def count(place: tuple[int, int]) -> int:
        return next(iter(_counts(table.rows[place[0]][place[1]])), 0)

    while True:
        single = [line for line in lines if sum(place in hidden for place in line) == 1]
        found = [
            min(others, key=count)
            for line in single
            if (others := [each for each in line if each not in hidden and count(each)])
        ]
        if not found:
            return
        hidden[found[0]] = MASKED


HIDDEN_FIRST = ("patient.outcomes",)  # made to be passed on: pseudonyms unless the reader decides otherwise


def pseudonymised(figure: Figure, names: dict[str, str]) -> Figure:
    """The figure with every patient under another name."""
    tables = {name: _renamed(table, names) for name, table in figure.tables.items()}
    return replace(
        figure, tables=tables, data=_renamed(figure.data, names), numbers=_renamed_numbers(figure.numbers, names)
    )


def pseudonymised_table(table: Table, names: dict[str, str]) -> Table:
    """The table with every patient under another name: the first column of one whose rows are patients."""
    if not shows_patients(table):
        return table
    rows = tuple((names.get(row[0], row[0]), *row[1:]) for row in table.rows)
    return replace(table, rows=rows, numbers=_renamed_numbers(table.numbers, names))


def _renamed(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    return table.assign(patient=table[PATIENT].map(names)) if PATIENT in table.columns else table


def _renamed_numbers(numbers: Numbers, names: dict[str, str]) -> Numbers:
    places = {place for place, (name, _) in enumerate(numbers.columns) if name == PATIENT}
    rows = tuple(
        tuple(names.get(str(cell), cell) if place in places else cell for place, cell in enumerate(row))
        for row in numbers.rows
    )
    return replace(numbers, rows=rows)
