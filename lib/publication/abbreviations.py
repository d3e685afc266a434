"""The field's abbreviations, spelled out below a table that uses them."""

import re
from typing import Final

CONTEXT: Final = {"HR": "hazard", "SD": "mean"}  # what must stand beside one that means something else elsewhere
ABBREVIATIONS: Final = {
    "ALT": "alanine aminotransferase",
    "ANC": "absolute neutrophil count",
    "ASCT": "autologous stem-cell transplantation",
    "AST": "aspartate aminotransferase",
    "ASTCT": "American Society for Transplantation and Cellular Therapy",
    "AUC": "area under the curve",
    "BCMA": "B-cell maturation antigen",
    "BH": "Benjamini-Hochberg",
    "CAR": "chimeric antigen receptor",
    "CI": "confidence interval",
    "Cmax": "highest value",
    "CR": "complete response",
    "CRP": "C-reactive protein",
    "CRS": "cytokine release syndrome",
    "CTCAE": "Common Terminology Criteria for Adverse Events",
    "ddPCR": "droplet digital polymerase chain reaction",
    "DOR": "duration of response",
    "ECOG": "Eastern Cooperative Oncology Group performance status",
    "EFS": "event-free survival",
    "EMD": "extramedullary disease",
    "FLC": "free light chain",
    "G-CSF": "granulocyte colony-stimulating factor",
    "gCV": "geometric coefficient of variation",
    "Hb": "haemoglobin",
    "HR": "hazard ratio",
    "ICAHT": "immune effector cell-associated haematotoxicity",
    "ICANS": "immune effector cell-associated neurotoxicity syndrome",
    "IMiD": "immunomodulatory drug",
    "IMWG": "International Myeloma Working Group",
    "IQR": "interquartile range",
    "ISS": "International Staging System",
    "KPS": "Karnofsky performance status",
    "LD": "lymphodepletion",
    "LDH": "lactate dehydrogenase",
    "LLOQ": "lower limit of quantification",
    "MR": "minimal response",
    "MRD": "measurable residual disease",
    "NC": "not calculated",
    "NE": "not estimable",
    "NG": "not gradable",
    "ORR": "overall response rate",
    "OS": "overall survival",
    "PD": "progressive disease",
    "PFS": "progression-free survival",
    "PR": "partial response",
    "qPCR": "quantitative polymerase chain reaction",
    "R-ISS": "Revised International Staging System",
    "RMST": "restricted mean survival time",
    "sCR": "stringent complete response",
    "SD": "standard deviation",
    "SMD": "standardised mean difference",
    "Tbql": "first day below the limit of quantification",
    "Tlast": "last quantifiable day",
    "Tmax": "day of the highest value",
    "TTP": "time to progression",
    "ULN": "upper limit of normal",
    "VGPR": "very good partial response",
}
WORD: Final = re.compile(rf"(?<![\w-])(?:AUC(?=\d)|(?:{'|'.join(sorted(ABBREVIATIONS, key=len, reverse=True))})(?!\w))")


def spelled_out(text: str) -> str:
    """ "CI, confidence interval; CR, complete response." of those that stand in the text and are not explained there;
    "" for none."""
    found = sorted({match[0] for match in WORD.finditer(text)}, key=str.casefold)
    reported = [each for each in found if CONTEXT.get(each, "") in text.casefold() and not _is_explained(each, text)]
    return "; ".join(f"{each}, {ABBREVIATIONS[each]}" for each in reported) + "." * bool(reported)


def _is_explained(abbreviation: str, text: str) -> bool:
    meaning = ABBREVIATIONS[abbreviation]
    return (
        f"{abbreviation}: {meaning}" in text
        or f"{abbreviation}, {meaning}" in text
        or f"{meaning} ({abbreviation})" in text
    )
