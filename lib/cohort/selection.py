"""Which patients are looked at: a Selection is clauses, one a variable or of the course, and nothing else is the truth.

A clause is written the same way in a link and on the command line: `emd=yes`, `arm=Control|Pomalidomide`,
`age_years=46..62`, and `|?` at the end where patients without a value stay; of the course:
`lib/cohort/course_clause.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.cohort.at_infusion import at_infusion
from lib.cohort.course_clause import Answered, CourseClause
from lib.cohort.model import Cohort, LazyTables, SelectedBy, Variable, kept
from lib.cohort.printed import raised, signs

MISSING: Final = "?"
Flags = npt.NDArray[np.bool_]  # one a patient
OF_ALL_INFUSIONS: Final = (
    "infusions",
    "kinetics",
    "states",
    "events",
)  # kept for every infusion, whichever one days are counted from


@dataclass(frozen=True)
class Clause:
    """Patients whose `variable` is one of `levels` (a category) or lies within `interval` (a number, ends included).

    Patients without a value are kept only if `keep_missing`.
    """

    variable: str
    levels: tuple[str, ...] = ()
    interval: tuple[float, float] | None = None
    keep_missing: bool = False

    def __str__(self) -> str:
        kept = (
            [exact(self.interval[0]) + ".." + exact(self.interval[1])]
            if self.interval
            else [level.replace("%", "%25").replace("|", "%7C").replace("?", "%3F") for level in self.levels]
        )
        return f"{self.variable}=" + "|".join(kept + [MISSING] * self.keep_missing)


@dataclass(frozen=True)
class Selection:
    """All clauses together; `infusion` is the one from which days count; excluded patients are out unless asked for.

    `course` are the clauses about the course, each question once.
    """

    clauses: tuple[Clause, ...] = ()
    infusion: int = 1
    include_excluded: bool = False
    course: tuple[CourseClause, ...] = ()

    def clause(self, variable: str) -> Clause | None:
        """The filter on this variable, None where there is none."""
        return next((clause for clause in self.clauses if clause.variable == variable), None)

    def with_clause(self, clause: Clause | CourseClause) -> "Selection":
        """The selection in which this clause is the one about its variable (or question); the others keep their
        order."""
        if isinstance(clause, CourseClause):
            others = {old.question: old for old in self.course}
            return replace(self, course=tuple((others | {clause.question: clause}).values()))
        if self.clause(clause.variable):
            clauses = tuple(clause if old.variable == clause.variable else old for old in self.clauses)
            return replace(self, clauses=clauses)
        return replace(self, clauses=(*self.clauses, clause))

    def without(self, variable: str) -> "Selection":
        """The selection with no filter on this variable."""
        return replace(self, clauses=tuple(clause for clause in self.clauses if clause.variable != variable))

    def without_course(self, question: str) -> "Selection":
        """The selection without the clause that asks this about the course."""
        return replace(self, course=tuple(clause for clause in self.course if clause.question != question))


def select(cohort: Cohort, selection: Selection, answered: Sequence[Answered] = ()) -> Cohort:
    """The cohort with only the patients whom every clause keeps, and of every table only their rows of this infusion.

    A patient who never had the chosen infusion is left out; product, dose and what else was given are of this infusion.
    Selecting twice is selecting once. `answered` says of each clause about the course whom it keeps, as
    `lib.derived.course_answer` finds it; ValueError where one is not answered.
    """
    if tuple(each.clause for each in answered) != selection.course:
        raise ValueError("a clause about the course was not answered")
    return _cut(cohort, selection, answered).part_of(everybody_at(cohort, selection.infusion))


@kept
def everybody_at(opened: Cohort, infusion: int) -> Cohort:
    """All patients of the opened cohort, the excluded too, with days from this infusion."""
    return _cut(opened, Selection(infusion=infusion, include_excluded=True), ())


def _cut(cohort: Cohort, selection: Selection, answered: Sequence[Answered]) -> Cohort:
    cohort = at_infusion(cohort, selection.infusion)
    chosen = cohort.patients[_kept(cohort, selection, answered)].reset_index(drop=True)
    cut = {name: partial(_rows_of, cohort, name, chosen["patient_id"], selection.infusion) for name in cohort.tables}
    return replace(
        cohort.with_tables(chosen, LazyTables(cut)),
        selection=describe(selection, cohort, answered),
        infusion=selection.infusion,
        selected_by=_selected_by(selection, cohort, answered),
        n_opened=len(cohort.patients) if selection.include_excluded else cohort.n_opened,
    )


def _kept(cohort: Cohort, selection: Selection, answered: Sequence[Answered]) -> Flags:
    """Of each patient whether every clause, and the infusion that days are counted from, keeps her."""
    patients = cohort.patients
    kept = _counted(cohort, selection.include_excluded)
    for clause in selection.clauses:
        kept = kept & _keeps(cohort, clause)
    for each in answered:
        kept = kept & patients["patient_id"].isin(each.kept).to_numpy()
    if selection.infusion > 1:
        infused = cohort.infusions.loc[cohort.infusions["infusion"] == selection.infusion, "patient_id"]
        kept = kept & patients["patient_id"].isin(infused).to_numpy()
    return kept


def offered(
    cohort: Cohort, selection: Selection, answered: Sequence[Answered], variable: Variable
) -> dict[str, tuple[int, int]]:
    """How many patients pressing each level would look at, and how many have it at all: the clause about the variable
    itself counts for nothing. At the end those without a value (MISSING), where there are any."""
    cohort = at_infusion(cohort, selection.infusion)
    places, none = _places_of_levels(cohort, variable), len(variable.levels)
    among, everybody = (
        np.bincount(places[mask], minlength=none + 1).tolist()
        for mask in (
            _kept(cohort, selection.without(variable.name), answered),
            _counted(cohort, selection.include_excluded),
        )
    )
    counts = {level: (among[place], everybody[place]) for place, level in enumerate(variable.levels)}
    if everybody[none]:
        counts[MISSING] = among[none], everybody[none]
    return counts


@kept
def _places_of_levels(cohort: Cohort, variable: Variable) -> npt.NDArray[np.intp]:
    """Of each patient the place of her level among those of the variable; their number where she has no value, one more
    where it is another."""
    places, values = {level: place for place, level in enumerate(variable.levels)}, cohort.patients[variable.name]
    none = len(variable.levels)
    found = (none if gone else places.get(value, none + 1) for value, gone in zip(values, values.isna(), strict=True))
    return np.fromiter(found, dtype=np.intp, count=len(values))


def describe(selection: Selection, cohort: Cohort, answered: Sequence[Answered] = ()) -> str:
    """The selection in words, with what becomes of missing values; "all patients" where nothing is chosen."""
    parts = [describe_clause(clause, cohort, selection.include_excluded) for clause in selection.clauses]
    parts += [describe_answer(each, cohort, selection.include_excluded) for each in answered]
    if selection.include_excluded:
        parts.append("patients outside the analysis set included")
    if selection.infusion > 1:
        parts.append(f"counted from infusion {selection.infusion}")
    return "; ".join(parts) or "all patients"


def describe_clause(clause: Clause, cohort: Cohort, include_excluded: bool = False) -> str:
    """One clause in words: "Age 46 to 62 years, 2 without a value left out"."""
    variable = cohort.variable(clause.variable)
    label = variable.label if variable else clause.variable
    if clause.interval:
        unit = f" {raised(variable.unit)}" if variable and variable.unit else ""
        words = f"{label} {_number(clause.interval[0])} to {_number(clause.interval[1])}{unit}"
    else:
        words = (
            f"{label}: {signs(', '.join(clause.levels)) or ('without a value' if clause.keep_missing else 'nobody')}"
        )
    without = n_without_value(cohort, clause.variable, include_excluded)
    if not without or (clause.keep_missing and not clause.levels and not clause.interval):
        return words
    return f"{words}, {without} without a value {'kept' if clause.keep_missing else 'left out'}"


def describe_answer(answered: Answered, cohort: Cohort, include_excluded: bool = False) -> str:
    """One clause about the course in words: "CRS grade ≥ 3, 2 not known (grade not stated) left out"."""
    return answered.words(cohort.patients.loc[_counted(cohort, include_excluded), "patient_id"])


@kept
def n_without_value(cohort: Cohort, variable: str, include_excluded: bool = False) -> int:
    """How many patients of the opened analysis set (or of all patients) have no value of this variable."""
    return int(cohort.patients.loc[_counted(cohort, include_excluded), variable].isna().sum())


def parse_clause(text: str, cohort: Cohort) -> Clause | str:
    """The clause written in `text`, or one sentence saying why this cohort cannot follow it.

    Levels that the cohort does not know make the whole clause unknown: half a filter is another question.
    """
    name, equals, written = text.partition("=")
    variable = find_variable(cohort, name)
    if variable is None:
        return f'This workbook has no column "{name.strip()}" to filter by.'
    if not equals:
        return f'"{text}" does not say what to keep: write {variable.name}= and the values.'
    parts = written.split("|")
    keep_missing = MISSING in parts
    parts = [part for part in parts if part != MISSING]
    if variable.kind == "number":
        interval = _interval(parts)
        if interval is None:
            return f'"{text}": write two numbers parted by "..", for example {variable.name}=40..60.'
        return Clause(variable.name, interval=interval, keep_missing=keep_missing)
    levels = _levels(variable, [unquote(part) for part in parts])
    return levels if isinstance(levels, str) else Clause(variable.name, levels, keep_missing=keep_missing)


def _levels(variable: Variable, words: Sequence[str]) -> tuple[str, ...] | str:
    """The levels that these words name, or one sentence with those that the variable does not have."""
    known = {level.casefold(): level for level in variable.levels}
    found = {word: known.get(word.strip().casefold()) for word in words}
    unknown = [word for word, level in found.items() if level is None]
    if unknown:
        return f'{variable.label}: this workbook has no "{", ".join(unknown)}".'
    return tuple(filter(None, (found[word] for word in words)))


def find_variable(cohort: Cohort, word: str) -> Variable | None:
    """The variable meant by a word: its name, its label, or its name without a unit at the end (age for age_years; dose
    for dose_per_kg where there is no other dose)."""
    word = word.strip().casefold().replace(" ", "_")
    rules: tuple[Callable[[Variable], str], ...] = (
        lambda variable: variable.name,
        lambda variable: variable.label.replace(" ", "_"),
        lambda variable: variable.name.removesuffix("_" + variable.unit),
        lambda variable: variable.name.removesuffix("_per_kg"),
    )
    for rule in rules:
        for variable in cohort.variables:
            if rule(variable).casefold() == word:
                return variable
    return None


@kept
def _counted(cohort: Cohort, include_excluded: bool) -> Flags:
    return (cohort.patients["analysis_set"] != "excluded").to_numpy() | include_excluded


def _selected_by(selection: Selection, cohort: Cohort, answered: Sequence[Answered]) -> tuple[SelectedBy, ...]:
    variables = {variable.name: variable for variable in cohort.variables}
    known = [variables[clause.variable] for clause in selection.clauses if clause.variable in variables]
    by_variable = tuple(SelectedBy(variable.label, variable.known_at) for variable in known)
    return by_variable + tuple(SelectedBy(each.clause.words, each.known_at) for each in answered)


@kept
def _keeps(cohort: Cohort, clause: Clause) -> Flags:
    values = cohort.patients[clause.variable]
    inside = values.between(*clause.interval) if clause.interval else values.isin(clause.levels)
    return (inside | values.isna() if clause.keep_missing else inside).to_numpy()


def _rows_of(cohort: Cohort, name: str, patients: pd.Series, infusion: int) -> pd.DataFrame:
    """The rows of these patients (ids), of the infusion where the table is cut by it."""
    table = cohort.tables[name]
    if name == "assays":
        return table
    ids, places = _places(cohort, name)
    mine: Flags = np.append(ids.isin(patients), False)[places]  # the last is of rows of nobody
    if name not in OF_ALL_INFUSIONS:
        mine &= (table["infusion"] == infusion).to_numpy()
    return table[mine].reset_index(drop=True)


def rows_of_patient(cohort: Cohort, name: str, patient: str) -> pd.DataFrame:
    """The rows of one patient in a table, of every infusion."""
    ids, places = _places(cohort, name)
    mine = places == ids.get_loc(patient) if patient in ids else np.zeros(len(places), dtype=bool)
    return cohort.tables[name][mine].reset_index(drop=True)


@kept
def _places(cohort: Cohort, name: str) -> tuple[pd.Index, npt.NDArray[np.intp]]:
    """All patients, and the place among them of each row's patient, -1 of none: ids are compared once, not at every
    selection."""
    ids = pd.Index(cohort.patients["patient_id"].unique())
    return ids, ids.get_indexer(pd.Index(cohort.tables[name]["patient_id"]))


def _interval(parts: list[str]) -> tuple[float, float] | None:
    ends = parts[0].split("..") if len(parts) == 1 else []
    try:
        low, high = sorted(float(end) for end in ends)
    except ValueError:
        return None
    return (low, high) if low <= high else None  # "nan" is no number


def exact(value: float) -> str:
    """The number in digits that read back as the same number: a rounded end of an interval would leave somebody out."""
    return _number(value) if float(_number(value)) == value else repr(float(value))


def _number(value: float) -> str:
    return f"{value:.10g}"
