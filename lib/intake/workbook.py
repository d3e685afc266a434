"""The only door: files -> Cohort with every finding, or Unsafe with the one sentence why they cannot be read."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.check import analysis_sets, usable_rows
from lib.cohort.finding import Finding, errors_first, listed
from lib.cohort.model import Cohort, empty_table
from lib.cohort.schema import PATIENTS, RESPONSES
from lib.intake.event_tables import assays_table, event_tables
from lib.intake.grid import Grid, read_grids
from lib.intake.guard import Unsafe
from lib.intake.header import find_header, table_of
from lib.intake.role import normalised
from lib.intake.study import StudySettings, read_study, unmet_settings
from lib.intake.table import ReadTable, read_table
from lib.intake.variables import PatientColumns, patient_columns

DICTIONARY_SHEET: Final = "Data dictionary"
NO_PATIENTS: Final = (
    "No table of patients was found. A workbook needs a sheet Patients with one row a patient and a column patient_id; "
    "the template shows how it looks."
)
NOBODY: Final = "The table of patients has no patient in it."
UNKNOWN_SHEET: Final = (
    "This sheet is none of the tables and was not read.",
    "Give it the name and the columns of the template.",
)
HIDDEN_SHEET: Final = ("This sheet is hidden and was not read.", "Show it if it is meant to be read.")


@dataclass(frozen=True)
class SourceFile:
    """A file as it was handed over: nothing of it is kept but what becomes the cohort."""

    name: str
    content: bytes


def read_workbook(content: bytes, name: str) -> Cohort:
    """Read one workbook, or one csv file that is the table of patients. Raises Unsafe."""
    return read_files([SourceFile(name, content)])


def read_files(files: Sequence[SourceFile]) -> Cohort:
    """Read a workbook, or several csv or tsv files with one table each, as one cohort. Raises Unsafe."""
    grids = [grid for file in files for grid in read_grids(file.content, file.name)]
    reads, findings = _read_tables(grids)
    assays, assay_findings = assays_table(reads.get("assays"))
    if "patients" not in reads and assays.empty:
        raise Unsafe(NO_PATIENTS)
    settings = read_study(reads.get("study"))
    findings += [finding for read in reads.values() for finding in read.findings]
    patients = reads.get("patients") or ReadTable(PATIENTS, "", empty_table(PATIENTS).assign(source_row=0), (), {}, ())
    rows, aside = usable_rows(patients.frame, "patients", patients.sheet, None)
    if rows.empty and assays.empty:
        raise Unsafe(f"{NOBODY} {aside[0].sentence() if aside else 'Write one row a patient.'}")
    columns = patient_columns(rows, patients.extras, patients.sheet, patients.letters, settings)
    included, set_findings = analysis_sets(columns.patients, patients.sheet)
    columns = replace(columns, patients=columns.patients.assign(analysis_set=included))
    findings += aside + set_findings + list(columns.findings) + assay_findings
    findings += settings.findings + unmet_settings(settings, columns.variables, reads.get("study"))
    tables, event_findings = event_tables(reads, rows, patients, settings)
    findings += event_findings
    findings = [_as_the_sheet_shows(finding, reads.values()) for finding in findings]
    return _cohort(files, columns, {**tables, "assays": assays}, settings, findings)


def _read_tables(grids: Sequence[Grid]) -> tuple[dict[str, ReadTable], list[Finding]]:
    """Every sheet that is one of our tables, by table name, and a finding for each sheet that was not read."""
    reads: dict[str, ReadTable] = {}
    findings: list[Finding] = []
    for grid in grids:
        header = find_header(grid)
        table = table_of(grid, header) if header is not None else None
        if header is None or table is None:
            if any(any(row) for row in grid.rows) and normalised(grid.name) != normalised(DICTIONARY_SHEET):
                findings.append(Finding("note", grid.name, None, "", "", *UNKNOWN_SHEET))
        elif not grid.visible:
            findings.append(Finding("note", grid.name, None, "", "", *HIDDEN_SHEET))
        elif table.name in reads:
            problem = f'This sheet holds the same table as "{reads[table.name].sheet}" and was not read.'
            findings.append(Finding("warning", grid.name, None, "", "", problem, "Put both into one sheet."))
        else:
            reads[table.name] = read_table(grid, header, table)
    return reads, findings


def _cohort(
    files: Sequence[SourceFile],
    columns: PatientColumns,
    tables: dict[str, pd.DataFrame],
    settings: StudySettings,
    findings: list[Finding],
) -> Cohort:
    patients = columns.patients.drop(
        columns=["source_row", "infusion_date", "progression_date", "death_date", "last_contact_date"]
    )
    return Cohort(
        name=", ".join(file.name for file in files),
        fingerprint=_fingerprint(files),
        study=settings.study,
        variables=columns.variables,
        patients=patients.reset_index(drop=True),
        tables={name: table.drop(columns=["source_row"], errors="ignore") for name, table in tables.items()},
        findings=errors_first(listed(findings)),
        n_opened=int((patients["analysis_set"] != "excluded").sum()),
        vocabulary=_vocabulary(tables),
    )


def _as_the_sheet_shows(finding: Finding, reads: Iterable[ReadTable]) -> Finding:
    """The finding with its column as the sheet shows it: "B (Patient ID)" for patient_id."""
    for read in reads:
        if finding.sheet == read.sheet and finding.column in read.letters:
            return replace(finding, column=read.letters[finding.column])
    return finding


def _vocabulary(tables: dict[str, pd.DataFrame]) -> dict[str, tuple[str, ...]]:
    """The words of the opened cohort in the order of the file (responses: best first)."""
    places = {
        "endpoint": ("endpoints", "endpoint"),
        "term": ("adverse_events", "term"),
        "specimen": ("kinetics", "specimen"),
        "assay": ("kinetics", "assay"),
        "therapy_kind": ("therapies", "kind"),
        "test": ("labs", "test"),
    }
    words = {word: tuple(dict.fromkeys(tables[table][column].dropna())) for word, (table, column) in places.items()}
    words["term"] = _terms_in_order(tables["adverse_events"])
    given = set(tables["responses"]["response"].dropna())
    return {**words, "response": tuple(response for response in RESPONSES if response in given)}


def _terms_in_order(events: pd.DataFrame) -> tuple[str, ...]:
    """CRS and ICANS first, then terms by the number of patients, and of equally many in the order of the file."""
    patients = events.dropna(subset=["term"]).groupby("term", sort=False)["patient_id"].nunique()
    return tuple(sorted(patients.index, key=lambda term: (_of_interest(term), -patients[term])))


def _of_interest(term: str) -> int:
    return next((place for place, word in enumerate(("crs", "icans")) if word in term.casefold()), 2)


def _fingerprint(files: Sequence[SourceFile]) -> str:
    """SHA-256 of the content; of several files, whatever their order and names."""
    digests = sorted(hashlib.sha256(file.content).hexdigest() for file in files)
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
