"""What went wrong for one patient of the complete cohort: CRS and ICANS with their treatment, cytopenias, infections,
other events."""

from typing import Final

import numpy as np
from complete_course import Course
from complete_labs import cytopenias, lab_rows

SERIOUS: Final = 3  # from this grade on
INFECTIONS: Final = (
    ("Upper respiratory tract infection", 0.35, 1, 2),
    ("Pneumonia", 0.16, 2, 3),
    ("CMV reactivation", 0.12, 1, 2),
    ("Urinary tract infection", 0.10, 2, 2),
    ("Bacteraemia", 0.08, 3, 4),
)
OTHERS: Final = (
    ("Fatigue", "General disorders", 0.4, 1, 2),
    ("Nausea", "Gastrointestinal disorders", 0.25, 1, 2),
    ("Headache", "Nervous system disorders", 0.2, 1, 2),
    ("Diarrhoea", "Gastrointestinal disorders", 0.2, 1, 3),
    ("Hypokalaemia", "Metabolism disorders", 0.2, 1, 3),
)
CLASSES: Final = {
    "CRS": "Immune system disorders",
    "ICANS": "Nervous system disorders",
    "Febrile neutropenia": "Blood disorders",
}


def _event(course: Course, term: str, grade: int, start: int, stop: int, **more: object) -> None:
    """One adverse event, over at the latest when the patient's follow-up ends."""
    if start < course.end:
        course.add(
            "adverse_events",
            **{
                "infusion": 1,
                "term": term,
                "grade": grade,
                "grading_system": "CTCAE v5",
                "start_day": start,
                "stop_day": min(stop, course.end),
                "serious": "yes" if grade >= SERIOUS else "no",
                "related": "possible",
                "system_organ_class": CLASSES.get(term),
                **more,
            },
        )


def _given(course: Course, therapy: str, start: int, stop: int, **dose: object) -> None:
    """A supportive therapy."""
    course.add("therapies", infusion=1, kind="other", therapy=therapy, start_day=start, stop_day=stop, **dose)


def syndromes(course: Course, draw: np.random.Generator) -> None:
    """CRS and ICANS with what was given for them."""
    first, last = course.crs_days
    given = ("", "", "tocilizumab", "tocilizumab; dexamethasone")[course.crs]
    if course.crs:
        _event(
            course, "CRS", course.crs, first, last, grading_system="ASTCT 2019", treatment=given or None, related="yes"
        )
    if course.icans:
        start = last + int(draw.integers(0, 3))
        _event(
            course,
            "ICANS",
            course.icans,
            start,
            start + int(draw.integers(1, 6)),
            grading_system="ASTCT 2019",
            related="yes",
            treatment="dexamethasone" if course.icans >= 2 else None,
        )
        if course.icans >= 2:
            _given(course, "Dexamethasone", start, start + 2, dose=40, dose_unit="mg/day")
    if "tocilizumab" in given:
        _given(course, "Tocilizumab", first, first + int(course.crs > 2), dose=8, dose_unit="mg/kg")
    if "dexamethasone" in given:
        _given(course, "Dexamethasone", first + 1, last, dose=20, dose_unit="mg/day")
        course.add("events", infusion=1, event="ICU admission", day=first + 1)
    if course.second is not None and draw.random() < 0.6:
        _event(course, "CRS", 1, 3, 6, infusion=2, grading_system="ASTCT 2019", related="yes")


def labs(course: Course, draw: np.random.Generator) -> None:
    """Laboratory values, and the cytopenias that their grades make."""
    rows = lab_rows(
        course.baseline["sex"] == "F",
        course.until,
        course.best,
        course.progression,
        (course.crs, course.crs_days),
        draw,
    )
    for row in rows:
        course.add("labs", infusion=1, **row)
    for term, grade, start, stop in cytopenias(rows):
        _event(course, term, grade, start, stop, system_organ_class="Blood disorders", serious="no")
        if term == "Neutropenia" and grade == 4 and draw.random() < 0.4:
            _event(course, "Febrile neutropenia", 3, start, start + int(draw.integers(2, 6)))
            _given(course, "G-CSF", start, start + 5)


def infections(course: Course, draw: np.random.Generator) -> None:
    """Early and late ones; whoever died of infection has one of grade 5 that ends with death."""
    for term, share, low, high in INFECTIONS:
        if draw.random() < share:
            start = int(draw.integers(10, max(30, min(course.until, 365))))
            if start + 20 < course.end:
                _event(
                    course,
                    term,
                    int(draw.integers(low, high + 1)),
                    start,
                    start + int(draw.integers(6, 20)),
                    system_organ_class="Infections",
                    treatment={"CMV reactivation": "valganciclovir", "Upper respiratory tract infection": None}.get(
                        term, "antibiotics"
                    ),
                )
    if course.cause == "infection" and course.death is not None:
        _event(
            course,
            "Sepsis",
            5,
            max(1, course.death - 6),
            course.death,
            system_organ_class="Infections",
            treatment="antibiotics",
        )


def others(course: Course, draw: np.random.Generator) -> None:
    """What many patients have for some days, and hypogammaglobulinaemia of those who respond for long."""
    for term, organ, share, low, high in OTHERS:
        if draw.random() < share:
            start = int(draw.integers(0, 15))
            _event(
                course,
                term,
                int(draw.integers(low, high + 1)),
                start,
                start + int(draw.integers(3, 25)),
                system_organ_class=organ,
            )
    if course.best >= 0 and course.until > 120 and draw.random() < 0.7:
        _event(
            course,
            "Hypogammaglobulinaemia",
            2,
            42,
            min(course.until, 400),
            system_organ_class="Immune system disorders",
            treatment="immunoglobulins",
        )
        _given(course, "Immunoglobulins", 60, min(course.until, 400))
