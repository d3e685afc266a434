"""Charts at landmarks: height by rows or panels, one legend."""

from lib.response.landmark.chart import bars_chart, flow_chart, node_half

STATES = ("CR", "PD", "Failed before", "Not assessed")


def test_heights_follow_landmarks_and_groups():
    assert bars_chart(5, STATES, ("#1",))["height"] > bars_chart(2, STATES, ("#1",))["height"]
    assert flow_chart(3, STATES, ("#1", "#2"))["height"] > flow_chart(3, STATES, ("#1",))["height"]


def test_states_have_one_legend():
    colours = [layer["encoding"]["color"] for layer in flow_chart(3, STATES, ("#1", "#2"))["layer"] if layer["encoding"].get("color", {}).get("field") == "state"]  # fmt: skip
    assert len(colours) == 2 and sum(colour["legend"] is not None for colour in colours) == 1


def test_nodes_are_as_wide_with_many_landmarks():
    assert node_half(5) / node_half(2) > 3
