"""The tables over which the panels of one patient are drawn: values, axes, limits, lanes of events and therapies,
infusions.
"""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from lib.patient.course import Bar, Lanes
from lib.patient.panel_results import PanelResult
from lib.patient.panels import Axis, axes, height
from lib.publication.log_axis import SUPERSCRIPTS

LONGEST_GAP_DAYS: Final = 60.0  # a line is not drawn across a longer time without a value
INVENTED, PRINTED, DERIVED = "invented", "printed", "derived"
KEY_STEP: Final = 15.0
LINE_OF_WORDS: Final = 11.0  # pixels
NUMBERED_FROM: Final = 1e6  # from here on an amount is printed as a power of ten


def panel_tables(result: PanelResult, pixels: int) -> dict[str, pd.DataFrame]:
    """Every table of the chart; `pixels` of all panels together."""
    placed, scales = _placed(result)
    drawn = placed[placed["y"].notna()]
    points = ["patient", "at", "y", "slot"]
    measured, below = drawn[~drawn["below"]], drawn[drawn["below"]]
    ringed = (measured["origin"] == PRINTED) & bool((drawn["origin"] == INVENTED).any())
    others = _others(result, scales)
    return {
        "line": measured[[*points, "piece"]],
        "point": measured[points],
        "below": below[points],
        "entry": drawn[["patient", "at", "y", "reported", "when", "shown"]],
        "ring": measured[ringed][["at", "y"]],
        "marked": drawn.loc[drawn["origin"] == DERIVED, ["at", "y"]].assign(text=DERIVED),
        "other": others,
        **_frame(result, scales),
        **_limits(result, scales),
        **_lanes(result),
        "rule": _rules(result, scales),
        "infusion": _infusions(result),
        "day": pd.DataFrame({"at": result.days}),
        "span": pd.DataFrame({"at": result.period, "y": [0, pixels]}),
        "axis": pd.DataFrame({"text": [_axis_title(result)]}),
    }


def _placed(result: PanelResult) -> tuple[pd.DataFrame, tuple[Axis, ...]]:
    """Every value with its pixel, its line and its piece of that line; what stands below a limit is never joined."""
    table = result.table
    own = axes(_with_others(result), result.panels, result.logs, result.sizes)
    foot = [own[int(panel)].low for panel in table["panel"]]
    amount = table["value"].fillna(table["limit"]).fillna(pd.Series(foot, index=table.index, dtype=float))
    y = np.full(len(table), np.nan)
    for number, axis in enumerate(own):
        mine = (table["panel"] == number).to_numpy()
        y[mine] = axis.y(amount[mine])
    series = ["panel", "line", "infusion"]
    breaks = (table.groupby(series)["at"].diff() > LONGEST_GAP_DAYS) | table["below"]
    stretch = breaks.groupby([table[name] for name in series]).cumsum() if len(table) else breaks
    piece = table.assign(stretch=stretch).groupby([*series, "stretch"], sort=False).ngroup()
    return (
        table.assign(
            patient=result.seen.patient,
            y=y,
            slot=table["line"],
            piece=piece,
            reported=result.series_names,
            when=[
                f"day {day:g} of infusion {infusion:.0f}"
                for day, infusion in zip(table["day"], table["infusion"], strict=True)
            ],
            shown=[
                _amount_words(*row)
                for row in zip(
                    table["value"], table["limit"], result.units, table["origin"], table["above"], strict=True
                )
            ],
        ),
        own,
    )


def _with_others(result: PanelResult) -> pd.DataFrame:
    """The values that the axes must hold."""
    if result.others is None or result.others.empty:
        return result.table
    columns = ["panel", "value", "below", "limit"]
    grey = result.others.assign(panel=0)[columns]
    return pd.concat([result.table[columns], grey], ignore_index=True) if len(result.table) else grey


