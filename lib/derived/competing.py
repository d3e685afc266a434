"""Who ended with which of two competing causes: 1 = the event waited for, 2 = what prevents it, 0 = censored.

PFS and TTP: progression v death without it. TTNT: next therapy v death. Response: response v progression, other
treatment or death before it; best response is known as such only when no better one follows. Times from endpoints keep
the unit in which they were written.
"""

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.endpoint_choice import AS_USUAL, Definition
from lib.cohort.model import Cohort
from lib.cohort.response_scale import scale_of
from lib.derived.best_response import best_responses, first_responses
from lib.derived.cause_of_end import causes_of_end
from lib.derived.endpoint import next_treatment, responses_and, since_apheresis
from lib.derived.endpoint_days import death_days
from lib.derived.progression import NOT_ASSESSED, ends, last_assessments
from lib.derived.treatment import other_treatment

BEST: Final = "best_response"
CAUSES: Final = {
    "pfs": ("Progression or relapse", "Death without progression"),
    "ttp": ("Progression or relapse", "Death without progression"),
    "ttnt": ("Next therapy", "Death without next therapy"),
    "response": ("Response ({})", "Progression, other treatment or death first"),
    "complete_response": ("Complete response ({})", "Progression, other treatment or death first"),
    BEST: ("Best response of the patient ({})", "Progression, other treatment or death first"),
}


@dataclass(frozen=True)
class CompetingRows:
    """`table`: patient_id, entry, time, unit, cause (0, 1, 2), problem. `causes` names 1 and 2; `died_later` counts who
    died after follow-up for cause 1 had ended and is censored there; `source` is what the causes are derived from.
    """

    table: pd.DataFrame
    causes: tuple[str, str]
    source: str
    censored: str
    origin: str = "infusion"
    died_later: int = 0


def competing_rows(cohort: Cohort, endpoint: str, definition: Definition = AS_USUAL) -> CompetingRows:
    """The time and cause of every selected patient for whom there is a row."""
    if endpoint in ("response", "complete_response", BEST):
        rows = _to_response(cohort, endpoint)
    elif endpoint == "ttnt" and "ttnt" not in cohort.endpoint_names:
        rows = _to_next_therapy(cohort)
    else:
        rows = _of_endpoint(cohort, endpoint)
    if definition.origin != "apheresis":
        return rows
    return replace(rows, table=since_apheresis(rows.table, cohort), origin="apheresis")


def _of_endpoint(cohort: Cohort, endpoint: str) -> CompetingRows:
    given = cohort.endpoints[cohort.endpoints["endpoint"] == endpoint]
    reported = causes_of_end(cohort, endpoint)
    rows = given[["patient_id", "entry", "time", "unit"]].assign(
        cause=given["patient_id"].map(reported["cause"]), problem=given["patient_id"].map(reported["problem"])
    )
    name, censored = endpoint.upper(), f"without either censored at the end of {endpoint.upper()}"
    source = f"{name} with its causes and OS" if endpoint == "pfs" else f"{name} and OS"
    return CompetingRows(rows, CAUSES[endpoint], source, censored, died_later=int(reported["died_later"].sum()))


def _to_next_therapy(cohort: Cohort) -> CompetingRows:
    derived = next_treatment(cohort, AS_USUAL)
    table = derived.table
    cause = table["event"].mask(table["censored_at_death"], 2.0)
    return CompetingRows(
        _in_days(table["time"], cause, table["problem"]),
        CAUSES["ttnt"],
        derived.source,
        "the living censored at the last contact",
    )


def _to_response(cohort: Cohort, endpoint: str) -> CompetingRows:
    responded = best_responses(cohort) if endpoint == BEST else first_responses(cohort, _levels(cohort)[endpoint])
    treated, died = other_treatment(cohort), death_days(cohort)
    ended, last = ends(cohort, with_death=True), last_assessments(cohort)
    failed = pd.concat([ended.table["day"].where(ended.table["event"] == 1), treated, died], axis=1).min(axis=1)
    cause = responded.notna() * 1.0 + (responded.isna() & failed.notna()) * 2.0
    problem = ended.table["problem"].mask((cause == 0) & last.isna(), NOT_ASSESSED).mask(cause == 2, "")
    rows = _in_days(responded.fillna(failed).fillna(last), cause, problem)
    return CompetingRows(
        rows, _causes(cohort, endpoint), responses_and(ended.source), "without either censored at the last assessment"
    )


def _levels(cohort: Cohort) -> dict[str, tuple[str, ...]]:
    scale = scale_of(cohort)
    return {"response": scale.responding, "complete_response": scale.complete, BEST: scale.responding}


def _causes(cohort: Cohort, endpoint: str) -> tuple[str, str]:
    """The two causes, with what counts as a response by the criteria of the disease."""
    levels = _levels(cohort)[endpoint]
    words = f"{levels[-1]} or better" if len(levels) > 2 else " or ".join(reversed(levels))
    first, other = CAUSES[endpoint]
    return first.format(words), other


def _in_days(time: pd.Series, cause: pd.Series, problem: pd.Series) -> pd.DataFrame:
    table = pd.DataFrame({"time": time, "cause": cause, "problem": problem}).reset_index()
    return table.assign(unit="days", entry=float("nan"))
