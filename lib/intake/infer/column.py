"""A block as the guesser sees it: every column with its heading understood and its values described, and who the
patients are.

A header cell says, apart from its language's ornaments, a key to compare, a unit, a legend, a day of a wide series. The
values of a column look like numbers, dates, yes or no, responses; so many are different, or constant within a patient.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Final, TypeVar

import numpy as np

from lib.intake.apply.variables import PRIVATE
from lib.intake.cells.coding import BELOW_LIMIT_WORDS, NO_WORDS, YES_WORDS, are_answers, as_number, is_missing, text
from lib.intake.cells.dates import looks_dated
from lib.intake.cells.meanings import WORDS
from lib.intake.cells.numbers import OPEN_ENDED, plain
from lib.intake.cells.response_words import RESPONSE_WORDS, said_in
from lib.intake.cells.units import has_unit, unit_in, unit_word, without_unit
from lib.intake.files.grid import NO_CODE, Cell, Cells, Distinct, distinct
from lib.intake.infer.spelling import as_meant, run_together
from lib.intake.infer.synonyms import LAB_TESTS, NOT_PRIVATE, OF_COURSE, PRIVATE_MORE, SHEET_NAMES
from lib.intake.sheets.block import Block
from lib.intake.sheets.role import BRACKETS, bracketed, normalised
from lib.intake.sheets.role import keyed as keyed  # noqa: PLC0414  # others know it from here

LEGEND: Final = re.compile(r"(?<![^\W\d_])([^\W\d_]+)\s*[=:]\s*(\d)|(\d)\s*[=:]\s*([^\W\d_]+)")
UNIT_TAIL: Final = re.compile(
    r"_(hours?|hrs?|h|days?|d|weeks?|wks?|months?|mos?|mths?|years?|yrs?|tagen?|wochen|monate?n?|jahre?n?|jours|semaines|mois|ans|dias|semanas|meses|anos|giorni|settimane|mesi|anni|dagen|weken|maanden|jaren|miesiace|miesiecy|dni|lat)$"
)
UNIT_FROM: Final = re.compile(
    r"(\w+)\s+(post|after|since|from|nach|seit|ab|apr[eè]s|depuis|despu[eé]s|desde|dopo|dal|na|sinds)\b.*", re.I
)
UNIT_HEAD: Final = re.compile(r"^(days?|weeks?|months?|years?|hours?|tage?|jours?|dias?|giorn[oi]|dag(?:en)?|dzien)_")


@dataclass(frozen=True)
class Heading:
    """`key` is lower case, without accents, brackets, marks: "PFS-Zeit (Monate)" is pfs_zeit with the unit months."""

    text: str
    key: str
    unit: str
    brackets: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]  # what stands in the cells, and the word for it
    meant: str = ""  # the words that it is taken for, where one of them is spelled in another way


def parsed(written: str, spelled: bool = False) -> Heading:
    """What this heading says. Words nearly those of synonyms.py are taken for them, if not `spelled` as meant."""
    brackets = tuple(each.strip() for each in BRACKETS.findall(bracketed(written)))
    as_written = normalised(written)
    key = as_written if spelled else as_meant(as_written)
    unit = next((unit for each in brackets if (unit := unit_word(each) or _unit_from(each))), "")
    unit = unit or _unit_in(key)
    legend = tuple((match[2], match[1]) if match[2] else (match[3], match[4]) for match in LEGEND.finditer(written))
    return Heading(
        written,
        key,
        unit,
        brackets,
        tuple((value, word.casefold()) for value, word in legend),
        key.replace("_", " ") if key != as_written else "",
    )


def _unit_from(bracket: str) -> str:
    """The unit of a bracket that says as well from when: (d post infusion), (months from diagnosis)."""
    match = UNIT_FROM.fullmatch(bracket)
    return unit_word(match[1]) if match else ""


def _unit_in(key: str) -> str:
    if match := UNIT_TAIL.search(key):
        return unit_word(match[1])
    match = UNIT_HEAD.match(key)
    return unit_word(match[1]) if match else unit_word(key) if len(key) > 2 or not key.isascii() else ""


T = TypeVar("T")
SAMPLE: Final = 500
SOME: Final = 0.2  # dates, under the name of a date of the course
DATED: Final = 0.5
SURELY: Final = 0.8
MOST_LEVELS: Final = 40
EXAMPLES: Final = 5
BELOW: Final = re.compile(r"\s*[<≤>≥]\s*[\d.,]+.*")
SPOKEN: Final = YES_WORDS | NO_WORDS
MORE_RESPONSES: Final = frozenset(("rd", "non", "missing"))


@dataclass(frozen=True)
class Profile:
    """Shares are of the filled cells of the sample; `low` and `high` of the numbers among them."""

    n: int
    filled: int
    numbers: float
    whole: float
    dates: float
    yes_no: float
    responses: float
    low: float
    high: float
    levels: tuple[tuple[str, int], ...]  # the most frequent texts and how often they stand there
    n_levels: int
    examples: tuple[str, ...]
    open_ended: float  # share of numbers with a plus behind them, 13.5+, as times that go on are written
    with_units: float  # share of numbers behind which a unit stands
    unit: str = ""  # that stands behind each number, and was taken off

    @property
    def words(self) -> tuple[str, ...]:
        """The different texts, most frequent first."""
        return tuple(word for word, _ in self.levels)


def profile(cells: Sequence[Cell]) -> Profile:
    """The pattern of these cells (no more than a sample is looked at)."""
    sample = sampled(cells)
    found = distinct(sample)
    counts = found.words(text, lambda cell: not is_missing(cell))
    numbers = _numbers(found)
    filled, n_numbers = counts.total(), numbers.total()
    n = max(filled, 1)
    worded = Counter({word: n for word, n in counts.items() if not _is_decimal(word)})
    answers = {word.casefold() for word in worded}
    spoken = answers if are_answers(answers) else SPOKEN
    return Profile(
        n=len(sample),
        filled=filled,
        numbers=(n_numbers + _holding(worded, _is_below)) / n,
        whole=sum(n for each, n in numbers.items() if each == round(each)) / max(n_numbers, 1),
        dates=_holding(worded, looks_dated) / n,
        yes_no=_holding(worded, lambda word: word.casefold() in spoken) / n,
        responses=_holding(worded, lambda word: is_response(word.casefold())) / n,
        low=min(numbers, default=0.0),
        high=max(numbers, default=0.0),
        levels=tuple(counts.most_common(MOST_LEVELS)),
        n_levels=len(counts),
        examples=tuple(list(counts)[:EXAMPLES]),
        open_ended=_holding(worded, lambda word: OPEN_ENDED.fullmatch(word) is not None) / n,
        with_units=_holding(worded, has_unit) / n,
    )


def _holding(counts: Counter[str], holds: Callable[[str], bool]) -> int:
    """How many cells hold a word of which this is so."""
    return sum(times for word, times in counts.items() if holds(word))


def _is_decimal(word: str) -> bool:
    """Whether it is plainly a number with decimals: no date, no response, no yes or no."""
    whole, point, rest = word.partition(".")
    return bool(point) and len(word) > len("0.0") and whole.isdecimal() and rest.isdecimal()


def _numbers(found: Distinct) -> Counter[float]:
    """How often each number stands there; a word for no value is none."""
    counts: Counter[float] = Counter()
    for cell, n in found.counted():
        number = as_number(cell) if isinstance(cell, float) or not is_missing(cell) else None
        if number is not None:
            counts[number] += n
    return counts


def _is_below(word: str) -> bool:
    """Whether this says that a value lies below or above a limit."""
    return BELOW.fullmatch(word) is not None or word.casefold() in BELOW_LIMIT_WORDS


def sampled(cells: Sequence[T]) -> Sequence[T]:
    """The first of these, and of many as many again from all over them."""
    if len(cells) <= SAMPLE:
        return cells
    half = SAMPLE // 2
    return [*cells[:half], *cells[half :: max(1, (len(cells) - half) // half)][:half]]


@lru_cache(maxsize=4096)
def is_response(folded: str) -> bool:
    """Whether this is a response category, whole or as the first word ("CR/CRi + B cell aplasia")."""
    if folded.isascii() and folded.upper() == folded:  # a number, a date, signs: none of the words
        return False
    first = re.split(r"[^a-z]+", folded, maxsplit=1)[0] if folded[:1].isalpha() and folded[:1].isascii() else folded
    return bool(said_in(folded).response) or first in RESPONSE_WORDS or first in MORE_RESPONSES


def of_course(column: "ColumnView") -> bool:
    """Whether dates of the course stand here (infusion, death, last contact); of death also beside "alive"."""
    return column.profile.dates >= SOME and bool(OF_COURSE.search(column.key))


def responding(columns: Iterable["ColumnView"]) -> list["ColumnView"]:
    """The columns that hold hardly anything but responses and signs for no value (ND), of which each is reported."""
    found = (each for each in columns if not each.private and _respond(each.profile) and each.profile.numbers < SURELY)
    # CRP is no CRp
    return [each for each in found if not all(LAB_TESTS.fullmatch(keyed(word)) for word in each.profile.words)]


def _respond(values: Profile) -> bool:
    others = sum(n for word, n in values.levels if word.casefold() in WORDS and not is_response(word.casefold()))
    return values.responses > 0 and values.responses * values.filled >= SURELY * (values.filled - others)


def _word_codes(found: Distinct) -> list[int]:
    """A number for each different text, NO_CODE for no value; different numbers are different texts."""
    if all(type(cell) is float for cell in found.values):
        return list(range(len(found.values)))
    known: dict[str, int] = {}
    return [NO_CODE if is_missing(cell) else known.setdefault(text(cell), len(known)) for cell in found.values]


def constant_within(ids: Sequence[Cell], cells: Sequence[Cell]) -> float:
    """The share of the patients with several rows for whom the column never changes; 1.0 where nobody has several."""
    found = distinct(cells)
    codes = _word_codes(found)
    words = np.array([*codes, NO_CODE])[found.codes]
    patients = distinct(ids).codes
    patients, words = patients[words != NO_CODE], words[words != NO_CODE]
    if not len(words):
        return 1.0
    rows = np.bincount(patients)
    first, last = np.full(len(rows), len(codes)), np.zeros(len(rows), dtype=np.intp)
    np.minimum.at(first, patients, words)
    np.maximum.at(last, patients, words)
    several = rows > 1
    return 1 - float((first < last)[several].mean()) if several.any() else 1.0


@dataclass(frozen=True)
class ColumnView:
    """One column: `name` as the block calls it, what its heading says, the words of the header rows above, its
    values."""

    name: str
    heading: Heading
    above: str
    profile: Profile
    constant: float  # share of the patients with several rows for whom it never changes
    private: bool
    label: str = ""  # what the file calls it beside its name

    @property
    def key(self) -> str:
        """The heading as headings are compared."""
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
        """The name of its grid."""
        return self.block.grid.name

    def column(self, name: str) -> ColumnView:
        """The column of this name. Raises StopIteration where there is none."""
        return next(each for each in self.columns if each.name == name)


def by_patient(sheet: SheetView) -> dict[str, str]:
    """The column of the patients as a reading has it; {} where each row is one."""
    return {"patient_id": sheet.patient} if sheet.patient else {}


def view_of(block: Block, forced: dict[str, str], patient: str, spelled: bool = False) -> SheetView:
    """The sheet as the guesser sees it. `forced`: roles that the reader gave; `patient`: the patients' column."""
    names = [name for name in block.headings if name]
    head, spread = block.rows[: SAMPLE * 2], sampled(block.rows)
    ids = Cells(_texts(block.cells(patient))) if patient else Cells()
    first = Cells(ids[: SAMPLE * 2])
    repeated = bool(patient) and len(set(filter(None, ids))) < sum(map(bool, ids))
    columns = []
    for name in names:
        several = repeated and name != patient
        constant = constant_within(first, block.cells_in(name, head)) if several else 1.0
        heading, above = heading_of(block, name, spelled)
        named = is_private(heading.key) or name in block.private
        private = name != patient and named and not forced.get(name)
        label = block.label(name)
        pattern = block.remembered(("profile", name), partial(_profile_of, block, name, spread))
        said = _with_unit_of_cells(_explained(heading, label), pattern.unit)
        columns.append(ColumnView(name, said, above, pattern, constant, private, label))
    return SheetView(block, tuple(columns), patient, repeated, as_meant(_table_key(block)))


