"""Flows: nobody is lost between two landmarks, and ribbons fill their nodes."""

import pytest
from golden.cohorts import by, example, nobody, selected, synthetic

from lib.response.landmark.flow import GAP, LEAST_BETWEEN, flow
from lib.response.landmark.result import landmark_responses
from response.made import example_landmarks


def test_nobody():
    nothing = flow(landmark_responses(nobody(example()), by(example())))
    assert nothing.nodes.empty and nothing.ribbons.empty


@pytest.fixture(scope="module")
def sixty():
    opened = selected(synthetic())
    return flow(landmark_responses(opened, by(opened)))


def test_ribbons_and_nodes_have_the_same_patients(sixty):
    for slot in (0, 1, 2):
        nodes, ribbons = (rows[rows["slot"] == slot] for rows in (sixty.nodes, sixty.ribbons))
        for number in range(4):
            leave = ribbons[ribbons["landmark"] == number].groupby("start")["n"].sum()
            arrive = ribbons[ribbons["landmark"] == number].groupby("end")["n"].sum()
            assert leave.to_dict() == nodes[nodes["landmark"] == number].set_index("state")["n"].to_dict()
            assert arrive.to_dict() == nodes[nodes["landmark"] == number + 1].set_index("state")["n"].to_dict()


def test_widths_are_shares_and_panels_do_not_meet(sixty):
    nodes = sixty.nodes
    assert ((nodes["bottom"] - nodes["top"]) - 100 * nodes["n"] / nodes["of"]).abs().max() < 1e-9
    ends = nodes.groupby("slot")["bottom"].max()
    assert all(ends[slot] < sixty.panel_tops[slot + 1] for slot in (0, 1))


def test_labels_of_a_column_do_not_overlap(sixty):
    between = sixty.nodes.groupby(["slot", "landmark"])["label_at"].diff().dropna()
    assert between.min() >= LEAST_BETWEEN - 1e-9
    gaps = flow(example_landmarks()).nodes.groupby(["slot", "landmark"])["top"].first()
    assert set(gaps.round(6)) == {0.0, round(flow(example_landmarks()).panel_tops[1], 6)} and GAP > 0
