"""Draws the widgets of the options of exhibits from their fields, and gives what the reader chose, by the name of the
option.

An option that several exhibits share is one widget; the keys of widgets are the same wherever the option is drawn.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.cohort.analysis import Analysis
from lib.publication.options import NotAllowed, Offer, as_lines, offers, parsed
from lib.publication.spec import ExhibitSpec
from pages.frame import ask, linked, session
from pages.frame.escape import plain

MOST_BUTTONS: Final = 6
Shown = tuple[ExhibitSpec, Any]  # an exhibit and its variant


def popover(
    shown: Iterable[Shown],
    analysis: Analysis,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    label: str = "Options",
    given: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The options of these exhibits (`only` some, or `without` some), folded under a button; nothing where there is
    nothing to choose.

    `given` are values chosen elsewhere on which some of these options depend. Widgets are sent once the button is
    pressed.
    """
    offered = _offered(shown, analysis, only, without)
    if not any(_has_something(offer, given or {}) for offer, _ in offered):
        return {}
    folded = st.popover(label, key=f"folded {label}", icon=":material/tune:", on_change="rerun")
    with folded:
        return _draw_all(offered, st if folded.open else None, given or {})


def row(shown: Iterable[Shown], analysis: Analysis, only: Sequence[str], place: Any = st) -> dict[str, Any]:
    """Some options of these exhibits, beside each other in `place`."""
    return _draw_all(_offered(shown, analysis, only, ()), place)


def held(spec: ExhibitSpec, variant: Any, analysis: Analysis) -> dict[str, Any]:
    """The options of an exhibit as they stand on the screen, asked for from any page; as usual where the reader has not
    seen their widget."""
    values: dict[str, Any] = {}
    for offer, key in _offered([(spec, variant)], analysis, (), ()):
        if offer.counts_with(values):
            values[offer.name] = _held(offer, key, values)
    return values


def restore(settings: Sequence[tuple[str, str, str]], analysis: Analysis) -> None:
    """Make the widgets of all options show these settings when they are drawn next, and what is usual elsewhere. Raises
    NotAllowed."""
    from lib.exhibits import Entry, entries  # every exhibit: not before the first page

    texts = {(of, name): text for of, name, text in settings}
    values: dict[str, tuple[Offer, Any]] = {}
    for entry in entries(analysis):
        for offer, key in _offered([(entry.spec, entry.variant)], analysis, (), ()) if isinstance(entry, Entry) else ():
            if (entry.id, offer.name) in texts:
                values[key] = offer, parsed(offer, texts[entry.id, offer.name])
            elif key not in values and _is_seen(offer, key):
                values[key] = offer, linked.usual_of(offer)
    for key, (offer, value) in values.items():
        linked.assign(offer, key, value)


def _is_seen(offer: Offer, key: str) -> bool:
    """Whether the reader has seen the widget of an option."""
    keys = [f"{key} {name}" for name in offer.choices] if offer.option.kind == "amounts" else [key]
    return any(map(session.is_answered, keys))


def _answer(offer: Offer, key: str, values: Mapping[str, Any]) -> Any:
    """What the widget of an option holds, whether it is drawn now or was on another page."""
    option = offer.option
    if option.kind == "amounts":
        shown = [name for name in values.get(option.within, ()) if session.is_answered(f"{key} {name}")]
        return tuple((name, session.answer(f"{key} {name}")) for name in shown)
    if not session.is_answered(key):
        return offer.usual
    if option.kind == "texts":
        return _read_lines(offer, session.answer(key))
    return session.answers(key, offer.choices) if _as_pills(offer) else session.answer(key)


def _offered(
    shown: Iterable[Shown], analysis: Analysis, only: Sequence[str], without: Sequence[str]
) -> list[tuple[Offer, str]]:
    """Every option once, with the key of its widget."""
    found: dict[str, tuple[Offer, str]] = {}
    for spec, variant in shown:
        of_variant = str(variant) if variant is not None else ""  # the same for all exhibits that share the option
        for offer in offers(spec.options, analysis, variant):
            wanted = (not only or offer.name in only) and offer.name not in without
            if wanted and offer.is_open and offer.name not in found:
                found[offer.name] = offer, _key(offer, of_variant, analysis)
    return [found[name] for name in only if name in found] if only else list(found.values())


def _has_something(offer: Offer, given: Mapping[str, Any]) -> bool:
    """Whether there is a widget to draw: amounts have one for each name that was chosen elsewhere."""
    within = offer.option.within
    return offer.option.kind != "amounts" or within not in given or any(name in offer.choices for name in given[within])


