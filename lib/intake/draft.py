"""The only way in: files -> Cohort with every finding, or Unsafe with one sentence; all that depends on their bytes
runs in a limited process.

A Draft is a file that was read but is not open yet: its owner still says which column is what. Frozen: every answer
makes a new draft, which knows at once what would be opened.
"""

import zlib
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from lib.cohort.model import Cohort
from lib.intake.files.formats import read_grids_of
from lib.intake.files.grid import Grid, SourceFile
from lib.intake.files.limits import Unsafe
from lib.intake.files.process import BUDGET, Process
from lib.intake.infer.question import PRIVATE_ROLE, Question, Suggestion
from lib.intake.mapping import Mapping
from lib.intake.preview import Preview
from lib.intake.read import fingerprint_of
from lib.intake.transport import (
    PREVIEW,
    Reading,
    Reopened,
    Request,
    answer_bytes,
    cohort_in,
    read_answer,
    read_as,
    read_grids_answer,
)

CANCELLED: Final = "Reading was cancelled. Nothing of the file was opened."


def read_workbook(content: bytes, name: str) -> Cohort:
    """Read one workbook, or one csv file that is the table of patients. Raises Unsafe."""
    return read_files([SourceFile(name, content)])


def read_shipped(content: bytes, name: str, kept: bytes = b"") -> Cohort:
    """Read a workbook that comes with the program, in this process: its bytes are no stranger's, and another process
    takes a second to start. Where a reading of these very bytes was `kept` (kept_reading), that. Raises Unsafe."""
    source = Source((SourceFile(name, content),))
    return known_by(source.fingerprint, kept) or _cohort_of(_answer_about(source))


def known_by(fingerprint: str, kept: bytes) -> Cohort | None:
    """The cohort of a kept reading, if it is one of the workbook with this fingerprint."""
    cohort = cohort_in(zlib.decompress(kept)) if kept else None
    return cohort if cohort is not None and cohort.fingerprint == fingerprint else None


def kept_reading(content: bytes, name: str) -> bytes:
    """What read_shipped makes of a workbook, to stand beside it."""
    return zlib.compress(_answer_about(Source((SourceFile(name, content),))), 9)


def _answer_about(source: "Source") -> bytes:
    return answer_bytes(read_grids_of(source.files), source.request("cohort"), lambda _: None)


def read_files(files: Sequence[SourceFile], mapping: Mapping | None = None) -> Cohort:
    """Read a workbook, or several files with one table each, as one cohort; without a mapping by their names. Raises
    Unsafe."""
    source = Source(tuple(files))
    cohort = _cohort_of(source.ask(source.request("cohort", saved=mapping)))
    return replace(cohort, files=len(files), mapped=mapping is not None)


def _cohort_of(answer: bytes) -> Cohort:
    opened = read_answer(answer).opened
    if isinstance(opened, str):
        raise Unsafe(opened)
    return opened


def read_draft(files: Sequence[SourceFile]) -> "Draft":
    """The draft of these files, before any answer. Raises Unsafe."""
    return first_draft(Source(tuple(files)))


def first_draft(source: "Source") -> "Draft":
    """The draft of files that are still to be read, which may be cancelled meanwhile. Raises Unsafe."""
    read = read_answer(source.ask(source.request("draft")))
    return Draft(source, read.suggestion)._with_reading(read)


@dataclass
class Source:
    """The files of one upload, and the limited process that knows them, if there is one."""

    files: tuple[SourceFile, ...]
    process: Process | None = None
    # gets the name of each step that begins
    report_step: Callable[[str], None] = field(default=lambda _: None, repr=False)
    is_cancelled: bool = False

    def __post_init__(self) -> None:
        self.name = ", ".join(file.name for file in self.files)
        self.fingerprint = fingerprint_of(self.files) if self.files else ""

    def request(self, what: str, saved: Mapping | None = None) -> Request:
        """What a process is asked about these files."""
        return Request(what, self.name, self.fingerprint, self.files, saved=saved)

    def cancel(self) -> None:
        """Nobody waits for it any more: whoever reads it now gets Unsafe."""
        self.is_cancelled = True
        if self.process is not None:
            self.process.stop()

    def ask(self, request: Request) -> bytes:
        """The answer of the limited process, a new one where the last has ended. Raises Unsafe."""
        with BUDGET.place():
            if self.process is None or not self.process.is_alive:
                self.process = BUDGET.process()
            if self.process.knows_file:
                request = replace(request, files=None)
            if self.is_cancelled:
                raise Unsafe(CANCELLED)
            answer = self.process.ask(request, sum(len(file.content) for file in self.files), self.report_step)
            if self.is_cancelled:  # while the answer was already on its way
                self.process.close()
                raise Unsafe(CANCELLED)
            return answer


