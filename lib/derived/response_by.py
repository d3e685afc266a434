"""The first day on which a patient's response was at least as good as a threshold: PR or better, CR or better.

Asked at a landmark it compares responders with others without giving responders immortal time (Anderson 1983).
"""

from typing import Final

from lib.cohort.model import Cohort
from lib.cohort.schema import RESPONSES
from lib.derived.became_known import BecameKnown, first_days, without_day

EVALUABLE: Final = tuple(response for response in RESPONSES if response != "NE")


def response_by(cohort: Cohort, threshold: str) -> BecameKnown:
    """The first day, from the infusion on, of a response of the threshold or better; NaN = none is recorded.

    `not_stated`: who has such a response without a day, and who was never assessed: they are not called non-responders.
    """
    good = RESPONSES[: RESPONSES.index(threshold) + 1]
    rows = cohort.responses[cohort.responses["response"].isin(good)]
    patients = cohort.patients["patient_id"]
    days, no_day = first_days(patients, rows, "day"), without_day(patients, rows, "day")
    assessed = set(cohort.responses.loc[cohort.responses["response"].isin(EVALUABLE), "patient_id"])
    unknown = tuple(patient for patient in patients if patient in no_day or patient not in assessed)
    return BecameKnown(f"{threshold} or better", days, unknown, f"not {threshold} or better")
