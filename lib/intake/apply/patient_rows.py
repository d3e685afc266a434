"""Of several rows of a patient (and endpoint, term, day ...) only one: the first, the last or the worst, as the mapping
says.

One row a patient, of sheets that have several rows a patient, of several sheets, or of none: the patients who are only
named elsewhere.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.schema import PATIENTS, RESPONSES, Table
from lib.intake.apply.rows import SPAN, typed_frame, with_none
from lib.intake.apply.table import UNREAD, ReadTable
from lib.intake.cells.coding import NO_WORDS, YES_WORDS, as_number, is_missing, text
from lib.intake.mapping import RowChoice
from lib.intake.sheets.role import PATIENT

SAME: Final = {  # beside the patient and the infusion: what makes two rows speak of the same
    "endpoints": ("endpoint",),
    "adverse_events": ("term",),
    "kinetics": ("day", "specimen", "assay", "unit"),
    "labs": ("day", "visit", "test"),
    "therapies": ("kind",),
    "infusions": (),
    "responses": (),
    "states": ("measure",),
    "events": ("event",),
}
ORDERED_BY: Final = ("time", "day", "start_day")  # the first of these that a table has tells first from last
ASSESSED: Final = tuple(response for response in RESPONSES if response != "NE")  # best first


def one_row_each(
    frame: pd.DataFrame, table: Table, choice: RowChoice, sheet: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """The table with one row each, in the order of the sheet; a note counts the rows that were left out."""
    if not choice or table.name not in SAME or frame.empty:
        return frame, []
    keys = frame[["patient_id", *(name for name in ("infusion", *SAME[table.name]) if name in frame.columns)]]
    together = [keys[name].astype("object").where(keys[name].notna(), "") for name in keys.columns]
    rank = _badness(frame, table) if choice == "worst" else _order(frame)
    ranked = frame.assign(rank=rank, place=range(len(frame))).sort_values(["rank", "place"], kind="stable")
    grouped = ranked.groupby([each.loc[ranked.index] for each in together], sort=False)
    chosen = (
        (grouped.head(1) if choice == "first" else grouped.tail(1)).sort_values("place").drop(columns=["rank", "place"])
    )
    n = len(frame) - len(chosen)
    problem = (
        f"{n:,} rows of {table.sheet} were left out: of several rows that speak of the same, the {choice} one counts."
    )
    note = Finding("note", sheet, None, "", "", problem, "Change the mapping to read all of them.")
    return chosen.reset_index(drop=True), [note] * bool(n)


def _order(frame: pd.DataFrame) -> pd.Series:
    """By time where every row of the table has one, else by the order of the sheet."""
    for name in ORDERED_BY:
        if name in frame.columns and frame[name].notna().all():
            return frame[name]
    return pd.Series(0.0, index=frame.index)


def _badness(frame: pd.DataFrame, table: Table) -> pd.Series:
    """Higher is worse. Of endpoints an event before a censored time, and an early one before a late one."""
    if table.name == "endpoints":
        return frame["event"].fillna(-1) * 1e9 - frame["time"].fillna(0)
    if table.name == "responses":
        worse = {response: place for place, response in enumerate(ASSESSED)}
        return frame["response"].map(worse).astype("float64").fillna(-1)
    if table.name == "labs":
        return frame["grade"].abs().fillna(-1)
    return (frame["grade"] if "grade" in frame.columns else pd.Series(0.0, index=frame.index)).fillna(-1)


VARIES: Final = (
    "This column changes from row to row of a patient, so it says nothing about the patient and was left out."
)
FIX_VARIES: Final = "Choose which row counts, or a table for it, if it is needed."
FIX_CONTRADICTION: Final = "Correct one of them, or choose which row counts."
CHOSEN: Final = "{n:,} patients have different values in their rows; the {choice} counts."
FIX_CHOSEN: Final = "Choose another row in the mapping if that is wrong."
NO_GROUP: Final = "{n} patients have no row in this sheet, so their group is not known and they stand in none."
FIX_NO_GROUP: Final = "Give the group in the sheet of patients: who has no event is missing from every comparison."
ADDED: Final = "{n} patients of this sheet are not in {other}; they were added with what this sheet says of them."


def one_row_a_patient(read: ReadTable, choice: RowChoice, as_it_is: bool = False) -> ReadTable:
    """Every patient once, unless the table is taken as it is. Without a choice each column counts from the first row in
    which something stands: what contradicts is a warning, and a further column that differs within most patients is
    none of the patient's and is left out with a note.

    With a choice every column counts from the first or the last row in which something stands, or from the worst: the
    highest number or grade, yes before no (words without an order: the first).
    """
    frame = read.frame
    several = frame[PATIENT].duplicated(keep=False) & frame[PATIENT].notna()
    if as_it_is or not several.any():
        return read
    filled = _with(frame, {name: _without_missing(frame[name]) for name in read.extras})
    named = filled[filled[PATIENT].notna()].iloc[:: -1 if choice == "last" else 1]
    if choice == "worst":
        further = named.columns.drop(["source_row", PATIENT])
        named = _with(named, {name: _worst_first(named, name) for name in further})
    n_several = int(frame.loc[several, PATIENT].nunique())
    findings, varying = (_chosen(read, filled, choice), set()) if choice else _contradictions(read, named, n_several)
    whole = _merged(frame, named).drop(columns=list(varying))
    problem = f"{len(frame) - len(whole):,} rows were joined to others of the same patient."
    note = Finding("note", read.sheet, None, "", "", problem, "Each patient stands once among the patients.")
    return replace(
        read,
        frame=whole,
        extras=tuple(name for name in read.extras if name not in varying),
        letters={name: letter for name, letter in read.letters.items() if name not in varying},
        findings=(*read.findings, note, *findings),
    )


def _without_missing(column: pd.Series) -> pd.Series:
    """The cells with None for what is missing."""
    return pd.Series([None if is_missing(cell) else cell for cell in column], column.index, dtype="object")


def _merged(frame: pd.DataFrame, named: pd.DataFrame) -> pd.DataFrame:
    """Each patient of `named` once, of each column the first that is filled, in the order of the sheet; then the rows
    without a patient."""
    merged = named.groupby(PATIENT, sort=False).first().reset_index()
    merged["source_row"] = merged[PATIENT].map(frame.groupby(PATIENT)["source_row"].min())
    nameless = frame[frame[PATIENT].isna()]
    whole = pd.concat([merged.sort_values("source_row")[list(frame.columns)], nameless], ignore_index=True)
    return with_none(whole.astype({column.name: frame[column.name].dtype for column in PATIENTS.columns}))


def _worst_first(named: pd.DataFrame, name: str) -> pd.Series:
    """The column with, in every row, what is worst of its patient; unchanged where its words have no order."""
    ranks = [_rank(cell) for cell in named[name]]
    if any(rank is None and not _missing(cell) for rank, cell in zip(ranks, named[name], strict=True)):
        return named[name]
    rank = pd.Series(ranks, named.index, dtype="float64")
    worst = named.loc[rank.dropna().groupby(named[PATIENT]).idxmax(), [PATIENT, name]].set_index(PATIENT)[name]
    return named[PATIENT].map(worst).astype(named[name].dtype)


def _rank(cell: object) -> float | None:
    if isinstance(cell, str | float | int):
        word = text(cell).casefold()
        return 1.0 if word in YES_WORDS - {"1"} else 0.0 if word in NO_WORDS - {"0"} else as_number(cell)
    return None


def _chosen(read: ReadTable, named: pd.DataFrame, choice: RowChoice) -> list[Finding]:
    """A note for every column in which patients have different values, of which the chosen one counts."""
    counts = {name: twice[PATIENT].nunique() for name, twice in _differing(named)}
    return [
        Finding(
            "note", read.sheet, None, read.letters.get(name, name), "", CHOSEN.format(n=n, choice=choice), FIX_CHOSEN
        )
        for name, n in counts.items()
    ]


def _differing(named: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each column in which some patients have different values, with those rows."""
    for name in (each for each in named.columns if each not in ("source_row", PATIENT)):
        pairs = named[[PATIENT, name, "source_row"]].dropna(subset=[name])
        pairs = pairs.assign(said=[text(cell) if not hasattr(cell, "isoformat") else str(cell) for cell in pairs[name]])
        different = pairs.drop_duplicates([PATIENT, "said"])
        twice = different[different[PATIENT].duplicated(keep=False)]
        if not twice.empty:
            yield name, twice


