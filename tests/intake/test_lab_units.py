"""One unit a laboratory test: spellings, counts, masses and amounts are converted where the factor is known, and
reported; never two mixed."""

from pathlib import Path

import pytest
from workbooks import read

from lib.intake.cells.numbers import factor_between
from lib.intake.draft import read_workbook

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize(
    "unit",
    [
        "10^9/L",
        "G/L",
        "K/uL",
        "x10^9/L",
        "10*9/L",
        "10**9/L",
        "/nl",
        "Gpt/l",
        "x 10^9/l",
        "10⁹/L",
        "10e9/L",
        "Tsd/µl",
        "10^3/µL",
        "×10⁹/L",
        "10^3/mm^3",
    ],
)
def test_spellings_of_one_unit(unit):
    assert factor_between("Neutrophils", "10^9/L", unit) == 1
    assert factor_between("Eosinophile", "10^9/L", unit) == 1


@pytest.mark.parametrize(
    ("test", "unit", "other", "factor"),
    [
        ("Neutrophils", "10^9/L", "cells/µL", 0.001),
        ("Neutrophils", "10^9/L", "/µl", 0.001),
        ("Neutrophils", "10^9/L", "%", None),
        ("creatinine", "µmol/L", "mg/dL", 88.4017),
        ("bilirubin", "µmol/L", "mg/dL", 17.1040),
        ("Glucose", "mmol/L", "mg/dL", 0.0555075),
        ("Calcium", "mg/dL", "mmol/L", 4.0078),
        ("Hb", "g/L", "mmol/L", 16.114),
        ("Hb", "g/dL", "mmol/L", 1.6114),
        ("uric acid", "µmol/L", "mg/dL", 59.4848),
        ("LDH", "U/L", "µkat/L", 60),
        ("CRP", "mg/L", "mg/dL", 10),
        ("M-protein", "g/L", "g/dL", 10),
        ("unheard of", "mmol/L", "mg/dL", None),
        ("CRP", "mg/L", "points", None),
    ],
)
def test_factors(test, unit, other, factor):
    found = factor_between(test, unit, other)
    assert found is None if factor is None else found == pytest.approx(factor, rel=1e-5)


def test_a_template_shaped_sheet_becomes_one_series():
    cohort = read_workbook((CASES / "39_lab_units_template.xlsx").read_bytes(), "39.xlsx")
    assert cohort.labs["unit"].unique().tolist() == ["10^9/L"] and cohort.labs["patient_id"].nunique() == 16
    assert cohort.labs.query("day == 0")["value"].round(2).tolist() == [round(3 + n / 100, 2) for n in range(16)]
    assert sum("were turned into" in each.problem for each in cohort.findings) == 3


def test_conversion_moves_limits_and_is_told_and_the_unknown_stays_apart():
    labs = [
        ["patient_id", "day", "test", "value", "unit", "upper_limit"],
        ["P1", 0, "Kreatinin", 90, "µmol/l", 100],
        ["P2", 0, "Kreatinin", 110, "µmol/l", 100],
        ["P3", 0, "Kreatinin", 1, "mg/dl", 1.2],
        ["P1", 7, "score", 3, "points", None],
        ["P2", 7, "score", 4, "mg/L", None],
    ]
    cohort = read({"Patients": [["patient_id"], ["P1"], ["P2"], ["P3"]], "Labs": labs})
    assert cohort.labs["value"].round(1).tolist() == [90, 110, 88.4, 3, 4] and cohort.labs["upper_limit"].round(
        1
    ).tolist()[:3] == [100, 100, 106.1]
    assert cohort.labs["unit"].tolist() == ["µmol/l"] * 3 + ["points", "mg/L"]
    (reported,) = [each for each in cohort.findings if "turned into" in each.problem]
    assert "88.4017" in reported.problem
