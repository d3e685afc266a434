"""The dot plot: the share of each group with a term on the left, the difference to the reference with its interval on the right."""

from typing import Final

import pandas as pd

from lib.publication.exhibit import Figure, Numbers, TestLine
from lib.publication.key import group_names, with_key
from lib.publication.number import count, p_value, plural
from lib.publication.palette import group_colours
from lib.toxicity.differences.chart import DIFFERENCES, P_AT, SHARES, TERM_GAP, differences_chart
from lib.toxicity.differences.result import Contrast, Differences
from lib.toxicity.incidence import Incidence
from lib.toxicity.table import difference_words
from lib.toxicity.words import caption, disagreeing, figure_notes, in_period, timing

RANGES: Final = (0.25, 0.5, 1.0)  # how far the axis of differences reaches either way
HEAD_OF_WORDS: Final = 130  # pixels behind the panels
DODGE: Final = 0.2  # of a row between the dots of two groups: equal shares do not hide each other
SHARE_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


def differences_figure(result: Differences) -> Figure:
    """One row a term; with several groups compared, one line of differences for each within it."""
    incidence, names = result.incidence, result.incidence.grouping.names
    colours = group_colours([group.colour for group in incidence.grouping.groups])
    values = _values(result)
    what = f"{result.threshold}{in_period(incidence, ', ')}"
    return Figure(
        id="toxicity.differences", title=f"Adverse events, {what}: differences by {incidence.grouping.label}",
        chart=with_key(differences_chart(max(1, len(result.rows)), colours), group_names(incidence.grouping.groups), colours, "point"),
        tables={
            **_frame(result), "term": _terms(result), "dot": _dots(result), "range": _ranges(values, result), "value": values,
            "group": pd.DataFrame([(slot, f"{name} ({of})") for slot, (name, of) in enumerate(zip(names, incidence.of, strict=True))],
                                  columns=["slot", "label"]),
            "heading": pd.DataFrame({"text": [heading(result)]}),
        },
        data=_tidy(result), caption=f"{caption(incidence)} Right: difference to {incidence.grouping.reference_name} with its "
        f"{incidence.asked.interval} 95 % interval; p: Fisher's exact test of the two groups, two-sided.",
        alt=_alt(result), notes=notes(result), n=incidence.n, numbers=_numbers(result), tests=contrast_tests(result),
    )  # fmt: skip


def heading(result: Differences) -> str:
    """What stands in the figure itself: which events of how many, and what is wrong with the comparison."""
    first = f"Adverse events, {result.threshold}{in_period(result.incidence, ', ')}; {plural(result.incidence.n, 'patient')}."
    return "\n".join(filter(None, [first, timing(result.incidence.grouping)]))


def notes(result: Differences) -> tuple[str, ...]:
    """How many tests there are, where interval and test disagree, which terms are not drawn or not compared."""
    said = [f"p-values are not adjusted for {plural(result.n_tested, 'comparison')}: exploratory."]
    said += disagreeing(result.rows)
    if result.incidence.asked.period.is_whole and timing(result.incidence.grouping):
        said.append(timing(result.incidence.grouping))
    return (*said, *figure_notes(result.incidence, result.terms))


def contrast_tests(result: Differences) -> tuple[TestLine, ...]:
    """Fisher's test of each contrast."""
    return tuple(
        TestLine(each.test.name, f"{each.term}, {each.threshold}: {against(each, result.incidence)}", each.test.statistic,
                 each.test.df, each.test.p, each.test.n, each.test.reason)
        for each in result.contrasts
    )  # fmt: skip


def against(contrast: Contrast, incidence: Incidence) -> str:
    """The two groups of a contrast."""
    return f"{incidence.grouping.names[contrast.slot]} v {incidence.grouping.reference_name}"


def _row_middle(result: Differences, place: int) -> float:
    lines = max(1, len(result.others))
    return place * (lines + TERM_GAP) + (lines + TERM_GAP) / 2


def _terms(result: Differences) -> pd.DataFrame:
    rows = [(row.term, _row_middle(result, place)) for place, row in enumerate(result.rows)]
    return pd.DataFrame(rows, columns=["term", "middle"])


def _dots(result: Differences) -> pd.DataFrame:
    low, high = SHARES
    rows = [
        (
            row.term,
            name,
            slot,
            count(n, of),
            low + (high - low) * n / of,
            _row_middle(result, place) + DODGE * (slot - (len(row.of) - 1) / 2),
        )
        for place, row in enumerate(result.rows)
        for slot, (name, n, of) in enumerate(zip(result.incidence.grouping.names, row.n, row.of, strict=True))
        if of
    ]
    return pd.DataFrame(rows, columns=["term", "group", "slot", "words", "x", "middle"])


