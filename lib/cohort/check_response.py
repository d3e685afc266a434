"""Whether a response and the measurable residual disease beside it go together.

By the IMWG criteria (Kumar 2016, Lancet Oncol 17:e328) MRD negativity is a property of a complete response: "MRD-negative VGPR" is
outside of them. Nothing is removed.
"""

from typing import Final

import pandas as pd

from lib.cohort.finding import Finding, at_rows
from lib.cohort.response_scale import NOT_EVALUABLE, scale_for

PROBLEM: Final = "MRD is negative, but the response is {response}: by IMWG, MRD negativity needs a complete response."
MEND: Final = "Correct one of the two, or say how MRD was measured; both are kept as they are."


def check_response(responses: pd.DataFrame, sheet: str, disease: str = "") -> list[Finding]:
    """A warning for each assessment that is MRD-negative and less than a complete response, where the criteria ask for one."""
    scale = scale_for(disease, set(responses["response"].dropna()))
    if not scale.mrd_needs_complete:
        return []
    less = [level for level in scale.levels if level not in (*scale.complete, NOT_EVALUABLE)]
    negative = responses["mrd"].astype("str").str.casefold().isin(("negative", "neg"))
    rows = responses[negative & responses["response"].isin(less)]
    return at_rows(rows, "warning", (sheet, "mrd"), PROBLEM, MEND, "{response}")
