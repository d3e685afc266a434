"""The controls above the tabs of the labs page: the test, the version of CTCAE, and the popover "Options"."""

from typing import Final

import streamlit as st

from lib.cohort.ctcae import VERSIONS
from lib.labs.figure import LabOptions
from lib.labs.series import LabSeries
from pages.frame import ask

FEW: Final = 6  # tests that stand beside each other
MEDIANS, MEANS = "Medians, quartiles", "Means, 95 % CI"


def test(series: dict[str, LabSeries]) -> LabSeries:
    """The test to look at; the one with most values first."""
    if len(series) > FEW:
        return series[ask.from_list("Test", list(series), name=lambda slug: series[slug].label, key="lab", persist_state="session", width=320)]  # fmt: skip
    alone = len({each.test for each in series.values()}) == len(series)  # else the units tell the series apart
    chosen = ask.one(
        "Test", list(series), name=lambda slug: series[slug].test if alone else series[slug].label, key="lab", default=next(iter(series)), persist_state="session"
    )  # fmt: skip
    return series[chosen]


def version() -> str:
    """Which grades are computed from values."""
    return ask.one(
        "Grades by", VERSIONS, default=VERSIONS[0], key="ctcae", persist_state="session",
        help="CTCAE v5 and v6 part neutrophils, platelets and raised enzymes at other values; counts by one are not comparable with the other.",
    )  # fmt: skip


def options(chosen: LabSeries, version: str) -> tuple[bool, LabOptions]:
    """Whether values stand at visits, and how they are drawn."""
    slug = chosen.slug
    with st.popover("Options", icon=":material/tune:", width=130):
        summary = ask.one("Groups as", (MEDIANS, MEANS), default=MEDIANS, key="lab summary", persist_state="session")
        bands = st.checkbox("Bands of grades", value=True, key="lab bands", persist_state="session")
        log = st.checkbox("Log scale", value=chosen.log, key=f"log {slug}", persist_state="session")
        by_visit = chosen.by_visit
        if chosen.visits and chosen.has_days:
            by_visit = st.checkbox("At visits, not days", value=by_visit, key=f"visits {slug}", persist_state="session")
        spread = not by_visit and st.checkbox(
            "Spread early days", value=chosen.spread, key=f"spread {slug}", persist_state="session"
        )
    return by_visit, LabOptions(log, spread, summary == MEANS, version if bands else "")
