"""The tables that the swimmer figure carries."""

import pytest
from golden.cohorts import arms, by, cohort, example, follow_up, nobody, selected, synthetic

from lib.cohort.grouping import FORMED_LATE
from lib.swimmer.drawing import AFTER_PROGRESSION
from lib.swimmer.lanes import lanes
from lib.swimmer.layout import headline
from lib.swimmer.options import SwimmerOptions
from lib.swimmer.plot import swimmer_figure


def figure(made, grouping="arm", *filters, **options):
    part = selected(made, *filters)
    return swimmer_figure(lanes(part, by(made, grouping), "months", SwimmerOptions(**options)), part)


def test_strips_are_emd_and_risk_without_the_grouping_and_the_group_where_lanes_are_not_grouped():
    grouped = figure(example()).tables
    assert [grouped[f"strip_head_{place}"]["text"].item() for place in range(2)] == ["EMD", "High risk"]
    assert "strip_2" not in grouped and "Arm" not in set(grouped["key"]["label"])
    tables = figure(example(), grouped=False).tables
    assert {"Arm", "Control", "Pomalidomide"} <= set(tables["key"]["label"])
    assert [tables[f"strip_head_{place}"]["text"].item() for place in range(3)] == ["Arm", "EMD", "High risk"]
    assert tables["strip_1"]["value"].value_counts().to_dict() == {"no": 9, "yes": 7}
    by_emd = figure(example(), "emd").tables
    assert by_emd["strip_head_0"]["text"].item() == "High risk" and "strip_1" not in by_emd
    assert figure(example(), "-").tables["strip_head_0"]["text"].item() == "EMD"


def test_missing_values_leave_a_strip_empty():
    missing = selected(synthetic()).patients["emd"].isna().sum()
    assert len(figure(synthetic()).tables["strip_0"]) == 60 - missing < 60
    assert figure(synthetic()).caption.endswith("No square at the left: not stated.")
    assert "No square" not in figure(example()).caption


def test_headers_count_and_say_how_many_are_left():
    assert figure(example()).tables["header"]["text"].tolist() == ["Control (8)", "Pomalidomide (8)"]
    assert figure(example(), "arm", "emd=yes").tables["header"]["text"].tolist() == [
        "Control (2 of 8)",
        "Pomalidomide (5 of 8)",
    ]
    assert len(figure(example(), grouped=False).tables["header"]) == 0


def test_everything_stands_in_the_row_of_its_patient():
    tables = figure(synthetic()).tables
    lane = tables["lane"].set_index("patient")
    assert lane["top"].is_unique and (lane["bottom"] - lane["top"]).round(6).nunique() == 1
    for name, field in (("segment", "top"), ("therapy", "under"), ("mark", "mark_y")):
        middle = tables[name]["patient"].map(lane["middle_y"])
        assert ((tables[name][field] - middle).abs() <= lane["middle_y"].sort_values().diff().min() / 2).all(), name
    assert len(lane) == 60


def test_extended_states_say_so_and_are_paler():
    made = cohort(
        arms(A=["a1"]),
        endpoints=[*follow_up("os", a1=(9, 0)), *follow_up("ttp", a1=(5, 0))],
        responses=[{"patient_id": "a1", "day": 28, "response": "PR"}],
    )
    segments = figure(made).tables["segment"]
    assert segments["how"].tolist() == ["PR", "PR (extended to last contact)"]
    assert segments["shade"].tolist() == [1.0, 0.5]
    height = segments["bottom"] - segments["top"]
    assert height[1] < height[0]
    assert figure(made, carried=False).tables["segment"]["how"].tolist() == ["PR"]


def test_after_progression_lanes_are_pale():
    key = figure(example()).tables["key"].set_index("label")
    assert key.loc["After progression", "fill"] == AFTER_PROGRESSION and "PD" not in key.index
    segments = figure(example()).tables["segment"]
    assert set(segments.loc[segments["state"] == "PD", "colour"]) == {AFTER_PROGRESSION}


