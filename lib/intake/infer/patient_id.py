"""Which column of each sheet names the patients: by its name and its values together, and by what stands in the other
sheets.

A name alone is not enough (`Study` may hold the name of a trial), and values alone are asked about.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from lib.intake.cells.coding import NO_WORDS, YES_WORDS, as_number, is_missing, text
from lib.intake.cells.dates import is_in_digits, looks_dated
from lib.intake.files.grid import Cell, distinct
from lib.intake.infer.column import heading_of, is_private, sampled
from lib.intake.infer.question import Asking
from lib.intake.infer.synonyms import CODE_HEADING, EXACT_ID, PATIENT_ID, WEAK_ID
from lib.intake.sheets.block import Block

NONE: Final = "none"
BLANKS: Final = "Many rows have none; they are not read unless every row is a patient."
# how much a heading says: a patient's id, a code, perhaps one, nothing
NAMED, CODED, WEAK, UNNAMED, PRIVATE = (4, 3, 1, 0, -1)
RECORD_NUMBER: Final = re.compile(
    r"(^|_)(mrn|record_(number|no|nr)|medical_record|hospital_(number|no|id)|chart_(number|no)|case_(number|no)|fallnummer|nhc|ipp|nip|"
    r"historia_clinica|patient_record\w*)(_|$)|住院号|病历号|病案号|カルテ番号"
)
MOSTLY_FILLED: Final = 0.9
FEWEST: Final = 3
LONGEST: Final = 40
DIGITS, LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")
SHARED: Final = 0.8
FEW_SHARED: Final = 0.5
FEWEST_NUMBERS: Final = 5  # that are the same in two sheets
COUNTS: Final = re.compile(
    r"(lfd|lauf|s|sr|serial|running)_?(no|nr|number|nummer)|in(clusion|clusie|schluss)|enrol\w*|screening"
)
AT_DAYS: Final = re.compile(
    r"(study_?|visit_?|sample_?|rel\w*_)?day|tag|jour|d[ií]a|giorno|dag|dzien|день|日数|天数|visite?|visita|визит"
)
NUMBERED: Final = ("no", "nr", "n", "序号", "lfd_nr", "sno", "sr_no", "serial_no", "row", "num", "number", "nummer")


@dataclass(frozen=True)
class Candidate:
    """A column that may name the patients."""

    name: str
    key: str
    place: int
    strength: int
    ids: tuple[str, ...]  # what stands in its rows, "" where nothing does

    @property
    def levels(self) -> frozenset[str]:
        """The different ids."""
        return frozenset(filter(None, self.ids))

    @property
    def n_filled(self) -> int:
        """How many rows have an id."""
        return sum(map(bool, self.ids))

    @property
    def has_gaps(self) -> bool:
        """Whether many rows have no id: nobody can know whether these are patients."""
        return self.n_filled < MOSTLY_FILLED * len(self.ids)


def patient_column(block: Block, forced: dict[str, str]) -> str:
    """The column of this sheet alone, "" = none."""
    return _given(block, forced) or (_best(found)[0].name if (found := candidates(block, forced)) else "")


def patient_columns(blocks: Sequence[Block], asking: Asking) -> dict[str, str]:
    """The column of each sheet by the sheet's name, "" where rows are numbered; asked where another could be meant."""
    found = {block.grid.name: candidates(block, asking.forced(block.grid.name)) for block in blocks}
    first = {name: _best(each)[0].levels for name, each in found.items() if each}
    columns = {}
    for block in blocks:
        name, forced = block.grid.name, asking.forced(block.grid.name)
        others = [levels for sheet, levels in first.items() if sheet != name]
        possible = found[name]
        if not _any_named(possible):
            possible = _shared_only(block, others) or possible or _record_numbers(block, forced, len(blocks) > 1)
        possible = _of_patients(possible, others) if block.beside else possible
        columns[name] = _given(block, forced) or _chosen(block, possible, others, asking)
    return columns


def _of_patients(possible: list[Candidate], others: Sequence[frozenset[str]]) -> list[Candidate]:
    """Those that are surely ids, or share some with other tables; n of a summary below the patients is neither."""
    return [each for each in possible if each.strength > WEAK or any(each.levels & levels for levels in others)]


def _chosen(block: Block, possible: Sequence[Candidate], others: Sequence[frozenset[str]], asking: Asking) -> str:
    """The column as it is clear or as it is answered; where none could be it, one that was named all the same."""
    if possible:
        return _asked(block, possible, others, asking)
    known = f"patient:{block.grid.name}" in asking.answers
    return asked_of_any(block, asking) if known or _has_visits(block) else ""


def _has_visits(block: Block) -> bool:
    """Whether several rows stand at the same day, as of patients who were seen more than once."""
    named = [name for name in block.headings if name and AT_DAYS.fullmatch(heading_of(block, name)[0].key)]
    n_of = [block.counts(name) for name in named]
    return any(len(counts) > 1 and 2 * len(counts) <= counts.total() for counts in n_of)


