"""The adverse event figure: for each term and group, the share of patients at each worst grade.

One stacked bar a group and term over the tables bar, row, term, heading. The chart depends on the number of terms and
groups of the opened cohort, never on the selection.
"""

from collections import Counter
from functools import cache
from typing import Final, Literal

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure, Numbers
from lib.publication.number import plural
from lib.publication.palette import FAINT_INK, GRADE_COLOURS, INK, group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.theme import HOVER, Specification, keeps, publish, table
from lib.toxicity.captions import caption, figure_notes, in_period
from lib.toxicity.events import TermOptions, events, noted_until, room_for, terms
from lib.toxicity.incidence import ANY_GRADE, Incidence

WIDTH, ROW_HEIGHT = 760, 17  # pixels
GAP: Final = 0.45  # of a row, between two terms
GROUP_LABEL, TERM_LABEL = 135, 215  # pixels at most
PER_LETTER: Final = 6.8  # pixels
BAR_HEIGHT: Final = 0.84  # of a row
GRADE_NAMES: Final = dict(enumerate(GRADE_COLOURS))  # 0 = not stated, then 1 to 5


def toxicity_figure(result: Incidence, terms: tuple[str, ...] | None = None) -> Figure:
    """Stacked bars of the worst grade; each of the terms (all by default, as many as there is room for) keeps its
    place."""
    shown = room_for(result.terms if terms is None else terms, len(result.of))
    colours = group_colours([group.colour for group in result.grouping.groups])
    label = min(GROUP_LABEL, round(PER_LETTER * max(map(len, result.grouping.names))))
    bars, rows = _bars(result, shown), _rows(result, shown)
    by = f" by {result.grouping.label}" if result.grouping.compares else ""
    return Figure(
        id="toxicity.grades",
        title=f"Adverse events by worst grade{by}{in_period(result, ', ')}",
        chart=toxicity_chart(max(1, len(shown)), colours, label),
        tables={
            "bar": bars,
            "row": rows,
            "term": _terms(result, shown),
            "heading": pd.DataFrame({"text": [counted_patients(result)]}),
        },
        data=bars[["term", "group", "grade", "n", "of"]],
        caption=caption(result),
        alt=_alt(rows),
        notes=figure_notes(result, shown),
        n=result.n,
        numbers=_numbers(result, bars),
    )


def counted_patients(result: Incidence) -> str:
    """How many patients there are, and in which period an event counts."""
    return plural(result.n, "patient") + in_period(result, ", events that began ")


def worst_counts(result: Incidence) -> dict[tuple[str, str, int], int]:
    """How many patients by term, group and worst grade (0 = not stated)."""
    worst = result.worst
    grades = worst["worst"].fillna(0).astype(int)
    return Counter(zip(worst["term"], worst["group"], grades, strict=True))


def _top(result: Incidence, place: int, slot: int) -> float:
    return place * (len(result.of) + GAP) + GAP / 2 + slot


def _bars(result: Incidence, shown: tuple[str, ...]) -> pd.DataFrame:
    """One row a term, group and grade that anybody had, as a stretch of the bar."""
    bars = []
    counts = worst_counts(result)
    for place, term in enumerate(shown):
        for slot, (name, of) in enumerate(zip(result.grouping.names, result.of, strict=True)):
            start, top = 0.0, _top(result, place, slot)
            for grade, grade_name in GRADE_NAMES.items():
                n = counts.get((term, name, grade), 0)
                if n:
                    end = start + 100 * n / of
                    bars.append((term, name, slot, grade_name, n, of, start, end, top, top + BAR_HEIGHT))
                    start = end
    return pd.DataFrame(bars, columns=["term", "group", "slot", "grade", "n", "of", "start", "end", "top", "bottom"])


def _rows(result: Incidence, shown: tuple[str, ...]) -> pd.DataFrame:
    """One row a term and group: the label beside the axis and the count at the end of the bar."""
    any_grade = result.of_threshold(ANY_GRADE)
    rows = []
    for place, term in enumerate(shown):
        for slot, (name, n, of) in enumerate(zip(result.grouping.names, any_grade[term].n, result.of, strict=True)):
            label = name if result.grouping.compares else ""
            middle = _top(result, place, slot) + BAR_HEIGHT / 2
            rows.append((term, label, slot, f"{n} of {of}", 100 * n / of if of else 0.0, middle))
    return pd.DataFrame(rows, columns=["term", "group", "slot", "words", "total", "middle"])


def _terms(result: Incidence, shown: tuple[str, ...]) -> pd.DataFrame:
    """Where each term's name stands: beside the middle of its bars."""
    middle = (len(result.of) - 1 + BAR_HEIGHT) / 2
    rows = [(term, _top(result, place, 0) + middle) for place, term in enumerate(shown)]
    return pd.DataFrame(rows, columns=["term", "middle"])


