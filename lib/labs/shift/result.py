"""From which grade at baseline to which worst grade after the infusion: the shift table of one test, by group."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from lib.derived.lab_grade import UNCERTAIN, grade_words
from lib.labs.grades.result import GradesResult

NOT_KNOWN: Final = "–"
GRADES: Final = ("0", UNCERTAIN, "1", "2", "3", "4")


@dataclass(frozen=True)
class Shift:
    """`counts` by group, grade at baseline and worst grade (words; NOT_KNOWN where there is no value); `levels`: those that occur."""

    analyte: str
    term: str
    result: GradesResult
    levels: tuple[str, ...]
    counts: Counter[tuple[str, str, str]]
    n: int

    @property
    def n_worse(self) -> dict[str, int]:
        """By group: how many had a worse grade than at baseline (both known)."""
        return {
            group: sum(n for (name, start, worst), n in self.counts.items() if name == group and _order(start) < _order(worst) and start != NOT_KNOWN)
            for group in self.result.grouping.names
        }  # fmt: skip


def shift(result: GradesResult, analyte: str) -> Shift:
    """The shift of one analyte; nobody counts without a value before and after."""
    rows = result.worst[result.worst["analyte"] == analyte]
    words = [
        (group, grade_words(start, start_high), grade_words(low, high))
        for group, start, start_high, low, high in zip(
            rows["group"], rows["baseline_low"], rows["baseline_high"], rows["low"], rows["high"], strict=True)
    ]  # fmt: skip
    seen = {word for _, start, worst in words for word in (start, worst)}
    levels = [
        word
        for word in dict.fromkeys((*GRADES, *sorted(seen)))
        if (word in seen or word != UNCERTAIN) and word != NOT_KNOWN
    ]
    term = str(rows["term"].iloc[0]) if len(rows) else analyte
    return Shift(analyte, term, result, tuple(levels), Counter(words), len(rows))


def _order(words: str) -> float:
    return -1.0 if words == NOT_KNOWN else float(words.rsplit("–", maxsplit=1)[-1])
