"""ICAHT and T-ICAHT of every patient, by group: both grades, until when values counted and why, and who had G-CSF.
EXPERIMENTAL.

Values count until death, progression, or the next therapy or infusion, whichever is first. Nobody is left out: who
cannot be graded has the reason. Rule and source: lib/derived/icaht.py.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter, methodcaller
from typing import Any, Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.best_response import ends
from lib.derived.follow_up import death_days, other_treatment, patient_index
from lib.derived.icaht import (
    DAILY,
    DEATH,
    DIED,
    ENDS,
    KINDS,
    LAST_EARLY_DAY,
    NEUTROPHILS,
    PLATELETS,
    Counts,
    Grade,
    Icaht,
    Kind,
    icaht,
    t_icaht,
)
from lib.derived.lab_values import lab_values
from lib.labs.scored import REASON, Line, OfPatient, Scored, grouped, not_used
from lib.labs.series import measured
from lib.publication.exhibit import Table, TypedColumn, typed_table
from lib.publication.number import plural
from lib.publication.spec import ExhibitSpec
from lib.publication.who import Who

GRADED_BY: Final = {NEUTROPHILS: icaht, PLATELETS: t_icaht}
PROGRESSION: Final = "progression"
NEXT: Final = "next therapy or infusion"
G_CSF: Final = re.compile(
    r"(?<![a-z])g-?csf|filgrastim|lenograstim|granulocyte.colony|neupogen|neulasta|粒细胞(集落)?刺激因子", re.I
)
LONG_BEFORE: Final = ("prior line", "transplant")
SAME_DAY: Final = 6  # digits: a time in months gives day 17.999999999 for day 18
NOT_DATED: Final = "day not stated"
NOTHING: Final = Counts((), (), ())
EARLY: Final = "Early (day 0–30)"
GRADES: Final = (0, 1, 2, 3, 4)
LETTERS: Final = "abcdefgh"
SEVERE: Final = (3, 4)


@dataclass(frozen=True)
class PatientIcaht(OfPatient):
    """`counted_to`: the day until which values count, None where no end is known; `g_csf`: "day 5", "day not stated" or
    ""."""

    grades: Icaht
    counted_to: float | None
    ended_by: str
    g_csf: str

    def grade(self, late: bool) -> Grade:
        """The early or the late grade."""
        return self.grades.late if late else self.grades.early


@dataclass(frozen=True)
class IcahtResult(Scored[PatientIcaht]):
    """Both grades of every patient."""

    analyte: str = NEUTROPHILS


def icaht_grades(cohort: Cohort, grouping: Grouping, analyte: str = NEUTROPHILS) -> IcahtResult:
    """Both grades of every selected patient after the chosen infusion: ICAHT by neutrophils, T-ICAHT by platelets."""
    values, graded_by = lab_values(cohort, analyte), GRADED_BY[analyte]
    values = values[values["infusion"] == cohort.infusion]
    counts, until, g_csf = _counts(values), _ended(cohort), _g_csf(cohort)
    graded = (
        PatientIcaht(
            patient,
            group,
            graded_by(counts.get(patient, NOTHING), *until[patient]),
            until[patient][0] if np.isfinite(until[patient][0]) else None,
            until[patient][1],
            g_csf.get(patient, ""),
        )
        for patient, group in grouped(cohort, grouping)
    )
    return IcahtResult(grouping, cohort.infusion, tuple(graded), cohort.n, not_used(values), analyte)


def _counts(values: pd.DataFrame) -> dict[str, Counts]:
    """The counts of each patient; a value below a limit of detection lies between 0 and just under that limit."""
    usable = values[(values["amount"].notna() | values["below"]) & values["day"].notna()]
    limit = np.nextafter(usable["limit"].fillna(np.inf).to_numpy(float), -np.inf)
    ranged = usable.assign(
        low=usable["amount"].mask(usable["below"], 0.0),
        high=usable["amount"].mask(usable["below"], pd.Series(limit, usable.index)),
    )
    return {
        str(patient): Counts(rows["day"].to_list(), rows["low"].to_list(), rows["high"].to_list())
        for patient, rows in ranged.groupby("patient", sort=False)
    }


def _ended(cohort: Cohort) -> dict[str, tuple[float, str]]:
    """By patient until which day values count (infinite: no end is known) and what ended it; of several on a day,
    death."""
    progressed = ends(cohort, with_death=False).table
    days = (
        pd.DataFrame(
            {
                DEATH: death_days(cohort),
                PROGRESSION: progressed["day"].where((progressed["event"] == 1) & (progressed["day"] > 0)),
                NEXT: other_treatment(cohort),
            },
            index=patient_index(cohort),
        )
        .astype(float)
        .round(SAME_DAY)
        .fillna(np.inf)
    )
    if not len(days):
        return {}
    first, by = days.min(axis=1), days.idxmin(axis=1)
    return {
        str(patient): (day, str(cause) if np.isfinite(day) else "")
        for patient, day, cause in zip(days.index, first, by, strict=True)
    }


def _g_csf(cohort: Cohort) -> dict[str, str]:
    """Days from the infusion on, on which G-CSF was begun, by patient; a course that ended before it is none."""
    rows = cohort.therapies
    named = rows["therapy"].map(lambda word: bool(G_CSF.search(str(word))), na_action="ignore").eq(True)
    rows = rows[named & ~rows["kind"].isin(LONG_BEFORE) & ~(rows["stop_day"] < 0)]
    return {str(patient): _days(mine["start_day"]) for patient, mine in rows.groupby("patient_id", sort=False)}


def _days(starts: pd.Series) -> str:
    known = sorted(set(starts.dropna()))
    return "day " + ", ".join(f"{day:g}" for day in known) if known else NOT_DATED


def icaht_table(result: IcahtResult) -> Table:
    """By group the patients of each grade, of grade 3 or more, and those not gradable with their reasons."""
    kind = KINDS[result.analyte]
    return result.table(
        f"{kind.name} (experimental)",
        {"period": "", "grade": "experimental"},
        _lines(result),
        id=kind.id,
        title=_title(result),
        caption=_caption(result),
        method=_method(result),
        notes=_notes(result),
    )


def _lines(result: IcahtResult) -> list[Line]:
    """What the rows count, first of early, then of late grades: each grade, 3 or more, not gradable, and each reason
    for it."""

    def graded(late: bool, *counted: int | None) -> Callable[[PatientIcaht], bool]:
        return lambda each: each.grade(late).grade in counted

    def for_(late: bool, reason: str) -> Callable[[PatientIcaht], bool]:
        return lambda each: each.grade(late).reason == reason

    lines: list[Line] = []
    for late, name, period in ((False, "early", EARLY), (True, "late", KINDS[result.analyte].late)):
        grades = [each.grade(late) for each in result.patients]
        reasons = dict.fromkeys(one.reason for one in grades if one.grade is None)
        lines += [Line(f"{period}: grade {grade}", graded(late, grade), (name, grade)) for grade in GRADES]
        lines += [Line(f"{period}: grade 3 or more", graded(late, *SEVERE))]
        lines += [Line(f"{period}: not gradable", graded(late, None))]
        lines += [
            Line(f"{REASON}{reason}", for_(late, reason), (name, None), f"not gradable: {reason}") for reason in reasons
        ]
    return lines


def _title(result: IcahtResult) -> str:
    return f"Early and late {KINDS[result.analyte].name}{result.grouping.by} (experimental)"


def _caption(result: IcahtResult) -> str:
    infusion = f" after infusion {result.infusion}" if result.infusion > 1 else ""
    n = plural(len(result.patients), "patient")
    return f"Immune effector cell-associated {KINDS[result.analyte].what.format(infusion=infusion)} of {n}."


def _method(result: IcahtResult) -> str:
    """The rule and its details."""
    kind = KINDS[result.analyte]
    ends = ENDS.format(died=DIED if result.analyte == NEUTROPHILS else "")
    counted = "n (% of all patients of the group, also those not gradable)."
    return " ".join((counted, kind.early_rule, kind.late_rule, DAILY, ends, kind.other_reading))


def _notes(result: IcahtResult) -> tuple[str, ...]:
    """The rule's standing, then what holds for these patients."""
    return (KINDS[result.analyte].experimental, *_of_these(result))


