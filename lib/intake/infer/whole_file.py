"""What is asked once for a whole file, before any column is understood: which signs mean "no value"."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.intake.cells.missing import Found, missing_in
from lib.intake.cells.translation import folded
from lib.intake.infer.column import is_private, keyed
from lib.intake.infer.question import Asking, Subject
from lib.intake.infer.synonyms import PATIENT_ID
from lib.intake.sheets.block import Block

MOST_TOLD: Final = 12  # columns in one sentence
MISSING: Final[Subject] = "missing"
WHY: Final = "They stand apart from all other values of their columns, or are no such value. Until this is answered they are left empty."
Missing = dict[str, tuple[str, ...]]


def without_missing(blocks: Sequence[Block], asking: Asking) -> tuple[tuple[Block, ...], Missing]:
    """The blocks without the signs for no value, and these by "Sheet.Heading" as a mapping has them; asked once a file."""
    found = {(block.grid.name, heading): signs for block in blocks for heading, signs in _found(block).items()}
    if not found:
        return tuple(blocks), {}
    kept = _kept(found, asking)
    missing = {place: tuple(sign for sign in signs if sign not in kept) for place, signs in found.items()}
    return tuple(_without(block, missing) for block in blocks), {
        f"{sheet}.{heading}": signs for (sheet, heading), signs in missing.items()
    }


def _found(block: Block) -> dict[str, Found]:
    headings = [
        each
        for each in block.headings
        if each and not PATIENT_ID.fullmatch(keyed(each)) and not is_private(keyed(each))
    ]
    found = {heading: missing_in(block.cells(heading), heading) for heading in headings}
    return {heading: signs for heading, signs in found.items() if signs}


def _kept(found: dict[tuple[str, str], Found], asking: Asking) -> set[str]:
    """The signs that are values after all."""
    signs = list(dict.fromkeys(sign for each in found.values() for sign in each))
    told = [
        f"{heading}: {', '.join(f'{sign} ({n})' for sign, n in each.items())}" for (_, heading), each in found.items()
    ]
    more = f"; and {len(told) - MOST_TOLD} more columns" if len(told) > MOST_TOLD else ""
    sentence = f'Do these signs mean "no value"? {"; ".join(told[:MOST_TOLD])}{more}.'
    single = [(f"not {sign}", f'All but "{sign}", which is a value') for sign in signs] if len(signs) > 1 else []
    choices = [("missing", "Yes, all of them"), *single, ("values", "No, they are values")]
    sheets = list(dict.fromkeys(sheet for sheet, _ in found))
    place: tuple[Subject, str, list[str]] = (
        MISSING,
        sheets[0] if len(sheets) == 1 else "",
        [heading for _, heading in found],
    )
    answer = asking.ask(place, (sentence, WHY), choices, "missing", MISSING)
    return set(signs) if answer == "values" else {answer.removeprefix("not ")} if answer.startswith("not ") else set()


def _without(block: Block, missing: dict[tuple[str, str], tuple[str, ...]]) -> Block:
    signs = {
        heading: frozenset(map(folded, of))
        for (sheet, heading), of in missing.items()
        if sheet == block.grid.name and of
    }
    return replace(block, missing=signs) if signs else block