@dataclass(frozen=True)
class Draft:
    """The sheets of a file with the answers so far, or a saved mapping that takes the place of questions.

    `before` is the suggestion under the answers before the last one; `study_codes` puts P01, P02 ... in the place of
    every patient's id.
    """

    source: Source
    before: Suggestion
    answers: Map[str, str] = field(default_factory=dict)
    saved: Mapping | None = None
    study_codes: bool = False
    known: Map[str, tuple[str, ...]] = field(default_factory=dict)  # by sheet, the columns of which saved answers speak

    @property
    def name(self) -> str:
        """The name of the first file."""
        return self.source.name

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the files."""
        return self.source.fingerprint

    @cached_property
    def _reading(self) -> Reading:
        """What the file means now; where reading it failed, the suggestion before it and the sentence why."""
        try:
            return read_answer(self.source.ask(self._request("draft")))
        except Unsafe as refusal:
            return Reading(self.before, str(refusal), self.saved or self.before.mapping)

    def _request(self, what: str) -> Request:
        plain = self.source.request(what, self.saved)
        return replace(plain, answers=dict(self.answers), study_codes=self.study_codes, known=dict(self.known))

    def preview(self, sheet: str) -> Preview | None:
        """The first rows of this sheet, nothing of its private columns. Raises Unsafe."""
        if sheet not in self._previews:
            hidden = tuple(self.private_columns.get(sheet, ()))
            request = replace(self._request("preview"), sheet=sheet, hidden=hidden)
            self._previews[sheet] = read_as(PREVIEW, self.source.ask(request))
        return self._previews[sheet]

    @cached_property
    def _previews(self) -> dict[str, Preview | None]:
        return {}

    @property
    def problems(self) -> tuple[str, ...]:
        """Changes made by hand that cannot be combined with the rest, a sentence each."""
        return self._reading.problems

    @property
    def suggestion(self) -> Suggestion:
        """What the program takes the sheets for, with the answers so far."""
        return self._reading.suggestion

    @property
    def opened(self) -> Cohort | str:
        """The cohort as it would be opened now, or the sentence why there is none."""
        return self._reading.opened

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The sheets as they stand in the file. Raises Unsafe."""
        return read_grids_answer(self.source.ask(self.source.request("grids")))

    @property
    def mapping(self) -> Mapping:
        """What is applied now, with the answers by which it reopens."""
        return self._reading.mapping

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """What is not answered yet; of a saved mapping only what is new since."""
        return tuple(question for question in self.suggestion.questions if question.is_open)

    @property
    def blocking(self) -> tuple[Question, ...]:
        """The open questions whose answers change numbers: nothing is to be opened before they are given. Where an
        endpoint has no event in anybody, a question about events is one of them: nobody is alive by default."""
        asked = self.open_questions
        nobody = any(each.subject == "event_values" and not each.blocks for each in asked) and self._has_no_event
        return tuple(each for each in asked if each.blocks or (nobody and each.subject == "event_values"))

    @cached_property
    def _has_no_event(self) -> bool:
        """Whether everybody is censored in one of the endpoints that would be opened."""
        if isinstance(self.opened, str):
            return False
        rows = self.opened.endpoints
        events = rows[rows["problem"].fillna("") == ""].groupby("endpoint")["event"].sum()
        return bool((events == 0).any())

    @property
    def private_columns(self) -> dict[str, list[str]]:
        """The columns that look like names, record numbers, addresses or dates of birth, by sheet."""
        found: dict[str, list[str]] = {}
        for guess in self.suggestion.guesses:
            if guess.role == PRIVATE_ROLE:
                found.setdefault(guess.sheet, []).append(guess.column)
        return found

    @property
    def is_settled(self) -> bool:
        """Whether the file can be opened without showing how it was read: the template's own names, or a mapping that
        was saved."""
        known = self.suggestion.is_template or self.saved is not None
        return known and not self.open_questions and isinstance(self.opened, Cohort)

    def answered(self, question: str, answer: str) -> "Draft":
        """With this answer; an empty one takes an earlier answer back."""
        return self.all_answered({question: answer})

    def all_answered(self, answers: Map[str, str]) -> "Draft":
        """With these answers, as one change; empty ones take earlier answers back."""
        others = {name: said for name, said in self.answers.items() if name not in answers}
        return self._changed(answers={**others, **{name: said for name, said in answers.items() if said}})

    def with_saved(self, saved: Mapping | None) -> "Draft":
        """The draft with a saved mapping: as answers, which can be changed and asks only about what is new; as it
        stands, where no answers give it; None = asked anew. Raises Unsafe."""
        if saved is None:
            return self._changed(saved=None, answers={}, known={})
        found: Reopened = read_as(Reopened, self.source.ask(self.source.request("reopen", saved)))
        if found.answers is None:
            return self._changed(saved=saved, answers={}, known={})
        return self._changed(saved=None, answers=found.answers, known=found.known)

    def forgetting(self) -> "Draft":
        """The same draft without what was read under its answers, which is read again when it is asked for."""
        return replace(self, before=self.suggestion)

    def with_study_codes(self, used: bool) -> "Draft":
        """The draft with patients under study codes of the program's own, or under their own ids."""
        return self._changed(study_codes=used)

    def _changed(self, **changes: object) -> "Draft":
        return replace(self, before=self.suggestion, **changes)  # type: ignore[arg-type]

    def _with_reading(self, read: Reading) -> "Draft":
        self.__dict__["_reading"] = read
        return self
