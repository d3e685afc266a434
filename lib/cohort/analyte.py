"""Laboratory tests by the name of what they measure, in its own unit: "ANC", "NEUT#" and "Neutrophile" are neutrophils
in 10^9/L.

Shares of leukocytes ("neutrophils %") are no counts. Amounts become masses by the molar mass: haemoglobin per iron atom
(monomer, 16 114 g/mol: 1 mmol/L = 1.6114 g/dL), bilirubin 584.66, creatinine 113.12, fibrinogen 340 000 g/mol.

Units of laboratory values: which spellings mean the same, and how much of what one of a unit is.

Everything is reported per litre: cells, grams, moles, units of enzyme activity. Source: Unified Code for Units of
Measure (UCUM); SI prefixes; 1 kat = 60 000 000 U."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

PER_LITRE: Final = {
    "l": 1.0,
    "dl": 10.0,
    "ml": 1e3,
    "ul": 1e6,
    "mm3": 1e6,
    "mm^3": 1e6,
    "cumm": 1e6,
    "mcl": 1e6,
    "nl": 1e9,
    "pl": 1e12,
}
GRAMS: Final = {"g": 1.0, "gm": 1.0, "mg": 1e-3, "ug": 1e-6, "mcg": 1e-6, "ng": 1e-9, "pg": 1e-12}
MOLES: Final = {"mol": 1.0, "mmol": 1e-3, "umol": 1e-6, "nmol": 1e-9, "pmol": 1e-12}
ACTIVITY: Final = {
    "u": 1.0,
    "iu": 1.0,
    "ui": 1.0,
    "e": 1.0,
    "ie": 1.0,
    "mu": 1e-3,
    "miu": 1e-3,
    "ku": 1e3,
    "ukat": 60.0,
    "nkat": 0.06,
}
COUNTS: Final = {
    "": 1.0,
    "/": 1.0,
    "cells": 1.0,
    "g": 1e9,
    "gpt": 1e9,
    "k": 1e3,
    "t": 1e12,
    "tpt": 1e12,
    "thou": 1e3,
    "thousand": 1e3,
    "1000": 1e3,
    "mio": 1e6,
    "tsd": 1e3,
    "tsd.": 1e3,
    "giga": 1e9,
    "mrd": 1e9,
    "mrd.": 1e9,
}
POWER: Final = re.compile(r"(?:x|×|\*)?10(?:\^|\*\*|\*|e)?(?P<power>3|6|9|12)")
PER_IN_WORDS: Final = re.compile(r"\s+(?:per|pro|par|por)\s+|[\s·.*]+(?=[a-zµμ]+\^?[-−⁻][1¹]$)", re.I)  # pg·mL-1
WRITTEN_OTHERWISE: Final = str.maketrans(
    {"µ": "u", "μ": "u", "³": "3", "⁶": "6", "⁹": "9", "¹": "1", "²": "2", " ": None}
)
Kind = Literal["count", "mass", "activity"]
NO_UNIT: Final = "no unit is given"
SHARE_OF_CELLS: Final = "a share of leukocytes, not a count"
FOREIGN_UNIT: Final = "the unit is not known for this test"


def parsed(unit: str) -> tuple[str, float] | None:
    """What is measured ("count", "mass", "amount", "activity") and how much per litre one of this unit is; None if not
    known.

    A unit that can be read in two ways is read as written: "G/L" are cells, "g/l" is a mass (see `per_litre`).
    """
    written = PER_IN_WORDS.sub("/", unit.strip()).translate(WRITTEN_OTHERWISE)
    above, per = _parts(written)
    if per is None:
        return None
    if (cells := _cells(above)) and not (above == "g" and not re.fullmatch(r"G/[Ll]", written)):
        return "count", cells * per
    for kind, sizes in (("mass", GRAMS), ("amount", MOLES), ("activity", ACTIVITY)):
        if above in sizes:
            return kind, sizes[above] * per
    return None


def per_litre(unit: str, kind: str) -> float | None:
    """How much per litre one of this unit is where it is known what is measured: "g/l" of cells are 10^9/L."""
    if kind == "count" and unit.strip().casefold() == "g/l":
        return COUNTS["g"]
    if kind == "mass" and unit.strip() in ("G/L", "G/l"):
        return GRAMS["g"]
    found = parsed(unit)
    return found[1] if found and found[0] == kind else None


def _parts(written: str) -> tuple[str, float | None]:
    above, _, below = written.casefold().rpartition("/")
    return above, PER_LITRE.get(re.sub(r"\^?[-−⁻]1$", "", below))


def _cells(above: str) -> float | None:
    power = POWER.fullmatch(above.removesuffix("cells"))
    return 10.0 ** int(power["power"]) if power else COUNTS.get(above)


@dataclass(frozen=True)
class Analyte:
    """`name` as a reader knows it, `unit` the one that its values are turned into, `written` all its names, in plain
    letters."""

    name: str
    unit: str
    kind: Kind
    written: re.Pattern[str]
    grams_per_mole: float | None = None


def _analyte(name: str, unit: str, kind: Kind, written: str, grams_per_mole: float | None = None) -> Analyte:
    return Analyte(name, unit, kind, re.compile(written), grams_per_mole)


CELLS: Final = "10^9/L"


ANALYTES: Final = (
    _analyte(
        "neutrophils",
        CELLS,
        "count",
        r"anc|neu|neuts?#?|neutros?|neutrophil(e|s|en)?( granulozyten| granulocytes)?|neutrophil granulocytes|中性粒细胞#?",  # noqa: E501
    ),
    _analyte("lymphocytes", CELLS, "count", r"alc|lyms?#?|lymph#?|lympho|lymphs|lymphocytes?|lymphozyten|淋巴细胞#?"),
    _analyte("haemoglobin", "g/L", "mass", r"hb|hgb|ha?emoglobine?|hamoglobin|血红蛋白", 16_114.0),
    _analyte("platelets", CELLS, "count", r"plts?|plat|platelets?|thrombo|thrombocytes?|thrombozyten|血小板"),
    _analyte(
        "leukocytes", CELLS, "count", r"wbcs?|wcc|leu[ck]os?|leu[ck]ocytes?|leukozyten|white( blood)? cells?|白细胞"
    ),
    _analyte(
        "ALT",
        "U/L",
        "activity",
        r"alt|s?gpt|alat|(alt|alat) s?gpt|s?gpt (alt|alat)|alanine? (amino ?)?transferase|alanine? aminotransferase"
        r" alt|谷丙转氨酶|丙氨酸氨基转移酶",
    ),
    _analyte(
        "AST",
        "U/L",
        "activity",
        r"ast|s?got|asat|(ast|asat) s?got|s?got (ast|asat)|aspartate (amino ?)?transferase|aspartate aminotransferase"
        r" ast|谷草转氨酶|天冬氨酸氨基转移酶",
    ),
    _analyte(
        "alkaline phosphatase",
        "U/L",
        "activity",
        r"alp|alk ?phos|alkp|ap|alkaline phosphatase( alp)?|alkalische phosphatase|phosphatase alcaline|fosfatasa"
        r" alcalina|碱性磷酸酶",
    ),
    _analyte("bilirubin", "µmol/L", "mass", r"t ?bil(i)?|bili|bilirubin|gesamt ?bilirubin|总?胆红素", 584.66),
    _analyte("CRP", "mg/L", "mass", r"(hs ?)?crp|c ?reactive protein( crp)?|c ?reaktives protein|[超高]?敏?c反应蛋白"),
    _analyte("ferritin", "µg/L", "mass", r"fer|ferr|ferritine?|铁蛋白"),
    _analyte("fibrinogen", "g/L", "mass", r"fib|fbg|fibrinogen|纤维蛋白原", 340_000.0),
    _analyte("creatinine", "µmol/L", "mass", r"crea|creat|creatinine|kreatinin|cr|肌酐", 113.12),
)


SHARE: Final = re.compile(r"%|\b(percent(age)?|prozent|relative?|rel|diff(erential)?)\b|百分比|百分率|百分数|比率|比例")


BESIDE: Final = re.compile(
    r"\b(abs(olute?r?|olut)?|counts?|zahl|total|gesamt|(in )?(blood|serum|plasma|blut)|venous|level|conc(entration)?)\b"
    r"|绝对值|绝对计数|计数|数$|血清|浓度"
)


@cache
def analyte_of(test: str) -> tuple[Analyte | None, bool]:
    """What a test measures, None if it is none of these, and whether it is named as a share of leukocytes."""
    plain = _plain(test)
    share = bool(SHARE.search(plain))
    words = " ".join(re.sub(r"[^\w#]+", " ", SHARE.sub(" ", plain)).replace("_", " ").split())
    kept = " ".join(BESIDE.sub(" ", words).split())
    found = next((one for one in ANALYTES if one.written.fullmatch(words) or one.written.fullmatch(kept)), None)
    return found, share and found is not None and found.kind == "count"


@cache
def factor_of(test: str, unit: str) -> tuple[float | None, str]:
    """What a value of this test in this unit is multiplied with to stand in the unit of its analyte; None with the
    reason."""
    analyte, share = analyte_of(test)
    if analyte is None:
        return None, FOREIGN_UNIT
    if share or (unit.strip() == "%" and analyte.kind == "count"):
        return None, SHARE_OF_CELLS
    written = unit.strip() or _unit_in_name(test)
    if not written:
        return None, NO_UNIT
    amount = _amount(analyte, written)
    return (None, FOREIGN_UNIT) if amount is None else (float(f"{amount / _amount_of_own(analyte):.12g}"), "")


def _amount_of_own(analyte: Analyte) -> float:
    return _amount(analyte, analyte.unit) or 1.0


def _amount(analyte: Analyte, unit: str) -> float | None:
    """Cells, grams or units of activity per litre."""
    if (known := per_litre(unit, analyte.kind)) is not None:
        return known
    moles = per_litre(unit, "amount")
    return None if moles is None or analyte.grams_per_mole is None else moles * analyte.grams_per_mole


def _plain(test: str) -> str:
    """Lower case without accents, and without a unit in brackets."""
    bare = re.sub(r"[(\[]([^)\]]*)[)\]]", lambda found: " " if parsed(found[1]) else f" {found[1]} ", test)
    letters = unicodedata.normalize("NFKD", bare.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _unit_in_name(test: str) -> str:
    return next((unit for unit in re.findall(r"[(\[]([^)\]]*)[)\]]", test) if parsed(unit)), "")
