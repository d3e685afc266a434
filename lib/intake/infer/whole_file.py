"""What is asked once for a whole file, before any column is understood: which signs mean "no value", how dates and
decimals are written.

What columns mean that the sheet does not have as columns: titles alone in a row, names of sheets, colours of rows.
Asked once each.
"""

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Final

from lib.cohort.schema import PATIENTS, Table
from lib.intake.cells.meanings import WORDS, Found, canonical, folded, missing_in
from lib.intake.cells.numbers import doubtful
from lib.intake.cells.response_words import RESPONSE_WORDS
from lib.intake.infer.column import is_private
from lib.intake.infer.edits import edit_key
from lib.intake.infer.question import Asking, Place, Subject
from lib.intake.infer.synonyms import PATIENT_ID, PATIENT_ROLES
from lib.intake.mapping import DecimalSign, Mapping, Reading
from lib.intake.sheets.block import Block, with_signs
from lib.intake.sheets.role import PATIENT, keyed
from lib.intake.sheets.stack import PERIODS, VISITS
from lib.intake.sheets.table import fillable, with_filled_down
from lib.intake.sheets.tail import GROUP_WORD

MOST_TOLD: Final = 12  # columns in one sentence
MISSING: Final[Subject] = "missing"
WHY: Final = (
    "They stand apart from all other values of their columns, or are no such value. Until this is answered they are"
    " left empty."
)
ARM: Final = dict(PATIENT_ROLES)["patients.arm"]
RELAPSED: Final = frozenset(("rr", "r/r", "rrmm"))
Missing = dict[str, tuple[str, ...]]


def without_missing(blocks: Sequence[Block], asking: Asking) -> tuple[tuple[Block, ...], Missing]:
    """The blocks without the signs for no value, and these by "Sheet.Heading" as a mapping has them; asked once a
    file."""
    found = {(block.grid.name, heading): signs for block in blocks for heading, signs in _found(block).items()}
    found = _also_among_words(blocks, found)
    if not found:
        return tuple(blocks), {}
    kept = _kept(found, asking)
    missing = {place: tuple(sign for sign in signs if sign not in kept) for place, signs in found.items()}
    return tuple(_without(block, missing) for block in blocks), {
        f"{sheet}.{heading}": signs for (sheet, heading), signs in missing.items()
    }


def _found(block: Block) -> dict[str, Found]:
    found = {heading: missing_in(block.cells(heading), heading) for heading in _of_no_id(block)}
    return {heading: signs for heading, signs in found.items() if signs}


def _of_no_id(block: Block) -> list[str]:
    keys = {each: keyed(each) for each in block.headings if each}
    return [each for each, key in keys.items() if not PATIENT_ID.fullmatch(key) and not is_private(key)]


def _also_among_words(blocks: Sequence[Block], found: dict[tuple[str, str], Found]) -> dict[tuple[str, str], Found]:
    """What was found, and in columns of words those that stand for no value in another column; in a column of arms any
    of them."""
    known = {folded(sign) for signs in found.values() for sign in signs} & WORDS
    more = {
        (block.grid.name, heading): _among_words(block, heading, WORDS if ARM.fullmatch(keyed(heading)) else known)
        for block in blocks
        for heading in _of_no_id(block)
    }
    return {place: signs for place, signs in (more | found).items() if signs}


def _among_words(block: Block, heading: str, known: Set[str]) -> Found:
    """Those of these signs that stand among words which are no responses; ND beside RR is newly diagnosed."""
    words = block.counts(heading) if known else {}
    signs = {word: n for word, n in words.items() if folded(word) in known}
    others = set(map(str.casefold, words.keys() - signs))
    return signs if len(others) > 1 and (RESPONSE_WORDS.keys() | RELAPSED).isdisjoint(others) else {}


def _kept(found: dict[tuple[str, str], Found], asking: Asking) -> set[str]:
    """The signs that are values after all."""
    signs = list(dict.fromkeys(sign for each in found.values() for sign in each))
    single = [(f"not {sign}", f'All but "{sign}", which is a value') for sign in signs] if len(signs) > 1 else []
    choices = [("missing", "Yes, all of them"), *single, ("values", "No, they are values")]
    sheets = list(dict.fromkeys(sheet for sheet, _ in found))
    place = (MISSING, sheets[0] if len(sheets) == 1 else "", [heading for _, heading in found])
    answer = asking.ask(place, (_sentence(found), WHY), choices, "missing", MISSING)
    if answer == "values":
        return set(signs)
    return {answer.removeprefix("not ")} if answer.startswith("not ") else set()


def _sentence(found: dict[tuple[str, str], Found]) -> str:
    signs = {heading: ", ".join(f"{sign} ({n})" for sign, n in each.items()) for (_, heading), each in found.items()}
    reported = [f"{heading}: {each}" for heading, each in signs.items()]
    more = f"; and {len(reported) - MOST_TOLD} more columns" if len(reported) > MOST_TOLD else ""
    return f'Do these signs mean "no value"? {"; ".join(reported[:MOST_TOLD])}{more}.'


