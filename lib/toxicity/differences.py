"""The dot plot: the share of each group with a term on the left, the difference to the reference with its interval on
the right.

Drawn over the tables grid, tick, zero, term, dot, range, value, column, beside, group, heading. Both panels stand in
one view whose x runs from 0 to 1, so that no panel can drift from its rows. The chart depends on the number of terms
and groups of the opened cohort, never on the selection.
"""

from functools import cache
from typing import Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure, Numbers
from lib.publication.key import group_names, with_key
from lib.publication.number import count, p_value
from lib.publication.palette import FAINT_INK, GRID, GROUP_SHAPES, INK, group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.theme import HOVER, Specification, keeps, publish, table
from lib.toxicity.captions import caption, in_period, printed_difference
from lib.toxicity.contrasts import DifferenceOptions, Differences, contrast_tests, contrasts_of, heading, notes
from lib.toxicity.events import are_compared, noted_until, terms_with_room
from lib.toxicity.worst_grades import term_labels

SHARE_PANEL: Final = (0.0, 0.46)  # where each panel stands on x
DIFFERENCE_PANEL: Final = (0.56, 1.0)
WORDS_AT: Final = 12  # pixels behind the panels: the words of the difference, aligned left
HEAD_OF_WORDS: Final = 130  # aligned right
P_AT: Final = 208  # aligned right
ROW_HEIGHT: Final = 16  # pixels
TERM_GAP: Final = 0.35  # of a row
RANGES: Final = (0.25, 0.5, 1.0)  # how far the axis of differences reaches either way
DODGE: Final = 0.2  # of a row between the dots of two groups: equal shares do not hide each other
SHARE_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
COLUMNS: Final = (
    ("term", ""),
    ("threshold", ""),
    ("group", ""),
    ("n", "patients"),
    ("of", "patients"),
    ("reference", ""),
    ("n_reference", "patients"),
    ("of_reference", "patients"),
    ("difference", "share"),
    ("low", "share"),
    ("high", "share"),
    ("p", ""),
    ("reason", ""),
)


def differences_figure(result: Differences) -> Figure:
    """One row a term; with several groups compared, one line of differences for each within it."""
    incidence, names = result.incidence, result.incidence.grouping.names
    colours = group_colours([group.colour for group in incidence.grouping.groups])
    values = _values(result)
    what = f"{result.threshold}{in_period(incidence, ', ')}"
    return Figure(
        id="toxicity.differences",
        title=f"Adverse events, {what}: differences by {incidence.grouping.label}",
        chart=with_key(
            differences_chart(max(1, len(result.rows)), colours),
            group_names(incidence.grouping.groups),
            colours,
            "point",
        ),
        tables={
            **_panel_tables(result),
            "term": _terms(result),
            "dot": _dots(result),
            "range": _ranges(values, result),
            "value": values,
            "group": pd.DataFrame(
                [(slot, f"{name} ({of})") for slot, (name, of) in enumerate(zip(names, incidence.of, strict=True))],
                columns=["slot", "label"],
            ),
            "heading": pd.DataFrame({"text": [heading(result)]}),
        },
        data=_tidy(result),
        caption=f"{caption(incidence)} Right: difference to {incidence.grouping.reference_name} with its "
        f"{incidence.frame.interval} 95 % interval; p: Fisher's exact test of the two groups, two-sided.",
        alt=_alt(result),
        notes=notes(result),
        n=incidence.n,
        numbers=_numbers(result),
        tests=contrast_tests(result),
    )


def _row_middle(result: Differences, place: int) -> float:
    lines = max(1, len(result.others))
    return place * (lines + TERM_GAP) + (lines + TERM_GAP) / 2


def _terms(result: Differences) -> pd.DataFrame:
    rows = [(row.term, _row_middle(result, place)) for place, row in enumerate(result.rows)]
    return pd.DataFrame(rows, columns=["term", "middle"])


