"""Which test is which analyte, and what a unit is multiplied with. Hand-worked numbers."""

import pytest

from lib.cohort.analyte import FOREIGN_UNIT, NO_UNIT, SHARE_OF_CELLS, analyte_of, factor_of


@pytest.mark.parametrize(
    ("name", "written"),
    [
        (
            "neutrophils",
            (
                "neutrophils",
                "ANC",
                "NEUT#",
                "Neut",
                "Neutrophile",
                "Neutrophils (10^9/L)",
                "absolute neutrophil count",
                "Neutrophils, absolute",
                "Neutrophils [abs]",
                "NEU",
                "中性粒细胞计数",
                "中性粒细胞绝对值",
            ),
        ),
        ("lymphocytes", ("ALC", "LYM", "Lymphozyten", "lymphocyte count", "淋巴细胞")),
        (
            "haemoglobin",
            ("Hb", "HGB", "hemoglobin", "Haemoglobin", "Hämoglobin", "Hémoglobine", "血红蛋白", "Hemoglobin (g/dL)"),
        ),
        ("platelets", ("PLT", "Thrombozyten", "thrombocytes", "Platelet count", "血小板计数")),
        ("leukocytes", ("WBC", "WCC", "Leukozyten", "White blood cell count", "leucocytes", "白细胞")),
        ("ALT", ("ALT", "GPT", "ALT (GPT)", "Alanine Aminotransferase (U/L)", "ALAT", "SGPT", "谷丙转氨酶")),
        ("AST", ("AST", "GOT", "Aspartate Aminotransferase", "GOT (ASAT)")),
        ("bilirubin", ("Bilirubin", "total bilirubin", "Gesamtbilirubin", "Bilirubin, total", "TBIL", "总胆红素")),
        ("CRP", ("CRP", "C-reactive protein", "C-reaktives Protein", "hs-CRP", "C反应蛋白")),
        ("ferritin", ("ferritin", "Ferritin (serum)", "铁蛋白")),
        ("fibrinogen", ("Fibrinogen", "纤维蛋白原")),
        ("creatinine", ("Creatinine", "Kreatinin", "Serum creatinine", "肌酐")),
    ],
)
def test_an_analyte_by_its_names(name, written):
    for test in written:
        found, share = analyte_of(test)
        assert found is not None and found.name == name and not share, test


@pytest.mark.parametrize(
    "written",
    [
        "",
        "blood count",
        "plasma cells",
        "bilirubin direct",
        "creatinine (urine)",
        "creatinine clearance",
        "LDH",
        "IL-6",
        "HbA1c",
        "neutrophil-lymphocyte ratio",
        "leukocytes (CSF)",
        "haematocrit",
        "CD4 lymphocytes",
        "mean platelet volume",
    ],
)
def test_what_is_none_of_them(written):
    assert analyte_of(written) == (None, False)


@pytest.mark.parametrize(
    "written",
    ["Neutrophils %", "NEUT%", "neutrophils (%)", "Neutrophile relativ", "中性粒细胞百分比", "Lymphocytes percent"],
)
def test_a_share_is_no_count(written):
    found, share = analyte_of(written)
    assert found is not None and share
    assert factor_of(written, "") == (None, SHARE_OF_CELLS) == factor_of(written, "10^9/L")


@pytest.mark.parametrize(
    ("test", "unit", "factor"),
    [
        ("ANC", "10^9/L", 1),
        ("ANC", "G/L", 1),
        ("ANC", "g/l", 1),
        ("ANC", "K/uL", 1),
        ("ANC", "/µL", 0.001),
        ("ANC", "cells/uL", 0.001),
        ("PLT", "10^3/mm3", 1),
        ("PLT", "x10e9/L", 1),
        ("Hb", "g/dL", 10),
        ("Hb", "g/L", 1),
        ("Hb", "mmol/L", 16.114),
        ("ALT", "IU/L", 1),
        ("AST", "µkat/L", 60),
        ("bilirubin", "µmol/L", 1),
        ("CRP", "mg/L", 1),
        ("CRP", "mg/dL", 10),
        ("CRP", "µg/mL", 1),
        ("ferritin", "ng/mL", 1),
        ("ferritin", "µg/L", 1),
        ("fibrinogen", "mg/dL", 0.01),
        ("creatinine", "µmol/L", 1),
        ("Hemoglobin (g/dL)", "", 10),
    ],
)
def test_a_factor(test, unit, factor):
    assert factor_of(test, unit) == (pytest.approx(factor, rel=1e-9), "")


def test_masses_of_bilirubin_and_creatinine_become_amounts():
    assert factor_of("bilirubin", "mg/dL")[0] == pytest.approx(17.104, abs=1e-3)  # 10 mg/L / 584.66 g/mol
    assert factor_of("creatinine", "mg/dL")[0] == pytest.approx(88.402, abs=1e-3)  # 10 mg/L / 113.12 g/mol


def test_what_has_no_factor_has_a_reason():
    assert factor_of("ANC", "") == (None, NO_UNIT)
    assert factor_of("ANC", "%") == (None, SHARE_OF_CELLS)
    assert factor_of("ANC", "mg/L") == (None, FOREIGN_UNIT) == factor_of("CRP", "nmol/L")
