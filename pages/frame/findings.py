"""What was found wrong in the open workbook: counted, shown as a table, and to be taken home as a file."""

from typing import Final

import streamlit as st

from lib.cohort.finding import findings_table
from lib.cohort.model import Cohort
from lib.export.table_file import findings_file
from lib.publication.number import plural

SHOWN_ROWS: Final = 500


def show(cohort: Cohort) -> None:
    """All findings, errors first; one sentence where there are none."""
    if not cohort.findings:
        st.success("Nothing was found wrong in this workbook.", icon=":material/check:")
        return
    counts = {
        severity: sum(finding.severity == severity for finding in cohort.findings)
        for severity in ("error", "warning", "note")
    }
    said = ", ".join(plural(n, severity) for severity, n in counts.items() if n)
    st.subheader(f"Found in this workbook: {said}")
    st.caption(
        "A cell that could not be read is missing; its patient stays in every count. A row is set aside only where it says so."
    )
    st.dataframe(findings_table(cohort.findings[:SHOWN_ROWS]), hide_index=True, width="stretch")
    if len(cohort.findings) > SHOWN_ROWS:
        st.caption(f"The first {SHOWN_ROWS} of {len(cohort.findings):,}; the file holds all.")
    st.download_button(
        "Download all findings",
        lambda: findings_file(cohort.findings),
        "findings.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )
