"""The figure of recovery: step curves with log-log limits, numbers not yet recovered under the axis."""

from typing import Final

import pandas as pd

from lib.labs.recovery.result import Recovery
from lib.labs.recovery.words import alt_text, caption, heading, notes, numbers, tests, title
from lib.publication.exhibit import Figure
from lib.publication.key import group_names, with_key
from lib.publication.palette import group_colours
from lib.publication.step_chart import IncidenceWords, incidence_chart
from lib.publication.step_curve import closed_band

COLUMNS: Final = ["group", "time", "incidence", "low", "high", "n_at_risk", "events", "slot"]
NOBODY_LEFT: Final = 1e-8
WORDS: Final = IncidenceWords(
    "the first value below the threshold", "Recovered (cumulative incidence)", "Recovered", "Not yet recovered"
)


def recovery_figure(result: Recovery, slug: str) -> Figure:
    """The curves are drawn to the horizon; estimates and the test use the whole follow-up."""
    curve, grouping = _curves(result), result.grouping
    slots = {name: slot for slot, name in enumerate(grouping.names)}
    colours = group_colours([group.colour for group in grouping.groups])
    counts = result.counts.assign(text=result.counts["at_risk"].astype(str), slot=result.counts["group"].map(slots))
    return Figure(
        id=f"labs.{slug}.recovery", title=title(result),
        chart=with_key(incidence_chart(WORDS, colours), group_names(grouping.groups), colours),
        tables={
            "curve": curve, "band": closed_band(curve), "counts": counts, "group": _groups(result),
            "tick": pd.DataFrame({"time": result.ticks}), "heading": pd.DataFrame({"text": [heading(result)]}),
        },
        data=result.patients, caption=caption(result), alt=alt_text(result), notes=notes(result), n=result.n, numbers=numbers(result),
        tests=tests(result),
    )  # fmt: skip


def _curves(result: Recovery) -> pd.DataFrame:
    """One row a group and time up to the horizon, closed there by a row of the last value."""
    tables = []
    for slot, group in enumerate(result.groups):
        curve = group.curve
        if not curve.n:
            continue
        table = pd.DataFrame(
            {"group": group.name, "time": curve.time, "incidence": curve.incidence, "low": curve.low, "high": curve.high,
             "n_at_risk": curve.n_at_risk, "events": curve.events, "slot": slot}
        )  # fmt: skip
        within = table[table["time"] <= result.horizon]
        if len(within) < len(table) or curve.free[-1] < NOBODY_LEFT:
            within = pd.concat([within, within.tail(1).assign(time=result.horizon, events=0.0)], ignore_index=True)
        tables.append(within)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)


def _groups(result: Recovery) -> pd.DataFrame:
    rows = [
        (slot, f"{group.name} ({group.n_below} of {group.n_measured})", group.name if result.grouping.compares else "All patients")
        for slot, group in enumerate(result.groups)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["slot", "label", "name"])
