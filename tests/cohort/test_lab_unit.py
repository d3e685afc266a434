"""Units of laboratory values. Hand-worked numbers."""

import pytest

from lib.cohort.analyte import parsed, per_litre


@pytest.mark.parametrize(
    ("written", "kind", "factor"),
    [
        ("10^9/L", "count", 1e9),
        ("10*9/L", "count", 1e9),
        ("x10^9/l", "count", 1e9),
        ("G/L", "count", 1e9),
        ("g/L", "mass", 1.0),
        ("K/µL", "count", 1e9),
        ("K/μL", "count", 1e9),
        ("/µL", "count", 1e6),
        ("cells/µL", "count", 1e6),
        ("/mm3", "count", 1e6),
        ("10^3/µL", "count", 1e9),
        ("Mio/mL", "count", 1e9),
        ("g/dL", "mass", 10.0),
        ("mg/dL", "mass", 0.01),
        ("mg/L", "mass", 1e-3),
        ("ng/mL", "mass", 1e-6),
        ("µg/L", "mass", 1e-6),
        ("mcg/mL", "mass", 1e-3),
        ("x10e9/L", "count", 1e9),
        ("10⁹/L", "count", 1e9),
        ("× 10⁹ / L", "count", 1e9),
        ("10^3/mm3", "count", 1e9),
        ("10³/mm³", "count", 1e9),
        ("Gpt/l", "count", 1e9),
        ("/nL", "count", 1e9),
        ("Tsd/µl", "count", 1e9),
        ("1000/µL", "count", 1e9),
        ("10^9 cells/L", "count", 1e9),
        ("mmol/L", "amount", 1e-3),
        ("µmol/L", "amount", 1e-6),
        ("U/L", "activity", 1.0),
        ("IU/L", "activity", 1.0),
        ("µkat/L", "activity", 60.0),
    ],
)
def test_a_unit_of_a_laboratory_value(written, kind, factor):
    assert parsed(written) == (kind, pytest.approx(factor, rel=1e-12))


@pytest.mark.parametrize("written", ["", "%", "g", "/", "seconds", "1/0", "10^9"])
def test_a_unit_that_is_not_known(written):
    assert parsed(written) is None and per_litre(written, "count") is None


def test_what_is_measured_decides_how_a_g_is_read():
    assert (per_litre("g/l", "count"), per_litre("G/L", "mass"), per_litre("G/L", "count")) == (1e9, 1.0, 1e9)
    assert per_litre("mg/L", "count") is None and per_litre("mg/L", "mass") == 1e-3
