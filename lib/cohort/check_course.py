"""Whether endpoints, responses, therapies, adverse events and infusions of one patient tell one story.

Nothing is removed. A note where the story is possible (progression by imaging that no response names), a warning where
not.

Also responses that are none of the criteria in use, or do not go together with the measurable residual disease beside
them (IMWG, Kumar 2016: MRD negativity is a property of a complete response), and two states of one measure at the same
time. Nothing is removed.

Days that cannot be, or hardly: after death or last contact, after the data cut-off, before the infusion, backwards.

Nothing is removed. Last contact is the end of overall survival; times written in whole months are only as exact as
that.

Also dates that cannot be true, which are not repeated, and values so large that no chart can show them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.check_endpoints import ROUNDING_DAYS, course_key, days_of
from lib.cohort.finding import Finding, Severity, at_rows, marked
from lib.cohort.response_scale import MRD_NEGATIVE, NOT_EVALUABLE, UNKNOWN, ResponseScale, mrd_word, scale_for
from lib.cohort.schema import Table
from lib.cohort.time_unit import DAYS_PER

EARLIEST_YEAR: Final = 1990
LARGEST_SHOWN: Final = 1e15  # beyond it an axis shows the one value and nothing else; no measure of a cohort comes near
NO_VALUES: Final = frozenset(("source_row", "infusion", "day", "start_day", "stop_day", "time", "entry"))
NOT_BEFORE_INFUSION: Final[dict[str, Severity]] = {
    "responses": "warning",
    "adverse_events": "note",  # possible under lymphodepletion
}
FARTHEST_DAYS: Final = 20 * 365.25
FROM_THE_FIRST: Final = "infusions"  # its days count from the first infusion, whichever it is
STEPS: Final = (1.0, 0.5, 0.1)  # of a month or week, in which times are rounded
COURSE: Final = ("patient_id", "infusion", "measure")
TOUCHING_DAYS: Final = 0.5  # one state may end on the day on which the next begins; fractions come of times in months
PROBLEM: Final = "MRD is negative, but the response is {response}: by IMWG, MRD negativity needs a complete response."
FIX: Final = "Correct one of the two, or say how MRD was measured; both are kept as they are."
OUTSIDE: Final = "{response} is no response of %s; it stays {response}, and counts as a response in no rate."
FIX_OUTSIDE: Final = "Write %s, or state another disease in Study."
NO_RESPONSE: Final = ("NR",)  # whoever did not respond did not by any criteria
PROGRESSION: Final = r"progress|relaps|\bpd\b|rezidiv|进展|复发"
NEW_THERAPY: Final = ("subsequent", "transplant", "other")  # kinds of therapy that may bring a new response
NO_STATE: Final = ("PD", "NE")
FATAL: Final = 5


def check_dates(rows: pd.DataFrame, table: Table, sheet: str, today: dt.date) -> list[Finding]:
    """Warnings for every date column of the table. Nothing is removed."""
    findings: list[Finding] = []
    for column in table.columns:
        if column.kind != "date" or column.name not in rows.columns:
            continue
        written = rows[column.name]
        different = {day for day in written.unique() if isinstance(day, dt.date)}
        early = {day for day in different if day.year < EARLIEST_YEAR}
        late = {day for day in different if day > today}
        place, fix = (sheet, column.name), "Correct it if it is a slip."
        problem = f"This date is before {EARLIEST_YEAR}."
        findings += at_rows(rows[written.isin(early)], "warning", place, problem, fix) if early else []
        problem = "This date is in the future."
        findings += at_rows(rows[written.isin(late)], "warning", place, problem, fix) if late else []
    return findings


def check_values(rows: pd.DataFrame, sheet: str) -> list[Finding]:
    """A note for every number that is too large for a chart. Nothing is removed."""
    findings: list[Finding] = []
    for name in (each for each in rows.columns if each not in NO_VALUES and rows[each].dtype == "float64"):
        if not (np.abs(rows[name].to_numpy()) > LARGEST_SHOWN).any():
            continue
        odd = pd.DataFrame({"source_row": rows["source_row"], "number": rows[name]})[rows[name].abs() > LARGEST_SHOWN]
        problem = "{number:g} is outside what a chart can show; it is used as it stands."
        findings += at_rows(odd, "note", (sheet, str(name)), problem, "Correct it if it is a slip.", "{number:g}")
    return findings


@dataclass(frozen=True)
class LastDays:
    """Until when each patient was alive, in days since infusion 1, by patient; `exact_to` = how far that is rounded."""

    died: pd.Series
    last_seen: pd.Series  # of who is not known to have died
    infused: pd.Series  # day of each infusion, by patient and infusion
    exact_to: float

    def since_first(self, table: pd.DataFrame, day: str, name: str) -> pd.Series:
        """The day of each row counted from infusion 1; NaN where the day of its infusion is not known."""
        if name == FROM_THE_FIRST:
            return table[day]
        begun = course_key(table).map(self.infused).astype(float)
        return table[day] + begun.mask(table["infusion"] == 1, 0.0)


def last_days(endpoints: pd.DataFrame, infusions: pd.DataFrame) -> LastDays:
    """The ends of follow-up by overall survival after the first infusion, as far as it is used."""
    usable = (endpoints["problem"] == "") & (endpoints["endpoint"] == "os") & (endpoints["infusion"] == 1)
    survival = endpoints[usable].drop_duplicates("patient_id")
    days = days_of(survival).set_axis(survival["patient_id"].to_numpy())
    died = (survival["event"] == 1).to_numpy()
    known = infusions[infusions["day"].notna()]
    begun = known["day"].set_axis(course_key(known).to_numpy())
    return LastDays(days[died], days[~died], begun[~begun.index.duplicated()], _exact_to(survival))


def check_days(
    table: pd.DataFrame, name: str, sheet: str, last: LastDays, cutoff_days: pd.Series | None = None
) -> list[Finding]:
    """Warnings about the days of one table; `cutoff_days` = days from each row's infusion to the data cut-off."""
    day = next((column for column in ("day", "start_day") if column in table.columns), None)
    if day is None or table.empty:
        return []
    place, value, correct = (sheet, day), f"{{{day}:g}}", "Correct the day, or the time of death."
    since_first, patients = last.since_first(table, day, name), table["patient_id"]
    margin = max(ROUNDING_DAYS, last.exact_to)
    dead = since_first > patients.map(last.died).astype(float) + margin
    unseen = since_first > patients.map(last.last_seen).astype(float) + margin
    findings = at_rows(marked(table, dead), "warning", place, "This is after the patient's death.", correct, value)
    problem, fix = "This is after the patient's last contact.", "Correct the day, or the end of overall survival."
    findings += at_rows(marked(table, unseen), "warning", place, problem, fix, value)
    if cutoff_days is not None:
        late = marked(table, (table[day] > cutoff_days + ROUNDING_DAYS) & ~dead & ~unseen)
        problem, fix = "This is after the data cut-off.", "Correct the day, or the data cut-off in Study."
        findings += at_rows(late, "warning", place, problem, fix, value)
    return findings + _by_itself(table, name, sheet, day)


