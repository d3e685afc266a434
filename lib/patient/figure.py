"""The exhibits of one patient that fit on one page."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.model import Cohort
from lib.patient.comparison import expansions
from lib.patient.course import Course
from lib.patient.panels.figure import panel_figure
from lib.patient.panels.panel import Panel, cell_panels
from lib.patient.panels.place import Sizes
from lib.patient.panels.result import PanelOptions, PanelResult, among_others, course_panels, infusion_panels
from lib.patient.panels.value import values
from lib.patient.table import comparison_table
from lib.patient.timeline.figure import timeline_figure
from lib.patient.timeline.layout import timeline
from lib.publication.exhibit import Exhibit, Figure

MOST_PANELS: Final = 12  # shown at first
PAGE_WIDTH, BESIDE_WIDTH, PAGE_ROW, PAGE_ABOVE = 930, 410, 15, 8
COMPACT: Final = Sizes(44.0, 20.0, 12.0, 8.0)  # on a page with many panels
ROOMY: Final = Sizes(90.0)
MANY_PANELS: Final = 5


def several_infusions(seen: Course, cells: Sequence[Panel]) -> bool:
    """Whether the cells were followed after more than one infusion."""
    return bool(values(seen, cells)["infusion"].nunique() > 1)


def cohort_figure(selected: Cohort, seen: Course, panel: Panel, place: int = 0, spread: bool = True) -> Figure:
    """The patient among the selected patients, in one series of a panel of CAR T cells."""
    return panel_figure(among_others(selected, seen, panel, place, spread), "patient.in_cohort")


def page_exhibits(
    opened: Cohort, selected: Cohort, seen: Course, shown: Sequence[Panel], options: PanelOptions
) -> tuple[tuple[Figure, ...], tuple[Exhibit, ...]]:
    """What stands on the one page of a patient: figures under each other, and what stands side by side below them."""
    cells = cell_panels(opened)
    sizes = COMPACT if len(shown) > MANY_PANELS else ROOMY
    under = [timeline_figure(timeline(seen), seen, size=(PAGE_WIDTH, PAGE_ROW))]
    if shown or len(opened.adverse_events):
        result = course_panels(opened, seen, shown, options)
        events, therapies = (replace(lanes, n=len(lanes.names)) for lanes in (result.events, result.therapies))
        under.append(
            _on_page(replace(result, sizes=sizes, events=events, therapies=therapies), "patient.course", PAGE_WIDTH)
        )
    beside: list[Exhibit] = []
    if several_infusions(seen, cells):
        result = infusion_panels(seen, [replace(panel, lines=panel.lines[:1]) for panel in cells[:2]])
        beside.append(_on_page(replace(result, sizes=sizes), "patient.infusions", BESIDE_WIDTH))
    elif cells and selected.n > 1:
        beside.append(
            _on_page(replace(among_others(selected, seen, cells[0]), sizes=ROOMY), "patient.in_cohort", BESIDE_WIDTH)
        )
    if cells:
        beside.append(comparison_table(expansions(values(seen, cells), cells), seen))
    return tuple(under), tuple(beside)


def _on_page(result: PanelResult, name: str, width: int) -> Figure:
    figure = panel_figure(result, name, width, PAGE_ABOVE)
    unmarked = figure.tables["marked"][:0]  # there is no room for words; the table beside it marks what is derived
    return replace(figure, tables={**figure.tables, "marked": unmarked}) if width == BESIDE_WIDTH else figure
