"""Why an endpoint ended: 1 = what it waits for, 2 = death without it, 0 = censored. Never guessed.

Whoever's cause cannot be reported has the reason in `problem`. Death due to the disease counts as progression (IMWG,
Rajkumar 2011).
"""

import re
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort, kept_of_each
from lib.derived.endpoint_days import ROUNDING_DAYS, endpoint_days, first_days

DEATH: Final = re.compile(r"death|died|deceased|dead|exitus|verstorben|\btod\b|死", re.IGNORECASE)
DISEASE: Final = re.compile(
    r"progress|progred|relaps|recurr|rezidiv|\bpd\b|myelom|lymphom|leuk[aä]?emi|underlying disease|复发|进展",
    re.IGNORECASE,
)
WITHOUT: Final = re.compile(
    r"\b(?:without|no|not|non|kein\w*|ohne|nicht)\b[\s-]*(?:\w+\s+)?(?:progress|progred|relaps|recurr|rezidiv|pd\b)|[无未](?:复发|进展)",
    re.IGNORECASE,
)
UNTOLD: Final = "ended on the day of death, progression or death not stated"
NO_SURVIVAL: Final = "death cannot be told from censoring: {}"


@kept_of_each
def causes_of_end(cohort: Cohort, endpoint: str) -> pd.DataFrame:
    """Indexed by patient: day, cause (NaN where it cannot be reported), problem, died_later (died after follow-up had
    ended).

    `endpoint` is pfs, or one of which death is no event (ttp, ttnt).
    """
    ends, survival = endpoint_days(cohort, endpoint), endpoint_days(cohort, "os")
    died = survival["day"].where(survival["event"] == 1)
    table = ends.assign(
        died_then=(died - ends["day"]).abs() <= ROUNDING_DAYS,
        died_later=(ends["event"] == 0) & (died > ends["day"] + ROUNDING_DAYS),
        no_survival=survival["problem"],
        os_cause=survival["cause"],
    )
    reported = _of_pfs(cohort, table) if endpoint == "pfs" else [_of_other(row) for row in table.to_dict("records")]
    cause = pd.Series([cause for cause, _ in reported], index=table.index, dtype="float64")
    problem = pd.Series([problem for _, problem in reported], index=table.index, dtype="object")
    return pd.DataFrame(
        {"day": ends["day"], "cause": cause, "problem": problem, "died_later": table["died_later"] & (problem == "")}
    )


def _of_other(row: dict) -> tuple[float | None, str]:  # type: ignore[type-arg]  # a pandas record
    """Of an endpoint that censors deaths: whoever died on the last day died without it."""
    if row["problem"]:
        return None, row["problem"]
    if row["event"] == 1:
        return 1, ""
    if row["no_survival"]:
        return None, NO_SURVIVAL.format(row["no_survival"])
    return (2, "") if row["died_then"] else (0, "")


def _of_pfs(cohort: Cohort, table: pd.DataFrame) -> list[tuple[float | None, str]]:
    progression = endpoint_days(cohort, "ttp")
    responses = cohort.responses
    seen = first_days(responses[(responses["response"] == "PD") & (responses["day"] > 0)], "day", cohort)
    table = table.assign(
        progressed=(progression["event"] == 1) & ((progression["day"] - table["day"]).abs() <= ROUNDING_DAYS),
        not_progressed=progression["event"] == 0,
        pd_seen=seen <= table["day"] + ROUNDING_DAYS,
    )
    return [_of_progression_or_death(row) for row in table.to_dict("records")]


def _of_progression_or_death(row: dict) -> tuple[float | None, str]:  # type: ignore[type-arg]
    """Time to progression decides, then the words of the cause, then whether the patient was still alive."""
    if row["problem"]:
        return None, row["problem"]
    if row["event"] == 0:
        return (None, "censored at death, although death is an event") if row["died_then"] else (0, "")
    if row["progressed"]:
        return 1, ""
    meant = _meaning(row["cause"])
    return _on_the_day_of_death(row, meant) if row["died_then"] else _while_alive(row, meant)


def _while_alive(row: dict, meant: int) -> tuple[float | None, str]:  # type: ignore[type-arg]
    """Whoever lived on after the event had a progression, unless nothing is known of survival."""
    if meant == 2 and not row["no_survival"]:
        return None, "cause says death, overall survival does not"
    if not meant and row["no_survival"]:
        return None, f"cause not stated, {row['no_survival']}"
    return meant or 1, ""


def _on_the_day_of_death(row: dict, meant: int) -> tuple[float | None, str]:  # type: ignore[type-arg]
    """The cause of PFS decides, then TTP, then an assessed PD, then the cause of death."""
    if meant:
        return meant, ""
    if row["not_progressed"]:
        return 2, ""
    if row["pd_seen"] or _meaning(row["os_cause"]) == 1:
        return 1, ""
    written, killed_by = row["cause"], row["os_cause"]
    killed = isinstance(killed_by, str) and bool(killed_by.strip())
    return (2, "") if killed and (not isinstance(written, str) or written == killed_by) else (None, UNTOLD)


def _meaning(cause: object) -> int:
    """1 = progression (or death due to the disease), 2 = death without progression, 0 = the words do not say."""
    if not isinstance(cause, str):
        return 0
    if WITHOUT.search(cause):
        return 2
    if DISEASE.search(cause):
        return 1
    return 2 if DEATH.search(cause) else 0
