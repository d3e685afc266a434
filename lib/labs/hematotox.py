"""CAR-HEMATOTOX of every patient of a cohort, by group: which values before lymphodepletion were taken, and what they
score.

The last value on or before the day on which lymphodepletion began, at most 28 days before it: later ones already show
its effect. Where Therapies does not tell that day, it is taken as day -5, or as the day that is asked for. Each patient
has the place the values come from. Boundaries and source: lib/derived/hematotox.py.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.printed import raised
from lib.derived.follow_up import EARLIEST_START, lymphodepletion_starts
from lib.derived.hematotox import ITEMS, Hematotox, Item, hematotox
from lib.derived.lab_values import lab_values
from lib.labs.scored import Line, OfPatient, Scored, grouped, not_used
from lib.labs.series import measured
from lib.publication.exhibit import Table, TypedColumn, typed_table
from lib.publication.number import plural, short
from lib.publication.options import Sized, number
from lib.publication.spec import ExhibitSpec
from lib.publication.who import Who

LONGEST_BEFORE: Final = 28.0  # days before lymphodepletion; the paper names no oldest value
USUAL_START: Final = -5.0  # day of the first lymphodepletion where it is not stated: days -5 to -3 are usual
FEWEST_ITEMS: Final = 3  # of fewer than three of its five items a score says too little
LATEST_START: Final = -2.0
SHORT: Final = {
    "platelets": "Platelets",
    "neutrophils": "ANC",
    "haemoglobin": "Hb",
    "CRP": "CRP",
    "ferritin": "Ferritin",
}
ITEMS_RULE: Final = (
    "Points: platelets > 175 × 10⁹/L 0, 75–175 1, < 75 2; ANC ≥ 1.2 × 10⁹/L 0, lower 1; haemoglobin ≥ 90 g/L 0, lower"
    " 1; CRP < 30 mg/L (3 mg/dL) 0, from 30 on 1; ferritin < 650 µg/L (ng/mL) 0, 650–2000 1, > 2000 2. Sum 0–7: 0–1"
    " low, 2 or more high risk."
)
BOUNDARIES: Final = (
    "The paper does not say how values exactly at a boundary of ANC (1.2), haemoglobin (90) and CRP (30) score: here 0,"
    " 0 and 1."
)
RANGE: Final = (
    "An item without a value (or with one below a limit of detection that leaves its points open) makes the score a"
    " range; the risk is given where the whole range lies in one category."
)
CATEGORIES = (("low", "Low (0–1)"), ("high", "High (2–7)"), (None, "Not certain: items missing"))


@dataclass(frozen=True)
class HematotoxOptions(Sized):
    """When lymphodepletion began where it is not stated."""

    lymphodepletion_day: float = number(
        USUAL_START,
        "First day of lymphodepletion where it is not stated",
        EARLIEST_START,
        LATEST_START,
        help="CAR-HEMATOTOX takes values of this day or earlier.",
        when=lambda analysis, _: bool(lymphodepletion_starts(analysis.opened).isna().any()),
    )


Taken = dict[str, tuple[float, float, float]]  # by analyte: day, lowest and highest possible amount


@dataclass(frozen=True)
class PatientScore(OfPatient):
    """`lymphodepletion`: the day it began, None where it is not stated; `taken`: day and amounts of the values that
    were used."""

    lymphodepletion: float | None
    taken: Taken
    score: Hematotox


def _of(category: str | None) -> Callable[[PatientScore], bool]:
    return lambda each: each.score.category == category


LINES: Final = (  # the rows of the table that count patients
    *(Line(words, _of(category), (category,), None if category else "items missing") for category, words in CATEGORIES),
    Line("All five items known", lambda each: not each.score.missing),
)


@dataclass(frozen=True)
class HematotoxResult(Scored[PatientScore]):
    """The score of every patient; `assumed`: first day of lymphodepletion where it is not stated."""

    assumed: float = USUAL_START


def hematotox_scores(cohort: Cohort, grouping: Grouping, assumed: float = USUAL_START) -> HematotoxResult:
    """The score of every selected patient before the chosen infusion; `assumed`: first day of lymphodepletion where not
    stated."""
    values = lab_values(cohort, *(item.analyte for item in ITEMS))
    values = values[values["infusion"] == cohort.infusion]
    start = lymphodepletion_starts(cohort)
    taken = _taken(values, start.fillna(assumed))
    began = dict(zip(start.index.astype(str), start, strict=True))
    scores = (_scored(*each, began[each[0]], taken.get(each[0], {})) for each in grouped(cohort, grouping))
    return HematotoxResult(grouping, cohort.infusion, tuple(scores), cohort.n, not_used(values), assumed)


def _scored(patient: str, group: str, began: float, mine: Taken) -> PatientScore:
    score = hematotox({analyte: (low, high) for analyte, (_, low, high) in mine.items()})
    return PatientScore(patient, group, None if np.isnan(began) else float(began), mine, score)


def _taken(values: pd.DataFrame, start: pd.Series) -> dict[str, Taken]:
    """By patient the last usable value of each analyte in its window; of several on a day the last in the workbook."""
    usable = values[(values["amount"].notna() | values["below"]) & values["day"].notna()]
    began = usable["patient"].map(start).astype(float)
    before = usable[usable["day"].between(began - LONGEST_BEFORE, began)]
    last = before.sort_values("day", kind="stable").drop_duplicates(["patient", "analyte"], keep="last")
    high = np.where(last["below"], np.nextafter(last["limit"].fillna(np.inf).to_numpy(float), -np.inf), last["amount"])
    found: dict[str, Taken] = {}
    for row, most in zip(last.itertuples(), high, strict=True):
        low = 0.0 if row.below else float(most)
        found.setdefault(str(row.patient), {})[str(row.analyte)] = (float(str(row.day)), low, float(most))
    return found


def hematotox_table(result: HematotoxResult) -> Table:
    """By group the patients of low and high risk, of neither for certain, and how many have each score."""
    table = result.table(
        "CAR-HEMATOTOX",
        {"risk": ""},
        LINES,
        id="labs.hematotox",
        title=f"CAR-HEMATOTOX{result.grouping.by}",
        caption=f"CAR-HEMATOTOX before lymphodepletion of {plural(len(result.patients), 'patient')}.",
        method=_method(result),
        notes=_notes(result),
    )
    return replace(table, rows=(*table.rows, ("Scores", *(_scores(rows) for _, rows in result.columns))))


def hematotox_patients(result: HematotoxResult) -> Table:
    """One row a patient: the value and points of each item, the score or its range, the risk, and which values were
    taken."""
    return typed_table(
        PATIENT_COLUMNS,
        result.patients,
        id="labs.hematotox.patients",
        title="CAR-HEMATOTOX of each patient",
        caption=(
            "CAR-HEMATOTOX of each patient: value (points) of each item, – where it is missing. Day: of the values; LD"
            " day: first of lymphodepletion."
        ),
        method=(
            f"Where the first day of lymphodepletion is not stated (–), day {_minus(result.assumed)} is taken."
            f" {ITEMS_RULE} {BOUNDARIES} {RANGE}"
        ),
        n=len(result.patients),
    )


def _item_columns(item: Item) -> tuple[TypedColumn, ...]:
    """Value and points of one item; unrounded, an amount below a limit of detection is null."""
    name = item.analyte
    return (
        TypedColumn(
            f"{SHORT[name]}, {raised(item.unit)}",
            name,
            item.unit,
            lambda each: _amount(each, name),
            lambda each: _item(each, name),
        ),
        TypedColumn(
            name=f"{name}_day", unit="days", value=lambda each: each.taken[name][0] if name in each.taken else None
        ),
        TypedColumn(name=f"{name}_points_min", value=lambda each: each.score.points[name][0]),
        TypedColumn(name=f"{name}_points_max", value=lambda each: each.score.points[name][1]),
    )


def _amount(each: PatientScore, analyte: str) -> float | None:
    _, low, high = each.taken.get(analyte, (None, None, None))
    return high if low == high else None


def _item(each: PatientScore, analyte: str) -> str:
    points = _range(*each.score.points[analyte])
    if analyte not in each.taken:
        return f"– ({points})"
    _, low, high = each.taken[analyte]
    return f"{short(high) if low == high else f'< {short(high)}'} ({points})"


def _began(each: PatientScore) -> str:
    return "–" if each.lymphodepletion is None else _minus(each.lymphodepletion)


def _days(each: PatientScore) -> str:
    """From which days values were taken."""
    days = sorted({day for day, _, _ in each.taken.values()})
    return _minus(days[0]) + (f" to {_minus(days[-1])}" if len(days) > 1 else "") if days else "–"


def _reason(each: PatientScore) -> str | None:
    """Why numbers of a patient are missing."""
    said = [f"{analyte}: no value" for analyte in each.score.missing]
    amounts = [(item.analyte, each.taken[item.analyte]) for item in ITEMS if item.analyte in each.taken]
    said += [f"{analyte}: below {short(high)}" for analyte, (_, low, high) in amounts if low != high]
    said += ["lymphodepletion_day: not stated"] * (each.lymphodepletion is None)
    return "; ".join(said) or None


PATIENT_COLUMNS: Final = (
    TypedColumn("Patient", "patient"),
    TypedColumn("Group", "group"),
    *(column for item in ITEMS for column in _item_columns(item)),
    TypedColumn(
        "Score", "score_min", "", lambda each: each.score.low, lambda each: _range(each.score.low, each.score.high)
    ),
    TypedColumn(name="score_max", value=lambda each: each.score.high),
    TypedColumn(name="score", value=lambda each: each.score.score),
    TypedColumn(
        "Risk", "risk", "", lambda each: each.score.category, lambda each: each.score.category or "not certain"
    ),
    TypedColumn("LD day", "lymphodepletion_day", "days", lambda each: each.lymphodepletion, _began),
    TypedColumn("Day", printed=_days),
    TypedColumn(name="reason", value=_reason),
)


def _scores(rows: tuple[PatientScore, ...]) -> str:
    """How often each score: "0: 3, 2: 1, 1–3: 2"."""
    counted = Counter((each.score.low, each.score.high) for each in rows)
    return ", ".join(f"{_range(*ends)}: {counted[ends]}" for ends in sorted(counted)) or "–"


def _range(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low}–{high}"


def _method(result: HematotoxResult) -> str:
    """Definition, values taken, n."""
    infusion = f" before infusion {result.infusion}" if result.infusion > 1 else ""
    return (
        f"CAR-HEMATOTOX score{infusion} (Rejeski 2021, Blood 138:2499) of {plural(len(result.patients), 'patient')},"
        f" from the last value of each item on or before the first day of lymphodepletion, at most {LONGEST_BEFORE:g}"
        f" days before it (where that day is not stated, day {_minus(result.assumed)} is taken for it). {ITEMS_RULE}"
        f" {BOUNDARIES} {RANGE}"
    )


def _minus(day: float) -> str:
    """A day with a true minus sign."""
    return f"{day:g}".replace("-", "−")


def _notes(result: HematotoxResult) -> tuple[str, ...]:
    said = []
    absent = {
        SHORT[item.analyte]: sum(item.analyte in each.score.missing for each in result.patients) for item in ITEMS
    }
    if any(absent.values()):
        said.append(
            "Missing: " + ", ".join(f"{name} in {plural(n, 'patient')}" for name, n in absent.items() if n) + "."
        )
    undated = sum(each.lymphodepletion is None for each in result.patients)
    if undated:
        said.append(
            f"Start of lymphodepletion not stated in Therapies for {plural(undated, 'patient')}: day"
            f" {_minus(result.assumed)} is taken for it, later values are not used."
        )
    return (*said, *result.left_out())


def _computed(analysis: Analysis, assumed: float) -> HematotoxResult:
    return hematotox_scores(analysis.selected, analysis.grouping, assumed)


def _made_of(table: Any) -> dict[str, Any]:
    """How a CAR-HEMATOTOX table is made, and when there is one."""
    return {
        "needs": "labs",
        "build": lambda analysis, options: table(analysis.result(_computed, options.lymphodepletion_day)),
        "when": lambda analysis, _: measured(analysis, {item.analyte for item in ITEMS}, FEWEST_ITEMS),
        "options": HematotoxOptions,
    }


def _who(analysis: Analysis, options: HematotoxOptions) -> Who:
    return analysis.result(_computed, options.lymphodepletion_day).who(LINES)


HEMATOTOX: Final = ExhibitSpec("labs.hematotox", "CAR-HEMATOTOX", **_made_of(hematotox_table), who=_who)
HEMATOTOX_PATIENTS: Final = ExhibitSpec(
    "labs.hematotox.patients", "CAR-HEMATOTOX of each patient", **_made_of(hematotox_patients)
)
