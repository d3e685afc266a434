"""Responses at landmarks: one stacked bar of all infused a landmark and group.

The chart depends on the landmarks, the states and the groups of the opened cohort, never on the selection.
"""

from functools import cache
from typing import Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure, Numbers, frame_numbers
from lib.publication.fitting import most_lines
from lib.publication.number import count, plural
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN, SMALL, text_width
from lib.publication.theme import HOVER, Specification, publish, table, text_layer, tooltips
from lib.publication.who import Who
from lib.response.at_landmarks import SHORT, STATE_UNITS, LandmarkOptions, LandmarkResult, at_landmarks, method, notes
from lib.response.state import OUTLINE, STATE_WORDS, on, state_colour, state_words, states_of, untitled

ROW_HEIGHT, NAME_LINE = 24, 11  # pixels
PLACES: Final = ("start", "end", "top", "bottom", "center", "middle")
DATA: Final = ("landmark", "group", "state", "n", "of", "carried")
HEAD: Final = 1.0  # rows above the groups of a landmark, for its name
GROUP_LABEL: Final = 0.34  # of the width, at most, for a group's name beside the axis
BAR_HEIGHT: Final = 0.84  # of a row
NARROWEST: Final = 620  # pixels of the figure in a narrow window
LEEWAY: Final = 6  # pixels by which a browser may set a name wider than it was measured
AROUND: Final = 45  # pixels beside names and bars


def landmark_figure(result: LandmarkResult, states: tuple[str, ...], width: int = SCREEN) -> Figure:
    """Stacked bars; `states` are those that the opened cohort can have, and stand in the legend."""
    names = _names(result)
    gutter = round(min(GROUP_LABEL * width, max(text_width(name, SMALL) for name in names)))
    lines = most_lines(names, gutter + LEEWAY, SMALL)
    part, row = _parts(result, (min(width, NARROWEST) - gutter - AROUND) / 100), _rows(result)
    middle = [
        (landmark.label, _top(result, number, 0) + (BAR_HEIGHT / 2 if not result.grouping.compares else -HEAD / 2))
        for number, landmark in enumerate(result.landmarks)
    ]
    return Figure(
        id="response.landmark",
        title=f"Response at landmarks{result.grouping.by}",
        chart=bars_chart((len(result.landmarks), len(result.grouping.names)), states, (gutter, lines), width),
        tables={"part": part, "row": row, "landmark": pd.DataFrame(middle, columns=["label", "middle"])},
        data=part[list(DATA)],
        caption="All infused patients: the parts of a bar add up to all of them.",
        method=method(result),
        alt=alt_text(result, "Stacked bars of response states"),
        notes=notes(result),
        n=result.n,
        numbers=state_numbers(result),
    )


def _top(result: LandmarkResult, landmark: int, slot: int) -> float:
    head = HEAD if result.grouping.compares else 0
    return landmark * (len(result.grouping.names) + head) + slot + head


def _names(result: LandmarkResult) -> list[str]:
    """What stands beside the bars: the groups with all their patients, else the landmarks."""
    groups = [f"{group.name} ({group.size})" for group in result.grouping.groups]
    return groups if result.grouping.compares else [landmark.label for landmark in result.landmarks]


def _parts(result: LandmarkResult, percent: float) -> pd.DataFrame:
    """One row a landmark, group and state, as a stretch of its bar of so many pixels a percent."""
    counts, slot = result.counts, {name: slot for slot, name in enumerate(result.grouping.names)}
    share, bar = (100 * counts["n"] / counts["of"]).astype(float), [counts["landmark"], counts["group"]]
    end = share.groupby(bar, sort=False).cumsum()
    start = end.groupby(bar, sort=False).shift(fill_value=0.0)
    top = pd.Series([_top(result, landmark, slot[group]) for landmark, group in zip(*bar, strict=True)], counts.index)
    return counts[["group", "state"]].assign(
        landmark=[result.landmarks[place].label for place in counts["landmark"]],
        words=counts["state"].map(state_words),
        **{name: counts[name] for name in ("n", "of", "carried")},
        start=start,
        end=end,
        top=top,
        bottom=top + BAR_HEIGHT,
        center=start + share / 2,
        middle=top + BAR_HEIGHT / 2,
        label=[_label(row, percent) for row in counts.to_dict("records")],
        ink=counts["state"].map(on),
        n_of=[f"{n} of {of}" for n, of in zip(counts["n"], counts["of"], strict=True)],
    )[[*DATA[:3], "words", *DATA[3:], *PLACES, "label", "ink", "n_of"]]


def _label(row: dict, percent: float) -> str:  # type: ignore[type-arg]  # a pandas record
    """The longest of its names that has room in the bar."""
    name = SHORT.get(row["state"], row["state"])
    room = percent * 100 * row["n"] / row["of"] - 6
    names = (
        f"{state_words(row['state'])} {count(row['n'], row['of'])}",
        f"{name} {count(row['n'], row['of'])}",
        f"{name} {row['n']}",
        str(row["n"]),
    )
    return next((each for each in names if text_width(each, SMALL) <= room), "")


