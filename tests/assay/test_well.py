"""Wells as they are read: empty values, units named once, donors under several names."""

from assay.made import cohort_of, killing_assay
from lib.assay.well import n_without_value, wells


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
    rows = [("a", "m", 0, None, 1), ("a", "m", 1, "nM", 2), ("b", "m", 1, None, 3), ("c", "m", 1, "nM", 4), ("c", "m", 2, "µM", 5), ("c", "m", 0, None, 6)]  # fmt: skip
    assert wells(cohort_of(*rows, header=header))["concentration_unit"].tolist() == ["nM", "nM", "", "nM", "µM", ""]


def test_a_donor_is_known_by_several_headings():
    for heading in ("donor", "Biological replicate", "experiment_run"):
        found = wells(cohort_of(*[("e", "m", name, 1 + place) for place, name in enumerate("ABAB")], header=("experiment", "measure", heading, "value")))  # fmt: skip
        assert found["donor"].tolist() == ["A", "B", "A", "B"], heading
    assert set(wells(killing_assay())["donor"]) == {""}
