"""What the program believes a workbook means, why, how sure it is, and what only its owner can know.

Questions as they come up while a workbook is understood: each with the answer that was given, or what is taken until
there is one. Questions that nobody answered yet, as findings: what was not read because of them.
"""

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal
from urllib.parse import unquote

from lib.cohort.finding import Finding, Severity
from lib.intake.mapping import Mapping
from lib.intake.sheets.role import normalised

Certainty = Literal["certain", "likely", "open"]
Subject = Literal[
    "role",
    "endpoint",
    "event_values",
    "unit",
    "levels",
    "group",
    "rows",
    "blank",
    "date_order",
    "known_at",
    "patient",
    "time_zero",
    "exclude",
    "ids",
    "spelling",
    "missing",
    "disease",
    "decimals",
]
Kind = Literal["choice", "codes"]
Place = tuple[Subject, str, Sequence[str]]  # what is asked about: subject, sheet, columns
# looks like a name, record number, address or date of birth: dropped unless the user insists
PRIVATE_ROLE: Final = "private"
EXTRA_ROLE: Final = "extra"  # nothing of ours; kept as a further column where it belongs to a patient
EVENT: Final = "event"
CENSORED: Final = "censored"
UNKNOWN: Final = "unknown"
COLUMNS: Final = "{columns}"  # in a sentence: the headings of all columns of which the same is asked


@dataclass(frozen=True)
class Guess:
    """One column of the user's: `role` is "table.column" of the schema, patients.<finer name>, "extra" or "private".

    `examples` are up to five different values as the sheet shows them (none of a private column); `asks` says about
    what the owner has to be asked.
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
class CodedValue:
    """One value that stands in the columns of a question of kind "codes": how many cells hold it (over all rows of all
    these columns), and the key of the choice that counts for it now, answered or proposed ("" = none: it must be
    chosen)."""

    value: str
    n: int
    meaning: str = ""


@dataclass(frozen=True)
class Question:
    """One thing that cannot be known from the file; `why` says why it is asked.

    `id` is stable ("event_values:Sheet1:status"), so that an answer survives the answers to other questions. What is
    the same for several columns is asked once, with all of them in `columns`; its id is that of the first.

    kind "choice": the answer is the key of one of `choices`; `chosen` is the key that stands in the mapping now: the
    answer, or what the program takes until there is one ("" = nothing is taken). kind "codes": each of `values` gets
    one of `choices` of its own (event, censored, unknown). The answer is one text of all values, as `coded` writes it
    and `decoded` reads it: "1=event|0=censored|9=unknown"; `chosen` is the text of what counts now, answered or
    proposed, without the values that have no meaning yet. An answer for a part of the values counts for those.

    `answered` = its owner said it (of codes: for every value that stands in the file). `needed` = False where name and
    values agree and nothing else could be meant: it is listed so that it can be changed, and is no open question.
    `blocks` = the answer changes numbers, and nothing must be opened before it is given. Every question can be answered
    again, and an answer can be taken back by leaving its id out of the answers.
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
    kind: Kind = "choice"
    values: tuple[CodedValue, ...] = ()
    blocks: bool = False
    needed: bool = True
    more_sheets: tuple[str, ...] = ()  # further sheets with a column of that name, of which the same is asked

    def is_about(self, sheet: str, column: str) -> bool:
        """Whether it is asked of this column."""
        return column in self.columns and sheet in (self.sheet, *self.more_sheets)

    @property
    def is_open(self) -> bool:
        """Whether its owner still has to say it."""
        return self.needed and not self.answered

    @property
    def is_blocking(self) -> bool:
        """Whether nothing may be opened before it is answered."""
        return self.blocks and self.is_open


@dataclass(frozen=True)
class Suggestion:
    """The mapping that the program proposes, a guess for every column, and the questions, answered ones among them.

    Made by `suggest(blocks, answers)` in guess.py: `answers` has the answer by Question.id, and the role that the
    reader gave to a column by "role:<sheet>:<column>". The same answers give the same suggestion.
    """

    mapping: Mapping
    guesses: tuple[Guess, ...]
    questions: tuple[Question, ...]

    @property
    def is_template(self) -> bool:
        """Whether every sheet and column is called as in the template and nothing had to be guessed."""
        return self.mapping.by_name


def coded(meanings: Map[str, str]) -> str:
    """The answer to a question of kind "codes": {"1": "event", "0": "censored"} is "1=event|0=censored"."""
    return "|".join(f"{_escaped(value)}={meaning}" for value, meaning in meanings.items() if meaning)


def decoded(answer: str) -> dict[str, str]:
    """What such an answer says of each value; {} where it is none."""
    parts = [part.rpartition("=") for part in answer.split("|") if "=" in part]
    return {unquote(value): meaning for value, _, meaning in parts}


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("|", "%7C").replace("=", "%3D")


