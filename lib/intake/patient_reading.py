"""A sheet -> how Patients is read from it: the columns of the schema, the rows that count, and what is joined from other sheets."""

import re
from collections.abc import Sequence
from typing import Final

from lib.intake.coding import CHOICE_NUMBER, is_missing, text
from lib.intake.mapping import Reading
from lib.intake.patient_column import is_of_schema
from lib.intake.question import Asking
from lib.intake.row_question import which_row
from lib.intake.sheet_guess import SheetGuess
from lib.intake.sheet_view import ColumnView

NOT_TREATED: Final = re.compile(
    r"screen(ing)?[ _-]*fail\w*|not (assigned|treated|infused|dosed|randomi[sz]ed)|never infused", re.I
)
FOLLOWED: Final = ("death_date", "last_contact_date")
BLANK_OR: Final = frozenset(("x", "✓", "✔", "+"))


def patient_readings(guess: SheetGuess, all_read: Sequence[SheetGuess], asking: Asking) -> list[Reading]:
    """At most one reading of Patients."""
    if guess.table == "patients" or not any(each.table == "patients" for each in all_read):
        if guess.table in ("patients", "deaths") or guess.view.patient:
            return [_whole(guess, all_read, asking)]
        return []
    return _attributes(guess, all_read)


def _whole(guess: SheetGuess, all_read: Sequence[SheetGuess], asking: Asking) -> Reading:
    columns = _columns(guess)
    if any(each.table == "endpoints" for each in all_read) and "progression_date" not in columns:
        columns = {name: heading for name, heading in columns.items() if name not in FOLLOWED}
    _date_role(guess, columns, asking)
    extras = None if guess.table == "patients" else _extras(guess, {})
    codes = _labels(guess) | _blanks(guess, asking) if guess.table == "patients" else {}
    keep = _kept_rows(guess, asking) if guess.table == "patients" else {}
    return Reading("patients", columns, codes=codes, keep=keep, one_row=which_row(guess, asking), extras=extras)


def _columns(guess: SheetGuess) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, proposal in guess.proposals.items():
        column = is_of_schema(proposal.role)
        if column:
            found.setdefault(column, name)
    return found


def _extras(guess: SheetGuess, known: dict[str, None]) -> tuple[str, ...]:
    """Columns that stay the same within a patient, and that no sheet of patients has."""
    return tuple(
        name for name, each in guess.proposals.items()
        if each.role.startswith("patients.") and not is_of_schema(each.role) and guess.view.column(name).key not in known
    )  # fmt: skip


def _attributes(guess: SheetGuess, all_read: Sequence[SheetGuess]) -> list[Reading]:
    """What a sheet of events says of its patients, where no sheet of patients says it."""
    if not guess.view.patient or guess.table in ("deaths", "endpoints", "infusions"):
        return []
    known = {column.key: None for each in all_read if each.table == "patients" for column in each.view.columns}
    earlier = all_read[: next(place for place, each in enumerate(all_read) if each is guess)]
    known |= {column.key: None for each in earlier for column in each.view.columns}
    columns = {
        name: heading for name, heading in _columns(guess).items() if guess.view.column(heading).key not in known
    }
    extras = _extras(guess, known)
    if not columns and not extras:
        return []
    return [Reading("patients", {"patient_id": guess.view.patient, **columns}, extras=extras)]


def _date_role(guess: SheetGuess, columns: dict[str, str], asking: Asking) -> None:
    """Whether a date of diagnosis is day 0 is asked; until then it is not."""
    name = guess.named("endpoints.start_date")
    if guess.table != "patients" or not name or "infusion_date" in columns:
        return
    words = (
        f'Is "{name}" day 0 (the infusion, or the start of follow-up)?',
        "The file does not say from when time is counted.",
    )
    if (
        asking.ask(
            ("role", guess.view.name, [name]),
            words,
            (("day 0", "Yes, count from it"), ("no", "No")),
            "no",
            f"day_zero:{guess.view.name}:{name}",
        )
        == "day 0"
    ):
        columns["infusion_date"] = name


def _kept_rows(guess: SheetGuess, asking: Asking) -> dict[str, tuple[str, ...]]:
    """Rows of patients who were never treated are left out unless the reader wants them."""
    arm = guess.named("patients.arm")
    for column in sorted(guess.view.columns, key=lambda each: each.name != arm):
        away = [word for word in column.profile.words if NOT_TREATED.search(word)]
        if away and not column.private:
            words = _all_words(guess, column)
            away = [word for word in words if NOT_TREATED.search(word)]
            sentence = f'Shall the patients with "{", ".join(away)}" in "{column.name}" be left out?'
            choices = (("leave", "Leave them out"), ("read", "Read them"))
            if (
                asking.ask(
                    ("rows", guess.view.name, [column.name]), (sentence, "They were not treated."), choices, "leave"
                )
                == "leave"
            ):
                return {column.name: tuple(word for word in words if word not in away)}
            return {}
    return {}


def _labels(guess: SheetGuess) -> dict[str, dict[str, str | None]]:
    """Forms export a choice as its number and its words ("2, Axi-cel"): the words count, where every value is written so."""
    codes: dict[str, dict[str, str | None]] = {}
    for column in guess.view.columns:
        meant = {word: CHOICE_NUMBER.sub("", word, count=1) for word in column.profile.words}
        exported = all(CHOICE_NUMBER.match(word) for word in meant) and len(set(meant.values())) == len(meant) > 1
        if exported and not column.private and column.profile.n_levels == len(meant):
            codes[is_of_schema(guess.proposals[column.name].role) or column.name] = dict(meant)
    return codes


def _blanks(guess: SheetGuess, asking: Asking) -> dict[str, dict[str, str | None]]:
    """A column of crosses and blanks: whether a blank means absent or not tested cannot be seen."""
    codes: dict[str, dict[str, str | None]] = {}
    for column in guess.view.columns:
        words = {word.casefold() for word in column.profile.words}
        if words and words <= BLANK_OR and column.profile.filled < column.profile.n:
            sentence = f'What does an empty cell of "{column.name}" mean?'
            choices = (("absent", "Absent"), ("not tested", "Not tested, or not known"))
            if (
                asking.ask(("blank", guess.view.name, [column.name]), (sentence, "Only crosses stand in it."), choices)
                == "absent"
            ):
                codes[is_of_schema(guess.proposals[column.name].role) or column.name] = {"": "no"}
    return codes


def _all_words(guess: SheetGuess, column: ColumnView) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(text(cell) if not is_missing(cell) else "" for cell in guess.view.block.cells(column.name))
    )
