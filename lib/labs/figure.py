"""The laboratory figure: every patient's values of one test, and median and quartiles of each group."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.ctcae import V5
from lib.labs.bands import Band, grade_bands
from lib.labs.chart import LabAxes, lab_chart
from lib.labs.profile import BELOW, LabSummary
from lib.labs.result import LabResult
from lib.labs.scale import labelled, levels
from lib.labs.words import alt_text, caption, notes, numbers, printed, title, value_or_limit
from lib.publication.exhibit import Figure
from lib.publication.key import group_names, with_key
from lib.publication.number import interval, plural, short
from lib.publication.palette import GRADE_COLOURS, group_colours

FEWEST_FOR_MEDIAN: Final = 2  # the median of one patient is that patient's own line
LEAST_SHARE: Final = 0.1  # a median is drawn where at least this share of the most patients anywhere has a value
CROWDED_SHARE: Final = 0.5  # between days so close that they carry no label: at least this share
MOST_PATIENTS: Final = 120  # of more, single patients are not drawn
MOST_POINTS: Final = 2000
STRONGEST, FAINTEST, INK_OF_ALL_LINES = 0.4, 0.07, 1.6


@dataclass(frozen=True)
class LabOptions:
    """How values are drawn; `log` and `spread_early_days` None: as the series itself."""

    log: bool | None = None
    spread_early_days: bool | None = None
    mean: bool = False  # means with 95 % intervals in place of medians with quartiles
    bands: str = V5  # the version of CTCAE whose grades are bands; "" for none


def lab_figure(result: LabResult, options: LabOptions = LabOptions()) -> Figure:
    """The figure of one series."""
    log = result.series.log if options.log is None else options.log
    spread = result.series.spread if options.spread_early_days is None else options.spread_early_days
    visits = result.series.visits if result.by_visit else ()
    axes = LabAxes(result.series.label, visits, log, spread, options.mean)
    bands = grade_bands(result, options.bands) if options.bands else ()
    left_out = int((result.table["value"] <= 0).sum()) if log else 0
    tables = _tables(result, axes, bands, options.bands)
    colours = group_colours([group.colour for group in result.grouping.groups])
    return Figure(
        id=f"labs.{result.series.slug}", title=title(result),
        chart=with_key(lab_chart(colours, axes), group_names(result.grouping.groups), colours, "both"), tables=tables,
        data=_data(result), caption=caption(result, options.mean, options.bands if len(tables["band"]) else ""), alt=alt_text(result),
        notes=(*_drawing_notes(left_out, result), *_mean_notes(result, options.mean), *notes(result)), n=result.n, numbers=numbers(result),
    )  # fmt: skip


def _tables(result: LabResult, axes: LabAxes, bands: tuple[Band, ...], version: str) -> dict[str, pd.DataFrame]:
    shown = _drawn(result.table if _few(result) else result.table[:0], result, axes.log)
    points = ["patient", "group", "slot", "at", "amount", "when", "shown"]
    alone = ~shown["below"] & ~shown["piece"].duplicated(keep=False)
    reference = [(f"{side[:1].upper()}LN", limit) for side, limit in result.reference_limits.items()]
    detection = [("LOD", limit) for limit in result.detection_limits]
    amounts = [*shown["amount"], *_summarised(result, axes), *(limit for _, limit in (*reference, *detection))]
    ticks, under = levels(amounts, axes.log), _under_the_axis(result, axes)
    visible = _bands(bands, ticks)
    medians = _medians(result, ticks[0], axes)
    return {
        "band": visible,
        "line": shown.loc[~shown["below"] & ~alone, ["patient", "slot", "at", "amount", "piece", "strength"]],
        "single": shown.loc[alone, points],
        "below": shown.loc[shown["below"], points],
        "sample": shown[points],
        "median": medians[medians["at"].isin(_well_sampled(result, under["tick"]["at"]))],
        "reference": _limits(reference, axes.log),
        "detection": _limits(detection, axes.log),
        "level": pd.DataFrame({"amount": ticks}),
        **under,
        "group": _groups(result),
        "heading": pd.DataFrame({"text": [_heading(result, version if len(visible) else "")]}),
    }


def _drawn(table: pd.DataFrame, result: LabResult, log: bool) -> pd.DataFrame:
    """Every value that can be drawn, below a limit at half of it; `piece` parts lines at values below, which are never joined."""
    slots = {name: slot for slot, name in enumerate(result.grouping.names)}
    label = {place.at: place.label for place in result.places}
    time = [label[at] if result.by_visit else f"day {at:g}" for at in table["at"]]
    shown = [value_or_limit(*row) for row in zip(table["value"], table["limit"], table["above"], strict=True)]
    n = max(1, table["patient"].nunique())
    table = table.assign(
        amount=table["value"].fillna(table["limit"] / 2), slot=table["group"].map(slots), when=time, shown=shown,
        strength=float(np.clip(INK_OF_ALL_LINES / np.sqrt(n), FAINTEST, STRONGEST)),
    )  # fmt: skip
    table = table[table["amount"].notna() & ((table["amount"] > 0) | (not log))].reset_index(drop=True)
    stretch = table["below"].groupby(table["patient"]).cumsum() if len(table) else table["at"]
    return table.assign(
        piece=table.assign(stretch=stretch).groupby(["patient", "stretch", "below"], sort=False).ngroup()
    )


def _few(result: LabResult) -> bool:
    """Whether single patients are drawn."""
    return result.n <= MOST_PATIENTS and len(result.table) <= MOST_POINTS


def _summarised(result: LabResult, axes: LabAxes) -> list[float]:
    """The ends of all symbols and bars, which the axis has to hold where single values are not drawn."""
    ends = [end for each in result.summaries for end in _symbol(each, axes.mean)]
    return [end for end in ends if end is not None and (end > 0 or not axes.log)]


def _symbol(each: LabSummary, mean: bool) -> tuple[float | None, float | None, float | None]:
    """Height, lower and upper end of one symbol."""
    return (each.mean.value, each.mean.low, each.mean.high) if mean else (each.drawn["median"], each.drawn["q1"], each.drawn["q3"])  # fmt: skip


def _bands(bands: tuple[Band, ...], ticks: tuple[float, ...]) -> pd.DataFrame:
    """As much of each band as the axis holds."""
    rows = [(f"Grade {band.grade}", max(band.low, ticks[0]), min(band.high, ticks[-1])) for band in bands]
    table = pd.DataFrame(rows, columns=["grade", "amount", "high"]).astype({"amount": float, "high": float})
    return table[table["high"] > table["amount"]].assign(
        paint=lambda rows: rows["grade"].map(GRADE_COLOURS), words=lambda rows: rows["grade"]
    )


def _heading(result: LabResult, version: str) -> str:
    bands = f". Bands: grades by {version}" if version else ""
    return f"{result.series.test}: {plural(result.n, 'patient')} with values{bands}"


def _mean_notes(result: LabResult, mean: bool) -> tuple[str, ...]:
    missing = sum(each.n > 0 and each.mean.value is None for each in result.summaries)
    return (f"{plural(missing, 'mean')} not drawn: {BELOW}.",) if mean and missing else ()


def _drawing_notes(n_not_positive: int, result: LabResult) -> tuple[str, ...]:
    said = []
    if n_not_positive:
        said.append(
            f"{plural(n_not_positive, 'value')} of 0 or less: not drawn on the log axis, but in medians and tests."
        )
    if not _few(result):
        said.append(
            f"{plural(result.n, 'patient')} with {plural(len(result.table), 'value')}: groups only. Single patients are drawn up to "
            f"{MOST_PATIENTS} patients and {MOST_POINTS:,} values."
        )
    return tuple(said)


def _well_sampled(result: LabResult, labelled_at: pd.Series) -> pd.Series:
    """Where medians are drawn: not where few have a value, nor between labels unless many have one. The table holds all."""
    n = {place.at: sum(each.n for each in result.summaries if each.place == place) for place in result.places}
    most, labels = max(n.values(), default=0), set(labelled_at)
    shares = {at: LEAST_SHARE if at in labels else CROWDED_SHARE for at in n}
    return pd.Series([at for at in n if n[at] >= shares[at] * most], dtype=float)


def _medians(result: LabResult, lowest: float, axes: LabAxes) -> pd.DataFrame:
    rows = [
        (each.group, each.slot, each.place.at, *_symbol(each, axes.mean), each.place.label, _told(each, axes.mean), each.n)
        for each in result.summaries if each.n >= FEWEST_FOR_MEDIAN and _symbol(each, axes.mean)[0] is not None
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["group", "slot", "at", "amount", "low", "high", "when", "shown", "n"])
    table = table.astype({"slot": int, "at": float, "amount": float, "low": float, "high": float, "n": int})
    table = table.assign(low=table["low"].fillna(table["amount"]))
    if not axes.log:
        return table
    return table[table["amount"] > 0].assign(low=lambda rows: rows["low"].clip(lower=lowest))


def _told(each: LabSummary, mean: bool) -> str:
    if mean:
        return f"{short(each.mean.value)} ({interval(each.mean.low, each.mean.high)})"
    return f"{printed(each, 'median')} ({printed(each, 'q1')}–{printed(each, 'q3')})"


def _limits(limits: list[tuple[str, float]], log: bool) -> pd.DataFrame:
    rows = [(limit, f"{words} {short(limit)}") for words, limit in limits if limit > 0 or not log]
    return pd.DataFrame(rows, columns=["amount", "words"]).astype({"amount": float})


def _under_the_axis(result: LabResult, axes: LabAxes) -> dict[str, pd.DataFrame]:
    """Places, those of them that carry a label, and the number of patients of each group there."""
    place = pd.DataFrame([(each.at, each.label) for each in result.places], columns=["at", "label"]).astype(
        {"at": float}
    )
    count = pd.DataFrame(
        [(each.slot, each.place.at, each.n) for each in result.summaries if each.n], columns=["slot", "at", "n"]
    ).astype({"slot": int, "at": float, "n": int})
    if axes.visits:
        return {"place": place, "tick": place[["at"]], "count": count}
    total = place["at"].map(count.groupby("at")["n"].sum()).fillna(0).to_numpy(float)
    tick = place.loc[labelled(place["at"].to_numpy(float), total, axes.spread_early_days), ["at"]]
    return {"place": place, "tick": tick, "count": count[count["at"].isin(tick["at"])]}


def _groups(result: LabResult) -> pd.DataFrame:
    n = result.table.groupby("group")["patient"].nunique()
    rows = []
    for slot, group in enumerate(result.grouping.groups):
        count = int(n.get(group.name, 0))
        of = "" if count >= group.size else f" of {group.size}"
        rows.append((slot, f"{group.name} ({count}{of})"))
    return pd.DataFrame(rows, columns=["slot", "label"])


def _data(result: LabResult) -> pd.DataFrame:
    names = ["patient", "group", "day", "visit", "value", "below", "above", "limit", "lower_limit", "upper_limit"]
    return result.table[names].assign(test=result.series.test, unit=result.series.unit)
