"""ICAHT and T-ICAHT of each patient: grades, days at or below the limits, until when values counted, G-CSF."""

from typing import Final

from lib.derived.icaht import Grade
from lib.labs.icaht import IcahtResult, PatientIcaht, made_of
from lib.labs.icaht_rule import KINDS, NEUTROPHILS, PLATELETS, Kind
from lib.publication.exhibit import Table, TypedColumn, typed_table
from lib.publication.spec import ExhibitSpec

LETTERS: Final = "abcdefgh"


def icaht_patients(result: IcahtResult) -> Table:
    """One row a patient: grades, days at or below 500 and 100/µL, until when values counted, G-CSF."""
    kind = KINDS[result.analyte]
    silent = [
        grade.reason
        for each in result.patients
        for grade in (each.grades.early, each.grades.late)
        if grade.grade is None
    ]
    letters = dict(zip(dict.fromkeys(silent), LETTERS, strict=False))
    reasons = "; ".join(f"NG {letter}: {reason}" for reason, letter in letters.items())
    return typed_table(
        _patient_columns(kind, letters),
        result.patients,
        id=f"{kind.id}.patients",
        title=f"{kind.name} of each patient (experimental)",
        caption=(
            f"{kind.name} of each patient (experimental): days from 0 to 30 {kind.low} and {kind.very_low}; the longest"
            " stretch of the first."
        ),
        notes=(*([f"Not gradable: {reasons}."] if reasons else ()), kind.experimental),
        n=len(result.patients),
    )


def _patient_columns(kind: Kind, letters: dict[str, str]) -> tuple[TypedColumn, ...]:
    """What is printed of a patient, and the numbers; `letters` stand for the reasons why there is no grade."""

    def days(heading: str, name: str, field: str) -> TypedColumn:
        return TypedColumn(
            heading,
            name,
            "days",
            lambda each: getattr(each.grades, field),
            lambda each: _days_of(getattr(each.grades, field)),
        )

    def grade(heading: str, name: str, late: bool) -> TypedColumn:
        return TypedColumn(
            heading,
            name,
            "experimental",
            lambda each: each.grade(late).grade,
            lambda each: _grade(each.grade(late), letters),
        )

    low, very_low, longest, lowest = kind.columns
    return (
        TypedColumn("Patient", "patient"),
        TypedColumn("Group", "group"),
        grade("Early", "early_grade", False),
        days(f"Days {kind.low}", low, "days_low"),
        days(f"Days {kind.very_low}", very_low, "days_very_low"),
        days(f"Longest {kind.low}", longest, "longest_low"),
        days("", "days_sampled_early", "n_early"),
        grade("Late", "late_grade", True),
        days("", "days_sampled_late", "n_late"),
        TypedColumn(name=lowest, unit="10^9/L", value=lambda each: each.grades.lowest_late),
        TypedColumn("Counted to", "counted_to", "days", lambda each: each.counted_to, _until),
        TypedColumn(name="ended_by", value=lambda each: each.ended_by or None),
        TypedColumn("G-CSF", "g_csf", value=lambda each: each.g_csf or None, printed=lambda each: each.g_csf or "–"),
        TypedColumn(name="reason", value=_reasons),
    )


def _days_of(n: int | None) -> str:
    return "–" if n is None else f"{n}"


def _until(each: PatientIcaht) -> str:
    return "–" if each.counted_to is None else f"day {each.counted_to:.0f}, {each.ended_by}"


def _grade(found: Grade, letters: dict[str, str]) -> str:
    return f"NG {letters[found.reason]}" if found.grade is None else f"{found.grade}"


def _reasons(each: PatientIcaht) -> str | None:
    grades = {"early_grade": each.grades.early, "late_grade": each.grades.late}
    return "; ".join(f"{name}: {one.reason}" for name, one in grades.items() if one.reason) or None


ICAHT_PATIENTS: Final = ExhibitSpec(
    "labs.icaht.patients", "ICAHT of each patient", **made_of(NEUTROPHILS, icaht_patients)
)
T_ICAHT_PATIENTS: Final = ExhibitSpec(
    "labs.t_icaht.patients", "T-ICAHT of each patient", **made_of(PLATELETS, icaht_patients)
)
