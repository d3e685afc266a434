"""What is computed from wells: killing in percent from optical densities, and the fold change of a mean fluorescence
intensity.

Killing: (OD sample - OD control) / (OD maximum - OD control) x 100, well by well. OD control and OD maximum are the
means of their wells in the same experiment, donor and time (of all times, where there are none at that one). Source:
LDH-release assay, as in Yan et al. 2024 (methods); Decker & Lohmann-Matthes 1988. Fold change: each well over the mean
of the control wells of its time, line and donor. All wells of one time and donor are divided by the same number:
differences between doses and their p-values stay what they were, but the spread of the control is not carried into that
of the doses.
"""

import re
from typing import Final

import pandas as pd

from lib.assay.wells import UNIT_OF_RATIO, Design

OPTICAL_DENSITY: Final = re.compile(r"\b(od|optical density|absorbance)\b")
ROLES: Final = {
    "maximum": re.compile(r"\b(max\w*|total lysis|full lysis)\b"),
    "control": re.compile(r"\b(control|spontaneous|background|blank|medium)\b"),
    "sample": re.compile(r"\b(samples?|tests?)\b"),
}
MEASURE: Final = "Killing"
FORMULA: Final = "killing % = (OD sample − OD control) / (OD maximum − OD control) × 100, for each well"
INTENSITY: Final = re.compile(r"\b(g?mfi|(mean|median|geometric mean) fluorescence)\b", re.IGNORECASE)
REPORTED: Final = (
    "Fold change: each well divided by the mean of the control wells of the same time{}; the control's mean is 1."
)


def with_killing(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """The wells with the ODs of each experiment replaced by killing in %, and per experiment how, or why it was not
    done."""
    roles = role_of(rows["measure"], rows["condition"])
    parts, said = [rows[roles == ""]], {}
    for experiment, found in rows[roles != ""].groupby("experiment", sort=False):
        computed, said[str(experiment)] = _killing(found.assign(role=roles[found.index]), rows)
        parts.append(computed)
    return pd.concat(parts).sort_values("original", kind="stable", ignore_index=True), said


def role_of(measure: pd.Series, condition: pd.Series) -> pd.Series:
    """sample, control or maximum where the measure is an optical density, by its own words or else by the condition;
    else ""."""

    def one(name: str, under: str) -> str:
        plain, said = (re.sub(r"[^a-z]+", " ", words.casefold()) for words in (name, under))
        if not OPTICAL_DENSITY.search(plain):
            return ""
        for words in (plain, said):
            for role, pattern in ROLES.items():
                if pattern.search(words):
                    return role
        return "sample"

    found = [one(name, under) for name, under in zip(measure, condition, strict=True)]
    return pd.Series(found, index=measure.index, dtype="object")


def _killing(found: pd.DataFrame, rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    missing = [role for role in ROLES if role not in set(found["role"])]
    if missing:
        return found.drop(columns="role"), f"Killing was not computed: no wells of OD {' or OD '.join(missing)}."
    sample = found[found["role"] == "sample"]
    control, maximum = (_mean_of(found[found["role"] == role], sample) for role in ("control", "maximum"))
    if not (maximum > control).all():
        return found.drop(columns="role"), "Killing was not computed: OD maximum is not above OD control."
    taken = set(rows.loc[rows["experiment"] == found["experiment"].iloc[0], "measure"].str.casefold())
    name = MEASURE if MEASURE.casefold() not in taken else f"{MEASURE} (from OD)"
    condition = sample["condition"].mask(sample["condition"].str.casefold().isin(["sample", "samples"]), "")
    computed = sample.assign(
        measure=name, condition=condition, unit="%", value=100 * (sample["value"] - control) / (maximum - control)
    )
    return computed.drop(columns="role"), _told(found, control, maximum)


def _mean_of(reference: pd.DataFrame, sample: pd.DataFrame) -> pd.Series:
    """For each sample well the mean OD of the reference wells of its donor and time, or of all where it has none
    there."""
    keys = ["donor", "time"]
    means = reference.groupby(keys, dropna=False, sort=False)["value"].mean()
    own = pd.MultiIndex.from_frame(sample[keys])
    matched = pd.Series(means.reindex(own).to_numpy(), index=sample.index)
    return matched.fillna(float(reference["value"].mean()))


def _told(found: pd.DataFrame, control: pd.Series, maximum: pd.Series) -> str:
    counts = found["role"].value_counts()

    def mean(values: pd.Series) -> str:
        low, high = float(values.min()), float(values.max())
        return f"{low:.4g}" if high - low < 1e-12 else f"{low:.4g} to {high:.4g}"

    return (
        f"From optical densities: {FORMULA}; OD control {mean(control)} (mean of {counts['control']} wells), OD maximum"
        f" {mean(maximum)} (mean of {counts['maximum']}). SD and tests do not hold the spread of these reference wells."
    )


def is_intensity(measure: str, unit: str) -> bool:
    """Whether this is a fluorescence intensity that is not a fold change already."""
    return bool(INTENSITY.search(measure)) and "fold" not in f"{measure} {unit}".casefold()


def fold_change(rows: pd.DataFrame, design: Design) -> pd.DataFrame | None:
    """The wells (with `line` and `group`) as fold change; None where some have no control to be compared with."""
    if design.control is None:
        return None
    keys = ["line", "time", "donor"]
    control = rows[rows["group"] == design.control].groupby(keys, dropna=False, sort=False)["value"].mean()
    own = control.reindex(pd.MultiIndex.from_frame(rows[keys])).to_numpy()
    if not (own > 0).all():  # NaN where there is none
        return None
    return rows.assign(value=rows["value"] / own, unit=UNIT_OF_RATIO)
