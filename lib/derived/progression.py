"""Until when a patient is known to be free of progression (and alive), and whether it ended so: what durations end
with.

Taken from PFS or TTP as the workbook gives them, and only where it gives neither from the assessments: first PD, else
censored at the last assessment. No patient's source is mixed.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.model import Cohort, kept_of_each
from lib.derived.cause_of_end import causes_of_end
from lib.derived.endpoint_days import died_on, endpoint_days, first_days, patient_index

NOT_ASSESSED = "no response assessment after infusion"
COLUMNS: Final = ("day", "event", "problem", "censored_at_death")


@dataclass(frozen=True)
class Ends:
    """`table` is indexed by patient: day, event (1 or 0), problem ("" if usable), censored_at_death; `source` in
    words."""

    table: pd.DataFrame
    source: str


@kept_of_each
def ends(cohort: Cohort, with_death: bool) -> Ends:
    """Progression, or progression and death of any cause, of every selected patient."""
    given = cohort.endpoint_names
    if with_death:
        if "pfs" in given:
            return Ends(_plain(endpoint_days(cohort, "pfs")), "PFS")
        first = endpoint_days(cohort, "ttp") if "ttp" in given else assessed(cohort)
        return Ends(_or_death(first, cohort), "TTP and OS" if "ttp" in given else "Responses and OS")
    if "ttp" in given:
        return Ends(_died(_plain(endpoint_days(cohort, "ttp")), cohort), "TTP")
    if "pfs" in given:
        causes = causes_of_end(cohort, "pfs")
        event = (causes["cause"] == 1).astype(float)
        at_death = causes["cause"] == 2
        return Ends(causes.assign(event=event, censored_at_death=at_death)[list(COLUMNS)], "PFS and its causes")
    return Ends(_died(_plain(assessed(cohort)), cohort), "Responses")


def assessed(cohort: Cohort) -> pd.DataFrame:
    """By the assessments alone: event on the day of the first PD after the infusion, else censored at the last
    assessment."""
    rows = _evaluable(cohort)
    progressed = first_days(rows[rows["response"] == "PD"], "day", cohort)
    day = progressed.fillna(last_assessments(cohort))
    problem = pd.Series(np.where(day.isna(), NOT_ASSESSED, ""), index=day.index, dtype="object")
    return pd.DataFrame({"day": day, "event": progressed.notna().astype(float), "problem": problem})


@kept_of_each
def last_assessments(cohort: Cohort) -> pd.Series:
    """The day of the last assessment after the infusion by patient, NaN without one."""
    return _evaluable(cohort).groupby("patient_id")["day"].max().reindex(patient_index(cohort)).astype("float64")


def _evaluable(cohort: Cohort) -> pd.DataFrame:
    rows = cohort.responses
    return rows[(rows["day"] > 0) & rows["response"].notna() & (rows["response"] != "NE")]


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(censored_at_death=False)[list(COLUMNS)]


def _died(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    """With the patients marked who were censored on the day they died."""
    return table.assign(censored_at_death=(table["event"] == 0) & died_on(cohort, table["day"]))


def _or_death(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    """Death of any cause added: it ends what had not ended before, also where nobody had looked for progression any
    more."""
    survival = endpoint_days(cohort, "os")
    open_end = (table["event"] == 0) & ((table["problem"] == "") | (table["problem"] == NOT_ASSESSED))
    dies = open_end & (survival["event"] == 1)
    unknown = open_end & (table["problem"] == "") & (survival["problem"] != "")
    return _plain(
        table.assign(
            day=table["day"].mask(dies, survival["day"]),
            event=table["event"].mask(dies, 1.0),
            problem=table["problem"].mask(dies, "").mask(unknown, survival["problem"]),
        )
    )
