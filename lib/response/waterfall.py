"""The waterfall plot: the deepest change of the monoclonal protein of each patient, in order of depth within each
group.

The chart depends on the groups and states of the opened cohort and on the name of the marker, never on the selection.
"""

from functools import cache
from typing import Any, Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.fitting import thinned, thinned_words
from lib.publication.number import sentences
from lib.publication.options import Sized
from lib.publication.palette import INK
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import NORMAL, SCREEN, text_width
from lib.publication.theme import HOVER, Specification, keeps, publish, table, text_layer, tooltips
from lib.response.marker_change import (
    HEIGHT,
    HIGHEST,
    LETTERS,
    ChangeResult,
    alt_text,
    axis_title,
    change,
    change_axis,
    fixed_tables,
    in_words,
    level_lines,
    markers,
    method,
    notes,
    numbers,
)
from lib.response.state import ASSESSED, NE, NOT_ASSESSED, OUTLINE, responses, state_colour, untitled

LETTER_SIZE: Final = 10
NARROWEST, AROUND = 620, 100  # pixels of the figure in a narrow window, and beside the bars
GAP: Final = 1.2  # bars, between two groups
MOST_BARS: Final = 400  # of more some are drawn


def waterfall_figure(result: ChangeResult, responses: tuple[str, ...], width: int = SCREEN) -> Figure:
    """Bars in order of depth within each group; `responses` are those of the opened cohort."""
    states = (*(state for state in (*ASSESSED, NE) if state in responses), NOT_ASSESSED)
    shown = thinned(result.best, MOST_BARS, "slot")
    bars = _bars(shown, width)
    beyond = bars[bars["change"] > HIGHEST].assign(words=lambda rows: rows["shown"], change=float(HIGHEST))
    return Figure(
        id=f"response.waterfall.{result.series.slug}",
        title=f"{result.series.test}: deepest change{result.grouping.by}",
        chart=waterfall_chart(axis_title(result, "Deepest change"), states, len(result.grouping.names), width),
        tables={
            "bar": bars,
            "beyond": beyond[["at", "change", "words"]],
            "header": _headers(bars, result.best["group"].value_counts().to_dict(), width),
            **fixed_tables(),
        },
        data=result.best.drop(columns="slot"),
        caption=_caption(result, len(shown), bars),
        method=method(result),
        alt=alt_text(result, "Waterfall plot"),
        notes=notes(result),
        n=result.n,
        numbers=numbers(result),
    )


def _caption(result: ChangeResult, drawn: int, bars: pd.DataFrame) -> str:
    """What a bar is, how many of them are drawn, and what letters mean."""
    said = f"{result.series.test} of each patient, deepest percent change from baseline after infusion."
    letters = "Letters: best response (VG: VGPR, n.a.: not assessed)." if bars["letters"].any() else ""
    return sentences(said, thinned_words(drawn, result.n, "patients drawn, evenly spread in order of depth"), letters)


def _bars(best: pd.DataFrame, width: int) -> pd.DataFrame:
    """Places from left to right; a bar of no change is a thin line; letters stand beyond the bar's end."""
    reported = in_words(best).reset_index(drop=True)
    slots = {slot: place for place, slot in enumerate(sorted(set(reported["slot"])))}
    left = (
        pd.Series(range(len(reported)), index=reported.index, dtype=float)
        + reported["slot"].map(slots).astype(float) * GAP
    )
    cut = reported["change"].clip(upper=HIGHEST)
    letters = reported["best"].map(lambda best: LETTERS.get(best, best))
    room = (min(width, NARROWEST) - AROUND) / (left.max() + 1 if len(left) else 1)
    if any(text_width(each, LETTER_SIZE) + 3 > room for each in letters):
        letters = pd.Series("", index=reported.index)
    return (
        reported.assign(
            state=reported["best"],
            left=left + 0.06,
            right=left + 0.94,
            at=left + 0.5,
            top=cut.clip(lower=0.6),
            bottom=cut.clip(upper=-0.6),
            letter_at=(cut.clip(lower=0) * 0 + 4.0).where(cut <= 0, -4.0),
            letters=letters,
        )
        .assign(
            top=lambda rows: rows["top"].where(cut > 0, 0.0).where(cut != 0, 0.6),
            bottom=lambda rows: rows["bottom"].where(cut < 0, 0.0),
        )
        .drop(columns=["below", "baseline", "value"])
    )


def _headers(bars: pd.DataFrame, sizes: dict[Any, int], width: int) -> pd.DataFrame:
    """The name of each group above its first bar, within the plot, one line higher where the one before it reaches so
    far."""
    first = bars.groupby("group", sort=False)["left"].min()
    whole = min(width, NARROWEST) - AROUND
    pixels = whole / (bars["right"].max() if len(bars) else 1)
    ends: list[float] = []  # of the last name in each line
    rows = []
    for name, left in first.items():
        label = f"{name} ({sizes[name]})"
        needs = text_width(label, NORMAL, bold=True)
        start = max(0.0, min(left * pixels, whole - needs))
        line = next((number for number, end in enumerate(ends) if end < start), len(ends))
        ends[line : line + 1] = [start + needs + 8]
        rows.append((start / pixels, label, -5.0 - 15 * line))
    return pd.DataFrame(rows, columns=["left", "label", "up"])


@cache
def waterfall_chart(title: str, states: tuple[str, ...], groups: int, width: int) -> Specification:
    """One bar a patient, groups side by side."""
    y = change_axis(title)
    scale = alt.Scale(nice=False, zero=False)
    left = alt.X("left:Q", scale=scale, axis=None)
    middle = alt.X("at:Q", scale=scale, axis=None)
    ends = {
        "x": left,
        "x2": alt.X2("right:Q"),
        "y": alt.Y("top:Q", scale=y["scale"], axis=y["axis"], title=title),
        "y2": alt.Y2("bottom:Q"),
    }
    tooltip = tooltips(
        {"patient": "Patient", "best": "Best response", "shown": "Change", "values": "Value", "day": "Day"}
    )
    letter_at = alt.Y("letter_at:Q", scale=y["scale"], axis=y["axis"], title=title)
    header = text_layer(
        table("header"),
        "label",
        left,
        alt.YValue(alt.ExprRef("datum.up")),
        align="left",
        baseline="bottom",
        fontSize=12,
        fontWeight="bold",
    )
    layers = [
        *level_lines(y),
        table("bar")
        .mark_rect(stroke=OUTLINE, strokeWidth=0.25, opacity=1)
        .encode(**ends, color=state_colour(states, width)),
        table("zero").mark_rule(color=INK, strokeWidth=1).encode(y=y),
        table("bar", HOVER).mark_rect(opacity=0).encode(**ends, tooltip=tooltip),
        text_layer(table("bar"), "letters", middle, letter_at, fontSize=LETTER_SIZE),
        text_layer(table("beyond"), "words", middle, y, fontSize=10, baseline="bottom", dy=-3),
        header if groups > 1 else keeps("header"),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent")
    return untitled(publish(chart, width=width, height=HEIGHT))


def _build(analysis: Analysis, slug: str, options: Sized) -> Exhibit:
    return waterfall_figure(analysis.result(change, slug), responses(analysis), options.width)


WATERFALL: Final = ExhibitSpec(
    "response.waterfall.{marker}", needs="responses", title="Waterfall plot", build=_build, variants=markers
)
