"""The curves within each level of a second variable, side by side: shared axes, the same colours, counts under each axis."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from lib.publication.exhibit import Figure, Numbers, TestLine
from lib.publication.key import group_names, with_key
from lib.publication.number import plural
from lib.publication.palette import group_colours
from lib.survival.bias import bias, bias_heading, bias_notes
from lib.survival.figure import group_rows, survival_tables
from lib.survival.panels.chart import PLOT, PanelGrid, panel_chart
from lib.survival.panels.result import Panel, PanelsResult
from lib.survival.words import alt_text, caption, headline_p, late_entry_notes, numbers, tests, thin_notes

SHARES: Final = (0, 0.25, 0.5, 0.75, 1)
AXIS_TITLE: Final = 36  # pixels under the axis
PANEL_BIAS: Final = "The panels were formed after infusion: what is compared within them is biased by design."
Tables = dict[str, pd.DataFrame]


def panel_figure(found: PanelsResult, limits: bool = True) -> Figure:
    """One panel a level; `limits` draws the confidence bands."""
    whole, outcome = found.whole, found.whole.outcome
    colours = group_colours([group.colour for group in outcome.grouping.groups])
    tables = _tables(found)
    return Figure(
        id=f"survival.{outcome.endpoint}.panels",
        title=_title(found),
        chart=with_key(
            panel_chart(outcome.unit, outcome.label, colours, limits, len(found.panels), outcome.origin),
            group_names(outcome.grouping.groups),
            colours,
        ),
        tables=tables,
        data=tables["curve"].drop(columns=["slot", "thin", "x", "y"]),
        caption=_caption(found, limits),
        alt=" ".join(f"{panel.name}: {alt_text(panel.result)}" for panel in found.panels),
        notes=_notes(found),
        n=whole.n - found.not_stated,
        numbers=_numbers(found),
        tests=tuple(_within(panel, test) for panel in found.panels for test in tests(panel.result)),
    )


def _title(found: PanelsResult) -> str:
    outcome = found.whole.outcome
    by = f" by {outcome.grouping.label}" if outcome.grouping.compares else ""
    return f"{outcome.label}{by} within {found.by.label}"


def _tables(found: PanelsResult) -> Tables:
    grid, last = PanelGrid(len(found.panels), len(found.whole.groups)), found.whole.ticks[-1]
    placed = [
        {name: rows.assign(panel=panel.name) for name, rows in _placed(survival_tables(panel.result), grid, number, last).items()}
        for number, panel in enumerate(found.panels)
    ]  # fmt: skip
    tables = {name: pd.concat([part[name] for part in placed], ignore_index=True) for name in placed[0]}
    for name in ("line", "band"):
        tables[name]["stretch"] = tables[name]["panel"] + " " + tables[name]["stretch"].astype(str)
    heading = pd.DataFrame({"text": [_heading(found)]})
    return {**tables, "group": _group_rows(found, grid), **_furniture(found, grid), "heading": heading}


def _placed(tables: Mapping[str, pd.DataFrame], grid: PanelGrid, number: int, last: float) -> Tables:
    """The tables of one panel that hold times, with the place of each row on the sheet."""
    names = ("line", "band", "curve", "censored", "counts", "tick")
    placed = {name: tables[name].assign(x=grid.left(number) + tables[name]["time"] / last) for name in names}
    top = grid.top(number)
    for name in ("line", "curve", "censored"):
        placed[name]["y"] = top + (1 - placed[name]["survival"]) * PLOT
    placed["band"] = placed["band"].assign(
        y=top + (1 - placed["band"]["low"]) * PLOT, y2=top + (1 - placed["band"]["high"]) * PLOT
    )
    placed["counts"]["y"] = [grid.row(number, row) for row in placed["counts"]["row"]]
    placed["tick"] = placed["tick"].assign(y=top + PLOT, top=top)
    return placed


def _group_rows(found: PanelsResult, grid: PanelGrid) -> pd.DataFrame:
    """The legend (rows 0, 3, ... of the first panel), and the words before the counts of each line of panels."""
    shown = sum(len(panel.result.outcome.table) for panel in found.panels)
    rows = group_rows(found.whole)
    names = {slot: group.name for slot, group in enumerate(found.whole.groups)}
    n = {slot: sum(panel.result.groups[slot].curve.n for panel in found.panels) for slot in names}
    label = [f"{names[slot]} ({n[slot]})" if words == "at risk" else "" for slot, words in zip(rows["slot"], rows["words"], strict=True)]  # fmt: skip
    names_of_rows = rows.assign(label=label, row_label=[names[slot] if text else "" for slot, text in zip(rows["slot"], label, strict=True)])  # fmt: skip
    starts = range(0, len(found.panels), grid.columns) if shown or found.panels else []
    return pd.concat(
        [names_of_rows.assign(y=[grid.row(panel, row) for row in rows["row"]]) for panel in starts], ignore_index=True
    )


def _furniture(found: PanelsResult, grid: PanelGrid) -> Tables:
    """Axes, headings and titles of the panels."""
    frame, panels, sides, shares = [], [], [], []
    for number, panel in enumerate(found.panels):
        left, top = grid.left(number), grid.top(number)
        bottom = top + PLOT
        frame += [(left, left + 1, bottom, bottom), (left, left, top, bottom)]
        panels.append((left, top, left + 0.5, bottom + AXIS_TITLE, panel.name, _said(panel), _test(found, panel)))
        first = number % grid.columns == 0
        sides += [(top + PLOT / 2,)] if first else []
        shares += [(left, bottom - share * PLOT, f"{share:.0%}" if first else "") for share in SHARES]
    return {
        "frame": pd.DataFrame(frame, columns=["x", "x2", "y", "y2"]),
        "panel": pd.DataFrame(panels, columns=["x", "y", "middle", "under", "name", "said", "test"]),
        "side": pd.DataFrame(sides, columns=["y"]),
        "share": pd.DataFrame(shares, columns=["x", "y", "label"]),
    }


def _said(panel: Panel) -> str:
    """How many are in a panel."""
    result = panel.result
    of = plural(result.n, "patient") if result.n >= panel.size else f"{result.n} of {plural(panel.size, 'patient')}"
    return f"{of}, {plural(result.n_events, 'event')}"


def _test(found: PanelsResult, panel: Panel) -> str:
    """The test in the heading of a panel; never a p-value beside a bias."""
    return _logrank(panel) if found.whole.outcome.grouping.compares and not _biased(found) else ""


def _biased(found: PanelsResult) -> bool:
    return bool(bias(found.whole.outcome)) or found.by.known_after_infusion


def _logrank(panel: Panel) -> str:
    test = panel.result.headline
    return f"Log-rank not done: {test.reason}" if test.p is None else f"{headline_p(test)} (n = {test.n})"


def _heading(found: PanelsResult) -> str:
    missing = f" {_not_stated(found)}" if found.not_stated else ""
    of = f"{plural(found.whole.n - found.not_stated, 'patient')} in {plural(len(found.panels), 'panel')}.{missing}"
    late = found.by.known_after_infusion and not found.whole.outcome.grouping.known_after_infusion
    parts = (of, bias_heading(found.whole.outcome), PANEL_BIAS if late else "")
    return "\n".join(part for part in parts if part)


def _not_stated(found: PanelsResult) -> str:
    return f"{found.by.label} not stated: {plural(found.not_stated, 'patient')}, in no panel."


def _caption(found: PanelsResult, limits: bool) -> str:
    missing = f" {_not_stated(found)}" if found.not_stated else ""
    whole = caption(found.whole, limits, marks=False)
    return f"Panels: {found.by.label}. All together: {whole}{missing} Numbers under the axis as in the panel's own analysis."


def _notes(found: PanelsResult) -> tuple[str, ...]:
    grouping = found.whole.outcome.grouping
    said = list(bias_notes(found.whole.outcome))
    if found.by.known_after_infusion:
        said.append(f"{PANEL_BIAS} {found.by.label} became known by day {found.by.known_at:g}.")
    if found.by.time_not_stated:
        said.append(
            f"Time not stated at which {found.by.label} became known: if after infusion, what is compared within the panels is biased."
        )
    if grouping.compares:
        said += [f"{panel.name}: {_logrank(panel)}." for panel in found.panels]
        said.append("p-values of panels are not adjusted for being several, and do not tell whether the panels differ.")
    said += thin_notes(*((f"{panel.name}: ", panel.result) for panel in found.panels))
    said += [f"{panel.name}: {note}" for panel in found.panels for note in late_entry_notes(panel.result)]
    return tuple(said)


def _numbers(found: PanelsResult) -> Numbers:
    parts = [(group.level, numbers(panel.result)) for panel, group in zip(found.panels, found.by.groups, strict=True)]
    columns = (("panel", ""), *parts[0][1].columns)
    return Numbers(columns, tuple((level, *row) for level, part in parts for row in part.rows))


def _within(panel: Panel, test: TestLine) -> TestLine:
    return TestLine(test.name, f"{panel.name}: {test.comparison}", test.statistic, test.df, test.p, test.n, test.reason)
