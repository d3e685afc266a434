"""Columns of which each is a measurement of its own: laboratory tests, copies and transgenic cells side by side, with
their units, and the days of visits that are named after them."""

import re
from operator import attrgetter
from typing import Final

from lib.intake.infer.question import Asking
from lib.intake.infer.series import HYPHEN, day_in_words, says_days, shown_test, unit_of_values
from lib.intake.infer.sheet_guess import SheetGuess
from lib.intake.mapping import Wide
from lib.intake.sheets.role import TABLE_NAMED

KINETIC_UNITS: Final = tuple(
    (unit, unit) for unit in ("copies/µg DNA", "copies/mL", "cells/µL", "%", "mg/L", "µg/mL", "ng/mL")
)
MOSTLY: Final = 0.6
BRACKETED: Final = re.compile(r"\s*[(\[].*?[)\]]")


def columns_measured(guess: SheetGuess) -> tuple[str, ...]:
    """The columns of which each is a measurement of its own; () where one column holds all values."""
    if guess.table == "labs" and not guess.named("labs.test"):
        return guess.all_named("labs.value")
    several = guess.all_named("kinetics.value") if guess.table == "kinetics" else ()
    return several if len(several) > 1 else ()


def one_wide(guess: SheetGuess, name: str, asking: Asking) -> Wide:
    """A measurement with its test or assay, and its unit."""
    if guess.table == "labs":
        return Wide(name, {"test": shown_test(name), **_bracket(guess, name)})
    return Wide(name, {"assay": BRACKETED.sub("", name).strip() or name, **kinetic_unit(guess, name, asking)})


def kinetic_unit(guess: SheetGuess, name: str, asking: Asking) -> dict[str, str]:
    """The unit that the heading says, else its owner."""
    words = (f'In which unit is "{name}"?', "The file does not say.")
    said = unit_of_values(guess.view.column(name))
    unit = said or asking.ask(("unit", guess.view.name, [name]), words, KINETIC_UNITS)
    return {"unit": unit} if unit else {}


def _bracket(guess: SheetGuess, name: str) -> dict[str, str]:
    brackets = guess.view.column(name).heading.brackets
    return {"unit": brackets[0]} if brackets else {}


def days_of_visits(guess: SheetGuess, columns: dict[str, str]) -> dict[str, dict[str, str | None]]:
    """The day of each visit that is named after it, where the sheet has no days or dates; its column becomes that of
    the days, too."""
    worded = {name: heading for name, heading in columns.items() if name.endswith("day") and _says_days(guess, heading)}
    if worded:  # Day 3 and D+5 under the name of a day
        return {name: _days_in(guess, heading) for name, heading in worded.items()}
    visit = guess.named(f"{guess.table}.visit")
    known = {"day", "date", "start_day", "start_date"} & set(columns)
    if (
        not visit
        or known
        or "day" not in map(attrgetter("name"), TABLE_NAMED[guess.table].columns)
        or not says_days(guess.view.column(visit))
    ):
        return {}
    columns["day"] = visit
    return {"day": _days_in(guess, visit)}


def _says_days(guess: SheetGuess, heading: str) -> bool:
    column = guess.view.column(heading)
    return column.profile.numbers < MOSTLY and says_days(column)


def _days_in(guess: SheetGuess, heading: str) -> dict[str, str | None]:
    """The day that each word of this column says."""
    words = {word: day_in_words(word) for word in guess.view.block.words(heading) if word}
    if any(map(HYPHEN.search, words)):  # Day-0 and Day-7
        words = {word: None if day is None else abs(day) for word, day in words.items()}
    return {word: None if day is None else _written(day) for word, day in words.items()}


def _written(day: float) -> str:
    """A day as no sign for thousands can be seen in it: 1.1250, and not 1.125."""
    return f"{day:.0f}" if day == round(day) else f"{day:.4f}"
