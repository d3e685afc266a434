"""Values in their panels: on the axis of the course, by infusion, and those of the others."""

from golden.cohorts import example, selected

from lib.patient.course import course
from lib.patient.panels.panel import cell_panels, panels
from lib.patient.panels.value import by_infusion, first_period, of_selection, values, whole_period
from patient.cases import NAMES, case, case_course, one


def test_every_measured_value_is_there_once():
    opened = case()
    table = values(case_course(), panels(opened))
    assert len(table) == len(opened.kinetics) + len(opened.labs)
    assert table.loc[table["below"], "value"].isna().all() and table.loc[~table["below"], "value"].notna().all()


def test_a_value_without_a_day_stays_without_a_place():
    table = values(case_course(NAMES[0]), panels(case(NAMES[0])))
    assert int(table["at"].isna().sum()) == 3


def test_a_panel_for_each_series_and_a_line_for_each_infusion():
    shown, table = by_infusion(values(case_course(), cell_panels(case())), case_course(), cell_panels(case()))
    assert [panel.name for panel in shown] == [
        "CAR transgene (qPCR), blood", "CAR transgene (qPCR), marrow", "CAR T cells (flow), blood", "CAR T cells (flow), marrow",
    ]  # fmt: skip
    assert (table["at"] == table["day"]).all() and set(table.loc[table["panel"] == 0, "line"]) == {1, 2}
    assert [line.name for line in shown[0].lines] == ["infusion 1", "infusion 2", "infusion 3"]


def test_periods():
    table = values(case_course(), panels(case()))
    assert first_period(table, case_course()) == (-14, 274) and whole_period(table, case_course()) == (-1638, 274)
    nothing = course(one(), "a1")
    assert first_period(values(nothing, ()), nothing) == (0, 1)


def test_of_the_others_only_the_chosen_infusion_and_what_came_after_it():
    table = of_selection(selected(example(), "arm=Control"), cell_panels(example())[0].lines[0].source)
    assert table["patient"].nunique() == 8 and (table["day"] >= 0).all()
