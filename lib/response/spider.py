"""The spider plot: the course of the monoclonal protein of each patient, as percent change from the baseline; of many
patients the median and the quartiles of each group near nominal days.

The chart depends on the groups of the opened cohort and on the name of the marker, never on the selection.
"""

import math
from functools import cache
from typing import Final

import altair as alt
import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.derived.sampling import near_days, nominal_days
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.key import counted_groups, keyed
from lib.publication.number import short
from lib.publication.options import Sized
from lib.publication.palette import GROUP_DASHES, INK, group_colours, group_shapes
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN
from lib.publication.theme import HOVER, Specification, by_slot, keeps, publish, table, text_layer, tooltips
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
from lib.response.state import untitled

MOST_LINES: Final = 60  # patients; of more bands are drawn
FEWEST_IN_BAND: Final = 5
MOST_LINES_WITH_LETTERS: Final = 8
NARROWEST, AROUND = 620, 100  # pixels of the figure in a narrow window, and beside the lines
WIDEST_LETTERS, LINE, PERCENT_OF_A_PIXEL = 30.0, 12.0, 0.6
STRONGEST, FAINTEST, INK_OF_ALL_LINES = 0.85, 0.2, 4.0


def spider_figure(result: ChangeResult, width: int = SCREEN) -> Figure:
    """Lines from the baseline on; of many patients bands."""
    few = result.n <= MOST_LINES
    reported = in_words(result.course if few else result.course[:0])
    lines = reported.assign(change=reported["change"].clip(upper=HIGHEST), strength=_strength(result.n))
    last = lines.drop_duplicates("patient", keep="last")
    last = last.assign(
        letters=last["best"].map(lambda best: LETTERS.get(best, best)) if result.n <= MOST_LINES_WITH_LETTERS else ""
    )
    last = last.assign(letters=_apart(last, width))
    groups = result.grouping.groups
    return Figure(
        id=f"response.spider.{result.series.slug}",
        title=f"{result.series.test}: change over time{result.grouping.by}",
        chart=keyed(spider_chart(axis_title(result, "Change"), group_colours(groups), width), groups, "both"),
        tables={
            "line": lines[["patient", "group", "slot", "best", "day", "change", "strength", "shown", "values"]],
            "last": last[["day", "change", "letters"]],
            "group": counted_groups(result.grouping.names, result.best["group"]),
            **fixed_tables(),
            "band": _bands(result)[: 0 if few else None],
        },
        data=result.course.drop(columns="slot"),
        caption=_caption(result, few),
        method=method(result),
        alt=alt_text(result, "Spider plot"),
        notes=notes(result),
        n=result.n,
        numbers=numbers(result),
    )


def _caption(result: ChangeResult, few: bool) -> str:
    if few:
        return f"{result.series.test} of each patient, percent change from baseline."
    return (
        f"{result.series.test}, percent change from baseline: median and quartiles near nominal days (within a tenth,"
        f" at least one day) of {FEWEST_IN_BAND} patients or more. Above {MOST_LINES} patients single lines are not"
        " drawn."
    )


def _bands(result: ChangeResult) -> pd.DataFrame:
    """Median and quartiles of each group near each nominal day, the part beyond the axis cut."""
    near = near_days(result.course, nominal_days(result.course["day"]))
    changes = near.groupby(["slot", "nominal"])["change"]
    bands = changes.quantile(np.array([0.25, 0.5, 0.75])).unstack().reindex(columns=[0.25, 0.5, 0.75])
    bands = bands.set_axis(["low", "change", "high"], axis=1).clip(upper=HIGHEST).assign(n=changes.size())
    bands = bands[bands["n"] >= FEWEST_IN_BAND]
    shown = [f"{short(each)} %".replace("-", "−") for each in bands["change"]]
    quartiles = [
        f"{short(low)} to {short(high)} %".replace("-", "−")
        for low, high in zip(bands["low"], bands["high"], strict=True)
    ]
    named = dict(enumerate(result.grouping.names))
    found = bands.assign(shown=shown, quartiles=quartiles).reset_index().rename(columns={"nominal": "day"})
    return found.assign(group=found["slot"].map(named))


