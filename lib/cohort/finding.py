"""A finding: something in the file that a reader should know, and how to mend it.

Row and column are given as a spreadsheet shows them (row 1 is the first, columns are letters with the header).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

Severity = Literal["error", "warning", "note"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
MOST_A_COLUMN: Final = 1000  # more findings of one column are counted, not listed


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place. `sheet` is empty when it concerns the whole file, `row` is None for a whole sheet."""

    severity: Severity
    sheet: str
    row: int | None
    column: str
    value: str
    problem: str
    mend: str

    def sentence(self) -> str:
        """The finding in one line: place, what stands there, what to do."""
        sheet = f'Sheet "{self.sheet}"' if self.sheet else ""
        row = f"row {self.row}" if self.row else ""
        column = f'column "{self.column}"' if self.column else ""
        place = ", ".join(part for part in (sheet, row, column) if part)
        return f"{place}: {self.problem} {self.mend}".removeprefix(": ").strip()


def errors_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, errors before warnings before notes, otherwise in the order in which they were found."""
    return tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)))


def listed(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in their order, of each column only the first ones, and at the end how many more there are."""
    kept: list[Finding] = []
    count: Counter[tuple[Severity, str, str]] = Counter()
    for finding in findings:
        place = (finding.severity, finding.sheet, finding.column)
        count[place] += 1
        if count[place] <= MOST_A_COLUMN:
            kept.append(finding)
    for (severity, sheet, column), n in count.items():
        if n > MOST_A_COLUMN:
            problem = f"{n - MOST_A_COLUMN:,} more problems in this column are not listed."
            kept.append(Finding(severity, sheet, None, column, "", problem, "Mend those listed first."))
    return kept


def findings_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """One row a finding, in the columns that `results.json` and the download use."""
    columns = ["severity", "sheet", "row", "column", "value", "problem", "mend"]
    rows = [[getattr(finding, column) for column in columns] for finding in findings]
    return pd.DataFrame(rows, columns=columns).astype({"row": "Int64"})
