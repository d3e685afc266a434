"""Sheets -> tables -> Cohort with every finding, or Unsafe with the one sentence why they cannot be read. Runs in the
limited process (child.py).

The tables come by a mapping, given or suggested; of a workbook in the shape of the template it is the one that gives
each column its own name.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from lib.cohort.check import analysis_sets, check_patients, usable_rows
from lib.cohort.check_course import check_dates, check_values
from lib.cohort.finding import Account, Finding, errors_first, listed
from lib.cohort.model import Cohort, empty_table
from lib.cohort.response_scale import UNKNOWN, ResponseScale, scale_for
from lib.cohort.schema import PATIENTS, RESPONSES
from lib.intake.apply.account import account_of, kept_of, with_unread_columns
from lib.intake.apply.applied import Applied, applied
from lib.intake.apply.event_tables import assays_table, event_tables, with_given
from lib.intake.apply.rows import as_the_sheet_shows
from lib.intake.apply.study import StudySettings, read_study, unmet_settings
from lib.intake.apply.table import ReadTable
from lib.intake.apply.variables import PatientColumns, patient_columns
from lib.intake.cells.coding import NO_RESPONSE
from lib.intake.files.grid import Grid, SourceFile
from lib.intake.files.limits import LONGEST_CELL, Unsafe, column_letter
from lib.intake.infer.edits import drawn_by_hand
from lib.intake.infer.guess import suggest
from lib.intake.infer.question import open_questions
from lib.intake.infer.template_sheet import DICTIONARY_SHEET
from lib.intake.infer.whole_file import HOW_READ
from lib.intake.mapping import Mapping
from lib.intake.sheets.block import Block, blocks_of
from lib.intake.sheets.role import normalised

UNKNOWN_SHEET: Final = (
    "This sheet is none of the tables and was not read.",
    "Give it the name and the columns of the template.",
)


def _tables(grids: Sequence[Grid], mapping: Mapping | None) -> Applied:
    """The tables of these sheets, and findings about the sheets as a whole."""
    blocks = blocks_of(grids, mapping)
    if mapping is None:
        suggestion = suggest(blocks)
        found = _by(suggestion.mapping, grids, blocks)
        return replace(found, findings=(*open_questions(suggestion), *found.findings))
    return _by(mapping, grids, blocks)


def _by(mapping: Mapping, grids: Sequence[Grid], blocks: Sequence[Block]) -> Applied:
    """What the mapping makes of these blocks; of a workbook in the template's names a note for each sheet that is no
    table, unless nothing stands in it or it explains the others."""
    if not mapping.by_name:
        return applied(blocks, mapping)
    tables = {block.layout.sheet for block in blocks}
    filled = (grid for grid in grids if any(map(any, grid.rows)) and normalised(grid.name) != DICTIONARY_SHEET)
    unknown = (Finding("note", grid.name, None, "", "", *UNKNOWN_SHEET) for grid in filled if grid.name not in tables)
    found = applied([block for block in blocks if normalised(block.grid.name) != DICTIONARY_SHEET], mapping)
    return replace(found, findings=(*unknown, *found.findings))


NO_PATIENTS: Final = (
    "No table of patients was found. A workbook needs a sheet Patients with one row a patient and a column patient_id; "
    "the template shows how it looks."
)
COMPARE: Final = "Compare with the table it was made from."
NOBODY: Final = "The table of patients has no patient in it."


def fingerprint_of(files: Sequence[SourceFile]) -> str:
    """SHA-256 of the content; of several files, whatever their order and names."""
    digests = sorted(hashlib.sha256(file.content).hexdigest() for file in files)
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()


def cohort_of(
    grids: Sequence[Grid],
    name: str,
    fingerprint: str,
    mapping: Mapping | None = None,
    report_step: Callable[[str], None] = lambda _: None,
) -> Cohort:
    """The cohort that a mapping makes of these sheets; without one, as suggested. `report_step` gets the name of each
    step that begins. Raises Unsafe."""
    read = _tables(grids, mapping)
    reads, findings = read.reads, [*cut_cells(grids), *_doubts(grids), *read.findings]
    assays, assay_findings = assays_table(reads.get("assays"))
    if "patients" not in reads and assays.empty:
        raise Unsafe(NO_PATIENTS)
    settings = read_study(reads.get("study"))
    findings += [finding for each in reads.values() for finding in each.findings]
    patients = reads.get("patients") or ReadTable(PATIENTS, "", empty_table(PATIENTS).assign(source_row=0), (), {}, ())
    rows, aside = usable_rows(patients.frame, "patients", patients.sheet, None)
    if rows.empty and assays.empty:
        raise Unsafe(f"{NOBODY} {aside[0].sentence() if aside else 'Write one row a patient.'}")
    columns = patient_columns(rows, patients.extras, patients.sheet, patients.letters, settings)
    report_step("checking the values")
    included, set_findings = analysis_sets(columns.patients, patients.sheet)
    columns = replace(columns, patients=columns.patients.assign(analysis_set=included))
    findings += aside + set_findings + list(columns.findings) + assay_findings
    findings += check_values(columns.patients, patients.sheet)
    findings += check_patients(rows, patients.sheet) + check_dates(rows, PATIENTS, patients.sheet, dt.date.today())
    tables, event_findings = event_tables(reads, rows, patients, settings)
    columns, given_findings = with_given(columns, tables, settings)
    findings += settings.findings + unmet_settings(settings, columns.variables, reads.get("study"))
    findings += event_findings + given_findings
    findings = _by_criteria(findings, scale_for(settings.study.disease, set(tables["responses"]["response"].dropna())))
    findings = _once([as_the_sheet_shows(finding, read.parts, read.grids) for finding in findings])
    tables = {**tables, "assays": assays}
    report_step("accounting for every cell")
    kept = kept_of(reads, columns, tables)
    drawn = drawn_by_hand(mapping.answers) if mapping else ()
    account = account_of(grids, read, kept, findings, drawn)
    findings = with_unread_columns(findings, account)
    return _cohort((name, fingerprint), columns, tables, settings, findings, account)


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without the question how a number is to be read, where its cell says so itself."""
    reported = {(each.sheet, each.column, HOW_READ.format(each.value)) for each in findings if each.row}
    return [each for each in findings if each.row or (each.sheet, each.column, each.problem) not in reported]


