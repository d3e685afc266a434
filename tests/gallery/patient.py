"""The synthetic lenalidomide case: timeline, panels and infusions; one patient of the pomalidomide cohort among the others."""

from golden.cohorts import example, selected
from patient.cases import PATIENT, case

from gallery.picture import Picture
from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.cohort.view import first_view
from lib.patient.panel_figures import PATIENT_COURSE, PATIENT_IN_COHORT, PATIENT_INFUSIONS
from lib.patient.timeline import PATIENT_TIMELINE
from lib.publication.spec import ExhibitSpec


def pictures() -> list[Picture]:
    return [
        *(_picture(case(), PATIENT, spec) for spec in (PATIENT_TIMELINE, PATIENT_COURSE, PATIENT_INFUSIONS)),
        *(_picture(example(), "P1", spec, "_p1") for spec in (PATIENT_TIMELINE, PATIENT_IN_COHORT)),
    ]


def _picture(opened: Cohort, patient: str, spec: ExhibitSpec, suffix: str = "") -> Picture:
    grouping, chosen = first_view(opened).grouping, selected(opened)
    figure = spec.make(Analysis(opened, chosen, grouping, "months"), patient)
    return Picture(f"{figure.id}{suffix}", figure, chosen, grouping)
