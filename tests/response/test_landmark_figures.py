"""The figures at landmarks: bars of 100 %, labels that fit, flows that lose nobody, charts that do not follow the
selection."""

import json
from functools import cache

import pytest
from golden.cohorts import by, example, nobody, selected, synthetic

from lib.publication.exhibit import standalone
from lib.response.at_landmarks import landmark_responses
from lib.response.flows import GAP, LEAST_BETWEEN, POINTS, flow, flow_chart, flow_figure, node_half
from lib.response.landmark_bars import bars_chart, landmark_figure
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
    assert labels == {"CR": "CR 2 (25 %)", "VGPR": "VGPR 4 (50 %)", "Not assessed": "Not assessed 2 (25 %)"}
    narrow = landmark_figure(example_landmarks(), STATES, 380).tables["part"]
    assert "n.a. 2" in set(narrow["label"]) and "Not assessed 2 (25 %)" not in set(narrow["label"])


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


SOME = ("CR", "PD", "Failed before", "Not assessed")


def test_heights_follow_landmarks_and_groups():
    sizes = (((2, 1), 1), ((5, 1), 1), ((5, 1), 3))
    heights = [bars_chart(bars, SOME, (60, lines), 760)["height"] for bars, lines in sizes]
    assert heights == sorted(set(heights))
    assert flow_chart(3, SOME, 2, 760)["height"] > flow_chart(3, SOME, 1, 760)["height"]


def test_states_have_one_legend():
    colours = [
        layer["encoding"]["color"]
        for layer in flow_chart(3, SOME, 2, 760)["layer"]
        if layer["encoding"].get("color", {}).get("field") == "state"
    ]
    assert len(colours) == 2 and sum(colour["legend"] is not None for colour in colours) == 1


def test_the_key_has_as_many_columns_as_there_is_room_for():
    legends = [
        next(
            layer["encoding"]["color"]["legend"]
            for layer in flow_chart(3, SOME, 2, width)["layer"]
            if layer["encoding"].get("color", {}).get("legend")
        )
        for width in (760, 320)
    ]
    assert [legend["columns"] for legend in legends] == [4, 2] and all(
        legend["orient"] == "bottom" for legend in legends
    )


def test_nodes_are_as_wide_with_many_landmarks():
    assert node_half(5) / node_half(2) > 3


def test_nobody_flows():
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
