"""Words of the user's -> words of the schema, by the codes of a mapping, before anything is read from a cell."""

from collections.abc import Mapping, Sequence

from lib.cohort.schema import Column
from lib.intake.cells.coding import as_number, is_missing, text
from lib.intake.files.cells import Cell, Cells, distinct

Codes = Mapping[str, str | None]


def translated(cells: Sequence[Cell], codes: Codes) -> Sequence[Cell]:
    """The cells with every listed word replaced; None = nothing stands there, "" = what an empty cell means."""
    if not codes:
        return cells
    by_word = {folded(written): meant for written, meant in codes.items()}
    found = distinct(cells)
    meant = found.spread((by_word.get(folded(text(cell)), cell) for cell in found.values), by_word.get(folded("")))
    return Cells(meant.tolist())


def new_words(cells: Sequence[Cell], codes: Codes, column: Column) -> tuple[str, ...]:
    """The words of this column that the codes neither list nor give, where they were meant to list all of them."""
    if all(meant is None for meant in codes.values()):
        return ()
    given = {folded(written) for written in codes} | {
        folded(meant) for meant in codes.values() if meant and column.kind != "event"
    }
    written = dict.fromkeys(text(cell) for cell in distinct(cells).values if not is_missing(cell))
    return tuple(word for word in written if folded(word) not in given)


def folded(written: str) -> str:
    """A word as it is compared: capitals and outer spaces say nothing, and 1.0 is 1."""
    number = as_number(written) if written[-1:].isdigit() else None
    return written.strip().casefold() if number is None else f"{number:.15g}"
