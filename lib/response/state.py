"""The state of every patient at a landmark: the assessed response, or why there is none. Nobody is left out.

The evaluable assessment nearest to the landmark's day within its window, of two equally near the earlier. Whoever
progressed, died or was treated otherwise before the day has failed; nothing is carried forward unless asked for, and
then it is marked. A state has one colour in every figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort, kept, kept_of_each
from lib.cohort.schema import RESPONSES
from lib.derived.best_response import ResponseEnds, counted_assessments, ends, last_assessments, response_ends
from lib.derived.follow_up import ROUNDING_DAYS, endpoint_days, patient_index
from lib.publication.number import capital
from lib.publication.palette import INK, PAPER, RESPONSE_COLOURS
from lib.publication.text_width import NORMAL, text_width
from lib.publication.theme import Specification

NE: Final = "NE"
FAILED: Final = "Failed before"
NOT_ASSESSED: Final = "Not assessed"
ASSESSED: Final = tuple(response for response in RESPONSES if response != NE)
STATES: Final = (*ASSESSED, FAILED, NE, NOT_ASSESSED)  # in the order in which they are stacked
NOT_EVALUABLE: Final = (NE, NOT_ASSESSED)
STATE_WORDS: Final = {NE: "not evaluable", FAILED: "progressed, retreated or died before", NOT_ASSESSED: "not assessed"}
STATE_COLOURS: Final = {
    **{response: colour for response, colour in RESPONSE_COLOURS.items() if response != NE},
    FAILED: "#B9B4AE",
    NE: "#E4E4E4",
    NOT_ASSESSED: "#FFFFFF",
}
LEGEND: Final = {
    NE: "Not evaluable (NE)",
    NOT_ASSESSED: "Not assessed (n.a.)",
}
ON_DARK: Final = ("sCR", "CR")
OUTLINE: Final = "#999999"
AXIS: Final = 50  # pixels that usually stand left of a plot and its key
SYMBOL_OF_KEY: Final = 32  # pixels of a square of the key, and between two entries


@dataclass(frozen=True)
class Landmark:
    """A day after the infusion, and how many days before or after it an assessment may lie."""

    label: str
    day: float
    window: float

    @property
    def words(self) -> str:
        """The landmark with its day and window, for a caption."""
        return f"{self.label}: day {self.day:g} ± {self.window:g}"


MONTHS: Final = (  # windows of months 1 and 3 as in trials; the others chosen to be as wide as assessments are rare
    Landmark("Month 1", 28.0, 14.0),
    Landmark("Month 2", 61.0, 14.0),
    Landmark("Month 3", 91.0, 30.0),
    Landmark("Month 6", 183.0, 45.0),
    Landmark("Month 12", 365.0, 60.0),
)
ENOUGH: Final = 0.5  # share of the patients who had not failed, below which a landmark tells more of who was looked at
MONTH_3: Final = MONTHS[2]


@kept_of_each
def states_at(cohort: Cohort, landmark: Landmark, carried: bool = False) -> pd.DataFrame:
    """Indexed by patient: state (one of STATES), carried (the last response before, for want of an assessment), short
    (not followed until the window).
    """
    until = response_ends(cohort)
    index = patient_index(cohort)
    state = _nearest(cohort, landmark, until)
    state = state.mask((until.first < landmark.day) & (state != "PD"), FAILED).fillna(NOT_ASSESSED)
    before = _last_before(cohort, landmark, until) if carried else pd.Series(None, index=index, dtype="object")
    carries = (state == NOT_ASSESSED) & before.notna()
    state = state.mask(carries, before)
    seen = _followed(cohort)
    short = (state == NOT_ASSESSED) & ~(seen >= landmark.day - landmark.window)
    return pd.DataFrame({"state": state, "carried": carries, "short": short}, index=index)


@kept
def usual_landmarks(cohort: Cohort) -> tuple[Landmark, ...]:
    """Of MONTHS those at which at least half of the patients who had not failed before were assessed; without any,
    those with the most."""
    shares = {landmark: assessed_share(states_at(cohort, landmark)["state"]) for landmark in MONTHS}
    least = min(ENOUGH, max(shares.values()))
    return tuple(landmark for landmark, share in shares.items() if share >= least)


def assessed_share(state: pd.Series) -> float:
    """The share of the assessed among those who had not failed before; 1 where everybody had."""
    open_still = state[state != FAILED]
    return float(open_still.isin(ASSESSED).mean()) if len(open_still) else 1.0


@kept_of_each
def followed_to(cohort: Cohort, landmark: Landmark) -> pd.Series:
    """Whether a patient was assessed in the landmark's window or later, or had failed before its day; indexed by
    patient."""
    failed = response_ends(cohort).first < landmark.day
    return failed | (last_assessments(cohort) >= landmark.day - landmark.window)


def _nearest(cohort: Cohort, landmark: Landmark, until: ResponseEnds) -> pd.Series:
    """The nearest assessment by patient; an NE only where there is nothing else. PD counts on the day of progression,
    too."""
    rows = cohort.responses[(cohort.responses["day"] > 0) & cohort.responses["response"].notna()]
    rows = rows[rows.index.isin(counted_assessments(cohort, until).index) | (rows["response"] == "PD")]
    rows = rows.assign(distance=(rows["day"] - landmark.day).abs(), unknown=rows["response"] == NE)
    near = rows[rows["distance"] <= landmark.window].sort_values(["unknown", "distance", "day"], kind="stable")
    return (
        near.drop_duplicates("patient_id")
        .set_index("patient_id")["response"]
        .reindex(patient_index(cohort))
        .astype("object")
    )


def _last_before(cohort: Cohort, landmark: Landmark, until: ResponseEnds) -> pd.Series:
    """The last response before the window of whoever is known to be free of progression on the landmark's day."""
    rows = counted_assessments(cohort, until)
    rows = rows[rows["response"].isin(ASSESSED) & (rows["day"] < landmark.day)].sort_values("day", kind="stable")
    last = rows.drop_duplicates("patient_id", keep="last").set_index("patient_id")["response"]
    free = ends(cohort, with_death=False).table["day"] >= landmark.day - ROUNDING_DAYS
    return last[last.index.isin(free.index[free])].reindex(patient_index(cohort)).astype("object")


