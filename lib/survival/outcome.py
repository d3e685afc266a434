"""Who is followed how long, in which group, and did it happen: the input of every analysis of an endpoint, and how it
is defined.

Nobody is dropped silently: whoever cannot be analysed is counted with the reason.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.endpoint_choice import AS_USUAL, Definition, offered_efs_events, offered_endpoints, offered_origins
from lib.cohort.grouping import Grouping, can_compare, grouping_by
from lib.cohort.model import Cohort, SelectedBy
from lib.cohort.schema import endpoint_label, event_word
from lib.cohort.time_unit import DAYS_PER, days_in, in_unit
from lib.derived.endpoint import EndpointRows, endpoint_rows, left_out_because
from lib.publication.options import Sized, choice, flag, several
from lib.stats.estimate import Floats

GIVEN: Final = EndpointRows(pd.DataFrame(), "")
MILESTONE_MONTHS: Final = (6, 12, 24)  # in days and weeks the same times
COLUMNS: Final = ("patient", "group", "entry", "time", "event")


@dataclass(frozen=True)
class TimeToEvent:
    """`table` has one row an analysed patient: patient, group, entry, time (both in `unit`), event (1 or 0).

    `n` counts the selected patients, `left_out` those of them who cannot be analysed, by reason. `deaths_censored`
    counts patients who are censored at their death; `pfs_events` (beside TTP) the events of a given PFS of the same
    patients. `rows` says what happens, since when time counts, and what a derived endpoint is derived from;
    `selected_by` by what its patients were selected.
    """

    endpoint: str
    unit: str
    grouping: Grouping
    table: pd.DataFrame
    n: int
    left_out: tuple[tuple[str, int], ...] = ()
    deaths_censored: int = 0
    rows: EndpointRows = GIVEN
    definition: Definition = AS_USUAL
    pfs_events: int | None = None
    selected_by: tuple[SelectedBy, ...] = ()

    @property
    def label(self) -> str:
        """What the endpoint is called."""
        return endpoint_label(self.endpoint)

    @property
    def event_word(self) -> str:
        """What happens."""
        return self.rows.event or event_word(self.endpoint)

    @property
    def origin(self) -> str:
        """Since when time counts."""
        return self.rows.origin

    def level(self, name: str) -> str:
        """What the workbook calls a group."""
        return self.grouping.levels[self.grouping.names.index(name)]


def time_to_event(
    cohort: Cohort,
    endpoint: str,
    grouping: Grouping,
    unit: str,
    definition: Definition = AS_USUAL,
) -> TimeToEvent:
    """The endpoint of every selected patient, counted from the cohort's chosen infusion, times in `unit`."""
    given = endpoint_rows(cohort, endpoint, definition)
    usable, left_out = analysed(cohort, grouping, given.table, unit, endpoint_label(endpoint))
    table = usable[list(COLUMNS)]
    return TimeToEvent(
        endpoint,
        unit,
        grouping,
        table,
        cohort.n,
        left_out,
        int(usable["censored_at_death"].astype(bool).sum()),
        replace(given, table=given.table[:0]),
        definition,
        _pfs_events(cohort, table) if endpoint == "ttp" else None,
        cohort.selected_by,
    )


def analysed(
    cohort: Cohort, grouping: Grouping, rows: pd.DataFrame, unit: str, label: str
) -> tuple[pd.DataFrame, tuple[tuple[str, int], ...]]:
    """The rows of the selected patients with their groups, times in `unit`; and who cannot be analysed, by reason."""
    patients = pd.DataFrame({"patient": cohort.patients["patient_id"], "group": grouping.of(cohort.patients)})
    times = {name: in_unit(rows[name].astype("float64"), rows["unit"], unit) for name in ("time", "entry")}
    joined = patients.merge(rows.assign(**times), how="left", left_on="patient", right_on="patient_id")
    place, problems = pd.factorize(joined["problem"])  # -1, so the last, of whoever has no row
    said = [
        [left_out_because(problem, group, label, grouping.label) for group in (None, "any")]
        for problem in (*problems, np.nan)
    ]
    reasons = np.array(said, dtype=object)[place, joined["group"].notna().to_numpy().astype(int)]
    out = reasons != ""
    usable = joined[~out].reset_index(drop=True)
    return usable.assign(entry=usable["entry"].fillna(0.0)), tuple(Counter(reasons[out].tolist()).most_common())


