"""What is said of ICAHT: the rule in full, that it is experimental, who is not gradable, whose days were cut short."""

from collections import Counter
from typing import Final

from lib.derived.icaht import LAST_EARLY_DAY
from lib.labs.icaht.result import IcahtResult
from lib.publication.number import plural

EXPERIMENTAL: Final = (
    "Experimental: the rule is as it is cited elsewhere and was not checked against the consensus paper (EHA/EBMT, Rejeski 2023, Blood "
    "142:865). Check it before you publish these grades."
)
EARLY_RULE: Final = (
    "Early, day 0 to 30, by cumulative days: ANC ≤ 500/µL on 1–6 days grade 1, on 7–13 grade 2, on 14 or more grade 3, never above 500 "
    "grade 4; ANC ≤ 100/µL on 7–13 days grade 3, on 14 or more grade 4; no such day grade 0."
)
LATE_RULE: Final = "Late, after day 30, reached on at least 2 days: ANC ≤ 1500/µL grade 1, ≤ 1000 grade 2, ≤ 500 grade 3, ≤ 100 grade 4; else grade 0."
DAILY: Final = (
    "Each day has its lowest value; without one, the last value before it (from day −7 on), before the first one the first (last observation "
    "carried forward). Not gradable: 7 days or more without a value from day 0 to 30, or values on fewer than 2 days after it."
)
OTHER_READING: Final = (
    "Others count the longest stretch of low days (joined over recoveries of under 3 days) and interpolate in a line (Liang, "
    "automatedicahtgrading): the longest stretch stands in the table of patients."
)
ENDS: Final = (
    "Values count until death, progression, the next therapy or infusion. Cut short, the early grade is that of the days until then; never above 500 "
    "until death is grade 4; without 7 days it is not gradable."
)
ARM_BIAS: Final = "The groups were formed after infusion: this comparison is biased by design."


def title(result: IcahtResult) -> str:
    by = f" by {result.grouping.label}" if result.grouping.compares else ""
    return f"Early and late ICAHT{by} (experimental)"


def caption(result: IcahtResult) -> str:
    infusion = f" after infusion {result.infusion}" if result.infusion > 1 else ""
    return (
        f"Immune effector cell-associated haematotoxicity (ICAHT){infusion}, experimental grades computed from neutrophil counts (ANC) of "
        f"{plural(len(result.patients), 'patient')}; n (% of all patients of the group, also those not gradable). {EARLY_RULE} {LATE_RULE}"
    )


def notes(result: IcahtResult) -> tuple[str, ...]:
    """The rule's standing and details, then what holds for these patients."""
    return (EXPERIMENTAL, DAILY, ENDS, OTHER_READING, *_of_these(result))


def _of_these(result: IcahtResult) -> list[str]:
    said = []
    cut = [
        each.ended_by for each in result.patients if each.counted_to is not None and each.counted_to < LAST_EARLY_DAY
    ]
    if cut:
        by = ", ".join(f"{name} {n}" for name, n in Counter(cut).items())
        said.append(f"Days counted to before day {LAST_EARLY_DAY} in {plural(len(cut), 'patient')} ({by}).")
    treated = sum(bool(each.g_csf) for each in result.patients)
    said.append(
        f"G-CSF is named in Therapies for {plural(treated, 'patient')}: it shortens neutropenia, the grade does not take account of it."
        if treated
        else "Therapies names no G-CSF: whether it was given is not known."
    )
    if result.n_ungrouped:
        said.append(f"{plural(result.n_ungrouped, 'patient')} without {result.grouping.label}: left out.")
    said += [f"{test}: {plural(n, 'value')} not used: {reason}." for test, reason, n in result.unusable]
    if result.grouping.known_after_infusion:
        said.append(ARM_BIAS)
    return said