def _texts(cells: Sequence[Cell]) -> Sequence[str]:
    found = distinct(cells)
    return found.spread(found.each(text), "")  # type: ignore[return-value]


def _profile_of(block: Block, name: str, rows: Sequence[int]) -> Profile:
    cells = block.cells_in(name, rows)
    unit = unit_in(cells)
    return replace(profile(plain(without_unit(cells, unit), block.sign or ".")[0]), unit=unit)


def _with_unit_of_cells(heading: Heading, unit: str) -> Heading:
    """The heading with the unit that stands behind each number below it, where it says none itself."""
    if not unit or heading.unit or heading.brackets:
        return heading
    return replace(heading, unit=unit_word(unit), brackets=(unit,))


def _table_key(block: Block) -> str:
    """What the table is called: by its form, by the title above it where that says what it holds, else by its sheet."""
    title = keyed(block.title)
    if block.layout.area and any(pattern.fullmatch(title) for _, pattern in SHEET_NAMES):
        return title
    return keyed(block.layout.part or block.layout.sheet or block.grid.name)


def is_private(key: str) -> bool:
    """Whether a column of this name looks like a name, record number, address or date of birth."""
    return bool((PRIVATE.search(key) or PRIVATE_MORE.search(key)) and not NOT_PRIVATE.search(key))


def heading_of(block: Block, name: str, spelled: bool = False) -> tuple[Heading, str]:
    """What the heading of this column says, and the words of the header rows above it."""
    path = block.path(name)
    written = name if " | " not in name and not name.endswith(")") else (path[-1] if " | " in name else name)
    apart = block.remembered(("headings", "apart"), lambda: run_together(block.headings)).get(name, written)
    return replace(parsed(apart, spelled), text=written), " ".join(path[:-1]) if len(path) > 1 else ""


def _explained(heading: Heading, label: str) -> Heading:
    """The heading with the unit and the legend that its label gives, where it has none itself."""
    if not label:
        return heading
    said = parsed(label)
    return replace(
        heading,
        unit=heading.unit or said.unit,
        brackets=heading.brackets or said.brackets,
        legend=heading.legend or said.legend,
    )