def asked_of_any(block: Block, asking: Asking) -> str:
    """The column that its owner calls the patients' where no heading says it: any that holds codes or whole numbers."""
    names = [name for name in block.headings if name and not is_private(heading_of(block, name)[0].key)]
    found = [(name, {*row_words(block.cells(name))} - {""}) for name in names]
    choices = [
        (name, f"{name}: {len(words):,} patients")
        for name, words in found
        if len(words) > 1 and all(map(_may_be_id, words))
    ]
    choices.append((NONE, f"None: every row is one patient ({len(block.rows):,})"))
    words = ("Which column is the patient?", "No heading says so.")
    answer = asking.ask(
        ("patient", block.grid.name, [name for name, _ in choices[:-1]] or names[:1]),
        words,
        choices,
        "",
        f"patient:{block.grid.name}",
        True,
    )
    return "" if answer == NONE else answer


def candidates(block: Block, forced: dict[str, str]) -> list[Candidate]:
    """The columns whose name and values allow it; one that says nothing by its name only where no other is there."""
    names = [name for name in block.headings if name and not forced.get(name)]
    headed = [(_key(block, name), name, place) for place, name in enumerate(names)]
    named = _without_gaps(_of_strength(block, [each for each in headed if _strength(each[0]) > UNNAMED]))
    if _any_named(named):
        return named
    codes = _of_strength(block, [each for each in headed if _strength(each[0]) == UNNAMED])
    return [*(each for each in named if not _is_grouping(each)), *islice(codes, 1)]


def _key(block: Block, name: str) -> str:
    """The key of a heading; "#" is a number."""
    return heading_of(block, name)[0].key or NUMBERED[0]


def _without_gaps(named: list[Candidate]) -> list[Candidate]:
    """Those that have an id in each row, or are surely the patients'; all where there is none."""
    return [each for each in named if each.strength == NAMED or not each.has_gaps] or named


def _any_named(found: Sequence[Candidate]) -> bool:
    return any(each.strength > WEAK for each in found)


def _given(block: Block, forced: dict[str, str]) -> str:
    return next((name for name, role in forced.items() if role.endswith(".patient_id") and name in block.headings), "")


def _of_strength(block: Block, headed: Sequence[tuple[str, str, int]]) -> list[Candidate]:
    return list(filter(None, (_candidate(block, *each) for each in headed)))


def _candidate(block: Block, key: str, name: str, place: int) -> Candidate | None:
    if is_private(key) and "nr" not in key:
        return None
    strength = _strength(key)
    first = Candidate(name, key, place, strength, row_words(block.cells_in(name, sampled(block.rows))))
    if not _may_be_ids(first, strength) or (strength == UNNAMED and not _is_coded(first)):
        return None
    return replace(first, ids=row_words(block.cells(name)))


def row_words(cells: Sequence[Cell]) -> tuple[str, ...]:
    """What stands in these cells as a reader sees it, "" where nothing does."""
    found = distinct(cells)
    words = (
        "" if none else text(cell) for cell, none in zip(found.values, found.of_texts(is_missing, False), strict=True)
    )
    return tuple(found.spread(words, ""))


def _strength(key: str) -> int:
    if PATIENT_ID.fullmatch(key):
        return WEAK if WEAK_ID.fullmatch(key) else NAMED
    return CODED if CODE_HEADING.fullmatch(key) else WEAK if WEAK_ID.fullmatch(key) else UNNAMED


def _may_be_ids(column: Candidate, strength: int) -> bool:
    """Filled nearly everywhere, not one value for all, and codes or whole numbers: no measure, no date, no yes or
    no."""
    filled = [word for word in column.ids if word]
    levels = set(filled)
    if not filled or (len(levels) == 1 and len(filled) > 1):
        return False
    if (
        strength == NAMED
    ):  # also where it is blank in some rows: they belong to nobody, and are no patients of their own
        return True
    if column.has_gaps and (strength <= UNNAMED or len(levels) < max(FEWEST, MOSTLY_FILLED * len(filled))):
        return False
    return all(map(_may_be_id, levels)) and not {*map(str.casefold, levels)} <= YES_WORDS | NO_WORDS


def _may_be_id(word: str) -> bool:
    """Whether it is short, no date, and no number but a whole one."""
    if len(word) > LONGEST or (looks_dated(word) and not is_in_digits(word)):
        return False
    number = as_number(word)
    return number is None or (number == round(number) and number >= 0)


