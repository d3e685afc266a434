"""The exhibits of one patient, in a report and on one page."""

from functools import cache

import pytest
from every_exhibit import exhibits
from golden.cohorts import example, selected

from lib.cohort.analysis import Analysis
from lib.cohort.view import first_view
from lib.exhibits import EXHIBITS
from lib.patient.panel_figures import page_exhibits
from patient.cases import NAMES, PATIENT, case, one

OF_CASE = ["patient.timeline", "patient.course", "patient.infusions", "patient.comparison"]


@cache
def analysis(make):
    opened = make()
    return Analysis(opened, selected(opened), first_view(opened).grouping, "months")


@pytest.mark.parametrize("name", NAMES)
def test_a_report_of_one_patient_contains_that_patient(name):
    view, opened = first_view(case(name)), case(name)
    made = [each.id for each in exhibits(selected(opened), view.grouping, view.unit, opened, ("patient.*",))]
    assert made == ["patient.outcomes", *OF_CASE]


def test_a_report_of_many_does_not():
    view = first_view(example())
    made = exhibits(selected(example()), view.grouping, view.unit, example(), ("patient.*",))
    assert [each.id for each in made] == ["patient.outcomes"]


def shown(make, patient):
    specs = [spec for spec in EXHIBITS if spec.of_one_patient]
    return [spec.id for spec in specs if spec.is_offered(analysis(make), patient)]


def test_of_a_patient_of_a_cohort_and_of_one_without_rows():
    assert shown(example, "P1") == ["patient.timeline", "patient.course", "patient.comparison", "patient.in_cohort"]
    assert shown(one, "a1") == ["patient.timeline"]


def on_page(make, patient, **chosen):
    under, beside = page_exhibits(analysis(make), patient, chosen)
    return {each.id: each for each in (*under, *beside)}


def test_what_stands_on_one_page():
    assert list(on_page(case, PATIENT)) == OF_CASE
    assert list(on_page(example, "P1")) == [
        "patient.timeline",
        "patient.course",
        "patient.in_cohort",
        "patient.comparison",
    ]
    assert list(on_page(one, "a1")) == ["patient.timeline"]


@pytest.mark.parametrize(("make", "patient"), [(case, PATIENT), (example, "P1")])
def test_the_page_has_the_unit_and_the_scale_of_days_that_were_chosen(make, patient):
    made = on_page(make, patient, timeline_unit="days", spread_early_days=False)
    assert made["patient.timeline"].tables["axis"]["text"].iloc[0].startswith("Days since infusion")
    panels = [made[name] for name in ("patient.course", "patient.infusions", "patient.in_cohort") if name in made]
    assert len(panels) == 2
    assert not any("square-root" in each.tables["axis"]["text"].iloc[0] for each in panels)
