"""The account of every filled cell of a workbook, from what each reading took, which rows were kept to the end, and
what was reported.

A cell that several readings take counts once, as the best of what became of it: read before kept as covariate before
unreadable.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.cohort.finding import Account, ColumnAccount, Finding, SheetAccount
from lib.cohort.schema import PATIENTS, STUDY, TABLES
from lib.intake.apply.applied import Applied
from lib.intake.apply.table import CHOOSES, ReadTable, Use
from lib.intake.apply.variables import PatientColumns
from lib.intake.files.grid import Cell, Grid
from lib.intake.sheets.block import Block
from lib.intake.sheets.tail import EXPLANATION

UNTOLD, LEFT_OUT, NO_VALUE, UNREADABLE, COVARIATE, READ, HEADING = range(7)  # what became of a cell; more is better
EMPTY: Final = -1
NAMES: Final = {
    READ: "read",
    COVARIATE: "covariate",
    NO_VALUE: "no_value",
    UNREADABLE: "unreadable",
    LEFT_OUT: "left_out",
    HEADING: "heading_cells",
}
OUTSIDE: Final = "stands outside the table: a title, a note or a legend"
NOT_DRAWN: Final = "stands outside the area that you drew"
NO_TABLE: Final = "no table was found in this sheet"
NO_HEADING: Final = "the column has no heading"
NOT_TAKEN: Final = "nothing of ours; the mapping does not take this column"
ON_PURPOSE: Final = "left out on purpose: as a name, record number, address or date of birth, or because you said so"
FIX_ON_PURPOSE: Final = "It is neither shown nor offered as a filter."
ROW_SET_ASIDE: Final = "the row was set aside; the findings say why"
ROW_NOT_READ: Final = "the row was not read: nothing stands in it but the patient, or the mapping leaves it out"
ROW_NOT_KEPT: Final = "another row speaks of the same, or the patient is left out"


@dataclass(frozen=True)
class Kept:
    """What a cohort holds at the end: the source rows of each table, and which further columns became what.

    `extras` has (table, name in the frame as read) and what it is called now; a pair of an endpoint is in `endpoints`.
    """

    rows: Mapping[str, set[int]]
    extras: Mapping[tuple[str, str], str]
    endpoints: frozenset[str] = frozenset()


def kept_of(reads: Mapping[str, ReadTable], columns: PatientColumns, tables: Mapping[str, pd.DataFrame]) -> Kept:
    """What of the tables as read has come through."""
    rows = {name: set(frame["source_row"].astype("int64")) for name, frame in tables.items() if "source_row" in frame}
    extras = {(PATIENTS.name, heading): name for heading, name in columns.extras.items()}
    for name, read in reads.items():
        extras |= {(name, extra): extra for extra in read.extras if name in tables and extra in tables[name].columns}
    return Kept(rows, extras, columns.endpoints)


@dataclass
class _Ledger:
    """What became of each cell of one sheet, and why it was left out (an index of `reasons`)."""

    grid: Grid
    states: NDArray[np.int8]
    why: NDArray[np.int16]
    reasons: list[str] = field(default_factory=lambda: [""])
    became: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    headings: dict[int, str] = field(default_factory=dict)
    outside: str = OUTSIDE  # why nothing was made of what no table holds

    def mark(self, rows: Sequence[int] | NDArray[np.intp], column: int, state: int, reason: str = "") -> None:
        """Give these filled cells this state unless they have a better one."""
        rows = np.asarray(rows, dtype=np.intp)
        now = self.states[rows, column]
        rows = rows[(now != EMPTY) & (now < state)]
        self.states[rows, column] = state
        self.why[rows, column] = self._number(reason)

    def mark_left(self, reason: str, rows: Sequence[int] | None = None, column: int | None = None) -> None:
        """Whatever nothing has become of yet, in these rows or this column, is left out for this reason."""
        where = (slice(None) if rows is None else list(rows), slice(None) if column is None else column)
        untold = self.states[where] == UNTOLD
        states, why = self.states[where], self.why[where]
        states[untold], why[untold] = LEFT_OUT, self._number(reason)
        self.states[where], self.why[where] = states, why

    def _number(self, reason: str) -> int:
        if reason not in self.reasons:
            self.reasons.append(reason)
        return self.reasons.index(reason)


def account_of(
    grids: Sequence[Grid], read: Applied, kept: Kept, findings: Sequence[Finding], drawn: Collection[str] = ()
) -> Account:
    """The account of these sheets. `findings` as the sheets show them; of the sheets `drawn` somebody said where the
    table lies."""
    every = {id(grid): grid for grid in (*grids, *(block.grid for block in read.blocks))}
    ledgers = {number: _ledger(grid) for number, grid in every.items()}
    rows_aside = {(each.sheet, each.row) for each in findings if each.sets_aside}
    for block in read.blocks:
        _mark_outside(ledgers[id(block.grid)], block)
    _mark_unread(ledgers.values(), findings)
    for use in read.uses:
        _mark_use(ledgers[id(use.grid)], use, kept, rows_aside)
    for block in read.blocks:
        _mark_columns(ledgers[id(block.grid)], block, findings, read.set_aside.get(block.grid.name, ()))
    own = [ledgers.pop(id(grid)) for grid in grids]
    for ledger in own:
        ledger.outside = NOT_DRAWN if ledger.grid.name in drawn else OUTSIDE
    return _account(own, list(ledgers.values()), findings)


def with_unread_columns(findings: Sequence[Finding], account: Account) -> list[Finding]:
    """The findings, those of columns without a heading of which nothing was read as warnings, and a note for each
    column that was left out on purpose."""
    unread = {(each.sheet, each.letter): each for each in account.columns if each.left_out and not each.became}
    reported = [_not_read(each, unread.get((each.sheet, each.column))) for each in findings]
    said = {(each.sheet, each.column.split(" (")[0]) for each in findings}
    more = [
        Finding("note", sheet, None, f"{letter} ({each.heading})", "", f"This column was {ON_PURPOSE}.", FIX_ON_PURPOSE)
        for (sheet, letter), each in unread.items()
        if ON_PURPOSE in each.why and (sheet, letter) not in said
    ]
    return [*reported, *more]


def _not_read(finding: Finding, unread: ColumnAccount | None) -> Finding:
    if unread is None or not unread.heading.endswith("(no heading)"):
        return finding
    n = unread.left_out
    problem = f"This column has no heading and was not read ({n:,} {'cell' if n == 1 else 'cells'})."
    return replace(finding, severity="warning", problem=problem, fix="Give it a heading if it is needed.")


def _account(own: Sequence[_Ledger], made: Sequence[_Ledger], findings: Sequence[Finding]) -> Account:
    """The account of the sheets of the file (`own`), with what became of tables that were made of parts of them."""
    for ledger in made:
        _bring_home(ledger, own)
    for ledger in own:
        ledger.mark_left(ledger.outside if ledger.became else next(_said_of(ledger.grid.name, findings), NO_TABLE))
    columns = tuple(column for ledger in own for column in _columns(ledger))
    return Account(columns, tuple(map(_sheet, own)))


def _bring_home(made: _Ledger, own: Sequence[_Ledger]) -> None:
    """What became of the cells of a table that was made of parts of sheets (turned, put together), where the file has
    them."""
    by_name = {ledger.grid.name: ledger for ledger in own}
    for row, column in zip(*np.nonzero(made.states != EMPTY), strict=True):
        place = made.grid.cell_place(int(row), int(column))
        ledger = by_name.get(place[0]) if place else None
        if place is None or ledger is None:
            continue
        at = place[1] - ledger.grid.first_row, place[2] - ledger.grid.first_column
        ledger.headings.setdefault(at[1], made.headings.get(int(column), ""))
        ledger.became[at[1]] += [each for each in made.became.get(int(column), ()) if each not in ledger.became[at[1]]]
        state = int(made.states[row, column])
        if state != UNTOLD and not (state == COVARIATE and ledger.states[at] == UNREADABLE):
            ledger.mark([at[0]], at[1], state, made.reasons[made.why[row, column]])


def _ledger(grid: Grid) -> _Ledger:
    states = np.full((len(grid.rows), grid.width), EMPTY, dtype=np.int8)
    for place in range(grid.width):
        found = grid.whole_column(place).distinct
        states[found.flags(found.of_texts(is_filled, True), False), place] = UNTOLD
    return _Ledger(grid, states, np.zeros(states.shape, dtype=np.int16))


def is_filled(cell: Cell) -> bool:
    """Whether anything stands in this cell, a blank and a not-a-number aside."""
    return cell is not None and (cell == cell if not isinstance(cell, str) else bool(cell) and not cell.isspace())  # noqa: PLR0124


def _mark_outside(ledger: _Ledger, block: Block) -> None:
    """Headings, and rows that hold no patient's data."""
    for column, heading in enumerate(block.headings):
        ledger.headings.setdefault(column, heading)
    explained = [row for row, why in block.left_out if why == EXPLANATION]
    for column in range(ledger.states.shape[1]):
        ledger.mark([*block.header, *explained], column, HEADING)
    for row, why in block.left_out:
        ledger.mark_left(why, rows=[row])
    others = set(range(len(ledger.grid.rows))) - set(block.rows)
    ledger.mark_left(OUTSIDE, rows=sorted(others))


