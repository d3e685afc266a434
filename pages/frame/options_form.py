"""Draws the widgets of the options of exhibits from their fields, and gives what the reader chose, by the name of the option.

An option that several exhibits share is one widget; the keys of widgets are the same wherever the option is drawn.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.cohort.analysis import Analysis
from lib.publication.options import Offer, offers
from lib.publication.spec import ExhibitSpec
from pages.frame import ask, session
from pages.frame.escape import plain

MOST_BUTTONS: Final = 6
Shown = tuple[ExhibitSpec, Any]  # an exhibit and its variant


def popover(shown: Iterable[Shown], analysis: Analysis, only: Sequence[str] = (), without: Sequence[str] = ()) -> dict[str, Any]:
    """The options of these exhibits, folded under "Options"; nothing where there is nothing to choose."""
    offered = _offered(shown, analysis, only, without)
    if not offered:
        return {}
    with st.popover("Options", icon=":material/tune:", width=130):
        return _draw_all(offered, st)


def row(shown: Iterable[Shown], analysis: Analysis, only: Sequence[str], place: Any = st) -> dict[str, Any]:
    """Some options of these exhibits, beside each other in `place`."""
    return _draw_all(_offered(shown, analysis, only, ()), place)


def _offered(shown: Iterable[Shown], analysis: Analysis, only: Sequence[str], without: Sequence[str]) -> list[tuple[Offer, str]]:
    """Every option once, with the key of its widget."""
    found: dict[str, tuple[Offer, str]] = {}
    for spec, variant in shown:
        of_variant = spec.id_of(variant) if variant is not None else ""
        for offer in offers(spec.options, analysis, variant):
            wanted = (not only or offer.name in only) and offer.name not in without
            if wanted and offer.is_open and offer.name not in found:
                found[offer.name] = offer, _key(offer, of_variant)
    return [found[name] for name in only if name in found] if only else list(found.values())


def _key(offer: Offer, variant: str) -> str:
    """A choice that depends on the workbook is kept for the open one; where it depends on the variant, for that."""
    option = offer.option
    own = callable(option.choices) or option.usual is not None
    parts = [offer.key, session.cohort().fingerprint[:8] if own else "", variant if option.each_variant else ""]
    return " ".join(part for part in parts if part)


def _draw_all(offered: Sequence[tuple[Offer, str]], place: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for offer, key in offered:
        values[offer.name] = _draw(offer, key, place, values)
    return values


def _draw(offer: Offer, key: str, place: Any, values: dict[str, Any]) -> Any:
    option = offer.option
    common = {"key": key, "help": option.help or None, "persist_state": "session"}
    if option.kind == "flag":
        return place.checkbox(option.label, value=bool(offer.usual), **common)
    if option.kind == "number":
        return _number(offer, place, common)
    if option.kind == "amounts":
        return _amounts(offer, key, place, values)
    names, label = list(offer.choices), offer.choices.__getitem__
    if option.kind == "several":
        draw = ask.some if len(names) <= MOST_BUTTONS else ask.some_from_list
        more = {} if len(names) <= MOST_BUTTONS else {"placeholder": option.none or "none"}
        return tuple(draw(option.label, names, default=offer.usual or (), name=label, place=place, **more, **common))
    if option.none:
        first = names.index(offer.usual) if offer.usual in names else None
        return ask.from_list(option.label, names, first=first, name=label, place=place, placeholder=option.none, **common)
    if len(names) > MOST_BUTTONS:
        return ask.from_list(option.label, names, first=names.index(offer.usual), name=label, place=place, width=320, **common)
    return ask.one(option.label, names, default=offer.usual, name=label, place=place, **common)


def _number(offer: Offer, place: DeltaGenerator, common: dict[str, Any]) -> float | None:
    option = offer.option
    value = place.number_input(
        option.label, option.low, option.high, None if offer.usual is None else float(offer.usual), step=float(option.step), format="%g",
        placeholder=option.none or None, width=190, **common,
    )  # fmt: skip
    return None if value is None else float(value)


def _amounts(offer: Offer, key: str, place: DeltaGenerator, values: dict[str, Any]) -> tuple[tuple[str, float], ...]:
    usual = dict(offer.usual)
    shown = [name for name in values.get(offer.option.within, ()) if name in offer.choices]
    return tuple(
        (
            name,
            place.number_input(
                plain(f"{offer.choices[name]}: {offer.option.label}"), min_value=0.0001, value=float(usual.get(name, 1.0)), step=1.0, format="%g",
                key=f"{key} {name}", persist_state="session",
            ),
        )
        for name in shown
    )  # fmt: skip
