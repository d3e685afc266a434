"""When an adverse event began and ended in each patient who had it: one lane a patient, one stretch a row of the
workbook.

Drawn over the tables stretch, inside, beside, open, lane, group, heading, coloured and numbered by grade. The chart
depends on the groups of the opened cohort, never on the selection; its height follows the lanes.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.adverse_events import WHOLE, Period, event_rows
from lib.publication.exhibit import Exhibit, Figure, Numbers, frame_numbers
from lib.publication.key import counted_groups, keyed
from lib.publication.number import plural, sentences
from lib.publication.options import choice
from lib.publication.palette import FAINT_INK, INK, group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN, SMALL
from lib.publication.theme import HOVER, Specification, keeps, publish, table, text_layer, tooltips
from lib.toxicity.captions import timing
from lib.toxicity.events import EventOptions, counting, noted_until, timed_terms
from lib.toxicity.grade_bars import GRADE_NAMES, grade_colour
from lib.toxicity.incidence import sizes, with_group

MOST_LANES: Final = 60  # that fit on a printed page
SHORTEST: Final = 0.018  # of the axis; a shorter stretch has its digit behind it
SEVERE: Final = 3  # from here on the colour is dark
LANE, LABEL = 16, 110  # pixels; of a patient's id at most
STRIP: Final = 18  # pixels between the ids and the axis


@dataclass(frozen=True)
class TimelineOptions(EventOptions):
    """Which event is followed day by day."""

    term: str = choice(None, lambda analysis, _: timed_terms(analysis.opened), "Event")


@dataclass(frozen=True)
class Timeline:
    """`stretches`: patient, lane, group, slot, start, stop (NaN = not stated), grade (NaN = not stated), in order of
    lane and grade.

    Lanes are in order of group, first day and patient. `n_with` had the event; `undated` of them have no first day.
    Where there is not room for all, each group has as many lanes as any other, for those with the worst grades;
    `not_drawn` have none.
    """

    term: str
    grouping: Grouping
    period: Period
    stretches: pd.DataFrame
    n: int
    n_with: int
    undated: int
    not_drawn: int


def timeline(cohort: Cohort, grouping: Grouping, term: str, period: Period = WHOLE) -> Timeline:
    """The lanes of the selected patients who belong to a group."""
    slots = {name: slot for slot, name in enumerate(grouping.names)}
    rows = with_group(event_rows(cohort, term, period), cohort, grouping)
    rows = rows.rename(columns={"patient_id": "patient", "start_day": "start", "stop_day": "stop"})
    dated = rows[rows["start"].notna()]
    dated = dated.assign(slot=dated["group"].map(slots).astype(int))
    first = (
        dated.groupby("patient", sort=False)
        .agg(slot=("slot", "first"), start=("start", "min"), worst=("grade", "max"))
        .reset_index()
    )
    lanes = {patient: lane for lane, patient in enumerate(_with_room(first))}
    drawn = dated[dated["patient"].isin(lanes)]
    drawn = drawn.assign(lane=drawn["patient"].map(lanes).astype(int))
    drawn = drawn.sort_values(["lane", "grade", "start"], kind="stable", na_position="first", ignore_index=True)
    n_with = int(rows["patient"].nunique())
    return Timeline(
        term,
        grouping,
        period,
        drawn[["patient", "lane", "group", "slot", "start", "stop", "grade"]],
        sum(sizes(cohort, grouping)),
        n_with,
        n_with - len(first),
        len(first) - len(lanes),
    )


def _with_room(first: pd.DataFrame) -> list[str]:
    """The patients that have a lane, in their order."""
    kept = first
    if len(first) > MOST_LANES:
        worst_first = first.sort_values(["worst", "start", "patient"], ascending=[False, True, True])
        kept = worst_first.groupby("slot", sort=False).head(MOST_LANES // first["slot"].nunique())
    return list(kept.sort_values(["slot", "start", "patient"])["patient"])


def timeline_figure(result: Timeline, width: int = SCREEN) -> Figure:
    """One lane a patient, in order of group and first day."""
    stretches = _stretches(result)
    span = float(stretches["end"].max() - min(0.0, stretches["start"].min())) if len(stretches) else 1.0
    short = (stretches["end"] - stretches["start"]) < SHORTEST * span
    groups, everybody = result.grouping.groups, result.stretches.drop_duplicates("patient")
    lanes = stretches.drop_duplicates("lane")[["patient", "lane", "slot", "group"]]
    return Figure(
        id="toxicity.timeline",
        title=f"{result.term}: onset, duration and grade by patient",
        chart=keyed(timeline_chart(group_colours(groups), width), groups, "square"),
        tables={
            "stretch": stretches,
            "inside": stretches[~short],
            "beside": stretches[short],
            "open": stretches[stretches["stop"].isna()],
            "lane": lanes,
            "group": counted_groups(result.grouping.names, everybody["group"]),
            "heading": pd.DataFrame({"text": [_heading(result)]}),
        },
        data=stretches[["patient", "group", "start", "stop", "grade"]],
        caption=_caption(result),
        alt=_alt(result, lanes),
        method=sentences(timing(result.grouping)),
        notes=_notes(result, stretches),
        n=result.n,
        numbers=_numbers(result),
    )


def _stretches(result: Timeline) -> pd.DataFrame:
    rows = result.stretches
    number = rows["grade"].fillna(0).astype(int)
    end = rows["stop"].where(rows["stop"].notna(), rows["start"]) + 1  # the last day counts
    return rows.assign(
        end=end,
        middle=(rows["start"] + end) / 2,
        grade=[GRADE_NAMES[each] for each in number],
        digit=["?" if each == 0 else str(each) for each in number],
        dark=(number >= SEVERE),
    )


def _heading(result: Timeline) -> str:
    when = f" that began {result.period.label}" if result.period.label else ""
    return f"{result.term}{when}: {result.n_with} of {plural(result.n, 'patient')}"


def _caption(result: Timeline) -> str:
    return (
        f"{result.term}: bars from the first to the last day, both counted; digit: grade. In order of group and first"
        " day."
    )


def _notes(result: Timeline, stretches: pd.DataFrame) -> tuple[str, ...]:
    said = []
    if result.undated:
        said.append(f"{plural(result.undated, 'patient')} with {result.term} without a first day not drawn.")
    if result.not_drawn:
        said.append(
            f"{plural(result.not_drawn, 'further patient')} not drawn for want of room: of each group those "
            "with the worst grades are."
        )
    n_open = int(stretches["stop"].isna().sum())
    if n_open:
        said.append(f"Arrow: last day not stated ({plural(n_open, 'event')}); one day is drawn.")
    if (stretches["digit"] == "?").any():
        said.append("?: grade not stated.")
    return tuple(said)


def _numbers(result: Timeline) -> Numbers:
    rows = result.stretches[["patient", "group", "start", "stop", "grade"]]
    missing = [
        "; ".join(
            words for words, value in (("last day not stated", stop), ("grade not stated", grade)) if pd.isna(value)
        )
        for stop, grade in zip(rows["stop"], rows["grade"], strict=True)
    ]
    return frame_numbers(rows.assign(reason=missing), result.grouping.level_of, start="days", stop="days")


def _alt(result: Timeline, lanes: pd.DataFrame) -> str:
    """Without patient ids: the alt text goes where the picture goes."""
    by_group = ", ".join(f"{name} {int((lanes['group'] == name).sum())}" for name in result.grouping.names)
    first = result.stretches.groupby("lane")["start"].min()
    when = f" First days from {first.min():g} to {first.max():g}, median {first.median():g}." if len(first) else ""
    return f"Timeline of {result.term}, one bar an event of each patient by day since infusion: {by_group}.{when}"


@cache
def timeline_chart(colours: tuple[str, ...], width: int = SCREEN) -> Specification:
    """The specification for groups of these colours."""
    day = alt.X(
        "start:Q",
        title="Days since infusion",
        scale=alt.Scale(nice=True, zero=True),
        axis=alt.Axis(grid=True, labelFlush=False, tickCount=width // 70, tickMinStep=1),
    )
    lane = alt.Y("lane:O", title=None, axis=None, scale=alt.Scale(paddingInner=0.2, paddingOuter=0.3))
    layers = [
        *_stretch_layers(day, lane),
        *_digits(lane),
        *_patients(lane, colours, min(LABEL, width // 5)),
        keeps("group"),
        keeps("heading"),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent", fill="independent")
    return publish(chart, width=width, height=alt.Step(LANE))


def _stretch_layers(day: alt.X, lane: alt.Y) -> list[alt.Chart]:
    ends = {"x": day, "x2": alt.X2("end:Q"), "y": lane}
    tooltip = tooltips(
        {"patient": "Patient", "group": "Group", "grade": "Grade", "start:Q": "First day", "stop:Q": "Last day"}
    )
    arrow = table("open").mark_point(shape="M0,-1L1.6,0L0,1Z", filled=True, size=36, opacity=1, color=INK, clip=False)
    return [
        table("stretch").mark_bar(opacity=1, stroke="#FFFFFF", strokeWidth=0.5).encode(**ends, color=grade_colour()),
        table("stretch", HOVER).mark_bar(opacity=0).encode(**ends, tooltip=tooltip),
        arrow.encode(x=alt.X("end:Q"), y=lane),
    ]


def _digits(lane: alt.Y) -> list[alt.Chart]:
    """The grade within its stretch, or behind one that is too short for it."""
    inside = table("inside").mark_text(fontSize=SMALL, baseline="middle", fontWeight="bold")
    style = {"fontSize": SMALL, "baseline": "middle", "align": "left", "dx": 3}
    ink = alt.Color("dark:N", legend=None, scale=alt.Scale(domain=[False, True], range=[INK, "#FFFFFF"]))
    return [
        inside.encode(x=alt.X("middle:Q"), y=lane, text=alt.Text("digit:N"), color=ink),
        text_layer(table("beside"), "digit", alt.X("end:Q"), lane, **style),
    ]


def _patients(lane: alt.Y, colours: tuple[str, ...], room: int) -> list[alt.Chart]:
    """The patient in front of each lane, and a strip in the colour of the group with its legend."""
    slots = alt.Scale(domain=list(range(len(colours))), range=list(colours))
    fill = alt.Fill("slot:N", scale=slots, legend=None)
    strip = table("lane").mark_bar(opacity=1)
    name = {"align": "right", "baseline": "middle", "fontSize": SMALL, "limit": room}
    labels = text_layer(table("lane"), "patient", alt.XValue(-STRIP), lane, **name)
    return [
        strip.encode(x=alt.XValue(-12), x2=alt.X2Value(-5), y=lane, fill=fill),
        labels.encode(color=alt.ColorValue(FAINT_INK)),
    ]


def _timeline(analysis: Analysis, options: TimelineOptions) -> Exhibit:
    found = timeline(counting(analysis, options).cohort, analysis.grouping, options.term, options.days)
    return noted_until(analysis, options, timeline_figure(found, options.width))


def _has_lanes(analysis: Analysis, options: TimelineOptions) -> bool:
    """Whether somebody selected had the event on a day that is stated."""
    return options.term is not None and options.term in timed_terms(counting(analysis, options).cohort)


TIMELINE: Final = ExhibitSpec(
    "toxicity.timeline",
    "One event day by day",
    needs="adverse_events",
    build=_timeline,
    options=TimelineOptions,
    when=_has_lanes,
)
