"""The timeline of one adverse event: from the first to the last day in each patient, coloured and numbered by grade."""

from typing import Final

import pandas as pd

from lib.publication.exhibit import Figure, Numbers
from lib.publication.key import group_names, with_key
from lib.publication.number import plural
from lib.publication.palette import GRADE_COLOURS, group_colours
from lib.toxicity.timeline.chart import timeline_chart
from lib.toxicity.timeline.result import Timeline
from lib.toxicity.words import timing

SHORTEST: Final = 0.018  # of the axis; a shorter stretch has its digit behind it
NAMES: Final = tuple(GRADE_COLOURS)  # 0 = not stated
SEVERE: Final = 3  # from here on the colour is dark


def timeline_figure(result: Timeline) -> Figure:
    """One lane a patient, in order of group and first day."""
    stretches = _stretches(result)
    span = float(stretches["end"].max() - min(0.0, stretches["start"].min())) if len(stretches) else 1.0
    short = (stretches["end"] - stretches["start"]) < SHORTEST * span
    colours = group_colours([group.colour for group in result.grouping.groups])
    lanes = stretches.drop_duplicates("lane")[["patient", "lane", "slot", "group"]]
    return Figure(
        id="toxicity.timeline", title=f"{result.term}: onset, duration and grade by patient", chart=with_key(timeline_chart(colours), group_names(result.grouping.groups), colours, "square"),
        tables={
            "stretch": stretches, "inside": stretches[~short], "beside": stretches[short], "open": stretches[stretches["stop"].isna()],
            "lane": lanes, "group": _groups(result), "heading": pd.DataFrame({"text": [_heading(result)]}),
        },
        data=stretches[["patient", "group", "start", "stop", "grade"]], caption=_caption(result), alt=_alt(result, lanes),
        notes=_notes(result, stretches), n=result.n, numbers=_numbers(result),
    )  # fmt: skip


def _stretches(result: Timeline) -> pd.DataFrame:
    rows = result.stretches
    number = rows["grade"].fillna(0).astype(int)
    end = rows["stop"].where(rows["stop"].notna(), rows["start"]) + 1  # the last day counts
    return rows.assign(
        end=end, middle=(rows["start"] + end) / 2, grade=[NAMES[each] for each in number],
        digit=["?" if each == 0 else str(each) for each in number], dark=(number >= SEVERE),
    )  # fmt: skip


def _groups(result: Timeline) -> pd.DataFrame:
    counted = result.stretches.drop_duplicates("patient")["slot"].value_counts()
    rows = [(slot, f"{name} ({int(counted.get(slot, 0))})") for slot, name in enumerate(result.grouping.names)]
    return pd.DataFrame(rows, columns=["slot", "label"])


def _heading(result: Timeline) -> str:
    when = f" that began {result.period.label}" if result.period.label else ""
    return f"{result.term}{when}: {result.n_with} of {plural(result.n, 'patient')}"


def _caption(result: Timeline) -> str:
    return (
        f"{result.term}: each bar from the first to the last day of an event, both counted, with its grade as a digit; patients in order of group "
        f"and first day. {_heading(result)}."
    )


def _notes(result: Timeline, stretches: pd.DataFrame) -> tuple[str, ...]:
    said = []
    if result.undated:
        said.append(f"{plural(result.undated, 'patient')} with {result.term} without a first day not drawn.")
    if result.not_drawn:
        said.append(
            f"{plural(result.not_drawn, 'further patient')} not drawn for want of room: of each group those with the worst grades are."
        )
    n_open = int(stretches["stop"].isna().sum())
    if n_open:
        said.append(f"Arrow: last day not stated ({plural(n_open, 'event')}); one day is drawn.")
    if (stretches["digit"] == "?").any():
        said.append("?: grade not stated.")
    return (*said, *filter(None, [timing(result.grouping)]))


def _numbers(result: Timeline) -> Numbers:
    columns = (("patient", ""), ("group", ""), ("start", "days"), ("stop", "days"), ("grade", ""), ("reason", ""))
    levels = result.grouping.levels
    rows = []
    for row in result.stretches.to_dict("records"):
        stop, grade = (None if pd.isna(row[name]) else row[name] for name in ("stop", "grade"))
        missing = [f"{name} not stated" for name, value in (("last day", stop), ("grade", grade)) if value is None]
        rows.append((row["patient"], levels[row["slot"]], row["start"], stop, grade, "; ".join(missing) or None))
    return Numbers(columns, tuple(rows))


def _alt(result: Timeline, lanes: pd.DataFrame) -> str:
    """Without patient ids: the alt text goes where the picture goes."""
    by_group = ", ".join(f"{name} {int((lanes['group'] == name).sum())}" for name in result.grouping.names)
    first = result.stretches.groupby("lane")["start"].min()
    when = f" First days from {first.min():g} to {first.max():g}, median {first.median():g}." if len(first) else ""
    return f"Timeline of {result.term}, one bar an event of each patient by day since infusion: {by_group}.{when}"
