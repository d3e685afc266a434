"""A block as the guesser sees it: every column with its heading understood and its values described, and who the patients are."""

from dataclasses import dataclass, field
from typing import Final

from lib.intake.coding import is_missing, text
from lib.intake.heading import Heading, keyed, parsed
from lib.intake.layout import Block
from lib.intake.synonym import NOT_PRIVATE, PATIENT_ID, PRIVATE_MORE
from lib.intake.value_pattern import SAMPLE, Profile, constant_within, profile, sampled
from lib.intake.variables import PRIVATE

ID_ORDER: Final = ("usubjid", "patient_id")
MOSTLY_FILLED: Final = 0.9


@dataclass(frozen=True)
class ColumnView:
    """One column: `name` as the block calls it, what its heading says, the words of the header rows above, its values."""

    name: str
    heading: Heading
    above: str
    profile: Profile
    constant: float  # share of the patients with several rows for whom it never changes
    private: bool

    @property
    def key(self) -> str:
        return self.heading.key


@dataclass(frozen=True)
class SheetView:
    """A sheet: its columns, the name of the patients' column ("" = none) and whether patients have several rows."""

    block: Block
    columns: tuple[ColumnView, ...]
    patient: str
    repeated: bool
    key: str = field(default="")

    @property
    def name(self) -> str:
        return self.block.grid.name

    def column(self, name: str) -> ColumnView:
        return next(each for each in self.columns if each.name == name)


def view_of(block: Block, forced: dict[str, str]) -> SheetView:
    """The sheet as the guesser sees it. `forced` are roles that the reader gave to columns."""
    names = [name for name in block.headings if name]
    head, spread = block.rows[: SAMPLE * 2], sampled(block.rows)
    heads = {name: _heading(block, name) for name in names}
    patient = _patient_column(block, heads, forced)
    ids = [text(cell) for cell in block.cells(patient)] if patient else []
    repeated = bool(patient) and len(set(filter(None, ids))) < sum(map(bool, ids))
    columns = []
    for name in names:
        several = repeated and name != patient
        constant = constant_within(ids[: SAMPLE * 2], block.cells_in(name, head)) if several else 1.0
        heading, above = heads[name]
        private = name != patient and is_private(heading.key) and not forced.get(name)
        columns.append(ColumnView(name, heading, above, profile(block.cells_in(name, spread)), constant, private))
    return SheetView(block, tuple(columns), patient, repeated, keyed(block.grid.name))


def is_private(key: str) -> bool:
    """Whether a column of this name looks like a name, record number, address or date of birth."""
    return bool((PRIVATE.search(key) or PRIVATE_MORE.search(key)) and not NOT_PRIVATE.search(key))


def _heading(block: Block, name: str) -> tuple[Heading, str]:
    path = block.path(name)
    heading = parsed(name if " | " not in name and not name.endswith(")") else (path[-1] if " | " in name else name))
    return heading, " ".join(path[:-1]) if len(path) > 1 else ""


def _patient_column(block: Block, heads: dict[str, tuple[Heading, str]], forced: dict[str, str]) -> str:
    """The column that names the patients: filled nearly everywhere, and not one value for all."""
    names = [name for name in block.headings if name]
    given = next((name for name, role in forced.items() if role == "patients.patient_id" and name in names), "")
    found = []
    for place, name in enumerate(names):
        key = heads[name][0].key
        if not PATIENT_ID.fullmatch(key) or forced.get(name) or (is_private(key) and "nr" not in key):
            continue
        filled = [text(cell) for cell in block.cells_in(name, sampled(block.rows)) if not is_missing(cell)]
        if len(filled) >= MOSTLY_FILLED * len(sampled(block.rows)) and (len(set(filled)) > 1 or len(filled) == 1):
            numbered = key in ("no", "nr", "n", "序号")
            found.append((ID_ORDER.index(key) if key in ID_ORDER else len(ID_ORDER), numbered, place, name))
    return given or (min(found)[3] if found else "")