def _by_criteria(findings: Sequence[Finding], scale: ResponseScale) -> list[Finding]:
    """The findings, those of words that are no response with the criteria in use."""
    by_name = f"{NO_RESPONSE.removesuffix('.')} of {scale.name}."
    fix = f"Write one of {', '.join(scale.levels)}."
    return [
        (
            replace(each, problem=each.problem.replace(NO_RESPONSE, by_name), fix=fix)
            if each.problem.endswith(NO_RESPONSE) and scale is not UNKNOWN
            else each
        )
        for each in findings
    ]


def cut_cells(grids: Sequence[Grid]) -> list[Finding]:
    """A warning for every text of which only the beginning is read."""
    problem = f"This cell holds more than {LONGEST_CELL:,} letters; the first {LONGEST_CELL:,} are read."
    return [
        Finding("warning", grid.name, row, column_letter(column), "", problem, "Shorten it if the rest is needed.")
        for grid in grids
        for row, column in grid.cut
    ]


def _doubts(grids: Sequence[Grid]) -> list[Finding]:
    """What the files cannot tell about themselves."""
    return [Finding("warning", grid.name, None, "", "", said, COMPARE) for grid in grids for said in grid.doubts]


def _cohort(
    source: tuple[str, str],  # name and fingerprint
    columns: PatientColumns,
    tables: dict[str, pd.DataFrame],
    settings: StudySettings,
    findings: list[Finding],
    account: Account,
) -> Cohort:
    patients = columns.patients.drop(
        columns=["source_row", "infusion_date", "progression_date", "death_date", "last_contact_date"]
    )
    return Cohort(
        name=source[0],
        fingerprint=source[1],
        study=settings.study,
        variables=columns.variables,
        patients=patients.reset_index(drop=True),
        tables={name: table.drop(columns=["source_row"], errors="ignore") for name, table in tables.items()},
        findings=errors_first(listed(findings)),
        n_opened=int((patients["analysis_set"] != "excluded").sum()),
        vocabulary=_vocabulary(tables),
        account=account,
    )


