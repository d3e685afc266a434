"""One series of an assay: one measure of one experiment, in one unit. What is computed (killing, fold change) is one,
too.

What is computed from wells: killing in percent from optical densities, and the fold change of a mean fluorescence
intensity.

Killing: (OD sample - OD control) / (OD maximum - OD control) x 100, well by well. OD control and OD maximum are the
means of their wells in the same experiment, donor and time (of all times, where there are none at that one). Source:
LDH-release assay, as in Yan et al. 2024 (methods); Decker & Lohmann-Matthes 1988. Fold change: each well over the mean
of the control wells of its time, line and donor. All wells of one time and donor are divided by the same number:
differences between doses and their p-values stay what they were, but the spread of the control is not carried into that
of the doses.

The wells of a workbook's sheet Assays, and how those of one measure are compared.

One row a measurement that has a value, with what it was taken from. A well is a technical replicate. What repeats an
experiment is a donor, or a run of it: a further column of the sheet, by one of the names in BIOLOGICAL. Doses of one or
more agents are compared with dose 0, or conditions with a control: where a concentration above 0 is named, groups are
doses and each condition that has such doses is a line of its own; wells of dose 0 that belong to no such condition are
the control of every line. Otherwise the conditions are the groups.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.cohort.printed import slug_of, unused

BIOLOGICAL: Final = ("donor", "biological replicate", "patient", "run", "experiment run")
WORDS: Final = ("experiment", "measure", "condition", "concentration_unit", "time_unit", "unit")
UNIT_OF_RATIO: Final = "fold"
CONTROL: Final = re.compile(r"(control|ctrl|untreated|none|no drug|vehicle|dmso|medium|mock)\b", re.IGNORECASE)
EVERYTHING: Final = "all wells"


@dataclass(frozen=True)
class Design:
    """`lines` are agents ("" where none is named), `groups` the doses or conditions in order, one of them the control.

    `unit` is that of the concentrations, "" where groups are conditions or name their units themselves.
    """

    lines: tuple[str, ...]
    groups: tuple[str, ...]
    control: str | None
    dosed: bool
    unit: str = ""

    def label(self, group: str) -> str:
        """A group within a sentence: 2.5 µg/mL."""
        return f"{group} {self.unit}".strip()


def wells(cohort: Cohort) -> pd.DataFrame:
    """Every measurement with a value: the words of the schema ("" where empty), concentration, time, replicate, donor,
    value.

    `measured` is the value as it stands in the sheet; what is computed later keeps it. A unit of time or concentration
    that an experiment names only in some rows holds for all of them. Assays speak of no patient: no selection touches
    them.
    """
    rows = cohort.assays
    rows = rows[rows["value"].notna()].reset_index(drop=True)
    words = {name: rows[name].fillna("").astype(str).str.strip() for name in WORDS}
    table = rows[["concentration", "time", "replicate", "value"]].assign(
        **words, donor=_donor(rows), measured=rows["value"], original=range(len(rows))
    )
    for unit in ("time_unit", "concentration_unit"):
        table[unit] = table.groupby("experiment", sort=False)[unit].transform(_only_one)
    return table


def n_without_value(cohort: Cohort) -> int:
    """How many rows of the sheet have no value."""
    return int(cohort.assays["value"].isna().sum())


def _donor(rows: pd.DataFrame) -> pd.Series:
    named = {re.sub(r"[^a-z]+", " ", str(name).casefold()).strip(): name for name in rows.columns}
    found = next((named[name] for name in BIOLOGICAL if name in named), None)
    return rows[found].fillna("").astype(str) if found is not None else pd.Series("", index=rows.index, dtype="object")


def _only_one(units: pd.Series) -> pd.Series:
    """The one unit of an experiment, also where it was left out."""
    given = [unit for unit in units.unique() if unit]
    return units.mask(units == "", given[0]) if len(given) == 1 else units


def designed(rows: pd.DataFrame) -> tuple[Design, pd.DataFrame]:
    """The design of one measure's wells, and these with `line` and `group`; a shared control stands once in every line.

    Wells without a concentration that are no control have no place among doses: they are not in the rows given back.
    """
    return _by_dose(rows) if (rows["concentration"] > 0).any() else _by_condition(rows)


def _by_dose(rows: pd.DataFrame) -> tuple[Design, pd.DataFrame]:
    is_control = rows["condition"].str.match(CONTROL)
    dose = rows["concentration"].mask(rows["concentration"].isna() & is_control, 0.0)
    rows = rows.assign(dose=dose)[dose.notna()]
    lines = tuple(rows.loc[rows["dose"] > 0, "condition"].unique())
    shared = (rows["dose"] <= 0) & ~rows["condition"].isin(lines)
    parts = [rows[~shared].assign(line=lambda own: own["condition"])]
    parts += [rows[shared].assign(line=line) for line in lines]
    placed = pd.concat(parts, ignore_index=True)
    units = [unit for unit in placed.loc[placed["dose"] > 0, "concentration_unit"].unique() if unit]
    named = placed["concentration_unit"].where((placed["dose"] > 0) & (len(units) > 1), "")
    places = list(zip(named, placed["dose"], strict=True))
    names = {(unit, dose): f"{dose:g} {unit}".strip() for unit, dose in sorted(set(places))}
    control = next((name for (_, dose), name in names.items() if dose == 0), None)
    design = Design(lines, tuple(names.values()), control, True, units[0] if len(units) == 1 else "")
    return design, placed.assign(group=[names[place] for place in places]).drop(columns="dose")


def _by_condition(rows: pd.DataFrame) -> tuple[Design, pd.DataFrame]:
    group = rows["condition"].mask(rows["condition"] == "", EVERYTHING)
    groups = tuple(group.unique())
    control = next((name for name in groups if CONTROL.match(name)), None)
    ordered = tuple(sorted(groups, key=lambda name: name != control))
    return Design(("",), ordered, control, False), rows.assign(line="", group=group)


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


@dataclass(frozen=True)
class AssaySeries:
    """What was measured, and in which design; `wells` has line, group, time, replicate, donor, measured, value,
    original.

    `times` are in `time_unit`, () where no time is stated; `reported` says how values were computed; `left_out` who has
    no place.
    """

    experiment: str
    measure: str
    unit: str
    time_unit: str
    slug: str
    design: Design
    times: tuple[float, ...]
    wells: pd.DataFrame
    reported: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The measure with its unit."""
        return f"{self.measure}, {self.unit}" if self.unit else self.measure

    @property
    def n_donors(self) -> int:
        """How many donors (or runs) repeat it; 0 where the sheet names none."""
        return int(self.wells.loc[self.wells["donor"] != "", "donor"].nunique())

    def when(self, time: float | None) -> str:
        """A time in words: 4 days; "" where none is stated."""
        if time is None:
            return ""
        return f"{time:g} {self.time_unit.removesuffix('s') if time == 1 else self.time_unit}".strip()