def arrays(table: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Time, event and entry of each row."""
    time, event, entry = (table[column].to_numpy(float) for column in ("time", "event", "entry"))
    return time, event, entry


def milestone_times(unit: str) -> tuple[float, ...]:
    """The milestones in a unit of time."""
    return tuple(days_in(months * DAYS_PER["months"], unit) for months in MILESTONE_MONTHS)


def _pfs_events(cohort: Cohort, table: pd.DataFrame) -> int | None:
    """Events of progression-free survival of the analysed patients, None where the workbook gives none."""
    if "pfs" not in cohort.endpoint_names:
        return None
    rows = cohort.endpoints[(cohort.endpoints["endpoint"] == "pfs") & (cohort.endpoints["problem"] == "")]
    return int((rows["patient_id"].isin(table["patient"]) & (rows["event"] == 1)).sum())


def variables(analysis: Analysis, _variant: Any = None) -> dict[str, str]:
    """The variables by which patients can be parted beside the grouping."""
    return {
        each.name: each.label
        for each in analysis.opened.variables
        if can_compare(each) and each.name != analysis.grouping.variable
    }


def parted_by(analysis: Analysis, name: str) -> Grouping:
    """The grouping by a variable of the opened cohort."""
    variable = analysis.opened.variable(name)
    if variable is None:
        raise KeyError(name)
    return grouping_by(variable, analysis.opened)


def _derived(analysis: Analysis, endpoint: str | None, which: str) -> bool:
    """Whether the endpoint is this one and not given by the workbook."""
    return endpoint == which and which not in analysis.opened.endpoint_names


def _origins(analysis: Analysis, endpoint: str | None) -> tuple[str, ...]:
    return offered_origins(analysis.opened) if endpoint != "dor" else ()


@dataclass(frozen=True)
class EndpointOptions(Sized):
    """How the endpoint is defined, where it is derived or time may count from apheresis."""

    origin: str = choice(
        "infusion",
        _origins,
        "Time counts from",
        help="From apheresis, patients enter at their infusion: before it nobody in this cohort could fail.",
    )
    dor_death: bool = flag(True, "Death ends a response", when=lambda analysis, name: _derived(analysis, name, "dor"))
    ttnt_death: bool = flag(
        False,
        "Death is an event",
        help="Otherwise the dead are censored.",
        when=lambda analysis, name: _derived(analysis, name, "ttnt"),
    )
    efs_events: tuple[str, ...] = several(
        None,
        lambda analysis, _: offered_efs_events(analysis.opened),
        "Events",
        help="Whichever comes first. With none chosen, all count.",
        usual=lambda analysis, _: offered_efs_events(analysis.opened),
        when=lambda analysis, name: _derived(analysis, name, "efs"),
    )

    def definition(self, analysis: Analysis, endpoint: str) -> Definition:
        """The definition of this endpoint; only what matters to it."""
        derived = {name: _derived(analysis, endpoint, name) for name in ("dor", "ttnt", "efs")}
        return Definition(
            self.origin or AS_USUAL.origin,
            self.dor_death if derived["dor"] else AS_USUAL.dor_death,
            self.ttnt_death if derived["ttnt"] else AS_USUAL.ttnt_death,
            self.efs_events if derived["efs"] else AS_USUAL.efs_events,
        )


def outcome_of(analysis: Analysis, endpoint: str, definition: Definition = AS_USUAL) -> TimeToEvent:
    """The endpoint of the selected patients."""
    return time_to_event(analysis.selected, endpoint, analysis.grouping, analysis.unit, definition)


def outcome(analysis: Analysis, endpoint: str, options: EndpointOptions) -> TimeToEvent:
    """The endpoint with these options, computed once for all exhibits that start from it."""
    return analysis.result(outcome_of, endpoint, options.definition(analysis, endpoint))


def endpoints(analysis: Analysis) -> Iterator[str]:
    """Those of the workbook, and the derived ones that somebody selected has."""
    return (
        name
        for name in offered_endpoints(analysis.opened)
        if name in analysis.opened.endpoint_names or len(analysis.result(outcome_of, name).table)
    )
