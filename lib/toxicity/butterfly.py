"""The butterfly: two groups back to back, each term's worst grades stacked from the middle outwards, the worst grade
inside.

Drawn over the tables bar, end, wing, term, limit, tick, heading. The chart depends on the number of terms of the opened
cohort and on the colours of the two groups, never on the selection.
"""

from functools import cache
from math import ceil
from typing import Final, Literal

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure, Numbers
from lib.publication.number import count
from lib.publication.palette import FAINT_INK, INK, group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.theme import Specification, keeps, publish, table
from lib.toxicity.captions import caption, figure_notes, in_period, timing
from lib.toxicity.events import EventOptions, TermOptions, are_compared, events, noted_until, room_for, terms
from lib.toxicity.incidence import ANY_GRADE, Incidence
from lib.toxicity.worst_grades import (
    GRADE_NAMES,
    bar_layers,
    counted_patients,
    grade_colour,
    term_labels,
    worst_counts,
)

BAR_HEIGHT: Final = 0.74  # of a row
ROW_HEIGHT: Final = 22  # pixels
STEP: Final = 20  # percent; the axis ends at a multiple of it
TICKS: Final = 4  # to either side
TIP_ROOM: Final = 0.24  # of the axis, for the counts beyond its end
TWO: Final = 2
SIDES: Final[tuple[tuple[int, Literal["left", "right"]], ...]] = ((-1, "right"), (1, "left"))


def butterfly_figure(result: Incidence, terms: tuple[str, ...] | None = None) -> Figure:
    """The figure of two groups; of more groups nothing can stand back to back."""
    if len(result.of) != TWO:
        raise ValueError("a butterfly has two wings: it needs exactly two groups")
    shown = room_for(result.terms if terms is None else terms, TWO)
    bars, ends = _bars(result, shown), _ends(result, shown)
    reach = STEP * max(1, ceil(ends["tip"].abs().max() / STEP - 1e-9)) if len(ends) else 100
    colours = group_colours([group.colour for group in result.grouping.groups])
    return Figure(
        id="toxicity.butterfly",
        title=f"Adverse events, {' v '.join(result.grouping.names)}{in_period(result, ', ')}",
        chart=butterfly_chart(max(1, len(shown)), colours),
        tables={
            "bar": bars,
            "end": ends,
            "wing": _wings(result, reach),
            "term": pd.DataFrame([(term, place + 0.5) for place, term in enumerate(shown)], columns=["term", "middle"]),
            "limit": pd.DataFrame(
                {"start": [-reach - TIP_ROOM * reach, reach + TIP_ROOM * reach], "middle": [0.0, 0.0]}
            ),
            "tick": pd.DataFrame({"x": [part * reach / TICKS for part in range(-TICKS, TICKS + 1)]}),
            "heading": pd.DataFrame({"text": ["\n".join([counted_patients(result), *timing(result.grouping)])]}),
        },
        data=bars[["term", "group", "grade", "n", "of"]],
        caption=caption(result),
        alt=_alt(result, shown),
        notes=figure_notes(result, shown),
        n=result.n,
        numbers=_numbers(result, shown),
    )


def _bars(result: Incidence, shown: tuple[str, ...]) -> pd.DataFrame:
    """One row a term, group and grade that anybody had; percentages of the group to the left are negative."""
    counts, bars = worst_counts(result), []
    for place, term in enumerate(shown):
        top = place + (1 - BAR_HEIGHT) / 2
        for slot, (name, of) in enumerate(zip(result.grouping.names, result.of, strict=True)):
            start = 0.0
            for grade, grade_name in reversed(GRADE_NAMES.items()):
                n = counts.get((term, name, grade), 0)
                if n:
                    end = start + _side(slot) * 100 * n / of
                    bars.append((term, name, slot, grade_name, n, of, start, end, top, top + BAR_HEIGHT))
                    start = end
    return pd.DataFrame(bars, columns=["term", "group", "slot", "grade", "n", "of", "start", "end", "top", "bottom"])


def _ends(result: Incidence, shown: tuple[str, ...]) -> pd.DataFrame:
    """The tip of each wing with its count."""
    any_grade = result.of_threshold(ANY_GRADE)
    rows = []
    for place, term in enumerate(shown):
        for slot, (name, n, of) in enumerate(zip(result.grouping.names, any_grade[term].n, result.of, strict=True)):
            side = _side(slot)
            rows.append((term, name, side, count(n, of), side * (100 * n / of if of else 0.0), place + 0.5))
    return pd.DataFrame(rows, columns=["term", "group", "side", "words", "tip", "middle"])


