"""Killing from optical densities by hand, and fold change."""

import pandas as pd
import pytest

from assay.made import cohort_of, doses
from lib.assay.series import designed, fold_change, is_intensity, role_of, wells, with_killing


def killing(*rows, header=None):
    return with_killing(wells(cohort_of(*rows, **({"header": header} if header else {}))))


def reference(control=(0.2, 0.3), maximum=(1.2, 1.3)):
    return [*doses({None: control}, "OD control", None), *doses({None: maximum}, "OD maximum", None)]


def test_each_well_by_the_formula():
    found, reported = killing(*doses({0: (0.75, 0.25), 1: (1.25,)}, "OD sample"), *reference())
    assert found["value"].tolist() == pytest.approx([50, 0, 100])  # control 0.25, maximum 1.25
    assert found["measured"].tolist() == [0.75, 0.25, 1.25]
    assert set(found["measure"]) == {"Killing"} and set(found["unit"]) == {"%"}
    assert "OD control 0.25 (mean of 2 wells), OD maximum 1.25 (mean of 2)" in reported["killing"]


def test_roles_may_stand_in_the_condition():
    rows = [
        ("k", "OD 490", name, None, None, 1, value)
        for name, value in (("sample", 0.6), ("Control", 0.1), ("max release", 1.1))
    ]
    found, _ = killing(*rows)
    assert found["value"].tolist() == pytest.approx([50]) and found["condition"].tolist() == [""]


def test_each_time_has_its_own_reference_wells():
    rows = [
        (*row[:4], time, *row[5:])
        for time, shift in ((1, 0), (2, 0.5))
        for row in (
            *doses({1: (0.75 + shift,)}, "OD sample"),
            *doses({None: (0.25 + shift,)}, "OD control"),
            *doses({None: (1.25 + shift,)}, "OD max"),
        )
    ]
    found, reported = killing(*rows)
    assert found["value"].tolist() == pytest.approx([50, 50]) and "0.25 to 0.75" in reported["killing"]


@pytest.mark.parametrize(
    "rows, reason",
    [
        (reference()[:2], "no wells of OD maximum"),
        (reference(maximum=(0.2, 0.3)), "OD maximum is not above OD control"),
    ],
)
def test_what_cannot_be_computed_stays_as_it_was_and_says_why(rows, reason):
    found, reported = killing(*doses({0: (0.75,)}, "OD sample"), *rows)
    assert reason in reported["killing"] and "OD sample" in set(found["measure"])
    assert len(found) == 1 + len(rows)


def test_a_killing_that_is_given_too_keeps_its_name():
    found, _ = killing(*doses({0: (40,)}, "Killing"), *doses({0: (0.75,)}, "OD sample"), *reference())
    assert set(found["measure"]) == {"Killing", "Killing (from OD)"}


def test_other_measures_are_no_optical_density():
    measures = pd.Series(["killing", "modulation", "CD19", "Absorbance sample", "od_control", "blood", "OD"])
    assert role_of(measures, pd.Series([""] * 7)).tolist() == ["", "", "", "sample", "control", "", "sample"]


def changed(*rows):
    design, placed = designed(wells(cohort_of(*rows)))
    return fold_change(placed, design)


def test_each_well_over_the_mean_control_of_its_time():
    found = changed(*doses({0: (90, 110), 1: (50,)}, "MFI", time=1), *doses({0: (10,), 1: (20,)}, "MFI", time=2))
    assert found["value"].tolist() == pytest.approx([0.9, 1.1, 0.5, 1, 2])


def test_without_a_control_at_every_time_there_is_none():
    assert changed(*doses({1: (50,), 2: (40,)}, "MFI")) is None
    assert changed(*doses({0: (90,), 1: (50,)}, "MFI", time=1), *doses({1: (20,)}, "MFI", time=2)) is None
    assert changed(*doses({0: (0,), 1: (50,)}, "MFI")) is None


def test_what_is_an_intensity():
    assert is_intensity("CFSE MFI", "a.u.") and is_intensity("Mean fluorescence", "") and is_intensity("gMFI CD69", "")
    assert (
        not is_intensity("MFI fold change", "")
        and not is_intensity("CFSE MFI", "fold")
        and not is_intensity("lysis", "%")
    )
