"""What laboratory values say in words, and their numbers for results.json."""

import math

from lib.labs.profile import LabSummary
from lib.labs.result import LabResult
from lib.publication.exhibit import Numbers, TestLine
from lib.publication.number import above_limit_notes, plural, short


def title(result: LabResult) -> str:
    """The test and how patients are compared."""
    return result.series.test + (f" by {result.grouping.label}" if result.grouping.compares else "")


def headline(result: LabResult) -> tuple[str, str]:
    """From which to which median each group moved, with the time of both; "" as the second part: it is no comparison."""
    if not result.n:
        return "Nobody in this selection has values of this test.", ""
    parts = []
    for name in result.grouping.names:
        if ends := _extremes(result, name):
            who = f"{name} " if result.grouping.compares else ""
            parts.append(who + " to ".join(f"{printed(each, 'median')} ({_when(result, each)})" for each in ends))
    return f"Medians of {result.series.label}, lowest to highest: {'; '.join(parts)}.", ""


def _extremes(result: LabResult, name: str) -> list[LabSummary]:
    """The lowest and the highest median of a group, where at least half as many have a value as anywhere; one if they are the same."""
    of_group = [each for each in result.summaries if each.group == name and each.n]
    most = max((each.n for each in of_group), default=0)
    well_known = [each for each in of_group if 2 * each.n >= most]
    if not well_known:
        return []
    low, high = min(well_known, key=_height), max(well_known, key=_height)
    return [low] if _height(low) == _height(high) else [low, high]


def _height(each: LabSummary) -> float:
    """For comparison only: below a limit that is not stated as lower than everything."""
    drawn = each.drawn["median"]
    return -math.inf if drawn is None else drawn


def _when(result: LabResult, each: LabSummary) -> str:
    return f"{each.place.label if result.by_visit else f'day {each.place.label}'}, n = {each.n}"


def caption(result: LabResult, mean: bool = False, version: str = "") -> str:
    """What is drawn and by which rules."""
    infusion = f" after infusion {result.infusion}" if result.infusion > 1 else ""
    where = (
        "at each visit (the first value of a patient there)"
        if result.by_visit
        else "near each nominal day (within a tenth of it in whole days, at least one: ± 3 at day 28; the nearest value of a patient)"
    )
    symbol, bars = ("mean", "95 % confidence interval (t)") if mean else ("median", "quartiles (R's type 7)")
    said = (
        f"{result.series.label}{infusion}: thin lines, patients (n = {result.n}); symbols, {symbol} {where}; bars, {bars}, "
        "where at least 2 patients of a group have a value. Numbers under the axis: patients with a value. "
        f"{symbol.capitalize()}s of few patients (under a tenth of the most; between labelled days, under half of it) stand in the table only."
    )
    if version:
        said += f" Bands: grades 2 to 4 by {version}, from the value alone."
    if result.reference_limits:
        said += " ULN, LLN: upper and lower limit of the reference range."
    if result.table["below"].any():
        said += " Open symbols: below the limit of detection (LOD), drawn at half of it."
    return said


def notes(result: LabResult) -> tuple[str, ...]:
    """Who and what is left out, what is below a limit, and when groups became known."""
    said = []
    if result.n < result.n_selected:
        said.append(f"{result.n_selected - result.n} of {plural(result.n_selected, 'patient')} without values of this test or without a group.")  # fmt: skip
    if result.n_untimed:
        said.append(f"{plural(result.n_untimed, 'value')} without a {'visit' if result.by_visit else 'day'}: left out.")
    if result.n_repeated:
        said.append(f"{plural(result.n_repeated, 'further value')} of a patient at a visit: left out.")
    below = int(result.table["below"].sum())
    if below:
        unknown = int((result.table["below"] & result.table["limit"].isna()).sum())
        also = f"; the limit of {unknown} is not stated, these are not drawn" if unknown else ""
        said.append(f"{plural(below, 'value')} below the limit of detection: lowest rank in medians and tests{also}.")
    said += above_limit_notes(int(result.table["above"].sum()))
    if result.last:
        said.append(f"Last values of any test, months after infusion, median (range): {_last(result)}.")
    if result.grouping.known_after_infusion:
        said.append(f"{result.grouping.label} became known by day {result.grouping.known_at:g}; values before that day cannot be its effect.")  # fmt: skip
    return tuple(said)


def _last(result: LabResult) -> str:
    """Until when the patients of each group were followed by values."""
    told = []
    for each in result.last:
        name = f"{each.group} " if result.grouping.compares else ""
        lost = f"; {each.n_lost} lost to follow-up not counted" if each.n_lost else ""
        told.append(f"{name}{each.median:.2g} ({each.low:.2g}–{each.high:.2g}), n = {each.n}{lost}")
    return "; ".join(told)


def alt_text(result: LabResult) -> str:
    """The figure for whoever cannot see it."""
    time = "visits" if result.by_visit else "days since infusion"
    return f"Lines of {result.series.label} over {time}, {plural(result.n, 'patient')}. {headline(result)[0]}"


def printed(each: LabSummary, name: str) -> str:
    """One number of a summary, "< 5" below the limit of detection."""
    value = each.numbers[name]
    if value is not None:
        return short(value)
    if not each.n:
        return "–"
    return f"< {short(each.limit)}" if each.drawn[name] is not None else "below limit"


def value_or_limit(value: float, limit: float, above: bool = False) -> str:
    """One value as it was measured: "> 2,000" above the upper limit of the assay."""
    if not math.isnan(value):
        return f"{'> ' if above else ''}{value:,.6g}"
    return "below limit" if math.isnan(limit) else f"< {short(limit)}"


def numbers(result: LabResult) -> Numbers:
    """One row a place and group."""
    level_of = dict(zip(result.grouping.names, result.grouping.levels, strict=True))
    unit = result.series.unit
    columns = (
        ("day", "days"), ("visit", ""), ("group", ""), ("n", "patients"), ("median", unit), ("q1", unit), ("q3", unit), ("min", unit),
        ("max", unit), ("unit", ""), ("n_below_limit", "patients"), ("mean", unit), ("mean_low", unit), ("mean_high", unit), ("reason", ""),
    )  # fmt: skip
    rows = tuple(
        (
            each.place.day, each.place.visit, level_of[each.group], each.n, *(each.numbers[name] for name in ("median", "q1", "q3", "min", "max")),
            unit or None, each.n_below, each.mean.value, each.mean.low, each.mean.high, each.reason or None,
        )
        for each in result.summaries
    )  # fmt: skip
    return Numbers(columns, rows)


def tests(result: LabResult) -> tuple[TestLine, ...]:
    """The comparison of the groups at every place; none where there is one group."""
    if not result.grouping.compares:
        return ()
    groups = " v ".join(result.grouping.names)
    return tuple(
        TestLine(
            each.test.name, f"{_named(result, each.place.label)}: {groups}", each.test.statistic, each.test.df, each.test.p, each.test.n,
            each.test.reason,
        )
        for each in result.comparisons
    )  # fmt: skip


def _named(result: LabResult, label: str) -> str:
    return label if result.by_visit else f"day {label}"
