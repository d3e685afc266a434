"""The popover "Options" of survival curves: scale of the limits, bands, quantile, panels and strata."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from lib.cohort.grouping import Grouping, can_compare, grouping_by
from pages.frame import ask, session


@dataclass(frozen=True)
class CurveWishes:
    """What the reader chose; `panels` None = one figure, `strata` one grouping for each stratified test."""

    transform: str
    limits: bool
    share: float
    panels: Grouping | None
    strata: tuple[Grouping, ...]


def show(transforms: Sequence[str], shares: Mapping[str, float | None], grouping: Grouping) -> CurveWishes:
    """Draw the popover; of `shares` the one without a number is the reader's own."""
    variables = [one for one in session.cohort().variables if can_compare(one) and one.name != grouping.variable]
    labels = {one.name: one.label for one in variables}
    with st.popover("Options", icon=":material/tune:"):
        transform = ask.one(
            "Scale of the confidence limits", transforms, default=transforms[0], key="transform", persist_state="session",
        )  # fmt: skip
        limits = st.checkbox("Confidence bands", value=True, key="limits", persist_state="session")
        chosen = ask.one(
            "Mark the time by which this share had the event", list(shares), default=next(iter(shares)), key="share",
            persist_state="session",
        )  # fmt: skip
        share = shares[chosen] or _own_share()
        panels = ask.from_list(
            "One panel for each level of", list(labels), first=None, name=labels.__getitem__, key="panels by",
            placeholder="nothing", persist_state="session",
        )  # fmt: skip
        strata = ask.some_from_list(
            "Stratify by", list(labels), name=labels.__getitem__, key="strata", placeholder="nothing",
            help="Adds a stratified log-rank test for each to the sensitivity analyses.", persist_state="session",
        )  # fmt: skip
    wished = {one.name: one for one in variables if one.name in (panels, *strata)}
    parted = {name: grouping_by(variable, session.cohort()) for name, variable in wished.items()}
    return CurveWishes(
        transform, limits, share, parted.get(panels or ""), tuple(parted[name] for name in strata if name in parted)
    )


def _own_share() -> float:
    percent = st.number_input("Percent with the event", 1, 99, 90, key="own share", persist_state="session")
    return float(percent) / 100