def _rows(result: LandmarkResult) -> pd.DataFrame:
    """The name of each group beside each of its bars; of one group alone the landmark stands there."""
    rows = [
        (
            f"{name} ({result.size(name)})" if result.grouping.compares else "",
            _top(result, number, slot) + BAR_HEIGHT / 2,
        )
        for number in range(len(result.landmarks))
        for slot, name in enumerate(result.grouping.names)
    ]
    return pd.DataFrame(rows, columns=["label", "middle"])


@cache
def bars_chart(bars: tuple[int, int], states: tuple[str, ...], names: tuple[int, int], width: int) -> Specification:
    """The specification of the stacked bars of so many landmarks and groups; names have so many pixels and lines."""
    gutter, lines = names
    compares = bars[1] > 1
    rows = bars[0] * (bars[1] + (HEAD if compares else 0))
    axis = alt.Axis(values=[0, 25, 50, 75, 100], grid=True, labelFlush=False)
    share = alt.X("start:Q", title="All infused, %", scale=alt.Scale(domain=[0, 100], nice=False), axis=axis)
    down = alt.Scale(domain=[0, rows], nice=False, reverse=True)
    place = alt.Y("top:Q", title=None, scale=down, axis=None)
    middle = alt.Y("middle:Q", scale=down, axis=None)
    tooltip = tooltips(
        {"landmark": "Landmark", "group": "Group", "words": "State", "n_of": "Patients", "carried": "Carried forward"}
    )
    bar = table("part").mark_bar(stroke=OUTLINE, strokeWidth=0.6)
    label = table("part").mark_text(baseline="middle", fontSize=SMALL)
    name = {"align": "right", "fontSize": SMALL, "limit": gutter + LEEWAY, "lineHeight": NAME_LINE, "lineBreak": "\n"}
    landmark = {"align": "left", "fontSize": 12, "fontWeight": "bold"}
    ends = {"x": share, "x2": alt.X2("end:Q"), "y": place, "y2": alt.Y2("bottom:Q")}
    layers = [
        bar.encode(**ends, color=state_colour(states, width, left=gutter)),
        table("part", HOVER).mark_bar(opacity=0).encode(**ends, tooltip=tooltip),
        label.encode(
            x=alt.X("center:Q", scale=share["scale"], axis=axis, title=share["title"]),
            y=middle,
            text=alt.Text("label:N"),
            color=alt.Color("ink:N", scale=None),
        ),
        text_layer(table("row"), "label", alt.XValue(-8), middle, baseline="middle", **name),
        text_layer(table("landmark"), "label", alt.XValue(-gutter - 8), middle, baseline="middle", **landmark),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent")
    return untitled(publish(chart, width=width, height=int(130 + max(ROW_HEIGHT, 2 + NAME_LINE * lines) * rows)))


def _build(analysis: Analysis, options: LandmarkOptions) -> Exhibit:
    return landmark_figure(at_landmarks(analysis, options), states_of(analysis.opened), options.width)


def _who(analysis: Analysis, options: LandmarkOptions) -> Who:
    """Of each row of the figure's data: who is in this state at this landmark."""
    result, by = at_landmarks(analysis, options), ["landmark", "group", "state"]
    patients = result.table.groupby(by)["patient"].agg(frozenset)
    return {
        (y, DATA.index("n")): patients[place]
        for y, place in enumerate(result.counts[by].itertuples(index=False, name=None))
    }


def alt_text(result: LandmarkResult, kind: str) -> str:
    """The figure for whoever cannot see it: the states in words."""
    parts = []
    for _, counted in result.counts.groupby(["landmark", "group"], sort=False):
        rows = counted.to_dict("records")
        listed = ", ".join(f"{STATE_WORDS.get(row['state'], row['state'])} {row['n']}" for row in rows)
        who = f", {rows[0]['group']}" if result.grouping.compares else ""
        parts.append(f"{result.landmarks[rows[0]['landmark']].label}{who} ({rows[0]['of']}): {listed}")
    return f"{kind}, {plural(result.n, 'patient')}. {'; '.join(parts)}."


def state_numbers(result: LandmarkResult) -> Numbers:
    """One row a landmark, group and state that occurs."""
    at = [result.landmarks[place] for place in result.counts["landmark"]]
    counts = result.counts.assign(
        landmark=[each.label for each in at], day=[each.day for each in at], window=[each.window for each in at]
    )
    return frame_numbers(counts[list(STATE_UNITS)], result.grouping.level_of, **STATE_UNITS)


LANDMARK: Final = ExhibitSpec(
    "response.landmark",
    needs="responses",
    title="Response at landmarks",
    build=_build,
    options=LandmarkOptions,
    who=_who,
)