def _by_itself(table: pd.DataFrame, name: str, sheet: str, day: str) -> list[Finding]:
    """What needs no other table: negative, backwards, beyond 20 years."""
    value, findings = f"{{{day}:g}}", []
    if name in NOT_BEFORE_INFUSION:
        problem, fix = "A negative day is before the infusion.", "Correct it if it is not meant so."
        findings += at_rows(marked(table, table[day] < 0), NOT_BEFORE_INFUSION[name], (sheet, day), problem, fix, value)
    far = table[day] > FARTHEST_DAYS
    far |= (table[day] < -FARTHEST_DAYS) & (name != "therapies")  # earlier lines of therapy may be that old
    problem, fix = "This day is more than 20 years from the infusion.", "Write days since infusion, or a date."
    findings += at_rows(marked(table, far), "warning", (sheet, day), problem, fix, value)
    if "stop_day" in table.columns:
        ended = marked(table, table["stop_day"] < table[day])
        problem, fix = "This is before its first day.", "Correct one of the two."
        findings += at_rows(ended, "warning", (sheet, "stop_day"), problem, fix, "{stop_day:g}")
    return findings


def _exact_to(survival: pd.DataFrame) -> float:
    """To how many days the times are given: 30.4 where all are whole months, 1 where they are days."""
    exact = ROUNDING_DAYS
    for unit, days in DAYS_PER.items():
        times = survival.loc[survival["unit"] == unit, "time"]
        step = next((step for step in STEPS if len(times) and ((times / step).round(6) % 1 == 0).all()), 0.0)
        exact = max(exact, step * days)
    return exact


