"""The kinetics of one series (one specimen, one assay, one unit; series are never mixed): what every exhibit of them
shares.

Which samples there are, the parameters of every patient and infusion, the options by which samples become values, and
what has to be said of groups formed late, limits of quantification and samples of one day.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping, group_of
from lib.cohort.kinetic_series import SeriesKey, samples, series_keys
from lib.cohort.model import Cohort, kept
from lib.cohort.printed import raised
from lib.derived.sampling import GEOMETRIC_MEAN, RULES, merged, near_days, nominal_days
from lib.kinetics.noncompartmental import BASE_DAY, Series, parameters
from lib.kinetics.parameter_table import KineticParameters, ParameterTable, Places, Subjects
from lib.publication.number import capital, plural, short
from lib.publication.options import Sized, choice, flag, number
from lib.publication.palette import group_colours

MONTH_1_DAY: Final = 28.0
SAMPLE_COLUMNS: Final = ["patient", "group", "infusion", "day", "value", "below", "lloq"]  # of the data behind a figure


def has_replicates(analysis: Analysis, _key: SeriesKey | None = None) -> bool:
    """Whether a patient has several samples of one series on a day."""
    return _has_replicates(analysis.opened)


@kept
def _has_replicates(cohort: Cohort) -> bool:
    sample = ["patient_id", "infusion", "specimen", "assay", "unit", "day"]
    rows = cohort.kinetics
    rows = rows[rows["day"].notna() & (rows["value"].notna() | rows["below"].astype(bool))]
    return bool(rows.duplicated(sample).any())


@dataclass(frozen=True)
class KineticsOptions(Sized):
    """How samples become values."""

    base_day: float = number(
        BASE_DAY,
        "Fold expansion over day",
        0,
        28,
        help="The day whose value the peak is divided by; below the limit there, the fold is at least peak / limit.",
    )
    replicates: str = choice(
        RULES[0],
        RULES,
        "Several samples on a day",
        when=has_replicates,
        help="They count as one: by their geometric mean, or by the highest or lowest of them.",
    )


@dataclass(frozen=True)
class ProfileOptions(KineticsOptions):
    """How profiles are drawn."""

    spread_early_days: bool = flag(True, "Stretch first weeks")


@dataclass(frozen=True)
class KineticsResult:
    """`table` holds the samples after the chosen infusion with the group of each; `of_each` the parameters of every
    patient and infusion.

    `days` are the nominal days of these samples; `rule` says how several samples of a day count as one.
    """

    key: SeriesKey
    grouping: Grouping
    infusion: int
    table: pd.DataFrame
    days: tuple[float, ...]
    of_each: ParameterTable
    n: int
    n_selected: int
    base_day: float = BASE_DAY
    rule: str = GEOMETRIC_MEAN

    @property
    def parameters(self) -> tuple[KineticParameters, ...]:
        """The parameters of every patient and infusion, one by one."""
        return tuple(self.of_each)

    @cached_property
    def of_infusion(self) -> ParameterTable:
        """The parameters after the chosen infusion, of patients who are in a group."""
        every = self.of_each
        return every.where((every["infusion"] == self.infusion) & (every["slot"] >= 0))

    @cached_property
    def near(self) -> pd.DataFrame:
        """Each patient's sample nearest to every one of `days`."""
        return near_days(self.table, self.days)

    @property
    def n_replicated(self) -> tuple[int, int]:
        """How many days of how many patients have several samples."""
        several = self.table[self.table["replicates"] > 1]
        return len(several), int(several["patient"].nunique())

    @property
    def lloqs(self) -> tuple[float, ...]:
        """The limits of quantification of the samples shown."""
        return tuple(sorted(self.table["lloq"].dropna().unique()))

    @property
    def month_1(self) -> float:
        """The nominal day nearest to month 1, at which groups are compared unless another is chosen."""
        return min(self.days, key=lambda day: abs(day - MONTH_1_DAY), default=MONTH_1_DAY)

    @property
    def colours(self) -> tuple[str, ...]:
        """The colour of each group."""
        return group_colours(self.grouping.groups)

    @property
    def slots(self) -> dict[str, int]:
        """The place of each group among its colours, by name."""
        return {name: slot for slot, name in enumerate(self.grouping.names)}