@dataclass
class Asking:
    """The answers so far, and every question met on the way."""

    answers: Map[str, str]
    questions: list[Question] = field(default_factory=list)
    _asked: dict[tuple[object, ...], str] = field(default_factory=dict)  # what makes two questions the same -> id

    def ask(
        self,
        place: Place,
        words: tuple[str, str],
        choices: Sequence[tuple[str, str]],
        chosen: str = "",
        name: str = "",
        blocks: bool = False,
        needed: bool = True,
    ) -> str:
        """The key that counts now. `place` is subject, sheet and columns; `words` the sentence and why it is asked.

        A sentence with "{columns}" in it is asked once for all columns of the sheet of which the same is asked; a unit
        once for all sheets with a column of that name.
        """
        subject, sheet, columns = place
        asked = (subject, words, tuple(choices), chosen)
        same: tuple[object, ...] = (sheet, *asked) if COLUMNS in words[0] else ()
        anywhere = (*asked, normalised(columns[0])) if subject == "unit" and same else ()
        name = self._asked.get(same, "") or self._asked.get(anywhere, "") or name or f"{subject}:{sheet}:{columns[0]}"
        given = self.answers.get(name, "")
        answered = given in [key for key, _ in choices]
        taken = given if answered else chosen
        plain = _question(name, place, words, choices)
        self._add(replace(plain, chosen=taken, answered=answered, blocks=blocks, needed=needed), same)
        if anywhere:
            self._asked.setdefault(anywhere, name)
        return taken

    def codes(
        self,
        place: Place,
        words: tuple[str, str],
        choices: Sequence[tuple[str, str]],
        values: Sequence[CodedValue],
        needed: bool = True,
    ) -> dict[str, str] | None:
        """What each value means, answered or proposed; None while one of them has no meaning."""
        subject, sheet, columns = place
        same = (subject, sheet, words, tuple((each.value, each.meaning) for each in values), needed)
        name = self._asked.get(same, "") or f"{subject}:{sheet}:{columns[0]}"
        allowed = [key for key, _ in choices]
        given = {value: said for value, said in decoded(self.answers.get(name, "")).items() if said in allowed}
        known = tuple(replace(each, meaning=given.get(each.value, each.meaning)) for each in values)
        meanings = {each.value: each.meaning for each in known}
        answered = all(each.value in given for each in values)
        plain = replace(_question(name, place, words, choices), kind="codes", values=known, blocks=True, needed=needed)
        self._add(replace(plain, chosen=coded(meanings), answered=answered), same)
        return meanings if all(meanings.values()) else None

    def _add(self, question: Question, same: tuple[object, ...]) -> None:
        """The question, or its columns added to the one that asks the same."""
        place = next((place for place, each in enumerate(self.questions) if each.id == question.id), None)
        if place is None:
            self.questions.append(question)
            if same:
                self._asked[same] = question.id
        elif same:
            first = self.questions[place]
            columns = tuple(dict.fromkeys((*first.columns, *question.columns)))
            sheets = tuple(dict.fromkeys((*first.more_sheets, *({question.sheet} - {first.sheet}))))
            n = {each.value: each.n for each in question.values} if columns != first.columns else {}
            values = tuple(replace(each, n=each.n + n.get(each.value, 0)) for each in first.values)
            self.questions[place] = replace(first, columns=columns, values=values, more_sheets=sheets)

    def asked(self) -> tuple[Question, ...]:
        """All questions, each with the headings of its columns in its sentence."""
        return tuple(
            replace(each, sentence=each.sentence.replace(COLUMNS, _listed(each.columns))) for each in self.questions
        )

    def forced(self, sheet: str) -> dict[str, str]:
        """The roles that the reader gave to columns of this sheet."""
        start = f"role:{sheet}:"
        return {name[len(start) :]: role for name, role in self.answers.items() if name.startswith(start)}

    @property
    def has_changes(self) -> bool:
        """Whether the reader gave a role to a column, or changed how a sheet is read."""
        return any(name.startswith(("role:", "edit:")) for name in self.answers)

    def table(self, sheet: str) -> str:
        """Which table the reader said this sheet is, "" where nobody did."""
        return self.answers.get(f"edit:table:{sheet}:", "")


def _question(name: str, place: Place, words: tuple[str, str], choices: Sequence[tuple[str, str]]) -> Question:
    subject, sheet, columns = place
    return Question(name, subject, sheet, tuple(columns), *words, tuple(Choice(*each) for each in choices))


def _listed(columns: Sequence[str], most: int = 4) -> str:
    shown = [f'"{each}"' for each in columns[:most]]
    if len(columns) > most:
        return f"{', '.join(shown)} and {len(columns) - most} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


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


FIX: Final = "Confirm it on Home or with a mapping."
ANSWER: Final = "Answer it on Home or with a mapping."  # where nothing is taken that could be confirmed


def open_questions(suggestion: Suggestion) -> list[Finding]:
    """One warning for every question without an answer on which results depend."""
    return [_finding(question) for question in suggestion.questions if question.is_open]


def _finding(question: Question) -> Finding:
    columns = ", ".join(question.columns)
    said = question.sentence
    settled = question.chosen and all(each.meaning for each in question.values)
    if question.subject == "event_values" and not settled:
        said = f'It is not settled which value of "{columns}" means the event, so no endpoint was read from it.'
    elif question.kind == "codes":
        said = f"{question.sentence} Until that is confirmed: {in_words(question)}."
    elif question.chosen:
        chosen = next((choice.label for choice in question.choices if choice.key == question.chosen), question.chosen)
        said = f"{question.sentence} Until that is confirmed: {chosen}."
    severity: Severity = "warning" if question.blocks or not settled else "note"
    return Finding(severity, question.sheet, None, columns, "", said, FIX if question.chosen else ANSWER)


def in_words(question: Question) -> str:
    """What stands for each value now: "1" = It happened, "0" = Censored."""
    labels = {choice.key: choice.label for choice in question.choices}
    said = ((each.value or "empty", labels.get(each.meaning, "not settled")) for each in question.values)
    return ", ".join(f'"{value}" = {meaning}' for value, meaning in said)
