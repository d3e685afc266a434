"""The one look of every figure, on the screen and in files. Every font and size is explicit: Streamlit fills in what is
not.

The font list ends in a generic family, without which the exporter silently drops all text of an unknown font.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import altair as alt

from lib.publication.fitting import declared
from lib.publication.palette import GRID, INK, PAPER
from lib.publication.text_width import FONT, NORMAL, SMALL

HOVER: Final = "hover"  # layers whose name begins so answer the pointer; exporters leave them out
Specification = dict[str, Any]  # a Vega-Lite specification without data


def publish(chart: alt.LayerChart | alt.FacetChart | alt.Chart, width: int, height: int | alt.Step) -> Specification:
    """The chart as a specification; its title is the first `text` of the table "heading".

    `width` and a number as `height` are totals including axes, so that screen and file have the same geometry.
    """
    frame = {
        "width": width,
        "height": height if isinstance(height, int) else height.to_dict(),
        "padding": {"left": 8, "right": 14, "top": 8, "bottom": 8},
        "autosize": {"type": "fit" if isinstance(height, int) else "fit-x", "contains": "padding"},
        "title": _title(),
        "config": _config(),
    }  # set here and not on the chart, of which every change makes a deep copy
    return declared({**chart.to_dict(validate=False), **frame})


@cache
def _config() -> dict[str, Any]:
    """What all figures share, as a specification has it."""
    looks = (
        alt.Chart(alt.NamedData("none"))
        .mark_point()
        .configure(font=FONT, background=PAPER)
        .configure_view(stroke=None)
        # no tooltip of names and values of fields; hidden from screen readers, as the description follows
        .configure_mark(tooltip=None, aria=False)
        .configure_axis(
            aria=False,
            labelFont=FONT,
            titleFont=FONT,
            labelColor=INK,
            titleColor=INK,
            labelFontSize=SMALL,
            titleFontSize=NORMAL,
            titleFontWeight="normal",
            domain=True,
            ticks=True,
            domainColor=INK,
            tickColor=INK,
            gridColor=GRID,
            tickSize=5,
            labelPadding=4,
            titlePadding=8,
        )
        .configure_legend(
            aria=False,
            labelFont=FONT,
            titleFont=FONT,
            labelColor=INK,
            titleColor=INK,
            labelFontSize=NORMAL,
            titleFontSize=NORMAL,
            titleFontWeight="bold",
            labelLimit=280,
        )
        .configure_header(labelFont=FONT, titleFont=FONT, labelColor=INK, titleColor=INK)
        .configure_title(font=FONT, subtitleFont=FONT, color=INK, subtitleColor=INK)
    )
    config: dict[str, Any] = looks.to_dict(validate=False)["config"]
    return config


def _title() -> dict[str, Any]:
    text = alt.ExprRef("length(data('heading')) ? split(data('heading')[0].text, '\\n') : ''")
    title = alt.TitleParams(
        text=text,
        aria=False,
        anchor="start",
        frame="bounds",
        fontSize=NORMAL,
        fontWeight="normal",
        color=INK,
        offset=10,
        lineHeight=16,
    )
    specified: dict[str, Any] = title.to_dict()
    return specified


def table(source: str, name: str = "") -> alt.Chart:
    """A layer without marks over the table `source`; `name` is the layer's own."""
    layer = alt.Chart(alt.NamedData(source))
    return layer.properties(name=name) if name else layer


def tooltips(titles: Mapping[str, str]) -> list[alt.Tooltip]:
    """What is said at the pointer: the title of each field, which is printed as it stands ("day:Q": as a number)."""
    return [alt.Tooltip(field if ":" in field else f"{field}:N", title=title) for field, title in titles.items()]


def by_slot(channel: Any, values: Sequence[Any]) -> Any:
    """A channel, as alt.Color, with the value of each group by its slot; the key says whose it is, no legend."""
    scale = alt.Scale(domain=list(range(len(values))), range=list(values))
    return channel("slot:N", title=None, scale=scale, legend=None)


def labelled(source: str, at: str = "at", **axis: Any) -> alt.Axis:
    """An axis with ticks at the places of a table, labelled as there."""
    places = f"pluck(data('{source}'), '{at}')"
    label = f"pluck(data('{source}'), 'label')[indexof({places}, datum.value)]"
    return alt.Axis(values=alt.ExprRef(places), labelExpr=label, grid=False, **axis)


def text_layer(rows: alt.Chart, field: str, x: Any, y: Any, **style: Any) -> alt.Chart:
    """What stands in a field, also beyond the plot; in ink where the style names no colour."""
    text = rows.mark_text(clip=False, **style).encode(x=x, y=y, text=alt.Text(f"{field}:N"))
    return text if "color" in style else text.encode(color=alt.ColorValue(INK))


def keeps(table: str) -> alt.Chart:
    """An unseen mark over a table: without one, a table that only expressions read is pruned from the chart."""
    return (
        alt.Chart(alt.NamedData(table))
        .mark_point(opacity=0, size=1, aria=False)
        .encode(x=alt.XValue(0), y=alt.YValue(0))
    )
