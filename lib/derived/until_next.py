"""Adverse events and laboratory values until the next anti-tumour therapy or a later infusion: what comes after tells
of that one.

The next therapy is the first row of Therapies of kind "subsequent" (treatment of relapse; never maintenance, bridging
or what came before the infusion). What is on its day still counts, what has no day counts too and is said.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.derived.endpoint_days import first_days, patient_index
from lib.derived.treatment import later_infusions

NEXT: Final = "the next anti-tumour therapy or a later infusion"


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
    found: UntilNext = analysis.result(_of_selected)
    return found


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
