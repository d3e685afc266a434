"""The boundaries of CTCAE v5 and v6, cell by cell, as printed in the two versions."""

import pytest

from lib.cohort.ctcae import ANALYTES, SCALES, V5, V6, absolute_bounds, scale_of

# analyte: bounds of grades 1 to 4; LLN/ULN: begins at the laboratory's limit; None: no such grade by value
V5_TABLE = {
    "neutrophils": ("LLN", 1.5, 1.0, 0.5),
    "lymphocytes": ("LLN", 0.8, 0.5, 0.2),
    "haemoglobin": ("LLN", 100, 80, None),
    "platelets": ("LLN", 75, 50, 25),
    "leukocytes": ("LLN", 3, 2, 1),
    "ALT": (1, 3, 5, 20),
    "AST": (1, 3, 5, 20),
    "bilirubin": (1, 1.5, 3, 10),
    "fibrinogen": (1, 0.75, 0.5, 0.25),
}
V6_TABLE = {
    **V5_TABLE,
    "neutrophils": (1.5, 1.0, 0.5, 0.1),
    "lymphocytes": None,
    "platelets": ("LLN", 75, 50, 10),
}
OF_BASELINE = {  # multiples of an abnormal baseline
    V5: {
        "ALT": (1.5, 3, 5, 20),
        "AST": (1.5, 3, 5, 20),
        "bilirubin": (1, 1.5, 3, 10),
        "fibrinogen": (1, 0.75, 0.5, 0.25),
    },
    V6: {
        "ALT": (1, 1.5, 2, 4),
        "AST": (1, 1.5, 2, 4),
        "bilirubin": (1, 1.5, 2.5, 10),
        "fibrinogen": (1, 0.75, 0.5, 0.25),
    },
}


@pytest.mark.parametrize(("version", "table"), [(V5, V5_TABLE), (V6, V6_TABLE)])
def test_every_cell(version, table):
    assert {scale.analyte for scale in SCALES[version]} == {name for name, cells in table.items() if cells}
    assert set(ANALYTES) == set(V5_TABLE)
    for analyte, cells in table.items():
        scale = scale_of(analyte, version)
        if cells is None:
            assert scale is None
            continue
        assert scale is not None and scale.first_at_limit == (cells[0] == "LLN")
        assert dict(scale.bounds) == {grade: cell for grade, cell in enumerate(cells, 1) if cell not in ("LLN", None)}
        expected = OF_BASELINE[version].get(analyte)
        assert (tuple(scale.abnormal.values()) if scale.abnormal else None) == expected


def test_absolute_bounds_are_of_absolute_scales_only():
    assert absolute_bounds("platelets", V5) == {2: 75, 3: 50, 4: 25} and absolute_bounds(
        "ALT", V5
    ) == {} == absolute_bounds("lymphocytes", V6)
