"""That a group is too small at the landmark, and a button for another one."""

from math import ceil
from typing import Final, Protocol

import streamlit as st

from lib.cohort.time_unit import DAYS_PER
from pages.frame import session
from pages.frame.escape import plain

MONTHS: Final = {"1 month": 1, "2 months": 2, "3 months": 3}
CUSTOM: Final = "Custom"
CHOICE, DAY = "LandmarkOptions.landmark", "LandmarkOptions.landmark_day"  # keys of the widgets of these options


class Landmark(Protocol):
    """A landmark to look at instead, in days since the infusion."""

    @property
    def days(self) -> float:
        """Days after the infusion."""


def offer(sentence: str, instead: Landmark | None) -> None:
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