def _others(result: PanelResult, scales: tuple[Axis, ...]) -> pd.DataFrame:
    """The grey lines: quantifiable values alone, parted where a value is below its limit."""
    if result.others is None or result.others.empty:
        return pd.DataFrame({"patient": [], "at": [], "y": [], "piece": []})
    rows = result.others
    breaks = rows["below"] | (rows.groupby("patient")["day"].diff() > LONGEST_GAP_DAYS)
    stretched = rows.assign(stretch=breaks.groupby(rows["patient"]).cumsum())
    piece, y = stretched.groupby(["patient", "stretch"], sort=False).ngroup(), scales[0].y(rows["value"])
    table = pd.DataFrame({"patient": rows["patient"], "at": rows["day"], "y": y, "piece": piece})
    return table[~rows["below"] & table["y"].notna()].reset_index(drop=True)


def _frame(result: PanelResult, scales: tuple[Axis, ...]) -> dict[str, pd.DataFrame]:
    """Boxes, titles, levels, keys."""
    panel, title = [], []
    level: list[tuple[float, str]] = []
    for axis, each in zip(scales, result.panels, strict=True):
        panel.append((axis.top, axis.bottom))
        title.append((axis.top, f"{each.label}{' (log scale)' if axis.log else ''}"))
        level += zip(axis.y(pd.Series(axis.levels)), map(_level, axis.levels), strict=True)
    for name, top, bottom, _ in _blocks(result):
        panel.append((top, bottom))
        title.append((top, name))
    return {
        "panel": pd.DataFrame(panel, columns=["y", "y2"]),
        "title": pd.DataFrame(title, columns=["y", "text"]),
        "level": pd.DataFrame(level, columns=["y", "text"]),
        "key": _key(result, scales),
    }


def _key(result: PanelResult, scales: tuple[Axis, ...]) -> pd.DataFrame:
    """The names of the series of each panel that have values; not of one that the panel is named after."""
    measured = set(zip(result.table["panel"], result.table["line"], strict=True))
    key = []
    for number, (axis, each) in enumerate(zip(scales, result.panels, strict=True)):
        for place, line in enumerate(each.lines):
            if (number, place) in measured and (len(each.lines) > 1 or line.name.casefold() != each.name.casefold()):
                key.append((axis.top + 8 + KEY_STEP * place, place, line.name))
    return pd.DataFrame(key, columns=["y", "slot", "text"])


def _level(amount: float) -> str:
    power = np.log10(amount) if amount > 0 else 0.0
    if amount >= NUMBERED_FROM and abs(power - round(power)) < 1e-9:
        return "10" + str(round(power)).translate(SUPERSCRIPTS)
    return f"{amount:,.6g}"


def _limits(result: PanelResult, scales: tuple[Axis, ...]) -> dict[str, pd.DataFrame]:
    """Reference ranges and limits of quantification, as far as they lie on the axis."""
    band, bound, limit = [], [], []
    for number, line, low, high in _constant_limits(result.table):
        axis = scales[number]
        if len(result.panels[number].lines) == 1:
            ends = (np.fmax(low, axis.low), np.fmin(high, axis.high))  # NaN: as far as the axis goes
            band.append(tuple(axis.y(pd.Series(sorted(ends)))))
        else:
            bound += [(y, line) for y in axis.y(pd.Series([low, high])).dropna()]
    stated: dict[int, set[float]] = {}
    for panel, amount in result.table[["panel", "limit"]].dropna().itertuples(index=False):
        stated.setdefault(int(panel), set()).add(amount)
    for number in sorted(stated):
        limit += _limit_rules(scales[number], sorted(stated[number]))
    return {
        "band": pd.DataFrame(band, columns=["y2", "y"]).dropna(),
        "bound": pd.DataFrame(bound, columns=["y", "slot"]),
        "limit": pd.DataFrame(limit, columns=["y", "words"]),
    }


def _limit_rules(axis: Axis, stated: list[float]) -> list[tuple[float, str]]:
    """A rule for each limit; those too near to each other share their words, at the highest."""
    rules: list[tuple[float, str]] = []
    for amount, y in zip(stated, axis.y(pd.Series(stated, dtype=float)), strict=True):
        words = f"limit {amount:,g}"
        if rules and rules[-1][0] - y < LINE_OF_WORDS:
            words, rules[-1] = f"{rules[-1][1]}, {amount:,g}", (rules[-1][0], "")
        rules += [] if pd.isna(y) else [(float(y), words)]
    return rules


