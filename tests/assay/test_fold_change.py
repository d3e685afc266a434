"""Fold change over the control of the same time and donor."""

import pytest

from assay.made import cohort_of, doses
from lib.assay.design import designed
from lib.assay.fold_change import fold_change, is_intensity
from lib.assay.well import wells


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
    assert not is_intensity("MFI fold change", "") and not is_intensity("CFSE MFI", "fold") and not is_intensity("lysis", "%")  # fmt: skip
