"""What is open on a page (endpoint, tab, view, options), in the URL of that page, so that a link opens what was seen.

Each choice follows the link before its widget is drawn, and is noted after it; what is as usual is left out. A link is
followed until a page has been drawn to its end, because a click may break the first run off. Patients are never linked,
nor what belongs to one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st

from lib.cohort.printed import slug_of
from lib.cohort.view import NAMES
from lib.publication.options import NotAllowed, Offer, as_lines, parsed, written

Texts = dict[str, str]


@dataclass
class _Page:
    """A page's own part of the URL: what a link `asks` for and where it `says` nothing what is usual, and what was
    `seen` last."""

    asks: Texts = field(default_factory=dict)
    in_full: bool = False  # whether what the link does not name is as usual
    is_followed: bool = False
    given: dict[str, Any] = field(default_factory=dict)  # what the link made widgets show, since it is followed
    seen: Texts = field(default_factory=dict)
    now: Texts = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)


def begin(page: str, asked: dict[str, list[str]] | None, in_full: bool) -> None:
    """A run of this page begins; `asked` are the parameters of a link that was opened, or gone back to (`in_full`)."""
    pages: dict[str, _Page] = st.session_state.setdefault("linked", {})
    here = pages.setdefault(page, _Page())
    if asked is not None:
        here.asks = {name: values[0] for name, values in asked.items() if name not in NAMES and values}
        here.seen, here.in_full, here.is_followed, here.given = dict(here.asks), in_full, True, {}
    here.now, here.used, here.unknown = {}, set(), []
    st.session_state["linked page"] = here


def parameters() -> dict[str, list[str]]:
    """The page's own part of its URL."""
    return {name: [text] for name, text in _here().seen.items()}


def finish() -> tuple[str, ...]:
    """The page was drawn to its end: its URL says what is seen. One sentence for each part of the link that could not
    be followed."""
    here = _here()
    here.unknown += [
        f'The link speaks of "{name}", which this page does not have here.'
        for name in here.asks
        if name not in here.used
    ]
    said, here.asks, here.is_followed, here.seen = tuple(here.unknown), {}, False, here.now
    return said


def option(offer: Offer, key: str, draw: Callable[[], Any]) -> Any:
    """The widget of an option with this key, drawn as the link has it; one that is called like a part of the view is
    not linked."""
    if offer.name in NAMES:
        return draw()
    name = _follow(offer.name, usual_of(offer), lambda text: parsed(offer, text), partial(assign, offer, key), key)
    value = draw()
    text = written(value)
    if value != offer.usual and text != written(offer.usual) and _reads_back(offer, text, value):
        _here().now[name] = text
    return value


def choice(name: str, key: str, slugs: Mapping[Any, str], usual: Any, draw: Callable[[], Any]) -> Any:
    """A widget that asks for one of what has a slug, drawn as the link has it; nothing is linked where `name` is
    empty."""
    if not name:
        return draw()

    def read(text: str) -> Any:
        found = [each for each, slug in slugs.items() if slug == text]
        if len(found) != 1:
            raise NotAllowed(f'"{text}" is no {name} that can be shown here.')
        return found[0]

    name = _follow(name, usual, read, lambda value: _assign(key, value), key)
    _restore(key, usual, read)
    value = draw()
    _note(key, slugs.get(value, "") if value != usual else "")
    if value != usual and list(slugs.values()).count(slugs.get(value, "")) == 1:
        _here().now[name] = slugs[value]
    return value


def tabs(names: Sequence[str], key: str, draw: Callable[[], Any]) -> Any:
    """Tabs, opened as the link has it, or as they were when the reader left the page."""
    drawn, before = [], _here().seen.get("tab")
    short = {name: slug_of(name.split()[0]) for name in names}
    slugs = short if len(set(short.values())) == len(names) else {name: slug_of(name) for name in names}
    if key not in st.session_state and (left := [name for name, slug in slugs.items() if slug == before]):
        st.session_state[key] = left[0]

    def opened() -> str:
        drawn.append(draw())
        return next((name for name, tab in zip(names, drawn[0], strict=True) if tab.open), names[0])

    choice("tab", key, slugs, names[0], opened)
    return drawn[0]


def assign(offer: Offer, key: str, value: Any) -> None:
    """Make the widget of an option show this value when it is drawn next."""
    if offer.option.kind == "amounts":
        for name, amount in value:
            _assign(f"{key} {name}", amount)
    elif offer.option.kind == "texts":
        _assign(key, as_lines(value or ()))
    else:
        _assign(key, list(value or ()) if offer.option.kind == "several" else value)


def chosen() -> Texts:
    """What is open on the pages that were seen, or will be, by the key of the widget: the slug of each choice that is
    not the usual one."""
    every = {**st.session_state.get("chosen", {}), **st.session_state.get("restored", {})}
    return {key: slug for key, slug in every.items() if slug}


def restore(saved: Mapping[str, str]) -> None:
    """Make what was chosen so be open on each page when it is drawn next, and the usual elsewhere, whatever a link
    says."""
    st.session_state["restored"] = {**dict.fromkeys(chosen(), ""), **saved}
    for page in st.session_state.get("linked", {}).values():
        page.asks, page.is_followed = {}, False


def _restore(key: str, usual: Any, read: Callable[[str], Any]) -> None:
    """Makes a widget show what a saved session says, once."""
    waiting: Texts = st.session_state.get("restored", {})
    if key not in waiting:
        return
    slug, value = waiting.pop(key), usual
    try:
        value = read(slug) if slug else usual
    except NotAllowed as refusal:
        _here().unknown.append(str(refusal))
    _assign(key, value)


def _note(key: str, slug: str) -> None:
    noted: Texts = st.session_state.setdefault("chosen", {})
    noted.pop(key, None)
    if slug:
        noted[key] = slug


def _follow(name: str, usual: Any, read: Callable[[str], Any], assign: Callable[[Any], None], key: str) -> str:
    """Makes the widget of this key show what the link says, and gives the name under which the link has it.

    Where a click broke the first run off, what the reader clicked on stays as she left it.
    """
    here = _here()
    name = next(each for each in (name, *(f"{name}_{n}" for n in range(2, 99))) if each not in here.used | NAMES)
    here.used.add(name)
    if not here.is_followed or (name not in here.asks and not here.in_full):
        return name
    value = usual
    if name in here.asks:
        try:
            value = read(here.asks[name])
        except NotAllowed as refusal:
            here.unknown.append(str(refusal))
    if name not in here.given or st.session_state.get(key, here.given[name]) == here.given[name]:
        assign(value)
    here.given.setdefault(name, st.session_state.get(key))
    return name


def usual_of(offer: Offer) -> Any:
    """The usual value of an option, as its widget shows it."""
    nothing = () if offer.option.kind in ("several", "amounts", "texts") else None
    return nothing if offer.usual is None else offer.usual


def _reads_back(offer: Offer, text: str, value: Any) -> bool:
    """Whether the text names this value: a name of a workbook may hold the sign that parts names."""
    try:
        return bool(parsed(offer, text) == value)
    except NotAllowed:
        return False


def _assign(key: str, value: Any) -> None:
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _here() -> _Page:
    return st.session_state["linked page"]
