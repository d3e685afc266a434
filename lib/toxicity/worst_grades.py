"""The adverse event figure: for each term and group, the share of patients at each worst grade.

One stacked bar a group and term over the tables bar, strip, term, number, head, key, heading. The chart depends on the
terms and groups of the opened cohort and on the width, never on the selection.
"""

from functools import cache
from typing import Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure, frame_numbers
from lib.publication.palette import group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN
from lib.publication.theme import Specification, keeps, publish, table
from lib.publication.who import Who
from lib.toxicity.captions import FIGURE_CAPTION, figure_notes, in_period, method, period_heading
from lib.toxicity.events import TermOptions, events, grades_who, noted_until, opened_grades, room_for, terms
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
    group_key,
    headed,
    key_layers,
    key_lines,
    key_table,
    printed_counts,
    space,
    term_labels,
)
from lib.toxicity.incidence import Incidence

BAR, GAP = 14, 8  # pixels of a row and between two terms
BAR_SHARE: Final = 0.84  # of a row
STRIP: Final = 9  # pixels in front of the bars, for the colour of the group
ABOVE_PLOT: Final = 26  # from the keys to the plot: the heads of the columns
BELOW: Final = 44


def toxicity_figure(
    result: Incidence,
    terms: tuple[str, ...] | None = None,
    grades: tuple[str, ...] = tuple(GRADE_NAMES.values()),
    width: int = SCREEN,
) -> Figure:
    """Stacked bars of the worst grade; each of the terms (all by default, as many as there is room for) keeps its
    place."""
    shown = room_for(result.terms if terms is None else terms, len(result.of))
    room = space(shown, width, COUNTS + STRIP)
    bars, rows, key = _bars(result, shown, room), _rows(result, shown, room), _key(result, grades, room)
    data = bars[["term", "group", "grade", "n", "of"]]
    named = data.rename(columns={"grade": "worst_grade"})
    return Figure(
        id="toxicity.grades",
        title=f"Adverse events by worst grade{result.grouping.by}{in_period(result, ', ')}",
        chart=headed(
            toxicity_chart(max(1, len(shown)), group_colours(result.grouping.groups), room, key_lines(key)),
            period_heading(result),
        ),
        tables={
            "bar": bars,
            **({"strip": rows[["slot", "top", "bottom"]]} if len(result.of) > 1 else {}),
            "number": _columns(rows),
            "head": pd.DataFrame(
                [(COLUMN * (place + 1), True, head) for place, head in enumerate(HEADS)],
                columns=["pixels", "right", "label"],
            ),
            "term": _terms(result, shown, room),
            "key": key,
            "heading": pd.DataFrame({"text": [period_heading(result)]}),
        },
        data=data,
        caption=FIGURE_CAPTION,
        method=method(result),
        alt=_alt(rows),
        notes=figure_notes(result, shown),
        n=result.n,
        numbers=frame_numbers(named, result.grouping.level_of, n="patients", of="patients"),
    )


def _top(result: Incidence, room: Space, place: int, slot: int) -> float:
    return place * _height_of_term(len(result.of), room) + GAP / 2 + room.above + BAR * slot


def _height_of_term(n_groups: int, room: Space) -> int:
    return BAR * n_groups + GAP + room.above


def _bars(result: Incidence, shown: tuple[str, ...], room: Space) -> pd.DataFrame:
    """One row a term, group and grade that anybody had, as a stretch of the bar."""
    bars = []
    counts = result.counts
    for place, term in enumerate(shown):
        for slot, (name, of) in enumerate(zip(result.grouping.names, result.of, strict=True)):
            start, top = 0.0, _top(result, room, place, slot)
            for grade, grade_name in GRADE_NAMES.items():
                n = counts.get((term, name, grade), 0)
                if n:
                    end = start + 100 * n / of
                    words = bar_words(n, of)
                    bars.append((term, name, slot, grade_name, n, of, words, start, end, top, top + BAR * BAR_SHARE))
                    start = end
    names = ["term", "group", "slot", "grade", "n", "of", "words", "start", "end", "top", "bottom"]
    return pd.DataFrame(bars, columns=names)


