"""Which laboratory test is which analyte, and its values in one unit of each: neutrophils by any of their names, in 10^9/L.

A value whose unit is not known, or not stated, has no amount and the reason. Units are read as lib/intake reads them: counts a
litre, masses a litre; bilirubin and creatinine also by their molar mass (584.66 and 113.12 g/mol, PubChem).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.model import Cohort

CELLS: Final[Mapping[str, float]] = {
    "10^9/l": 1.0, "10e9/l": 1.0, "10*9/l": 1.0, "10**9/l": 1.0, "10⁹/l": 1.0, "g/l": 1.0, "gpt/l": 1.0, "k/ul": 1.0, "10^3/ul": 1.0, "10³/ul": 1.0,
    "10e3/ul": 1.0, "10*3/ul": 1.0, "thou/ul": 1.0, "tsd/ul": 1.0, "/ul": 1e-3, "cells/ul": 1e-3, "/mm3": 1e-3, "/mm³": 1e-3, "cells/mm3": 1e-3,
}  # fmt: skip
ENZYME: Final[Mapping[str, float]] = {"u/l": 1.0, "iu/l": 1.0, "ukat/l": 60.0, "nkat/l": 0.06}
BILIRUBIN: Final = 17.104  # µmol/L of 1 mg/dL
CREATININE: Final = 88.4


@dataclass(frozen=True)
class Analyte:
    """`names` matches the whole name of a test; `units` turns a unit (lower case, u for micro) into `unit`."""

    name: str
    unit: str
    names: re.Pattern[str]
    units: Mapping[str, float]


def _analyte(name: str, unit: str, names: str, units: Mapping[str, float]) -> Analyte:
    return Analyte(name, unit, re.compile(names, re.IGNORECASE), units)


ANALYTES: Final = (
    _analyte("neutrophils", "10^9/L", r"anc|neut(ro)?s?|neutro(ph|f)il(e|en|s)?( granulocytes)?( count)?|absolute neutrophil count|neutrophils,? absolute|中性粒细胞(计数|绝对值)?", CELLS),
    _analyte("lymphocytes", "10^9/L", r"alc|lym|lymph|lymphocytes?( count)?|lymphozyten|absolute lymphocyte count|淋巴细胞(计数|绝对值)?", CELLS),
    _analyte("leukocytes", "10^9/L", r"wbc|leu[ck]ocytes?|leukozyten|white (blood )?cells?( count)?|白细胞(计数)?", CELLS),
    _analyte("platelets", "10^9/L", r"plt|platelets?( count)?|thrombocytes|thrombozyten|血小板(计数)?", CELLS),
    _analyte("haemoglobin", "g/L", r"hb|hgb|ha?emoglobin|h(ä|ae)moglobin|血红蛋白", {"g/l": 1.0, "g/dl": 10.0, "mmol/l": 16.114}),
    _analyte("ALT", "U/L", r"alt|alat|sgpt|gpt|alanine (amino)?transaminase|alanine aminotransferase|谷丙转氨酶|丙氨酸氨基转移酶", ENZYME),
    _analyte("AST", "U/L", r"ast|asat|sgot|got|aspartate (amino)?transaminase|aspartate aminotransferase|谷草转氨酶|天冬氨酸氨基转移酶", ENZYME),
    _analyte("bilirubin", "µmol/L", r"(total |t-?)?bili(rubin)?( total)?|gesamtbilirubin|总胆红素", {"umol/l": 1.0, "mg/dl": BILIRUBIN, "mg/l": BILIRUBIN / 10}),
    _analyte("CRP", "mg/L", r"(hs-?)?crp|c-?reactive protein|c反应蛋白", {"mg/l": 1.0, "mg/dl": 10.0, "ug/ml": 1.0}),
    _analyte("ferritin", "µg/L", r"ferritin|铁蛋白", {"ug/l": 1.0, "ng/ml": 1.0}),
    _analyte("fibrinogen", "g/L", r"fibrinogen|fib|纤维蛋白原", {"g/l": 1.0, "mg/dl": 0.01, "mg/l": 1e-3}),
    _analyte("creatinine", "µmol/L", r"creatinine|crea|kreatinin|肌酐", {"umol/l": 1.0, "mg/dl": CREATININE}),
)  # fmt: skip


def analyte_of(test: str) -> Analyte | None:
    """The analyte that a test's name means; None where it is none of them."""
    return next((analyte for analyte in ANALYTES if analyte.names.fullmatch(test.strip())), None)


def lab_values(cohort: Cohort) -> pd.DataFrame:
    """Every row of Labs: patient, infusion, day, visit, analyte, amount, below, limit, lower, upper, marked, problem.

    `analyte` is None for other tests; amounts and limits are in the analyte's unit, NaN with a `problem` where the unit is not known;
    `marked`: the workbook calls the value the baseline.
    """
    rows = cohort.labs
    analyte = rows["test"].map({test: analyte_of(str(test)) for test in rows["test"].dropna().unique()})
    names = analyte.map(lambda one: one.name if isinstance(one, Analyte) else None)
    factor = _factors(names, rows["unit"])
    unknown = names.notna() & factor.isna()
    words = "unit " + rows["unit"].fillna("not stated").astype(str)
    table = pd.DataFrame({
        "patient": rows["patient_id"], "infusion": rows["infusion"], "day": rows["day"], "visit": rows["visit"], "analyte": names,
        "amount": np.round(rows["value"].mask(rows["below"].astype(bool)) * factor, 9), "below": rows["below"].astype(bool),
        "limit": np.round(rows["limit"] * factor, 9), "lower": np.round(rows["lower_limit"] * factor, 9),
        "upper": np.round(rows["upper_limit"] * factor, 9), "marked": rows["baseline"] == "yes",
        "problem": np.where(unknown, words, ""),
    })  # fmt: skip
    return table.reset_index(drop=True)


def _factors(analyte: pd.Series, unit: pd.Series) -> pd.Series:
    """What each value is multiplied by; NaN where that is not known."""
    units = {one.name: one.units for one in ANALYTES}
    pairs = pd.DataFrame({"analyte": analyte, "unit": unit.fillna("")})
    distinct = pairs.dropna(subset=["analyte"]).drop_duplicates()
    known = {
        (name, written): units[name].get(_plain(str(written)), float("nan"))
        for name, written in distinct.itertuples(index=False)
    }
    keys = pd.MultiIndex.from_frame(pairs)
    found = pd.Series(known, dtype="float64").reindex(keys) if known else pd.Series(float("nan"), index=keys)
    return pd.Series(found.to_numpy(float), index=analyte.index)


def _plain(unit: str) -> str:
    written = unit.casefold().replace("µ", "u").replace("μ", "u")
    return re.sub(r"[\s×]|^x(?=10)", "", written)
