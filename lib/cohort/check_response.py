"""Whether a response is one of the criteria in use, and goes together with the measurable residual disease beside it.

By the IMWG criteria (Kumar 2016, Lancet Oncol 17:e328) MRD negativity is a property of a complete response:
"MRD-negative VGPR" is outside of them. Nothing is removed.
"""

from typing import Final

import pandas as pd

from lib.cohort.finding import Finding, at_rows
from lib.cohort.response_scale import MRD_NEGATIVE, NOT_EVALUABLE, UNKNOWN, ResponseScale, mrd_word, scale_for

PROBLEM: Final = "MRD is negative, but the response is {response}: by IMWG, MRD negativity needs a complete response."
MEND: Final = "Correct one of the two, or say how MRD was measured; both are kept as they are."
OUTSIDE: Final = "{response} is no response of %s; it stays {response}, and counts as a response in no rate."
MEND_OUTSIDE: Final = "Write %s, or state another disease in Study."
NO_RESPONSE: Final = ("NR",)  # whoever did not respond did not by any criteria


def check_response(responses: pd.DataFrame, sheet: str, disease: str = "") -> list[Finding]:
    """A warning for each response that the criteria do not know, and, where they ask for a complete response, for each
    assessment that is MRD-negative and less than that."""
    scale = scale_for(disease, set(responses["response"].dropna()))
    return _outside(responses, sheet, scale) + _negative_without_complete(responses, sheet, scale)


def _outside(responses: pd.DataFrame, sheet: str, scale: ResponseScale) -> list[Finding]:
    given = responses["response"]
    rows = responses[given.notna() & ~given.isin((*scale.levels, *NO_RESPONSE))]
    words = (OUTSIDE % scale.name, MEND_OUTSIDE % ", ".join(scale.levels))
    return [] if scale is UNKNOWN else at_rows(rows, "warning", (sheet, "response"), *words, "{response}")


def _negative_without_complete(responses: pd.DataFrame, sheet: str, scale: ResponseScale) -> list[Finding]:
    if not scale.mrd_needs_complete:
        return []
    less = [level for level in scale.levels if level not in (*scale.complete, NOT_EVALUABLE)]
    negative = responses["mrd"].map(mrd_word, na_action="ignore") == MRD_NEGATIVE
    rows = responses[negative & responses["response"].isin(less)]
    return at_rows(rows, "warning", (sheet, "mrd"), PROBLEM, MEND, "{response}")
