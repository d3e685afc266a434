"""The controls above the tabs of the toxicity page: period, minimum incidence, and the popover "Options"."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from lib.cohort.ctcae import VERSIONS
from lib.derived.period import EARLY, LATE, MIDDLE, WHOLE, Period
from lib.stats.interval import INTERVALS
from lib.toxicity.counting import THRESHOLDS
from lib.toxicity.table import ADJUSTMENTS
from pages.frame import ask

OWN: Final = "Own days"
NAMED: Final[Mapping[str, Period | None]] = {
    "Whole time": WHOLE, "Day 0–30": EARLY, "Day 31–90": MIDDLE, "After day 90": LATE, OWN: None,
}  # fmt: skip
MOST_PERCENT: Final = 50
NOT_COMPUTED: Final = "None"


def period(has_days: bool) -> Period:
    """The period in which an event has to begin; the whole time where the workbook has no days."""
    if not has_days:
        return WHOLE
    chosen = ask.one(
        "Events that began",
        list(NAMED),
        default=next(iter(NAMED)),
        key="period",
        persist_state="session",
    )
    named = NAMED[chosen]
    if named is not None:
        return named
    first = st.number_input("From day", -30, 3650, 0, key="first day", persist_state="session", width=110)
    last = st.number_input(
        "To day", int(first), 3650, max(30, int(first)), key="last day", persist_state="session", width=110
    )
    return Period(first, last)


def least_share() -> float:
    """The share of the opened cohort that must have had a term for it to be shown."""
    percent = st.slider(
        "Minimum incidence, %", 0, MOST_PERCENT, 0, key="minimum incidence", persist_state="session", width=220,
        help="Terms that fewer patients of the whole workbook had are not shown. Filters do not change which they are.",
    )  # fmt: skip
    return percent / 100


def options(has_labs: bool) -> tuple[tuple[str, ...], str, str, str]:
    """Which rows the table has, which interval differences have, how p is adjusted, by which CTCAE Labs are graded ("": not)."""
    with st.popover("Options", icon=":material/tune:"):
        rows = ask.some(
            "Rows",
            list(THRESHOLDS),
            default=list(THRESHOLDS),
            key="thresholds",
            persist_state="session",
        )
        interval = ask.one(
            "Interval of a difference",
            INTERVALS,
            default=INTERVALS[0],
            key="interval",
            persist_state="session",
        )
        adjustment = ask.one(
            "Adjust p for the number of tests", list(ADJUSTMENTS), default=next(iter(ADJUSTMENTS)), key="adjustment",
            persist_state="session",
        )  # fmt: skip
        computed = NOT_COMPUTED
        if has_labs:
            computed = ask.one(
                "Grades computed from Labs", (NOT_COMPUTED, *VERSIONS), default=NOT_COMPUTED, key="computed grades",
                persist_state="session", help="Adds a term of its own for each graded test; reported terms stay as they are.",
            )  # fmt: skip
    return tuple(rows), interval, adjustment, "" if computed == NOT_COMPUTED else computed
