"""Patients as P01, P02 ... from the start: a cohort in which no id of the workbook is left."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.analysis import Analysis
from lib.cohort.finding import Finding
from lib.cohort.model import Cohort

QUOTED: Final = re.compile('"[^"]*"')


def study_codes(patient_ids: Sequence[str]) -> dict[str, str]:
    """P01, P02 ... in the order given; as many digits as needed."""
    width = max(2, len(str(len(patient_ids))))
    return {patient: f"P{number:0{width}}" for number, patient in enumerate(patient_ids, start=1)}


def coded(analysis: Analysis) -> Analysis:
    """The same analysis of the cohort under study codes; nothing that was computed before is kept."""
    codes = study_codes(list(analysis.opened.patients["patient_id"]))
    opened, selected = (with_study_codes(cohort, codes) for cohort in (analysis.opened, analysis.selected))
    return Analysis(opened, selected, analysis.grouping, analysis.unit, analysis.mask_below)


def with_study_codes(cohort: Cohort, codes: Mapping[str, str] | None = None) -> Cohort:
    """The cohort under study codes (by default in the order of its table of patients). Findings lose the words that
    they quote."""
    codes = study_codes(list(cohort.patients["patient_id"])) if codes is None else codes
    patients = cohort.patients.assign(patient_id=cohort.patients["patient_id"].map(codes))
    tables = {
        name: table.assign(patient_id=table["patient_id"].map(codes)) if "patient_id" in table.columns else table
        for name, table in cohort.tables.items()
    }
    findings = tuple(map(without_words, cohort.findings))
    return replace(cohort.with_tables(patients, tables), findings=findings, coded=True)


def without_words(finding: Finding) -> Finding:
    """The finding without the words that it quotes, an id may be among them; its row and column still say where to
    look."""
    return replace(
        finding, value="", problem=QUOTED.sub('"..."', finding.problem), fix=QUOTED.sub('"..."', finding.fix)
    )
