"""Tables as files: CSV that opens in a spreadsheet, says where it comes from, and cannot start a formula there."""

import re
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding, findings_table
from lib.export.provenance import Provenance
from lib.publication.exhibit import Exhibit

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def csv_file(exhibit: Exhibit, provenance: Provenance) -> bytes:
    """The data behind an exhibit; the last columns repeat the selection and what biases it, and, of synthetic data, say so."""
    selection = provenance.selection if exhibit.of_patients else ""
    warnings = " ".join(provenance.warnings_of(exhibit))
    said = {
        "selection": selection,
        "warnings": warnings,
        "data": provenance.fingerprint[:8],
        "note": provenance.synthetic_words,
    }
    reported = {name: words for name, words in said.items() if words and name not in exhibit.data.columns}
    frame = pd.concat([exhibit.data, pd.DataFrame(reported, index=exhibit.data.index)], axis=1)
    return _encoded(frame)


def findings_file(findings: tuple[Finding, ...]) -> bytes:
    """All findings as CSV."""
    return _encoded(findings_table(findings))


def harmless(value: object) -> object:
    """Text that a spreadsheet would take for a formula, with an apostrophe before it; numbers as they are."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return value if re.fullmatch(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?", value) else f"'{value}"
    return value


def _encoded(frame: pd.DataFrame) -> bytes:
    """The frame as CSV; two columns of one name stay two columns."""
    rows = zip(*([harmless(value) for value in frame.iloc[:, place]] for place in range(frame.shape[1])), strict=True)
    safe = pd.DataFrame(list(rows), columns=[str(harmless(name)) for name in frame.columns])
    return safe.to_csv(index=False).encode("utf-8-sig")
