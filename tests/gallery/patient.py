"""The synthetic lenalidomide case: timeline, panels and infusions; one patient of the pomalidomide cohort among the others."""

from golden.cohorts import example, selected
from patient.cases import PATIENT, case

from gallery.picture import Picture
from lib.cohort.view import first_view
from lib.patient.figure import patient_exhibits
from lib.publication.exhibit import Figure


def pictures() -> list[Picture]:
    opened, cohort = case(), example()
    one = [each for each in patient_exhibits(opened, selected(opened), PATIENT) if isinstance(each, Figure)]
    others = [
        each
        for each in patient_exhibits(cohort, selected(cohort), "P1")
        if each.id in ("patient.in_cohort", "patient.timeline")
    ]
    return [
        *(Picture(each.id, each, selected(opened), first_view(opened).grouping) for each in one),
        *(
            Picture(f"{each.id}_p1", each, selected(cohort), first_view(cohort).grouping)
            for each in others
            if isinstance(each, Figure)
        ),
    ]
