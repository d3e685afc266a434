"""Units of a dose: what is a number of cells, and what is not taken for one."""

import pytest

from lib.cohort.at_infusion import dose_unit


@pytest.mark.parametrize(
    ("written", "millions", "per_kg"),
    [
        ("10^6 CAR T cells/kg", 1, True),
        ("10^6/kg", 1, True),
        ("x10^6/kg", 1, True),
        ("× 10⁸ cells", 100, False),
        ("10⁶ CAR+ T cells/kg", 1, True),
        ("10*6/kg", 1, True),
        ("10**6 cells", 1, False),
        ("1e6 cells/kg", 1, True),
        ("million cells per kg", 1, True),
        ("Mio/kg", 1, True),
        ("cells", 1e-6, False),
        ("10^6 kg⁻¹", 1, True),
        ("10^6/kg BW", 1, True),
    ],
)
def test_numbers_of_cells(written, millions, per_kg):
    assert dose_unit(written) == (pytest.approx(millions), per_kg)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "kg",
        "vials",
        "mg",
        "10E6/kg",
        "106/kg",
        "10^6 cells/m²",
        "10^6 cells/mL",
        "10^6 x 10^6 cells",
        "10^6 copies/kg",
    ],
)
def test_what_is_not_surely_a_number_of_cells_is_not_taken_for_one(written):
    assert dose_unit(written) is None
