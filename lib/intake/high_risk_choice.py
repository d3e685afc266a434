"""High-risk cytogenetics from lesion columns: offered where the file has lesions and no column of its own, derived only when answered."""

import re
from collections.abc import Sequence
from typing import Final

from lib.cohort.schema import PATIENTS
from lib.intake.mapping import HighRisk
from lib.intake.question import Asking
from lib.intake.sheet_guess import SheetGuess
from lib.intake.synonym import LESION
from lib.intake.table import extra_name

ABSENT: Final = re.compile(
    r"0(\.0)?|no|n|nein|non|neg(ative|ativ)?|-|absent|normal|wild.?type|wt|2( copies)?|not detected|false|否|阴性|无|not done|nd|nicht.*",
    re.I,
)
MOST_LEVELS: Final = 6


def high_risk(read: Sequence[SheetGuess], asking: Asking) -> HighRisk | None:
    """The definition that the reader agreed to, else None."""
    for guess in (each for each in read if each.table == "patients"):
        if guess.named("patients.high_risk_cytogenetics"):
            return None
        lesions = {
            column.name: present for column in guess.view.columns
            if not column.private and LESION.fullmatch(column.key) and 0 < column.profile.n_levels <= MOST_LEVELS
            and (present := tuple(word for word in column.profile.words if not ABSENT.fullmatch(word.strip())))
        }  # fmt: skip
        if len(lesions) >= 2:
            return _asked(guess, lesions, asking)
    return None


def _asked(guess: SheetGuess, lesions: dict[str, tuple[str, ...]], asking: Asking) -> HighRisk | None:
    named = ", ".join(lesions)
    words = (
        f"Shall high-risk cytogenetics be any of {named}?",
        "Definitions differ, so it is derived only if you say so.",
    )
    choices = (
        ("use", "Yes; whoever has an empty cell and no lesion is not stated"), ("use, blank is absent", "Yes; an empty cell means absent"), ("no", "No"),
    )  # fmt: skip
    answer = asking.ask(("levels", guess.view.name, tuple(lesions)), words, choices, "no", "high_risk")
    if not answer.startswith("use"):
        return None
    return HighRisk({extra_name(name, PATIENTS): present for name, present in lesions.items()}, answer != "use")
