"""Groups formed anew by what became known after the infusion: since when it was known of whom, and what the landmark
and the time-dependent analysis share.

Days are turned into the unit of the endpoint on the one exact scale of times (lib/cohort/time_unit.py), so that who
leaves on the day of the landmark is dropped in every unit.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.endpoint_choice import AS_USUAL, Definition
from lib.cohort.grouping import Group, Grouping, everybody
from lib.cohort.model import Cohort
from lib.cohort.schema import BEFORE_INFUSION, endpoint_label
from lib.cohort.time_unit import DAYS_PER, from_days
from lib.derived.exposure import BecameKnown, KnownSource, became_known, exposure_of, known_sources
from lib.publication.number import capital, day, p_equals, plural
from lib.publication.options import choice, number
from lib.publication.spec import ExhibitSpec
from lib.stats.estimate import Estimate, TestResult
from lib.survival.caveats import few
from lib.survival.curves import CUSTOM, DEFAULT, CurveOptions, SurvivalResult
from lib.survival.kaplan_meier import KaplanMeierOptions, curve_words
from lib.survival.outcome import TimeToEvent, endpoints, time_to_event

NOT_FROM_INFUSION: Final = ("dor",)
LAST_DAY: Final = 3652
MONTH: Final = DAYS_PER["months"]
MONTHS: Final = {"1 month": 1, "2 months": 2, "3 months": 3}
NOT_RANDOMISED: Final = "Patients were not randomised: confounding remains."
ROUNDED: Final = 1e-6


@dataclass(frozen=True)
class EndpointChoice:
    """The endpoint with its definition, the unit in which its time is counted, and the choices about curves.

    Time counts from the infusion here, whatever the definition says: the days on which groups became known do.
    """

    endpoint: str
    unit: str
    definition: Definition = AS_USUAL
    options: CurveOptions = DEFAULT

    def outcome(self, cohort: Cohort, grouping: Grouping) -> TimeToEvent:
        """The endpoint of the selected patients."""
        from_infusion = replace(self.definition, origin="infusion")
        return time_to_event(cohort, self.endpoint, grouping, self.unit, from_infusion)


def followed(cohort: Cohort, chosen: EndpointChoice, known: BecameKnown) -> TimeToEvent:
    """The endpoint of all selected patients as one group, with `known` (since when, in the unit) and `unsure` beside
    it."""
    outcome = chosen.outcome(cohort, everybody(cohort))
    table = outcome.table
    patients = cohort.patients["patient_id"]
    day = table["patient"].map(pd.Series(known.day.to_numpy(), index=patients))
    start = from_days(day, chosen.unit).to_numpy(float)
    return replace(outcome, table=table.assign(known=start, unsure=table["patient"].isin(known.not_stated)))


def regrouped(outcome: TimeToEvent, table: pd.DataFrame, known: BecameKnown, grouping: Grouping) -> TimeToEvent:
    """The outcome over another table whose column "group" holds the names of what became known and of the others."""
    return replace(outcome, table=table.reset_index(drop=True), grouping=two_groups(known, grouping))


def two_groups(known: BecameKnown, grouping: Grouping) -> Grouping:
    """The others, and those of whom it became known: in the order and the colours of the grouping where it has them.

    Others are the reference. Nobody is counted in their sizes: they change with the landmark.
    """
    names = others(known), known.label
    own = [replace(group, size=0) for group in grouping.groups if group.name in names]
    groups = tuple(own) if len(own) == len(names) else tuple(Group(name, (name,)) for name in names)
    label = grouping.label if len(own) == len(names) else known.label
    return Grouping("", label, groups, names[0], known_at=BEFORE_INFUSION)


def others(known: BecameKnown) -> str:
    """The name of the group of whom it is not so."""
    return known.others or f"no {known.label}"


def why_not(endpoint: str) -> str:
    """Why an endpoint has no time zero at the infusion; "" where it has."""
    if endpoint not in NOT_FROM_INFUSION:
        return ""
    return f"{endpoint_label(endpoint)} does not count from the infusion. Choose an endpoint that does."


def sources(analysis: Analysis) -> dict[str, KnownSource]:
    """By what groups can be formed that became known after the infusion."""
    return analysis.result(_sources)


def _sources(analysis: Analysis) -> dict[str, KnownSource]:
    return {source.key: source for source in known_sources(analysis.opened, analysis.grouping)}


def _own_source(analysis: Analysis, _endpoint: Any) -> str | None:
    """The grouping itself, where groups can be formed by it."""
    return next((key for key, source in sources(analysis).items() if source.kind == "group"), None)


@dataclass(frozen=True)
class LandmarkOptions(KaplanMeierOptions):
    """By what groups are formed anew, and when."""

    formed_by: str | None = choice(
        None,
        lambda analysis, _: {key: source.label for key, source in sources(analysis).items()},
        "Groups formed by",
        none="what became known later ...",
        usual=_own_source,
        help=(
            "Something that became known after the infusion: the groups are formed by whether it was known on the day"
            " of the landmark."
        ),
    )
    landmark: str = choice(
        "1 month",
        (*MONTHS, CUSTOM),
        "Landmark",
        help="Patients still followed then are analysed from there on. A month is 30.4375 days.",
    )
    landmark_day: float = number(28, "Day", 1, LAST_DAY, only_with=("landmark", CUSTOM))

    @property
    def days(self) -> float:
        """The landmark in days since the infusion."""
        return MONTHS[self.landmark] * MONTH if self.landmark in MONTHS else self.landmark_day

    def chosen(self, analysis: Analysis, endpoint: str) -> EndpointChoice:
        """The endpoint with these options."""
        return EndpointChoice(endpoint, analysis.unit, self.definition(analysis, endpoint), self.curves)


def known_of(analysis: Analysis, key: str) -> BecameKnown | str:
    """Since when what groups are formed by was known of each selected patient; a sentence where that is not known."""
    source = sources(analysis)[key]
    if source.kind == "group" and isinstance(reason := exposure_of(analysis.selected, analysis.grouping), str):
        return reason
    return became_known(analysis.selected, analysis.grouping, source)


def known_since(analysis: Analysis, key: str | None) -> BecameKnown:
    """The same of groups that can be formed; raises ValueError with the sentence of others."""
    known = analysis.result(known_of, key)
    if isinstance(known, str):
        raise ValueError(known)
    return known


def can_be_formed(analysis: Analysis, endpoint: str, options: LandmarkOptions) -> bool:
    """Whether the endpoint counts from the infusion and groups can be formed anew."""
    return (
        not why_not(endpoint)
        and options.formed_by is not None
        and not isinstance(analysis.result(known_of, options.formed_by), str)
    )


of_landmark: Final = partial(
    ExhibitSpec, needs="endpoints", options=LandmarkOptions, variants=endpoints, when=can_be_formed
)


def ratio_of(result: SurvivalResult, known: BecameKnown) -> Estimate:
    """The hazard ratio of those of whom it became known."""
    found = next((group.hazard_ratio for group in result.groups if group.name == known.label), None)
    return found or Estimate(None, reason="no comparison")


def logrank_words(result: SurvivalResult) -> str:
    """The test by name, with p and n or the reason."""
    test = result.logrank
    name = capital(test.name)
    return f"{name}: {p_equals(test.p)} (n = {test.n})." if test.p is not None else f"{name} not done: {test.reason}."


def short_test_name(test: TestResult) -> str:
    """The test's name where there is little room: Mantel-Byar test, Log-rank (Mantel-Cox)."""
    return capital(test.name.partition(" (score")[0])


def curves_alt(result: SurvivalResult, since: str) -> str:
    """The figure for whoever cannot see it."""
    said = "; ".join(curve_words(group, result.outcome.unit) for group in result.groups)
    return f"Curves of {result.outcome.label.lower()} over {result.outcome.unit} since {since}. {said}."


def thin_data_notes(result: SurvivalResult, n: int) -> list[str]:
    """Small numbers, and why a ratio is missing."""
    said = few(n)
    for group in result.groups:
        if group.median.note:
            said.append(f"{group.name}: {group.median.note}.")
        if group.hazard_ratio and group.hazard_ratio.reason:
            said.append(f"Hazard ratio of {group.name} not estimable: {group.hazard_ratio.reason}.")
    return said


def span(days: float, unit: str) -> str:
    """A landmark in the display unit, and as it was chosen: "1 month", "4.35 weeks (1 month)", "day 45"."""
    months = days / DAYS_PER["months"]
    value = days / DAYS_PER[unit]
    written = f"{day(value)} {unit[:-1] if abs(value - 1) < ROUNDED else unit}"
    if abs(months - round(months)) > ROUNDED:
        return f"{written} (day {days:g})" if unit != "days" else written
    return written if unit == "months" else f"{written} ({plural(round(months), 'month')})"