@kept_of_each
def _followed(cohort: Cohort) -> pd.Series:
    """The last day on which anything is known of a patient: of survival, else of progression or the last assessment."""
    known = [endpoint_days(cohort, "os")["day"], ends(cohort, with_death=False).table["day"], last_assessments(cohort)]
    return pd.concat(known, axis=1).max(axis=1)


def states_of(cohort: Cohort) -> tuple[str, ...]:
    """The states that patients of the opened cohort can have, in the order in which they are stacked."""
    given = cohort.vocabulary.get("response", ())
    return tuple(state for state in STATES if state in given or state in (FAILED, NOT_ASSESSED))


def state_words(state: str) -> str:
    """A state as a legend writes it."""
    words = STATE_WORDS.get(state, state)
    return capital(words) if state in STATE_WORDS else words


def on(state: str) -> str:
    """The colour of words that stand on a state's colour."""
    return PAPER if state in ON_DARK else INK


def state_colour(states: tuple[str, ...], width: int, offset: int = 14, left: int = AXIS) -> alt.Color:
    """The colour of `state`, with a key below the plot, as many in a row as there is room for."""
    words = [LEGEND.get(state, state) for state in states]
    said = " : ".join(f"datum.value == '{state}' ? '{words}'" for state, words in LEGEND.items())
    shown = alt.Legend(
        orient="bottom",
        direction="horizontal",
        symbolType="square",
        symbolOpacity=1,
        symbolStrokeColor=OUTLINE,
        symbolStrokeWidth=0.6,
        columns=_in_a_row(words, width - 30, left),
        offset=offset,
        columnPadding=12,
        labelExpr=f"{said} : datum.label",
    )
    return alt.Color("state:N", title=None, scale=_scale(states), legend=shown)


def _in_a_row(words: Sequence[str], room: float, left: int) -> int:
    """How many of these words stand beside each other with their symbols: all, else in columns as wide as the
    widest."""
    wide = [SYMBOL_OF_KEY + text_width(word, NORMAL) for word in words]
    return len(wide) if sum(wide) + left <= room else max(1, int(room // max(wide)))


def silent_colour(states: tuple[str, ...]) -> alt.Color:
    """The same without a key."""
    return alt.Color("state:N", title=None, scale=_scale(states), legend=None)


def _scale(states: tuple[str, ...]) -> alt.Scale:
    return alt.Scale(domain=list(states), range=[STATE_COLOURS[state] for state in states])


def untitled(chart: Specification) -> Specification:
    """The chart without the empty line of a heading."""
    return {part: value for part, value in chart.items() if part != "title"}


def responses(analysis: Analysis) -> tuple[str, ...]:
    """The responses of the opened cohort, the best first."""
    return analysis.opened.vocabulary.get("response", ())