def _mark_use(ledger: _Ledger, use: Use, kept: Kept, rows_aside: set[tuple[str, int | None]]) -> None:
    rows, filled = np.asarray(use.rows, dtype=np.intp), np.asarray(use.filled, dtype=bool)
    if use.name == CHOOSES:
        ledger.became[use.column].append(CHOOSES)
        ledger.mark(rows[filled], use.column, READ)
        return
    if use.extra:  # typed later than it was read
        filled = filled & (ledger.states[rows, use.column] != UNREADABLE)
    ledger.mark(rows[~filled], use.column, NO_VALUE)
    state, became = _became(use, kept)
    if state == UNTOLD:
        return
    ledger.became[use.column].append(became)
    there, aside = _are_kept(use, kept), _are_aside(use, rows, rows_aside)
    ledger.mark(rows[filled & there & ~aside], use.column, state)
    ledger.mark(rows[filled & aside], use.column, LEFT_OUT, ROW_SET_ASIDE)
    ledger.mark(rows[filled & ~there & ~aside], use.column, LEFT_OUT, ROW_NOT_KEPT)


def _are_kept(use: Use, kept: Kept) -> NDArray[np.bool_]:
    """Which rows came through: those of patients are joined, so only those set aside do not."""
    if use.table in (PATIENTS.name, STUDY.name):
        return np.ones(len(use.source_rows), dtype=bool)
    rows = (np.asarray(use.source_rows, dtype=np.int64) + use.offset).tolist()
    return np.fromiter(map(kept.rows.get(use.table, set()).__contains__, rows), dtype=bool, count=len(rows))


