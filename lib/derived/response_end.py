"""Until when an assessment tells of this infusion: until progression or death, or until something else is given.

An assessment on the day of progression or later does not count, nor does one after another therapy or infusion (one on
its day does).

At a landmark counts the assessment nearest to its day within a window; nothing is carried forward.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort, kept_of_each
from lib.cohort.schema import RESPONSES
from lib.derived.endpoint_days import death_days
from lib.derived.progression import ends
from lib.derived.treatment import other_treatment

MONTH_1_DAY: Final = 28.0
MONTH_1_WINDOW: Final = 14.0


def response_at(cohort: Cohort, day: float = MONTH_1_DAY, window: float = MONTH_1_WINDOW) -> pd.Series:
    """For each selected patient the response nearest to `day` (of two equally near, the earlier), None without one."""
    rows = cohort.responses.dropna(subset=["response", "day"])
    near = rows.assign(distance=(rows["day"] - day).abs())
    near = (
        near[near["distance"] <= window].sort_values(["distance", "day"], kind="stable").drop_duplicates("patient_id")
    )
    seen = dict(zip(near["patient_id"], near["response"], strict=True))
    patients = cohort.patients["patient_id"]
    return pd.Series([seen.get(patient) for patient in patients], index=patients.index, dtype="object")


def response_levels(responses: pd.Series) -> tuple[str, ...]:
    """The responses that occur, best first."""
    given = set(responses.dropna())
    return tuple(response for response in RESPONSES if response in given)


@dataclass(frozen=True)
class ResponseEnds:
    """`table` is indexed by patient: progressed, treated, died, in days, NaN where it did not happen; `source` of the
    first in words.

    `progressed` holds progression, and death too where the workbook follows survival.
    """

    table: pd.DataFrame
    source: str

    @property
    def first(self) -> pd.Series:
        """The day on which a patient failed by whichever came first, NaN for whoever did not."""
        return self.table.min(axis=1)


@kept_of_each
def response_ends(cohort: Cohort) -> ResponseEnds:
    """Of every selected patient."""
    ended = ends(cohort, with_death="os" in cohort.endpoint_names or "pfs" in cohort.endpoint_names)
    progressed = ended.table["day"].where(ended.table["event"] == 1)
    table = pd.DataFrame({"progressed": progressed, "treated": other_treatment(cohort), "died": death_days(cohort)})
    return ResponseEnds(table.astype("float64"), ended.source)


def counted_assessments(cohort: Cohort, ended: ResponseEnds | None = None) -> pd.DataFrame:
    """The rows of Responses that tell of this infusion: dated, after day 0, before its end; not evaluable ones (NE)
    among them."""
    until = (ended or response_ends(cohort)).table
    rows = cohort.responses[cohort.responses["day"] > 0]
    progressed, treated = rows["patient_id"].map(until["progressed"]), rows["patient_id"].map(until["treated"])
    return rows[~(rows["day"] >= progressed) & ~(rows["day"] > treated)]
