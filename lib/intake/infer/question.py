"""What the program believes a workbook means, why, how sure it is, and what only its owner can know.

Questions as they come up while a workbook is understood: each with the answer that was given, or what is taken until there is one.

What is proposed for one column, before it becomes a Guess.

Questions that nobody answered yet, as findings: what was not read because of them.
"""

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from lib.cohort.finding import Finding
from lib.intake.mapping import Mapping

Certainty = Literal["certain", "likely", "open"]
Subject = Literal[
    "role", "endpoint", "event_values", "unit", "levels", "group", "rows", "blank", "date_order", "known_at", "missing"
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


@dataclass
class Asking:
    """The answers so far, and every question met on the way."""

    answers: Map[str, str]
    questions: list[Question] = field(default_factory=list)

    def ask(
        self,
        place: tuple[Subject, str, Sequence[str]],
        words: tuple[str, str],
        choices: Sequence[tuple[str, str]],
        chosen: str = "",
        name: str = "",
    ) -> str:
        """The key that counts now. `place` is subject, sheet and columns; `words` the sentence and why it is asked."""
        subject, sheet, columns = place
        name = name or f"{subject}:{sheet}:{columns[0]}"
        keys = [key for key, _ in choices]
        given = self.answers.get(name, "")
        answered = given in keys
        taken = given if answered else chosen
        if all(each.id != name for each in self.questions):
            self.questions.append(
                Question(name, subject, sheet, tuple(columns), *words, tuple(Choice(*each) for each in choices), taken, answered)
            )  # fmt: skip
        return taken

    def forced(self, sheet: str) -> dict[str, str]:
        """The roles that the reader gave to columns of this sheet."""
        start = f"role:{sheet}:"
        return {name[len(start) :]: role for name, role in self.answers.items() if name.startswith(start)}


@dataclass(frozen=True)
class Proposal:
    """The role, how sure it is and why, what has to be asked; `endpoint` and `unit` where the role has them."""

    role: str
    reason: str
    certainty: Certainty = "likely"
    asks: tuple[Subject, ...] = ()
    endpoint: str = ""
    unit: str = ""


Proposals = dict[str, Proposal]


MEND = "Confirm it on Home or with a mapping."


def open_questions(suggestion: Suggestion) -> list[Finding]:
    """One warning for every question without an answer on which results depend."""
    return [_finding(question) for question in suggestion.questions if not question.answered]


def _finding(question: Question) -> Finding:
    columns = ", ".join(question.columns)
    said = question.sentence
    if question.subject == "event_values" and not question.chosen:
        said = f'It is not settled which value of "{columns}" means the event, so no endpoint was read from it.'
    elif question.chosen:
        chosen = next((choice.label for choice in question.choices if choice.key == question.chosen), question.chosen)
        said = f"{question.sentence} Until that is confirmed: {chosen}."
    return Finding("warning" if not question.chosen else "note", question.sheet, None, columns, "", said, MEND)