def _vocabulary(tables: dict[str, pd.DataFrame]) -> dict[str, tuple[str, ...]]:
    """The words of the opened cohort in the order of the file (responses: best first)."""
    places = {
        "endpoint": ("endpoints", "endpoint"),
        "term": ("adverse_events", "term"),
        "specimen": ("kinetics", "specimen"),
        "assay": ("kinetics", "assay"),
        "therapy_kind": ("therapies", "kind"),
        "therapy": ("therapies", "therapy"),
        "test": ("labs", "test"),
        "event": ("events", "event"),
        "mrd": ("responses", "mrd"),
    }
    words = {word: tuple(dict.fromkeys(tables[table][column].dropna())) for word, (table, column) in places.items()}
    words["term"] = _terms_in_order(tables["adverse_events"])
    words["infusion"] = tuple(f"{number:g}" for number in sorted(set(tables["infusions"]["infusion"].dropna())))
    words["lab"] = _labs_in_order(tables["labs"])
    words["series"] = _series_in_order(tables["kinetics"])
    words["course"] = _pairs(tables["therapies"], "kind", "therapy")
    words["state"] = _pairs(tables["states"], "measure", "state")
    given = set(tables["responses"]["response"].dropna())
    return {**words, "response": tuple(response for response in RESPONSES if response in given)}


def _terms_in_order(events: pd.DataFrame) -> tuple[str, ...]:
    """CRS and ICANS first, then terms by the number of patients, and of equally many in the order of the file."""
    if events.empty:
        return ()
    patients = events.dropna(subset=["term"]).groupby("term", sort=False)["patient_id"].nunique()
    return tuple(sorted(patients.index, key=lambda term: (_of_interest(term), -patients[term])))


def _series_in_order(kinetics: pd.DataFrame) -> tuple[str, ...]:
    """Each specimen, assay and unit, parted by tabs, the one with most values first."""
    if kinetics.empty:
        return ()
    named = kinetics.assign(unit=kinetics["unit"].fillna(""))
    counts = named.groupby(["specimen", "assay", "unit"], sort=False).size().sort_values(ascending=False, kind="stable")
    return tuple("\t".join(map(str, key)) for key in counts.index)


def _labs_in_order(labs: pd.DataFrame) -> tuple[str, ...]:
    """Each test with each of its units, parted by a tab, the one with most values first."""
    if labs.empty:
        return ()
    measured = labs[labs["test"].notna() & (labs["value"].notna() | labs["below"].astype(bool))]
    counts = measured.assign(unit=measured["unit"].fillna("")).groupby(["test", "unit"], sort=False).size()
    return tuple(f"{test}\t{unit}" for test, unit in counts.sort_values(ascending=False, kind="stable").index)


def _pairs(table: pd.DataFrame, kind: str, name: str) -> tuple[str, ...]:
    """Each kind of therapy (or measure) with each of its names (or states), parted by a tab, in the order of the
    file."""
    kinds, names = table[kind].fillna(""), table[name].fillna("")
    return tuple(dict.fromkeys(f"{kind}\t{name}" for kind, name in zip(kinds, names, strict=True)))


def _of_interest(term: str) -> int:
    return next((place for place, word in enumerate(("crs", "icans")) if word in term.casefold()), 2)
