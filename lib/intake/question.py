"""Questions as they come up while a workbook is understood: each with the answer that was given, or what is taken until there is one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lib.intake.suggestion import Choice, Question, Subject


@dataclass
class Asking:
    """The answers so far, and every question met on the way."""

    answers: Mapping[str, str]
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
