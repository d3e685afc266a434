"""A cohort: one frozen value. One tidy table a kind, each event table keyed by patient_id and infusion.

Tables are never edited after construction; `select` makes a new Cohort. Days count from the infusion named in the row.

The tables of a selection are each cut when they are first looked at.

A selection knows by what it was made, and when that was known: a clause known after time zero biases every time that
counts from there (who is chosen by the future had to live until then); known by a landmark, it does not bias what
counts from the landmark.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache, wraps
from typing import Any, Concatenate, Final, Literal, ParamSpec, TypeVar

import pandas as pd

from lib.cohort.finding import Account, Finding
from lib.cohort.schema import BEFORE_INFUSION, Column, Table

Cut = Callable[[], pd.DataFrame]
NUMERIC_KINDS: Final = ("number", "whole", "day", "grade", "event", "measurement")
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
PATIENTS: Final = ("patient_id", "patient")  # columns, of tables read and of tables made
MOST_FACTS: Final = 128  # kept with one cohort
AT_ANY_TIME: Final = float("inf")


@dataclass(frozen=True)
class SelectedBy:
    """One clause in words; `known_at` is the study day by which it was known of everybody, None = not stated."""

    words: str
    known_at: float | None = None

    def known_after(self, day: float = BEFORE_INFUSION) -> bool:
        """Whether it is stated to have become known only after this day."""
        return self.known_at is not None and self.known_at > day


def known_late(selected_by: Iterable[SelectedBy]) -> tuple[SelectedBy, ...]:
    """The clauses that were known only after the infusion."""
    return tuple(each for each in selected_by if each.known_after())


def not_dated(selected_by: Iterable[SelectedBy]) -> tuple[SelectedBy, ...]:
    """The clauses of which it is not stated when they were known."""
    return tuple(each for each in selected_by if each.known_at is None)


def listed(selected_by: Iterable[SelectedBy]) -> str:
    """ "CRS grade ≥ 3", "CRS grade ≥ 3 and Response"."""
    words = [each.words for each in selected_by]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


class LazyTables(Mapping[str, pd.DataFrame]):
    """Tables by name, in order; a table, or what makes it."""

    def __init__(self, tables: Mapping[str, pd.DataFrame | Cut]) -> None:
        self._tables = dict(tables)

    def __getitem__(self, name: str) -> pd.DataFrame:
        found = self._tables[name]
        if not isinstance(found, pd.DataFrame):
            found = self._tables[name] = found()
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def changed(self, **tables: pd.DataFrame | Cut) -> "LazyTables":
        """The same tables but for these; none is looked at."""
        return LazyTables({**self._tables, **tables})


def changed(tables: Mapping[str, pd.DataFrame], **others: pd.DataFrame | Cut) -> LazyTables:
    """These tables with others in the place of some; none is looked at."""
    kept = tables if isinstance(tables, LazyTables) else LazyTables(tables)
    return kept.changed(**others)


@dataclass(frozen=True)
class Study:
    """What holds for the whole workbook."""

    title: str = ""
    synthetic: bool = False
    note: str = ""
    disease: str = ""  # names the criteria of response (response_scale.py); "" = not stated
    data_cutoff: str = ""  # as written, for captions; no date is computed with after reading
    time_unit: str = "months"
    group_by: str = ""
    month_1_response: bool = False  # whether the response at month 1, an outcome, stands in Table 1


@dataclass(frozen=True)
class Variable:
    """A patient column by which a cohort can be filtered or split.

    `levels` are those of the opened cohort, in order, so that a level keeps its colour whatever is selected.
    `known_at` is the study day by which the value is known: 0 or less = before infusion, None = not stated.
    """

    name: str
    label: str
    kind: Literal["category", "number"]
    levels: tuple[str, ...] = ()
    unit: str = ""
    reference: str = ""
    known_at: float | None = None
    short: str = ""  # the label where there is little room
    sheet: str = ""  # the table that it comes from where that is not Patients: at_infusion.py
    shown: tuple[
        tuple[str, str], ...
    ] = ()  # of such a variable: words of the table, and the level that stands for each

    @property
    def known_before_infusion(self) -> bool:
        """Whether it is stated to have been known by the infusion."""
        return self.known_at is not None and self.known_at <= BEFORE_INFUSION


@dataclass(frozen=True)
class Cohort:
    """All that was read of one workbook, or what a selection leaves of it.

    `n_opened` counts the patients of the opened cohort's analysis set; `selection` says in words who is looked at;
    `infusion` is the infusion from which days and endpoints are counted. `vocabulary` holds the words of the opened
    cohort (endpoint, term, specimen ...) in order: figures keep a place for each, whatever is selected.
    """

    name: str
    fingerprint: str
    study: Study
    variables: tuple[Variable, ...]
    patients: pd.DataFrame
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    findings: tuple[Finding, ...] = ()
    selection: str = "all patients"
    n_opened: int = 0
    infusion: int = 1
    vocabulary: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    selected_by: tuple[SelectedBy, ...] = ()  # each clause of the selection, and when it was known
    until_next: bool = False  # events and laboratory values after the next therapy or infusion were left out
    account: Account = field(default=Account(), repr=False)  # where every column of the file went
    files: int = 1  # opened together
    mapped: bool = False  # answers say what its columns mean
    coded: bool = False  # its patients are P01, P02 ...
    _facts: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict, init=False, compare=False, repr=False)
    _whole: "Cohort | None" = field(default=None, init=False, compare=False, repr=False)  # `replace` leaves it out

    @property
    def n(self) -> int:
        """How many patients are selected."""
        return len(self.patients)

    @property
    def endpoints(self) -> pd.DataFrame:
        """One row a patient and endpoint: time, unit, event."""
        return self.tables["endpoints"]

    @property
    def infusions(self) -> pd.DataFrame:
        """One row a patient and infusion: day, product, dose."""
        return self.tables["infusions"]

    @property
    def responses(self) -> pd.DataFrame:
        """One row an assessment: day, response, MRD."""
        return self.tables["responses"]

    @property
    def adverse_events(self) -> pd.DataFrame:
        """One row an event: term, grade, days of start and end."""
        return self.tables["adverse_events"]

    @property
    def therapies(self) -> pd.DataFrame:
        """One row a course of treatment: kind, therapy, days of start and end."""
        return self.tables["therapies"]

    @property
    def kinetics(self) -> pd.DataFrame:
        """One row a sample: day, assay, specimen, value, unit, limit of quantification."""
        return self.tables["kinetics"]

    @property
    def labs(self) -> pd.DataFrame:
        """One row a laboratory value: day, test, value, unit, limits of normal."""
        return self.tables["labs"]

    @property
    def states(self) -> pd.DataFrame:
        """One row a stretch of time in a state: measure, state, days of start and end."""
        return self.tables["states"]

    @property
    def events(self) -> pd.DataFrame:
        """One row an event of the workbook's own, with its day."""
        return self.tables["events"]

    @property
    def assays(self) -> pd.DataFrame:
        """One row a well of an experiment: condition, concentration, value."""
        return self.tables["assays"]

    @property
    def endpoint_names(self) -> tuple[str, ...]:
        """The endpoints of the opened cohort, in the order of the file."""
        return self.vocabulary.get("endpoint", ())

    def variable(self, name: str) -> Variable | None:
        """The variable of that name, or None where the column cannot be filtered or does not exist."""
        return next((variable for variable in self.variables if variable.name == name), None)

    def with_known_at(self, name: str, day: float | None) -> "Cohort":
        """The same cohort where this variable became known by that study day (None = not stated)."""
        known = (replace(variable, known_at=day) if variable.name == name else variable for variable in self.variables)
        return replace(self, variables=tuple(known))

    def fact(self, function: Callable[..., Any], *arguments: Hashable, **named: Hashable) -> Any:
        """What `function(cohort, *arguments)` gives, computed once and kept with the cohort; those used last stay, at
        most MOST_FACTS."""
        key = (function, arguments, tuple(sorted(named.items())))
        answer = self._facts.get(key, self)  # itself: not there; no fact is the cohort
        if answer is self:
            answer = self._facts[key] = function(self, *arguments, **named)
        with suppress(
            KeyError
        ):  # an example is looked at by several readers, of whom another may just have put this one out
            self._facts.move_to_end(key)
            while len(self._facts) > MOST_FACTS:
                self._facts.popitem(last=False)
        return answer

    def part_of(self, whole: "Cohort") -> "Cohort":
        """The same cohort, of which is noted that its patients and their rows are some of `whole`, unchanged."""
        part = replace(self)
        object.__setattr__(part, "_whole", whole)
        return part

    def of_each(self, function: Callable[..., Any], *arguments: Hashable, **named: Hashable) -> Any:
        """What `function(cohort, *arguments)` says of each patient by herself: found once for the whole cohort, of
        which a part takes its own."""
        if self._whole is None:
            return function(self, *arguments, **named)
        every = self._whole.fact(function, *arguments, **named)
        return _own(every, pd.Index(self.patients["patient_id"], name="patient_id", dtype="object"))

    def with_table(self, name: str, table: pd.DataFrame | Cut) -> "Cohort":
        """The same cohort with another table in the place of the one of this name."""
        return replace(self, tables=changed(self.tables, **{name: table}))

    def with_tables(self, patients: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> "Cohort":
        """The same cohort over other rows."""
        return replace(self, patients=patients, tables=tables)


def kept(function: Callable[Concatenate[Cohort, Asked], Answer]) -> Callable[Concatenate[Cohort, Asked], Answer]:
    """A function of a cohort whose answers are kept with the cohort; nobody edits them."""

    @wraps(function)
    def found(cohort: Cohort, /, *arguments: Asked.args, **named: Asked.kwargs) -> Answer:
        answer: Answer = cohort.fact(function, *arguments, **named)  # type: ignore[arg-type]  # hashable
        return answer

    return found


def kept_of_each(
    function: Callable[Concatenate[Cohort, Asked], Answer],
) -> Callable[Concatenate[Cohort, Asked], Answer]:
    """The same of a function that says something of each patient by herself, whoever else is selected: in a Series or
    frame indexed by patient, in a frame with a column of PATIENTS, in a mapping of such, or in a dataclass with such a
    `table`."""

    @wraps(function)
    def found(cohort: Cohort, /, *arguments: Asked.args, **named: Asked.kwargs) -> Answer:
        answer: Answer = cohort.fact(Cohort.of_each, function, *arguments, **named)  # type: ignore[arg-type]  # hashable
        return answer

    return found


def _own(every: Any, patients: pd.Index) -> Any:
    """Of what is said of everybody the rows of these patients."""
    if isinstance(every, Mapping):
        return {name: _own(each, patients) for name, each in every.items()}
    named = [name for name in PATIENTS if name in every.columns] if isinstance(every, pd.DataFrame) else []
    if named:
        return every[every[named[0]].isin(patients)].reset_index(drop=True)
    if isinstance(every, (pd.Series, pd.DataFrame)):
        return every.reindex(patients)
    return replace(every, table=_own(every.table, patients))


def empty_table(table: Table) -> pd.DataFrame:
    """A table without rows, with every column of the schema in its stored type."""
    return _empty_table(table).copy()


@cache
def _empty_table(table: Table) -> pd.DataFrame:
    columns = {column.name: pd.Series(dtype=stored_type(column)) for column in table.columns}
    if any(column.kind == "measurement" for column in table.columns):
        columns |= {
            "below": pd.Series(dtype="bool"),
            "limit": pd.Series(dtype="float64"),
            "above": pd.Series(dtype="bool"),
        }
    return pd.DataFrame(columns)


def stored_type(column: Column) -> str:
    """float64 for what is counted or measured (missing = NaN), object for words (missing = None)."""
    return "float64" if column.kind in NUMERIC_KINDS else "object"
