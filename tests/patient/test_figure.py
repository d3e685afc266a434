"""The exhibits of one patient, in a report and on one page."""

import pytest
from every_exhibit import exhibits
from golden.cohorts import example, selected

from lib.cohort.analysis import Analysis
from lib.cohort.view import first_view
from lib.patient import specs
from lib.patient.course import course
from lib.patient.figure import page_exhibits
from lib.patient.panels.panel import panels
from lib.patient.panels.result import PanelOptions
from patient.cases import NAMES, case, case_course, one

OF_CASE = ["patient.timeline", "patient.course", "patient.infusions", "patient.comparison"]


@pytest.mark.parametrize("name", NAMES)
def test_a_report_of_one_patient_contains_that_patient(name):
    view, opened = first_view(case(name)), case(name)
    made = [each.id for each in exhibits(selected(opened), view.grouping, view.unit, opened, ("patient.*",))]
    assert made == OF_CASE


def test_a_report_of_many_does_not():
    view = first_view(example())
    assert list(exhibits(selected(example()), view.grouping, view.unit, example(), ("patient.*",))) == []


def shown(cohort, patient):
    analysis = Analysis(cohort, selected(cohort), first_view(cohort).grouping, "months")
    return [spec.id for spec in specs.PATIENT if spec.is_offered(analysis, patient)]


def test_of_a_patient_of_a_cohort_and_of_one_without_rows():
    assert shown(example(), "P1") == ["patient.timeline", "patient.course", "patient.comparison", "patient.in_cohort"]
    assert shown(one(), "a1") == ["patient.timeline"]


def test_what_stands_on_one_page():
    under, beside = page_exhibits(case(), selected(case()), case_course(), panels(case()), PanelOptions())
    assert [each.id for each in (*under, *beside)] == OF_CASE
    under, beside = page_exhibits(
        example(), selected(example()), course(example(), "P1"), panels(example()), PanelOptions()
    )
    assert [each.id for each in (*under, *beside)] == [
        "patient.timeline",
        "patient.course",
        "patient.in_cohort",
        "patient.comparison",
    ]
