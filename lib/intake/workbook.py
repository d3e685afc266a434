"""The only door: files -> Cohort with every finding, or Unsafe with the one sentence why they cannot be read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.check import check_after_death, check_endpoints, usable_rows
from lib.cohort.finding import Finding, errors_first
from lib.cohort.model import Cohort, empty_table, empty_tables
from lib.cohort.schema import ENDPOINTS, EVENT_TABLES, INFUSIONS, PATIENTS, RESPONSES
from lib.cohort.study_day import InfusionDates, infusion_dates, with_days
from lib.intake.endpoints import combined, endpoints_from_columns, endpoints_from_dates, endpoints_from_sheet
from lib.intake.grid import Grid, read_grids
from lib.intake.guard import Unsafe
from lib.intake.header import find_header, table_of
from lib.intake.measurement import with_limits
from lib.intake.role import normalised
from lib.intake.study import StudySettings, read_study
from lib.intake.table import ReadTable, extra_as_text, read_table
from lib.intake.variables import PRIVATE, PatientColumns, patient_columns

DICTIONARY_SHEET: Final = "Data dictionary"
NO_PATIENTS: Final = (
    "No table of patients was found. A workbook needs a sheet Patients with one row a patient and a column patient_id; "
    "the template shows how it looks."
)


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
    if "patients" not in reads and "assays" not in reads:
        raise Unsafe(NO_PATIENTS)
    settings = read_study(reads.get("study"))
    findings += settings.findings + [finding for read in reads.values() for finding in read.findings]
    patients = reads.get("patients") or ReadTable(PATIENTS, "", empty_table(PATIENTS).assign(source_row=0), (), {}, ())
    rows, aside = usable_rows(patients.frame, "patients", patients.sheet, None)
    if rows.empty and "assays" not in reads:
        raise Unsafe(
            "The table of patients has no patient in it. "
            + (aside[0].sentence() if aside else "Write one row a patient.")
        )
    columns = patient_columns(rows, patients.extras, patients.sheet, patients.letters, settings)
    findings += aside + list(columns.findings)
    tables = _event_tables(reads, rows, patients, settings, findings)
    return _cohort(files, columns, tables, settings, findings)


def _read_tables(grids: Sequence[Grid]) -> tuple[dict[str, ReadTable], list[Finding]]:
    """Every sheet that is one of our tables, by table name, and a finding for each sheet that was not read."""
    reads: dict[str, ReadTable] = {}
    findings: list[Finding] = []
    for grid in grids:
        header = find_header(grid)
        table = table_of(grid, header) if header is not None else None
        if header is None or table is None:
            if any(any(row) for row in grid.rows) and normalised(grid.name) != normalised(DICTIONARY_SHEET):
                findings.append(
                    Finding(
                        "note",
                        grid.name,
                        None,
                        "",
                        "",
                        "This sheet is none of the tables and was not read.",
                        "Give it the name and the columns of the template.",
                    )
                )
        elif not grid.visible:
            findings.append(
                Finding(
                    "note",
                    grid.name,
                    None,
                    "",
                    "",
                    "This sheet is hidden and was not read.",
                    "Show it if it is meant to be read.",
                )
            )
        elif table.name in reads:
            findings.append(
                Finding(
                    "warning",
                    grid.name,
                    None,
                    "",
                    "",
                    f'This sheet holds the same table as "{reads[table.name].sheet}" and was not read.',
                    "Put both into one sheet.",
                )
            )
        else:
            reads[table.name] = read_table(grid, header, table)
    return reads, findings


def _event_tables(
    reads: dict[str, ReadTable],
    patients: pd.DataFrame,
    read_patients: ReadTable,
    settings: StudySettings,
    findings: list[Finding],
) -> dict[str, pd.DataFrame]:
    """Every event table, checked, in days, with the infusion filled in; adds to `findings`."""
    known = set(patients["patient_id"])
    usable: dict[str, pd.DataFrame] = {}
    for table in EVENT_TABLES:
        frame = empty_table(table).assign(source_row=pd.Series(dtype="int64"))
        if read := reads.get(table.name):
            public = [name for name in read.extras if not PRIVATE.search(normalised(name))]
            frame = extra_as_text(read.frame.drop(columns=[name for name in read.extras if name not in public]), public)
            if table is not INFUSIONS:
                frame["infusion"] = frame["infusion"].fillna(1.0)
            frame, aside = usable_rows(frame, table.name, read.sheet, known)
            findings += aside
        usable[table.name] = frame
    dates = infusion_dates(patients, usable["infusions"])
    endpoints, endpoint_findings = _endpoints(reads, usable["endpoints"], patients, read_patients, settings, dates)
    findings += endpoint_findings
    tables = {}
    for table in EVENT_TABLES:
        if table is ENDPOINTS:
            continue
        sheet = reads[table.name].sheet if table.name in reads else table.sheet
        frame, day_findings = _in_days(usable[table.name], table is INFUSIONS, sheet, dates)
        tables[table.name], limit_findings = with_limits(frame, sheet) if "below" in frame.columns else (frame, [])
        findings += day_findings + limit_findings + check_after_death(frame, table.name, sheet, endpoints)
    return {
        **tables,
        "endpoints": endpoints,
        "assays": reads["assays"].frame if "assays" in reads else empty_tables()["assays"],
    }


def _endpoints(
    reads: dict[str, ReadTable],
    frame: pd.DataFrame,
    patients: pd.DataFrame,
    read_patients: ReadTable,
    settings: StudySettings,
    dates: InfusionDates,
) -> tuple[pd.DataFrame, list[Finding]]:
    sheet = reads["endpoints"].sheet if "endpoints" in reads else ENDPOINTS.sheet
    from_sheet = endpoints_from_sheet(frame, sheet, dates, settings.study.time_unit)
    from_columns, findings = endpoints_from_columns(
        patients, read_patients.extras, read_patients.sheet, read_patients.letters
    )
    known = set(from_sheet["endpoint"]) | set(from_columns["endpoint"])
    from_dates = endpoints_from_dates(patients, read_patients.sheet, dates, known)
    together = combined([from_sheet, from_columns, from_dates])
    nameless = together["endpoint"] == ""
    unnamed = ("endpoint", "", "This row does not say which endpoint it is.", "Write os, pfs, ttp ...")
    findings += [
        Finding("error", row["sheet"], int(row["source_row"]), *unnamed)
        for row in together[nameless].to_dict("records")
    ]
    endpoints, problems = check_endpoints(together[~nameless].reset_index(drop=True), settings.data_cutoff, dates)
    return endpoints, findings + problems


def _in_days(
    frame: pd.DataFrame, infusions: bool, sheet: str, dates: InfusionDates
) -> tuple[pd.DataFrame, list[Finding]]:
    if not infusions:
        return with_days(frame, sheet, dates)
    counted, findings = with_days(
        frame.assign(infusion=1.0), sheet, dates
    )  # days of every infusion count from the first
    return counted.assign(infusion=frame["infusion"]), findings


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
    patients["analysis_set"] = patients["analysis_set"].fillna("included").str.casefold()
    return Cohort(
        name=", ".join(file.name for file in files),
        fingerprint=_fingerprint(files),
        study=settings.study,
        variables=columns.variables,
        patients=patients.reset_index(drop=True),
        tables={name: table.drop(columns=["source_row"], errors="ignore") for name, table in tables.items()},
        findings=errors_first(findings),
        n_opened=int((patients["analysis_set"] != "excluded").sum()),
        vocabulary=_vocabulary(tables),
    )


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