def _is_coded(column: Candidate) -> bool:
    """Codes of letters and digits in one shape, nearly each in one row only: what nobody names by chance."""
    levels = column.levels
    shapes = Counter(LETTERS.sub("A", DIGITS.sub("0", word)) for word in levels)
    alike = shapes.most_common(1)[0][1] >= MOSTLY_FILLED * len(levels)
    mixed = all(any(each.isdigit() for each in word) and any(each.isalpha() for each in word) for word in levels)
    return len(levels) >= 3 and alike and mixed and len(levels) >= MOSTLY_FILLED * column.n_filled


def _is_grouping(column: Candidate) -> bool:
    """Few values for many rows, as the name of a trial or of a sample: not patients where the name is weak. A number
    that counts comes again only where what it counts does."""
    counts = column.key in NUMBERED or COUNTS.fullmatch(column.key)
    return len(column.levels) * 3 <= column.n_filled and len(column.levels) < 5 and not counts


def _best(found: Sequence[Candidate], others: Sequence[frozenset[str]] = ()) -> tuple[Candidate, list[Candidate]]:
    """The best candidate, and those that could as well be meant and would give other patients."""
    best, *ranked = sorted(found, key=lambda each: _rank(each, others))
    return best, [each for each in ranked if _is_rival(each, best) and not same_rows(each.ids, best.ids)]


def same_rows(one: Sequence[object], other: Sequence[object]) -> bool:
    """Whether two columns say the same in other words: each value of the one stands beside one value of the other."""
    return len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))


def _rank(column: Candidate, others: Sequence[frozenset[str]]) -> tuple[object, ...]:
    shared = any(_share(column.levels, each) >= FEW_SHARED for each in others)
    exact = EXACT_ID.index(column.key) if column.key in EXACT_ID else len(EXACT_ID)
    return (exact, not shared if others else False, -column.strength, column.key in NUMBERED, column.place)


def _is_rival(other: Candidate, best: Candidate) -> bool:
    """Whether the other could be meant as well: named as strongly, or where the best is not named like a patient's at
    all."""
    if best.key in EXACT_ID:
        return False
    weak = best.strength <= WEAK and other.strength >= UNNAMED
    return (weak or other.strength >= best.strength) and other.key not in NUMBERED


def _share(mine: frozenset[str], theirs: frozenset[str]) -> float:
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def _record_numbers(block: Block, forced: dict[str, str], several_sheets: bool) -> list[Candidate]:
    """A private number by which patients are known (MRN, case number), where nothing else names them and rows
    repeat."""
    found = []
    for place, name in enumerate(name for name in block.headings if name and not forced.get(name)):
        key = heading_of(block, name)[0].key
        if RECORD_NUMBER.search(key):
            each = Candidate(name, key, place, PRIVATE, row_words(block.cells(name)))
            repeats = len(each.levels) < each.n_filled
            found += [each] if _may_be_ids(each, PRIVATE) and (repeats or several_sheets) else []
    return found[:1]


def _shared_only(block: Block, others: Sequence[frozenset[str]]) -> list[Candidate]:
    """A column that nothing names, and in which the patients of another sheet stand."""
    found = []
    for place, name in enumerate(name for name in block.headings if name):
        words = row_words(block.cells(name))
        levels = frozenset(filter(None, words))
        numeric = all(as_number(word) is not None for word in levels)
        once = len(levels) == len(words)
        if _stand_in(levels, others, numeric) and (once or not numeric):
            strength = UNNAMED if numeric else CODED
            found.append(Candidate(name, heading_of(block, name)[0].key, place, strength, words))
    return found[:1]


def _stand_in(levels: frozenset[str], others: Sequence[frozenset[str]], numeric: bool) -> bool:
    """Whether these are the patients of another sheet, or those are among them: nearly all, of numbers all."""
    fewest, least = (FEWEST_NUMBERS, 1.0) if numeric else (FEWEST, SHARED)
    return any(len(levels & each) >= fewest and _share(levels, each) >= least for each in others)


def _asked(block: Block, found: Sequence[Candidate], others: Sequence[frozenset[str]], asking: Asking) -> str:
    best, rivals = _best(found, others)
    gaps = best.has_gaps and best.strength < NAMED
    if not rivals and best.strength >= WEAK and not gaps:
        return best.name
    sheet, options = block.grid.name, [best, *rivals]
    private = best.strength == PRIVATE
    reported = ": a record number, replace it by P01, P02 ... when you open" if private else ""
    choices = [(each.name, f"{each.name}: {len(each.levels):,} patients{reported}") for each in options]
    choices.append((NONE, f"None: every row is one patient ({len(block.rows):,})"))
    words = (
        "Which column is the patient?",
        "Several could be." if rivals else BLANKS if gaps else "Its name does not say so.",
    )
    answer = asking.ask(
        ("patient", sheet, [each.name for each in options]),
        words,
        choices,
        "" if private else best.name,
        f"patient:{sheet}",
        True,
    )
    return "" if answer == NONE else answer
