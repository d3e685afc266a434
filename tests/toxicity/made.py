"""Results that several tests of toxicity look at, each made once."""

from functools import cache

from golden.cohorts import arms, by, cohort, example, selected, synthetic

from lib.cohort.model import Cohort
from lib.toxicity.incidence import Incidence, incidence

TWO_SCALES = ("Lee 2014", "ASTCT 2019")


@cache
def of_example(grouping: str = "arm", *filters: str) -> Incidence:
    return incidence(selected(example(), *filters), by(example(), grouping))


@cache
def of_synthetic(grouping: str = "arm", *filters: str) -> Incidence:
    return incidence(selected(synthetic(), *filters), by(synthetic(), grouping))


@cache
def many_terms(n: int = 70) -> Cohort:
    """Two arms of six; term 0 in everybody, each further term in fewer; one in four of grade 3."""
    patients = arms(A=[f"a{number}" for number in range(6)], B=[f"b{number}" for number in range(6)])
    rows = [
        {"patient_id": row["patient_id"], "term": f"Term {term:02d}", "grade": 3 if (term + place) % 4 == 0 else 1}
        for term in range(n)
        for place, row in enumerate(patients)
        if place * n >= term * 11
    ]
    return cohort(patients, adverse_events=rows)


@cache
def two_scales() -> Cohort:
    """CRS graded by two scales, fever by one."""
    rows = [
        {"patient_id": f"{arm}{number}", "term": "CRS", "grade": number, "grading_system": TWO_SCALES[number % 2]}
        for arm in "ab"
        for number in (1, 2, 3)
    ]
    rows += [{"patient_id": "a1", "term": "Fever", "grade": 1, "grading_system": "CTCAE v5"}]
    return cohort(arms(A=["a1", "a2", "a3", "a4"], B=["b1", "b2", "b3", "b4"]), adverse_events=rows)