def _contradictions(read: ReadTable, named: pd.DataFrame, n_several: int) -> tuple[list[Finding], set[str]]:
    findings: list[Finding] = []
    varying: set[str] = set()
    for name, twice in _differing(named):
        letter = read.letters.get(name, name)
        if twice[PATIENT].nunique() * 2 > n_several and name in read.extras:
            varying.add(name)
            findings.append(Finding("note", read.sheet, None, letter, "", VARIES, FIX_VARIES))
            continue
        for patient, rows in twice.groupby(PATIENT, sort=False):
            used, other = rows["said"].iloc[0], rows["said"].iloc[1]
            problem = f'Patient "{patient}" has "{used}" in one row and "{other}" in another; "{used}" was taken.'
            row = int(rows["source_row"].iloc[1])
            findings.append(Finding("warning", read.sheet, row, letter, other, problem, FIX_CONTRADICTION))
    return findings, varying


def joined_patients(reads: Sequence[ReadTable]) -> ReadTable:
    """The patients of several sheets as one table: a later sheet adds the columns that it alone has, and patients
    unknown so far."""
    first, *later = reads
    for other in later:
        first = _joined(first, other)
    return first


def _joined(first: ReadTable, other: ReadTable) -> ReadTable:
    ours, theirs = first.frame, other.frame[other.frame[PATIENT].notna()].drop_duplicates(PATIENT)
    names = [name for name in other.letters if name != PATIENT]
    new = [name for name in names if name not in first.letters]
    beside = [f"{name}{UNREAD}" for name in new if f"{name}{UNREAD}" in theirs.columns]
    by_id = theirs.set_index(PATIENT)
    frame = ours.drop(columns=new, errors="ignore").reset_index(drop=True)
    frame = pd.concat([frame, by_id[[*new, *beside]].reindex(ours[PATIENT]).reset_index(drop=True)], axis=1)
    added = theirs[~theirs[PATIENT].isin(ours[PATIENT])]
    findings = [*first.findings, *other.findings, *_disagreements(first, other, names, theirs)]
    findings += _without_group(ours, other) if "arm" in new else []
    if len(added):
        place = (other.sheet, None, PATIENT, "", ADDED.format(n=len(added), other=f'"{first.sheet}"'))
        findings.append(Finding("warning", *place, "Add them there, or correct their ids."))
        frame = pd.concat([frame, added.reindex(columns=frame.columns)], ignore_index=True)
    frame = with_none(frame.astype(dict(ours.dtypes)))
    letters = {name: f"{other.letters[name]} of {other.sheet}" for name in new}
    part = first.parts[0]
    places = (other.sheet, _rows_there(ours, by_id["source_row"]))
    elsewhere = {**part.elsewhere, **dict.fromkeys(letters.values(), places)}
    parts = (replace(part, letters={**part.letters, **letters}, elsewhere=elsewhere), *first.parts[1:], *other.parts)
    return replace(
        first,
        frame=frame[list(dict.fromkeys((*ours.columns, *frame.columns)))],
        letters={**first.letters, **letters},
        findings=tuple(findings),
        parts=parts,
        extras=(*first.extras, *(name for name in new if name in other.extras)),
    )


