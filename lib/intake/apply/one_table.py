"""Several sheets that fill one table -> that table, rows of one event or patient once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding, at_rows
from lib.cohort.schema import Table
from lib.intake.apply.frames import below_each_other, with_none
from lib.intake.apply.patient_rows import one_row_each
from lib.intake.apply.table import ReadTable
from lib.intake.mapping import Reading

OTHERWISE: Final = (
    (
        "{endpoint} of patient {patient_id} stands before this with another time or event; that one counts, and this"
        " row was not read."
    ),
    "Leave out the sheet or columns that are out of date.",
)


def together(table: Table, several: Sequence[tuple[ReadTable, Reading]]) -> tuple[ReadTable, list[Finding]]:
    """All readings of one table, one under the other. What an earlier reading says of an endpoint, a later one does not
    say again."""
    findings: list[Finding] = []
    frames: list[pd.DataFrame] = []
    for read, reading in several:
        frame, said = one_row_each(read.frame, table, reading.one_row, read.sheet)
        if table.name == "endpoints" and frames:
            findings += _said_otherwise(frame, pd.concat(frames), read.sheet)
            frame = _not_yet(frame, pd.concat(frames))
        frames.append(frame)
        findings += said
    first = several[0][0]
    reads = [read for read, _ in several]
    return (
        replace(
            first,
            sheet=", ".join(dict.fromkeys(read.sheet for read in reads)),
            frame=_as_one(frames, first.frame.dtypes),
            extras=tuple(dict.fromkeys(name for read in reads for name in read.extras)),
            letters={name: letter for read in reversed(reads) for name, letter in read.letters.items()},
            findings=tuple(each for read in reads for each in read.findings),
        ),
        findings,
    )


def _as_one(frames: Sequence[pd.DataFrame], kinds: pd.Series) -> pd.DataFrame:
    """These frames one under the other, in the kinds of the first."""
    if len(frames) == 1:
        return frames[0]
    together = below_each_other(frames)
    return with_none(together.astype({name: kind for name, kind in kinds.items() if name in together.columns}))


def _said_otherwise(frame: pd.DataFrame, earlier: pd.DataFrame, sheet: str) -> list[Finding]:
    """A warning for each endpoint of which this sheet says something else than one before it, which counts."""
    keys, said = ["patient_id", "endpoint"], ["unit", "event", "time"]
    both = frame[[*keys, *said, "source_row"]].merge(earlier[[*keys, *said]], on=keys, suffixes=("", "_before"))
    same_unit = both["unit"].fillna("") == both["unit_before"].fillna("")
    other = both["event"].ne(both["event_before"]) & both["event"].notna() & both["event_before"].notna()
    other |= both["time"].ne(both["time_before"]) & both["time"].notna() & both["time_before"].notna() & same_unit
    return at_rows(both[other].drop_duplicates(["patient_id", "endpoint"]), "warning", (sheet, "time"), *OTHERWISE)


def _not_yet(frame: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    keys = ["patient_id", "infusion", "endpoint"]
    known = set(map(tuple, earlier[keys].astype("object").fillna("").to_numpy()))
    return frame[[tuple(key) not in known for key in frame[keys].astype("object").fillna("").to_numpy()]].reset_index(
        drop=True
    )
