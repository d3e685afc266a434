"""An export of REDCap, raw or with labels -> a table of patients, one of visits and one of every repeating instrument.

REDCap writes all forms of a project into one wide sheet: a row a record and event, further rows for each time that an
instrument was repeated. A data dictionary beside it turns codes into the labels of their choices and says which fields
identify a patient.

Source: REDCap's help on exports: record id first, then redcap_event_name, redcap_repeat_instrument,
redcap_repeat_instance; checkbox fields as field___code; form_complete = 0, 1, 2; choices written "1, Yes | 0, No".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lib.cohort.finding import Finding
from lib.intake.cells.coding import is_missing, text
from lib.intake.files.grid import Cell, Grid, Origin
from lib.intake.mapping import SheetMapping
from lib.intake.sheets.areas import padded
from lib.intake.sheets.header import unique_headings
from lib.intake.sheets.role import keyed
from lib.intake.sheets.table import Block

EVENT: Final = ("redcap_event_name", "event_name")
INSTRUMENT: Final = ("redcap_repeat_instrument", "repeat_instrument")
INSTANCE: Final = ("redcap_repeat_instance", "repeat_instance")
STATUS: Final = re.compile(
    r"\w+_complete|complete(_\d+)?|redcap_survey_identifier|survey_identifier|\w+_timestamp|survey_timestamp(_\d+)?"
)
STATUS_VALUES: Final = frozenset(("0", "1", "2", "incomplete", "unverified", "complete", ""))
CHECKBOX: Final = re.compile(r"(?P<field>\w+?)___(?P<code>\w+)")
FIELD, KIND, LABEL, CHOICES, IDENTIFIER = (
    "variable_field_name",
    "field_type",
    "field_label",
    "choices_calculations_or_slider_labels",
    "identifier",
)
OLD_NAMES: Final = {"field_name": FIELD, "select_choices_or_calculations": CHOICES}
PATIENTS: Final = "patients"
VISITS: Final = "visits"
NOT_READ: Final = "{n} columns that say whether a form is complete ({names}) were not read."
SHOWN: Final = 4
LOOKED_AT: Final = 10  # rows in which the headings of a sheet are looked for
FEWEST: Final = 3
OF_FIELDS: Final = re.compile(r"variable|field|column|heading|spalte|merkmal|name|item|champ|campo|parameter", re.I)
OF_LABELS: Final = re.compile(r"label|descri|beschreib|meaning|bedeutung|explan", re.I)
CODED: Final = re.compile(r"(?:^|[\s;,|(])(-?\w+)\s*[=:]\s*([^;,|=:)]+?)\s*(?=[;,|)]|$)")


@dataclass(frozen=True)
class Dictionary:
    """What a data dictionary says of each field: its label, the labels of its choices, and whether it identifies a
    patient."""

    labels: dict[str, str] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    identifiers: frozenset[str] = frozenset()

    def codes(self, name: str) -> dict[str, str]:
        """The word for each code of this field."""
        if CHECKBOX.fullmatch(name) or "(choice=" in name:
            return {"Checked": "yes", "Unchecked": "no"}
        return self.choices.get(name, {})

    def label(self, name: str) -> str:
        """What this field is called in words, "" where nothing says it."""
        box = CHECKBOX.fullmatch(name)
        if box is None:
            return self.labels.get(name, "")
        choice = self.choices.get(box["field"], {}).get(box["code"], "")
        return f"{self.labels.get(box['field'], '')}: {choice}" if choice else ""


def dictionary_in(grids: Sequence[Grid]) -> tuple[Dictionary, Grid | None]:
    """The data dictionary among these sheets, or the list of what the headings of another sheet mean, and its sheet; an
    empty one where there is none."""
    for grid in grids:
        head = [OLD_NAMES.get(key, key) for key in map(keyed, map(text, grid.rows[0]))] if grid.rows else []
        if FIELD in head and KIND in head and CHOICES in head:
            return _dictionary(grid, head), grid
    for grid in grids:
        if listed := _listed(grid, [other for other in grids if other is not grid]):
            return Dictionary(dict.fromkeys(listed, "") | _labels(grid), _code_lists(grid)), grid
    return Dictionary(), None


def _listed(grid: Grid, others: Sequence[Grid]) -> list[str]:
    """The headings of another sheet that this one lists; [] where it is no such list."""
    if not (grid.rows and grid.rows[0] and OF_FIELDS.search(text(grid.rows[0][0]))):
        return []
    listed = [text(row[0]) for row in grid.rows[1:] if row and text(row[0])]
    rows = (set(map(text, row)) for other in others for row in other.rows[:LOOKED_AT])
    return listed if any(len(row & {*listed}) * 2 > max(len(listed), FEWEST) for row in rows) else []


def _labels(grid: Grid) -> dict[str, str]:
    """The words in the column that is headed as the label, or else beside the headings."""
    head = [place for place, cell in enumerate(grid.rows[0]) if OF_LABELS.search(text(cell))]
    place = head[0] if head else 1
    return {text(row[0]): text(row[place]) for row in grid.rows[1:] if len(row) > place}


def _code_lists(grid: Grid) -> dict[str, dict[str, str]]:
    """The word of each code of a heading, from whichever cell has several: 0 = alive; 1 = dead."""
    said = ((text(row[0]), dict(CODED.findall(text(cell)))) for row in grid.rows[1:] for cell in row[1:])
    return {name: words for name, words in said if len(words) > 1}


def described(grid: Grid, dictionary: Dictionary) -> Grid:
    """The sheet with the words for its codes and the labels of its headings, where the dictionary has these
    headings."""
    heads = [[text(cell) in dictionary.labels for cell in row] for row in grid.rows[:LOOKED_AT]]
    top = max(range(len(heads)), key=lambda each: sum(heads[each]), default=0)
    if not heads or sum(heads[top]) < FEWEST:
        return grid
    names = list(map(text, grid.rows[top]))
    codes = {place: of for place, name in enumerate(names) if (of := dictionary.codes(name))}
    below = (
        tuple(codes[place].get(text(cell), cell) if place in codes else cell for place, cell in enumerate(row))
        for row in grid.rows[top + 1 :]
    )
    return replace(grid, rows=(*grid.rows[: top + 1], *below), labels=tuple(map(dictionary.label, names)))


def _dictionary(grid: Grid, head: Sequence[str]) -> Dictionary:
    labels, choices, identifiers = {}, {}, set()
    for row in grid.rows[1:]:
        said = {name: text(cell) for name, cell in zip(head, row, strict=False)}
        name = said.get(FIELD, "")
        labels[name] = re.sub(r"<[^>]*>", "", said.get(LABEL, ""))
        if said.get(KIND, "") in ("dropdown", "radio", "checkbox", "select"):
            choices[name] = _choices(said.get(CHOICES, ""))
        elif said.get(KIND) == "yesno":
            choices[name] = {"1": "Yes", "0": "No"}
        elif said.get(KIND) == "truefalse":
            choices[name] = {"1": "True", "0": "False"}
        if said.get(IDENTIFIER, "").casefold() in ("y", "yes"):
            identifiers.add(name)
    return Dictionary(labels, choices, frozenset(identifiers))


def _choices(written: str) -> dict[str, str]:
    parts = (part.partition(",") for part in re.split(r"\s*\|\s*|\s*\\n\s*", written))
    return {code.strip(): label.strip() for code, comma, label in parts if comma}


def is_export(grid: Grid) -> bool:
    """Whether the first row of this sheet is the header of a REDCap project with events or repeated instruments, or
    checkboxes."""
    keys = [keyed(text(cell)) for cell in grid.rows[0]] if grid.rows else []
    forms = any(key in (*EVENT, *INSTRUMENT) for key in keys[1:5])
    raw = any(key.startswith("redcap_") for key in keys)
    labelled = "repeat_instance" in keys or ("event_name" in keys[:3] and "complete" in keys)
    return forms and (raw or labelled)


def blocks_of_export(grid: Grid, dictionary: Dictionary) -> Iterator[Block]:
    """The tables of an export, patients first."""
    rows = padded(grid)
    names = unique_headings([tuple(filter(None, (text(cell),))) for cell in rows[0]])
    table = _Table(grid, names, rows, dictionary)
    event, form, instance = map(table.place, (EVENT, INSTRUMENT, INSTANCE))
    status = [n for n, name in enumerate(names) if STATUS.fullmatch(keyed(name)) and _is_status(rows, n)]
    read = [n for n, name in enumerate(names) if name and n not in (0, event, form, instance, *status)]
    reported = _told(grid, [names[n] for n in status])
    forms = table.by_form(form)
    base = forms.pop("", [])
    if base:
        yield from table.of_patients(base, read, event, reported)
    for name, of in forms.items():
        yield replace(table.block(name, of, [0, *table.filled(of, read)]), reported=() if base else reported)


def _is_status(rows: Sequence[Sequence[Cell]], place: int) -> bool:
    words = {text(row[place]).casefold() for row in rows[1:]}
    return words <= STATUS_VALUES or "timestamp" in keyed(text(rows[0][place]))


def _told(grid: Grid, names: Sequence[str]) -> tuple[Finding, ...]:
    if not names:
        return ()
    shown = ", ".join(names[:SHOWN]) + (" ..." if len(names) > SHOWN else "")
    return (
        Finding("note", grid.name, None, "", "", NOT_READ.format(n=len(names), names=shown), "Nothing has to be done."),
    )


@dataclass(frozen=True)
class _Table:
    """An export on its way into blocks."""

    grid: Grid
    names: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    dictionary: Dictionary

    def place(self, known: Sequence[str]) -> int:
        """Where a column of REDCap's own stands, -1 for none."""
        return next((n for n, name in enumerate(self.names) if keyed(name) in known), -1)

    def word(self, row: int, place: int) -> str:
        """What stands in a cell, "" in a column that is not there."""
        return text(self.rows[row][place]) if place >= 0 else ""

    def by_form(self, place: int) -> dict[str, list[int]]:
        """The rows of each repeated instrument, "" for those of none; rows without a record are no data."""
        found: dict[str, list[int]] = {}
        for row in range(1, len(self.rows)):
            if not is_missing(self.rows[row][0]):
                found.setdefault(self.word(row, place), []).append(row)
        return found

    def filled(self, rows: Sequence[int], places: Sequence[int]) -> list[int]:
        """Those of these columns that hold something in these rows."""
        return [place for place in places if any(not is_missing(self.rows[row][place]) for row in rows)]

    def of_patients(
        self, base: Sequence[int], fields: Sequence[int], event: int, reported: tuple[Finding, ...]
    ) -> Iterator[Block]:
        """The table of patients, and that of visits with the fields that are filled in several events of a record."""
        several = [place for place in fields if self._changes(base, place)]
        once = [place for place in self.filled(base, fields) if place not in several]
        yield replace(self.patients(base, once), reported=reported)
        if several:
            named = [event] if any(self.word(row, event) for row in base) else []
            yield self.block(VISITS, [row for row in base if self.filled([row], several)], [0, *named, *several])

    def _changes(self, base: Sequence[int], place: int) -> bool:
        filled = [row for row in base if not is_missing(self.rows[row][place])]
        records = [record for row in filled if (record := text(self.rows[row][0]))]
        return len(set(records)) < len(records)

    def patients(self, base: Sequence[int], fields: Sequence[int]) -> Block:
        """One row a record: what its events say, each field of which only one says anything."""
        merged: dict[str, list[Cell]] = {}
        first: dict[str, int] = {}
        moved: dict[tuple[int, int], int] = {}
        number: dict[str, int] = {}
        for row in base:
            record = text(self.rows[row][0])
            cells = merged.setdefault(record, [self.rows[row][0], *[None] * len(fields)])
            first.setdefault(record, row)
            number.setdefault(record, len(number) + 1)
            for place, name in enumerate(fields, start=1):
                if is_missing(cells[place]) and not is_missing(self.rows[row][name]):
                    cells[place] = self.rows[row][name]
                    moved[number[record], place] = self.grid.first_row + row
        block = self._block(PATIENTS, [*merged.values()], [*first.values()], [0, *fields])
        return replace(block, grid=replace(block.grid, moved=moved))

    def block(self, part: str, rows: Sequence[int], places: Sequence[int]) -> Block:
        """These rows and columns."""
        return self._block(part, [[self.rows[row][place] for place in places] for row in rows], rows, places)

    def _block(
        self, part: str, cells: Sequence[Sequence[Cell]], origins: Sequence[int], places: Sequence[int]
    ) -> Block:
        grid, names = self.grid, [self.names[place] for place in places]
        codes = list(map(self.dictionary.codes, names))
        data = [tuple(of.get(text(cell), cell) for of, cell in zip(codes, row, strict=True)) for row in cells]
        layout = SheetMapping(grid.name, part=part)
        columns = tuple(grid.first_column + place for place in places)
        made = Grid(
            layout.name,
            (tuple(names), *data),
            labels=tuple(map(self.dictionary.label, names)),
            sheet=grid.name,
            origins=tuple(Origin(grid.name, grid.first_row + row, columns) for row in (0, *origins)),
            letters=tuple(grid.column_letter(place) for place in places),
        )
        private = tuple(name for name in names if name in self.dictionary.identifiers)
        return Block(made, (0,), tuple(names), tuple(range(1, len(data) + 1)), (), layout, private=private)