def samples_of(cohort: Cohort, key: SeriesKey, rule: str = GEOMETRIC_MEAN) -> pd.DataFrame:
    """The values of one series that were measured on a known day, after any infusion: patient, infusion, day, value,
    below, lloq, above.

    In order of patient, infusion and day. `value` is NaN below the limit of quantification, and the limit itself where
    it is `above` the upper one; `replicates` samples of one day are one row by `rule`.
    """
    table = samples(cohort, key)
    found = pd.DataFrame(
        {
            "patient": table["patient_id"],
            "infusion": table["infusion"],
            "day": table["day"],
            "value": table["value"].mask(table["below"]),
            "below": table["below"],
            "lloq": table["lloq"],
            "above": table["above"],
        }
    ).sort_values(["patient", "infusion", "day"], kind="stable", ignore_index=True)
    return merged(found, ["patient", "infusion", "day"], rule)


def kinetics(
    cohort: Cohort, key: SeriesKey, grouping: Grouping, base_day: float = BASE_DAY, rule: str = GEOMETRIC_MEAN
) -> KineticsResult:
    """The kinetics of one series of a selection; folds count from `base_day`."""
    return _of_selected(cohort, key, grouping, _measured(cohort, key, grouping, base_day, rule), (base_day, rule))


@dataclass(frozen=True)
class Measured:
    """The samples of a series after any infusion, with the group of each, and the parameters of every patient and
    infusion.

    `patients` are those with samples; `of_samples` and `of_parameters` the place of each row's patient among them.
    """

    samples: pd.DataFrame
    parameters: ParameterTable
    patients: pd.Index
    of_samples: Places
    of_parameters: Places


def _measured(cohort: Cohort, key: SeriesKey, grouping: Grouping, base_day: float, rule: str) -> Measured:
    every = samples_of(cohort, key, rule)
    place, patients = pd.factorize(every["patient"])
    group = group_of(cohort, grouping)
    mine = group.reindex(patients).to_numpy()
    slot = pd.Index(grouping.names).get_indexer(pd.Index(mine))
    every = every.assign(group=mine[place], slot=slot[place])
    found = _parameters(every, grouping.names, base_day)
    return Measured(every, found, patients, place, patients.get_indexer(pd.Index(found["patient"])))


def _of_selected(
    cohort: Cohort, key: SeriesKey, grouping: Grouping, measured: Measured, how: tuple[float, str]
) -> KineticsResult:
    """The part of what was measured that is of the selected patients; `how`: the base day, and the rule of several
    samples a day."""
    every, selected = measured.samples, measured.patients.isin(cohort.patients["patient_id"])
    shown = selected[measured.of_samples] & ((every["infusion"] == cohort.infusion) & (every["slot"] >= 0)).to_numpy()
    table = every[shown].reset_index(drop=True)
    return KineticsResult(
        key,
        grouping,
        cohort.infusion,
        table,
        nominal_days(table["day"]),
        measured.parameters.where(selected[measured.of_parameters]),
        len(np.unique(measured.of_samples[shown])),
        cohort.n,
        *how,
    )


def _parameters(every: pd.DataFrame, names: tuple[str, ...], base_day: float) -> ParameterTable:
    """Of each patient and infusion, whose rows stand together."""
    every = every[every["infusion"].notna()]
    key = every[["patient", "infusion"]]
    first = np.flatnonzero((key != key.shift()).any(axis=1))
    day, value, lloq = (every[name].to_numpy(float) for name in ("day", "value", "lloq"))
    amount = np.where(every["below"].to_numpy(np.bool_), 0.0, value)
    patient, infusion, slot = (every[name].to_numpy()[first] for name in ("patient", "infusion", "slot"))
    subjects = Subjects(patient, infusion.astype(float).astype(int), slot, names)
    return parameters(subjects, Series(day, amount, lloq, np.diff(first, append=len(every))), base_day)