def _are_aside(use: Use, rows: NDArray[np.intp], rows_aside: set[tuple[str, int | None]]) -> NDArray[np.bool_]:
    """In which rows the cell stands in a row of the sheet that was set aside."""
    if not rows_aside:
        return np.zeros(len(rows), dtype=bool)
    places = (use.grid.cell_place(row, use.column) for row in rows.tolist())
    return np.array([place is not None and place[:2] in rows_aside for place in places], dtype=bool)


def _became(use: Use, kept: Kept) -> tuple[int, str]:
    """The state of the cells of this column and what it became; UNTOLD where it was dropped, which the findings
    explain."""
    sheet = next(table.sheet for table in TABLES if table.name == use.table)
    if not use.extra:
        return READ, f"{sheet}: {use.name}"
    if use.name in kept.endpoints and use.table == PATIENTS.name:
        return READ, f"Endpoints: {use.name}"
    name = kept.extras.get((use.table, use.name))
    return (COVARIATE, f"{sheet}: further column {name}") if name else (UNTOLD, "")


def _mark_unread(ledgers: Iterable[_Ledger], findings: Sequence[Finding]) -> None:
    """Cells that could not be read, by the findings that say so."""
    for ledger in ledgers:
        grid = ledger.grid
        letters = {grid.column_letter(column): column for column in range(ledger.states.shape[1])}
        for each in findings:
            column = letters.get(each.column.split(" ")[0])
            if each.unread and each.sheet == grid.name and each.row is not None and column is not None:
                row = each.row - grid.first_row
                if 0 <= row < len(grid.rows) and ledger.states[row, column] in (UNTOLD, NO_VALUE):
                    ledger.states[row, column] = UNREADABLE


