"""ICAHT and T-ICAHT of every patient, by group: both grades, until when values counted and why, and who had G-CSF.
EXPERIMENTAL.

Values count until death, progression, or the next therapy or infusion, whichever is first. Nobody is left out: who
cannot be graded has the reason. Rule and source: lib/derived/icaht.py.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.best_response import ends
from lib.derived.follow_up import death_days, other_treatment, patient_index
from lib.derived.icaht import DEATH, LAST_EARLY_DAY, Counts, Grade, Icaht, icaht, t_icaht
from lib.derived.lab_values import lab_values, unusable
from lib.labs.icaht_rule import DAILY, DIED, ENDS, KINDS, NEUTROPHILS, PLATELETS
from lib.labs.series import measured
from lib.publication.exhibit import Numbers, Table
from lib.publication.number import count, plural
from lib.publication.spec import ExhibitSpec
from lib.publication.who import Place, Who

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
SEVERE: Final = (3, 4)
REASON: Final = "– "  # begins a row that says why some are not gradable


@dataclass(frozen=True)
class PatientIcaht:
    """`counted_to`: the day until which values count, None where no end is known; `g_csf`: "day 5", "day not stated" or
    ""."""

    patient: str
    group: str
    grades: Icaht
    counted_to: float | None
    ended_by: str
    g_csf: str

    def grade(self, late: bool) -> Grade:
        """The early or the late grade."""
        return self.grades.late if late else self.grades.early


@dataclass(frozen=True)
class IcahtResult:
    """Every selected patient with a group, in the order of the cohort; `unusable`: test, reason, count of its
    values."""

    grouping: Grouping
    infusion: int
    patients: tuple[PatientIcaht, ...]
    n_selected: int
    unusable: tuple[tuple[str, str, int], ...]
    analyte: str = NEUTROPHILS

    @property
    def n_ungrouped(self) -> int:
        """How many of the selected patients have no group."""
        return self.n_selected - len(self.patients)

    def of(self, group: str | None) -> tuple[PatientIcaht, ...]:
        """The patients of a group; of all groups for None."""
        return tuple(each for each in self.patients if group in (None, each.group))


def icaht_grades(cohort: Cohort, grouping: Grouping, analyte: str = NEUTROPHILS) -> IcahtResult:
    """Both grades of every selected patient after the chosen infusion: ICAHT by neutrophils, T-ICAHT by platelets."""
    values, graded_by = lab_values(cohort, analyte), GRADED_BY[analyte]
    values = values[values["infusion"] == cohort.infusion]
    counts, until, g_csf = _counts(values), _ended(cohort), _g_csf(cohort)
    groups = zip(cohort.patients["patient_id"].astype(str), grouping.of(cohort.patients), strict=True)
    graded = tuple(
        PatientIcaht(
            patient,
            str(group),
            graded_by(counts.get(patient, NOTHING), *until[patient]),
            until[patient][0] if np.isfinite(until[patient][0]) else None,
            until[patient][1],
            g_csf.get(patient, ""),
        )
        for patient, group in groups
        if group is not None
    )
    wrong = tuple((test, reason, n) for test, _, reason, n in unusable(values))
    return IcahtResult(grouping, cohort.infusion, graded, cohort.n, wrong, analyte)


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
    columns, kind = _columns(result), KINDS[result.analyte]
    return Table(
        id=kind.id,
        title=_title(result),
        header=(f"{kind.name} (experimental)", *(f"{name} (n = {len(rows)})" for name, rows in columns)),
        rows=tuple(row for late in (False, True) for row in _period(kind.late if late else EARLY, late, columns)),
        caption=_caption(result),
        method=_method(result),
        notes=_notes(result),
        n=len(result.patients),
        numbers=_numbers(result),
    )


def _columns(result: IcahtResult) -> list[tuple[str, tuple[PatientIcaht, ...]]]:
    """The groups with their patients, and all together where there are several groups."""
    groups = [(name, result.of(name)) for name in result.grouping.names]
    return [*groups, ("Total", result.of(None))] if result.grouping.compares else groups


def _period(period: str, late: bool, columns: list[tuple[str, tuple[PatientIcaht, ...]]]) -> list[tuple[str, ...]]:
    """The rows of early or late grades: each grade, 3 or more, not gradable, and why."""
    grades = [[each.grade(late) for each in patients] for _, patients in columns]
    rows = []
    for words, counts in _lines(grades[-1]):
        n = [sum(map(counts, each)) for each in grades]
        share = not words.startswith(REASON)
        cells = [count(k, len(each)) if share else str(k) for k, each in zip(n, grades, strict=True)]
        rows.append((f"{period}: {words}" if share else words, *cells))
    return rows


def _lines(grades: Sequence[Grade]) -> list[tuple[str, Callable[[Grade], bool]]]:
    """What the rows of a period count: each grade, 3 or more, not gradable, and each reason for it that these grades
    have."""

    def graded(*counted: int | None) -> Callable[[Grade], bool]:
        return lambda one: one.grade in counted

    def for_(reason: str) -> Callable[[Grade], bool]:
        return lambda one: one.reason == reason

    reasons = dict.fromkeys(one.reason for one in grades if one.grade is None)
    return [
        *((f"grade {grade}", graded(grade)) for grade in GRADES),
        ("grade 3 or more", graded(*SEVERE)),
        ("not gradable", graded(None)),
        *((f"{REASON}{reason}", for_(reason)) for reason in reasons),
    ]


def _who(result: IcahtResult) -> Who:
    """Of each row and group who is counted there."""
    columns, cells, y = _columns(result), dict[Place, frozenset[str]](), 0
    for late in (False, True):
        for _, counts in _lines([each.grade(late) for each in columns[-1][1]]):
            for x, (_, patients) in enumerate(columns, start=1):
                cells[y, x] = frozenset(each.patient for each in patients if counts(each.grade(late)))
            y += 1
    return cells


def _numbers(result: IcahtResult) -> Numbers:
    rows: list[tuple[object, ...]] = []
    for name in result.grouping.names:
        mine = result.of(name)
        for late, period in enumerate(("early", "late")):
            grades = [each.grade(bool(late)) for each in mine]
            rows += [
                (name, period, grade, sum(one.grade == grade for one in grades), len(mine), None) for grade in GRADES
            ]
            silent = Counter(one.reason for one in grades if one.grade is None)
            rows += [(name, period, None, n, len(mine), f"not gradable: {reason}") for reason, n in silent.items()]
    columns = (
        ("group", ""),
        ("period", ""),
        ("grade", "experimental"),
        ("n", "patients"),
        ("of", "patients"),
        ("reason", ""),
    )
    return Numbers(columns, tuple(rows))


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
    if result.n_ungrouped:
        said.append(f"{plural(result.n_ungrouped, 'patient')} without {result.grouping.label}: left out.")
    said += [f"{test}: {plural(n, 'value')} not used: {reason}." for test, reason, n in result.unusable]
    return said


def _g_csf_note(treated: int) -> str:
    if not treated:
        return "Therapies names no G-CSF: whether it was given is not known."
    return (
        f"G-CSF is named in Therapies for {plural(treated, 'patient')}: it shortens neutropenia, the grade does not"
        " take account of it."
    )


def _computed(analysis: Analysis, count: str) -> IcahtResult:
    return icaht_grades(analysis.selected, analysis.grouping, count)


def made_of(count: str, table: Callable[[IcahtResult], Table]) -> dict[str, Any]:
    """How an ICAHT table is made, and when there is one."""
    return {
        "needs": "labs",
        "build": lambda analysis, _: table(analysis.result(_computed, count)),
        "when": lambda analysis, _: measured(analysis, {count}),
    }


def _behind(count: str) -> Callable[..., Who]:
    return lambda analysis, _: _who(analysis.result(_computed, count))


ICAHT: Final = ExhibitSpec(
    "labs.icaht", "ICAHT (experimental)", **made_of(NEUTROPHILS, icaht_table), who=_behind(NEUTROPHILS)
)
T_ICAHT: Final = ExhibitSpec(
    "labs.t_icaht", "T-ICAHT (experimental)", **made_of(PLATELETS, icaht_table), who=_behind(PLATELETS)
)
