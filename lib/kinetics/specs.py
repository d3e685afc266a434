"""Every exhibit of CAR-transgene kinetics: what it shares with the others, and how it is made."""

from dataclasses import dataclass
from typing import Final

from lib.cohort.analysis import Analysis
from lib.derived.replicates import RULES
from lib.kinetics.expansion.factor import Factor, default_factors, factors
from lib.kinetics.expansion.figure import expansion_figure
from lib.kinetics.expansion.result import MEASURES, ExpansionResult, expansion
from lib.kinetics.figure import kinetics_figure
from lib.kinetics.fold import BASE_DAY
from lib.kinetics.patients.figure import patients_figure
from lib.kinetics.patients.window import places, sheets
from lib.kinetics.persistence.figure import persistence_figure
from lib.kinetics.persistence.result import PersistenceResult, persistence
from lib.kinetics.persistence.table import persistence_table
from lib.kinetics.result import KineticsResult, compared_at, kinetics
from lib.kinetics.sensitivity.result import sensitivity
from lib.kinetics.sensitivity.table import comparison_table, sensitivity_table
from lib.kinetics.series import SeriesKey, series_keys
from lib.kinetics.table import parameters_table, summary_table
from lib.publication.exhibit import Exhibit
from lib.publication.options import choice, flag, number
from lib.publication.spec import ExhibitSpec

FEWEST_BESIDE: Final = 3  # patients: of fewer the report does not set expansion beside anything
LAST_DAY, WIDEST = 3650, 365


def kinetics_of(analysis: Analysis, key: SeriesKey, base_day: float = BASE_DAY, rule: str = RULES[0]) -> KineticsResult:
    """The kinetics of the selected patients."""
    return kinetics(analysis.selected, key, analysis.grouping, base_day, rule)


def has_replicates(analysis: Analysis, _key: SeriesKey | None = None) -> bool:
    """Whether a patient has several samples of one series on a day."""
    sample = ["patient_id", "infusion", "specimen", "assay", "unit", "day"]
    rows = analysis.opened.kinetics
    rows = rows[rows["day"].notna() & (rows["value"].notna() | rows["below"].astype(bool))]
    return bool(rows.duplicated(sample).any())


def sheet_names(analysis: Analysis, key: SeriesKey | None) -> dict[str, str]:
    """The sheets of small panels, by number, named after their first and last patients."""
    found = sheets(analysis.result(kinetics_of, key)) if key else ()
    return {str(number): f"{patients[0]} to {patients[-1]}" for number, patients in enumerate(found, 1) if patients}


@dataclass(frozen=True)
class KineticsOptions:
    """How samples become values."""

    base_day: float = number(
        BASE_DAY, "Fold expansion over day", 0, 28, help="The day whose value the peak is divided by; below the limit there, the fold is at least peak / limit.",
    )  # fmt: skip
    replicates: str = choice(
        RULES[0], RULES, "Several samples on a day", help="They count as one: by their geometric mean, or by the highest or lowest of them.", when=has_replicates,
    )  # fmt: skip


@dataclass(frozen=True)
class ProfileOptions(KineticsOptions):
    """How profiles are drawn."""

    spread_early_days: bool = flag(True, "Spread early days")


@dataclass(frozen=True)
class PatientsOptions(ProfileOptions):
    """Of many patients, which sheet of panels."""

    sheet: str = choice(None, sheet_names, "Patients")


@dataclass(frozen=True)
class ComparisonOptions(KineticsOptions):
    """On which day groups are compared."""

    day: float = number(
        None, "Compare at day", 0, LAST_DAY, usual=lambda analysis, key: analysis.result(kinetics_of, key).comparison.day if key else 28.0, each_variant=True,
    )  # fmt: skip
    window: float | None = number(
        None, "± days", 0, WIDEST, none="as usual", help="The nearest sample of each patient within so many days.", each_variant=True,
    )  # fmt: skip


@dataclass(frozen=True)
class PersistenceOptions(KineticsOptions):
    """How persistence is drawn."""

    show_ci: bool = flag(True, "Confidence bands")


@dataclass(frozen=True)
class ExpansionOptions(KineticsOptions):
    """What of the expansion is looked at."""

    measure: str = choice(MEASURES[0].name, {each.name: each.label for each in MEASURES}, "Expansion")


def keys(analysis: Analysis) -> tuple[SeriesKey, ...]:
    """The series of the opened cohort."""
    return series_keys(analysis.opened)


def result(analysis: Analysis, key: SeriesKey, options: KineticsOptions) -> KineticsResult:
    """The kinetics with these options, computed once for all exhibits that show them."""
    found: KineticsResult = analysis.result(kinetics_of, key, float(options.base_day), options.replicates)
    return found


def _profile(analysis: Analysis, key: SeriesKey, options: ProfileOptions) -> Exhibit:
    return kinetics_figure(result(analysis, key, options), options.spread_early_days)