def check_states(states: pd.DataFrame, sheet: str) -> list[Finding]:
    """Every state that begins before another of the same patient, infusion and measure has ended, and goes on from
    there.

    Only states with both days are compared; one that only repeats another (same state) is a note.
    """
    timed = states[states["stop_day"] > states["start_day"]].assign(place=lambda rows: range(len(rows)))
    if not timed.duplicated(list(COURSE)).any():
        return []
    reported = timed[[*COURSE, "state", "start_day", "stop_day", "place"]]
    pairs = timed.merge(reported, on=list(COURSE), suffixes=("", "_other"))
    later = (pairs["start_day"] > pairs["start_day_other"]) | (
        (pairs["start_day"] == pairs["start_day_other"]) & (pairs["place"] > pairs["place_other"])
    )
    within = pairs["start_day"] < pairs["stop_day_other"] - TOUCHING_DAYS
    again = pairs[later & within].drop_duplicates("place")
    problem = 'This begins before "{state_other}" of day {start_day_other:g} has ended; both are "{measure}".'
    fix = "Correct one of the days. Where two states overlap, the one that began later is drawn."
    place, same = (sheet, "start_day"), again["state"] == again["state_other"]
    found = at_rows(again[~same], "warning", place, problem, fix, "{start_day:g}")
    return found + at_rows(again[same], "note", place, problem, fix, "{start_day:g}")


def check_response(responses: pd.DataFrame, sheet: str, disease: str = "") -> list[Finding]:
    """A warning for each response that the criteria do not know, and, where they ask for a complete response, for each
    assessment that is MRD-negative and less than that."""
    scale = scale_for(disease, set(responses["response"].dropna()))
    return _outside(responses, sheet, scale) + _negative_without_complete(responses, sheet, scale)


def _outside(responses: pd.DataFrame, sheet: str, scale: ResponseScale) -> list[Finding]:
    given = responses["response"]
    rows = responses[given.notna() & ~given.isin((*scale.levels, *NO_RESPONSE))]
    words = (OUTSIDE % scale.name, FIX_OUTSIDE % ", ".join(scale.levels))
    return [] if scale is UNKNOWN else at_rows(rows, "warning", (sheet, "response"), *words, "{response}")


def _negative_without_complete(responses: pd.DataFrame, sheet: str, scale: ResponseScale) -> list[Finding]:
    if not scale.mrd_needs_complete:
        return []
    less = [level for level in scale.levels if level not in (*scale.complete, NOT_EVALUABLE)]
    negative = responses["mrd"].map(mrd_word, na_action="ignore") == MRD_NEGATIVE
    rows = responses[negative & responses["response"].isin(less)]
    return at_rows(rows, "warning", (sheet, "mrd"), PROBLEM, FIX, "{response}")


def check_course(
    tables: Mapping[str, pd.DataFrame], sheets: Mapping[str, str], endpoints: pd.DataFrame
) -> list[Finding]:
    """Every doubt that needs two tables, or the infusions."""
    used = endpoints[endpoints["problem"] == ""]
    findings = [] if tables["responses"].empty else _of_responses(used, tables, sheets["responses"])
    if not tables["adverse_events"].empty:
        findings += _fatal_event_in_the_living(used, tables["adverse_events"], sheets["adverse_events"])
    return findings if tables["infusions"].empty else findings + _unknown_infusions(tables, sheets)


def _of_responses(used: pd.DataFrame, tables: Mapping[str, pd.DataFrame], sheet: str) -> list[Finding]:
    """What the responses contradict, or what contradicts them."""
    used = used.assign(key=course_key(used), days=days_of(used), name=used["endpoint"].str.upper())
    responses = tables["responses"]
    responses = responses.assign(key=course_key(responses))[responses["response"].notna()]
    first_pd = responses[responses["response"] == "PD"].groupby("key")["day"].min()
    return [
        *_two_on_a_day(responses, sheet),
        *_progression_without_response(used, responses),
        *_response_without_progression(used, first_pd),
        *_better_after_progression(responses, first_pd, tables, sheet),
    ]


def _two_on_a_day(responses: pd.DataFrame, sheet: str) -> list[Finding]:
    rows = responses[responses["day"].notna()]
    if not rows.duplicated(["key", "day"]).any():
        return []
    first = rows.groupby(["key", "day"])["response"].transform("first")
    other = rows.assign(first=first)[first != rows["response"]]
    problem, fix = 'Another response, "{first}", stands for the same day.', "Delete one of the two."
    return at_rows(other, "warning", (sheet, "response"), problem, fix, "{response}")


