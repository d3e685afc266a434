"""Which endpoint is looked at, and as what, and another landmark: controls of the survival page.

All that is offered is the opened cohort's.
"""

from collections.abc import Sequence
from math import ceil
from typing import Final, Protocol

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.cohort.endpoint_choice import incidence_label, offered_endpoints, offered_incidences
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.schema import endpoint_label
from lib.cohort.time_unit import DAYS_PER
from pages.frame import ask, said_once, session
from pages.frame.escape import plain

MONTHS: Final = {"1 month": 1, "2 months": 2, "3 months": 3}
CUSTOM: Final = "Custom"
CHOICE, DAY = "LandmarkOptions.landmark", "LandmarkOptions.landmark_day"  # keys of the widgets of these options
MOST_BUTTONS: Final = 6  # endpoints; more are a list
SURVIVAL: Final = "Survival"
DIFFERENCE: Final = "Difference"
INCIDENCE: Final = "Cumulative incidence"
VIEWS: Final = (SURVIVAL, DIFFERENCE, INCIDENCE)


def choose(cohort: Cohort, place: DeltaGenerator) -> str:
    """The endpoint that is looked at, which captions of the page need not name."""
    chosen = _choose(offered_endpoints(cohort), place)
    said_once.about(endpoint_label(chosen))
    return chosen


def _choose(offered: Sequence[str], place: DeltaGenerator) -> str:
    if len(offered) > MOST_BUTTONS:
        return ask.from_list(
            "Endpoint",
            offered,
            name=endpoint_label,
            key="endpoint of many",
            link="endpoint",
            persist_state="session",
            place=place,
        )
    return ask.one(
        "Endpoint",
        offered,
        default=offered[0],
        name=endpoint_label,
        key="endpoint",
        link="endpoint",
        persist_state="session",
        place=place,
    )


def choose_view(cohort: Cohort, grouping: Grouping) -> str:
    """Survival curves; the difference of two groups; cumulative incidence where causes of an end can be told apart."""
    allowed = {SURVIVAL: True, DIFFERENCE: len(grouping.groups) == 2, INCIDENCE: bool(offered_incidences(cohort))}
    views = [view for view in VIEWS if allowed[view]]
    if len(views) == 1:
        return SURVIVAL
    return ask.one("View", views, default=SURVIVAL, key="curve view", link="view")


def choose_incidence(cohort: Cohort, endpoint: str) -> str:
    """The event whose causes compete: the endpoint looked at where it has them, or the time to a response."""
    offered = offered_incidences(cohort)
    first = endpoint if endpoint in offered else offered[0]
    return ask.one(
        "Event of interest",
        offered,
        default=first,
        name=incidence_label,
        key=f"incidence beside {endpoint}",
        link="incidence",
    )


class Landmark(Protocol):
    """A landmark to look at instead, in days since the infusion."""

    @property
    def days(self) -> float:
        """Days after the infusion."""


def offer_landmark(sentence: str, instead: Landmark | None) -> None:
    """That a group is too small at this landmark, and a button for another; nothing where the sentence is empty."""
    if not sentence:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(plain(sentence))
        if instead:
            named = {months * DAYS_PER["months"]: name for name, months in MONTHS.items()}
            choice, day = named.get(instead.days, CUSTOM), ceil(instead.days)
            label = f"day {day}" if choice == CUSTOM else choice
            st.button(f"Landmark at {label}", key="other landmark", on_click=_go_to, args=(choice, day))


def _go_to(choice: str, day: int) -> None:
    session.assign(CHOICE, choice)
    if choice == CUSTOM:
        session.assign(DAY, float(day))
