"""Values so large that no chart can show them. Days and times have checks of their own (check_days.py,
check_follow_up.py)."""

from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.finding import Finding, at_rows

LARGEST_SHOWN: Final = 1e15  # beyond it an axis shows the one value and nothing else; no measure of a cohort comes near
NO_VALUES: Final = frozenset(("source_row", "infusion", "day", "start_day", "stop_day", "time", "entry"))


def check_values(rows: pd.DataFrame, sheet: str) -> list[Finding]:
    """A note for every number that is too large for a chart. Nothing is removed."""
    findings: list[Finding] = []
    for name in (each for each in rows.columns if each not in NO_VALUES and rows[each].dtype == "float64"):
        if not (np.abs(rows[name].to_numpy()) > LARGEST_SHOWN).any():
            continue
        odd = pd.DataFrame({"source_row": rows["source_row"], "number": rows[name]})[rows[name].abs() > LARGEST_SHOWN]
        problem = "{number:g} is outside what a chart can show; it is used as it stands."
        findings += at_rows(odd, "note", (sheet, str(name)), problem, "Correct it if it is a slip.", "{number:g}")
    return findings
