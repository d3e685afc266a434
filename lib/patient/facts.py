"""What stands at the head of a patient's page: the columns of Patients, infusions, best response, follow-up and status."""

from dataclasses import dataclass

import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.schema import RESPONSES
from lib.cohort.time_unit import DAYS_PER
from lib.patient.course import Course


@dataclass(frozen=True)
class Fact:
    """A label and what stands beside it."""

    label: str
    value: str


def facts(opened: Cohort, seen: Course) -> tuple[Fact, ...]:
    """What is known of the patient as a whole; columns without a value are left out."""
    return (*course_facts(seen), *_columns(opened, seen.patient))


def course_facts(seen: Course) -> tuple[Fact, ...]:
    """Infusions, best response of each, follow-up, status."""
    found = [Fact("CAR T-cell infusions", str(len(seen.infusions)))]
    if best := best_responses(seen):
        several = len(seen.infusions) > 1
        said = ", ".join(
            f"{response} (infusion {number})" if several else response for number, response in best.items()
        )
        found.append(Fact("Best response", said))
    if followed := follow_up(seen):
        found += [
            Fact("Follow-up", f"{_time(followed.days)} since infusion {seen.origin}"),
            Fact("Status", followed.status),
        ]
    return tuple(found)


def best_responses(seen: Course) -> dict[int, str]:
    """The best response after each infusion that has one, over the assessments from its day to the first PD (IMWG order)."""
    rows = seen.tables["responses"]
    rows = rows[rows["response"].isin(RESPONSES) & ~(rows["day"] < 0)].sort_values("day", kind="stable")
    best: dict[int, str] = {}
    for number, mine in rows.groupby("infusion"):
        progressed = mine.loc[mine["response"] == "PD", "day"].min()
        until = mine[~(mine["day"] > progressed)]
        best[int(float(str(number)))] = min(until["response"], key=RESPONSES.index)
    return best


@dataclass(frozen=True)
class FollowUp:
    """Days from the origin to the end of follow-up, and how the patient was then."""

    days: float
    status: str


def follow_up(seen: Course) -> FollowUp | None:
    """By overall survival, of several the longest; without it, the last day on which anything is recorded; None without any."""
    if len(seen.ends):
        last = seen.ends.iloc[-1]
        if last["event"] == 1:
            return FollowUp(float(last["at"]), f"died ({last['cause']})" if _stated(last["cause"]) else "died")
        why = last["censoring_reason"]
        return FollowUp(float(last["at"]), str(why) if _stated(why) else "alive at last contact")
    days = pd.concat([table["at"] for table in seen.tables.values()]).max()
    return None if pd.isna(days) else FollowUp(float(days), "survival not recorded")


def _columns(opened: Cohort, patient: str) -> tuple[Fact, ...]:
    row = opened.patients[opened.patients["patient_id"] == patient].iloc[0]
    known = ((variable, row[variable.name]) for variable in opened.variables)
    return tuple(
        Fact(variable.label, f"{value:g} {variable.unit}".strip() if variable.kind == "number" else str(value))
        for variable, value in known
        if _stated(value)
    )


def _stated(value: object) -> bool:
    return not (value is None or (isinstance(value, float) and pd.isna(value)) or value is pd.NA)


def _time(days: float) -> str:
    """Days where they are few, else months with one decimal beside the days."""
    return f"{days:.0f} days" if abs(days) < 2 * DAYS_PER["months"] else f"{days / DAYS_PER['months']:.1f} months"
