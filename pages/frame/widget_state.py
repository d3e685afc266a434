"""What widgets hold, and how they are made to show something else; known to pages as part of session.py."""

from collections.abc import Iterable
from math import isfinite
from typing import Any, Final

import streamlit as st

from lib.export.report import Item

MASK_BELOW: Final = "mask below"  # the key of its widget
FIGURES_AS, TABLES_AS = "report figure formats", "report table formats"  # of a package


def assign(key: str, value: Any) -> Any:
    """Make a widget show this value when it is drawn next; the same value again leaves what the reader is doing alone.

    Give the widget what this returns as its default, too: where a click breaks off a run before the widget reached the
    browser, the next run draws it there for the first time, and it would send any other default back as if the reader
    had chosen it.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return value


def answer(key: str, offered: Iterable[Any] | None = None) -> Any:
    """What the reader set a widget to; None if it is not drawn, or holds nothing of what is `offered`.

    A widget may still hold a level, a label or a column of the workbook that was open before: callbacks say what they
    know.
    """
    value = st.session_state.get(key)
    return value if offered is None or value in list(offered) else None


def is_answered(key: str) -> bool:
    """Whether a widget of this key was drawn, on whatever page, and is kept."""
    return key in st.session_state


def answers(key: str, offered: Iterable[Any]) -> tuple[Any, ...]:
    """What of the offered the reader pressed in a widget of several choices, in the order of the offer."""
    value = st.session_state.get(key)
    return tuple(each for each in offered if each in value) if isinstance(value, (list, tuple)) else ()


def number(key: str, low: float, high: float, otherwise: float) -> float:
    """The number that the reader gave, within its bounds; `otherwise` where it is none."""
    value = st.session_state.get(key)
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
    return min(max(float(value), low), high) if known else otherwise


def forget() -> None:
    """Let go of everything that this session holds."""
    st.session_state.clear()


def report_items() -> tuple[Item, ...]:
    """What the reader ticked for the report, in the order in which it will stand there."""
    return st.session_state.get("report items", ())


def set_report_items(items: Iterable[Item], by_tick: bool = False) -> None:
    """The report holds these. Where other exhibits come in or go than by a tick, all ticks are drawn as new ones: a
    browser that has not heard of the change yet would send their old state back, as if the reader had taken them
    out."""
    before, now = {item.id for item in report_items()}, tuple(items)
    if not by_tick and before != {item.id for item in now}:
        st.session_state["report edition"] = report_edition() + 1
    st.session_state["report items"] = now


def report_edition() -> int:
    """How often exhibits came into the report or went from it other than by a tick: part of the key of each tick."""
    return st.session_state.get("report edition", 0)


def report_title() -> str:
    """The title that the reader gave the report."""
    return st.session_state.get("report title", "")


def set_report_title(title: str) -> None:
    """Give the report this title."""
    st.session_state["report title"] = title


def mask_below() -> int:
    """Counts of patients below it are masked; 0: none."""
    return int(number(MASK_BELOW, 0, 99, 0))
