"""What is said of ICAHT and T-ICAHT: the rule in full, that it is experimental, and its standing. The rule itself:
lib/derived/icaht.py."""

from dataclasses import dataclass
from typing import Final

NEUTROPHILS: Final = "neutrophils"
PLATELETS: Final = "platelets"


@dataclass(frozen=True)
class Kind:
    """What differs between ICAHT (neutrophils) and T-ICAHT (platelets): names, thresholds, rule and standing."""

    name: str
    id: str
    what: str
    low: str  # the two thresholds, as a heading
    very_low: str
    columns: tuple[str, str, str, str]  # days low, days very low, longest stretch, second lowest late: names in numbers
    late: str
    experimental: str
    early_rule: str
    late_rule: str
    other_reading: str


EXPERIMENTAL: Final = (
    "Experimental: the table of the consensus paper (EHA/EBMT, Rejeski 2023, Blood 142:865) was not read itself; the"
    " bounds are as others compute them by it (Liang, automatedicahtgrading), days as the later paper on T-ICAHT"
    " describes them. Check it before you publish these grades."
)
T_EXPERIMENTAL: Final = (
    "Experimental: bounds and days as in the published table (T-ICAHT, Blood Advances 2025); public code for it counts"
    " otherwise (≤ for <, stretches joined over 6 days), and transfusions are not looked at. Check it before you"
    " publish these grades."
)
DAILY: Final = (
    "Each day has its lowest value; without one, the last value before it (from day −7 on), before the first one the"
    " first (last observation carried forward). Days of a recovery that lasted fewer than 3 days between low days count"
    " with them. Not gradable: 7 days or more without a value from day 0 to 30, or values on fewer than 2 days"
    " after it."
)
KINDS: Final = {
    NEUTROPHILS: Kind(
        "ICAHT",
        "labs.icaht",
        "haematotoxicity (ICAHT){infusion}, experimental grades computed from neutrophil counts (ANC)",
        "≤ 500/µL",
        "≤ 100/µL",
        ("days_at_most_500", "days_at_most_100", "longest_at_most_500", "second_lowest_late"),
        "Late (after day 30)",
        EXPERIMENTAL,
        "Early, day 0 to 30, by cumulative days: ANC ≤ 500/µL on 1–6 days grade 1, on 7–13 grade 2, on 14 or more grade"
        " 3, never above 500 grade 4; ANC ≤ 100/µL on 7–13 days grade 3, on 14 or more grade 4; no such day grade 0.",
        "Late, after day 30, reached on at least 2 days: ANC ≤ 1500/µL grade 1, ≤ 1000 grade 2, ≤ 500 grade 3, ≤ 100"
        " grade 4; else grade 0.",
        "Others count the longest stretch of low days alone and interpolate in a line (Liang, automatedicahtgrading),"
        " and grade late by the lowest value: the longest stretch stands in the table of patients.",
    ),
    PLATELETS: Kind(
        "T-ICAHT",
        "labs.t_icaht",
        "thrombocytopenia (T-ICAHT){infusion}, experimental grades computed from platelet counts",
        "< 50 × 10⁹/L",
        "< 20 × 10⁹/L",
        ("days_below_50", "days_below_20", "longest_below_50", "second_lowest_late"),
        "Late (day 31–100)",
        T_EXPERIMENTAL,
        "Early, day 0 to 30, by cumulative days: platelets < 50 × 10⁹/L on 1–6 days grade 1, on 7 or more grade 2; < 20"
        " on 1–13 days grade 3, on 14 or more grade 4; no such day grade 0.",
        "Late, day 31 to 100, on at least 2 days with a value: < 100 grade 1, < 50 grade 2, < 20 grade 3, and on 14"
        " days or more grade 4; else grade 0.",
        "Public code for T-ICAHT counts the longest stretch, joined over up to 6 days: the longest stretch stands in"
        " the table of patients.",
    ),
}
ENDS: Final = (
    "Values count until death, progression, the next therapy or infusion. Cut short, the early grade is that of the"
    " days until then{died}; without 7 days it is not gradable."
)
DIED: Final = "; never above 500 until death is grade 4"
