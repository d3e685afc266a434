"""Which panels there are and the values in them: families by name, units never mixed, at most five lines on an axis."""

import pytest
from golden.cohorts import example, selected

from lib.patient.course import course
from lib.patient.panels import (
    MOST_SERIES,
    by_infusion,
    cell_panels,
    first_period,
    of_selection,
    panels,
    values,
    whole_period,
)
from patient.cases import NAMES, case, case_course, one


def labs(*tests):
    return panels(one(labs=[{"test": test, "unit": unit, "day": 1, "value": 1.0} for test, unit in tests]))


def test_the_panels_of_the_case():
    assert [(panel.label, panel.log) for panel in panels(case())] == [
        ("CAR transgene (qPCR), copies/µg DNA", True),
        ("CAR T cells (flow), % of T cells", False),
        ("Temperature, °C", False),
        ("Cytokines, pg/mL", True),
        ("Inflammation, mg/L", True),
        ("Blood counts, 10⁹/L", True),
        ("Haemoglobin, g/L", False),
        ("M-protein and light chains, g/L", True),
        ("Plasma cells, %", True),
    ]
    assert [line.name for line in panels(case())[0].lines] == ["blood", "marrow"]
    assert [line.name for line in panels(case())[-1].lines] == ["marrow (flow)", "marrow (morphology)", "blood"]


@pytest.mark.parametrize(
    ("test", "family"),
    [
        ("IL-6", "Cytokines"),
        ("ferritin", "Inflammation"),
        ("neutrophils", "Blood counts"),
        ("PLT", "Blood counts"),
        ("Hb", "Haemoglobin"),
        ("sFLC lambda", "M-protein and light chains"),
        ("LDH", "LDH"),
        ("body temperature", "Temperature"),
    ],
)
def test_families_by_name(test, family):
    assert [panel.name for panel in labs((test, "unit"))] == [family]


def test_another_unit_is_another_panel_and_many_lines_are_parted():
    assert [panel.label for panel in labs(("IL-6", "pg/mL"), ("IL-2", "U/mL"))] == [
        "Cytokines, pg/mL",
        "Cytokines, U/mL",
    ]
    many = labs(*((f"IL-{number}", "pg/mL") for number in range(2, 9)))
    assert [len(panel.lines) for panel in many] == [MOST_SERIES, 2] and many[1].name == "Cytokines (2)"


def test_cells_alone():
    assert [panel.label for panel in cell_panels(example())] == ["CAR transgene (qPCR), copies/µg DNA"] and cell_panels(
        one()
    ) == ()


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
        "CAR transgene (qPCR), blood",
        "CAR transgene (qPCR), marrow",
        "CAR T cells (flow), blood",
        "CAR T cells (flow), marrow",
    ]
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
