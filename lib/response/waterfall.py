"""The waterfall plot: the deepest change of the monoclonal protein of each patient, in order of depth within each group.

The chart depends on the groups and states of the opened cohort and on the name of the marker, never on the selection.
"""

from functools import cache
from typing import Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.palette import INK
from lib.publication.spec import ExhibitSpec
from lib.publication.theme import HOVER, Specification, keeps, publish, table
from lib.response.marker_change import (
    HEIGHT,
    HIGHEST,
    LETTERS,
    ChangeResult,
    alt_text,
    axis_title,
    caption,
    change,
    change_axis,
    fixed_tables,
    in_words,
    level_lines,
    markers,
    notes,
    numbers,
)
from lib.response.rates import by_group, colours_of
from lib.response.state import ASSESSED, NE, NOT_ASSESSED, OUTLINE, responses, state_colour

MOST_WITH_LETTERS: Final = 40  # bars; more have no room for letters
GAP: Final = 1.2  # bars, between two groups


def waterfall_figure(result: ChangeResult, responses: tuple[str, ...]) -> Figure:
    """Bars in order of depth within each group; `responses` are those of the opened cohort."""
    states = (*(state for state in (*ASSESSED, NE) if state in responses), NOT_ASSESSED)
    bars = _bars(result)
    beyond = bars[bars["change"] > HIGHEST].assign(words=lambda rows: rows["shown"], change=float(HIGHEST))
    return Figure(
        id=f"response.waterfall.{result.series.slug}", title=f"{result.series.test}: deepest change{by_group(result.grouping)}",
        chart=waterfall_chart(axis_title(result, "Deepest change"), states, colours_of(result.grouping)),
        tables={"bar": bars, "beyond": beyond[["at", "change", "words"]], "header": _headers(bars, result), **fixed_tables(result)},
        data=result.best.drop(columns="slot"), caption=f"Deepest change after infusion. {caption(result)}{_letters(result)}",
        alt=alt_text(result, "Waterfall plot"), notes=notes(result), n=result.n, numbers=numbers(result),
    )  # fmt: skip


def _letters(result: ChangeResult) -> str:
    return " Letters: best response (VG: VGPR, n.a.: not assessed)." if result.n <= MOST_WITH_LETTERS else ""


def _bars(result: ChangeResult) -> pd.DataFrame:
    """Places from left to right; a bar of no change is a thin line; letters stand beyond the bar's end."""
    told = in_words(result.best)
    slots = {slot: place for place, slot in enumerate(sorted(set(told["slot"])))}
    left = pd.Series(range(len(told)), index=told.index, dtype=float) + told["slot"].map(slots).astype(float) * GAP
    cut = told["change"].clip(upper=HIGHEST)
    letters = (
        told["best"].map(lambda best: LETTERS.get(best, best))
        if len(told) <= MOST_WITH_LETTERS
        else pd.Series("", index=told.index)
    )
    return (
        told.assign(
            state=told["best"],
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
        .drop(columns=["below"])
    )


def _headers(bars: pd.DataFrame, result: ChangeResult) -> pd.DataFrame:
    first = bars.groupby("group", sort=False)["left"].agg(["min", "size"])
    slots = {name: slot for slot, name in enumerate(result.grouping.names)}
    rows = [
        (each["min"], slots[str(name)], f"{name} ({int(each['size'])})")
        for name, each in first.to_dict("index").items()
    ]
    return pd.DataFrame(rows, columns=["left", "slot", "label"])


@cache
def waterfall_chart(title: str, states: tuple[str, ...], colours: tuple[str, ...]) -> Specification:
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
    told = {
        "patient": "Patient",
        "group": "Group",
        "best": "Best response",
        "shown": "Change",
        "values": "Value",
        "day": "Day",
    }
    slots = alt.Color("slot:N", legend=None, scale=alt.Scale(domain=list(range(len(colours))), range=list(colours)))
    letter = table("bar").mark_text(fontSize=10, clip=False)
    header = table("header").mark_text(align="left", baseline="bottom", fontSize=12, fontWeight="bold", clip=False)
    layers = [
        *level_lines(y),
        table("bar").mark_rect(stroke=OUTLINE, strokeWidth=0.25, opacity=1).encode(**ends, color=state_colour(states, columns=9, offset=26 if len(colours) > 1 else 12)),
        table("zero").mark_rule(color=INK, strokeWidth=1).encode(y=y),
        table("bar", HOVER).mark_rect(opacity=0).encode(**ends, tooltip=[alt.Tooltip(f"{field}:N", title=name) for field, name in told.items()]),
        letter.encode(x=middle, y=alt.Y("letter_at:Q", scale=y["scale"], axis=y["axis"], title=title), text=alt.Text("letters:N"), color=alt.ColorValue(INK)),
        table("beyond").mark_text(fontSize=10, baseline="bottom", dy=-3, clip=False).encode(x=middle, y=y, text=alt.Text("words:N"), color=alt.ColorValue(INK)),
        header.encode(x=left, y=alt.YValue(-5), text=alt.Text("label:N"), color=slots) if len(colours) > 1 else keeps("header"),
        keeps("heading"),
    ]  # fmt: skip
    chart = alt.layer(*layers).resolve_scale(color="independent")
    return publish(chart, width=780, height=HEIGHT)


def _build(analysis: Analysis, slug: str, _options: object) -> Exhibit:
    return waterfall_figure(analysis.result(change, slug), responses(analysis))


WATERFALL: Final = ExhibitSpec(
    "response.waterfall.{marker}", needs="responses", title="Waterfall plot", build=_build, variants=markers
)
