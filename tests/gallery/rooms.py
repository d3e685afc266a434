"""What hangs in the gallery: which figures of which cohort, as a function of their width in pixels."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from assay.made import killing_assay
from golden.cohorts import arms, by, cohort, example, selected, synthetic
from patient.cases import PATIENT, case
from response.made import with_m_protein
from swimmer.test_public import opened

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import everybody
from lib.cohort.view import first_view
from lib.exhibits import attempts
from lib.export.provenance import Provenance
from lib.patient.panel_figures import PATIENT_COURSE, PATIENT_IN_COHORT, PATIENT_INFUSIONS
from lib.patient.timeline import PATIENT_TIMELINE
from lib.publication.exhibit import Figure
from lib.publication.options import WIDTH
from lib.publication.spec import Failed

OF_EXAMPLE = (
    "swimmer.plot",
    "response.*",
    "survival.ttp",
    "survival.os",
    "survival.os.*",
    "survival.ttp.difference",
    "survival.panels*",
    "landmark.os",
    "time_dependent.os",
    "cumulative_incidence.*",
    "toxicity.*",
    "labs.neutrophils",
    "labs.haemoglobin",
    "labs.alt",
    "labs.*.recovery",
    "labs.hys_law",
    "kinetics.*",
)
OF_SIXTY = (
    "swimmer.plot",
    "response.rates",
    "response.landmark",
    "response.flow",
    "response.depth",
    "survival.pfs",
    "toxicity.butterfly",
    "toxicity.differences",
    "toxicity.volcano",
    "toxicity.timeline",
    "labs.neutrophils",
    "kinetics.profile",
    "kinetics.patients",
    "kinetics.expansion.best_response",
)
OF_RESPONSE = ("response.flow", "response.depth", "response.waterfall.*", "response.spider.*")


@dataclass(frozen=True)
class Room:
    """Figures of one analysis; `ending` follows the id in the names of their files."""

    ending: str
    analysis: Analysis
    figures: Callable[[int], Iterator[Figure]]

    @property
    def provenance(self) -> Provenance:
        return Provenance.of_cohort(self.analysis.selected, self.analysis.grouping)


def rooms() -> list[Room]:
    return [
        _room("", _analysis(example()), *OF_EXAMPLE),
        _room("_60", _analysis(synthetic()), *OF_SIXTY),
        _room("_300", _analysis(synthetic(300, 2)), "swimmer.plot", "kinetics.profile"),
        _room("_60_m_protein", _analysis(with_m_protein(60)), *OF_RESPONSE[2:]),
        _room("_300_m_protein", _analysis(with_m_protein(300)), "response.depth", "response.waterfall.*"),
        _room("_5", _analysis(with_m_protein(5)), "swimmer.plot", *OF_RESPONSE),
        _room("", Analysis(killing_assay(), killing_assay(), everybody(killing_assay()), "months"), "assay.*"),
        _room("", _analysis(_livers()), "labs.hys_law"),
        *(_room(f"_{name}", _analysis(opened(f"{name}.xlsx"), of), "swimmer.plot") for name, of in PUBLIC.items()),
        _patient("", _analysis(case()), PATIENT, PATIENT_TIMELINE, PATIENT_COURSE, PATIENT_INFUSIONS),
        _patient("_p1", _analysis(example()), "P1", PATIENT_TIMELINE, PATIENT_COURSE, PATIENT_IN_COHORT),
    ]


PUBLIC = {"ggswim": "-", "swimplot_clinicaltrial": "arm", "ggswimlane": "arm"}


def _analysis(whole, grouping="") -> Analysis:
    split = by(whole, grouping) if grouping else first_view(whole).grouping
    return Analysis(whole, selected(whole), split, whole.study.time_unit)


def _room(ending, analysis, *patterns) -> Room:
    def figures(width: int) -> Iterator[Figure]:
        for each in attempts(analysis, patterns, width=width):
            if isinstance(each, Failed):
                raise each.error
            if isinstance(each, Figure):
                yield each

    return Room(ending, analysis, figures)


def _patient(ending, analysis, patient, *specs) -> Room:
    return Room(ending, analysis, lambda width: (spec.make(analysis, patient, {WIDTH: width}) for spec in specs))


def _livers():
    draw = np.random.default_rng(3)
    ids = {"A": [f"a{n}" for n in range(30)], "B": [f"b{n}" for n in range(30)]}
    rows = [
        {
            "patient_id": patient,
            "day": 7,
            "test": test,
            "unit": "U/L" if test == "ALT" else "mg/dL",
            "value": round(float(usual * np.exp(draw.normal(0, wide))), 2),
            "upper_limit": upper,
        }
        for of in ids.values()
        for patient in of
        for test, usual, wide, upper in (("ALT", 45, 0.9, 40), ("bilirubin", 0.8, 0.6, 1.2))
    ]
    return cohort(arms(**ids), labs=rows)