def _key(offer: Offer, variant: str, analysis: Analysis) -> str:
    """A choice that depends on the workbook is kept for the open one; where it depends on grouping or variant, for
    that."""
    option = offer.option
    parts = [offer.key]
    if callable(option.choices) or option.usual is not None:
        parts += [analysis.opened.fingerprint[:8], analysis.grouping.variable if option.usual is not None else ""]
    parts += [variant if option.each_variant else "", analysis.unit if option.in_unit else ""]
    return " ".join(part for part in parts if part)


def _draw_all(
    offered: Sequence[tuple[Offer, str]], place: Any, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What the widgets in this place hold; of those that are nowhere now (None), what they held."""
    values: dict[str, Any] = {}
    for offer, key in offered:
        known = {**(given or {}), **values}
        if offer.counts_with(known):
            draw = partial(_draw, offer, key, place, known) if place else partial(_held, offer, key, known)
            values[offer.name] = linked.option(offer, key, draw)
    return values


def _held(offer: Offer, key: str, values: Mapping[str, Any]) -> Any:
    return offer.allowed(_answer(offer, key, values))


def _draw(offer: Offer, key: str, place: Any, values: dict[str, Any]) -> Any:
    option = offer.option
    common = {"key": key, "help": option.help or None, "persist_state": "session"}
    if option.kind == "flag":
        return place.checkbox(option.label, value=bool(offer.usual), **common)
    if option.kind == "number":
        return _number(offer, place, common)
    if option.kind == "amounts":
        return _amounts(offer, key, place, values)
    if option.kind == "texts":
        return _texts(offer, place, common)
    return _several(offer, place, common) if option.kind == "several" else _one(offer, place, common)


def _several(offer: Offer, place: Any, common: dict[str, Any]) -> tuple[str, ...]:
    """Few as pills, many as a list to open."""
    option, names = offer.option, list(offer.choices)
    chosen = {"default": offer.usual or (), "name": offer.choices.__getitem__, "place": place, **common}
    if _as_pills(offer):
        return tuple(ask.some(option.label, names, **chosen))
    return tuple(
        ask.some_from_list(option.label, names, placeholder=option.none or "none", max_selections=option.most, **chosen)
    )


def _as_pills(offer: Offer) -> bool:
    return offer.option.kind == "several" and len(offer.choices) <= MOST_BUTTONS and not offer.option.none


def _one(offer: Offer, place: Any, common: dict[str, Any]) -> str | None:
    """Few as buttons beside each other, many as a list to open."""
    option, names = offer.option, list(offer.choices)
    drawn = {"name": offer.choices.__getitem__, "place": place, **common}
    first = names.index(offer.usual) if offer.usual in names else None
    if option.none:
        return ask.from_list(option.label, names, first=first, placeholder=option.none, width=320, **drawn)
    if len(names) > MOST_BUTTONS:
        return ask.from_list(option.label, names, first=first or 0, width=320, **drawn)
    return ask.one(option.label, names, default=offer.usual, **drawn)


def _number(offer: Offer, place: DeltaGenerator, common: dict[str, Any]) -> float | None:
    option = offer.option
    low, high, usual = (None if bound is None else float(bound) for bound in (option.low, option.high, offer.usual))
    value = place.number_input(
        option.label,
        low,
        high,
        usual,
        step=float(option.step),
        format="%g",
        placeholder=option.none or None,
        width=190,
        **common,
    )
    return None if value is None else float(value)


def _texts(offer: Offer, place: DeltaGenerator, common: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """One a line, "name: text"; what cannot be followed is said below, and nothing of it counts."""
    lines = place.text_area(
        offer.option.label, as_lines(offer.usual), height=90, placeholder=offer.option.example, **common
    )
    try:
        return tuple(parsed(offer, lines))
    except NotAllowed as refusal:
        place.warning(plain(str(refusal)))
        return ()


def _read_lines(offer: Offer, lines: str) -> tuple[tuple[str, str], ...]:
    """What stands in a field of lines, where all of it can be followed."""
    try:
        return tuple(parsed(offer, lines))
    except NotAllowed:
        return ()


def _amounts(offer: Offer, key: str, place: DeltaGenerator, values: dict[str, Any]) -> tuple[tuple[str, float], ...]:
    usual = dict(offer.usual)
    shown = [name for name in values.get(offer.option.within, ()) if name in offer.choices]
    return tuple(
        (
            name,
            place.number_input(
                plain(f"{offer.choices[name]}: {offer.option.label}"),
                min_value=0.0001,
                value=float(usual.get(name, 1.0)),
                step=1.0,
                format="%g",
                key=f"{key} {name}",
                persist_state="session",
            ),
        )
        for name in shown
    )
