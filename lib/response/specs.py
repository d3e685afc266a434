"""Every exhibit of responses: what it shares with the others, and how it is made."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit
from lib.publication.options import ANY, choice, flag, number, several
from lib.publication.spec import ExhibitSpec
from lib.response.best.figure import rates_figure
from lib.response.best.result import FOLLOWED, BestResponse, best_response
from lib.response.best.table import best_table
from lib.response.change.figure import spider_figure, waterfall_figure
from lib.response.change.result import ChangeResult, marker_change
from lib.response.change.series import marker_series
from lib.response.depth.figure import depth_figure
from lib.response.depth.result import depth
from lib.response.landmark.figure import flow_figure, landmark_figure
from lib.response.landmark.flow import flow
from lib.response.landmark.result import LandmarkResult, landmark_responses
from lib.response.landmark.table import landmark_table
from lib.response.rate import EVALUABLE, INFUSED
from lib.response.state import MONTHS, Landmark, states_of, usual_landmarks

DENOMINATORS: Final = {INFUSED: "All infused", EVALUABLE: "Evaluable", FOLLOWED: "Followed to month 3"}
NAMED: Final = {landmark.label: landmark for landmark in MONTHS}
LAST_DAY, WIDEST = 3650, 180


@dataclass(frozen=True)
class BestOptions:
    """Which responses count."""

    confirmed: bool = flag(
        False, "Confirmed",
        help="IMWG asks for two consecutive assessments: the best level that both reach. Rates of best response follow it; time to response does not.",
    )  # fmt: skip


@dataclass(frozen=True)
class RateOptions(BestOptions):
    """Whom the rates are of."""

    denominator: str = choice(
        INFUSED,
        DENOMINATORS,
        "Denominator",
        help="Whom the figure counts; the table shows every denominator that differs.",
    )


@dataclass(frozen=True)
class LandmarkOptions:
    """At which landmarks responses are looked at."""

    landmarks: tuple[str, ...] = several(
        None, tuple(NAMED), "Landmarks", usual=lambda analysis, _: tuple(each.label for each in analysis.result(_usual)),
        help="At first those at which at least half of the patients who had not failed before were assessed.",
    )  # fmt: skip
    own_landmark: float | None = number(None, "Own landmark, day", 1, LAST_DAY, none="none")
    own_window: float = number(14, "± days", 0, WIDEST, only_with=("own_landmark", ANY))
    carried: bool = flag(
        False, "Carry the last response forward", help="To landmarks without an assessment, of whoever is free of progression. The number is said.",
    )  # fmt: skip


def _usual(analysis: Analysis) -> tuple[Landmark, ...]:
    return usual_landmarks(analysis.opened)


def _best(analysis: Analysis, confirmed: bool) -> BestResponse:
    return best_response(analysis.selected, analysis.grouping, confirmed)


def best(analysis: Analysis, options: BestOptions) -> BestResponse:
    """The best response of each selected patient, computed once for all exhibits that show it."""
    found: BestResponse = analysis.result(_best, options.confirmed)
    return found


def _chosen(analysis: Analysis, options: LandmarkOptions) -> tuple[Landmark, ...]:
    own = options.own_landmark
    added = (Landmark(f"Day {own:g}", own, options.own_window),) if own is not None else ()
    return (*(NAMED[name] for name in options.landmarks), *added) or analysis.result(_usual)


def _at_landmarks(analysis: Analysis, chosen: tuple[Landmark, ...], carried: bool) -> LandmarkResult:
    return landmark_responses(analysis.selected, analysis.grouping, chosen, carried)


def at_landmarks(analysis: Analysis, options: LandmarkOptions) -> LandmarkResult:
    """The responses of the selected patients at these landmarks."""
    found: LandmarkResult = analysis.result(_at_landmarks, _chosen(analysis, options), options.carried)
    return found


def _rates(analysis: Analysis, options: RateOptions) -> Exhibit:
    return rates_figure(best(analysis, options), options.denominator)


def _table(analysis: Analysis, options: BestOptions) -> Exhibit:
    return best_table(best(analysis, options))


def _landmark(analysis: Analysis, options: LandmarkOptions) -> Exhibit:
    return landmark_figure(at_landmarks(analysis, options), states_of(analysis.opened))


def _landmark_table(analysis: Analysis, options: LandmarkOptions) -> Exhibit:
    return landmark_table(at_landmarks(analysis, options))


def _flow(analysis: Analysis, options: LandmarkOptions) -> Exhibit:
    found = at_landmarks(analysis, options)
    return flow_figure(found, flow(found), states_of(analysis.opened))


def _depth(analysis: Analysis, _options: object) -> Exhibit:
    return depth_figure(depth(analysis.selected, analysis.grouping), analysis.opened.n_opened, responses(analysis))


def responses(analysis: Analysis) -> tuple[str, ...]:
    """The responses of the opened cohort, the best first."""
    return analysis.opened.vocabulary.get("response", ())


def markers(analysis: Analysis) -> dict[str, str]:
    """The markers of disease that Labs holds, with their labels."""
    return {each.slug: each.label for each in marker_series(analysis.opened)}


def _change(analysis: Analysis, slug: str) -> ChangeResult:
    series = next(each for each in marker_series(analysis.opened) if each.slug == slug)
    return marker_change(analysis.selected, series, analysis.grouping)


def _waterfall(analysis: Analysis, slug: str, _options: object) -> Exhibit:
    return waterfall_figure(analysis.result(_change, slug), responses(analysis))


def _spider(analysis: Analysis, slug: str, _options: object) -> Exhibit:
    return spider_figure(analysis.result(_change, slug))


_of_responses = partial(ExhibitSpec, needs="responses")
RATES: Final = _of_responses("response.rates", "Response rates", build=_rates, options=RateOptions)
BEST: Final = _of_responses("response.best", "Best response", build=_table, options=BestOptions)
LANDMARK: Final = _of_responses("response.landmark", "Response at landmarks", build=_landmark, options=LandmarkOptions)
LANDMARK_TABLE: Final = _of_responses(
    "response.landmark.table", "Response at landmarks, table", build=_landmark_table, options=LandmarkOptions
)
FLOW: Final = _of_responses(
    "response.flow", "Flows between landmarks", build=_flow, options=LandmarkOptions, when=lambda *of: len(at_landmarks(*of).landmarks) > 1,
)  # fmt: skip
DEPTH: Final = _of_responses("response.depth", "Depth of response over time", build=_depth)
WATERFALL: Final = _of_responses("response.waterfall.{marker}", "Waterfall plot", build=_waterfall, variants=markers)
SPIDER: Final = _of_responses("response.spider.{marker}", "Spider plot", build=_spider, variants=markers)
RESPONSE: Final = (RATES, BEST, LANDMARK, LANDMARK_TABLE, FLOW, DEPTH, WATERFALL, SPIDER)
