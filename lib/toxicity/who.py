"""Who is behind the counts of adverse events."""

from collections.abc import Sequence

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.derived.adverse_events import KINDS, of_kind, worst_grades
from lib.publication.who import Who, groups_of
from lib.toxicity.events import EventOptions, counting_with_computed, events
from lib.toxicity.incidence import ANY_EVENT, ANY_GRADE, THRESHOLDS, IncidenceRow, with_group


def patients_with(analysis: Analysis, options: EventOptions, rows: Sequence[IncidenceRow]) -> list[frozenset[str]]:
    """The patients whom each of these rows counts, all groups together."""
    worst = {kind: _worst(analysis, options, kind) for kind in {"", *(row.threshold for row in rows)} & {"", *KINDS}}
    return [reaching(worst.get(row.threshold, worst[""]), row) for row in rows]


def _worst(analysis: Analysis, options: EventOptions, kind: str) -> pd.DataFrame:
    """One row a patient and term, as the incidence counts them, with the row of any event where that is counted."""
    result = events(analysis, options)
    worst = result.worst
    if kind:
        cohort = counting_with_computed(analysis, options)
        of_this = cohort.adverse_events[of_kind(cohort.adverse_events, kind)]
        made = cohort.with_table("adverse_events", of_this)
        worst = with_group(worst_grades(made, options.days), cohort, analysis.grouping)
    if ANY_EVENT in result.terms:
        return worst
    reported = worst[~worst["term"].isin(result.computed)]
    any_event = reported.groupby("patient_id", as_index=False, sort=False)["worst"].max().assign(term=ANY_EVENT)
    return pd.concat([worst, any_event], ignore_index=True)


def reaching(worst: pd.DataFrame, row: IncidenceRow) -> frozenset[str]:
    """Who of these (patient_id, term, worst) reaches the row's threshold of its term."""
    mine = worst[worst["term"] == row.term]
    reached = THRESHOLDS.get(row.threshold, THRESHOLDS[ANY_GRADE])(mine["worst"])
    return frozenset(map(str, mine.loc[reached, "patient_id"]))


def grades_who(analysis: Analysis, options: EventOptions, data: pd.DataFrame, grades: dict[int, str]) -> Who:
    """Of each row of a figure's data (term, group, grade, n): who had the term at this worst grade."""
    worst, groups = events(analysis, options).worst, groups_of(analysis)
    named = worst["worst"].fillna(0).astype(int).map(grades)
    found = {}
    for y, row in enumerate(data.to_dict("records")):
        mine = worst.loc[(worst["term"] == row["term"]) & (named == row["grade"]), "patient_id"]
        found[y, list(data.columns).index("n")] = groups[row["group"]].intersection(map(str, mine))
    return found
