"""Makes complete_cohort.xlsx: 60 synthetic patients with multiple myeloma, two products, every sheet filled in
(seeded).

Nothing in it describes a real patient. One course is drawn first (response, progression, death), and all else follows
from it: M-protein and assessments, expansion and B cells, blood counts and the cytopenias graded from them, CRS with
its treatment, infections, later therapies.
"""

from typing import Final

import numpy as np
from complete_course import PRODUCTS, Course, drawn_course, pick
from complete_labs import cytopenias, lab_rows
from workbook import HERE, Rows, write_workbook

SEED: Final = 20260117
N: Final = 60
ASSESSED: Final = (28, 61, 91, 183, 274, 365, 548, 730, 913)
SAMPLED: Final = (0, 3, 7, 10, 14, 21, 28, 61, 91, 183, 274, 365)
LADDER: Final = ("PR", "VGPR", "CR", "sCR")
LLOQ: Final = 50
LATER: Final = (
    "Talquetamab",
    "Teclistamab",
    "Belantamab mafodotin",
    "Selinexor + dexamethasone",
    "Carfilzomib + dexamethasone",
)
BRIDGED: Final = ("Carfilzomib + dexamethasone", "VTD-PACE", "Pomalidomide + dexamethasone")
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
STUDY: Final = (
    ("title", None, "Two BCMA CAR T-cell products in myeloma"),
    ("synthetic", None, "yes"),
    ("note", None, "synthetic, drawn with a seed; describes no real patient"),
    ("disease", None, "myeloma"),
    ("data_cutoff", None, "2025-09-30"),
    ("time_unit", None, "months"),
    ("group_by", None, "arm"),
    ("label", "arm", "Product"),
    ("order", "arm", "; ".join(PRODUCTS)),
    ("reference", "arm", PRODUCTS[0]),
    ("known_at", "arm", "before"),
    ("known_at", "iss_stage", "before"),
    ("known_at", "ldh", "before"),
    ("unit", "ldh", "U/L"),
    ("known_at", "triple_class_refractory", "before"),
    ("label", "triple_class_refractory", "Triple-class refractory"),
    ("label", "iss_stage", "ISS stage"),
    ("label", "ldh", "LDH"),
)


def main() -> None:
    write_workbook(HERE / "complete_cohort.xlsx", complete_cohort())


def complete_cohort() -> dict[str, Rows]:
    """The rows of every sheet."""
    draw = np.random.default_rng(SEED)
    courses = [drawn_course(draw, f"C{number:02d}", PRODUCTS[number % 2]) for number in range(1, N + 1)]
    for course in courses:
        for step in (
            _infusions,
            _endpoints,
            _responses,
            _kinetics,
            _syndromes,
            _labs,
            _infections,
            _others,
            _therapies,
            _states,
        ):
            step(course, draw)
    tables: dict[str, Rows] = {
        "study": [{"setting": setting, "column": column, "value": value} for setting, column, value in STUDY],
        "patients": [{"patient_id": course.patient, **course.baseline} for course in courses],
    }
    for name in (
        "infusions",
        "endpoints",
        "responses",
        "adverse_events",
        "therapies",
        "kinetics",
        "labs",
        "states",
        "events",
    ):
        tables[name] = [row for course in courses for row in course.tables.get(name, ())]
    return tables


def _infusions(course: Course, draw: np.random.Generator) -> None:
    product = course.baseline["arm"]
    for infusion, day in course.infusions.items():
        course.add(
            "infusions",
            infusion=infusion,
            day=day,
            product=product,
            dose=round(float(draw.uniform(0.5, 0.9) if product == PRODUCTS[1] else draw.uniform(2, 4.5)), 2),
            dose_unit="10^6 CAR T cells/kg",
        )
        course.add("events", infusion=infusion, event="Discharge", day=int(draw.integers(12, 20)))


def _endpoints(course: Course, draw: np.random.Generator) -> None:
    """Times in days, of the first infusion and of the second where there was one: it was not followed by a further
    progression."""
    died = course.death is not None
    why = None if died else "lost to follow-up" if draw.random() < 0.06 else "alive at data cut-off"
    for infusion, start in course.infusions.items():
        progressed = infusion == 1 and course.progression is not None
        time = course.progression if progressed else course.end - start
        course.add(
            "endpoints",
            infusion=infusion,
            endpoint="pfs",
            time=time,
            unit="days",
            event=int(progressed or died),
            cause="progression" if progressed else course.cause if died else None,
            censoring_reason=None if progressed or died else why,
        )
        course.add(
            "endpoints",
            infusion=infusion,
            endpoint="os",
            time=course.end - start,
            unit="days",
            event=int(died),
            cause=course.cause if died else None,
            censoring_reason=why,
        )


def _responses(course: Course, draw: np.random.Generator) -> None:
    """One step better at each visit up to the best; MRD is looked for from CR on."""
    for visit, planned in enumerate(ASSESSED):
        day = planned + int(draw.integers(-3, 4))
        if day >= course.until:
            break
        place = min(course.best, visit + (course.best > 2))
        mrd = (
            ("negative" if draw.random() < 0.85 else "positive")
            if place >= 2
            else "positive"
            if place == 1 and visit == 0
            else None
        )
        course.add("responses", infusion=1, day=day, response=LADDER[place] if place >= 0 else "SD", mrd=mrd)
    if course.progression is not None:
        course.add("responses", infusion=1, day=course.progression, response="PD")
    if course.second is not None:
        for planned, response in ((28, "PR"), (91, "VGPR")):
            course.add("responses", infusion=2, day=planned + int(draw.integers(-3, 4)), response=response)