def assay_series(cohort: Cohort) -> tuple[AssaySeries, ...]:
    """Every series of the opened cohort in the order of the sheet."""
    rows, reported = with_killing(wells(cohort))
    without = n_without_value(cohort)
    found = [
        _described(group, reported.get(str(keys[0]), ""), without)
        for keys, group in rows.groupby(["experiment", "measure", "unit", "time_unit"], sort=False)
    ]
    return tuple(replace(each, slug=slug) for each, slug in zip(found, _slugs(found), strict=True))


def _described(rows: pd.DataFrame, killing: str, without_value: int) -> AssaySeries:
    experiment, measure, unit, time_unit = (
        str(rows[name].iloc[0]) for name in ("experiment", "measure", "unit", "time_unit")
    )
    timed = rows[rows["time"].notna()] if rows["time"].notna().any() else rows
    design, placed = designed(timed)
    of_optical_density = killing if measure.startswith("Killing") or killing.startswith("Killing was not") else ""
    reported = [of_optical_density] if of_optical_density else []
    if is_intensity(measure, unit):
        changed = fold_change(placed, design)
        if changed is None:
            reported.append("No fold change: some wells have no control at the same time.")
        else:
            reported.append(REPORTED.format(" and donor" if (placed["donor"] != "").any() else ""))
            placed, unit = changed, "fold change"
    names = ["line", "group", "time", "replicate", "donor", "measured", "value", "original"]
    times = tuple(sorted(float(time) for time in placed["time"].dropna().unique()))
    missing = (
        (len(rows) - len(timed), "wells without a time"),
        (len(timed) - placed["original"].nunique(), "wells without a concentration"),
        (without_value, "rows of the sheet without a value"),
    )
    left_out = [f"{n} {what}" for n, what in missing if n]
    table = placed[names].reset_index(drop=True)
    return AssaySeries(experiment, measure, unit, time_unit, "", design, times, table, tuple(reported), tuple(left_out))


def _slugs(series: list[AssaySeries]) -> Iterator[str]:
    """A name for each: experiment and measure; a number where two are alike."""
    given: set[str] = set()
    for each in series:
        experiment, measure = slug_of(each.experiment, "assay"), slug_of(each.measure, "assay")
        yield unused(measure if measure.startswith(experiment) else f"{experiment}_{measure}", given)


def _computed(analysis: Analysis) -> dict[str, AssaySeries]:
    return {each.slug: each for each in assay_series(analysis.opened)}


def series_by_slug(analysis: Analysis) -> dict[str, AssaySeries]:
    """The series of the opened cohort in the order of the sheet."""
    return analysis.result(_computed)


def slugs(analysis: Analysis) -> tuple[str, ...]:
    """One variant a series."""
    return tuple(series_by_slug(analysis))
