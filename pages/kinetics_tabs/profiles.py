"""The tab "Profiles": groups or single patients over time, the groups at a day of choice, and every other test beside."""

from typing import Final

import streamlit as st

from lib.derived.nominal_day import window
from lib.kinetics.figure import kinetics_figure
from lib.kinetics.patients.figure import patients_figure
from lib.kinetics.patients.window import places, sheets
from lib.kinetics.result import KineticsResult, compared_at
from lib.kinetics.sensitivity.result import sensitivity
from lib.kinetics.sensitivity.table import comparison_table, sensitivity_table
from pages.frame import ask, output, session
from pages.kinetics_tabs.asked import Asked

VIEWS: Final = ("Groups", "Each patient")


def show(asked: Asked) -> None:
    result = asked.result
    view = ask.one(
        "Show",
        VIEWS,
        default=VIEWS[0],
        key="kinetics view",
        persist_state="session",
        label_visibility="collapsed",
    )
    if view == VIEWS[0]:
        output.show(kinetics_figure, result, asked.spread_early_days)
    else:
        room = places(session.cohort(), result.key)
        output.show(patients_figure, result, asked.spread_early_days, _sheet(result), room)
    if result.grouping.compares and result.days:
        compared = _compared(result)
        output.show(comparison_table, compared)
        more = st.expander("Sensitivity analyses", key="kinetics sensitivity", on_change="rerun")
        if more.open:
            with more:
                output.show(sensitivity_table, compared, lambda: sensitivity(compared))


def _sheet(result: KineticsResult) -> int:
    """Of many patients, which sheet of panels is looked at."""
    every = sheets(result)
    if len(every) < 2:
        return 0
    names = [f"{patients[0]} to {patients[-1]}" for patients in every]
    numbers = list(range(len(every)))
    return ask.from_list("Patients", numbers, name=lambda number: names[number], key="sheet", width=320)


def _compared(result: KineticsResult) -> KineticsResult:
    """The groups compared at a day and within a window of the reader's choice."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    usual = int(result.comparison.day)
    day = row.number_input("Compare at day", 0, 3650, usual, key=f"day {result.key.slug}".strip(), width=150)
    within = row.number_input(
        "± days", 0, 365, int(window(day)), key=f"window {day}", width=120, help="The nearest sample of each patient within so many days.",
    )  # fmt: skip
    return compared_at(result, float(day), float(within))