def _kinetics(course: Course, draw: np.random.Generator) -> None:
    """Copies by qPCR and cells by flow: up to a peak in the second week, then down, slower the better the response."""
    for infusion, start in course.infusions.items():
        peak = course.peak / (1 if infusion == 1 else 3)
        top, decline = draw.uniform(9, 15), draw.uniform(0.035, 0.06) / (1 + 0.35 * max(course.best, 0))
        for day in SAMPLED:
            if day >= course.end - start or draw.random() < 0.04:
                continue
            shape = (
                np.exp(-0.75 * max(0.0, top - day))
                * np.exp(-decline * min(max(0.0, day - top), 90))
                * np.exp(-decline / 4 * max(0.0, day - top - 90))
            )
            copies = float(peak * shape * 10 ** draw.normal(0, 0.1))
            common = {"infusion": infusion, "day": day, "specimen": "blood"}
            _sample(course, "qPCR", copies, LLOQ, "copies/µg DNA", common)
            if day in (7, 10, 14, 21, 28, 91):
                _sample(course, "flow", min(85.0, copies / 2400), 0.1, "% of T cells", common)


def _sample(course: Course, assay: str, value: float, lloq: float, unit: str, common: dict[str, object]) -> None:
    said = f"<{lloq:g}" if value < lloq else round(value, 1 if lloq < 1 else None)
    course.add("kinetics", **common, assay=assay, value=said, unit=unit, lloq=lloq)


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


def _syndromes(course: Course, draw: np.random.Generator) -> None:
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
            course.add(
                "therapies",
                infusion=1,
                kind="other",
                therapy="Dexamethasone",
                start_day=start,
                stop_day=start + 2,
                dose=40,
                dose_unit="mg/day",
            )
    if "tocilizumab" in given:
        course.add(
            "therapies",
            infusion=1,
            kind="other",
            therapy="Tocilizumab",
            start_day=first,
            stop_day=first + int(course.crs > 2),
            dose=8,
            dose_unit="mg/kg",
        )
    if "dexamethasone" in given:
        course.add(
            "therapies",
            infusion=1,
            kind="other",
            therapy="Dexamethasone",
            start_day=first + 1,
            stop_day=last,
            dose=20,
            dose_unit="mg/day",
        )
        course.add("events", infusion=1, event="ICU admission", day=first + 1)
    if course.second is not None and draw.random() < 0.6:
        _event(course, "CRS", 1, 3, 6, infusion=2, grading_system="ASTCT 2019", related="yes")


def _labs(course: Course, draw: np.random.Generator) -> None:
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
            course.add("therapies", infusion=1, kind="other", therapy="G-CSF", start_day=start, stop_day=start + 5)


def _infections(course: Course, draw: np.random.Generator) -> None:
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


def _others(course: Course, draw: np.random.Generator) -> None:
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
        course.add(
            "therapies",
            infusion=1,
            kind="other",
            therapy="Immunoglobulins",
            start_day=60,
            stop_day=min(course.until, 400),
        )


def _therapies(course: Course, draw: np.random.Generator) -> None:
    """Bridging, lymphodepletion before each infusion, and what was given after progression to those without a second
    infusion."""
    if draw.random() < 0.65:
        course.add(
            "therapies",
            infusion=1,
            kind="bridging",
            therapy=pick(draw, BRIDGED),
            start_day=-int(draw.integers(24, 35)),
            stop_day=-int(draw.integers(8, 14)),
        )
    for infusion in course.infusions:
        course.add(
            "therapies",
            infusion=infusion,
            kind="lymphodepletion",
            therapy="Fludarabine + cyclophosphamide",
            start_day=-5,
            stop_day=-3,
        )
    if (
        course.progression is not None
        and course.second is None
        and course.end - course.progression > 45
        and draw.random() < 0.85
    ):
        start = course.progression + int(draw.integers(14, 40))
        stop = start + int(draw.integers(40, 200))
        on = stop >= course.end and course.death is None
        course.add(
            "therapies",
            infusion=1,
            kind="subsequent",
            therapy=pick(draw, LATER),
            start_day=start,
            stop_day=None if on else min(stop, course.end),
            ongoing="yes" if on else "no",
        )


def _states(course: Course, draw: np.random.Generator) -> None:
    """B-cell aplasia from the first weeks on, longer the deeper the response."""
    start, over = int(draw.integers(5, 12)), 60 + int(draw.exponential(90 * (2 + max(course.best, 0))))
    last = course.end if course.second is None else min(course.end, course.second)
    lasts = over >= last
    alive = lasts and course.death is None and course.second is None
    course.add(
        "states",
        infusion=1,
        measure="B cells",
        state="aplasia",
        start_day=start,
        stop_day=None if alive else min(over, last),
        ongoing="yes" if alive else "no",
    )
    if not lasts:
        course.add(
            "states", infusion=1, measure="B cells", state="recovered", start_day=over, stop_day=last, ongoing="no"
        )


if __name__ == "__main__":
    main()
