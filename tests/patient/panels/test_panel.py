"""Which panels there are: families by name, units never mixed, at most five lines on an axis."""

import pytest
from golden.cohorts import example

from lib.patient.panels.panel import MOST_SERIES, cell_panels, panels
from patient.cases import case, one


def labs(*tests):
    return panels(one(labs=[{"test": test, "unit": unit, "day": 1, "value": 1.0} for test, unit in tests]))


def test_the_panels_of_the_case():
    assert [(panel.label, panel.log) for panel in panels(case())] == [
        ("CAR transgene (qPCR), copies/µg DNA", True), ("CAR T cells (flow), % of T cells", False), ("Temperature, °C", False),
        ("Cytokines, pg/mL", True), ("Inflammation, mg/L", True), ("Blood counts, 10⁹/L", True), ("Haemoglobin, g/L", False),
        ("M-protein and light chains, g/L", True), ("Plasma cells, %", True),
    ]  # fmt: skip
    assert [line.name for line in panels(case())[0].lines] == ["blood", "marrow"]
    assert [line.name for line in panels(case())[-1].lines] == ["marrow (flow)", "marrow (morphology)", "blood"]


@pytest.mark.parametrize(
    ("test", "family"),
    [("IL-6", "Cytokines"), ("ferritin", "Inflammation"), ("neutrophils", "Blood counts"), ("PLT", "Blood counts"), ("Hb", "Haemoglobin"),
     ("sFLC lambda", "M-protein and light chains"), ("LDH", "LDH"), ("body temperature", "Temperature")],
)  # fmt: skip
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