def _apart(last: pd.DataFrame, width: int) -> pd.Series:
    """The letters at the ends of lines, without those that would stand on others."""
    across = (min(width, NARROWEST) - AROUND) / max(float(last["day"].max()), 1.0) if len(last) else 1.0
    kept: list[tuple[float, float]] = []
    found = []
    for day, fallen, letters in zip(last["day"], last["change"], last["letters"], strict=True):
        place = (day * across, fallen / PERCENT_OF_A_PIXEL)
        free = all(abs(place[0] - x) > WIDEST_LETTERS or abs(place[1] - y) > LINE for x, y in kept)
        kept += [place] * free
        found.append(letters if free else "")
    return pd.Series(found, index=last.index, dtype="object")


def _strength(n: int) -> float:
    """How strong a line is: many are fainter."""
    return max(FAINTEST, min(STRONGEST, INK_OF_ALL_LINES / math.sqrt(max(n, 1))))


@cache
def spider_chart(title: str, colours: tuple[str, ...], width: int) -> Specification:
    """One line a patient in the colour of its group."""
    y = change_axis(title)
    x = alt.X(
        "day:Q",
        title="Days since infusion",
        scale=alt.Scale(nice=False, zero=True),
        axis=alt.Axis(grid=False, labelFlush=False, tickCount=alt.ExprRef("ceil(width / 70)")),
    )
    dashes = [GROUP_DASHES[slot % len(GROUP_DASHES)] for slot in range(len(colours))]
    colour, dash = by_slot(alt.Color, colours), by_slot(alt.StrokeDash, dashes)
    shape = by_slot(alt.Shape, group_shapes(len(colours)))
    tooltip = tooltips(
        {"patient": "Patient", "best": "Best response", "day": "Day", "shown": "Change", "values": "Value"}
    )
    near = alt.selection_point(name="near", on="pointerover", clear="pointerout", empty=False, fields=["patient"])
    thick = alt.condition(near, alt.StrokeWidthValue(3), alt.StrokeWidthValue(1.3))
    line = table("line").mark_line(opacity=1)
    layers = [
        *level_lines(y),
        table("zero").mark_rule(color=INK, strokeWidth=1).encode(y=y),
        *_band_layers(x, y, (colour, dash, shape)),
        line.encode(
            x=x,
            y=y,
            color=colour,
            strokeDash=dash,
            detail=alt.Detail("patient:N"),
            strokeWidth=thick,
            strokeOpacity=alt.StrokeOpacity("strength:Q", scale=None, legend=None),
        ),
        table("line")
        .mark_point(filled=True, size=22, opacity=1)
        .encode(
            x=x, y=y, color=colour, shape=shape, fillOpacity=alt.FillOpacity("strength:Q", scale=None, legend=None)
        ),
        table("line", HOVER).mark_point(size=110, opacity=0).encode(x=x, y=y, tooltip=tooltip).add_params(near),
        text_layer(table("last"), "letters", x, y, align="left", dx=6, fontSize=10),
        keeps("group"),
    ]
    return untitled(publish(alt.layer(*layers), width=width, height=HEIGHT))


def _band_layers(x: alt.X, y: alt.Y, of_group: tuple[alt.Color, alt.StrokeDash, alt.Shape]) -> list[alt.Chart]:
    """Quartiles as a band, medians as a line with symbols."""
    colour, dash, shape = of_group
    low = alt.Y("low:Q", scale=y["scale"], axis=y["axis"], title=y["title"])
    said = tooltips({"group": "Group", "day": "Day", "n": "Patients", "shown": "Median", "quartiles": "Quartiles"})
    point = table("band", f"{HOVER}_band").mark_point(filled=True, size=34, opacity=1)
    return [
        table("band").mark_area(fillOpacity=0.16, opacity=1).encode(x=x, y=low, y2=alt.Y2("high:Q"), color=colour),
        table("band").mark_line(strokeWidth=2, opacity=1).encode(x=x, y=y, color=colour, strokeDash=dash),
        point.encode(x=x, y=y, color=colour, shape=shape, tooltip=said),
    ]


def _build(analysis: Analysis, slug: str, options: Sized) -> Exhibit:
    return spider_figure(analysis.result(change, slug), options.width)


SPIDER: Final = ExhibitSpec(
    "response.spider.{marker}", needs="responses", title="Spider plot", build=_build, variants=markers
)
