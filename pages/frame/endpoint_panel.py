"""Which endpoint is looked at, and as what: controls of the survival page. All that is offered is the opened
cohort's."""

from collections.abc import Sequence
from typing import Final

from streamlit.delta_generator import DeltaGenerator

from lib.cohort.endpoint_choice import incidence_label, offered_endpoints, offered_incidences
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.schema import endpoint_label
from pages.frame import ask, said_once

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
