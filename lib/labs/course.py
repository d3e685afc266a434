"""The laboratory figure: every patient's values of one test over time, and median and quartiles of each group.

Bands: between which amounts which CTCAE grade lies, in the unit in which the test is shown.
"""

import math
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.labs.course_chart import Band, LabAxes, grade_bands, lab_chart, labelled, levels
from lib.labs.grades import GradeOptions
from lib.labs.profile import BELOW, LabResult, LabSummary, VisitOptions, course
from lib.labs.series import EARLIER, series_by_slug, slugs
from lib.labs.summary_table import headline, lab_table, notes, printed, title
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.key import keyed
from lib.publication.number import interval, plural, sentences, short
from lib.publication.options import choice, flag
from lib.publication.palette import GRADE_COLOURS, group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SMALL, text_width

FEWEST_FOR_MEDIAN: Final = 2  # the median of one patient is that patient's own line
LEAST_SHARE: Final = 0.1  # a median is drawn where at least this share of the most patients anywhere has a value
CROWDED_SHARE: Final = 0.5  # between days so close that they carry no label: at least this share
MOST_PATIENTS: Final = 60  # of more, single patients are not drawn but the spread of the groups
FEW: Final = 3  # the axis of days ends where so many patients have a value, or a quarter of the most if that is fewer
MOST_POINTS: Final = 2000
STRONGEST, FAINTEST, INK_OF_ALL_LINES, ALONE = 0.4, 0.07, 1.6, 0.95
MEDIAN: Final = ["group", "slot", "at", "amount", "low", "high", "when", "shown", "n"]
MEDIANS, MEANS = "Medians, quartiles", "Means, 95 % CI"


@dataclass(frozen=True)
class CourseOptions(VisitOptions, GradeOptions):
    """How the values of one test are drawn."""

    summary: str = choice(MEDIANS, (MEDIANS, MEANS), "Groups as")
    bands: bool = flag(True, "Bands of grades")
    log: bool = flag(
        None, "Log scale", each_variant=True, usual=lambda analysis, slug: series_by_slug(analysis)[slug].log
    )
    spread_early_days: bool = flag(
        None,
        "Stretch first weeks",
        each_variant=True,
        usual=lambda analysis, slug: series_by_slug(analysis)[slug].spread,
        when=lambda analysis, slug: series_by_slug(analysis)[slug].has_days,
    )


def lab_figure(result: LabResult, options: CourseOptions = CourseOptions()) -> Figure:
    """The figure of one series; the scales as the series itself where the options leave them open."""
    log = result.series.log if options.log is None else options.log
    spread = result.series.spread if options.spread_early_days is None else options.spread_early_days
    visits, mean = result.series.visits if result.by_visit else (), options.summary == MEANS
    version = options.version if options.bands else ""
    axes = LabAxes(result.series.title, visits, log, spread, mean, options.width, _widest(result))
    bands = grade_bands(result, version) if version else ()
    tables = _tables(result, axes, bands)
    return Figure(
        id=f"labs.{result.series.slug}",
        title=title(result),
        chart=keyed(lab_chart(group_colours(result.grouping.groups), axes), result.grouping.groups, "both"),
        tables=tables,
        data=_data(result),
        caption=_caption(result, mean, version if len(tables["band"]) else ""),
        method=_method(result, mean, version if len(tables["band"]) else ""),
        alt=_alt(result),
        notes=(*_drawing_notes(result, axes), *_mean_notes(result, mean), *notes(result)),
        n=result.n,
        numbers=lab_table(result).numbers,
    )


def _widest(result: LabResult) -> float:
    """Pixels of the widest name of a group."""
    return max((text_width(name, SMALL, bold=True) for name in result.grouping.names), default=0.0)