def _rows(result: Incidence, shown: tuple[str, ...], room: Space) -> pd.DataFrame:
    """One row a term and group: where its bar stands, and its counts."""
    rows = []
    for place, term in enumerate(shown):
        for slot, (name, counts) in enumerate(zip(result.grouping.names, printed_counts(result, term), strict=True)):
            top = _top(result, room, place, slot)
            rows.append((term, name, slot, result.of[slot], *counts, top, top + BAR * BAR_SHARE))
    return pd.DataFrame(rows, columns=["term", "group", "slot", "of", *HEADS, "top", "bottom"])


def _columns(rows: pd.DataFrame) -> pd.DataFrame:
    middle = (rows["top"] + rows["bottom"]) / 2
    each = [
        pd.DataFrame({"pixels": COLUMN * (place + 1), "right": True, "middle": middle, "text": rows[head]})
        for place, head in enumerate(HEADS)
    ]
    return pd.concat(each, ignore_index=True)


def _terms(result: Incidence, shown: tuple[str, ...], room: Space) -> pd.DataFrame:
    """Where each term's name stands: beside the middle of its bars, or above them."""
    beside = -room.above / 2 if room.above else (BAR * (len(result.of) - 1 + BAR_SHARE)) / 2
    rows = [(term, _top(result, room, place, 0) + beside) for place, term in enumerate(shown)]
    return pd.DataFrame(rows, columns=["term", "middle"])


def _key(result: Incidence, grades: tuple[str, ...], room: Space) -> pd.DataFrame:
    """The groups, where there are several, and under them the grades."""
    pixels = room.width - PADDING
    groups = group_key(result, pixels)
    of_grades = key_table(grade_entries(grades), pixels, key_lines(groups))
    return pd.concat([groups, of_grades], ignore_index=True) if len(groups) else of_grades


def _alt(rows: pd.DataFrame) -> str:
    listed = "; ".join(
        f"{term}: "
        + ", ".join(f"{row['group']} {row['Any']} of {row['of']}".strip() for row in mine.to_dict("records"))
        for term, mine in rows.groupby("term", sort=False)
    )
    return f"Stacked bars of the worst grade of each adverse event. Patients with the event at any grade: {listed}."


@cache
def toxicity_chart(n_terms: int, colours: tuple[str, ...], room: Space, key_rows: int) -> Specification:
    """The specification for this many terms, each with one row a group, and so many lines of the key."""
    pixels = n_terms * _height_of_term(len(colours), room)
    values = [0, 25, 50, 75, 100]
    axis = alt.Axis(values=values, grid=True, labelFlush=False)
    share = alt.X("start:Q", title="Patients, %", scale=alt.Scale(domain=[0, 100], nice=False), axis=axis)
    down = alt.Scale(domain=[0, pixels], nice=False, reverse=True)
    strip = STRIP if len(colours) > 1 else 0
    left = room.left + strip
    slots = alt.Scale(domain=list(range(len(colours))), range=list(colours))
    strips = (
        table("strip")
        .mark_rect(opacity=1)
        .encode(
            x=alt.XValue(-strip),
            x2=alt.X2Value(-3),
            y=alt.Y("top:Q", scale=down),
            y2=alt.Y2("bottom:Q"),
            color=alt.Color("slot:N", legend=None, scale=slots),
        )
    )
    layers = [
        *bar_layers(share, down),
        *([strips] if strip else []),
        *count_layers(down),
        term_labels(room, -strip - 8 if room.names else -strip, down),
        *key_layers(left, ABOVE_PLOT, key_rows),
        keeps("heading"),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent", stroke="independent")
    return publish(chart, width=room.width, height=pixels + ABOVE_PLOT + KEY_LINE * key_rows + BELOW + 16)


def _grades(analysis: Analysis, options: TermOptions) -> Exhibit:
    grades = opened_grades(analysis, options)
    figure = toxicity_figure(events(analysis, options), terms(analysis, options), grades, options.width)
    return noted_until(analysis, options, figure)


def _who(analysis: Analysis, options: TermOptions) -> Who:
    return grades_who(analysis, options, _grades(analysis, options).data, GRADE_NAMES)


GRADES: Final = ExhibitSpec(
    "toxicity.grades", "Worst grades", needs="adverse_events", build=_grades, options=TermOptions, who=_who
)
