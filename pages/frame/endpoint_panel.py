"""Which endpoint is looked at and how it is defined: controls of the survival page. All that is offered is the opened cohort's."""

from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.cohort.endpoint_choice import (
    AS_USUAL,
    Definition,
    incidence_label,
    offered_efs_events,
    offered_endpoints,
    offered_incidences,
    offered_origins,
)
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.schema import endpoint_label
from pages.frame import ask

MOST_BUTTONS: Final = 6  # endpoints; more are a list
SURVIVAL: Final = "Survival"
DIFFERENCE: Final = "Difference"
INCIDENCE: Final = "Cumulative incidence"
VIEWS: Final = (SURVIVAL, DIFFERENCE, INCIDENCE)
DOR: Final = "Death ends a response"
TTNT: Final = "Death is an event"


def choose(cohort: Cohort, place: DeltaGenerator) -> tuple[str, Definition]:
    """The endpoint, and the choices that define it where it is derived or time may count from apheresis."""
    offered = offered_endpoints(cohort)
    if len(offered) > MOST_BUTTONS:
        endpoint = ask.from_list(
            "Endpoint", offered, name=endpoint_label, key="endpoint of many", persist_state="session", place=place
        )
    else:
        endpoint = ask.one(
            "Endpoint", offered, default=offered[0], name=endpoint_label, key="endpoint", persist_state="session", place=place
        )  # fmt: skip
    return endpoint, _definition(cohort, endpoint, place)


def choose_view(cohort: Cohort, grouping: Grouping) -> str:
    """Survival curves; the difference of two groups; cumulative incidence where causes of an end can be told apart."""
    allowed = {SURVIVAL: True, DIFFERENCE: len(grouping.groups) == 2, INCIDENCE: bool(offered_incidences(cohort))}
    views = [view for view in VIEWS if allowed[view]]
    if len(views) == 1:
        return SURVIVAL
    return ask.one("View", views, default=SURVIVAL, key="curve view", persist_state="session")


def choose_incidence(cohort: Cohort, endpoint: str) -> str:
    """What the causes compete for: the endpoint looked at where it has them, or the time to a response."""
    offered = offered_incidences(cohort)
    first = endpoint if endpoint in offered else offered[0]
    return ask.one(
        "Competing for", offered, default=first, name=incidence_label, key=f"incidence beside {endpoint}",
        persist_state="session",
    )  # fmt: skip


def _definition(cohort: Cohort, endpoint: str, place: DeltaGenerator) -> Definition:
    derived = endpoint not in cohort.endpoint_names
    origins = offered_origins(cohort)
    if not derived and len(origins) == 1:
        return AS_USUAL
    with place.popover("Definition", icon=":material/tune:"):
        origin = origins[0]
        if len(origins) > 1 and endpoint != "dor":
            origin = ask.one(
                "Time counts from", origins, default=origins[0], key="origin", persist_state="session",
                help="From apheresis, patients enter at their infusion: before it nobody in this cohort could fail.",
            )  # fmt: skip
        if not derived:
            return Definition(origin)
        if endpoint == "dor":
            return Definition(origin, dor_death=st.checkbox(DOR, value=True, key="dor death", persist_state="session"))
        if endpoint == "ttnt":
            death = st.checkbox(
                TTNT, key="ttnt death", persist_state="session", help="Otherwise the dead are censored."
            )
            return Definition(origin, ttnt_death=death)
        events = offered_efs_events(cohort)
        chosen = ask.some(
            "Events", events, default=events, key="efs events", persist_state="session",
            help="Whichever comes first. With none chosen, all count.",
        )  # fmt: skip
        return Definition(origin, efs_events=tuple(chosen))