def _alt(rows: pd.DataFrame) -> str:
    listed = "; ".join(
        f"{term}: " + ", ".join(f"{row['group']} {row['words']}".strip() for row in mine.to_dict("records"))
        for term, mine in rows.groupby("term", sort=False)
    )
    return f"Stacked bars of the worst grade of each adverse event. Patients with the event at any grade: {listed}."


def _numbers(result: Incidence, bars: pd.DataFrame) -> Numbers:
    """One row a term, group and worst grade that occurred."""
    level_of = dict(zip(result.grouping.names, result.grouping.levels, strict=True))
    columns = (("term", ""), ("group", ""), ("worst_grade", ""), ("n", "patients"), ("of", "patients"))
    rows = tuple(
        (row["term"], level_of[row["group"]], row["grade"], row["n"], row["of"]) for row in bars.to_dict("records")
    )
    return Numbers(columns, rows)


@cache
def toxicity_chart(n_terms: int, colours: tuple[str, ...], group_label: int = GROUP_LABEL) -> Specification:
    """The specification for this many terms, each with one row a group."""
    rows = n_terms * (len(colours) + GAP)
    share = alt.X(
        "start:Q",
        title="Patients, %",
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(values=[0, 25, 50, 75, 100], grid=True, labelFlush=False),
    )
    down = alt.Scale(domain=[0, rows], nice=False, reverse=True)
    layers = [*bar_layers(share, down, grade_colour(3)), *_labels(down, group_label, colours), keeps("heading")]
    chart = alt.layer(*layers).resolve_scale(color="independent")
    return publish(chart, width=WIDTH, height=int(130 + ROW_HEIGHT * rows))


def bar_layers(share: alt.X, down: alt.Scale, colour: alt.Color) -> list[alt.Chart]:
    """The stretches of each bar in the colours of their grades, and what answers the pointer."""
    tooltip = [
        alt.Tooltip("term:N", title="Event"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("grade:N", title="Worst grade"),
        alt.Tooltip("n:Q", title="Patients"),
        alt.Tooltip("of:Q", title="of"),
    ]
    place = alt.Y("top:Q", title=None, scale=down, axis=None)
    ends = {"x": share, "x2": alt.X2("end:Q"), "y": place, "y2": alt.Y2("bottom:Q")}
    return [
        table("bar").mark_bar(stroke="#FFFFFF", strokeWidth=0.6).encode(**ends, color=colour),
        table("bar", HOVER).mark_bar(opacity=0).encode(**ends, tooltip=tooltip),
    ]


def grade_colour(columns: int, orient: Literal["top", "bottom"] = "top", title: str = "Worst grade") -> alt.Color:
    """The colour of each grade with its legend."""
    legend = alt.Legend(
        orient=orient, direction="horizontal", symbolType="square", symbolOpacity=1, columns=columns, titleOrient="left"
    )
    scale = alt.Scale(domain=list(GRADE_COLOURS), range=list(GRADE_COLOURS.values()))
    return alt.Color("grade:N", title=title, scale=scale, legend=legend)


def _labels(down: alt.Scale, group_label: int, colours: tuple[str, ...]) -> list[alt.Chart]:
    """The group in front of its bar, the count behind it, the term in front of both."""
    middle = alt.Y("middle:Q", scale=down)
    colour = alt.Color("slot:N", legend=None, scale=alt.Scale(domain=list(range(len(colours))), range=list(colours)))
    labels = table("row").mark_text(align="right", baseline="middle", fontSize=11, limit=group_label, clip=False)
    counts = table("row").mark_text(align="left", baseline="middle", fontSize=11, dx=5, clip=False)
    beside = -8 if len(colours) == 1 else -(group_label + 18)
    return [
        labels.encode(x=alt.XValue(-8), y=middle, text=alt.Text("group:N"), color=colour),
        counts.encode(x=alt.X("total:Q"), y=middle, text=alt.Text("words:N"), color=alt.ColorValue(FAINT_INK)),
        term_labels().encode(x=alt.XValue(beside), y=middle),
    ]


def term_labels() -> alt.Chart:
    """The terms of the table term in bold, aligned to the right; the place is for the caller to encode."""
    labels = table("term").mark_text(
        align="right", baseline="middle", fontSize=11, fontWeight="bold", limit=TERM_LABEL, clip=False
    )
    return labels.encode(text=alt.Text("term:N"), color=alt.ColorValue(INK))


def _grades(analysis: Analysis, options: TermOptions) -> Exhibit:
    return noted_until(analysis, options, toxicity_figure(events(analysis, options), terms(analysis, options)))


GRADES: Final = ExhibitSpec(
    "toxicity.grades", "Worst grades", needs="adverse_events", build=_grades, options=TermOptions
)