def _of_these(result: IcahtResult) -> list[str]:
    said = []
    cut = [
        each.ended_by for each in result.patients if each.counted_to is not None and each.counted_to < LAST_EARLY_DAY
    ]
    if cut:
        by = ", ".join(f"{name} {n}" for name, n in Counter(cut).items())
        said.append(f"Days counted to before day {LAST_EARLY_DAY} in {plural(len(cut), 'patient')} ({by}).")
    treated = sum(bool(each.g_csf) for each in result.patients)
    if result.analyte == NEUTROPHILS:
        said.append(_g_csf_note(treated))
    return said + result.left_out()


def _g_csf_note(treated: int) -> str:
    if not treated:
        return "Therapies names no G-CSF: whether it was given is not known."
    return (
        f"G-CSF is named in Therapies for {plural(treated, 'patient')}: it shortens neutropenia, the grade does not"
        " take account of it."
    )


def icaht_patients(result: IcahtResult) -> Table:
    """One row a patient: grades, days at or below 500 and 100/µL, until when values counted, G-CSF."""
    kind = KINDS[result.analyte]
    silent = [
        grade.reason
        for each in result.patients
        for grade in (each.grades.early, each.grades.late)
        if grade.grade is None
    ]
    letters = dict(zip(dict.fromkeys(silent), LETTERS, strict=False))
    reasons = "; ".join(f"NG {letter}: {reason}" for reason, letter in letters.items())
    return typed_table(
        _patient_columns(kind, letters),
        result.patients,
        id=f"{kind.id}.patients",
        title=f"{kind.name} of each patient (experimental)",
        caption=(
            f"{kind.name} of each patient (experimental): days from 0 to 30 {kind.low} and {kind.very_low}; the longest"
            " stretch of the first."
        ),
        notes=(*([f"Not gradable: {reasons}."] if reasons else ()), kind.experimental),
        n=len(result.patients),
    )


