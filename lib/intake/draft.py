"""A file that was read but is not open yet: its owner still says which column is what.

Frozen: every answer makes a new draft, which knows at once what would be opened.
"""

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from lib.cohort.model import Cohort
from lib.cohort.study_code import with_study_codes
from lib.intake.blocks import blocks_of
from lib.intake.grid import Grid
from lib.intake.guard import Unsafe
from lib.intake.guess import suggest
from lib.intake.mapping import Mapping
from lib.intake.source_file import SourceFile
from lib.intake.suggestion import PRIVATE_ROLE, Question, Suggestion
from lib.intake.workbook import cohort_of, fingerprint_of, read_grids_of


@dataclass(frozen=True)
class Draft:
    """The sheets of a file with the answers so far, or a saved mapping that takes the place of questions.

    `study_codes` puts P01, P02 ... in the place of every patient's id.
    """

    name: str
    fingerprint: str
    grids: tuple[Grid, ...]
    answers: Map[str, str] = field(default_factory=dict)
    saved: Mapping | None = None
    study_codes: bool = False

    @cached_property
    def suggestion(self) -> Suggestion:
        return suggest(blocks_of(self.grids), self.answers)

    @property
    def mapping(self) -> Mapping:
        return self.saved or self.suggestion.mapping

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """What is not answered yet; nothing is asked where a saved mapping answers."""
        return () if self.saved else tuple(question for question in self.suggestion.questions if not question.answered)

    @property
    def private_columns(self) -> dict[str, list[str]]:
        """The columns that look like names, record numbers, addresses or dates of birth, by sheet."""
        found: dict[str, list[str]] = {}
        for guess in self.suggestion.guesses:
            if guess.role == PRIVATE_ROLE:
                found.setdefault(guess.sheet, []).append(guess.column)
        return found

    @cached_property
    def opened(self) -> Cohort | str:
        """The cohort as it would be opened now, or the sentence why there is none."""
        by_name = self.saved is None and (self.suggestion.is_template or not self.mapping.sheets)
        mapping = None if by_name else self.mapping
        try:
            cohort = cohort_of(self.grids, self.name, self.fingerprint, mapping)
        except Unsafe as refusal:
            return str(refusal)
        return with_study_codes(cohort) if self.study_codes else cohort

    @property
    def is_settled(self) -> bool:
        """Whether the file can be opened without asking anything."""
        return not self.open_questions and isinstance(self.opened, Cohort)

    def answered(self, question: str, answer: str) -> "Draft":
        return replace(self, answers={**self.answers, question: answer})

    def with_saved(self, saved: Mapping | None) -> "Draft":
        return replace(self, saved=saved)

    def with_study_codes(self, wished: bool) -> "Draft":
        return replace(self, study_codes=wished)


def read_draft(files: Sequence[SourceFile]) -> Draft:
    """The draft of these files, before any answer. Raises Unsafe."""
    return Draft(", ".join(file.name for file in files), fingerprint_of(files), read_grids_of(files))
