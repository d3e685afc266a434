"""The figures at landmarks: bars of 100 %, labels that fit, bands from node to node, charts that do not follow the selection."""

import json
from functools import cache

import pytest
from golden.cohorts import by, example, nobody, selected

from lib.publication.exhibit import standalone
from lib.response.landmark.figure import POINTS, flow_figure, landmark_figure
from lib.response.landmark.flow import flow
from lib.response.landmark.result import landmark_responses
from lib.response.state import states_of
from response.made import example_landmarks

STATES = states_of(example())


@cache
def figures(*where, nothing=False):
    opened = nobody(example()) if nothing else selected(example(), *where)
    result = landmark_responses(opened, by(example()))
    return landmark_figure(result, STATES), flow_figure(result, flow(result), STATES)


def test_every_bar_is_all_infused():
    part = figures()[0].tables["part"]
    assert part.groupby(["landmark", "group"])["end"].max().tolist() == pytest.approx([100.0] * 10)
    assert "Not assessed" in set(part["state"]) and "Failed before" in set(part["state"])


def test_labels_say_state_number_and_share_where_there_is_room():
    part = figures()[0].tables["part"]
    labels = (
        part[(part["landmark"] == "Month 3") & (part["group"] == "Pomalidomide")].set_index("state")["label"].to_dict()
    )
    assert labels == {"CR": "CR 2 (25 %)", "VGPR": "VGPR 4 (50 %)", "Not assessed": "n.a. 2 (25 %)"}


def test_bands_begin_and_end_at_their_nodes():
    shown = figures()[1].tables
    bands, first = shown["ribbon"], flow(example_landmarks()).ribbons.iloc[0]
    one = bands[bands["ribbon"] == 0]
    assert len(one) == POINTS and one["top"].iloc[0] == first["top_0"] and one["bottom"].iloc[-1] == first["bottom_1"]
    assert shown["column"]["label"].tolist() == ["Month 1", "Month 2", "Month 3", "Month 6", "Month 12"]


def test_the_charts_are_the_same_whoever_is_selected():
    made = [figures(), figures("emd=yes"), figures(nothing=True)]
    for which in (0, 1):
        assert len({json.dumps(pair[which].chart) for pair in made}) == 1
        json.dumps(standalone(made[2][which]))


def test_no_patient_id_is_in_the_tables():
    assert all("patient" not in table.columns for figure in figures() for table in figure.tables.values())