def _patients(analysis: Analysis, key: SeriesKey, options: PatientsOptions) -> Exhibit:
    room = places(analysis.opened, key)
    return patients_figure(result(analysis, key, options), options.spread_early_days, int(options.sheet or 1) - 1, room)


def _summary(analysis: Analysis, key: SeriesKey, options: KineticsOptions) -> Exhibit:
    return summary_table(result(analysis, key, options))


def _parameters(analysis: Analysis, key: SeriesKey, options: KineticsOptions) -> Exhibit:
    return parameters_table(result(analysis, key, options))


def _compared(analysis: Analysis, key: SeriesKey, options: ComparisonOptions) -> KineticsResult:
    return compared_at(result(analysis, key, options), options.day, options.window)


def _comparison(analysis: Analysis, key: SeriesKey, options: ComparisonOptions) -> Exhibit:
    return comparison_table(_compared(analysis, key, options))


def _sensitivity(analysis: Analysis, key: SeriesKey, options: ComparisonOptions) -> Exhibit:
    compared = _compared(analysis, key, options)
    return sensitivity_table(compared, sensitivity(compared))


def _persisting(analysis: Analysis, key: SeriesKey, base_day: float, rule: str) -> PersistenceResult:
    return persistence(analysis.selected, analysis.result(kinetics_of, key, base_day, rule))


def persisting(analysis: Analysis, key: SeriesKey, options: KineticsOptions) -> PersistenceResult:
    """How long the transgene stayed quantifiable."""
    found: PersistenceResult = analysis.result(_persisting, key, float(options.base_day), options.replicates)
    return found


def _persistence(analysis: Analysis, key: SeriesKey, options: PersistenceOptions) -> Exhibit:
    return persistence_figure(persisting(analysis, key, options), options.show_ci)


def _persistence_summary(analysis: Analysis, key: SeriesKey, options: KineticsOptions) -> Exhibit:
    return persistence_table(persisting(analysis, key, options))


def beside(analysis: Analysis) -> tuple[tuple[SeriesKey, str], ...]:
    """Each series with each factor that a report sets beside its expansion."""
    if analysis.opened.n_opened < FEWEST_BESIDE:
        return ()
    return tuple((key, factor.slug) for key in keys(analysis) for factor in default_factors(analysis.opened))


def factors_of(analysis: Analysis) -> dict[str, Factor]:
    """All that expansion can be looked at beside, by slug."""
    return {factor.slug: factor for factor in factors(analysis.opened)}


def expanded(analysis: Analysis, variant: tuple[SeriesKey, str], options: ExpansionOptions) -> ExpansionResult:
    """The expansion beside a factor."""
    key, slug = variant
    measure = next(each for each in MEASURES if each.name == options.measure)
    return expansion(analysis.selected, result(analysis, key, options), factors_of(analysis)[slug], measure)


def _expansion(analysis: Analysis, variant: tuple[SeriesKey, str], options: ExpansionOptions) -> Exhibit:
    return expansion_figure(expanded(analysis, variant, options))


def _spec(part: str, title: str, **more: object) -> ExhibitSpec:
    known = {"id": f"kinetics.{part}", "needs": "kinetics", "variants": keys, "options": KineticsOptions}
    return ExhibitSpec(**{**known, "title": title, "names": lambda key: key.id(part), **more})  # type: ignore[arg-type]


PROFILE: Final = _spec("profile", "Profiles", build=_profile, options=ProfileOptions)
SUMMARY: Final = _spec("summary", "Parameters by group", build=_summary)
COMPARISON: Final = _spec("comparison", "Groups at one day", build=_comparison, options=ComparisonOptions)
SENSITIVITY: Final = _spec(
    "sensitivity", "Sensitivity analyses of kinetics", build=_sensitivity, options=ComparisonOptions,
    when=lambda analysis, *_: analysis.grouping.compares,
)  # fmt: skip
PARAMETERS: Final = _spec("parameters", "Parameters by patient", build=_parameters)
PATIENTS: Final = _spec("patients", "Each patient", build=_patients, options=PatientsOptions)
PERSISTENCE: Final = _spec("persistence", "Persistence", build=_persistence, options=PersistenceOptions)
PERSISTENCE_SUMMARY: Final = _spec(
    "persistence.summary",
    "Persistence by group",
    build=_persistence_summary,
    names=lambda key: f"{key.id('persistence')}.summary",
)
EXPANSION: Final = _spec(
    "expansion.{factor}", "Expansion and outcome", build=_expansion, options=ExpansionOptions, variants=beside,
    names=lambda variant: variant[0].id(f"expansion.{variant[1]}"),
)  # fmt: skip
KINETICS: Final = (
    PROFILE, SUMMARY, COMPARISON, SENSITIVITY, PARAMETERS, PATIENTS, PERSISTENCE, PERSISTENCE_SUMMARY, EXPANSION,
)  # fmt: skip
