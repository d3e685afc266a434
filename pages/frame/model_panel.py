"""Headings and choices of the tab "Models and subgroups": up to when, adjusted for what, within which subgroups, per how much of a number.

What was known only after infusion stands at the end of every list, and says so. Choices stay for a workbook and a grouping.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from lib.cohort.grouping import Grouping
from lib.cohort.model import Variable
from pages.frame import ask, session
from pages.frame.escape import plain

OLDEST: Final = 100


def restricted_mean_to(endpoint: str, unit: str) -> float | None:
    """Up to which time means are restricted; None = the smallest of the groups' longest times."""
    options = _heading("Not adjusted")
    with options.popover("Options", icon=":material/tune:", width=130):
        return st.number_input(
            f"Restricted mean to, {unit}", min_value=0.0, value=None, placeholder="the smallest of the groups' longest", key=_key("mean to", endpoint, unit),
            persist_state="session", help="Empty: the smallest of the groups' longest times.",
        )  # fmt: skip


def covariates(
    grouping: Grouping, variables: Sequence[Variable], chosen: Sequence[str], steps: Mapping[str, float]
) -> tuple[list[str], dict[str, float]]:
    """What the comparison is adjusted for, `chosen` unless the reader says otherwise; and per how much of each number."""
    options = _heading("Adjusted")
    labels = _labels(variables)
    names = ask.some_from_list(
        "Adjusted for", list(labels), default=chosen, key=_key("covariates", grouping.variable), name=labels.__getitem__,
        persist_state="session", placeholder="Choose covariates",
    )  # fmt: skip
    numbers = [each for each in variables if each.name in names and each.kind == "number"]
    if not numbers:
        return names, {}
    with options.popover("Options", icon=":material/tune:", width=130):
        return names, {
            each.name: st.number_input(
                plain(f"{each.label}: per how many {each.unit}".strip()), min_value=0.0001, value=steps.get(each.name, 1.0), step=1.0, format="%g",
                key=_key("step", each.name), persist_state="session",
            )
            for each in numbers
        }  # fmt: skip


def subgroups(
    grouping: Grouping, variables: Sequence[Variable], chosen: Sequence[str], age: tuple[str, float]
) -> tuple[list[str], float, str]:
    """Within which variables the groups are compared, where age (its column and cut-point) is split, and which group."""
    options = _heading("Subgroups")
    labels = _labels(variables)
    others = [name for name in grouping.names if name != grouping.reference_name]
    group = others[0]
    if len(others) > 1:
        against = f"against {grouping.reference_name}"
        group = ask.from_list(
            "Compared", others, key=_key("compared", *grouping.names), name=lambda name: f"{name} {against}", label_visibility="collapsed",
            persist_state="session", width=280, place=options,
        )  # fmt: skip
    names = ask.some_from_list(
        "Looked at within", list(labels), default=chosen, key=_key("subgroups", grouping.variable), name=labels.__getitem__,
        persist_state="session", placeholder="Choose variables",
    )  # fmt: skip
    column, cut = age
    if column in names:
        with options.popover("Options", icon=":material/tune:", width=130):
            cut = st.number_input("Age is split at", 1, OLDEST, int(cut), key=_key("age cut"), persist_state="session")
    return names, float(cut), group


def _heading(words: str) -> st.delta_generator.DeltaGenerator:
    """The heading of a part of the tab, and the place for its options to the right of it."""
    row = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    row.markdown(f"##### {words}")
    return row.container(horizontal=True, horizontal_alignment="right", width="content")


def _labels(variables: Sequence[Variable]) -> dict[str, str]:
    """The label of each variable, with its timing where that is not before infusion."""
    return {each.name: each.label + _timing(each) for each in variables}


def _timing(variable: Variable) -> str:
    if variable.known_before_infusion:
        return ""
    return " (time not stated)" if variable.known_at is None else " (known after infusion)"


def _key(*parts: str) -> str:
    """A choice is kept for the open workbook."""
    return " ".join([*parts, session.cohort().fingerprint[:8]])
