"""The adverse event figure: for each term and group, the share of patients at each worst grade."""

from collections import Counter
from dataclasses import replace

import pandas as pd

from lib.publication.exhibit import Figure, Numbers
from lib.publication.number import plural
from lib.publication.palette import GRADE_COLOURS, group_colours
from lib.toxicity.chart import TWO_COLUMNS, Layout, toxicity_chart
from lib.toxicity.counting import ANY_GRADE
from lib.toxicity.incidence import Incidence
from lib.toxicity.shown import room_for
from lib.toxicity.words import caption, figure_notes, in_period

PER_LETTER = 6.8  # pixels
BAR_HEIGHT = 0.84  # of a row
GRADE_NAMES = dict(enumerate(GRADE_COLOURS))  # 0 = not stated, then 1 to 5


def toxicity_figure(result: Incidence, terms: tuple[str, ...] | None = None, layout: Layout = TWO_COLUMNS) -> Figure:
    """Stacked bars of the worst grade; each of the terms (all by default, as many as there is room for) keeps its place."""
    shown = room_for(result.terms if terms is None else terms, len(result.of))
    layout = _fitted(layout, result)
    colours = group_colours([group.colour for group in result.grouping.groups])
    bars, rows = _bars(result, shown, layout), _rows(result, shown, layout)
    by = f" by {result.grouping.label}" if result.grouping.compares else ""
    return Figure(
        id="toxicity.grades", title=f"Adverse events by worst grade{by}{in_period(result, ', ')}",
        chart=toxicity_chart(max(1, len(shown)), colours, layout),
        tables={"bar": bars, "row": rows, "term": _terms(result, shown, layout), "heading": pd.DataFrame({"text": [_heading(result)]})},
        data=bars[["term", "group", "grade", "n", "of"]], caption=caption(result), alt=_alt(rows),
        notes=figure_notes(result, shown), n=result.n, numbers=_numbers(result, bars),
    )  # fmt: skip


def _fitted(layout: Layout, result: Incidence) -> Layout:
    """The layout with no more room for the groups' names than the longest of them needs."""
    longest = PER_LETTER * max(map(len, result.grouping.names))
    return replace(layout, group_label=min(layout.group_label, round(longest)))


def _heading(result: Incidence) -> str:
    return plural(result.n, "patient") + in_period(result, ", events that began ")


def worst_counts(result: Incidence) -> dict[tuple[str, str, int], int]:
    """How many patients by term, group and worst grade (0 = not stated)."""
    worst = result.worst
    grades = worst["worst"].fillna(0).astype(int)
    return Counter(zip(worst["term"], worst["group"], grades, strict=True))


def _top(result: Incidence, layout: Layout, term: int, slot: int) -> float:
    return term * layout.per_term(len(result.of)) + layout.gap / 2 + layout.head + slot


def _bars(result: Incidence, shown: tuple[str, ...], layout: Layout) -> pd.DataFrame:
    """One row a term, group and grade that anybody had, as a stretch of the bar."""
    bars = []
    counts = worst_counts(result)
    for place, term in enumerate(shown):
        for slot, (name, of) in enumerate(zip(result.grouping.names, result.of, strict=True)):
            start, top = 0.0, _top(result, layout, place, slot)
            for grade, grade_name in GRADE_NAMES.items():
                n = counts.get((term, name, grade), 0)
                if n:
                    end = start + 100 * n / of
                    bars.append((term, name, slot, grade_name, n, of, start, end, top, top + BAR_HEIGHT))
                    start = end
    return pd.DataFrame(bars, columns=["term", "group", "slot", "grade", "n", "of", "start", "end", "top", "bottom"])


def _rows(result: Incidence, shown: tuple[str, ...], layout: Layout) -> pd.DataFrame:
    """One row a term and group: the label beside the axis and the count at the end of the bar."""
    any_grade = result.of_threshold(ANY_GRADE)
    rows = [
        (term, name if result.grouping.compares else "", slot, f"{any_grade[term].n[slot]} of {of}", 100 * any_grade[term].n[slot] / of if of else 0.0,
         _top(result, layout, place, slot) + BAR_HEIGHT / 2)
        for place, term in enumerate(shown) for slot, (name, of) in enumerate(zip(result.grouping.names, result.of, strict=True))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["term", "group", "slot", "words", "total", "middle"])


def _terms(result: Incidence, shown: tuple[str, ...], layout: Layout) -> pd.DataFrame:
    """Where each term's name stands: beside the middle of its bars, or above them."""
    middle = (len(result.of) - 1 + BAR_HEIGHT) / 2 if layout.head == 0 else -layout.head / 2
    return pd.DataFrame(
        [(term, _top(result, layout, place, 0) + middle) for place, term in enumerate(shown)],
        columns=["term", "middle"],
    )


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
