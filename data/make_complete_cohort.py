"""Makes complete_cohort.xlsx: 60 synthetic patients with multiple myeloma, two products, every sheet filled in
(seeded).

Nothing in it describes a real patient. One course is drawn first (response, progression, death), and all else follows
from it: M-protein and assessments, expansion and B cells, blood counts and the cytopenias graded from them, CRS with
its treatment, infections, later therapies.
"""

from typing import Final

import numpy as np
from complete_course import PRODUCTS, Course, drawn_course, pick
from complete_events import infections, labs, others, syndromes
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
            syndromes,
            labs,
            infections,
            others,
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
