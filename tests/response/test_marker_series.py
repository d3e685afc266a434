"""Which tests measure the monoclonal protein."""

import pytest
from golden.cohorts import example

from lib.response.marker_change import marker_kind, marker_series
from response.made import made, measured

KINDS = {
    "M-protein": (
        "M-protein",
        "M protein",
        "serum M-protein",
        "M-spike",
        "paraprotein",
        "SPEP",
        "M-Gradient",
        "M蛋白",
        "M component",
    ),
    "urine M-protein": ("urine M-protein", "UPEP", "Bence Jones protein"),
    "dFLC": ("dFLC", "difference involved-uninvolved FLC"),
    "involved FLC": ("involved FLC", "iFLC", "involved free light chain"),
    "kappa FLC": ("kappa FLC", "FLC kappa", "free kappa", "κ FLC", "serum free light chains kappa"),
    "lambda FLC": ("lambda FLC", "free lambda light chains", "sFLC lambda"),
    "": (
        "FLC ratio",
        "kappa/lambda ratio",
        "uninvolved FLC",
        "CRP",
        "C-reactive protein",
        "total protein",
        "IgG",
        "haemoglobin",
        "MCV",
    ),
}


@pytest.mark.parametrize(("test", "kind"), [(test, kind) for kind, tests in KINDS.items() for test in tests])
def test_names(test, kind):
    assert marker_kind(test) == kind


def test_series_of_a_workbook():
    rows = [
        *measured(("a1", 0, 30), ("a1", 28, 3)),
        *measured(("a1", 0, 3), unit="%"),
        *measured(("a1", 0, 9), test="kappa FLC", unit="mg/L"),
    ]
    found = marker_series(made({"A": ["a1"]}, labs=rows))
    assert [each.slug for each in found] == ["m_protein", "m_protein_of_2", "kappa_flc"]
    assert [each.chain_not_stated for each in found] == [False, False, True] and found[0].label == "M-protein, g/L"
    assert marker_series(example()) == ()
