"""Until when an assessment tells of this infusion: until progression or death, or until something else is given.

An assessment on the day of progression or later does not count, nor does one after another therapy or infusion (one on
its day does).
"""

from dataclasses import dataclass

import pandas as pd

from lib.cohort.model import Cohort, kept_of_each
from lib.derived.endpoint_days import death_days
from lib.derived.progression import ends
from lib.derived.treatment import other_treatment


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