def series_of(analysis: Analysis) -> tuple[SeriesKey, ...]:
    """The series of the opened cohort: the variants of every exhibit of kinetics."""
    return series_keys(analysis.opened)


def kinetics_of(analysis: Analysis, key: SeriesKey, options: KineticsOptions = KineticsOptions()) -> KineticsResult:
    """The kinetics with these options, computed once for all exhibits that show them."""
    return analysis.result(_kinetics, key, float(options.base_day), options.replicates)


def _kinetics(analysis: Analysis, key: SeriesKey, base_day: float, rule: str) -> KineticsResult:
    measured: Measured = analysis.of_everybody(_measured, key, analysis.grouping, base_day, rule)
    return _of_selected(analysis.selected, key, analysis.grouping, measured, (base_day, rule))


def bias_method(grouping: Grouping) -> tuple[str, ...]:
    """Of groups formed after the infusion until when the course may have led to them."""
    late = grouping.late("the course until then may have led to it")
    return (late,) if late else ()


def limits(result: KineticsResult) -> str:
    """The limits of quantification with their unit: "LLOQ 1,000 copies/µg DNA"."""
    if not result.lloqs:
        return "LLOQ not stated"
    listed = " or ".join(short(limit) for limit in result.lloqs[:3]) + (" or others" if len(result.lloqs) > 3 else "")
    return f"LLOQ {listed} {raised(result.key.unit)}".rstrip()


def replicate_notes(result: KineticsResult) -> tuple[str, ...]:
    """How days with several samples count, where there are any."""
    days, patients = result.n_replicated
    if not days:
        return ()
    half = "; below the limit a sample counts as half of it" if result.rule == GEOMETRIC_MEAN else ""
    of = f"{plural(days, 'day')} of {plural(patients, 'patient')}"
    return (f"Several samples on {of}: they count as one, by the {result.rule}{half}.",)


def unsampled_notes(result: KineticsResult) -> tuple[str, ...]:
    """How many of those selected are in no figure of the series."""
    missing = result.n_selected - result.n
    if not missing:
        return ()
    return (f"{missing} of {plural(result.n_selected, 'patient')} without samples of this series or without a group.",)


def after_infusion(result: KineticsResult) -> str:
    """Within a sentence, of which infusion the samples are; "" for the first."""
    return f" after infusion {result.infusion}" if result.infusion > 1 else ""


def measured(result: KineticsResult) -> str:
    """Specimen and assay: "Blood, qPCR"."""
    specimen = result.key.specimen
    return f"{capital(specimen)}, {result.key.assay}"


def figure_title(result: KineticsResult, what: str) -> str:
    """What is shown of which specimen and assay, by which grouping."""
    return f"{what} in {result.key.specimen} ({result.key.assay}){result.grouping.by}"


def amount_title(unit: str) -> str:
    """The title of an axis of amounts."""
    return f"CAR transgene, {raised(unit)}" if unit else "CAR transgene"


def group_label(name: str, n: int, size: int) -> str:
    """The name of a group with how many of it are shown, and of how many where not all are."""
    return f"{name} ({n})" if n >= size else f"{name} ({n} of {size})"


def groups_shown(result: KineticsResult, n: pd.Series) -> pd.DataFrame:
    """The table group of a chart: slot and label, "" of a group without patients; `n` patients shown, by name of the
    group."""
    shown = [(int(n.get(group.name, 0)), group) for group in result.grouping.groups]
    labels = [group_label(group.name, patients, group.size) if patients else "" for patients, group in shown]
    return pd.DataFrame({"slot": range(len(labels)), "label": labels})
