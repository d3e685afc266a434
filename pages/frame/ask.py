"""Questions to the reader whose answer is one (or some) of what is offered, whatever the widget holds.

A widget may hold a word of the workbook that was open before, and a browser may send anything: what comes back from
here is always offered. Names come from workbooks: on buttons they are never markup, and of two equal ones each says
which it is, since the browser sends back names and not places.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from lib.cohort.printed import slug_of
from pages.frame import linked, session
from pages.frame.escape import plain

T = TypeVar("T")
Name = Callable[[T], str]


def one(
    label: str,
    offered: Sequence[T],
    *,
    default: T,
    key: str,
    name: Name = str,
    place: Any = st,
    link: str = "",
    **drawn: Any,
) -> T:
    """One of what is offered, as buttons beside each other in `place`; in the URL, and kept, under `link`; `drawn` goes
    to the widget."""
    drawn = ({"persist_state": "session"} if link else {}) | drawn
    named = _named(offered, lambda each: plain(name(each)), plain)

    def draw() -> T:
        chosen = place.segmented_control(
            label, list(offered), default=default, required=True, key=key, format_func=named, **drawn
        )
        return chosen if chosen in list(offered) else default

    return linked.choice(link, key, _slugs(offered, name) if link else {}, default, draw)


def from_list(
    label: str,
    offered: Sequence[T],
    *,
    key: str,
    first: int | None = 0,
    name: Name = str,
    place: Any = st,
    link: str = "",
    **drawn: Any,
) -> T | None:
    """One of what is offered, as a list to open; the one at `first` until the reader chooses. Only where that is None:
    None."""
    usual = None if first is None else offered[first]

    def draw() -> T | None:
        chosen = place.selectbox(label, list(offered), first, key=key, format_func=_named(offered, name), **drawn)
        return chosen if chosen in list(offered) else usual

    return linked.choice(link, key, _slugs(offered, name) if link else {}, usual, draw)


def some(
    label: str, offered: Sequence[T], *, default: Sequence[T], key: str, name: Name = str, place: Any = st, **drawn: Any
) -> list[T]:
    """Any number of what is offered, as pills, in the order of the offer."""
    named = _named(offered, lambda each: plain(name(each)), plain)
    chosen = place.pills(
        label, list(offered), selection_mode="multi", default=list(default), key=key, format_func=named, **drawn
    )
    return [each for each in offered if each in (chosen or ())]


def some_from_list(
    label: str,
    offered: Sequence[T],
    *,
    default: Sequence[T] = (),
    key: str,
    name: Name = str,
    place: Any = st,
    **drawn: Any,
) -> list[T]:
    """Any number of what is offered, as a list to open, in the order in which they were chosen."""
    chosen = place.multiselect(label, list(offered), list(default), key=key, format_func=_named(offered, name), **drawn)
    return [each for each in chosen or () if each in list(offered)]


def span(label: str, low: int, high: int, default: tuple[int, int], *, key: str, **drawn: Any) -> tuple[int, int]:
    """Two ends between `low` and `high`; the default where the widget holds anything else."""
    held = session.answer(key)
    fits = isinstance(held, (tuple, list)) and len(held) == 2 and all(low <= end <= high for end in held)
    if held is not None and not fits:
        session.assign(key, default)
    start, end = st.slider(label, low, high, default, key=key, **drawn)
    return start, end


def _slugs(offered: Sequence[T], name: Name) -> dict[T, str]:
    """What each of the offered is called in the URL."""
    return {each: slug_of(each if isinstance(each, str) else name(each)) for each in offered}


def _named(offered: Sequence[T], name: Name, spell: Name = str) -> Callable[[Any], str]:
    """Names of what is offered, each once; of anything else what it is."""
    names = [name(each) for each in offered]
    times = Counter(names)
    reported = [
        f"{said} ({spell(each) if isinstance(each, str) else place})" if times[said] > 1 else said
        for place, (each, said) in enumerate(zip(offered, names, strict=True), start=1)
    ]

    said_of = dict(zip(reversed(offered), reversed(reported), strict=True))  # of equal ones the first
    return lambda value: said_of.get(value, str(value))