def _dots(result: Differences) -> pd.DataFrame:
    low, high = SHARE_PANEL
    rows = []
    for place, row in enumerate(result.rows):
        for slot, (name, n, of) in enumerate(zip(result.incidence.grouping.names, row.n, row.of, strict=True)):
            if of:
                middle = _row_middle(result, place) + DODGE * (slot - (len(row.of) - 1) / 2)
                rows.append((row.term, name, slot, count(n, of), low + (high - low) * n / of, middle))
    return pd.DataFrame(rows, columns=["term", "group", "slot", "words", "x", "middle"])


def reach(result: Differences) -> float:
    """How far the axis of differences goes either way: the smallest range that holds every interval."""
    ends = [
        abs(end) for each in result.contrasts for end in (each.difference.low, each.difference.high) if end is not None
    ]
    return next(span for span in RANGES if max(ends, default=0.0) <= span + 1e-12)


def _at(difference: float, span: float) -> float:
    low, high = DIFFERENCE_PANEL
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
        words, p = printed_difference(each.difference), p_value(each.test.p)
        rows.append((each.term, each.slot, value, middle, words, p))
    return pd.DataFrame(rows, columns=["term", "slot", "x", "middle", "words", "p"])


def _ranges(values: pd.DataFrame, result: Differences) -> pd.DataFrame:
    span, rows = reach(result), []
    for middle, each in zip(values["middle"], result.contrasts, strict=True):
        if each.difference.low is not None and each.difference.high is not None:
            rows.append((each.slot, _at(each.difference.low, span), _at(each.difference.high, span), middle))
    return pd.DataFrame(rows, columns=["slot", "x", "end", "middle"])


def _panel_tables(result: Differences) -> dict[str, pd.DataFrame]:
    """Grid, ticks and the words under the panels."""
    low, high = SHARE_PANEL
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
    beside = [(HEAD_OF_WORDS, f"95 % CI\n({result.incidence.frame.interval})"), (P_AT, "p\n(Fisher)")]
    return {
        "grid": pd.DataFrame({"x": [x for x, _ in ticks]}),
        "tick": pd.DataFrame(ticks, columns=["x", "label"]),
        "zero": pd.DataFrame({"x": [_at(0, span)]}),
        "column": pd.DataFrame(columns, columns=["x", "label"]),
        "beside": pd.DataFrame(beside, columns=["pixels", "label"]),
    }


def _tidy(result: Differences) -> pd.DataFrame:
    rows = [
        (*row, each.test.reason)
        for row, each in zip(_rows(result, result.incidence.grouping.names), result.contrasts, strict=True)
    ]
    return pd.DataFrame(rows, columns=[name for name, _ in COLUMNS])


def _numbers(result: Differences) -> Numbers:
    rows = zip(_rows(result, result.incidence.grouping.levels), result.contrasts, strict=True)
    reasons = tuple((*row, each.test.reason or each.difference.reason or None) for row, each in rows)
    return Numbers(COLUMNS, reasons)


def _rows(result: Differences, names: tuple[str, ...]) -> list[tuple[object, ...]]:
    """One row a contrast, its groups called by these names; the reason is for the caller to add."""
    reference = names[result.incidence.frame.reference]
    return [
        (
            each.term,
            each.threshold,
            names[each.slot],
            each.n,
            each.of,
            reference,
            each.n_reference,
            each.of_reference,
            each.difference.value,
            each.difference.low,
            each.difference.high,
            each.test.p,
        )
        for each in result.contrasts
    ]


def _alt(result: Differences) -> str:
    listed = "; ".join(
        f"{each.term} {count(each.n, each.of)} v {count(each.n_reference, each.of_reference)}, difference "
        f"{printed_difference(each.difference)}"
        for each in result.contrasts
    )
    return (
        "Dot plot of the share of patients with each adverse event by group, and of the differences in "
        f"percentage points: {listed}."
    )


