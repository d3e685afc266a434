"""The panels as figures: patient.course, patient.infusions, patient.in_cohort."""

from typing import Final

import numpy as np
import pandas as pd

from lib.patient.panels.chart import ABOVE_PANELS, PanelLook, panel_chart
from lib.patient.panels.lanes import Lanes
from lib.patient.panels.place import Axis, axes, height
from lib.patient.panels.result import PanelResult
from lib.patient.panels.words import alt_text, amount_words, caption, heading, notes, panel_numbers, title
from lib.publication.exhibit import Figure

LONGEST_GAP_DAYS: Final = 60.0  # a line is not drawn across a longer time without a value
INVENTED, PRINTED, DERIVED = "invented", "printed", "derived"
WIDTH: Final = 780
KEY_STEP: Final = 15.0
LINE_OF_WORDS: Final = 11.0  # pixels
NUMBERED_FROM: Final = 1e4  # from here on an amount is printed as a power of ten


def panel_figure(result: PanelResult, name: str, width: int = WIDTH, above: int = ABOVE_PANELS) -> Figure:
    """One of the three figures; `name` is its id, `above` the room for its heading."""
    pixels = height(result.panels, result.therapies.n, result.events.n, sizes=result.sizes)
    return Figure(
        id=name, title=title(name), chart=panel_chart(PanelLook(pixels, result.spread, width=width, above=above)), tables=_tables(result, pixels),
        data=_data(result), caption=caption(result, name), alt=alt_text(result), notes=notes(result, name),
        n=1 + (result.others["patient"].nunique() if result.others is not None else 0), numbers=panel_numbers(result),
    )  # fmt: skip


def _tables(result: PanelResult, pixels: int) -> dict[str, pd.DataFrame]:
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
        "entry": drawn[["patient", "at", "y", "told", "when", "shown"]],
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
        "heading": pd.DataFrame({"text": [heading(result)]}),
    }


def _placed(result: PanelResult) -> tuple[pd.DataFrame, tuple[Axis, ...]]:
    """Every value with its pixel, its line and its piece of that line; what stands below a limit is never joined."""
    table = result.table
    own = axes(_with_others(result), result.panels, result.logs, result.sizes)
    foot = [own[int(panel)].low for panel in table["panel"]]
    amount = table["value"].fillna(table["limit"]).fillna(pd.Series(foot, index=table.index, dtype=float))
    y = pd.Series(np.nan, index=table.index)
    for number, axis in enumerate(own):
        mine = table["panel"] == number
        y = y.mask(mine, axis.y(amount))
    series = ["panel", "line", "infusion"]
    breaks = (table.groupby(series)["at"].diff() > LONGEST_GAP_DAYS) | table["below"]
    stretch = breaks.groupby([table[name] for name in series]).cumsum() if len(table) else breaks
    piece = table.assign(stretch=stretch).groupby([*series, "stretch"], sort=False).ngroup()
    names = [
        result.panels[int(panel)].lines[int(line)].name
        for panel, line in zip(table["panel"], table["line"], strict=True)
    ]
    units = [result.panels[int(panel)].unit for panel in table["panel"]]
    return table.assign(
        patient=result.seen.patient, y=y, slot=table["line"], piece=piece, told=names,
        when=[f"day {day:g} of infusion {infusion:.0f}" for day, infusion in zip(table["day"], table["infusion"], strict=True)],
        shown=[amount_words(*row) for row in zip(table["value"], table["limit"], units, table["origin"], table["above"], strict=True)],
    ), own  # fmt: skip


def _with_others(result: PanelResult) -> pd.DataFrame:
    """The values that the axes must hold."""
    if result.others is None or result.others.empty:
        return result.table
    grey = result.others.assign(panel=0)[["panel", "value", "below", "limit"]]
    return (
        pd.concat([result.table[["panel", "value", "below", "limit"]], grey], ignore_index=True)
        if len(result.table)
        else grey
    )


def _others(result: PanelResult, scales: tuple[Axis, ...]) -> pd.DataFrame:
    """The grey lines: quantifiable values alone, parted where a value is below its limit."""
    if result.others is None or result.others.empty:
        return pd.DataFrame({"patient": [], "at": [], "y": [], "piece": []})
    rows = result.others
    breaks = rows["below"] | (rows.groupby("patient")["day"].diff() > LONGEST_GAP_DAYS)
    piece = (
        rows.assign(stretch=breaks.groupby(rows["patient"]).cumsum())
        .groupby(["patient", "stretch"], sort=False)
        .ngroup()
    )
    table = pd.DataFrame(
        {"patient": rows["patient"], "at": rows["day"], "y": scales[0].y(rows["value"]), "piece": piece}
    )
    return table[~rows["below"] & table["y"].notna()].reset_index(drop=True)


