"""Landmark analysis of an endpoint: the groups as they were known on a day, the clock started anew there, who was
dropped and why.

Kept = followed beyond the landmark; exposed = became known at or before it. Source: Anderson, Cain & Gelber 1983; Dafni
2011.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping, everybody
from lib.cohort.model import Cohort, SelectedBy
from lib.cohort.time_unit import days_in
from lib.derived.exposure import BecameKnown
from lib.publication.exhibit import Exhibit, Figure, Numbers, Table, TypedColumn, typed_table
from lib.publication.number import capital, plural, time
from lib.publication.who import Who, events_who
from lib.stats.estimate import COMPARED_FROM
from lib.stats.time_dependent import landmark
from lib.survival.caveats import deaths_notes, left_out_words, listed, reasons, selection_notes
from lib.survival.curves import SurvivalResult, followed_by_itself, survival
from lib.survival.kaplan_meier import (
    PLAIN,
    Look,
    caption,
    curves_who,
    method,
    survival_chart,
    survival_figure,
    time_words,
)
from lib.survival.outcome import TimeToEvent, arrays
from lib.survival.regrouping import (
    MONTH,
    NOT_RANDOMISED,
    EndpointChoice,
    LandmarkOptions,
    can_be_formed,
    curves_alt,
    followed,
    known_since,
    logrank_words,
    of_landmark,
    others,
    regrouped,
    span,
    thin_data_notes,
)
from lib.survival.summary import summary_table

OFFERED: Final = tuple(months * MONTH for months in (1, 2, 3, 6, 12))  # landmarks, in days
FEWEST: Final = COMPARED_FROM  # in each group; with fewer there is no comparison
DROPPED_COLUMNS: Final = ("patient", "group", "known", "time", "event", "reason")


@dataclass(frozen=True)
class LandmarkChoice:
    """A landmark in days, and how many would be analysed there: the others, and those of whom it was known."""

    days: float
    n_others: int
    n_known: int


@dataclass(frozen=True)
class LandmarkResult:
    """`survival` is that of the kept patients from the landmark on. `dropped` has one row a patient: when it became
    known and how long followed, in the unit, from infusion. `n_later` of the kept others came into the other group
    after the landmark.

    `known_by_then` are the clauses of the selection that were known after the infusion and by the landmark: they bias
    nothing here. `instead` is the landmark to look at where a group has fewer than FEWEST patients; None where there is
    none, or no need.
    """

    days: float
    at: float
    known: BecameKnown
    survival: SurvivalResult
    dropped: pd.DataFrame
    n_later: int
    instead: LandmarkChoice | None
    known_by_then: tuple[SelectedBy, ...] = ()

    @property
    def sizes(self) -> tuple[int, int]:
        """How many others and how many of whom it was known are analysed."""
        return _sizes(self.survival.outcome.table["group"], self.known)

    @property
    def too_few(self) -> bool:
        """Whether a group is too small to be compared."""
        return min(self.sizes) < FEWEST

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Why patients were dropped, and how many for each reason."""
        return tuple(Counter(self.dropped["reason"]).most_common())


def landmark_survival(
    cohort: Cohort, chosen: EndpointChoice, known: BecameKnown, grouping: Grouping, days: float
) -> LandmarkResult:
    """The analysis at a landmark given in days since the infusion; times in the chosen unit, from there."""
    whole, at = followed(cohort, chosen, known), days_in(days, chosen.unit)
    kept, dropped = _at(whole, cohort, known, days)
    outcome = regrouped(_outcome_of(whole, kept, cohort, chosen), kept.assign(time=kept["time"] - at), known, grouping)
    then = tuple(each for each in outcome.selected_by if each.known_after() and not each.known_after(days))
    outcome = replace(outcome, selected_by=tuple(each for each in outcome.selected_by if each not in then))
    result = followed_by_itself(survival(outcome, cohort, chosen.options))
    later = (kept["group"] == others(known)) & kept["known"].notna()
    thin = min(_sizes(kept["group"], known)) < FEWEST
    instead = _instead(whole, cohort, known, days) if thin else None
    return LandmarkResult(days, at, known, result, dropped, int(later.sum()), instead, then)


