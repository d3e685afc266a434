"""Patients with several rows: which of them counts is asked where they say different things."""

from typing import Final

from lib.intake.mapping import ROW_CHOICES, RowChoice
from lib.intake.question import Asking
from lib.intake.sheet_guess import SheetGuess

WHICH: Final = (
    ("same", "What is the same in all rows; the rest is left out"),
    ("first", "The first row in which something stands"),
    ("last", "The last row in which something stands"),
    ("worst", "The worst: the highest number or grade, yes before no"),
)
FOLLOW_UP: Final = (
    ("last", "Read it: the last row of each patient counts"),
    ("first", "Read it: the first row of each patient counts"),
    ("worst", "Read it: the earliest event of each patient counts"),
    ("leave", "Leave it out"),
)
SHOWN: Final = 4


def which_row(guess: SheetGuess, asking: Asking) -> RowChoice:
    """Of a sheet of patients: asked once for all columns of the patient that change from row to row; "" = none is chosen."""
    if guess.table != "patients" or not guess.view.repeated:
        return ""
    differ = [
        name
        for name, each in guess.proposals.items()
        if each.role.startswith("patients.") and name != guess.view.patient and guess.view.column(name).constant < 1
    ]
    if not differ:
        return ""
    shown = ", ".join(f'"{name}"' for name in differ[:SHOWN])
    more = f" and {len(differ) - SHOWN} more" if len(differ) > SHOWN else ""
    words = (
        f"Patients have several rows, which differ in {shown}{more}. Which counts?",
        "A patient has one value in each column.",
    )
    answer = asking.ask(("rows", guess.view.name, differ), words, WHICH, "same", f"which row:{guess.view.name}")
    return _choice(answer)


def which_follow_up(guess: SheetGuess, asking: Asking) -> RowChoice | None:
    """Of endpoints that stand on every row of a patient: which row counts, None = they are left out.

    Where they change from row to row the last row is proposed in a sheet of patients; in a sheet of events, nothing.
    """
    pair = guess.pairs[0]
    columns = [name for each in guess.pairs for name in (each.time, each.event) if name]
    changes = any(guess.view.column(name).constant < 1 for name in columns)
    says = "changes from row to row" if changes else "repeats on every row"
    words = (
        f'"{pair.time}" {says} of a patient. Is it an endpoint to be read?',
        "It may be a second follow-up of the same patients.",
    )
    proposed = "last" if guess.table == "patients" else "leave"
    answer = asking.ask(("rows", guess.view.name, columns), words, FOLLOW_UP, proposed)
    return None if answer == "leave" else _choice(answer)


def _choice(answer: str) -> RowChoice:
    return next((choice for choice in ROW_CHOICES if choice == answer), "")