def _without(block: Block, missing: dict[tuple[str, str], tuple[str, ...]]) -> Block:
    signs = {
        heading: frozenset(map(folded, of))
        for (sheet, heading), of in missing.items()
        if sheet == block.grid.name and of
    }
    return replace(block, missing=signs) if signs else block


HOW_READ: Final = 'How is "{}" to be read?'
WHY_DECIMALS: Final = (
    "No other number of the file shows how it writes decimals. Until this is answered such numbers are not read."
)


def unsettled_sign(blocks: Sequence[Block], asking: Asking) -> DecimalSign:
    """What stands before decimals, as answered or said by hand; asked where numbers such as 40.000 can be read in two
    ways and the file does not say."""
    given = asking.answers.get(edit_key("decimal_sign"), "")
    if given in (",", "."):
        return "," if given == "," else "."
    if any(block.sign not in ("", "both") for block in with_signs(blocks)[:1]):
        return ""
    found = {(block.grid.name, heading): cells for block in blocks for heading, cells in _unsettled(block).items()}
    if not found:
        return ""
    shown = next(iter(found.values()))[0]
    whole = re.sub("[.,]", "", shown)
    decimals = shown.replace(",", ".")
    thousands, point = (",", ".") if "." in shown else (".", ",")
    choices = ((thousands, f"As thousands: {whole}"), (point, f"As decimals: {decimals}"))
    place: Place = (
        "decimals",
        next(iter(found))[0],
        list(dict.fromkeys(heading for _, heading in found)),
    )
    words = (HOW_READ.format(shown), WHY_DECIMALS)
    answer = asking.ask(place, words, choices, "", "decimal_sign", True)
    return "," if answer == "," else "." if answer == "." else ""


def _unsettled(block: Block) -> dict[str, list[str]]:
    """By heading the numbers that can be read in two ways; ids and private columns are none."""
    names = [each for each in block.headings if each and not is_private(keyed(each))]
    numbers = (each for each in names if not PATIENT_ID.fullmatch(keyed(each)))
    return {heading: cells for heading in numbers if (cells := doubtful(block.cells(heading)))}


SAME_TABLE: Final = "Several sheets hold {}: {}. Which are to be read?"
WHY_SAME: Final = "They may belong together, or be copies or older versions."


def one_each(blocks: Sequence[Block], tables: Map[str, Table], asking: Asking) -> tuple[Block, ...]:
    """The blocks without those that hold a table of the template once more and are not to be read, as answered; until
    then the first is."""
    visible = [block for block in blocks if block.grid.visible and block.grid.name in tables]
    away: set[str] = set()
    for table in dict.fromkeys(tables[block.grid.name] for block in visible):
        same = [block for block in visible if tables[block.grid.name] is table]
        away |= _not_read(table, same, asking) if len(same) > 1 else set()
    return tuple(block for block in blocks if block.grid.name not in away)


def _not_read(table: Table, same: Sequence[Block], asking: Asking) -> set[str]:
    """The sheets of one table that are not to be read."""
    names = [block.grid.name for block in same]
    words = (SAME_TABLE.format(table.sheet.lower(), ", ".join(f'"{name}"' for name in names)), WHY_SAME)
    choices = [("all", "All of them"), *((f"only {name}", f'Only "{name}"') for name in names)]
    place: Place = ("rows", names[0], same[0].headings[:1])
    answer = asking.ask(place, words, choices, f"only {names[0]}", f"same table:{table.name}", True)
    return {name for name in names if answer not in ("all", f"only {name}")}


COUNTED: Final = ("responses", "adverse_events", "events", "therapies", "states")  # their rates are of all patients
NOBODY_ELSE: Final = 'No sheet lists the patients. Are the {} patients of "{}" all who belong to the study?'
WHY_PATIENTS: Final = "Rates are of all patients, and whoever has no row there would be missing among them."


STRANGERS: Final = 'No "{1}" of "{0}" is a patient of another sheet. Are they further patients?'
FURTHER: Final = (("leave", "No: leave this sheet out"), ("read", "Yes, they are further patients"))


def with_patients_of_events(mapping: Mapping, blocks: Sequence[Block], asking: Asking) -> Mapping:
    """The mapping of a file without a sheet of patients; where rates depend on who they are, only if these are all."""
    tables = {reading.table for sheet in mapping.sheets for reading in sheet.readings}
    described = any(_describes_patients(reading) for sheet in mapping.sheets for reading in sheet.readings)
    if described or not tables & set(COUNTED):
        return mapping
    named = _naming_patients(mapping, blocks)
    if not named:
        return mapping
    n = len({word for _, block, heading in named for word in block.words(heading)} - {""})
    words = (NOBODY_ELSE.format(n, '", "'.join(name for name, _, _ in named)), WHY_PATIENTS)
    choices = (("all", f"Yes, all {n}"), ("more", "No, there are more: without a sheet of them the file is not opened"))
    place: Place = ("rows", named[0][0], named[0][1].headings[:1])
    answer = asking.ask(place, words, choices, "all", "all patients", True)
    return mapping if answer == "all" else replace(mapping, sheets=())