@cache
def differences_chart(n_terms: int, colours: tuple[str, ...]) -> Specification:
    """The specification for this many terms and groups."""
    rows = n_terms * (max(1, len(colours) - 1) + TERM_GAP)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    down = alt.Scale(domain=[0, rows], nice=False, reverse=True)
    y = alt.Y("middle:Q", scale=down, axis=None)
    slots = alt.Scale(domain=list(range(len(colours))), range=list(colours))
    layers = [*_panels(x), *_marks(x, y, slots, len(colours)), *_labels(y), keeps("group"), keeps("heading")]
    chart = alt.layer(*layers).resolve_scale(color="independent", shape="independent")
    return publish(chart, width=780, height=int(150 + ROW_HEIGHT * rows))


def _panels(x: alt.X) -> list[alt.Chart]:
    """Grid lines, the line of no difference, and what stands under each panel."""
    labels = table("tick").mark_text(fontSize=11, baseline="top", clip=False, color=INK)
    columns = table("column").mark_text(
        fontSize=12, baseline="top", clip=False, color=INK, lineBreak="\n", lineHeight=14
    )
    return [
        table("grid").mark_rule(color=GRID).encode(x=x),
        table("zero").mark_rule(color=INK, strokeWidth=1).encode(x=x),
        labels.encode(x=x, y=alt.YValue(alt.ExprRef("height + 6")), text=alt.Text("label:N")),
        columns.encode(x=x, y=alt.YValue(alt.ExprRef("height + 24")), text=alt.Text("label:N")),
    ]


def _marks(x: alt.X, y: alt.Y, slots: alt.Scale, n_groups: int) -> list[alt.Chart]:
    """A dot a group on the left; a diamond with its interval for each group but the reference on the right."""
    colour = alt.Color("slot:N", title=None, scale=slots, legend=None)
    shapes = alt.Scale(domain=list(range(n_groups)), range=list(GROUP_SHAPES[:n_groups]))
    shape = alt.Shape("slot:N", title=None, scale=shapes, legend=None)
    quiet = alt.Color("slot:N", scale=slots, legend=None)
    dots = table("dot").mark_point(size=62, filled=True, opacity=1)
    tooltip = [
        alt.Tooltip("term:N", title="Event"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("words:N", title="Patients"),
    ]
    return [
        table("range").mark_rule(strokeWidth=1.6).encode(x=x, x2=alt.X2("end:Q"), y=y, color=quiet),
        table("value").mark_point(size=58, filled=True, opacity=1, shape="diamond").encode(x=x, y=y, color=quiet),
        dots.encode(x=x, y=y, color=colour, shape=shape),
        table("dot", HOVER).mark_point(size=160, opacity=0, filled=True).encode(x=x, y=y, tooltip=tooltip),
    ]


def _labels(y: alt.Y) -> list[alt.Chart]:
    """Terms in front; differences and p behind, in pixels, so that a narrow screen does not push them together."""
    words = table("value").mark_text(align="left", baseline="middle", fontSize=11, clip=False)
    p_values = table("value").mark_text(align="right", baseline="middle", fontSize=11, clip=False)
    heads = table("beside").mark_text(
        fontSize=12, baseline="top", align="right", clip=False, color=INK, lineBreak="\n", lineHeight=14
    )
    return [
        term_labels().encode(x=alt.XValue(-14), y=y),
        words.encode(x=_behind(f"{WORDS_AT}"), y=y, text=alt.Text("words:N"), color=alt.ColorValue(FAINT_INK)),
        p_values.encode(x=_behind(f"{P_AT}"), y=y, text=alt.Text("p:N"), color=alt.ColorValue(INK)),
        heads.encode(x=_behind("datum.pixels"), y=alt.YValue(alt.ExprRef("height + 24")), text=alt.Text("label:N")),
    ]


def _behind(pixels: str) -> alt.XValue:
    return alt.XValue(alt.ExprRef(f"width + {pixels}"))


def _differences(analysis: Analysis, options: DifferenceOptions) -> Exhibit:
    found = contrasts_of(analysis, options, terms_with_room(analysis, options))
    return noted_until(analysis, options, differences_figure(found))


DIFFERENCES: Final = ExhibitSpec(
    "toxicity.differences",
    "Differences between groups",
    needs="adverse_events",
    build=_differences,
    options=DifferenceOptions,
    when=are_compared,
)
