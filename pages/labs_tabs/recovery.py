"""The tab "Recovery": nadir of neutrophils or platelets, and the time until they came back above a threshold."""

import streamlit as st

from lib.labs.recovery.figure import recovery_figure
from lib.labs.recovery.result import THRESHOLDS, recovery
from lib.labs.recovery.table import recovery_table
from lib.labs.recovery.words import headline
from lib.labs.series import series_of_analytes
from lib.publication.number import short
from pages.frame import ask, output
from pages.labs_tabs.asked import Asked


def show(asked: Asked) -> None:
    series = series_of_analytes(asked.series)
    offered = {
        f"{analyte} ≥ {short(threshold)}": (analyte, threshold)
        for analyte in THRESHOLDS
        if analyte in series
        for threshold in THRESHOLDS[analyte]
    }
    if not offered:
        st.info('No neutrophils or platelets in the sheet "Labs": recovery is shown of these.')
        return
    first = next(
        (words for words, (analyte, _) in offered.items() if analyte == asked.chosen.analyte), next(iter(offered))
    )
    analyte, threshold = offered[
        ask.one(
            "Recovery to, × 10⁹/L", list(offered), default=first, key=f"recovery {asked.chosen.slug}", persist_state="session"
        )
    ]  # fmt: skip
    result = recovery(asked.cohort, asked.grouping, analyte, threshold)
    output.headline(headline(result))
    if result.n:
        output.show(recovery_figure, result, series[analyte].slug)
    output.show(recovery_table, result, series[analyte].slug)
