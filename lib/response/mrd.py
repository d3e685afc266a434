"""Measurable residual disease: negative at any assessment that counts, among whoever was assessed for it. Not done is not negative."""

from typing import Final

import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.response_scale import MRD_NEGATIVE, MRD_NOT_DONE, MRD_POSITIVE, mrd_word
from lib.derived.endpoint_days import patient_index
from lib.derived.response_end import ResponseEnds, counted_assessments

NEGATIVE: Final = MRD_NEGATIVE
POSITIVE: Final = MRD_POSITIVE
NOT_DONE: Final = MRD_NOT_DONE


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
    return mrd_word(str(word)) or NOT_DONE
