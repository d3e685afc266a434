"""The panels of one patient as exhibits: the whole course, infusions over each other, the patient among others; and
those that fit on one page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.patient.course import Course, CourseOptions, SpreadOptions, patients
from lib.patient.expansion_by_infusion import comparison_table, expansions
from lib.patient.panel_chart import panel_chart
from lib.patient.panel_results import (
    PanelResult,
    PanelsOptions,
    among_others,
    course_panels,
    infusion_panels,
    round_days,
    with_values,
)
from lib.patient.panel_tables import panel_tables
from lib.patient.panels import Panel, Sizes, cell_panels, height, values
from lib.patient.timeline import PATIENT_TIMELINE, timeline_figure
from lib.patient.timeline_lanes import plot_pixels, timeline
from lib.publication.exhibit import Exhibit, Figure, Numbers, frame_numbers
from lib.publication.number import above_limit_notes, plural
from lib.publication.spec import ExhibitSpec

MOST_LISTED: Final = 3
TITLES: Final = {
    "patient.course": "Course of the patient",
    "patient.infusions": "Infusions over each other, each from its own day 0",
    "patient.in_cohort": "The patient among the selected patients",
}
PAGE_WIDTH, BESIDE_WIDTH, PAGE_ROW = 930, 410, 15
COMPACT: Final = Sizes(44.0, 20.0, 12.0, 8.0)  # on a page with many panels
ROOMY: Final = Sizes(90.0)
MANY_PANELS: Final = 5


def panel_figure(result: PanelResult) -> Figure:
    """One of the three figures."""
    pixels = height(result.panels, result.therapies.n, result.events.n, sizes=result.sizes)
    return Figure(
        id=result.id,
        title=TITLES[result.id],
        chart=panel_chart(pixels, result.spread, result.width),
        tables=panel_tables(result, pixels),
        data=_data(result),
        caption=_caption(result),
        method=_method(result),
        alt=_alt(result),
        notes=_notes(result),
        n=1 + result.n_others,
        numbers=_numbers(result),
        of_patients=result.others is not None,
    )


def _data(result: PanelResult) -> pd.DataFrame:
    table = result.table
    names = [result.panels[int(panel)].name for panel in table["panel"]]
    kept = table[["infusion", "day", "at", "value", "below", "limit", "origin"]].rename(columns={"at": "day_on_axis"})
    return kept.assign(patient=result.seen.patient, panel=names, series=result.series_names, unit=result.units)


def _caption(result: PanelResult) -> str:
    """What is drawn."""
    if result.others is not None:
        drawn, others = result.others["patient"].nunique(), plural(result.n_others, "other selected patient")
        some = f"{drawn} of {others}, evenly spread in order of their ids," if drawn < result.n_others else others
        return f"The patient in colour, {some} in grey; open symbols: below the limit."
    bars = "; bars: adverse events with their grade (? not stated)" if result.events.n else ""
    return f"Open symbols: below the limit{bars}."


def _method(result: PanelResult) -> str:
    """How it is drawn."""
    origins = set(result.table["origin"])
    said = (
        (True, f"Day {result.period[0]:g} to {result.period[1]:g}."),
        (result.others is not None, "Grey: after the chosen infusion, quantifiable values."),
        (True, "Values below the limit of quantification or detection are drawn at the limit (dashed)."),
        (True, "Lines are not drawn across such values or more than 60 days."),
        (
            result.table[["lower_limit", "upper_limit"]].notna().any(axis=None),
            "Green band or dotted lines: reference range.",
        ),
        (result.events.n, "A bar holds its last day; one day where no end is stated."),
        ("derived" in origins, "Derived: calculated from other printed numbers, not measured."),
        ({"printed", "invented"} <= origins, "Rings: printed in the source; all other values are invented."),
    )
    return " ".join(words for holds, words in said if holds)


def _listed(names: Sequence[str]) -> str:
    """The first names, and how many more."""
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(names[:MOST_LISTED]) + more


def _notes(result: PanelResult) -> tuple[str, ...]:
    """What is not drawn, and why."""
    said = []
    if result.n_outside:
        said.append(f"{plural(result.n_outside, 'value')} outside the days shown.")
    if result.n_unplaced:
        said.append(f"{plural(result.n_unplaced, 'value')} without a day: not drawn.")
    unknown = int((result.table["below"] & result.table["limit"].isna()).sum())
    if unknown:
        said.append(f"{plural(unknown, 'value')} below a limit that is not stated: at the foot of the panel.")
    said += above_limit_notes(int(result.table["above"].sum()))
    hidden = sum(
        int((rows["value"] <= 0).sum())
        for number, rows in result.table.groupby("panel")
        if result.logs[int(str(number).removesuffix(".0"))]
    )
    if hidden:
        said.append(f"{plural(hidden, 'value')} of 0 or less: not drawn on a log axis.")
    if result.events.without_day:
        said.append(f"Adverse events without a day, not drawn: {_listed(result.events.without_day)}.")
    if left := (*result.events.without_lane, *result.therapies.without_lane):
        said.append(f"No room for: {_listed(left)}.")
    return tuple(said)


def _alt(result: PanelResult) -> str:
    """The figure for whoever cannot see it."""
    parts = []
    for number, panel in enumerate(result.panels):
        rows = result.table[(result.table["panel"] == number) & result.table["value"].notna()]
        if len(rows):
            top = rows.loc[rows["value"].idxmax()]
            parts.append(
                f"{panel.label}: {plural(len(rows), 'value')}, the highest {top['value']:,.6g} on day {top['at']:g}"
            )
    said = "; ".join(parts) or "no values"
    events = f" Adverse events: {'; '.join(bar.reported for bar in result.events.bars)}." if result.events.bars else ""
    return (
        f"{plural(len(result.panels), 'panel')} over days {result.period[0]:g} to {result.period[1]:g}. {said}.{events}"
    )


def _numbers(result: PanelResult) -> Numbers:
    """One row a value."""
    table = result.table
    below, above = table["value"].isna(), table["above"].astype(bool)
    rows = pd.DataFrame(
        {
            "patient": result.seen.patient,
            "panel": [result.panels[place].name for place in table["panel"].astype(int)],
            "series": result.series_names,
            "unit": [unit or None for unit in result.units],
            "infusion": table["infusion"].astype(int),
            "day": table["day"],
            "day_on_axis": table["at"],
            "value": table["value"],
            "limit": table["limit"],
            "origin": [origin or None for origin in table["origin"]],
            "reason": np.select([below, above], ["below the limit", "above the upper limit"], ""),
        },
        index=table.index,
    )
    return frame_numbers(rows, day="days", day_on_axis="days")


def several_infusions(seen: Course, cells: tuple[Panel, ...]) -> bool:
    """Whether the cells were followed after more than one infusion."""
    return bool(values(seen, cells)["infusion"].nunique() > 1)


def _course(analysis: Analysis, patient: str, options: PanelsOptions) -> Figure:
    seen = options.seen(analysis, patient)
    found: Figure = seen.once(options, lambda: panel_figure(course_panels(analysis.opened, seen, options)))
    return found


def _has_course(analysis: Analysis, patient: str, options: PanelsOptions) -> bool:
    seen = options.seen(analysis, patient)
    return bool(with_values(seen, options.shown(analysis.opened))) or len(seen.tables["adverse_events"]) > 0


def _infusions(analysis: Analysis, patient: str, options: SpreadOptions) -> Figure:
    seen = options.seen(analysis, patient)
    return panel_figure(infusion_panels(seen, cell_panels(analysis.opened), options.spread_early_days, options.width))


def _had_several(analysis: Analysis, patient: str, options: CourseOptions) -> bool:
    return several_infusions(options.seen(analysis, patient), cell_panels(analysis.opened))


def _in_cohort(analysis: Analysis, patient: str, options: SpreadOptions) -> Figure:
    seen, cells = options.seen(analysis, patient), cell_panels(analysis.opened)
    return panel_figure(among_others(analysis.selected, seen, cells[0], options.spread_early_days, options.width))


def _has_others(analysis: Analysis, *_: Any) -> bool:
    return bool(cell_panels(analysis.opened)) and analysis.selected.n > 1


PATIENT_COURSE: Final = ExhibitSpec(
    "patient.course", "Course of one patient", "patients", _course, PanelsOptions, patients, when=_has_course
)


PATIENT_INFUSIONS: Final = ExhibitSpec(
    "patient.infusions", "Infusions compared", "patients", _infusions, SpreadOptions, patients, when=_had_several
)


PATIENT_IN_COHORT: Final = ExhibitSpec(
    "patient.in_cohort",
    "Among the selected patients",
    "patients",
    _in_cohort,
    SpreadOptions,
    patients,
    when=_has_others,
)


def page_exhibits(
    analysis: Analysis, patient: str, chosen: Mapping[str, Any]
) -> tuple[tuple[Figure, ...], tuple[Exhibit, ...]]:
    """What stands on the one page of a patient with these values of options: figures under each other, and what stands
    side by side below.
    """
    options = PATIENT_COURSE.settled(analysis, patient, chosen)
    seen, cells, spread = options.seen(analysis, patient), cell_panels(analysis.opened), options.spread_early_days
    sizes = COMPACT if len(options.panels) > MANY_PANELS else ROOMY
    unit = PATIENT_TIMELINE.settled(analysis, patient, chosen).timeline_unit
    under = [timeline_figure(timeline(seen, plot_pixels(PAGE_WIDTH)), seen, unit, (PAGE_WIDTH, PAGE_ROW))]
    if PATIENT_COURSE.is_offered(analysis, patient, chosen):
        result = course_panels(analysis.opened, seen, options)
        events, therapies = (replace(lanes, n=len(lanes.names)) for lanes in (result.events, result.therapies))
        under.append(_on_page(replace(result, sizes=sizes, events=events, therapies=therapies), PAGE_WIDTH))
    beside: list[Exhibit] = []
    if several_infusions(seen, cells):
        result = infusion_panels(seen, [replace(panel, lines=panel.lines[:1]) for panel in cells[:2]], spread)
        beside.append(_on_page(replace(result, sizes=sizes), BESIDE_WIDTH))
    elif cells and analysis.selected.n > 1:
        result = among_others(analysis.selected, seen, cells[0], spread)
        beside.append(_on_page(replace(result, sizes=ROOMY), BESIDE_WIDTH))
    if cells:
        beside.append(comparison_table(expansions(values(seen, cells), cells), patient))
    return tuple(under), tuple(beside)


def _on_page(result: PanelResult, width: int) -> Figure:
    days = round_days(result.period, result.spread, width)
    figure = panel_figure(replace(result, width=width, days=days))
    unmarked = figure.tables["marked"][:0]  # there is no room for words; the table beside it marks what is derived
    return replace(figure, tables={**figure.tables, "marked": unmarked}) if width == BESIDE_WIDTH else figure
