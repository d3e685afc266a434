"""What is said of ICAHT and T-ICAHT: the rule in full, that it is experimental, who is not gradable, whose days were cut short."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from lib.derived.icaht import LAST_EARLY_DAY
from lib.labs.icaht.result import NEUTROPHILS, PLATELETS, IcahtResult
from lib.publication.number import plural


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
    "Experimental: the table of the consensus paper (EHA/EBMT, Rejeski 2023, Blood 142:865) was not read itself; the bounds are as others compute "
    "them by it (Liang, automatedicahtgrading), days as the later paper on T-ICAHT describes them. Check it before you publish these grades."
)
T_EXPERIMENTAL: Final = (
    "Experimental: bounds and days as in the published table (T-ICAHT, Blood Advances 2025); public code for it counts otherwise (≤ for <, stretches "
    "joined over 6 days), and transfusions are not looked at. Check it before you publish these grades."
)
DAILY: Final = (
    "Each day has its lowest value; without one, the last value before it (from day −7 on), before the first one the first (last observation "
    "carried forward). Days of a recovery that lasted fewer than 3 days between low days count with them. Not gradable: 7 days or more without "
    "a value from day 0 to 30, or values on fewer than 2 days after it."
)
KINDS: Final = {
    NEUTROPHILS: Kind(
        "ICAHT", "labs.icaht", "haematotoxicity (ICAHT){infusion}, experimental grades computed from neutrophil counts (ANC)", "≤ 500/µL", "≤ 100/µL",
        ("days_at_most_500", "days_at_most_100", "longest_at_most_500", "second_lowest_late"), "Late (after day 30)", EXPERIMENTAL,
        "Early, day 0 to 30, by cumulative days: ANC ≤ 500/µL on 1–6 days grade 1, on 7–13 grade 2, on 14 or more grade 3, never above 500 "
        "grade 4; ANC ≤ 100/µL on 7–13 days grade 3, on 14 or more grade 4; no such day grade 0.",
        "Late, after day 30, reached on at least 2 days: ANC ≤ 1500/µL grade 1, ≤ 1000 grade 2, ≤ 500 grade 3, ≤ 100 grade 4; else grade 0.",
        "Others count the longest stretch of low days alone and interpolate in a line (Liang, automatedicahtgrading), and grade late by the lowest "
        "value: the longest stretch stands in the table of patients.",
    ),
    PLATELETS: Kind(
        "T-ICAHT", "labs.t_icaht", "thrombocytopenia (T-ICAHT){infusion}, experimental grades computed from platelet counts", "< 50 × 10⁹/L", "< 20 × 10⁹/L",
        ("days_below_50", "days_below_20", "longest_below_50", "second_lowest_late"), "Late (day 31–100)", T_EXPERIMENTAL,
        "Early, day 0 to 30, by cumulative days: platelets < 50 × 10⁹/L on 1–6 days grade 1, on 7 or more grade 2; < 20 on 1–13 days grade 3, on "
        "14 or more grade 4; no such day grade 0.",
        "Late, day 31 to 100, on at least 2 days with a value: < 100 grade 1, < 50 grade 2, < 20 grade 3, and on 14 days or more grade 4; else "
        "grade 0.",
        "Public code for T-ICAHT counts the longest stretch, joined over up to 6 days: the longest stretch stands in the table of patients.",
    ),
}  # fmt: skip
ENDS: Final = (
    "Values count until death, progression, the next therapy or infusion. Cut short, the early grade is that of the days until then{died}; without "
    "7 days it is not gradable."
)
DIED: Final = "; never above 500 until death is grade 4"
ARM_BIAS: Final = "The groups were formed after infusion: this comparison is biased by design."


def kind_of(result: IcahtResult) -> Kind:
    """ICAHT or T-ICAHT, by what was graded."""
    return KINDS[result.analyte]


def title(result: IcahtResult) -> str:
    by = f" by {result.grouping.label}" if result.grouping.compares else ""
    return f"Early and late {kind_of(result).name}{by} (experimental)"


def caption(result: IcahtResult) -> str:
    infusion = f" after infusion {result.infusion}" if result.infusion > 1 else ""
    kind = kind_of(result)
    return (
        f"Immune effector cell-associated {kind.what.format(infusion=infusion)} of {plural(len(result.patients), 'patient')}; n (% of all patients "
        f"of the group, also those not gradable). {kind.early_rule} {kind.late_rule}"
    )


def notes(result: IcahtResult) -> tuple[str, ...]:
    """The rule's standing and details, then what holds for these patients."""
    kind = kind_of(result)
    ends = ENDS.format(died=DIED if result.analyte == NEUTROPHILS else "")
    return (kind.experimental, DAILY, ends, kind.other_reading, *_of_these(result))


def _of_these(result: IcahtResult) -> list[str]:
    said = []
    cut = [
        each.ended_by for each in result.patients if each.counted_to is not None and each.counted_to < LAST_EARLY_DAY
    ]
    if cut:
        by = ", ".join(f"{name} {n}" for name, n in Counter(cut).items())
        said.append(f"Days counted to before day {LAST_EARLY_DAY} in {plural(len(cut), 'patient')} ({by}).")
    treated = sum(bool(each.g_csf) for each in result.patients)
    if result.analyte == NEUTROPHILS:
        said.append(_g_csf(treated))
    if result.n_ungrouped:
        said.append(f"{plural(result.n_ungrouped, 'patient')} without {result.grouping.label}: left out.")
    said += [f"{test}: {plural(n, 'value')} not used: {reason}." for test, reason, n in result.unusable]
    if result.grouping.known_after_infusion:
        said.append(ARM_BIAS)
    return said


def _g_csf(treated: int) -> str:
    if not treated:
        return "Therapies names no G-CSF: whether it was given is not known."
    return f"G-CSF is named in Therapies for {plural(treated, 'patient')}: it shortens neutropenia, the grade does not take account of it."
