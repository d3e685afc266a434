"""What was found wrong in the open workbook: grouped and counted, and to be taken home as a marked copy of the user's
own sheets."""

from collections import Counter
from functools import partial
from typing import Final

import streamlit as st

from lib.cohort.finding import SEVERITIES, FindingGroup, findings_table, grouped, rows_set_aside
from lib.cohort.model import Cohort
from lib.export.sheet_copy import SheetCopy
from lib.export.table_file import findings_file
from lib.intake.draft import Draft
from lib.publication.number import plural
from pages.frame import printed_table, session

GROUPED: Final = ("severity", "n", "sheet", "column", "rows", "problem", "how to fix it")
SHOWN_ROWS: Final = 500
SHOWN_GROUPS: Final = 40  # printed, so that no words are cut
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show(cohort: Cohort) -> None:
    """All findings, errors first, equal ones as one line; one sentence where there are none."""
    if not cohort.findings:
        st.success("Nothing was found wrong in this workbook.", icon=":material/check:")
        return
    st.subheader(f"Found in this workbook: {counted(cohort)}")
    st.caption(
        "A cell that could not be read is missing; its patient stays in every count. A row is set aside only where it"
        " says so."
    )
    groups = grouped(cohort.findings)
    printed_table.show("What was found", GROUPED, [_cells(group) for group in groups[:SHOWN_GROUPS]])
    if len(groups) > SHOWN_GROUPS:
        st.caption(f"The first {SHOWN_GROUPS} of {len(groups):,}; the rest stand below, one by one.")
    with st.expander("One by one"):
        st.dataframe(findings_table(cohort.findings[:SHOWN_ROWS]), hide_index=True, width="stretch")
        if len(cohort.findings) > SHOWN_ROWS:
            st.caption(f"The first {SHOWN_ROWS} of {len(cohort.findings):,}; the files hold all.")
    with st.container(horizontal=True):
        _offer_files(cohort)


def counted(cohort: Cohort) -> str:
    """ "2 errors, 1 warning"; "nothing found wrong" where there are none."""
    counts = Counter(finding.severity for finding in cohort.findings)
    return (
        ", ".join(plural(counts[severity], severity) for severity in SEVERITIES if counts[severity])
        or "nothing found wrong"
    )


def _offer_files(cohort: Cohort) -> None:
    draft = session.read_as()
    if draft is not None and draft.fingerprint == cohort.fingerprint:
        st.download_button(
            "Download my sheets, marked",
            partial(marked_copy, draft, cohort),
            "findings.xlsx",
            XLSX,
            on_click="ignore",
            icon=":material/download:",
            help=(
                "All findings, a copy of your sheets with the cells in question coloured, and the rows that were set"
                " aside."
            ),
        )
    st.download_button(
        "Download the list",
        lambda: findings_file(cohort.findings),
        "findings.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def marked_copy(draft: Draft, cohort: Cohort) -> bytes:
    """The file as it was read, as an xlsx with the findings marked; private columns are left blank.

    Made when it is asked for, in a thread that belongs to no session: everything it needs is handed over.
    """
    from lib.export.findings_workbook import findings_workbook  # with the library of workbooks, which no page needs

    sheets = [
        SheetCopy(grid.name, grid.first_row, grid.first_column, grid.rows) for grid in draft.grids if grid.visible
    ]
    return findings_workbook(sheets, cohort.findings, rows_set_aside(cohort.findings), draft.private_columns)


def _cells(group: FindingGroup) -> tuple[str, ...]:
    said = (group.severity, group.n, group.sheet, group.column, _rows(group), group.problem, group.fix)
    return tuple(map(str, said))


def _rows(group: FindingGroup) -> str:
    return ", ".join(map(str, group.rows)) + (" ..." if group.n > len(group.rows) else "")
