"""How long each patient was followed, how it ended, and what came next.

An endpoint of the workbook in days, with the reason where it cannot be used. Why it ended: 1 = what it waits for, 2 =
death without it, 0 = censored; never guessed. Death due to the disease counts as progression (IMWG, Rajkumar 2011).
What was given after the infusion or taken before it: the next therapy, another infusion, the apheresis.

Adverse events and laboratory values count until the next anti-tumour therapy or a later infusion: what comes after
tells of that one. The next therapy is the first row of Therapies of kind "subsequent" (treatment of relapse; never
maintenance, bridging or what came before the infusion). What is on its day still counts, what has no day counts too and
is said.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.at_infusion import from_apheresis, names_apheresis
from lib.cohort.model import Cohort, kept, kept_of_each
from lib.cohort.schema import endpoint_label
from lib.cohort.time_unit import in_days

ROUNDING_DAYS: Final = 1.0  # times written in months are rounded: less than a day apart is the same day
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
EARLIEST_START: Final = -21.0  # a lymphodepletion that began before this day belongs to another infusion
NEXT: Final = "the next anti-tumour therapy or a later infusion"


@kept_of_each
def endpoint_days(cohort: Cohort, endpoint: str) -> pd.DataFrame:
    """One row a selected patient, indexed by patient: day (NaN if not usable), event, problem ("" if usable), cause
    (text)."""
    rows = cohort.endpoints[cohort.endpoints["endpoint"] == endpoint].drop_duplicates("patient_id")
    days = rows.assign(day=in_days(rows["time"], rows["unit"])).set_index("patient_id")
    table = days[["day", "event", "problem", "cause"]].reindex(patient_index(cohort))
    missing = f"no {endpoint_label(endpoint).lower()} recorded"
    problem = table["problem"].astype("object").where(table["problem"].notna(), missing)
    usable = problem == ""
    return table.assign(problem=problem, day=table["day"].where(usable), event=table["event"].where(usable))


@kept
def patient_index(cohort: Cohort) -> pd.Index:
    """The selected patients, as tables by patient are indexed."""
    return pd.Index(cohort.patients["patient_id"], name="patient_id", dtype="object")


@kept_of_each
def death_days(cohort: Cohort) -> pd.Series:
    """The day of death by patient, NaN for whoever is not known to have died."""
    survival = endpoint_days(cohort, "os")
    return survival["day"].where(survival["event"] == 1)


def died_on(cohort: Cohort, days: pd.Series) -> pd.Series:
    """Whether a patient (the index) died on the day, as far as rounded times tell."""
    return (death_days(cohort).reindex(days.index) - days).abs() <= ROUNDING_DAYS


def first_days(table: pd.DataFrame, column: str, cohort: Cohort) -> pd.Series:
    """The smallest day in `column` by patient, NaN for whoever has no row."""
    return table.groupby("patient_id")[column].min().reindex(patient_index(cohort)).astype("float64")


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


def next_therapies(cohort: Cohort) -> pd.DataFrame:
    """Indexed by patient: day of the first therapy of kind "subsequent" after the infusion, problem where its start is
    not stated.

    Whoever has no such row is taken to have had no such therapy.
    """
    rows = cohort.therapies[cohort.therapies["kind"] == "subsequent"]
    undated = patient_index(cohort).isin(rows.loc[rows["start_day"].isna(), "patient_id"])
    days = first_days(rows[rows["start_day"] > 0], "start_day", cohort)
    problem = pd.Series("", index=days.index, dtype="object").mask(undated, "start of a subsequent therapy not stated")
    return pd.DataFrame({"day": days.where(~undated), "problem": problem})


def later_infusions(cohort: Cohort) -> pd.Series:
    """Days from the infusion that is looked at to the next one, NaN without one (or where its day is not stated)."""
    own = first_days(cohort.infusions[cohort.infusions["infusion"] == cohort.infusion], "day", cohort)
    own = own.fillna(0.0) if cohort.infusion == 1 else own
    later = cohort.infusions[cohort.infusions["infusion"] > cohort.infusion]
    between = first_days(later, "day", cohort) - own
    return between.where(between > 0)


@kept_of_each
def other_treatment(cohort: Cohort) -> pd.Series:
    """The day of the next therapy or infusion, whichever comes first: what is seen later is no effect of this
    infusion."""
    return pd.concat([next_therapies(cohort)["day"], later_infusions(cohort)], axis=1).min(axis=1)


@kept
def aphereses(cohort: Cohort) -> pd.DataFrame:
    """The rows of Therapies that name an apheresis."""
    return cohort.therapies[names_apheresis(cohort.therapies)]


@kept_of_each
def days_from_apheresis(cohort: Cohort) -> pd.Series:
    """Days from the last apheresis at or before the infusion to the infusion, NaN where none is stated."""
    days, _ = from_apheresis(cohort.therapies)
    return pd.Series(days, dtype="float64").reindex(patient_index(cohort))


def lymphodepletion_starts(cohort: Cohort) -> pd.Series:
    """The first day of the lymphodepletion of this infusion by patient, NaN where it is not stated."""
    rows = cohort.therapies[cohort.therapies["kind"] == "lymphodepletion"]
    return first_days(rows[rows["start_day"].between(EARLIEST_START, 0)], "start_day", cohort)


@dataclass(frozen=True)
class UntilNext:
    """The cohort without what came later, and what was left out, in sentences for exhibits of events and of laboratory
    values.

    Values are cut, and counted, when they are first looked at.
    """

    cohort: Cohort
    of_events: tuple[str, ...] = ()
    said_of_values: Callable[[], tuple[str, ...]] = tuple

    @property
    def of_values(self) -> tuple[str, ...]:
        """The sentences for exhibits of laboratory values."""
        return self.said_of_values()


def until_next(cohort: Cohort) -> UntilNext:
    """Of every selected patient; where nobody had another treatment, the same cohort and nothing to say."""
    days, unknown = next_days(cohort), _undated(cohort)
    if not days.notna().any() and not unknown:
        return UntilNext(replace(cohort, until_next=True))
    events, said = _cut(cohort.adverse_events, "start_day", days, "adverse event")
    values = cache(lambda: _cut(cohort.labs, "day", days, "laboratory value"))
    had = (
        f"{_counted(unknown, 'patient')} had a next therapy without a start day: nothing of theirs is left out for it."
    )
    doubt = (had,) if unknown else ()
    kept = cohort.with_table("adverse_events", events).with_table("labs", lambda: values()[0])
    return UntilNext(replace(kept, until_next=True), (*said, *doubt), lambda: (*values()[1], *doubt))


def followed(analysis: Analysis, only_until_next: bool) -> UntilNext:
    """The selected patients, without what came after the next therapy where it does not count; computed once for a
    selection."""
    if not only_until_next:
        return UntilNext(analysis.selected)
    return analysis.result(_of_selected)


def _of_selected(analysis: Analysis) -> UntilNext:
    """Each patient's rows end by her own days, so they are some of those of everybody."""
    found, everybody = until_next(analysis.selected), analysis.of_everybody(until_next)
    return replace(found, cohort=found.cohort.part_of(everybody.cohort))


