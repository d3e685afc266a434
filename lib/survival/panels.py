"""The same comparison within each level of a second variable: arm within EMD, one panel a level, side by side.

Every panel is the analysis of its own patients, with its own log-rank test; axis and colours are those of all together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Group, Grouping
from lib.cohort.model import Cohort
from lib.publication.exhibit import Exhibit, Figure, Numbers
from lib.publication.key import keyed
from lib.publication.number import capital, plural
from lib.publication.options import choice
from lib.publication.palette import group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.step_curve import curve_rows
from lib.publication.step_layout import AT_RISK
from lib.publication.text_width import SMALL, broken
from lib.survival.caveats import BIASED, bias, late_entry_notes, thin_notes, undated_notes
from lib.survival.curves import SurvivalResult, curves, survival
from lib.survival.kaplan_meier import (
    PLAIN,
    KaplanMeierOptions,
    Look,
    alt_text,
    caption,
    hazard_and_p,
    method,
    panel_of,
    survival_tables,
)
from lib.survival.outcome import endpoints, parted_by, variables
from lib.survival.panel_sheet import PLOT, PanelGrid, panel_chart
from lib.survival.summary import curve_numbers, curve_tests, headline_p

SHARES: Final = (0, 0.25, 0.5, 0.75, 1)
AXIS_TITLE: Final = 36  # pixels under the axis
PANEL_BIAS: Final = "The panels were formed after infusion: immortal-time bias within them."
TESTS: Final = "p-values of panels are not adjusted for being several, and do not tell whether the panels differ."
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class PanelOptions(KaplanMeierOptions):
    """One panel for each level of a second variable."""

    panels_by: str | None = choice(None, variables, "One panel for each level of", none="nothing")


@dataclass(frozen=True)
class Panel:
    """One level of the second variable, `size` patients of the opened cohort, and the comparison within it."""

    name: str
    size: int
    result: SurvivalResult


@dataclass(frozen=True)
class PanelsResult:
    """`whole` is the comparison of all; `not_stated` of its patients belong to no panel."""

    by: Grouping
    panels: tuple[Panel, ...]
    whole: SurvivalResult
    not_stated: int


def panels(whole: SurvivalResult, cohort: Cohort, by: Grouping) -> PanelsResult:
    """The result parted by another grouping; `cohort` is the selected one, from which the result was computed."""
    outcome = whole.outcome
    level = dict(zip(cohort.patients["patient_id"], by.of(cohort.patients), strict=True))
    levels = outcome.table["patient"].map(level)
    parts = []
    for group in by.groups:
        table = outcome.table[levels == group.name].reset_index(drop=True)
        part = replace(outcome, table=table, n=len(table), left_out=(), deaths_censored=0)
        parts.append(Panel(_name(group, by), group.size, survival(part, cohort, whole.options, whole.ticks)))
    return PanelsResult(by, tuple(parts), whole, int(levels.isna().sum()))


def _name(group: Group, by: Grouping) -> str:
    """A level that stands alone with the name of its variable: "Sex F"; others have it: "EMD yes"."""
    return group.name if group.name != group.level else f"{by.label} {group.name}"


def panel_figure(found: PanelsResult, look: Look = PLAIN) -> Figure:
    """One panel a level."""
    whole, outcome, grid = found.whole, found.whole.outcome, grid_of(found, look)
    groups = outcome.grouping.groups
    curves_of = [curve_rows(panel.result.groups).assign(panel=panel.name) for panel in found.panels]
    by = outcome.grouping.by
    return Figure(
        id=f"survival.{outcome.endpoint}.panels",
        title=f"{outcome.label}{by} within {found.by.label}",
        chart=keyed(panel_chart(outcome.unit, outcome.label, group_colours(groups), grid, outcome.origin), groups),
        tables=_tables(found, grid, look),
        data=pd.concat(curves_of, ignore_index=True).drop(columns=["slot", "thin"]),
        caption=f"Panels: {found.by.label}. {caption(whole, look, marks=False)}",
        method=f"{method(whole, look)} {TESTS}",
        alt=" ".join(f"{panel.name}: {alt_text(panel.result)}" for panel in found.panels),
        notes=_notes(found),
        n=whole.n - found.not_stated,
        numbers=_numbers(found),
        tests=tuple(
            replace(line, comparison=f"{panel.name}: {line.comparison}")
            for panel in found.panels
            for line in curve_tests(panel.result)
        ),
    )


def _numbers(found: PanelsResult) -> Numbers:
    parts = [
        (group.level, curve_numbers(panel.result)) for panel, group in zip(found.panels, found.by.groups, strict=True)
    ]
    columns = (("panel", ""), *parts[0][1].columns)
    return Numbers(columns, tuple((level, *row) for level, part in parts for row in part.rows))


def grid_of(found: PanelsResult, look: Look) -> PanelGrid:
    """The sheet of these panels: names beside the curves do not fit."""
    layout = replace(look.layout(found.whole.outcome.grouping), most_ends=0, blocks=(AT_RISK,))
    return PanelGrid(len(found.panels), layout)


def _missing(found: PanelsResult) -> str:
    return (
        f"{found.by.label} not stated: {plural(found.not_stated, 'patient')}, in no panel." if found.not_stated else ""
    )


def _tables(found: PanelsResult, grid: PanelGrid, look: Look) -> Tables:
    end = found.whole.end
    counts = pd.concat([panel_of(panel.result).under_the_axis(grid.layout)["counts"] for panel in found.panels])
    ticks = replace(grid.layout, width=int(grid.panel_width)).shown_ticks(found.whole.ticks, counts["text"], end)
    placed = [
        {name: rows.assign(panel=panel.name) for name, rows in _placed(panel, grid, number, ticks, end, look).items()}
        for number, panel in enumerate(found.panels)
    ]
    tables = {name: pd.concat([part[name] for part in placed], ignore_index=True) for name in placed[0]}
    for name in ("line", "band"):
        tables[name]["stretch"] = tables[name]["panel"] + " " + tables[name]["stretch"].astype(str)
    heading = pd.DataFrame({"text": [found.whole.outcome.label]})
    return {**tables, "group": _group_rows(found, grid), **_furniture(found, grid), "heading": heading}


def _placed(panel: Panel, grid: PanelGrid, number: int, ticks: Sequence[float], end: float, look: Look) -> Tables:
    """The tables of one panel that hold times, with the place of each row on the sheet."""
    tables = survival_tables(panel.result, look)
    drawn = {**tables, "tick": pd.DataFrame({"time": ticks})}
    drawn["counts"] = panel_of(panel.result).under_the_axis(grid.layout)["counts"]
    drawn["counts"] = drawn["counts"][drawn["counts"]["time"].isin(ticks)]
    names = ("line", "band", "curve", "censored", "counts", "tick")
    placed = {name: drawn[name].assign(x=grid.left(number) + drawn[name]["time"] / end) for name in names}
    top = grid.top(number)
    for name in ("line", "curve", "censored"):
        shift = placed[name].get("beside", 0.0)
        placed[name]["y"] = top + (1 - placed[name]["survival"] - shift) * PLOT
    placed["band"] = placed["band"].assign(
        y=top + (1 - placed["band"]["low"]) * PLOT, y2=top + (1 - placed["band"]["high"]) * PLOT
    )
    each = grid.layout.each
    placed["counts"]["y"] = [grid.row(number, each * (slot + 1)) for slot in placed["counts"]["slot"]]
    placed["tick"] = placed["tick"].assign(y=top + PLOT, top=top)
    return placed


def _group_rows(found: PanelsResult, grid: PanelGrid) -> pd.DataFrame:
    """The key of all panels together, and the names before (or above) the counts."""
    of = [sum(panel.result.groups[slot].curve.n for panel in found.panels) for slot in range(len(found.whole.groups))]
    rows = [
        (
            slot,
            f"{group.name} ({n})",
            group.name if grid.layout.named else "",
            grid.row(panel, grid.layout.each * slot + 1),
        )
        for panel in range(0, len(found.panels), grid.columns if grid.layout.beside else 1)
        for slot, (group, n) in enumerate(zip(found.whole.groups, of, strict=True))
    ]
    return pd.DataFrame(rows, columns=["slot", "label", "name", "y"])


def _furniture(found: PanelsResult, grid: PanelGrid) -> Tables:
    """Axes, headings and titles of the panels."""
    frame, panels, sides, shares = [], [], [], []
    for number, panel in enumerate(found.panels):
        left, top = grid.left(number), grid.top(number)
        bottom = top + PLOT
        frame += [(left, left + 1, bottom, bottom), (left, left, top, bottom)]
        test = "\n".join(broken(_test(found, panel), grid.panel_width, SMALL)[:2])
        panels.append((left, top, left + 0.5, bottom + AXIS_TITLE, f"{panel.name} ({_said(panel)})", test))
        first = number % grid.columns == 0
        sides += [(top + PLOT / 2, grid.row(number, 0))] if first else []
        shares += [(left, bottom - share * PLOT, f"{100 * share:.0f}" if first else "") for share in SHARES]
    return {
        "frame": pd.DataFrame(frame, columns=["x", "x2", "y", "y2"]),
        "panel": pd.DataFrame(panels, columns=["x", "y", "middle", "under", "name", "test"]),
        "side": pd.DataFrame(sides, columns=["y", "head"]),
        "share": pd.DataFrame(shares, columns=["x", "y", "label"]),
    }


def _said(panel: Panel) -> str:
    """How many are in a panel."""
    result = panel.result
    of = plural(result.n, "patient") if result.n >= panel.size else f"{result.n} of {plural(panel.size, 'patient')}"
    return f"{of}, {plural(result.n_events, 'event')}"


def _test(found: PanelsResult, panel: Panel) -> str:
    """The comparison in the heading of a panel; never a p-value beside a bias."""
    if _biased(found):
        return BIASED
    if not found.whole.outcome.grouping.compares:
        return ""
    test = panel.result.headline
    return f"Not compared: {test.reason}" if test.p is None else capital("; ".join(hazard_and_p(panel.result)))


def _biased(found: PanelsResult) -> bool:
    return bool(bias(found.whole.outcome)) or found.by.known_after_infusion


def _logrank(panel: Panel) -> str:
    test = panel.result.headline
    return f"Log-rank not done: {test.reason}" if test.p is None else f"{headline_p(test)} (n = {test.n})"


def _notes(found: PanelsResult) -> tuple[str, ...]:
    grouping = found.whole.outcome.grouping
    said = list(undated_notes(found.whole.outcome.selected_by))
    if found.by.known_after_infusion:
        said.append(f"{PANEL_BIAS} {found.by.label} became known by day {found.by.known_at:g}.")
    if found.by.time_not_stated:
        said.append(
            f"Time not stated at which {found.by.label} became known: if after infusion, what is compared within the"
            " panels is biased."
        )
    if grouping.compares:
        said += [f"{panel.name}: {_logrank(panel)}." for panel in found.panels]
    said += [missing] if (missing := _missing(found)) else []
    said += thin_notes(*((f"{panel.name}: ", panel.result) for panel in found.panels))
    said += [f"{panel.name}: {note}" for panel in found.panels for note in late_entry_notes(panel.result)]
    return tuple(said)


def _panels(analysis: Analysis, endpoint: str, options: PanelOptions) -> Exhibit:
    by = parted_by(analysis, options.panels_by or "")
    found = panels(curves(analysis, endpoint, options), analysis.selected, by)
    return panel_figure(found, options.look_of(*(panel.result for panel in found.panels)))


PANELS: Final = ExhibitSpec(
    "survival.{endpoint}.panels",
    "Curves within the levels of a second variable",
    "endpoints",
    _panels,
    PanelOptions,
    endpoints,
    when=lambda _analysis, _endpoint, options: options.panels_by is not None,
)
