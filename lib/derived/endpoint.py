"""The rows of any endpoint that is offered: as the workbook gives it, or derived; counted from the infusion or the
apheresis; and who ended with which of two competing causes.

Endpoints that the workbook does not give are derived from its tables, in days from the infusion (duration of
response: from the first response); who cannot be analysed has the reason in `problem`. Definitions: IMWG (Kumar 2016;
Rajkumar 2011), with the choices of a Definition. Times from endpoints keep the unit in which they were written.

Competing causes: 1 = the event waited for, 2 = what prevents it, 0 = censored. PFS and TTP: progression v death without
it. TTNT: next therapy v death. Response: response v progression, other treatment or death before it; best response is
known as such only when no better one follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from lib.cohort.endpoint_choice import AS_USUAL, Definition, offered_efs_events
from lib.cohort.model import Cohort, kept_of_each
from lib.cohort.response_scale import scale_of
from lib.cohort.schema import event_word
from lib.cohort.time_unit import DAYS_PER, in_days
from lib.derived.best_response import NOT_ASSESSED, best_responses, ends, first_responses, last_assessments
from lib.derived.follow_up import (
    ROUNDING_DAYS,
    causes_of_end,
    days_from_apheresis,
    death_days,
    died_on,
    endpoint_days,
    later_infusions,
    next_therapies,
    other_treatment,
)

NO_RESPONSE = "no response (PR or better)"
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
class DerivedEndpoint:
    """`table` is indexed by patient: time (days), event (1 or 0), problem, censored_at_death. `event` is what happens,
    in words; `source` the tables it is derived from; `rule` what is censored and when ({n} = how many).
    """

    table: pd.DataFrame
    event: str
    origin: str
    source: str
    rule: str


def duration_of_response(cohort: Cohort, definition: Definition) -> DerivedEndpoint:
    """From the first response of PR or better to progression, or to progression or death."""
    counts_death = definition.dor_death and bool({"os", "pfs"} & set(cohort.endpoint_names))
    ended = ends(cohort, counts_death)
    begun, end = first_responses(cohort), ended.table
    seen = cohort.responses.loc[(cohort.responses["day"] > 0) & cohort.responses["response"].notna(), "patient_id"]
    reasons = [
        (~begun.index.isin(seen), NOT_ASSESSED),
        (begun.isna(), NO_RESPONSE),
        (end["problem"] != "", end["problem"]),
        (end["day"] < begun, "response after the end of follow-up"),
    ]
    deaths = "" if counts_death else "; deaths without progression are no event"
    rule = (
        f"confirmation of the response is not asked for; without an event censored at the end of {ended.source}"
        f" ({{n}}){deaths}"
    )
    event = "progression or death" if counts_death else "progression"
    table = end.assign(time=end["day"] - begun, problem=_first_reason(reasons, begun.index))
    return DerivedEndpoint(_usable(table), event, "first response", responses_and(ended.source), rule)


def next_treatment(cohort: Cohort, definition: Definition) -> DerivedEndpoint:
    """To the first therapy of kind "subsequent"; deaths without one are censored, or events; the living at last
    contact."""
    given, survival = next_therapies(cohort), endpoint_days(cohort, "os")
    treated = given["day"].notna()
    reasons = [
        (given["problem"] != "", given["problem"]),
        (treated & (given["day"] > survival["day"] + ROUNDING_DAYS), "next therapy after death or last contact"),
        (~treated & (survival["problem"] != ""), "no last contact"),
    ]
    died = ~treated & (survival["event"] == 1)
    event = treated | (died & definition.ttnt_death)
    table = pd.DataFrame(
        {
            "time": given["day"].fillna(survival["day"]),
            "event": event.astype(float),
            "problem": _first_reason(reasons, given.index),
            "censored_at_death": died & ~event,
        }
    )
    words = "next therapy or death" if definition.ttnt_death else "next therapy"
    rule = (
        "without one censored at the last contact ({n}); who has no row of kind subsequent is taken to have had no such"
        " therapy"
    )
    return DerivedEndpoint(_usable(table), words, "infusion", "Therapies and OS", rule)


def event_free(cohort: Cohort, definition: Definition) -> DerivedEndpoint:
    """To the first of a list of events; without any, censored when follow-up for progression (or, if not listed,
    contact) ended."""
    offered = offered_efs_events(cohort)
    chosen = tuple(event for event in offered if event in definition.efs_events) or offered
    with_death = "death" in chosen
    ended = ends(cohort, with_death) if "progression" in chosen else None
    watched = ended.table if ended else endpoint_days(cohort, "os")
    counted = (watched["event"] == 1) if ended or with_death else pd.Series(False, index=watched.index)
    days = [watched["day"].where(counted)]
    reasons = [(watched["problem"] != "", watched["problem"])]
    if "new therapy" in chosen:
        therapies = next_therapies(cohort)
        days.append(therapies["day"])
        reasons.append((therapies["problem"] != "", therapies["problem"]))
    if "another infusion" in chosen:
        days.append(later_infusions(cohort))
    first = pd.concat(days, axis=1).min(axis=1)
    table = pd.DataFrame(
        {
            "time": first.fillna(watched["day"]),
            "event": first.notna().astype(float),
            "problem": _first_reason(reasons, first.index),
            "censored_at_death": first.isna() & died_on(cohort, watched["day"]),
        }
    )
    rule = "whichever comes first; without any censored at the end of follow-up for progression ({n})"
    rule = rule if ended else "whichever comes first; without any censored at the last contact ({n})"
    return DerivedEndpoint(
        _usable(table), " or ".join(chosen), "infusion", _sources(chosen, ended.source if ended else "OS"), rule
    )


def _sources(chosen: tuple[str, ...], first: str) -> str:
    more = [("new therapy", "Therapies"), ("another infusion", "Infusions")]
    names = [first, *(name for event, name in more if event in chosen)]
    return ", ".join(names) if len(names) > 2 else " and ".join(names)


def responses_and(source: str) -> str:
    """ "Responses and PFS", "Responses, TTP and OS", "Responses"."""
    if source.startswith("Responses"):
        return source
    return f"Responses, {source}" if " and " in source else f"Responses and {source}"


def _first_reason(reasons: Sequence[tuple[Any, Any]], index: pd.Index) -> pd.Series:
    """Of the reasons that hold for a patient the first; "" where none does."""
    said = pd.Series("", index=index, dtype="object")
    for wrong, reason in reasons:
        said = said.mask(np.asarray(wrong, dtype=bool) & (said == ""), reason)
    return said


def _usable(table: pd.DataFrame) -> pd.DataFrame:
    """The four columns, marks only where the patient is analysed."""
    marked = table["censored_at_death"] & (table["problem"] == "")
    return table.assign(censored_at_death=marked)[["time", "event", "problem", "censored_at_death"]]


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