def _end(result: LabResult, axes: LabAxes) -> float:
    """The last day that is drawn: up to which at least a few patients have a value."""
    n = {place.at: sum(each.n for each in result.summaries if each.place == place) for place in result.places}
    if axes.visits or not n:
        return inf
    few = max(1, min(FEW, max(n.values()) // 4))
    last = max(at for at, patients in n.items() if patients >= few)
    return last + max(1.0, last // 10)  # what lies near that day belongs to it


def _tables(result: LabResult, axes: LabAxes, bands: tuple[Band, ...]) -> dict[str, pd.DataFrame]:
    end = _end(result, axes)
    drawn = result.table[result.table["at"] <= end]
    shown = _drawn(drawn if _few(result) else drawn[:0], result, axes.log)
    points = ["patient", "group", "slot", "at", "amount", "when", "shown"]
    alone = ~shown["below"] & ~shown["piece"].duplicated(keep=False)
    reference = [(f"{side[:1].upper()}LN", limit) for side, limit in result.reference_limits.items()]
    detection = [("LOD", limit) for limit in result.detection_limits]
    amounts = [*shown["amount"], *_summarised(result, axes, end), *(limit for _, limit in (*reference, *detection))]
    ticks, under = levels(amounts, axes.log), _under_the_axis(result, axes, end)
    medians = _medians(result, ticks[0], axes)
    medians = medians[medians["at"].isin(_well_sampled(result, under["tick"]["at"])) & (medians["at"] <= end)]
    if not _few(result):
        medians = medians.assign(
            ribbon_low=medians["low"], ribbon_high=medians["high"], low=medians["amount"], high=medians["amount"]
        )
    return {
        "band": _bands(bands, ticks),
        "ribbon": _ribbon(medians),
        "line": shown.loc[~shown["below"] & ~alone, ["patient", "slot", "at", "amount", "piece", "strength"]],
        "single": shown.loc[alone, points],
        "below": shown.loc[shown["below"], points],
        "sample": shown[points],
        "median": medians[MEDIAN],
        "reference": _limits(reference, axes.log),
        "detection": _limits(detection, axes.log),
        "level": pd.DataFrame({"amount": ticks}),
        **under,
        "group": _groups(result),
    }


def _ribbon(medians: pd.DataFrame) -> pd.DataFrame:
    """The spread of each group as a band; nothing where bars show it."""
    if "ribbon_low" not in medians:
        return pd.DataFrame(columns=["slot", "at", "amount", "high"])
    named = {"ribbon_low": "amount", "ribbon_high": "high"}
    return medians[["slot", "at", *named]].rename(columns=named)


def _drawn(table: pd.DataFrame, result: LabResult, log: bool) -> pd.DataFrame:
    """Every value that can be drawn, below a limit at half of it; `piece` parts lines at values below, which are never
    joined."""
    slots = {name: slot for slot, name in enumerate(result.grouping.names)}
    label = {place.at: place.label for place in result.places}
    time = [label[at] if result.by_visit else f"day {at:g}" for at in table["at"]]
    shown = [value_or_limit(*row) for row in zip(table["value"], table["limit"], table["above"], strict=True)]
    n = max(1, table["patient"].nunique())
    table = table.assign(
        amount=table["value"].fillna(table["limit"] / 2),
        slot=table["group"].map(slots),
        when=time,
        shown=shown,
        strength=ALONE if n == 1 else float(np.clip(INK_OF_ALL_LINES / np.sqrt(n), FAINTEST, STRONGEST)),
    )
    table = table[table["amount"].notna() & ((table["amount"] > 0) | (not log))].reset_index(drop=True)
    stretch = table["below"].groupby(table["patient"]).cumsum() if len(table) else table["at"]
    return table.assign(
        piece=table.assign(stretch=stretch).groupby(["patient", "stretch", "below"], sort=False).ngroup()
    )


def value_or_limit(value: float, limit: float, above: bool = False) -> str:
    """One value as it was measured: "> 2,000" above the upper limit of the assay."""
    if not math.isnan(value):
        return f"{'> ' if above else ''}{value:,.6g}"
    return "below limit" if math.isnan(limit) else f"< {short(limit)}"


def _few(result: LabResult) -> bool:
    """Whether single patients are drawn."""
    return result.n <= MOST_PATIENTS and len(result.table) <= MOST_POINTS


def _summarised(result: LabResult, axes: LabAxes, end_day: float) -> list[float]:
    """The ends of all symbols and bars, which the axis has to hold where single values are not drawn."""
    ends = [end for each in result.summaries if each.place.at <= end_day for end in _symbol(each, axes.mean)]
    return [end for end in ends if end is not None and (end > 0 or not axes.log)]


def _symbol(each: LabSummary, mean: bool) -> tuple[float | None, float | None, float | None]:
    """Height, lower and upper end of one symbol."""
    return (
        (each.mean.value, each.mean.low, each.mean.high)
        if mean
        else (each.drawn["median"], each.drawn["q1"], each.drawn["q3"])
    )


def _bands(bands: tuple[Band, ...], ticks: tuple[float, ...]) -> pd.DataFrame:
    """As much of each band as the axis holds."""
    rows = [(f"Grade {band.grade}", max(band.low, ticks[0]), min(band.high, ticks[-1])) for band in bands]
    table = pd.DataFrame(rows, columns=["grade", "amount", "high"]).astype({"amount": float, "high": float})
    return table[table["high"] > table["amount"]].assign(
        paint=lambda rows: rows["grade"].map(GRADE_COLOURS), words=lambda rows: rows["grade"]
    )


def _mean_notes(result: LabResult, mean: bool) -> tuple[str, ...]:
    missing = sum(each.n > 0 and each.mean.value is None for each in result.summaries)
    return (f"{plural(missing, 'mean')} not drawn: {BELOW}.",) if mean and missing else ()


def _drawing_notes(result: LabResult, axes: LabAxes) -> tuple[str, ...]:
    said, end = [], _end(result, axes)
    if n := int((result.table["value"] <= 0).sum()) if axes.log else 0:
        said.append(f"{plural(n, 'value')} of 0 or less: not drawn on the log axis, but in medians and tests.")
    late = result.table[result.table["at"] > end]
    if len(late):
        who = plural(late["patient"].nunique(), "patient")
        said.append(f"{plural(len(late), 'value')} of {who} after day {end:.0f} not drawn: the table has them.")
    if not _few(result):
        said.append(f"Single patients are drawn up to {MOST_PATIENTS} patients and {MOST_POINTS:,} values.")
    return tuple(said)


def _well_sampled(result: LabResult, labelled_at: pd.Series) -> pd.Series:
    """Where medians are drawn: not where few have a value, nor between labels unless many have one. The table holds
    all."""
    n = {place.at: sum(each.n for each in result.summaries if each.place == place) for place in result.places}
    most, labels = max(n.values(), default=0), set(labelled_at)
    shares = {at: LEAST_SHARE if at in labels else CROWDED_SHARE for at in n}
    return pd.Series([at for at in n if n[at] >= shares[at] * most], dtype=float)


def _medians(result: LabResult, lowest: float, axes: LabAxes) -> pd.DataFrame:
    rows = [
        (
            each.group,
            each.slot,
            each.place.at,
            *_symbol(each, axes.mean),
            each.place.label,
            _told(each, axes.mean),
            each.n,
        )
        for each in result.summaries
        if each.n >= FEWEST_FOR_MEDIAN and _symbol(each, axes.mean)[0] is not None
    ]
    table = pd.DataFrame(rows, columns=MEDIAN)
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


def _under_the_axis(result: LabResult, axes: LabAxes, end: float) -> dict[str, pd.DataFrame]:
    """Places, those of them that carry a label, and the number of patients of each group there."""
    place = pd.DataFrame(
        [
            (each.at, axes.labels[int(each.at)] if axes.visits else f"{each.at:g}".replace("-", "−"))
            for each in result.places
            if each.at <= end
        ],
        columns=["at", "label"],
    ).astype({"at": float})
    count = pd.DataFrame(
        [(each.slot, each.place.at, each.n) for each in result.summaries if each.n and each.place.at <= end],
        columns=["slot", "at", "n"],
    ).astype({"slot": int, "at": float, "n": int})
    if axes.visits:
        return {"place": place, "tick": place[["at"]], "count": count}
    total = place["at"].map(count.groupby("at")["n"].sum()).fillna(0).to_numpy(float)
    tick = place.loc[labelled(place["at"].to_numpy(float), total, axes.spread_early_days, axes.plot), ["at"]]
    return {"place": place, "tick": tick, "count": count[count["at"].isin(tick["at"])]}


def _groups(result: LabResult) -> pd.DataFrame:
    n = result.table.groupby("group")["patient"].nunique()
    rows = []
    for slot, group in enumerate(result.grouping.groups):
        count = int(n.get(group.name, 0))
        of = "" if count >= group.size else f" of {group.size}"
        rows.append((slot, f"{group.name} ({count}{of})", group.name))
    return pd.DataFrame(rows, columns=["slot", "label", "name"])


def _data(result: LabResult) -> pd.DataFrame:
    names = ["patient", "group", "day", "visit", "value", "below", "above", "limit", "lower_limit", "upper_limit"]
    return result.table[names].assign(test=result.series.test, unit=result.series.unit)


def _caption(result: LabResult, mean: bool, version: str) -> str:
    """What is drawn."""
    infusion = f" after infusion {result.infusion}" if result.infusion > 1 else ""
    lines = "Thin lines: patients; symbols" if _few(result) else "Symbols"
    bars = "bars" if _few(result) else "band"
    drawn = f"means ({bars}: 95 % CI)" if mean else f"medians ({bars}: quartiles)"
    graded = f" Shaded: grades by {version}." if version else ""
    return f"{result.series.title}{infusion}. {lines}: {drawn}.{graded} Below: patients with a value."


def _method(result: LabResult, mean: bool, version: str) -> str:
    """By which rules."""
    where = (
        "at each visit (the first value of a patient there)"
        if result.by_visit
        else (
            "near each nominal day (within a tenth of it in whole days, at least one: ± 3 at day 28; the nearest value"
            " of a patient)"
        )
    )
    symbol, bars = ("Mean", "95 % confidence interval (t)") if mean else ("Median", "quartiles (R's type 7)")
    said = (
        f"{symbol}s {where} with {bars}, where at least 2 patients of a group have a value. {symbol}s of few patients"
        " (under a tenth of the most; between labelled days, under half of it) stand in the table only."
    )
    if version:
        said += f" Bands: grades 2 to 4 by {version}, from the value alone."
    if result.reference_limits:
        said += " ULN, LLN: upper and lower limit of the reference range."
    if result.table["below"].any():
        said += " Open symbols: below the limit of detection (LOD), drawn at half of it."
    return sentences(said, result.grouping.late(EARLIER))


def _alt(result: LabResult) -> str:
    """The figure for whoever cannot see it."""
    time = "visits" if result.by_visit else "days since infusion"
    return f"Lines of {result.series.label} over {time}, {plural(result.n, 'patient')}. {headline(result)[0]}"


def _build(analysis: Analysis, slug: str, options: CourseOptions) -> Exhibit:
    return lab_figure(course(analysis, slug, options), options)


FIGURE: Final = ExhibitSpec(
    "labs.{test}", "One test over time", needs="labs", variants=slugs, build=_build, options=CourseOptions
)