def next_days(cohort: Cohort) -> pd.Series:
    """The day of the next therapy or infusion by patient, whichever comes first, NaN without one that has a day."""
    rows = cohort.therapies[(cohort.therapies["kind"] == "subsequent") & (cohort.therapies["start_day"] > 0)]
    return pd.concat([first_days(rows, "start_day", cohort), later_infusions(cohort)], axis=1).min(axis=1)


def _undated(cohort: Cohort) -> int:
    rows = cohort.therapies[(cohort.therapies["kind"] == "subsequent") & cohort.therapies["start_day"].isna()]
    return int(patient_index(cohort).isin(rows["patient_id"]).sum())


def _cut(rows: pd.DataFrame, column: str, days: pd.Series, word: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows up to the day of each patient, and what was left out in words."""
    until = rows["patient_id"].map(days)
    late = (rows[column] > until).fillna(False).astype(bool)
    treated = int(days.notna().sum())
    if not treated or rows.empty:
        return rows, ()
    who = _counted(rows.loc[late, "patient_id"].nunique(), "patient")
    left = f"{_counted(int(late.sum()), word)} of {who} left out" if late.any() else f"no {word} came later"
    said = [f"Counted until {NEXT}, which {_counted(treated, 'patient')} had: {left}."]
    kept = int((rows[column].isna() & until.notna()).sum())
    if kept:
        said.append(f"{_counted(kept, word)} of these without a day: kept, it is not known whether before or after.")
    return rows[~late].reset_index(drop=True), tuple(said)


def _counted(n: int, word: str) -> str:
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"