def _constant_limits(table: pd.DataFrame) -> Iterator[tuple[int, int, float, float]]:
    """panel, line, lower and upper limit of each series that has one: NaN where not all that state one state the
    same."""
    stated: dict[tuple[int, int], tuple[set[float], set[float]]] = {}
    for panel, line, low, high in table[["panel", "line", "lower_limit", "upper_limit"]].itertuples(index=False):
        lows, highs = stated.setdefault((int(panel), int(line)), (set(), set()))
        lows.update(() if math.isnan(low) else (low,))
        highs.update(() if math.isnan(high) else (high,))
    for place, found in sorted(stated.items()):
        low, high = (each.pop() if len(each) == 1 else math.nan for each in found)
        if not (math.isnan(low) and math.isnan(high)):
            yield *place, low, high


def _blocks(result: PanelResult) -> list[tuple[str, float, float, Lanes]]:
    """The blocks of lanes under the panels: name, top, bottom."""
    gap, lane = result.sizes.gap, result.sizes.lane
    top, blocks = float(height(result.panels, sizes=result.sizes)), []
    for name, lanes in (("Therapies", result.therapies), ("Adverse events, with grade", result.events)):
        if lanes.n:
            blocks.append((name, top + gap, top + gap + lanes.n * lane, lanes))
            top += gap + lanes.n * lane
    return blocks


def _lanes(result: PanelResult) -> dict[str, pd.DataFrame]:
    bars, names = [], []
    for _, top, _, lanes in _blocks(result):
        names += [(top + (place + 0.5) * result.sizes.lane, name) for place, name in enumerate(lanes.names)]
        for bar in lanes.bars:
            kind, text = ("therapy", "") if lanes is result.therapies else _graded(bar)
            y = top + (bar.lane + 0.5) * result.sizes.lane
            bars.append((result.seen.patient, bar.start, bar.end, y, kind, text, bar.reported))
    table = pd.DataFrame(bars, columns=["patient", "at", "end", "y", "kind", "text", "reported"])
    return {
        "bar": table.drop(columns="text"),
        "grade": table[["end", "y", "text"]],
        "lane": pd.DataFrame(names, columns=["y", "text"]),
    }


def _graded(bar: Bar) -> tuple[str, str]:
    return ("Grade not stated", "?") if bar.grade is None else (f"Grade {bar.grade}", str(bar.grade))


def _rules(result: PanelResult, scales: tuple[Axis, ...]) -> pd.DataFrame:
    """A rule at each infusion in every box."""
    boxes = [(axis.top, axis.bottom) for axis in scales] + [block[1:3] for block in _blocks(result)]
    return _infusions(result)[["at"]].merge(pd.DataFrame(boxes, columns=["y", "y2"]), how="cross")


def _infusions(result: PanelResult) -> pd.DataFrame:
    if result.origin is None:
        return pd.DataFrame({"at": [0.0], "words": [""]})
    low, high = result.period
    rows = result.seen.infusions[result.seen.infusions["at"].between(low, high)]
    return pd.DataFrame({"at": rows["at"], "words": [f"infusion {number:.0f}" for number in rows["infusion"]]})


def _axis_title(result: PanelResult) -> str:
    scale = " (square-root scale)" if result.spread else ""
    return f"Days since {'each infusion' if result.origin is None else f'infusion {result.origin}'}{scale}"


def _amount_words(value: float, limit: float, unit: str, origin: str, above: bool = False) -> str:
    """One value as it was measured ("> 2,000" above the upper limit of the assay), with its unit and where it comes
    from.
    """
    if not math.isnan(value):
        said = f"{'> ' if above else ''}{value:,.6g}"
    else:
        said = "below limit" if math.isnan(limit) else f"< {limit:g}"
    return f"{said} {unit}".rstrip() + (f" ({origin})" if origin else "")
