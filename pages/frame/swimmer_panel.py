"""The controls of the swimmer plot: how lanes are sorted, and the popover "Options" with everything else.

What may be chosen depends on the open workbook, so each workbook has choices of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from pages.frame import ask, session

MOST_STRIPS: Final = 8


@dataclass(frozen=True)
class Offered:
    """Everything that may be chosen, each with its name, and what is chosen at first."""

    sorts: Mapping[str, str]
    colours: Mapping[str, str]
    strips: Mapping[str, str]
    first_strips: Sequence[str]
    marks: Mapping[str, str]
    first_marks: Sequence[str]
    can_group: bool


@dataclass(frozen=True)
class SwimmerWishes:
    """What the reader chose."""

    sort: str
    grouped: bool
    colour: str
    strips: tuple[str, ...]
    marks: tuple[str, ...]
    carried: bool
    reference_day: float | None


def show(offered: Offered) -> SwimmerWishes:
    """Draw the controls in one row."""
    of = session.cohort().fingerprint[:8]
    controls = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom")
    sort = ask.from_list(
        "Sort by", list(offered.sorts), name=offered.sorts.__getitem__, key=f"sort {of}", persist_state="session", width=260, place=controls,
    )  # fmt: skip
    with controls.popover("Options", icon=":material/tune:", width=130):
        colour = _colour(offered, of)
        grouped = st.checkbox(
            "Part by group", value=True, key="grouped", persist_state="session", disabled=not offered.can_group
        )
        carried = st.checkbox("Carry the last state on, paler", value=True, key="carried", persist_state="session")
        strips = _several("Columns at the left", offered.strips, offered.first_strips, f"strips {of}", MOST_STRIPS)
        marks = _several("Marks", offered.marks, offered.first_marks, f"marks {of}", None)
        day = st.number_input(
            "Line at day",
            value=None,
            step=1.0,
            format="%g",
            key="reference day",
            placeholder="none",
            persist_state="session",
        )
    return SwimmerWishes(sort, grouped, colour, tuple(strips), tuple(marks), carried, day)


def _colour(offered: Offered, of: str) -> str:
    if len(offered.colours) == 1:
        return next(iter(offered.colours))
    return ask.from_list(
        "Colour by",
        list(offered.colours),
        name=offered.colours.__getitem__,
        key=f"colour {of}",
        persist_state="session",
    )


def _several(label: str, offered: Mapping[str, str], first: Sequence[str], key: str, most: int | None) -> list[str]:
    return ask.some_from_list(
        label, list(offered), default=first, name=offered.__getitem__, key=key, max_selections=most, placeholder="none",
        persist_state="session",
    )  # fmt: skip
