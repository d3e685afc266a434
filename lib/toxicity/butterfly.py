"""The butterfly: two groups back to back, each term's worst grades stacked from the middle outwards, the worst grade
inside.

Drawn over the tables bar, number, head, wing, span, term, limit, tick, key, heading. The chart depends on the terms of
the opened cohort, on the two groups and on the width, never on the selection.
"""

from functools import cache
from itertools import product
from math import ceil
from typing import Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure, TypedColumn, typed_numbers
from lib.publication.number import count
from lib.publication.palette import INK, group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import NORMAL, SCREEN, broken
from lib.publication.theme import Specification, keeps, publish, table, text_layer
from lib.publication.who import Who
from lib.toxicity.captions import FIGURE_CAPTION, figure_notes, in_period, method, period_heading
from lib.toxicity.events import (
    EventOptions,
    TermOptions,
    are_compared,
    events,
    grades_who,
    noted_until,
    opened_grades,
    room_for,
    terms,
)
from lib.toxicity.grade_bars import (
    COLUMN,
    COUNTS,
    GRADE_NAMES,
    HEADS,
    KEY_LINE,
    PADDING,
    Space,
    bar_layers,
    bar_words,
    count_layers,
    grade_entries,
    headed,
    key_layers,
    key_lines,
    key_table,
    printed_counts,
    space,
    term_labels,
)
from lib.toxicity.incidence import ANY_GRADE, Incidence

ROW: Final = 21  # pixels
BAR_SHARE: Final = 0.72  # of a row
STEP: Final = 20  # percent; the axis ends at a multiple of it
TICKS: Final = 4  # to either side
TWO: Final = 2
NAME_LINE: Final = 15  # of a group's name over its wing
SPAN_AT: Final = 22  # pixels above the plot: the line in the colour of the group
BELOW: Final = 44


def butterfly_figure(
    result: Incidence,
    terms: tuple[str, ...] | None = None,
    grades: tuple[str, ...] = tuple(GRADE_NAMES.values()),
    width: int = SCREEN,
) -> Figure:
    """The figure of two groups; of more groups nothing can stand back to back."""
    if len(result.of) != TWO:
        raise ValueError("a butterfly has two wings: it needs exactly two groups")
    shown = room_for(result.terms if terms is None else terms, TWO)
    room = space(shown, width, TWO * (COUNTS + COUNTS))
    any_grade = result.of_threshold(ANY_GRADE)
    bars, reach = _bars(result, shown, room), _reach(result, shown)
    key, wings = key_table(grade_entries(grades), width - PADDING), _wings(result, room)
    return Figure(
        id="toxicity.butterfly",
        title=f"Adverse events, {' v '.join(result.grouping.names)}{in_period(result, ', ')}",
        chart=headed(
            butterfly_chart(max(1, len(shown)), room, key_lines(key), int(wings["line"].max()) + 1),
            period_heading(result),
        ),
        tables={
            "bar": bars,
            "number": _counts(result, shown, room),
            "head": pd.DataFrame(
                [(x, right, head) for right in (False, True) for head, x in _columns(right)],
                columns=["pixels", "right", "label"],
            ),
            "wing": wings,
            "span": _spans(result),
            "term": pd.DataFrame(
                [
                    (term, _top(place, room) - room.above / 2 if room.above else _middle(place, room))
                    for place, term in enumerate(shown)
                ],
                columns=["term", "middle"],
            ),
            "limit": pd.DataFrame({"start": [-reach, reach], "middle": [0.0, 0.0]}),
            "tick": pd.DataFrame({"x": [part * reach / TICKS for part in range(-TICKS, TICKS + 1)]}),
            "key": key,
            "heading": pd.DataFrame({"text": [period_heading(result)]}),
        },
        data=bars[["term", "group", "grade", "n", "of"]],
        caption=FIGURE_CAPTION.replace("Right: number", "Beside the bars: number"),
        method=method(result),
        alt=_alt(result, shown),
        notes=figure_notes(result, shown),
        n=result.n,
        numbers=typed_numbers(_number_columns(result), product((any_grade[term] for term in shown), range(TWO))),
    )


def _top(place: int, room: Space) -> float:
    return place * (ROW + room.above) + room.above + ROW * (1 - BAR_SHARE) / 2


def _middle(place: int, room: Space) -> float:
    return _top(place, room) + ROW * BAR_SHARE / 2


def _bars(result: Incidence, shown: tuple[str, ...], room: Space) -> pd.DataFrame:
    """One row a term, group and grade that anybody had; percentages of the group to the left are negative."""
    counts, bars = result.counts, []
    for place, term in enumerate(shown):
        top = _top(place, room)
        for slot, (name, of) in enumerate(zip(result.grouping.names, result.of, strict=True)):
            start = 0.0
            for grade, grade_name in reversed(GRADE_NAMES.items()):
                n = counts.get((term, name, grade), 0)
                if n:
                    end = start + _side(slot) * 100 * n / of
                    words = bar_words(n, of)
                    bars.append((term, name, slot, grade_name, n, of, words, start, end, top, top + ROW * BAR_SHARE))
                    start = end
    names = ["term", "group", "slot", "grade", "n", "of", "words", "start", "end", "top", "bottom"]
    return pd.DataFrame(bars, columns=names)


def _reach(result: Incidence, shown: tuple[str, ...]) -> int:
    """Where the axis ends on either side: beyond the longest wing."""
    any_grade = result.of_threshold(ANY_GRADE)
    shares = [n / of for term in shown for n, of in zip(any_grade[term].n, result.of, strict=True) if of]
    return STEP * max(1, ceil(100 * max(shares, default=1.0) / STEP - 1e-9))