def _wings(result: Incidence, reach: int) -> pd.DataFrame:
    rows = [
        (slot, f"{name} ({of})", _side(slot) * reach / 2)
        for slot, (name, of) in enumerate(zip(result.grouping.names, result.of, strict=True))
    ]
    return pd.DataFrame(rows, columns=["slot", "label", "tip"])


def _side(slot: int) -> int:
    return -1 if slot == 0 else 1


def _numbers(result: Incidence, shown: tuple[str, ...]) -> Numbers:
    """One row a term and group: patients with the event at any grade."""
    any_grade = result.of_threshold(ANY_GRADE)
    rows = tuple(
        (term, level, n, of)
        for term in shown
        for level, n, of in zip(result.grouping.levels, any_grade[term].n, result.of, strict=True)
    )
    return Numbers((("term", ""), ("group", ""), ("n", "patients"), ("of", "patients")), rows)


def _alt(result: Incidence, shown: tuple[str, ...]) -> str:
    any_grade = result.of_threshold(ANY_GRADE)
    counts = "; ".join(
        f"{term}: " + " v ".join(count(n, of) for n, of in zip(any_grade[term].n, result.of, strict=True))
        for term in shown
    )
    return (
        f"Butterfly plot of adverse events by worst grade, {' to the left, '.join(result.grouping.names)} "
        f"to the right. {counts}."
    )


@cache
def butterfly_chart(n_terms: int, colours: tuple[str, ...]) -> Specification:
    """The specification for this many terms and the colours of the two groups."""
    axis = alt.Axis(
        values=alt.ExprRef("pluck(data('tick'), 'x')"),
        labelExpr="format(abs(datum.value), 'd')",
        grid=True,
        labelFlush=False,
    )
    share = alt.X("start:Q", title="Patients, %", scale=alt.Scale(nice=False, zero=True), axis=axis)
    down = alt.Scale(domain=[0, n_terms], nice=False, reverse=True)
    layers = [
        table("limit").mark_point(opacity=0, size=1, aria=False).encode(x=share),
        *bar_layers(share, down, grade_colour(6, "bottom")),
        table("limit").mark_rule(color=INK, strokeWidth=1).encode(x=alt.X("middle:Q")),
        *_labels(down, colours),
        keeps("tick"),
        keeps("heading"),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent")
    return publish(chart, width=780, height=150 + ROW_HEIGHT * n_terms)


def _labels(down: alt.Scale, colours: tuple[str, ...]) -> list[alt.Chart]:
    """Counts at the tips, the groups' names over the wings, the terms in front."""
    y, x = alt.Y("middle:Q", scale=down), alt.X("tip:Q")
    scale = alt.Scale(domain=list(range(len(colours))), range=list(colours))
    names = table("wing").mark_text(baseline="bottom", fontSize=12, fontWeight="bold", clip=False)
    tips = [
        table("end")
        .transform_filter(f"datum.side == {side}")
        .mark_text(align=align, baseline="middle", fontSize=11, dx=5 * side, clip=False)
        .encode(x=x, y=y, text=alt.Text("words:N"), color=alt.ColorValue(FAINT_INK))
        for side, align in SIDES
    ]
    return [
        *tips,
        term_labels().encode(x=alt.XValue(-12), y=y),
        names.encode(
            x=x, y=alt.YValue(-6), text=alt.Text("label:N"), color=alt.Color("slot:N", scale=scale, legend=None)
        ),
    ]


def _butterfly(analysis: Analysis, options: TermOptions) -> Exhibit:
    return noted_until(analysis, options, butterfly_figure(events(analysis, options), terms(analysis, options)))


def _has_two_groups(analysis: Analysis, options: EventOptions) -> bool:
    return are_compared(analysis, options) and len(analysis.grouping.groups) == TWO


BUTTERFLY: Final = ExhibitSpec(
    "toxicity.butterfly",
    "Butterfly plot of two groups",
    needs="adverse_events",
    build=_butterfly,
    options=TermOptions,
    when=_has_two_groups,
)
