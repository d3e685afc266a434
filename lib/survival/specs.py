"""Every exhibit of time to an event: what it shares with the others, and how it is made."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from lib.cohort.analysis import Analysis
from lib.cohort.endpoint_choice import AS_USUAL, Definition, offered_endpoints, offered_incidences
from lib.publication.exhibit import Exhibit
from lib.publication.options import amounts, choice, flag, number, several
from lib.publication.spec import ExhibitSpec
from lib.survival import covariates
from lib.survival.adjusted.result import adjusted
from lib.survival.adjusted.table import adjusted_table
from lib.survival.competing.figure import incidence_figure
from lib.survival.competing.outcome import competing_outcome
from lib.survival.competing.result import CompetingResult, competing
from lib.survival.competing.table import incidence_table, ratio_table
from lib.survival.difference.figure import difference_figure
from lib.survival.difference.result import difference
from lib.survival.figure import survival_figure
from lib.survival.milestone import milestones
from lib.survival.models.result import models
from lib.survival.models.table import models_table
from lib.survival.options import (
    DEFAULT,
    CurveOptions,
    DifferenceOptions,
    EndpointOptions,
    KaplanMeierOptions,
    LimitOptions,
    PanelOptions,
    SensitivityOptions,
    parted_by,
)
from lib.survival.outcome import TimeToEvent, time_to_event
from lib.survival.panels.figure import panel_figure
from lib.survival.panels.result import panels
from lib.survival.result import SurvivalResult, survival
from lib.survival.sensitivity import sensitivity
from lib.survival.subgroups.figure import forest_figure
from lib.survival.subgroups.result import splits_of, subgroups
from lib.survival.table import milestones_table, sensitivity_table
from lib.survival.words import summary_table

PAIR: Final = 2
OLDEST: Final = 100


def endpoints(analysis: Analysis) -> tuple[str, ...]:
    """Those of the workbook, and the derived ones that somebody selected has."""
    return tuple(
        name
        for name in offered_endpoints(analysis.opened)
        if name in analysis.opened.endpoint_names or len(analysis.result(outcome_of, name).table)
    )


def incidences(analysis: Analysis) -> tuple[str, ...]:
    """What causes compete for, where somebody selected can be analysed."""
    return tuple(name for name in offered_incidences(analysis.opened) if analysis.result(incidence_of, name).n)


def outcome_of(analysis: Analysis, endpoint: str, definition: Definition = AS_USUAL) -> TimeToEvent:
    """The endpoint of the selected patients."""
    return time_to_event(analysis.selected, endpoint, analysis.grouping, analysis.unit, definition)


def curves_of(
    analysis: Analysis, endpoint: str, definition: Definition = AS_USUAL, drawn: CurveOptions = DEFAULT
) -> SurvivalResult:
    """The curves of the selected patients."""
    return survival(analysis.result(outcome_of, endpoint, definition), analysis.selected, drawn)


def incidence_of(analysis: Analysis, endpoint: str, definition: Definition = AS_USUAL) -> CompetingResult:
    """The competing causes of the selected patients."""
    return competing(competing_outcome(analysis.selected, endpoint, analysis.grouping, analysis.unit, definition))


def curves(analysis: Analysis, endpoint: str, options: EndpointOptions) -> SurvivalResult:
    """The curves with these options, computed once for all exhibits that show them."""
    drawn = options.curves if isinstance(options, LimitOptions) else DEFAULT
    found: SurvivalResult = analysis.result(curves_of, endpoint, options.definition(analysis, endpoint), drawn)
    return found


def causes(analysis: Analysis, endpoint: str, options: EndpointOptions) -> CompetingResult:
    """The competing causes with these options."""
    found: CompetingResult = analysis.result(incidence_of, endpoint, options.definition(analysis, endpoint))
    return found


def _kaplan_meier(analysis: Analysis, endpoint: str, options: KaplanMeierOptions) -> Exhibit:
    return survival_figure(curves(analysis, endpoint, options), options.show_ci)


def _panels(analysis: Analysis, endpoint: str, options: PanelOptions) -> Exhibit:
    by = parted_by(analysis, options.panels_by or "")
    return panel_figure(panels(curves(analysis, endpoint, options), analysis.selected, by), options.show_ci)


def _summary(analysis: Analysis, endpoint: str, options: LimitOptions) -> Exhibit:
    return summary_table(curves(analysis, endpoint, options))


def _milestones(analysis: Analysis, endpoint: str, options: LimitOptions) -> Exhibit:
    found = curves(analysis, endpoint, options)
    return milestones_table(found, milestones(found))


def _difference(analysis: Analysis, endpoint: str, options: DifferenceOptions) -> Exhibit:
    return difference_figure(difference(curves(analysis, endpoint, options)), options.show_ci)


def _sensitivity(analysis: Analysis, endpoint: str, options: SensitivityOptions) -> Exhibit:
    found = curves(analysis, endpoint, options)
    strata = [parted_by(analysis, name) for name in options.strata]
    return sensitivity_table(found, sensitivity(found, analysis.selected, strata))


def _groups(analysis: Analysis, least: int) -> bool:
    return len(analysis.grouping.groups) >= least


KAPLAN_MEIER: Final = ExhibitSpec(
    "survival.{endpoint}", "Kaplan-Meier curves", "endpoints", _kaplan_meier, KaplanMeierOptions, endpoints
)
SUMMARY: Final = ExhibitSpec(
    "survival.{endpoint}.summary", "Medians and comparison", "endpoints", _summary, LimitOptions, endpoints
)
PANELS: Final = ExhibitSpec(
    "survival.{endpoint}.panels", "Curves within the levels of a second variable", "endpoints", _panels, PanelOptions, endpoints,
    when=lambda _analysis, _endpoint, options: options.panels_by is not None,
)  # fmt: skip
MILESTONES: Final = ExhibitSpec(
    "survival.{endpoint}.milestones", "Survival at 6, 12 and 24 months", "endpoints", _milestones, LimitOptions, endpoints,
)  # fmt: skip
DIFFERENCE: Final = ExhibitSpec(
    "survival.{endpoint}.difference", "Difference of two curves", "endpoints", _difference, DifferenceOptions, endpoints,
    when=lambda analysis, *_: len(analysis.grouping.groups) == PAIR,
)  # fmt: skip
SENSITIVITY: Final = ExhibitSpec(
    "survival.{endpoint}.sensitivity", "Sensitivity analyses", "endpoints", _sensitivity, SensitivityOptions, endpoints,
    when=lambda analysis, *_: _groups(analysis, PAIR),
)  # fmt: skip


@dataclass(frozen=True)
class ModelOptions(EndpointOptions):
    """Unadjusted comparisons."""

    restricted_mean_to: float | None = number(
        None, "Restricted mean to", 0, none="the smallest of the groups' longest", each_variant=True, in_unit=True,
        help="In the unit of time that is shown. Empty: the smallest of the groups' longest times.",
    )  # fmt: skip


@dataclass(frozen=True)
class AdjustedOptions(EndpointOptions):
    """For what the comparison is adjusted."""

    covariates: tuple[str, ...] = several(
        None, lambda analysis, _: labels(analysis), "Adjusted for", none="Choose covariates",
        usual=lambda analysis, _: covariates.default_covariates(analysis.opened, analysis.grouping),
    )  # fmt: skip
    steps: tuple[tuple[str, float], ...] = amounts(
        lambda analysis, _: {each.name: f"{each.label} ({each.unit})" if each.unit else each.label for each in numbers(analysis)},
        "per how many", within="covariates", usual=lambda analysis, _: tuple(covariates.default_steps(numbers(analysis)).items()),
    )  # fmt: skip


@dataclass(frozen=True)
class ForestOptions(EndpointOptions):
    """Within which subgroups the groups are compared."""

    subgroups: tuple[str, ...] = several(
        None, lambda analysis, _: labels(analysis), "Looked at within", none="Choose variables",
        usual=lambda analysis, _: covariates.default_subgroups(analysis.opened, analysis.grouping),
    )  # fmt: skip
    age_cut: float = number(
        covariates.AGE_CUT, "Age is split at", 1, OLDEST, when=lambda analysis, _: covariates.AGE in labels(analysis)
    )
    compared: str = choice(None, lambda analysis, _: others(analysis), "Compared")


def labels(analysis: Analysis) -> dict[str, str]:
    """Every variable that a model may hold, with its timing where that is not before infusion."""
    return {
        each.name: each.label + covariates.timing(each)
        for each in covariates.offered(analysis.opened, analysis.grouping)
    }


def numbers(analysis: Analysis) -> list[Any]:
    """Those of them that are numbers."""
    return [each for each in covariates.offered(analysis.opened, analysis.grouping) if each.kind == "number"]


def others(analysis: Analysis) -> dict[str, str]:
    """The groups that can be compared with the reference."""
    grouping = analysis.grouping
    return {
        name: f"{name} against {grouping.reference_name}" for name in grouping.names if name != grouping.reference_name
    }


def _models(analysis: Analysis, endpoint: str, options: ModelOptions) -> Exhibit:
    return models_table(
        models(
            analysis.result(outcome_of, endpoint, options.definition(analysis, endpoint)), options.restricted_mean_to
        )
    )


def _adjusted(analysis: Analysis, endpoint: str, options: AdjustedOptions) -> Exhibit:
    outcome = analysis.result(outcome_of, endpoint, options.definition(analysis, endpoint))
    return adjusted_table(adjusted(analysis.selected, outcome, options.covariates, dict(options.steps)))


def _forest(analysis: Analysis, endpoint: str, options: ForestOptions) -> Exhibit:
    outcome = analysis.result(outcome_of, endpoint, options.definition(analysis, endpoint))
    splits = splits_of(analysis.opened, options.subgroups, options.age_cut)
    return forest_figure(subgroups(analysis.selected, outcome, splits, options.compared or ""))


MODELS: Final = ExhibitSpec(
    "survival.{endpoint}.models", "Hazard ratios and restricted means", "endpoints", _models, ModelOptions, endpoints
)
ADJUSTED: Final = ExhibitSpec(
    "survival.{endpoint}.adjusted", "Adjusted hazard ratios", "endpoints", _adjusted, AdjustedOptions, endpoints
)
FOREST: Final = ExhibitSpec(
    "survival.{endpoint}.forest", "Subgroups", "endpoints", _forest, ForestOptions, endpoints, when=lambda analysis, *_: analysis.grouping.compares,
)  # fmt: skip


@dataclass(frozen=True)
class IncidenceOptions(EndpointOptions):
    """The curves of competing causes."""

    show_ci: bool = flag(True, "Confidence bands")


def _incidence(analysis: Analysis, endpoint: str, options: IncidenceOptions) -> Exhibit:
    return incidence_figure(causes(analysis, endpoint, options), options.show_ci)


def _incidence_summary(analysis: Analysis, endpoint: str, options: EndpointOptions) -> Exhibit:
    return incidence_table(causes(analysis, endpoint, options))


def _incidence_models(analysis: Analysis, endpoint: str, options: EndpointOptions) -> Exhibit:
    return ratio_table(causes(analysis, endpoint, options))


_of_causes = partial(ExhibitSpec, needs="endpoints", variants=incidences)
INCIDENCE: Final = _of_causes(
    "cumulative_incidence.{endpoint}", "Cumulative incidence", build=_incidence, options=IncidenceOptions
)
INCIDENCE_SUMMARY: Final = _of_causes(
    "cumulative_incidence.{endpoint}.summary",
    "Cumulative incidence of each cause",
    build=_incidence_summary,
    options=EndpointOptions,
)
INCIDENCE_MODELS: Final = _of_causes(
    "cumulative_incidence.{endpoint}.models", "Competing risks", build=_incidence_models, options=EndpointOptions,
    when=lambda analysis, *_: analysis.grouping.compares,
)  # fmt: skip
SURVIVAL: Final = (KAPLAN_MEIER, PANELS, SUMMARY, MILESTONES, DIFFERENCE, SENSITIVITY, MODELS, ADJUSTED, FOREST)
COMPETING: Final = (INCIDENCE, INCIDENCE_SUMMARY, INCIDENCE_MODELS)