def _without_group(ours: pd.DataFrame, other: ReadTable) -> list[Finding]:
    """That patients of ours have no row in the sheet that says the groups."""
    away = int((~ours[PATIENT].isin(other.frame[PATIENT])).sum())
    said = (other.letters["arm"], "", NO_GROUP.format(n=away), FIX_NO_GROUP)
    return [Finding("warning", other.sheet, None, *said)] * bool(away)


def _rows_there(ours: pd.DataFrame, theirs: pd.Series) -> dict[int, int]:
    """The row of the other sheet, by patient, for each row of ours whose patient it has."""
    found = ours[PATIENT].map(theirs)
    shared = zip(ours["source_row"][found.notna()], found.dropna(), strict=True)
    return {int(mine) % SPAN: int(row) % SPAN for mine, row in shared}


def _disagreements(first: ReadTable, other: ReadTable, names: Sequence[str], theirs: pd.DataFrame) -> list[Finding]:
    """Where both sheets say something of a patient and not the same; the first sheet counts."""
    ours = first.frame.drop_duplicates(PATIENT).set_index(PATIENT)
    findings = []
    for name in (each for each in names if each in first.letters):
        for patient, mine, row, said in zip(
            theirs[PATIENT], ours[name].reindex(theirs[PATIENT]), theirs["source_row"], theirs[name], strict=True
        ):
            if not (_missing(mine) or _missing(said)) and str(mine) != str(said):
                problem = f'Patient "{patient}" has "{mine}" in "{first.sheet}" and "{said}" here; "{mine}" was taken.'
                place = (other.sheet, int(row), other.letters[name])
                findings.append(Finding("warning", *place, str(said), problem, "Correct one of them."))
    return findings


def _missing(cell: object) -> bool:
    return cell is pd.NaT or (is_missing(cell) if isinstance(cell, str | float) else cell is None)


def patients_named_elsewhere(reads: Iterable[ReadTable]) -> ReadTable:
    """A table of patients of the ids in all other tables, in the order met; each patient stands where he is first
    named."""
    found: dict[str, int] = {}
    sheet, letters = "", {PATIENT: PATIENT}
    for read in reads:
        if PATIENT in read.frame.columns:
            if not sheet:
                sheet, letters = read.sheet, {PATIENT: read.letters.get(PATIENT, PATIENT)}
            for patient, row in zip(read.frame[PATIENT], read.frame["source_row"], strict=True):
                if patient is not None:
                    found.setdefault(patient, int(row))
    frame = typed_frame({"source_row": list(found.values()), PATIENT: list(found)}, PATIENTS)
    problem = (
        f"There is no table of patients; the {len(found):,} patients who are named in the other tables are taken as all"
        " there are."
    )
    note = Finding("note", "", None, "", "", problem, "Add a sheet with one row a patient if some had no event.")
    return ReadTable(PATIENTS, sheet, frame, (), letters, (note,))


def _with(frame: pd.DataFrame, columns: Mapping[str, pd.Series]) -> pd.DataFrame:
    """The frame with these columns; unlike assign(**columns) also where one is called "self"."""
    changed = frame.copy()
    for name, cells in columns.items():
        changed[name] = cells
    return changed
