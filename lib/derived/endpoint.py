"""The rows of any endpoint that is offered: as the workbook gives it, or derived; counted from the infusion or the
apheresis."""

from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from lib.cohort.endpoint_choice import AS_USUAL, Definition
from lib.cohort.model import Cohort, kept_of_each
from lib.cohort.schema import event_word
from lib.cohort.time_unit import DAYS_PER, in_days
from lib.derived.derived_endpoint import DerivedEndpoint, duration_of_response, event_free, next_treatment
from lib.derived.endpoint_days import died_on
from lib.derived.treatment import days_from_apheresis

MAKERS: Final = {"dor": duration_of_response, "efs": event_free, "ttnt": next_treatment}
NO_APHERESIS: Final = "day of apheresis not stated"


@dataclass(frozen=True)
class EndpointRows:
    """`table`: patient_id, entry, time, unit, event, problem ("" if usable), censored_at_death.

    `event` is what happens, in words; `origin` when time begins; `source` the tables it is derived from ("" = given);
    `rule` says of a derived endpoint what is censored and when ({n} = how many).
    """

    table: pd.DataFrame
    event: str
    origin: str = "infusion"
    source: str = ""
    rule: str = ""


@kept_of_each
def endpoint_rows(cohort: Cohort, endpoint: str, definition: Definition = AS_USUAL) -> EndpointRows:
    """The endpoint of every selected patient for whom there is a row; a given endpoint wins over a derived one."""
    if endpoint in cohort.endpoint_names or endpoint not in MAKERS:
        given = cohort.endpoints[cohort.endpoints["endpoint"] == endpoint]
        rows = EndpointRows(given.assign(censored_at_death=_at_death(given, cohort)), event_word(endpoint))
    else:
        rows = _as_rows(MAKERS[endpoint](cohort, definition))
    from_apheresis = definition.origin == "apheresis" and rows.origin == "infusion"
    return replace(rows, table=since_apheresis(rows.table, cohort), origin="apheresis") if from_apheresis else rows


def left_out_because(problem: Any, group: Any, label: str, grouping: str) -> str:
    """Why a patient is not analysed for an endpoint: without a row of it, with a problem in it, or without a group; ""
    where she is."""
    if pd.isna(problem):
        return f"no {label.lower()} recorded"
    if problem:
        return str(problem)
    return f"{grouping or 'group'} not stated" if group is None or pd.isna(group) else ""


def since_apheresis(rows: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    """The rows counted from the apheresis; nobody could be seen to fail before the infusion, so each enters there."""
    days = rows["patient_id"].map(days_from_apheresis(cohort)).astype("float64")
    before = days / rows["unit"].map(DAYS_PER).astype("float64")
    problem = rows["problem"].mask(days.isna() & (rows["problem"] == ""), NO_APHERESIS)
    entry = rows["entry"].astype("float64").fillna(0.0)
    return rows.assign(entry=entry + before, time=rows["time"] + before, problem=problem)


def _at_death(given: pd.DataFrame, cohort: Cohort) -> pd.Series:
    """Which of the usable rows are censored on the day the patient died."""
    days = in_days(given["time"], given["unit"]).set_axis(pd.Index(given["patient_id"]))
    return (given["event"] == 0) & (given["problem"] == "") & died_on(cohort, days).to_numpy()


def _as_rows(derived: DerivedEndpoint) -> EndpointRows:
    table = derived.table.reset_index().assign(unit="days", entry=float("nan"))
    return EndpointRows(table, derived.event, derived.origin, derived.source, derived.rule)