def test_the_headline_counts_how_lanes_end():
    assert headline(lanes(selected(example()), by(example()), "months")) == (
        "12 of 16 progressed, 10 died.",
        FORMED_LATE,
    )
    said = "Of 16 patients: 10 died, 3 alive at the data cut-off, 3 censored alive before the data cut-off."
    assert said in figure(example()).method and said in figure(example()).alt


def test_the_headline_says_only_what_is_recorded():
    events = {"a1": (2, 1), "a2": (3, 0)}

    def said(*rows, **tables):
        made = cohort(arms(A=["a1", "a2"]), endpoints=list(rows), **tables)
        return headline(lanes(selected(made), by(made), "months"))[0]

    assert (
        said(*follow_up("efs", **events))
        == "2 patients followed; neither progression nor vital status is in this file."
    )
    assert said(*follow_up("os", **events)) == "1 of 2 died."
    assert said(*follow_up("ttp", **events)) == "1 of 2 progressed; vital status is not in this file."
    assert said(*follow_up("pfs", **events)) == "1 of 2 progressed or died; vital status is not in this file."
    assert (
        said(*follow_up("pfs", **events), *follow_up("os", a1=(4, 1)))
        == "1 of 2 progressed, 1 of 1 with survival recorded died."
    )
    assessed = [{"patient_id": "a1", "day": 60, "response": "PD"}]
    assert (
        said(*follow_up("pfs", **events), responses=assessed) == "1 of 2 progressed; vital status is not in this file."
    )


def test_nobody_and_one_patient():
    empty = swimmer_figure(lanes(nobody(example()), by(example()), "months"), nobody(example()))
    assert len(empty.tables["lane"]) == len(empty.data) == 0 and empty.n == 0
    assert headline(lanes(nobody(example()), by(example()), "months"))[0] == "Nobody was followed."
    single = figure(cohort(arms(A=["a1"]), endpoints=follow_up("os", a1=(0, 1))))
    assert single.tables["tick"]["time"].tolist() == [0, 1]


def test_notes_tell_what_is_not_drawn():
    made = cohort(
        arms(A=["a1", "a2", "a3"]),
        endpoints=[*follow_up("os", a1=(2, 0)), *follow_up("ttp", a2=(3, 0))],
        responses=[{"patient_id": "a1", "day": day, "response": "PR"} for day in (-5, 30, 200)],
        therapies=[{"patient_id": "a1", "kind": "maintenance", "start_day": 20}],
    )
    assert figure(made).notes == (
        "1 of 3 not drawn: no follow-up time recorded.",
        "1 assessment before the infusion not drawn.",
        "1 state or course beginning after the end of follow-up not drawn.",
        "1 lane without overall survival: drawn to the end of the longest other endpoint.",
        (
            "1 course of maintenance or bridging without a stated end: drawn to the end of follow-up (bridging: to the"
            " infusion)."
        ),
    )
    assert figure(example()).notes == ()


def test_numbers_hold_one_row_a_lane():
    found = figure(example())
    names = [name for name, _ in found.numbers.columns]
    rows = {row[0]: dict(zip(names, row, strict=True)) for row in found.numbers.rows}
    assert len(rows) == 16
    assert rows["P5"] == {
        "patient": "P5",
        "group": "Pomalidomide",
        "end": 15.6,
        "status": "Death",
        "best_response": "VGPR",
        "first_response": pytest.approx(28 / 30.4375),
        "progression": 9.7,
        "reason": None,
        "start": 0.0,
    }
    assert rows["P2"]["progression"] is None


def test_the_data_behind_the_figure_hold_all_that_is_drawn():
    found = figure(example())
    drawn = sum(len(found.tables[name]) for name in ("lane", "segment", "therapy", "mark"))
    assert len(found.data) == drawn
    assert set(found.data["what"]) == {"follow-up", "response", "maintenance", "event"}
