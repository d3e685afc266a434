"""Doses and conditions, the control among them, agents that share it."""

from assay.made import cohort_of
from lib.assay.design import EVERYTHING, designed
from lib.assay.well import wells


def of(*places):
    return designed(wells(cohort_of(*[("e", "m", condition, dose, None, 1, 1.0) for condition, dose in places])))


def test_doses_stand_in_the_order_of_numbers_and_zero_is_the_control():
    design, rows = of(("drug", 10), ("drug", 2.5), ("drug", 0))
    assert (design.lines, design.groups, design.control, design.dosed) == (("drug",), ("0", "2.5", "10"), "0", True)
    assert rows["group"].tolist() == ["10", "2.5", "0"]


def test_a_control_without_an_agent_stands_in_every_line_but_is_one_well():
    design, rows = of(("DMSO", None), ("a", 1), ("b", 1))
    assert design.lines == ("a", "b") and design.control == "0"
    assert sorted(zip(rows["line"], rows["group"], strict=True)) == [("a", "0"), ("a", "1"), ("b", "0"), ("b", "1")]
    assert rows["original"].nunique() == 3


def test_without_a_dose_0_there_is_no_control_and_wells_without_a_dose_have_no_place():
    design, rows = of(("drug", 1), ("drug", 5), ("drug", None))
    assert design.control is None and len(rows) == 2


def test_conditions_are_groups_where_no_dose_is_named_the_control_first():
    design, rows = of(("CAR T", None), ("Mock", None), ("UTD", None))
    assert (design.groups, design.control, design.dosed) == (("Mock", "CAR T", "UTD"), "Mock", False)
    design, rows = of((None, None), (None, 0))
    assert (design.groups, design.control, rows["group"].tolist()) == ((EVERYTHING,), None, [EVERYTHING] * 2)


def test_doses_in_two_units_are_told_apart():
    header = ("experiment", "measure", "concentration", "concentration_unit", "value")
    rows = [("e", "m", 1, "µM", 1), ("e", "m", 100, "nM", 2), ("e", "m", 0, "nM", 3)]
    design, _ = designed(wells(cohort_of(*rows, header=header)))
    assert (design.groups, design.unit, design.label("1 µM")) == (("0", "100 nM", "1 µM"), "", "1 µM")
