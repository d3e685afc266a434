"""What may be chosen about endpoints and their curves; the defaults are good enough to print."""

from dataclasses import dataclass
from typing import Any, Final

from lib.cohort.analysis import Analysis
from lib.cohort.endpoint_choice import AS_USUAL, Definition, offered_efs_events, offered_origins
from lib.cohort.grouping import Grouping, can_compare, grouping_by
from lib.publication.options import choice, flag, number, several
from lib.stats.kaplan_meier import TRANSFORMS, Transform

MEDIAN: Final = 0.5
SHARES: Final = {"Median": MEDIAN, "25 %": 0.25, "75 %": 0.75}
CUSTOM: Final = "Custom"


@dataclass(frozen=True)
class CurveOptions:
    """`transform` is the scale of all limits; `share` of the patients had the event by the time that is marked in the figure."""

    transform: Transform = "log-log"
    share: float = MEDIAN


DEFAULT: Final = CurveOptions()


def _derived(analysis: Analysis, endpoint: str | None, which: str) -> bool:
    """Whether the endpoint is this one and not given by the workbook."""
    return endpoint == which and which not in analysis.opened.endpoint_names


def _origins(analysis: Analysis, endpoint: str | None) -> tuple[str, ...]:
    return offered_origins(analysis.opened) if endpoint != "dor" else ()


def columns(analysis: Analysis, _variant: Any = None) -> dict[str, str]:
    """The variables by which patients can be parted beside the grouping."""
    return {
        each.name: each.label
        for each in analysis.opened.variables
        if can_compare(each) and each.name != analysis.grouping.variable
    }


def parted_by(analysis: Analysis, name: str) -> Grouping:
    """The grouping by a variable of the opened cohort."""
    variable = analysis.opened.variable(name)
    if variable is None:
        raise KeyError(name)
    return grouping_by(variable, analysis.opened)


@dataclass(frozen=True)
class EndpointOptions:
    """How the endpoint is defined, where it is derived or time may count from apheresis."""

    origin: str = choice(
        "infusion", _origins, "Time counts from", help="From apheresis, patients enter at their infusion: before it nobody in this cohort could fail.",
    )  # fmt: skip
    dor_death: bool = flag(True, "Death ends a response", when=lambda analysis, name: _derived(analysis, name, "dor"))
    ttnt_death: bool = flag(
        False, "Death is an event", help="Otherwise the dead are censored.", when=lambda analysis, name: _derived(analysis, name, "ttnt"),
    )  # fmt: skip
    efs_events: tuple[str, ...] = several(
        None, lambda analysis, _: offered_efs_events(analysis.opened), "Events", help="Whichever comes first. With none chosen, all count.",
        usual=lambda analysis, _: offered_efs_events(analysis.opened), when=lambda analysis, name: _derived(analysis, name, "efs"),
    )  # fmt: skip

    def definition(self, analysis: Analysis, endpoint: str) -> Definition:
        """The definition of this endpoint; only what matters to it."""
        derived = {name: _derived(analysis, endpoint, name) for name in ("dor", "ttnt", "efs")}
        return Definition(
            self.origin or AS_USUAL.origin,
            self.dor_death if derived["dor"] else AS_USUAL.dor_death,
            self.ttnt_death if derived["ttnt"] else AS_USUAL.ttnt_death,
            self.efs_events if derived["efs"] else AS_USUAL.efs_events,
        )


@dataclass(frozen=True)
class LimitOptions(EndpointOptions):
    """Which limits the curves have, and which time is marked."""

    ci_scale: str = choice("log-log", TRANSFORMS, "Scale of the confidence limits")
    share: str = choice("Median", (*SHARES, CUSTOM), "Mark the time by which this share had the event")
    share_percent: float = number(90, "Percent with the event", 1, 99, only_with=("share", CUSTOM))

    @property
    def curves(self) -> CurveOptions:
        """What the curves are computed with."""
        return CurveOptions(self.ci_scale, SHARES.get(self.share, self.share_percent / 100))  # type: ignore[arg-type]


@dataclass(frozen=True)
class KaplanMeierOptions(LimitOptions):
    """The survival figure."""

    show_ci: bool = flag(True, "Confidence bands")


@dataclass(frozen=True)
class PanelOptions(KaplanMeierOptions):
    """One panel for each level of a second variable."""

    panels_by: str | None = choice(None, columns, "One panel for each level of", none="nothing")


@dataclass(frozen=True)
class DifferenceOptions(EndpointOptions):
    """The difference of two curves."""

    show_ci: bool = flag(True, "Confidence bands")


@dataclass(frozen=True)
class SensitivityOptions(EndpointOptions):
    """Which stratified tests stand beside the others."""

    strata: tuple[str, ...] = several(
        (),
        columns,
        "Stratify by",
        none="nothing",
        help="Adds a stratified log-rank test for each to the sensitivity analyses.",
    )