def _progression_without_response(used: pd.DataFrame, responses: pd.DataFrame) -> list[Finding]:
    """TTP (else PFS with progression as its cause) has its event, and the patient's responses name no PD."""
    progressed = used["endpoint"] == "ttp"
    progressed |= (used["endpoint"] == "pfs") & used["cause"].astype("str").str.contains(PROGRESSION, case=False)
    rows = used[progressed & (used["event"] == 1) & used["key"].isin(responses["key"])]
    named = responses.loc[responses["response"] == "PD", "key"]
    silent = rows[~rows["key"].isin(named)].sort_values("endpoint", ascending=False, kind="stable")
    problem = 'Patient "{patient_id}" progressed by {name}, but no response is PD.'
    fix = "Add the assessment that showed it, if there was one."
    return at_rows(silent.drop_duplicates("key"), "note", None, problem, fix, "{time:g} {unit}")


def _response_without_progression(used: pd.DataFrame, first_pd: pd.Series) -> list[Finding]:
    """PD was assessed, and TTP or PFS is censored later than that."""
    rows = used[used["endpoint"].isin(["ttp", "pfs"]) & (used["event"] == 0)]
    rows = rows.assign(pd_day=rows["key"].map(first_pd).astype(float))
    later = rows[rows["days"] > rows["pd_day"] + ROUNDING_DAYS].sort_values("endpoint", ascending=False, kind="stable")
    problem = 'Patient "{patient_id}" has PD on day {pd_day:g}, but {name} goes on without an event.'
    fix = "Correct one of the two, unless the PD was not confirmed."
    return at_rows(later.drop_duplicates("key"), "note", None, problem, fix, "{time:g} {unit}")


def _better_after_progression(
    responses: pd.DataFrame, first_pd: pd.Series, tables: Mapping[str, pd.DataFrame], sheet: str
) -> list[Finding]:
    rows = responses.assign(pd_day=responses["key"].map(first_pd).astype(float))
    rows = rows[(rows["day"] > rows["pd_day"]) & ~rows["response"].isin(NO_STATE)]
    if rows.empty:
        return []
    therapies = tables["therapies"]
    new = therapies[therapies["kind"].astype("str").str.casefold().isin(NEW_THERAPY)]
    begun = new.assign(key=course_key(new))[["key", "start_day"]]
    treated = rows.reset_index()[["index", "key", "day", "pd_day"]].merge(begun, on="key")
    since = treated["start_day"].isna() | treated["start_day"].between(
        treated["pd_day"] - ROUNDING_DAYS, treated["day"]
    )
    again = tables["infusions"]["patient_id"][tables["infusions"]["infusion"] > 1]  # cells given again count as therapy
    untreated = rows[~rows.index.isin(treated.loc[since, "index"]) & ~rows["patient_id"].isin(again)]
    problem = '"{response}" follows PD of day {pd_day:g}, and no new therapy stands between them.'
    fix = "Correct one of the two, or add the therapy (kind: subsequent)."
    return at_rows(untreated, "note", (sheet, "response"), problem, fix, "{response}")


def _fatal_event_in_the_living(used: pd.DataFrame, events: pd.DataFrame, sheet: str) -> list[Finding]:
    survival = used[used["endpoint"] == "os"].groupby("patient_id")["event"].max()
    alive = events["patient_id"].map(survival) == 0
    rows = events[(events["grade"] == FATAL) & alive]
    problem, fix = "Grade 5 is death, but OS is censored.", "Correct the grade, or overall survival."
    return at_rows(rows, "warning", (sheet, "grade"), problem, fix, "{grade:g}")


def _unknown_infusions(tables: Mapping[str, pd.DataFrame], sheets: Mapping[str, str]) -> list[Finding]:
    """Infusion 2 without infusion 1 in Infusions; elsewhere a number that Infusions, where there is one, does not
    have."""
    infusions = tables["infusions"]
    numbered = infusions.assign(before=infusions["infusion"] - 1)[infusions["infusion"] > 1]
    listed = set(course_key(infusions))
    gap = numbered[~course_key(numbered.assign(infusion=numbered["before"])).isin(listed)]
    problem = 'Patient "{patient_id}" has infusion {infusion:g}, but no infusion {before:g}.'
    fix = "Add the row of the earlier infusion, or correct the number."
    findings = at_rows(gap, "warning", (sheets["infusions"], "infusion"), problem, fix, "{infusion:g}")
    for name, table in tables.items():
        if name in ("infusions", "endpoints") or "infusion" not in table.columns:
            continue
        later = marked(table, table["infusion"] > 1)
        if later.empty:
            continue
        stray = later[~course_key(later).isin(listed)]
        problem = 'Infusion {infusion:g} of patient "{patient_id}" is not in ' + f"{sheets['infusions']}."
        fix = "Add it there, or correct the number."
        findings += at_rows(stray, "warning", (sheets[name], "infusion"), problem, fix, "{infusion:g}")
    return findings
