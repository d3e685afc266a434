"""From when to when a patient was followed, and how that ended: death, alive and followed to the cut-off, or last contact.

A patient without overall survival is followed to the end of the longest other endpoint.
"""

from typing import Final

import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.time_unit import in_unit
from lib.swimmer.options import DEATH, LAST_CONTACT, ONGOING

FOLLOWED_ON: Final = ("cut-off", "cutoff", "ongoing", "alive")
LEFT_EARLY: Final = ("lost", "last", "withdr", "before")  # "lost to follow-up, last seen alive" is not followed on


def follow_up(cohort: Cohort, unit: str) -> pd.DataFrame:
    """patient, end, status."""
    times = endpoint_times(cohort, unit)
    os = times["endpoint"] == "os"
    rows = times[os | ~times["patient"].isin(times.loc[os, "patient"])]
    rows = rows.sort_values("time").drop_duplicates("patient", keep="last")
    alive = rows["censoring_reason"].fillna("").str.casefold().map(_is_followed_on)
    died = (rows["event"] == 1) & (rows["endpoint"] == "os")
    status = pd.Series(LAST_CONTACT, index=rows.index).mask(alive & (rows["event"] == 0), ONGOING).mask(died, DEATH)
    return pd.DataFrame({"patient": rows["patient"], "end": rows["time"], "status": status})


def endpoint_times(cohort: Cohort, unit: str) -> pd.DataFrame:
    """The endpoints that can be used, with patient and time in `unit`."""
    usable = cohort.endpoints[cohort.endpoints["problem"] == ""]
    return usable.assign(patient=usable["patient_id"], time=in_unit(usable["time"], usable["unit"], unit))


def without_survival(cohort: Cohort, patients: pd.Series) -> int:
    """How many of these patients have no overall survival."""
    usable = cohort.endpoints[(cohort.endpoints["problem"] == "") & (cohort.endpoints["endpoint"] == "os")]
    return int((~patients.isin(usable["patient_id"])).sum())


def _is_followed_on(why: str) -> bool:
    return any(word in why for word in FOLLOWED_ON) and not any(word in why for word in LEFT_EARLY)
