"""Every exhibit of time to an event, as lib/catalogue.py lists them: by endpoint, then what competes."""

from lib.cohort.endpoint_choice import offered_endpoints, offered_incidences
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.exposure import exposure_of
from lib.publication.attempt import Attempts, later, one, several
from lib.survival.adjusted.result import adjusted
from lib.survival.adjusted.table import adjusted_table
from lib.survival.competing.figure import incidence_figure
from lib.survival.competing.outcome import competing_outcome
from lib.survival.competing.result import competing
from lib.survival.competing.table import incidence_table, ratio_table
from lib.survival.covariates import default_covariates, default_subgroups
from lib.survival.difference.figure import difference_figure
from lib.survival.difference.result import difference
from lib.survival.figure import survival_figure
from lib.survival.milestone import milestones
from lib.survival.models.result import models
from lib.survival.models.table import models_table
from lib.survival.outcome import TimeToEvent, time_to_event
from lib.survival.result import SurvivalResult, survival
from lib.survival.sensitivity import sensitivity
from lib.survival.subgroups.figure import forest_figure
from lib.survival.subgroups.result import splits_of, subgroups
from lib.survival.table import milestones_table, sensitivity_table
from lib.survival.time_zero.figure import time_zero_exhibits
from lib.survival.time_zero.followed import Asked, why_not
from lib.survival.time_zero.result import three_analyses
from lib.survival.words import summary_table as survival_summary


def survival_exhibits(cohort: Cohort, grouping: Grouping, unit: str) -> Attempts:
    """Curves, models and analyses by landmark of every endpoint, then what competes."""
    for endpoint in offered_endpoints(cohort):
        yield from several(f"survival.{endpoint}", _of_endpoint(cohort, endpoint, grouping, unit))
    for endpoint in offered_incidences(cohort):
        yield from several(f"cumulative_incidence.{endpoint}", _competing(cohort, endpoint, grouping, unit))


def _of_endpoint(cohort: Cohort, endpoint: str, grouping: Grouping, unit: str) -> Attempts:
    result = survival(time_to_event(cohort, endpoint, grouping, unit), cohort)
    if endpoint in cohort.endpoint_names or result.n:
        yield from _curves(result, cohort)
        yield from _models(cohort, result.outcome)
        yield from several(f"time_zero.{endpoint}", _time_zero(cohort, endpoint, grouping, unit))


def _curves(result: SurvivalResult, cohort: Cohort) -> Attempts:
    name, groups = f"survival.{result.outcome.endpoint}", result.outcome.grouping.groups
    yield from one(name, survival_figure, result)
    yield from one(f"{name}.summary", survival_summary, result)
    yield from one(f"{name}.milestones", milestones_table, result, lambda: milestones(result))
    if len(groups) == 2:
        yield from one(f"{name}.difference", difference_figure, lambda: difference(result))
    if len(groups) > 1:
        yield from one(f"{name}.sensitivity", sensitivity_table, result, lambda: sensitivity(result, cohort))


def _competing(cohort: Cohort, endpoint: str, grouping: Grouping, unit: str) -> Attempts:
    result = competing(competing_outcome(cohort, endpoint, grouping, unit))
    if result.n:
        name = f"cumulative_incidence.{endpoint}"
        yield from one(name, incidence_figure, result)
        yield from one(f"{name}.summary", incidence_table, result)
        yield from one(f"{name}.models", ratio_table, result) if grouping.compares else ()


def _time_zero(cohort: Cohort, endpoint: str, grouping: Grouping, unit: str) -> Attempts:
    """For groups known after the infusion that can be formed anew: by what was known at 1 month, and as it came about."""
    known = exposure_of(cohort, grouping)
    if not isinstance(known, str) and not why_not(endpoint):
        yield from time_zero_exhibits(three_analyses(cohort, Asked(endpoint, unit), grouping, known))


def _models(cohort: Cohort, outcome: TimeToEvent) -> Attempts:
    name, grouping = f"survival.{outcome.endpoint}", outcome.grouping
    yield from one(f"{name}.models", models_table, lambda: models(outcome))
    yield from one(
        f"{name}.adjusted", adjusted_table, lambda: adjusted(cohort, outcome, default_covariates(cohort, grouping))
    )
    if grouping.compares:
        splits = later(lambda: splits_of(cohort, default_subgroups(cohort, grouping)))
        yield from one(f"{name}.forest", forest_figure, lambda: subgroups(cohort, outcome, splits()))
