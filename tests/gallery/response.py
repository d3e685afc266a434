"""Rates, landmarks, flows, heat map, waterfall and spider of 5, 16, 60 and (where a patient is a row) 300 patients."""

from golden.cohorts import by, example, selected
from response.made import with_m_protein

from gallery.picture import ONE_COLUMN_MM, Picture
from lib.cohort.model import Cohort
from lib.publication.exhibit import Figure
from lib.response.at_landmarks import landmark_responses
from lib.response.best_response import best_response
from lib.response.depth import depth, depth_figure
from lib.response.flows import flow, flow_figure
from lib.response.landmark_bars import landmark_figure
from lib.response.marker_change import marker_change
from lib.response.marker_series import marker_series
from lib.response.response_rates import rates_figure
from lib.response.spider import spider_figure
from lib.response.state import states_of, usual_landmarks
from lib.response.waterfall import waterfall_figure

EVERY = ("rates", "landmark", "flow", "depth", "waterfall.m_protein", "spider.m_protein")


def pictures() -> list[Picture]:
    shown = [*_pictures(example(), "16", EVERY[:4])]
    shown += _pictures(with_m_protein(5), "5", ("landmark", "flow", "depth", *EVERY[4:]))
    shown += _pictures(with_m_protein(60), "60", EVERY)
    return shown + _pictures(with_m_protein(300), "300", ("depth", "waterfall.m_protein"))


def _pictures(opened: Cohort, size: str, wanted: tuple[str, ...]) -> list[Picture]:
    cohort, grouping = selected(opened), by(opened)
    made = {figure.id.removeprefix("response."): figure for figure in _figures(cohort, opened)}
    return [
        Picture(f"response.{name}_{size}", made[name], cohort, grouping, ONE_COLUMN_MM if size in ("5", "300") else 112)
        for name in wanted
    ]


def _figures(cohort: Cohort, opened: Cohort) -> list[Figure]:
    grouping, states, responses = by(opened), states_of(opened), opened.vocabulary["response"]
    landmarks = landmark_responses(cohort, grouping, usual_landmarks(opened))
    changes = [marker_change(cohort, series, grouping) for series in marker_series(opened)[:1]]
    return [
        rates_figure(best_response(cohort, grouping)), landmark_figure(landmarks, states), flow_figure(landmarks, flow(landmarks), states),
        depth_figure(depth(cohort, grouping), opened.n_opened, responses),
        *(figure for each in changes for figure in (waterfall_figure(each, responses), spider_figure(each))),
    ]  # fmt: skip
