"""What the three figures show."""

from golden.cohorts import example, selected

from lib.patient.course import course
from lib.patient.panel_results import among_others, course_panels, infusion_panels, round_days
from lib.patient.panels import cell_panels
from patient.cases import case, case_course, one, panels_options


def test_the_period_cuts_values_and_counts_the_rest():
    whole = course_panels(case(), case_course(), panels_options(first_day=-2000.0, last_day=300.0))
    month = course_panels(case(), case_course(), panels_options(first_day=0.0, last_day=28.0))
    assert whole.n_outside == whole.n_unplaced == 0 and len(month.table) + month.n_outside == len(whole.table)
    assert month.table["at"].between(0, 28).all()


def test_logs_are_those_chosen():
    result = course_panels(case(), case_course(), panels_options(log=("Temperature",)))
    assert [panel.name for panel, log in zip(result.panels, result.logs, strict=True) if log] == ["Temperature"]


def test_infusions_stand_on_their_own_day_0():
    result = infusion_panels(case_course(), cell_panels(case()))
    assert result.origin is None and result.period == (0, 270) and set(result.table["infusion"]) == {2, 3}


def test_the_patient_is_not_among_the_others():
    seen = course(example(), "P1")
    result = among_others(selected(example()), seen, cell_panels(example())[0])
    assert (
        result.others["patient"].nunique() == 15 and "P1" not in set(result.others["patient"]) and result.events.n == 0
    )


def test_a_patient_without_values():
    seen = course(one(), "a1")
    assert (
        course_panels(one(), seen, panels_options(opened=one(), patient="a1")).table.empty
        and infusion_panels(seen, ()).panels == ()
    )
    silent = among_others(selected(example()), course(example(), "C9"), cell_panels(example())[0])
    assert silent.table.empty and silent.others["patient"].nunique() == 16


def test_round_days_have_room():
    for width in (380, 410, 760):
        days = round_days((-14.0, 274.0), True, width)
        assert {0, 28, 90} <= set(days) and days == tuple(sorted(days))
    assert len(round_days((-14.0, 274.0), True, 380)) < len(round_days((-14.0, 274.0), True, 760))
    assert {7, 10} <= set(round_days((0.0, 60.0), False, 760)) and 10 not in round_days(
        (0.0, 60.0), False, 410
    )  # "710"
    assert round_days((0.0, 1.0), False) == (0, 1) and round_days((0.2, 0.8), False) == (0.2, 0.8)
