"""The butterfly: two groups back to back, each term's worst grades stacked from the middle outwards, the worst grade inside."""

from math import ceil

import pandas as pd

from lib.publication.exhibit import Figure, Numbers
from lib.publication.number import count, plural
from lib.publication.palette import group_colours
from lib.toxicity.butterfly.chart import butterfly_chart
from lib.toxicity.counting import ANY_GRADE
from lib.toxicity.figure import GRADE_NAMES, worst_counts
from lib.toxicity.incidence import Incidence
from lib.toxicity.shown import room_for
from lib.toxicity.words import caption, figure_notes, in_period, timing

BAR_HEIGHT = 0.74  # of a row
STEP = 20  # percent; the axis ends at a multiple of it
TICKS = 4  # to either side
TIP_ROOM = 0.24  # of the axis, for the counts beyond its end
TWO = 2


def butterfly_figure(result: Incidence, terms: tuple[str, ...] | None = None) -> Figure:
    """The figure of two groups; of more groups nothing can stand back to back."""
    if len(result.of) != TWO:
        raise ValueError("a butterfly has two wings: it needs exactly two groups")
    shown = room_for(result.terms if terms is None else terms, TWO)
    bars, ends = _bars(result, shown), _ends(result, shown)
    reach = STEP * max(1, ceil(ends["tip"].abs().max() / STEP - 1e-9)) if len(ends) else 100
    colours = group_colours([group.colour for group in result.grouping.groups])
    first = f"{plural(result.n, 'patient')}{in_period(result, ', events that began ')}"
    return Figure(
        id="toxicity.butterfly", title=f"Adverse events, {' v '.join(result.grouping.names)}{in_period(result, ', ')}",
        chart=butterfly_chart(max(1, len(shown)), colours),
        tables={
            "bar": bars, "end": ends, "wing": _wings(result, reach),
            "term": pd.DataFrame([(term, place + 0.5) for place, term in enumerate(shown)], columns=["term", "middle"]),
            "limit": pd.DataFrame({"start": [-reach - TIP_ROOM * reach, reach + TIP_ROOM * reach], "middle": [0.0, 0.0]}),
            "tick": pd.DataFrame({"x": [part * reach / TICKS for part in range(-TICKS, TICKS + 1)]}),
            "heading": pd.DataFrame({"text": ["\n".join(filter(None, [first, timing(result.grouping)]))]}),
        },
        data=bars[["term", "group", "grade", "n", "of"]], caption=caption(result), alt=_alt(result, shown),
        notes=figure_notes(result, shown), n=result.n, numbers=_numbers(result, shown),
    )  # fmt: skip


def _bars(result: Incidence, shown: tuple[str, ...]) -> pd.DataFrame:
    """One row a term, group and grade that anybody had; percentages of the group to the left are negative."""
    counts, bars = worst_counts(result), []
    for place, term in enumerate(shown):
        for slot, (name, of) in enumerate(zip(result.grouping.names, result.of, strict=True)):
            side, start = _side(slot), 0.0
            for grade, grade_name in reversed(GRADE_NAMES.items()):
                n = counts.get((term, name, grade), 0)
                if n:
                    end = start + side * 100 * n / of
                    top = place + (1 - BAR_HEIGHT) / 2
                    bars.append((term, name, slot, grade_name, n, of, start, end, top, top + BAR_HEIGHT))
                    start = end
    return pd.DataFrame(bars, columns=["term", "group", "slot", "grade", "n", "of", "start", "end", "top", "bottom"])


def _ends(result: Incidence, shown: tuple[str, ...]) -> pd.DataFrame:
    any_grade = result.of_threshold(ANY_GRADE)
    rows = [
        (term, name, _side(slot), count(any_grade[term].n[slot], of), _side(slot) * (100 * any_grade[term].n[slot] / of if of else 0.0), place + 0.5)
        for place, term in enumerate(shown)
        for slot, (name, of) in enumerate(zip(result.grouping.names, result.of, strict=True))
    ]  # fmt: skip
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
        (term, level, any_grade[term].n[slot], result.of[slot])
        for term in shown
        for slot, level in enumerate(result.grouping.levels)
    )
    return Numbers((("term", ""), ("group", ""), ("n", "patients"), ("of", "patients")), rows)


def _alt(result: Incidence, shown: tuple[str, ...]) -> str:
    any_grade = result.of_threshold(ANY_GRADE)
    told = "; ".join(
        f"{term}: " + " v ".join(count(n, of) for n, of in zip(any_grade[term].n, result.of, strict=True))
        for term in shown
    )
    return f"Butterfly plot of adverse events by worst grade, {' to the left, '.join(result.grouping.names)} to the right. {told}."