def without_strangers(mapping: Mapping, blocks: Sequence[Block], asking: Asking) -> Mapping:
    """The mapping without sheets that only add columns and of which no id is a patient's (samples, wells), unless their
    owner says that these are further patients."""
    ids = {
        name: {canonical(word, mapping.ids) for word in block.words(heading) if word}
        for name, block, heading in _naming_patients(mapping, blocks)
    }
    away = {
        name
        for name, block, heading in _naming_patients(mapping, blocks)
        if name in _strangers(ids, mapping) and _are_left_out(name, block, heading, asking)
    }
    return replace(mapping, sheets=tuple(each for each in mapping.sheets if each.name not in away)) if away else mapping


def _strangers(ids: Map[str, set[str]], mapping: Mapping) -> set[str]:
    """The sheets that only add columns and share no id with the others."""
    adding = {sheet.name for sheet in mapping.sheets if all(map(_only_adds, sheet.readings))}
    known = set().union(*(each for name, each in ids.items() if name not in adding))
    return {name for name in adding & ids.keys() if known and ids[name] and not ids[name] & known}


def _are_left_out(name: str, block: Block, heading: str, asking: Asking) -> bool:
    words = (STRANGERS.format(name, heading), "They may be samples or wells, and would be counted as patients.")
    place: Place = ("rows", block.grid.name, [heading])
    return asking.ask(place, words, FURTHER, "leave", f"strangers:{name}", True) == "leave"


def _only_adds(reading: Reading) -> bool:
    """Whether it is of patients, and says nothing but further columns of them."""
    return reading.table == PATIENTS.name and reading.columns.keys() == {PATIENT} and not reading.constants


def _describes_patients(reading: Reading) -> bool:
    """Whether it says more of the patients than who has a row in a sheet of events."""
    return reading.table == PATIENTS.name and (
        reading.columns.keys() != {PATIENT} or reading.extras is None or bool(reading.extras)
    )


def _naming_patients(mapping: Mapping, blocks: Sequence[Block]) -> list[tuple[str, Block, str]]:
    """Each sheet that names patients, its block and that column; settings of the study name nobody."""
    by_name = {block.layout.name or block.grid.name: block for block in blocks}
    return [
        (sheet.name, by_name[sheet.name], sheet.readings[0].columns[PATIENT])
        for sheet in mapping.sheets
        if PATIENT in sheet.readings[0].columns
    ]


GROUP: Final = "patients.arm"
COLUMN: Final = "patients.covariate"
CHOICES: Final = (("group", "The group (arm) of the patients"), ("column", "A further column to filter by"))
ASKED: Final = (
    "Titles stand alone in rows of this table ({}). What do they say of the rows below them?",
    "Several sheets have the same columns and are read as one table ({}). What do their names say?",
    "The rows of this table differ in their background ({}). What does the colour say?",
)
ARMS: Final = ("arm", "group", "treatment_arm", "cohort")
SHOWN: Final = 4


def layout_roles(block: Block, asking: Asking) -> dict[str, str]:
    """The roles of such columns, as answered or as their words say."""
    layout, roles = block.layout, {}
    own_arm = any(keyed(heading) in ARMS for heading in block.headings[:-1] if heading)
    for heading, sentence in zip((layout.title_rows_as, layout.sheet_name_as, layout.colour_as), ASKED, strict=True):
        if heading and heading in block.headings and heading != VISITS:  # that is read as any column of visits
            roles[heading] = _role(block, heading, sentence, own_arm, asking)
    return roles


def _role(block: Block, heading: str, sentence: str, own_arm: bool, asking: Asking) -> str:
    """Whether such a column is the group, as answered or as its words say."""
    words = tuple(block.counts(heading))
    likely = _names_groups(words) and heading not in (PERIODS, block.layout.colour_as) and not own_arm
    shown = ", ".join(f'"{word}"' for word in words[:SHOWN]) + (" ..." if len(words) > SHOWN else "")
    said = (sentence.format(shown), "The table has no column for it.")
    place: Place = ("group", block.grid.name, [heading])
    return GROUP if asking.ask(place, said, CHOICES, "group" if likely else "column") == "group" else COLUMN


def filled_as_answered(block: Block, asking: Asking) -> Block:
    """The block with blanks filled from above where the reader said so; until then such rows belong to nobody."""
    headings = fillable(block)
    if not headings:
        return block
    named = " and ".join(f'"{heading}"' for heading in headings)
    sentence = f"{named} of this table is blank in many rows. Does a blank repeat the cell above it?"
    choices = (("repeat", "Yes, it is written once for all rows below it"), ("blank", "No, nothing is known there"))
    why = "Until that is said, a row without a patient is not read."
    place = ("blank", block.grid.name, headings)
    answer = asking.ask(place, (sentence, why), choices, "blank", f"filled:{block.grid.name}", True)  # type: ignore[arg-type]
    return with_filled_down(block, headings) if answer == "repeat" else block


def _names_groups(words: tuple[str, ...]) -> bool:
    return len(words) > 1 and all(GROUP_WORD.search(keyed(word)) for word in words)