def _patient_columns(kind: Kind, letters: dict[str, str]) -> tuple[TypedColumn, ...]:
    """What is printed of a patient, and the numbers; `letters` stand for the reasons why there is no grade."""

    def days(heading: str, name: str, field: str) -> TypedColumn:
        of = attrgetter(f"grades.{field}")
        return TypedColumn(heading, name, "days", of, lambda each: "–" if of(each) is None else f"{of(each)}")

    def grade(heading: str, name: str, late: bool) -> TypedColumn:
        of, printed = methodcaller("grade", late), partial(_printed_grade, letters=letters)
        return TypedColumn(heading, name, "experimental", lambda row: of(row).grade, lambda row: printed(of(row)))

    low, very_low, longest, lowest = kind.columns
    return (
        TypedColumn("Patient", "patient"),
        TypedColumn("Group", "group"),
        grade("Early", "early_grade", False),
        days(f"Days {kind.low}", low, "days_low"),
        days(f"Days {kind.very_low}", very_low, "days_very_low"),
        days(f"Longest {kind.low}", longest, "longest_low"),
        days("", "days_sampled_early", "n_early"),
        grade("Late", "late_grade", True),
        days("", "days_sampled_late", "n_late"),
        TypedColumn(name=lowest, unit="10^9/L", value=lambda each: each.grades.lowest_late),
        TypedColumn("Counted to", "counted_to", "days", lambda each: each.counted_to, _printed_until),
        TypedColumn(name="ended_by", value=lambda each: each.ended_by or None),
        TypedColumn("G-CSF", "g_csf", value=lambda each: each.g_csf or None, printed=lambda each: each.g_csf or "–"),
        TypedColumn(name="reason", value=_patient_reasons),
    )


def _printed_until(each: PatientIcaht) -> str:
    return "–" if each.counted_to is None else f"day {each.counted_to:.0f}, {each.ended_by}"


def _printed_grade(found: Grade, letters: dict[str, str]) -> str:
    return f"NG {letters[found.reason]}" if found.grade is None else f"{found.grade}"


def _patient_reasons(each: PatientIcaht) -> str | None:
    grades = {"early_grade": each.grades.early, "late_grade": each.grades.late}
    return "; ".join(f"{name}: {one.reason}" for name, one in grades.items() if one.reason) or None


def _computed(analysis: Analysis, count: str) -> IcahtResult:
    return icaht_grades(analysis.selected, analysis.grouping, count)


def _made_of(count: str, table: Callable[[IcahtResult], Table]) -> dict[str, Any]:
    """How an ICAHT table is made, and when there is one."""
    return {
        "needs": "labs",
        "build": lambda analysis, _: table(analysis.result(_computed, count)),
        "when": lambda analysis, _: measured(analysis, {count}),
    }


def _behind(count: str) -> Callable[..., Who]:
    def who(analysis: Analysis, _options: Any) -> Who:
        result = analysis.result(_computed, count)
        return result.who(_lines(result))

    return who


ICAHT: Final = ExhibitSpec(
    "labs.icaht", "ICAHT (experimental)", **_made_of(NEUTROPHILS, icaht_table), who=_behind(NEUTROPHILS)
)
T_ICAHT: Final = ExhibitSpec(
    "labs.t_icaht", "T-ICAHT (experimental)", **_made_of(PLATELETS, icaht_table), who=_behind(PLATELETS)
)
ICAHT_PATIENTS: Final = ExhibitSpec(
    "labs.icaht.patients", "ICAHT of each patient", **_made_of(NEUTROPHILS, icaht_patients)
)
T_ICAHT_PATIENTS: Final = ExhibitSpec(
    "labs.t_icaht.patients", "T-ICAHT of each patient", **_made_of(PLATELETS, icaht_patients)
)
