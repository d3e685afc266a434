"""Measurable residual disease: negative at any assessment that counts, among whoever was assessed for it. Not done is not negative."""

import re
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort
from lib.derived.endpoint_days import patient_index
from lib.derived.response_end import ResponseEnds, counted_assessments

NEGATIVE: Final = "negative"
POSITIVE: Final = "positive"
NOT_DONE: Final = "not done"
_WORDS: Final = {
    NEGATIVE: re.compile(
        r"\s*(?:mrd\W*)?(?:neg|undetect|not detect|nicht nachweis|阴性)|\s*(?:mrd\s*)?[-−–]\s*$", re.IGNORECASE
    ),
    POSITIVE: re.compile(r"\s*(?:mrd\W*)?(?:pos|detect|nachweis|阳性)|\s*(?:mrd\s*)?\+\s*$", re.IGNORECASE),
}


def mrd_states(cohort: Cohort, ended: ResponseEnds | None = None) -> pd.Series:
    """By patient the best that was found: negative before positive before not done."""
    rows = counted_assessments(cohort, ended)
    found = rows["mrd"].map(read_mrd, na_action="ignore")
    index = patient_index(cohort)
    state = pd.Series(NOT_DONE, index=index, dtype="object")
    for word in (POSITIVE, NEGATIVE):
        state = state.mask(index.isin(rows.loc[found == word, "patient_id"]), word)
    return state


def read_mrd(word: object) -> str:
    """ "negative", "positive", or "not done" for every other word."""
    return next((state for state, pattern in _WORDS.items() if pattern.match(str(word))), NOT_DONE)
