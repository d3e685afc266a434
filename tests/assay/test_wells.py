"""Wells of the sheet Assays, and how they are compared."""

from assay.made import cohort_of, killing_assay
from lib.assay.series import EVERYTHING, designed, n_without_value, wells


def test_every_row_with_a_value_is_a_well_and_the_others_are_counted():
    cohort = cohort_of(
        ("e", "m", "c", 0, 1, 1, 5), ("e", "m", "c", 1, 1, 1, None), ("e", "m", None, None, None, None, 7)
    )
    found = wells(cohort)
    assert found["value"].tolist() == [5, 7] and n_without_value(cohort) == 1
    assert found["condition"].tolist() == ["c", ""] and found["original"].tolist() == [0, 1]
    assert len(wells(killing_assay())) == 168 and n_without_value(killing_assay()) == 0


def test_a_unit_named_once_holds_for_its_experiment_alone():
    header = ("experiment", "measure", "concentration", "concentration_unit", "value")
    rows = [
        ("a", "m", 0, None, 1),
        ("a", "m", 1, "nM", 2),
        ("b", "m", 1, None, 3),
        ("c", "m", 1, "nM", 4),
        ("c", "m", 2, "µM", 5),
        ("c", "m", 0, None, 6),
    ]
    assert wells(cohort_of(*rows, header=header))["concentration_unit"].tolist() == ["nM", "nM", "", "nM", "µM", ""]


def test_a_donor_is_known_by_several_headings():
    for heading in ("donor", "Biological replicate", "experiment_run"):
        found = wells(
            cohort_of(
                *[("e", "m", name, 1 + place) for place, name in enumerate("ABAB")],
                header=("experiment", "measure", heading, "value"),
            )
        )
        assert found["donor"].tolist() == ["A", "B", "A", "B"], heading
    assert set(wells(killing_assay())["donor"]) == {""}


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
