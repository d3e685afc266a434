"""The swimmer plot: one lane a patient, strips at the left, events on the lane, therapies under it, the key below."""

from typing import Final

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.publication.exhibit import Figure
from lib.publication.spec import ExhibitSpec
from lib.swimmer.captions import alt_text, caption, method, notes
from lib.swimmer.drawing import swimmer_chart
from lib.swimmer.drawn import drawn_of
from lib.swimmer.key import key_of
from lib.swimmer.lanes import Lanes, drawn_rows, lane_numbers, lanes
from lib.swimmer.options import SwimmerOptions
from lib.swimmer.tables import lane_tables, strip_tables


def swimmer_figure(result: Lanes, cohort: Cohort) -> Figure:
    """The figure; `cohort` gives the strips and the words in the key."""
    drawn = drawn_of(result, cohort)
    tables = lane_tables(drawn) | strip_tables(drawn)
    compact = drawn.close.compact
    strips = range(len(drawn.look.strips))
    blank = any(len(tables[f"strip_{place}"]) < len(drawn.result.lanes) for place in strips) and not compact
    return Figure(
        id="swimmer.plot",
        title="Course of each patient",
        chart=swimmer_chart(drawn.look),
        tables=tables | {"key": key_of(drawn, tables)},
        data=drawn_rows(result),
        caption=caption(result, blank, len(drawn.result.lanes)),
        alt=alt_text(result),
        method=method(result, compact),
        notes=notes(result),
        n=len(result.lanes),
        numbers=lane_numbers(result),
    )


def lanes_of(analysis: Analysis, options: SwimmerOptions) -> Lanes:
    """The lanes of the selected patients."""
    return lanes(analysis.selected, analysis.grouping, analysis.unit, options)


def _swimmer(analysis: Analysis, options: SwimmerOptions) -> Figure:
    return swimmer_figure(analysis.result(lanes_of, options), analysis.selected)


SWIMMER: Final = ExhibitSpec("swimmer.plot", "Swimmer plot", "endpoints", _swimmer, SwimmerOptions)
