"""The tables that the swimmer figure carries."""

import pytest
from golden.cohorts import arms, by, cohort, example, follow_up, nobody, selected, synthetic

from lib.swimmer.captions import headline
from lib.swimmer.lanes import lanes
from lib.swimmer.options import SwimmerOptions
from lib.swimmer.plot import swimmer_figure


def figure(made, grouping="arm", *filters, **options):
    part = selected(made, *filters)
    return swimmer_figure(lanes(part, by(made, grouping), "months", SwimmerOptions(**options)), part)


def test_strips_are_group_emd_and_risk_without_the_grouping_itself():
    tables = figure(example()).tables
    assert [tables[f"strip_head_{place}"]["text"].item() for place in range(3)] == ["Arm", "EMD", "High risk"]
    assert tables["strip_1"]["value"].value_counts().to_dict() == {"no": 9, "yes": 7}
    by_emd = figure(example(), "emd").tables
    assert [by_emd[f"strip_head_{place}"]["text"].item() for place in range(2)] == [
        "Extramedullary disease",
        "High risk",
    ]
    assert "strip_head_2" not in by_emd
    assert figure(example(), "-").tables["strip_head_0"]["text"].item() == "EMD"


def test_missing_values_leave_a_strip_empty():
    missing = selected(synthetic()).patients["emd"].isna().sum()
    assert len(figure(synthetic()).tables["strip_1"]) == 60 - missing < 60
    assert figure(synthetic()).caption.endswith("Nothing at the left: not stated.")
    assert "not stated" not in figure(example()).caption


def test_headers_count_and_say_how_many_are_left():
    assert figure(example()).tables["header"]["text"].tolist() == ["Control (8)", "Pomalidomide (8)"]
    assert figure(example(), "arm", "emd=yes").tables["header"]["text"].tolist() == [
        "Control (2 of 8)",
        "Pomalidomide (5 of 8)",
    ]
    assert len(figure(example(), grouped=False).tables["header"]) == 0


def test_everything_stands_in_the_row_of_its_patient():
    tables = figure(synthetic()).tables
    row_of = dict(zip(tables["lane"]["patient"], tables["lane"]["row"], strict=True))
    for name in ("segment", "therapy", "mark"):
        assert tables[name]["row"].tolist() == [row_of[patient] for patient in tables[name]["patient"]]
    assert len(row_of) == 60


def test_carried_on_states_say_so():
    segments = figure(example()).tables["segment"]
    assert set(segments["how"]) <= {"assessed", "carried on after the last assessment"}
    assert segments["facts"].str.contains("Age: ").all()


def test_the_headline_counts_how_lanes_end():
    assert headline(lanes(selected(example()), by(example()), "months")) == (
        "Of 16 patients, 12 progressed; 10 died, 3 alive and followed to the data cut-off, 3 last seen alive before it.",
        "Formed after infusion: groups not comparable at infusion.")  # fmt: skip


def test_nobody_and_one_patient():
    empty = swimmer_figure(lanes(nobody(example()), by(example()), "months"), nobody(example()))
    assert len(empty.tables["lane"]) == len(empty.data) == 0 and empty.n == 0
    assert (
        headline(lanes(nobody(example()), by(example()), "months"))[0]
        == "Of 0 patients, 0 progressed; nobody was followed."
    )
    single = figure(cohort(arms(A=["a1"]), endpoints=follow_up("os", a1=(0, 1))))
    assert single.tables["tick"]["time"].tolist() == [0, 1]


def test_notes_tell_what_is_not_drawn():
    made = cohort(
        arms(A=["a1", "a2", "a3"]), endpoints=[*follow_up("os", a1=(2, 0)), *follow_up("ttp", a2=(3, 0))],
        responses=[{"patient_id": "a1", "day": day, "response": "PR"} for day in (-5, 30, 200)],
        therapies=[{"patient_id": "a1", "kind": "maintenance", "start_day": 20}],
    )  # fmt: skip
    assert figure(made).notes == (
        "1 of 3 not drawn: no follow-up time recorded.",
        "1 assessment before the infusion not drawn.",
        "1 state or course beginning after the end of follow-up not drawn.",
        "1 lane without overall survival: drawn to the end of the longest other endpoint.",
        "1 course of maintenance or bridging without a stated end: drawn to the end of follow-up (bridging: to the infusion).",
    )
    assert figure(example()).notes == ()


def test_numbers_hold_one_row_a_lane():
    found = figure(example())
    names = [name for name, _ in found.numbers.columns]
    rows = {row[0]: dict(zip(names, row, strict=True)) for row in found.numbers.rows}
    assert len(rows) == 16
    assert rows["P5"] == {"patient": "P5", "group": "Pomalidomide", "end": 15.6, "status": "Death", "best_response": "VGPR",
                          "first_response": pytest.approx(28 / 30.4375), "progression": 9.7, "reason": None, "start": 0.0}  # fmt: skip
    assert rows["P2"]["progression"] is None


def test_the_data_behind_the_figure_hold_all_that_is_drawn():
    found = figure(example())
    drawn = sum(len(found.tables[name]) for name in ("lane", "segment", "therapy", "mark"))
    assert len(found.data) == drawn
    assert set(found.data["what"]) == {"follow-up", "response", "maintenance", "event"}
