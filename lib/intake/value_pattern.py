"""What the values of a column look like: numbers, dates, yes or no, responses, how many different, constant within a patient."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from lib.intake.coding import BELOW_LIMIT_WORDS, NO_WORDS, RESPONSE_WORDS, YES_WORDS, as_number, is_missing, text
from lib.intake.grid import Cell

T = TypeVar("T")
SAMPLE: Final = 500
MOST_LEVELS: Final = 40
EXAMPLES: Final = 5
DATE_TEXT: Final = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T].*)?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})([ T].*)?|\d{1,2}[-\s.]?[^\W\d_]{3,9}[-\s.,]*\d{4}"
)
PARTS: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})([ T].*)?")
BELOW: Final = re.compile(r"\s*[<≤>≥]\s*[\d.,]+.*")
MORE_RESPONSES: Final = frozenset(
    (
        "ncr",
        "cri",
        "crh",
        "rd",
        "cmr",
        "pmr",
        "nmr",
        "mlfs",
        "non",
        "missing",
        "relapse",
        "non-cr/non-pd",
        "完全缓解",
        "部分缓解",
        "疾病稳定",
        "疾病进展",
    )
)


@dataclass(frozen=True)
class Profile:
    """Shares are of the filled cells of the sample; `low` and `high` of the numbers among them."""

    n: int
    filled: int
    numbers: float
    whole: float
    dates: float
    yes_no: float
    responses: float
    low: float
    high: float
    levels: tuple[tuple[str, int], ...]  # the most frequent texts and how often they stand there
    n_levels: int
    examples: tuple[str, ...]
    ambiguous_dates: bool
    day_first: bool | None  # None where text dates leave it open

    @property
    def words(self) -> tuple[str, ...]:
        """The different texts, most frequent first."""
        return tuple(word for word, _ in self.levels)


def profile(cells: Sequence[Cell]) -> Profile:
    """The pattern of these cells (no more than a sample is looked at)."""
    sample = sampled(cells)
    filled = [cell for cell in sample if not is_missing(cell)]
    words = [text(cell) for cell in filled]
    n = max(len(filled), 1)
    dates = [
        isinstance(cell, dt.datetime) or bool(DATE_TEXT.fullmatch(word))
        for cell, word in zip(filled, words, strict=True)
    ]
    found = [as_number(cell) if not isinstance(cell, dt.datetime) else None for cell in filled]
    numbers = [each for each in found if each is not None]
    below = sum(bool(BELOW.fullmatch(word)) or word.casefold() in BELOW_LIMIT_WORDS for word in words)
    counts = Counter(words)
    folded = [word.casefold() for word in words]
    day_first = _day_first(words)
    return Profile(
        n=len(sample), filled=len(filled), numbers=(len(numbers) + below) / n,
        whole=sum(each == round(each) for each in numbers) / max(len(numbers), 1), dates=sum(dates) / n,
        yes_no=sum(word in YES_WORDS or word in NO_WORDS for word in folded) / n,
        responses=sum(map(is_response, folded)) / n, low=min(numbers, default=0.0), high=max(numbers, default=0.0),
        levels=tuple(counts.most_common(MOST_LEVELS)), n_levels=len(counts), examples=tuple(list(counts)[:EXAMPLES]),
        ambiguous_dates=day_first is None and any(PARTS.fullmatch(word) for word in words), day_first=day_first,
    )  # fmt: skip


def sampled(cells: Sequence[T]) -> Sequence[T]:
    """The first of these, and of many as many again from all over them."""
    if len(cells) <= SAMPLE:
        return cells
    half = SAMPLE // 2
    return [*cells[:half], *cells[half :: max(1, (len(cells) - half) // half)][:half]]


def is_response(folded: str) -> bool:
    """Whether this is a response category, whole or as the first word ("CR/CRi + B cell aplasia")."""
    first = re.split(r"[^a-z]+", folded, maxsplit=1)[0] if folded[:1].isalpha() and folded[:1].isascii() else folded
    return folded in RESPONSE_WORDS or first in RESPONSE_WORDS or first in MORE_RESPONSES or folded in MORE_RESPONSES


def _day_first(words: Sequence[str]) -> bool | None:
    found = [match for word in words if (match := PARTS.fullmatch(word))]
    day = any(int(match[1]) > 12 or match[2] == "." for match in found)
    month = any(int(match[3]) > 12 for match in found)
    return None if day == month else day


def constant_within(ids: Sequence[str], cells: Sequence[Cell]) -> float:
    """The share of the patients with several rows for whom the column never changes; 1.0 where nobody has several."""
    first: dict[str, str] = {}
    several: set[str] = set()
    changed: set[str] = set()
    for patient, cell in zip(ids, cells, strict=True):
        if is_missing(cell):
            continue
        word = text(cell)
        if patient in first:
            several.add(patient)
            if first[patient] != word:
                changed.add(patient)
        else:
            first[patient] = word
    return 1 - len(changed) / len(several) if several else 1.0
