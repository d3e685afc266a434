"""The exhibits of one patient that fit on one page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from lib.cohort.analysis import Analysis
from lib.patient.expansion_by_infusion import comparison_table, expansions
from lib.patient.panel_figures import PATIENT_COURSE, panel_figure, several_infusions
from lib.patient.panel_results import PanelResult, among_others, course_panels, infusion_panels, round_days
from lib.patient.panels import Sizes, cell_panels, values
from lib.patient.timeline import PATIENT_TIMELINE, timeline_figure
from lib.patient.timeline_lanes import plot_pixels, timeline
from lib.publication.exhibit import Exhibit, Figure

PAGE_WIDTH, BESIDE_WIDTH, PAGE_ROW = 930, 410, 15
COMPACT: Final = Sizes(44.0, 20.0, 12.0, 8.0)  # on a page with many panels
ROOMY: Final = Sizes(90.0)
MANY_PANELS: Final = 5


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