def _frame(result: PanelResult, scales: tuple[Axis, ...]) -> dict[str, pd.DataFrame]:
    """Boxes, titles, levels, keys."""
    blocks = _blocks(result)
    panel = [(axis.top, axis.bottom) for axis in scales] + [(top, bottom) for _, top, bottom, _ in blocks]
    titles = [
        (axis.top, f"{each.label}{' (log scale)' if axis.log else ''}") for axis, each in zip(scales, result.panels, strict=True)
    ] + [(top, name) for name, top, _, _ in blocks]  # fmt: skip
    level = [
        (y, _level(amount))
        for axis in scales
        for amount, y in zip(axis.levels, axis.y(pd.Series(axis.levels)), strict=True)
    ]
    seen = set(zip(result.table["panel"], result.table["line"], strict=True))
    key = [
        (axis.top + 8 + KEY_STEP * place, place, line.name + ("" if (number, place) in seen else " (no values)"))
        for number, (axis, each) in enumerate(zip(scales, result.panels, strict=True))
        for place, line in enumerate(each.lines)
        if result.origin is not None or (number, place) in seen
    ]
    return {
        "panel": pd.DataFrame(panel, columns=["y", "y2"]),
        "title": pd.DataFrame(titles, columns=["y", "text"]),
        "level": pd.DataFrame(level, columns=["y", "text"]),
        "key": pd.DataFrame(key, columns=["y", "slot", "text"]),
    }


def _level(amount: float) -> str:
    power = np.log10(amount) if amount > 0 else 0.0
    if amount >= NUMBERED_FROM and abs(power - round(power)) < 1e-9:
        return "10" + str(round(power)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{amount:,.6g}"


def _limits(result: PanelResult, scales: tuple[Axis, ...]) -> dict[str, pd.DataFrame]:
    """Reference ranges and limits of quantification, as far as they lie on the axis."""
    band, bound, limit = [], [], []
    for number, axis in enumerate(scales):
        rows = result.table[result.table["panel"] == number]
        for _, mine in rows.groupby("line"):
            low, high = (_constant(mine[name]) for name in ("lower_limit", "upper_limit"))
            if low is None and high is None:
                continue
            ends = [
                axis.low if low is None else max(low, axis.low),
                axis.high if high is None else min(high, axis.high),
            ]
            if len(result.panels[number].lines) == 1:
                band.append(tuple(axis.y(pd.Series(sorted(ends)))))
            else:
                given = pd.Series([end for end in (low, high) if end is not None], dtype=float)
                bound += [(y, int(mine["line"].iloc[0])) for y in axis.y(given).dropna()]
        limit += _limit_rules(axis, sorted(set(rows["limit"].dropna())))
    return {
        "band": pd.DataFrame(band, columns=["y2", "y"]).dropna(),
        "bound": pd.DataFrame(bound, columns=["y", "slot"]),
        "limit": pd.DataFrame(limit, columns=["y", "words"]),
    }


def _limit_rules(axis: Axis, stated: list[float]) -> list[tuple[float, str]]:
    """A rule for each limit; those too near to each other share their words, at the highest."""
    rules: list[tuple[float, str]] = []
    for amount, y in zip(stated, axis.y(pd.Series(stated, dtype=float)), strict=True):
        words = f"limit {amount:g}"
        if rules and rules[-1][0] - y < LINE_OF_WORDS:
            words, rules[-1] = f"{rules[-1][1]}, {amount:g}", (rules[-1][0], "")
        rules += [] if pd.isna(y) else [(float(y), words)]
    return rules


def _constant(values: pd.Series) -> float | None:
    """The limit of a series, where all that state one state the same."""
    stated = values.dropna().unique()
    return float(stated[0]) if len(stated) == 1 else None


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
            kind = (
                "therapy"
                if lanes is result.therapies
                else "Grade not stated"
                if bar.grade is None
                else f"Grade {bar.grade}"
            )
            text = "" if lanes is result.therapies else "?" if bar.grade is None else str(bar.grade)
            bars.append(
                (
                    result.seen.patient,
                    bar.start,
                    bar.end,
                    top + (bar.lane + 0.5) * result.sizes.lane,
                    kind,
                    text,
                    bar.told,
                )
            )
    table = pd.DataFrame(bars, columns=["patient", "at", "end", "y", "kind", "text", "told"])
    return {
        "bar": table.drop(columns="text"),
        "grade": table[["end", "y", "text"]],
        "lane": pd.DataFrame(names, columns=["y", "text"]),
    }


def _rules(result: PanelResult, scales: tuple[Axis, ...]) -> pd.DataFrame:
    """A rule at each infusion in every box."""
    boxes = pd.DataFrame(
        [(axis.top, axis.bottom) for axis in scales] + [block[1:3] for block in _blocks(result)], columns=["y", "y2"]
    )
    return _infusions(result)[["at"]].merge(boxes, how="cross")


def _infusions(result: PanelResult) -> pd.DataFrame:
    if result.origin is None:
        return pd.DataFrame({"at": [0.0], "words": [""]})
    low, high = result.period
    rows = result.seen.infusions[result.seen.infusions["at"].between(low, high)]
    return pd.DataFrame({"at": rows["at"], "words": [f"infusion {number:.0f}" for number in rows["infusion"]]})


def _axis_title(result: PanelResult) -> str:
    scale = " (square-root scale)" if result.spread else ""
    return f"Days since {'each infusion' if result.origin is None else f'infusion {result.origin}'}{scale}"


def _data(result: PanelResult) -> pd.DataFrame:
    table = result.table
    names = [result.panels[int(panel)].name for panel in table["panel"]]
    lines = [
        result.panels[int(panel)].lines[int(line)].name
        for panel, line in zip(table["panel"], table["line"], strict=True)
    ]
    units = [result.panels[int(panel)].unit for panel in table["panel"]]
    kept = table[["infusion", "day", "at", "value", "below", "limit", "origin"]].rename(columns={"at": "day_on_axis"})
    return kept.assign(patient=result.seen.patient, panel=names, series=lines, unit=units)
