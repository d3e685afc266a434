"""What the program believes a workbook means, why, how sure it is, and what only its owner can know."""

from dataclasses import dataclass
from typing import Final, Literal

from lib.intake.mapping import Mapping

Certainty = Literal["certain", "likely", "open"]
Subject = Literal[
    "role", "endpoint", "event_values", "unit", "levels", "group", "rows", "blank", "date_order", "known_at"
]
PRIVATE_ROLE: Final = (
    "private"  # looks like a name, record number, address or date of birth: dropped unless the user insists
)
EXTRA_ROLE: Final = "extra"  # nothing of ours; kept as a further column where it belongs to a patient


@dataclass(frozen=True)
class Guess:
    """One column of the user's: `role` is "table.column" of the schema, patients.<finer name>, "extra" or "private".

    `examples` are up to five different values as the sheet shows them (none of a private column); `asks` says about what
    the owner has to be asked.
    """

    sheet: str
    column: str
    role: str
    certainty: Certainty
    reason: str
    asks: tuple[Subject, ...] = ()
    examples: tuple[str, ...] = ()
    endpoint: str = ""  # of endpoints.time and endpoints.event: os, pfs ... ; "stacked" = named row by row
    unit: str = ""


@dataclass(frozen=True)
class Choice:
    """One answer: the key by which it is given, and the words for the reader."""

    key: str
    label: str


@dataclass(frozen=True)
class Question:
    """One thing that cannot be known from the file; `why` says why it is asked.

    `id` is stable ("event_values:Sheet1:status"), so that an answer survives the answers to other questions. `chosen` is the key
    that stands in the mapping now: the answer, or what the program takes until there is one ("" = nothing is taken).
    """

    id: str
    subject: Subject
    sheet: str
    columns: tuple[str, ...]
    sentence: str
    why: str
    choices: tuple[Choice, ...]
    chosen: str = ""
    answered: bool = False


@dataclass(frozen=True)
class Suggestion:
    """The mapping that the program proposes, a guess for every column, and the questions, answered ones among them.

    Made by `suggest(blocks, answers)` in guess.py: `answers` has the key of a Choice by Question.id, and the role that the reader
    gave to a column by "role:<sheet>:<column>". The same answers give the same suggestion. `is_template` is True where every sheet and column is called as in the template and nothing had to be guessed.
    """

    mapping: Mapping
    guesses: tuple[Guess, ...]
    questions: tuple[Question, ...]
    is_template: bool