def reach(result: Differences) -> float:
    """How far the axis of differences goes either way: the smallest range that holds every interval."""
    ends = [
        abs(end) for each in result.contrasts for end in (each.difference.low, each.difference.high) if end is not None
    ]
    return next(span for span in RANGES if max(ends, default=0.0) <= span + 1e-12)


def _at(difference: float, span: float) -> float:
    low, high = DIFFERENCES
    return low + (high - low) * (difference + span) / (2 * span)


def _values(result: Differences) -> pd.DataFrame:
    """One row a contrast: where its difference stands (NaN where there is none), and its words."""
    span, lines = reach(result), max(1, len(result.others))
    place_of = {row.term: place for place, row in enumerate(result.rows)}
    rows = []
    for each in result.contrasts:
        line = result.others.index(each.slot) - (lines - 1) / 2
        value = float("nan") if each.difference.value is None else _at(each.difference.value, span)
        middle = _row_middle(result, place_of[each.term]) + line
        rows.append(
            (
                each.term,
                each.slot,
                value,
                middle,
                difference_words(each.difference),
                p_value(each.test.p),
            )
        )
    return pd.DataFrame(rows, columns=["term", "slot", "x", "middle", "words", "p"])


def _ranges(values: pd.DataFrame, result: Differences) -> pd.DataFrame:
    span, rows = reach(result), []
    for middle, each in zip(values["middle"], result.contrasts, strict=True):
        if each.difference.low is not None and each.difference.high is not None:
            rows.append((each.slot, _at(each.difference.low, span), _at(each.difference.high, span), middle))
    return pd.DataFrame(rows, columns=["slot", "x", "end", "middle"])


def _frame(result: Differences) -> dict[str, pd.DataFrame]:
    """Grid, ticks and the words under the panels."""
    low, high = SHARES
    span = reach(result)
    ticks = [(low + (high - low) * share, f"{100 * share:g}") for share in SHARE_TICKS]
    ticks += [(_at(part * span, span), f"{100 * part * span:+g}".replace("-", "−")) for part in (-1, -0.5, 0.5, 1)]
    ticks.append((_at(0, span), "0"))
    grouping = result.incidence.grouping
    other = grouping.names[result.others[0]] if len(result.others) == 1 else "Group"
    columns = [
        ((low + high) / 2, "Patients, %"),
        (_at(0, span), f"{other} − {grouping.reference_name},\n% points"),
    ]
    beside = [(HEAD_OF_WORDS, f"95 % CI\n({result.incidence.asked.interval})"), (P_AT, "p\n(Fisher)")]
    return {
        "grid": pd.DataFrame({"x": [x for x, _ in ticks]}),
        "tick": pd.DataFrame(ticks, columns=["x", "label"]),
        "zero": pd.DataFrame({"x": [_at(0, span)]}),
        "column": pd.DataFrame(columns, columns=["x", "label"]),
        "beside": pd.DataFrame(beside, columns=["pixels", "label"]),
    }


def _tidy(result: Differences) -> pd.DataFrame:
    names = result.incidence.grouping.names
    rows = [
        (each.term, each.threshold, names[each.slot], each.n, each.of, result.incidence.grouping.reference_name, each.n_reference,
         each.of_reference, each.difference.value, each.difference.low, each.difference.high, each.test.p, each.test.reason)
        for each in result.contrasts
    ]  # fmt: skip
    columns = [
        "term",
        "threshold",
        "group",
        "n",
        "of",
        "reference",
        "n_reference",
        "of_reference",
        "difference",
        "low",
        "high",
        "p",
        "reason",
    ]
    return pd.DataFrame(rows, columns=columns)


def _numbers(result: Differences) -> Numbers:
    tidy = _tidy(result)
    levels = dict(zip(result.incidence.grouping.names, result.incidence.grouping.levels, strict=True))
    units = {"n": "patients", "of": "patients", "n_reference": "patients", "of_reference": "patients", "difference": "share",
             "low": "share", "high": "share"}  # fmt: skip
    rows = tuple(
        (row["term"], row["threshold"], levels[row["group"]], row["n"], row["of"], levels[row["reference"]], row["n_reference"],
         row["of_reference"], each.difference.value, each.difference.low, each.difference.high, each.test.p,
         each.test.reason or each.difference.reason or None)
        for row, each in zip(tidy.to_dict("records"), result.contrasts, strict=True)
    )  # fmt: skip
    return Numbers(tuple((str(name), units.get(str(name), "")) for name in tidy.columns), rows)


def _alt(result: Differences) -> str:
    told = "; ".join(
        f"{each.term} {count(each.n, each.of)} v {count(each.n_reference, each.of_reference)}, difference {difference_words(each.difference)}"
        for each in result.contrasts
    )
    return f"Dot plot of the share of patients with each adverse event by group, and of the differences in percentage points: {told}."