def _at(whole: TimeToEvent, cohort: Cohort, known: BecameKnown, days: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of those kept, times still from the infusion but entries from the landmark; and of those dropped."""
    at = days_in(days, whole.unit)
    patients = cohort.patients["patient_id"]
    group = pd.Series(known.group_at(days, patients).to_numpy(object), index=patients, dtype="object")
    table = whole.table.assign(group=whole.table["patient"].map(group).astype(object))
    time, event, entry = arrays(table)
    names = np.array([name if isinstance(name, str) else None for name in table["group"]], dtype=object)
    found = landmark(time, event, names, at, entry)
    kept = table.iloc[found.kept].assign(entry=found.entry)
    places = [place for place, _ in found.dropped]
    return kept, table.iloc[places].assign(reason=[reason for _, reason in found.dropped])[list(DROPPED_COLUMNS)]


def _outcome_of(whole: TimeToEvent, kept: pd.DataFrame, cohort: Cohort, chosen: EndpointChoice) -> TimeToEvent:
    """The outcome of the kept patients alone: its numbers of deaths are of them; who cannot be analysed at all stays
    reported."""
    mine = cohort.patients["patient_id"].isin(kept["patient"])
    part = cohort.with_tables(cohort.patients[mine], cohort.tables)
    outcome = chosen.outcome(part, everybody(cohort))
    return replace(outcome, n=whole.n, left_out=whole.left_out)


def _instead(whole: TimeToEvent, cohort: Cohort, known: BecameKnown, days: float) -> LandmarkChoice | None:
    """The next landmark at which both groups have patients enough, else the last one before."""
    later = [each for each in OFFERED if each > days]
    earlier = [each for each in reversed(OFFERED) if each < days]
    choices = (
        LandmarkChoice(each, *_sizes(_at(whole, cohort, known, each)[0]["group"], known)) for each in (*later, *earlier)
    )
    return next((choice for choice in choices if min(choice.n_others, choice.n_known) >= FEWEST), None)


def _sizes(group: Sequence[str] | pd.Series, known: BecameKnown) -> tuple[int, int]:
    counts = pd.Series(group).value_counts()
    return int(counts.get(others(known), 0)), int(counts.get(known.label, 0))


def too_few(result: LandmarkResult) -> str:
    """That a group is too small at the landmark, and where to look instead; "" where it is not."""
    if not result.too_few:
        return ""
    n_others, n_known = result.sizes
    known = result.known
    small, n = (known.label, n_known) if n_known < FEWEST else (others(known), n_others)
    unit = result.survival.outcome.unit
    said = (
        f"Of those followed beyond {span(result.days, unit)}, {n or 'nobody'} {'are' if n > 1 else 'is'} in {small}:"
        " too few to compare."
    )
    if (instead := result.instead) is None:
        return f"{said} No landmark up to 12 months leaves {FEWEST} in both groups."
    return (
        f"{said} At {span(instead.days, unit)} there would be {instead.n_others} ({others(known)}) and"
        f" {instead.n_known} ({known.label})."
    )


def landmark_caption(result: LandmarkResult, look: Look = PLAIN) -> str:
    """What is drawn, and who was dropped."""
    dropped = ", ".join(f"{n} dropped ({reason})" for reason, n in result.reasons) or "nobody was dropped"
    return f"{caption(result.survival, look)} Groups by what was known at the landmark; {dropped}."


def landmark_method(result: LandmarkResult, look: Look = PLAIN) -> str:
    """How the landmark works, and what the curves, their follow-up and the test are."""
    follow_up = time_words(result.survival.follow_up, result.survival.outcome.unit)
    said = [
        (
            f"A landmark at {span(result.days, result.survival.outcome.unit)} after infusion (a month is 30.4375 days);"
            f" kept: followed beyond it. Median follow-up from the landmark {follow_up}."
        ),
        method(result.survival, look),
        logrank_words(result.survival),
        NOT_RANDOMISED,
    ]
    if later := result.n_later:
        known = result.known
        said.append(
            f"{plural(later, 'patient')} analysed in {others(known)} came into {known.label} after the landmark; that"
            " is not used."
        )
    return " ".join(said)


def landmark_notes(result: LandmarkResult) -> tuple[str, ...]:
    """What the landmark does not remove, and what cannot be estimated."""
    outcome = result.survival.outcome
    said = [*selection_notes(outcome.selected_by, "the landmark"), *left_out_words(outcome)]
    if result.known_by_then:
        said.append(
            f"Selected by {listed([each.words for each in result.known_by_then])}, known by the landmark: that does not"
            " bias what is counted from there."
        )
    said += [words for words in (too_few(result), *thin_data_notes(result.survival, result.survival.n)) if words]
    return (*said, *deaths_notes(outcome))


def landmark_figure(result: LandmarkResult, look: Look = PLAIN) -> Figure:
    """Kaplan-Meier curves from the landmark on, groups as they were known there; with the log-rank test."""
    outcome = result.survival.outcome
    at, figure = span(result.days, outcome.unit), survival_figure(result.survival, look)
    added = (("landmark_days", "days"), ("dropped", "patients"))
    rows = tuple((*row, result.days, len(result.dropped)) for row in figure.numbers.rows)
    return replace(
        figure,
        id=f"landmark.{outcome.endpoint}",
        title=f"{outcome.label} by {outcome.grouping.label}, landmark at {at}",
        chart=survival_chart(result.survival, look, f"the landmark ({at})"),
        tables={**figure.tables, "heading": pd.DataFrame({"text": [f"{outcome.label}, landmark at {at}"]})},
        caption=landmark_caption(result, look),
        method=landmark_method(result, look),
        alt=curves_alt(result.survival, f"the landmark at {at}"),
        notes=landmark_notes(result),
        numbers=Numbers((*figure.numbers.columns, *added), rows),
    )


def landmark_table(result: LandmarkResult) -> Table:
    """One row a group: n, events, median from the landmark, hazard ratio; and the log-rank test."""
    outcome = result.survival.outcome
    at = span(result.days, outcome.unit)
    whole = summary_table(result.survival)
    return replace(
        whole,
        id=f"landmark.{outcome.endpoint}.summary",
        title=f"{outcome.label} from the landmark at {at}",
        caption=f"Medians from the landmark. {whole.caption}",
        notes=(*selection_notes(outcome.selected_by, "the landmark"), *whole.notes),
    )


def dropped_table(result: LandmarkResult) -> Table:
    """One row a patient who is not analysed at the landmark: when it became known, how long followed, and why
    dropped."""
    outcome, known, at = result.survival.outcome, result.known, span(result.days, result.survival.outcome.unit)
    rows, counts = result.dropped.to_dict("records"), ", ".join(f"{reason} ({n})" for reason, n in result.reasons)
    for row in rows:
        row["known"] = None if pd.isna(row["known"]) else float(row["known"])
        row["group"] = row["group"] if isinstance(row["group"], str) else None
    return typed_table(
        _dropped_columns(f"{capital(known.label)} since, {outcome.unit}", outcome.unit),
        rows,
        id=f"landmark.{outcome.endpoint}.dropped",
        title=f"{outcome.label}: not analysed at the landmark",
        caption=(
            f"{plural(len(rows), 'patient')} dropped at {at}: {counts}. Times from infusion."
            if rows
            else f"Nobody was dropped at {at}."
        ),
        n=len(rows),
    )


def _dropped_columns(since: str, unit: str) -> tuple[TypedColumn, ...]:
    def why(row: dict[str, Any]) -> str | None:
        names = {"group": "group", "became_known": "known"}
        return reasons({name: "not recorded" if row[column] is None else "" for name, column in names.items()})

    return (
        TypedColumn("Patient", "patient", "", lambda row: row["patient"], lambda row: str(row["patient"])),
        TypedColumn(
            "Group at the landmark", "group", "", lambda row: row["group"], lambda row: row["group"] or "not known"
        ),
        TypedColumn(
            since, "became_known", unit, lambda row: row["known"], lambda row: time(row["known"], "never recorded")
        ),
        TypedColumn(f"Followed, {unit}", "time", unit, lambda row: row["time"], lambda row: time(row["time"])),
        TypedColumn(name="event", value=lambda row: row["event"]),
        TypedColumn("Why dropped", "dropped", "", lambda row: row["reason"], lambda row: str(row["reason"])),
        TypedColumn(name="reason", value=why),
    )


def landmark_of(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> LandmarkResult:
    """The landmark analysis with these options, computed once for all exhibits that show it."""
    chosen = options.chosen(analysis, endpoint)
    return analysis.result(_analysis, chosen, options.formed_by, options.days)


def _analysis(analysis: Analysis, chosen: EndpointChoice, key: str, days: float) -> LandmarkResult:
    known = known_since(analysis, key)
    return landmark_survival(analysis.selected, chosen, known, analysis.grouping, days)


def _landmark(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> Exhibit:
    found = landmark_of(analysis, endpoint, options)
    shown = found.survival.coarse(analysis.mask_below)
    return landmark_figure(replace(found, survival=shown), options.look_of(shown))


def _summary(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> Exhibit:
    return landmark_table(landmark_of(analysis, endpoint, options))


def _dropped(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> Exhibit:
    return dropped_table(landmark_of(analysis, endpoint, options))


def _somebody_dropped(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> bool:
    return can_be_formed(analysis, endpoint, options) and len(landmark_of(analysis, endpoint, options).dropped) > 0


def _somebody_in_both(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> bool:
    can = can_be_formed(analysis, endpoint, options)
    return can and min(landmark_of(analysis, endpoint, options).sizes) > 0


def _who(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> Who:
    return curves_who(landmark_of(analysis, endpoint, options).survival)


def _summary_who(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> Who:
    outcome = landmark_of(analysis, endpoint, options).survival.outcome
    return events_who(outcome.table, outcome.grouping.names)


LANDMARK: Final = of_landmark(
    "landmark.{endpoint}", "Landmark analysis", build=_landmark, when=_somebody_in_both, who=_who
)
LANDMARK_SUMMARY: Final = of_landmark(
    "landmark.{endpoint}.summary", "Medians from the landmark", build=_summary, who=_summary_who
)
DROPPED: Final = of_landmark(
    "landmark.{endpoint}.dropped", "Not analysed at the landmark", build=_dropped, when=_somebody_dropped
)
