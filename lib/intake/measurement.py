"""Measurements with a limit of quantification: which values lie below it, and what the limit is."""

import pandas as pd

from lib.cohort.finding import Finding


def with_limits(table: pd.DataFrame, sheet: str) -> tuple[pd.DataFrame, list[Finding]]:
    """The table with `below` true for every value under its limit, and `lloq` (where the table has one) filled from "<1000".

    A number under the stated limit, and 0, count as below it. `value` is NaN for what was not measured.
    """
    below, value = table["below"], table["value"]
    findings: list[Finding] = []
    if "lloq" in table.columns:
        lloq = table["lloq"].where(table["lloq"] > 0).fillna(table["limit"])
        below = below | (value < lloq) | (value <= 0)
        unlimited = table[below & lloq.isna()]
        findings = [
            Finding(
                "warning",
                sheet,
                int(row),
                "lloq",
                "",
                "A value below the limit of quantification has no limit beside it.",
                "Write the limit, so that the value can be drawn and counted.",
            )
            for row in unlimited["source_row"]
        ]
        table = table.assign(lloq=lloq).drop(columns="limit")
        for column, word in (("specimen", "blood"), ("assay", "assay not stated")):
            if column in table.columns:
                table = table.assign(**{column: table[column].fillna(word)})
    return table.assign(below=below), findings
