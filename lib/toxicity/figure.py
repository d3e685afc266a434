"""The adverse event figure: for each term and group, the share of patients at each worst grade."""

import pandas as pd

from lib.publication.exhibit import Figure, Numbers
from lib.publication.number import plural
from lib.publication.palette import GRADE_COLOURS, group_colours
from lib.toxicity.chart import TERM_GAP, toxicity_chart
from lib.toxicity.incidence import Incidence
from lib.toxicity.words import caption

BAR_HEIGHT = 0.84  # of a row


def toxicity_figure(result: Incidence) -> Figure:
    """Stacked bars of the worst grade; every term of the opened cohort keeps its place."""
    colours = group_colours([group.colour for group in result.grouping.groups])
    bars, rows, terms = _bars(result), _rows(result), _terms(result)
    by = f" by {result.grouping.label}" if result.grouping.compares else ""
    return Figure(
        id="toxicity.grades", title=f"Adverse events by worst grade{by}", chart=toxicity_chart(max(1, len(result.terms)), colours),
        tables={"bar": bars, "row": rows, "term": terms, "heading": pd.DataFrame({"text": [plural(result.n, "patient")]})},
        data=bars[["term", "group", "grade", "n", "of"]], caption=caption(result), alt=_alt(rows), n=result.n,
        numbers=_numbers(result, bars),
    )  # fmt: skip


def _top(result: Incidence, term: int, slot: int) -> float:
    return term * (len(result.grouping.names) + TERM_GAP) + slot + TERM_GAP / 2


def _bars(result: Incidence) -> pd.DataFrame:
    """One row a term, group and grade that anybody had, as a stretch of the bar."""
    bars = []
    grade_names = dict(enumerate(GRADE_COLOURS))  # 0 = not stated, then 1 to 5
    counts = result.worst.assign(grade=result.worst["worst"].fillna(0)).groupby(["term", "group", "grade"]).size()
    for place, term in enumerate(result.terms):
        for slot, (name, of) in enumerate(zip(result.grouping.names, result.of, strict=True)):
            start = 0.0
            for grade in range(6):
                n = int(counts.get((term, name, grade), 0))
                if n:
                    top = _top(result, place, slot)
                    bars.append(
                        (
                            term,
                            name,
                            slot,
                            grade_names[grade],
                            n,
                            of,
                            start,
                            start + 100 * n / of,
                            top,
                            top + BAR_HEIGHT,
                        )
                    )
                    start += 100 * n / of
    return pd.DataFrame(bars, columns=["term", "group", "slot", "grade", "n", "of", "start", "end", "top", "bottom"])


def _rows(result: Incidence) -> pd.DataFrame:
    """One row a term and group: the label beside the axis and the count at the end of the bar."""
    any_grade = {row.term: row for row in result.rows if row.threshold == "any grade"}
    rows = [
        (term, name if result.grouping.compares else "", slot, f"{any_grade[term].n[slot]} of {of}", 100 * any_grade[term].n[slot] / of if of else 0.0,
         _top(result, place, slot) + BAR_HEIGHT / 2)
        for place, term in enumerate(result.terms) for slot, (name, of) in enumerate(zip(result.grouping.names, result.of, strict=True))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["term", "group", "slot", "words", "total", "middle"])


def _terms(result: Incidence) -> pd.DataFrame:
    middle = (len(result.grouping.names) - 1 + BAR_HEIGHT) / 2
    return pd.DataFrame(
        [(term, _top(result, place, 0) + middle) for place, term in enumerate(result.terms)], columns=["term", "middle"]
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
