"""ICAHT and T-ICAHT as tables: how many patients of each group have which grade, and every patient with the days behind the grade."""

from collections import Counter
from typing import Final

from lib.derived.icaht import Grade
from lib.labs.icaht.result import IcahtResult, PatientIcaht
from lib.labs.icaht.words import Kind, caption, kind_of, notes, title
from lib.publication.exhibit import Numbers, Table
from lib.publication.number import count

EARLY: Final = "Early (day 0–30)"
GRADES: Final = (0, 1, 2, 3, 4)
SEVERE: Final = (3, 4)
LETTERS: Final = "abcdefgh"


def icaht_table(result: IcahtResult) -> Table:
    """By group the patients of each grade, of grade 3 or more, and those not gradable with their reasons."""
    columns, kind = _columns(result), kind_of(result)
    return Table(
        id=kind.id,
        title=title(result),
        header=(f"{kind.name} (experimental)", *(f"{name} (n = {len(rows)})" for name, rows in columns)),
        rows=tuple(row for late in (False, True) for row in _period(kind.late if late else EARLY, late, columns)),
        caption=caption(result),
        notes=notes(result),
        n=len(result.patients),
        numbers=_numbers(result),
    )


def icaht_patients(result: IcahtResult) -> Table:
    """One row a patient: grades, days at or below 500 and 100/µL, until when values counted, G-CSF."""
    letters: dict[str, str] = {}
    kind = kind_of(result)
    rows = tuple(_patient(each, letters) for each in result.patients)
    reasons = "; ".join(f"NG {letter}: {reason}" for reason, letter in letters.items())
    return Table(
        id=f"{kind.id}.patients",
        title=f"{kind.name} of each patient (experimental)",
        header=("Patient", "Group", "Early", f"Days {kind.low}", f"Days {kind.very_low}", f"Longest {kind.low}", "Late", "Counted to", "G-CSF"),
        rows=rows,
        caption=f"{kind.name} of each patient (experimental): days from 0 to 30 {kind.low} and {kind.very_low}; the longest stretch of the first.{f' Not gradable: {reasons}.' if reasons else ''}",
        notes=(kind.experimental,),
        n=len(rows),
        numbers=Numbers(_patient_columns(kind), tuple(_patient_numbers(each) for each in result.patients)),
    )  # fmt: skip


def _patient_columns(kind: Kind) -> tuple[tuple[str, str], ...]:
    low, very_low, longest, lowest = kind.columns
    return (
        ("patient", ""), ("group", ""), ("early_grade", "experimental"), (low, "days"), (very_low, "days"), (longest, "days"),
        ("days_sampled_early", "days"), ("late_grade", "experimental"), ("days_sampled_late", "days"), (lowest, "10^9/L"),
        ("counted_to", "days"), ("ended_by", ""), ("g_csf", ""), ("reason", ""),
    )  # fmt: skip


def _columns(result: IcahtResult) -> list[tuple[str, tuple[PatientIcaht, ...]]]:
    """The groups with their patients, and all together where there are several groups."""
    groups = [(name, result.of(name)) for name in result.grouping.names]
    return [*groups, ("Total", result.of(None))] if result.grouping.compares else groups


def _period(period: str, late: bool, columns: list[tuple[str, tuple[PatientIcaht, ...]]]) -> list[tuple[str, ...]]:
    """The rows of early or late grades: each grade, 3 or more, not gradable, and why."""
    grades = [[each.grade(late) for each in patients] for _, patients in columns]

    def row(words: str, counted: tuple[int | None, ...]) -> tuple[str, ...]:
        return (
            f"{period}: {words}",
            *(count(sum(one.grade in counted for one in each), len(each)) for each in grades),
        )

    reasons = dict.fromkeys(one.reason for one in grades[-1] if one.grade is None)
    why = [(f"– {reason}", *(str(sum(one.reason == reason for one in each)) for each in grades)) for reason in reasons]
    return [
        *(row(f"grade {grade}", (grade,)) for grade in GRADES),
        row("grade 3 or more", SEVERE),
        row("not gradable", (None,)),
        *why,
    ]


def _patient(each: PatientIcaht, letters: dict[str, str]) -> tuple[str, ...]:
    found = each.grades
    days = tuple("–" if n is None else f"{n}" for n in (found.days_low, found.days_very_low, found.longest_low))
    until = "–" if each.counted_to is None else f"day {each.counted_to:.0f}, {each.ended_by}"
    return (
        each.patient,
        each.group,
        _grade(found.early, letters),
        *days,
        _grade(found.late, letters),
        until,
        each.g_csf or "–",
    )


def _grade(found: Grade, letters: dict[str, str]) -> str:
    return f"NG {letters.setdefault(found.reason, LETTERS[len(letters)])}" if found.grade is None else f"{found.grade}"


def _numbers(result: IcahtResult) -> Numbers:
    rows: list[tuple[object, ...]] = []
    for name in result.grouping.names:
        mine = result.of(name)
        for late, period in enumerate(("early", "late")):
            grades = [each.grade(bool(late)) for each in mine]
            rows += [
                (name, period, grade, sum(one.grade == grade for one in grades), len(mine), None) for grade in GRADES
            ]
            silent = Counter(one.reason for one in grades if one.grade is None)
            rows += [(name, period, None, n, len(mine), f"not gradable: {reason}") for reason, n in silent.items()]
    columns = (
        ("group", ""),
        ("period", ""),
        ("grade", "experimental"),
        ("n", "patients"),
        ("of", "patients"),
        ("reason", ""),
    )
    return Numbers(columns, tuple(rows))


def _patient_numbers(each: PatientIcaht) -> tuple[object, ...]:
    found = each.grades
    days = (found.days_low, found.days_very_low, found.longest_low, found.n_early)
    reasons = [
        f"{name}: {one.reason}"
        for name, one in (("early_grade", found.early), ("late_grade", found.late))
        if one.reason
    ]
    ended = (each.counted_to, each.ended_by or None, each.g_csf or None, "; ".join(reasons) or None)
    return (
        each.patient,
        each.group,
        found.early.grade,
        *days,
        found.late.grade,
        found.n_late,
        found.lowest_late,
        *ended,
    )