def _columns(right: bool) -> list[tuple[str, int]]:
    """The columns of counts of a wing: where they end, in pixels from its outer edge."""
    return [(head, COLUMN * (place + 1) if right else COLUMN * (place - 1) - 6) for place, head in enumerate(HEADS)]


def _counts(result: Incidence, shown: tuple[str, ...], room: Space) -> pd.DataFrame:
    rows = [
        (pixels, right, _middle(place, room), text)
        for place, term in enumerate(shown)
        for right, texts in zip((False, True), printed_counts(result, term), strict=True)
        for (_, pixels), text in zip(_columns(right), texts, strict=True)
    ]
    return pd.DataFrame(rows, columns=["pixels", "right", "middle", "text"])


def _wings(result: Incidence, room: Space) -> pd.DataFrame:
    """The name of each group with its size over its wing, line by line; the last lines stand beside each other."""
    pixels = (room.width - PADDING - room.left) / TWO - 12

    def lines_of(name: str, n: int) -> list[str]:
        return broken(f"{name} (n\u00a0=\u00a0{n})", pixels, NORMAL, bold=True)

    lines = [lines_of(name, of) for name, of in zip(result.grouping.names, result.of, strict=True)]
    most = max(len(lines_of(group.name, group.size)) for group in result.grouping.groups)
    rows = [
        (bool(slot), most - len(mine) + line, text) for slot, mine in enumerate(lines) for line, text in enumerate(mine)
    ]
    return pd.DataFrame(rows, columns=["right", "line", "label"])


def _spans(result: Incidence) -> pd.DataFrame:
    return pd.DataFrame(
        [(bool(slot), colour) for slot, colour in enumerate(group_colours(result.grouping.groups))],
        columns=["right", "paint"],
    )


def _side(slot: int) -> int:
    return -1 if slot == 0 else 1


def _number_columns(result: Incidence) -> tuple[TypedColumn, ...]:
    """Of a term at any grade (its row) and the place of a group."""
    return (
        TypedColumn(name="term", value=lambda cell: cell[0].term),
        TypedColumn(name="group", value=lambda cell: result.grouping.levels[cell[1]]),
        TypedColumn(name="n", unit="patients", value=lambda cell: cell[0].n[cell[1]]),
        TypedColumn(name="of", unit="patients", value=lambda cell: result.of[cell[1]]),
    )


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
def butterfly_chart(n_terms: int, room: Space, key_rows: int, name_lines: int) -> Specification:
    """The specification for this many terms, lines of the key and lines of the groups' names."""
    pixels = n_terms * (ROW + room.above)
    axis = alt.Axis(
        values=alt.ExprRef("pluck(data('tick'), 'x')"),
        labelExpr="format(abs(datum.value), 'd')",
        grid=True,
        labelFlush=False,
    )
    share = alt.X("start:Q", title="Patients, %", scale=alt.Scale(nice=False, zero=True), axis=axis)
    down = alt.Scale(domain=[0, pixels], nice=False, reverse=True)
    above = SPAN_AT + NAME_LINE * name_lines + 22
    layers = [
        table("limit").mark_point(opacity=0, size=1, aria=False).encode(x=share),
        *bar_layers(share, down),
        table("limit").mark_rule(color=INK, strokeWidth=1).encode(x=alt.X("middle:Q")),
        *count_layers(down),
        *_names(name_lines),
        term_labels(room, -COUNTS - 8 if room.names else -COUNTS, down),
        *key_layers(COUNTS + room.left, above, key_rows),
        keeps("tick"),
        keeps("heading"),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent", stroke="independent")
    return publish(chart, width=room.width, height=pixels + above + KEY_LINE * key_rows + BELOW + 16)


def _names(lines: int) -> list[alt.Chart]:
    """The groups' names over their wings, with a line in the colour of each."""
    outer, inner = f"datum.right ? width + {COUNTS} : {-COUNTS}", "width / 2 + (datum.right ? 8 : -8)"
    y = alt.YValue(alt.ExprRef(f"{NAME_LINE} * (datum.line - {lines - 1}) - {SPAN_AT + 9}"))
    style = {"align": "center", "baseline": "middle", "fontSize": NORMAL, "fontWeight": "bold", "color": INK}
    spans = table("span").mark_rule(strokeWidth=3, clip=False)
    middle = alt.XValue(alt.ExprRef(f"(({outer}) + {inner}) / 2"))
    return [
        text_layer(table("wing"), "label", middle, y, **style),
        spans.encode(
            x=alt.XValue(alt.ExprRef(outer)),
            x2=alt.X2Value(alt.ExprRef(inner)),
            y=alt.YValue(-SPAN_AT),
            color=alt.Color("paint:N", scale=None),
        ),
    ]


def _butterfly(analysis: Analysis, options: TermOptions) -> Exhibit:
    grades = opened_grades(analysis, options)
    figure = butterfly_figure(events(analysis, options), terms(analysis, options), grades, options.width)
    return noted_until(analysis, options, figure)


def _has_two_groups(analysis: Analysis, options: EventOptions) -> bool:
    return are_compared(analysis, options) and len(analysis.grouping.groups) == TWO


def _who(analysis: Analysis, options: TermOptions) -> Who:
    return grades_who(analysis, options, _butterfly(analysis, options).data, GRADE_NAMES)


BUTTERFLY: Final = ExhibitSpec(
    "toxicity.butterfly",
    "Butterfly plot of two groups",
    needs="adverse_events",
    build=_butterfly,
    options=TermOptions,
    when=_has_two_groups,
    who=_who,
)
