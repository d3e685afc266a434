"""What is said of CAR-HEMATOTOX: its items and boundaries, which values were taken, what is missing."""

from typing import Final

from lib.derived.hematotox import ITEMS
from lib.labs.hematotox.result import LONGEST_BEFORE, HematotoxResult
from lib.publication.number import plural

SHORT: Final = {
    "platelets": "Platelets",
    "neutrophils": "ANC",
    "haemoglobin": "Hb",
    "CRP": "CRP",
    "ferritin": "Ferritin",
}
ITEMS_RULE: Final = (
    "Points: platelets > 175 × 10⁹/L 0, 75–175 1, < 75 2; ANC ≥ 1.2 × 10⁹/L 0, lower 1; haemoglobin ≥ 90 g/L 0, lower 1; CRP < 30 mg/L "
    "(3 mg/dL) 0, from 30 on 1; ferritin < 650 µg/L (ng/mL) 0, 650–2000 1, > 2000 2. Sum 0–7: 0–1 low, 2 or more high risk."
)
BOUNDARIES: Final = "The paper does not say how values exactly at a boundary of ANC (1.2), haemoglobin (90) and CRP (30) score: here 0, 0 and 1."
RANGE: Final = (
    "An item without a value (or with one below a limit of detection that leaves its points open) makes the score a range; the risk is "
    "given where the whole range lies in one category."
)


def title(result: HematotoxResult) -> str:
    return "CAR-HEMATOTOX" + (f" by {result.grouping.label}" if result.grouping.compares else "")


def caption(result: HematotoxResult) -> str:
    """Definition, values taken, n."""
    infusion = f" before infusion {result.infusion}" if result.infusion > 1 else ""
    return (
        f"CAR-HEMATOTOX score{infusion} (Rejeski 2021, Blood 138:2499) of {plural(len(result.patients), 'patient')}, from the last value of each item on or before "
        f"the first day of lymphodepletion, at most {LONGEST_BEFORE:g} days before it (where that day is not stated, day {minus(result.assumed)} is taken for it). "
        f"{ITEMS_RULE}"
    )


def minus(day: float) -> str:
    """A day with a true minus sign."""
    return f"{day:g}".replace("-", "−")


def notes(result: HematotoxResult) -> tuple[str, ...]:
    said = [BOUNDARIES, RANGE]
    absent = {
        SHORT[item.analyte]: sum(item.analyte in each.score.missing for each in result.patients) for item in ITEMS
    }
    if any(absent.values()):
        said.append(
            "Missing: " + ", ".join(f"{name} in {plural(n, 'patient')}" for name, n in absent.items() if n) + "."
        )
    undated = sum(each.lymphodepletion is None for each in result.patients)
    if undated:
        said.append(
            f"Start of lymphodepletion not stated in Therapies for {plural(undated, 'patient')}: day {minus(result.assumed)} is taken for it, later values are not used."
        )
    if result.n_ungrouped:
        said.append(f"{plural(result.n_ungrouped, 'patient')} without {result.grouping.label}: left out.")
    said += [f"{test}: {plural(n, 'value')} not used: {reason}." for test, reason, n in result.unusable]
    return tuple(said)
