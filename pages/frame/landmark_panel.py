"""By what the groups are formed anew, and the landmark: 1, 2 or 3 months after infusion, or a day of one's own."""

from collections.abc import Sequence
from math import ceil
from typing import Final, Protocol, TypeVar

import streamlit as st

from lib.cohort.time_unit import DAYS_PER
from pages.frame import ask, session
from pages.frame.escape import plain

MONTHS: Final = {"1 month": 1, "2 months": 2, "3 months": 3}
OWN_DAY: Final = "Own day"
LAST_DAY: Final = 3652
SOURCE, CHOICE, DAY = "groups known by", "landmark", "landmark day"


class Source(Protocol):
    """What groups can be formed by, as a reader chooses it."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> str: ...


class Landmark(Protocol):
    """A landmark to look at instead, in days since the infusion."""

    @property
    def days(self) -> float: ...


Chosen = TypeVar("Chosen", bound=Source)


def choose(sources: Sequence[Chosen], own: bool) -> tuple[Chosen | None, float]:
    """By what the groups are formed (None = nothing yet), and the landmark in days since the infusion."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        source = _choose_source(sources, own)
        return source, _choose_landmark() if source else 0.0


def offer(sentence: str, instead: Landmark | None) -> None:
    """That a group is too small at this landmark, and a button for another; nothing where the sentence is empty."""
    if not sentence:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(plain(sentence))
        if instead:
            named = {months * DAYS_PER["months"]: name for name, months in MONTHS.items()}
            choice, day = named.get(instead.days, OWN_DAY), ceil(instead.days)
            label = f"day {day}" if choice == OWN_DAY else choice
            st.button(f"Landmark at {label}", key="other landmark", on_click=_go_to, args=(choice, day))


def _choose_source(sources: Sequence[Chosen], own: bool) -> Chosen | None:
    """By what the groups are formed; at first by the grouping itself where it can (`own`), else by nothing."""
    by_key = {source.key: source for source in sources}
    if not by_key:
        return None
    first = next(iter(by_key)) if own else None
    kept = session.answer(SOURCE, by_key)
    chosen = session.assign(SOURCE, kept if kept is not None else first)
    picked = ask.from_list(
        "Groups formed by", list(by_key), first=list(by_key).index(chosen) if chosen else None, key=SOURCE, persist_state="session", width=300,
        name=lambda key: by_key[key].label, placeholder="what became known later ...",
        help="Something that became known after the infusion: the groups are formed by whether it was known on the day of the landmark.",
    )  # fmt: skip
    return by_key.get(picked)


def _choose_landmark() -> float:
    """The landmark in days since the infusion."""
    choices = [*MONTHS, OWN_DAY]
    choice = ask.one(
        "Landmark", choices, default=choices[0], key=CHOICE, persist_state="session",
        help="Patients still followed then are analysed from there on. A month is 30.4375 days.",
    )  # fmt: skip
    if choice != OWN_DAY:
        return MONTHS[choice] * DAYS_PER["months"]
    return float(st.number_input("Day", 1, LAST_DAY, 28, key=DAY, persist_state="session", width=140))


def _go_to(choice: str, day: int) -> None:
    session.assign(CHOICE, choice)
    if choice == OWN_DAY:
        session.assign(DAY, day)