def _mark_columns(ledger: _Ledger, block: Block, findings: Sequence[Finding], aside: Sequence[str]) -> None:
    """What is left of each column: why nothing reads it, or why those rows were not read."""
    for column in range(ledger.states.shape[1]):
        heading = ledger.headings.get(column, "")
        if ledger.became.get(column):
            reason = ROW_NOT_READ
        elif heading in aside:
            reason = ON_PURPOSE
        else:
            letter = block.grid.column_letter(column)
            reason = next(_said_of(block.grid.name, findings, letter), NOT_TAKEN if heading else NO_HEADING)
        ledger.mark_left(reason, column=column)


def _said_of(sheet: str, findings: Sequence[Finding], letter: str = "") -> Iterator[str]:
    """What the findings say of a whole sheet, or of one whole column of it."""
    for each in findings:
        if (
            each.sheet == sheet
            and each.column.split(" (")[0] == letter
            and (each.row is None or (letter and "twice" in each.problem))
        ):
            yield each.problem.rstrip(".")


def _columns(ledger: _Ledger) -> Iterator[ColumnAccount]:
    data = (ledger.states > LEFT_OUT) & (ledger.states != HEADING)
    rows = data.any(axis=1) if data.size else np.zeros(0, dtype=bool)
    for column in range(ledger.states.shape[1]):
        states = ledger.states[:, column]
        counts = {name: int((states == state).sum()) for state, name in NAMES.items()}
        filled = int((states != EMPTY).sum())
        became = list(dict.fromkeys(ledger.became.get(column, ())))
        if filled or ledger.headings.get(column):
            yield ColumnAccount(
                ledger.grid.name,
                ledger.grid.column_letter(column),
                ledger.headings.get(column, ""),
                "; ".join(became),
                _reasons(ledger, ledger.why[states == LEFT_OUT, column], "cell"),
                filled,
                **counts,
                empty=int((states[rows] == EMPTY).sum()),
            )


def _reasons(ledger: _Ledger, numbers: NDArray[np.int16], what: str) -> str:
    """How many cells or rows were left out for each of these reasons."""
    codes, different = pd.factorize(numbers)
    counts = Counter(dict(zip(different.tolist(), np.bincount(codes).tolist(), strict=False)))
    found = ((ledger.reasons[number], n) for number, n in counts.most_common())
    return "; ".join(f"{n:,} {what if n == 1 else f'{what}s'}: {reason}" for reason, n in found)


def _sheet(ledger: _Ledger) -> SheetAccount:
    best = ledger.states.max(axis=1, initial=EMPTY)
    left = np.flatnonzero(best == LEFT_OUT)
    first = (ledger.states[left] == LEFT_OUT).argmax(axis=1) if len(left) else left
    why = _reasons(ledger, ledger.why[left, first], "row")
    headings = int((best == HEADING).sum())
    rows = int((best != EMPTY).sum())
    return SheetAccount(ledger.grid.name, rows, headings, rows - headings - len(left), len(left), why)
