"""The example data of ggswim, swimplot and ggswimlane, read through their mappings, with the numbers of their own
sheets."""

from functools import cache
from pathlib import Path

from golden.cohorts import by, selected

from lib.intake.draft import read_files
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import from_json
from lib.swimmer.lanes import lanes
from lib.swimmer.options import STATE, SwimmerOptions
from lib.swimmer.plot import swimmer_figure
from swimmer.test_lanes import check

TESTS = Path(__file__).parents[1]


@cache
def opened(name: str):
    mapping = from_json((TESTS / "mappings" / f"{name}.json").read_text(encoding="utf-8"))
    return read_files([SourceFile(name, (TESTS / "public_data" / name).read_bytes())], mapping)


def drawn(name: str, grouping: str, colour: str = ""):
    made = opened(name)
    return lanes(selected(made), by(made, grouping), "months", SwimmerOptions(colour=colour))


def test_ggswim_with_its_states_before_the_infusion_re_infusions_and_arrows():
    found = drawn("ggswim.xlsx", "-")
    check(found)
    assert len(found.lanes) == 15 and found.lanes["start"].min() == -6.3
    assert set(found.segments["state"]) == {"CR", "CRi", "RD", "CR/CRi + B Cell Aplasia", "CR/CRi + B Cell Recovery"}
    kinds = found.marks["kind"].value_counts().to_dict()
    assert kinds == {"Infusion": 15, "Re-infusion": 18, "Ongoing": 8, "Last contact": 6, "Death": 1}
    ended = {"01", "02", "03", "05", "06", "08", "12"}  # those whom its sheet of ends names have no arrow
    assert set(found.marks.loc[found.marks["kind"] == "Ongoing", "patient"]) == set(found.lanes["patient"]) - ended
    eighth = found.segments[found.segments["patient"] == "08"]
    assert eighth[["start", "end"]].round(1).values.tolist() == [[-6.3, -0.2], [-0.2, 8.8], [8.8, 11.7]]
    assert (found.gaps.backwards, found.gaps.overlapping) == (
        7,
        2,
    )  # rows of its sheet that end before they begin, or overlap


def test_swimplot_with_arms_that_change_and_responses_with_gaps():
    found = drawn("swimplot_clinicaltrial.xlsx", "arm", STATE + "Arm")
    check(found)
    second = found.segments[found.segments["patient"] == "2"]
    assert second[["state", "start", "end"]].values.tolist() == [
        ["Arm A", 0, 2],
        ["Off Treatment", 2, 10],
        ["Arm A", 10, 15.45],
    ]
    assert found.marks["kind"].value_counts()[["Ongoing", "Death"]].tolist() == [7, 2]
    legend = swimmer_figure(found, selected(opened("swimplot_clinicaltrial.xlsx"))).tables["segment"]["state"]
    assert set(legend) == {"Arm A", "Arm B", "Off Treatment"}
    responses = drawn("swimplot_clinicaltrial.xlsx", "arm")
    check(responses)
    fifth = responses.segments[responses.segments["patient"] == "5"]
    assert fifth[["state", "start", "end"]].round(2).values.tolist() == [
        ["CR", 0, 4.69],
        ["PR", 4.69, 5.25],
        ["CR", 6, 7.44],
    ]


def test_ggswimlane_with_the_reasons_for_leaving_as_events():
    found = drawn("ggswimlane.xlsx", "arm")
    check(found)
    kinds = found.marks["kind"].value_counts()
    assert (kinds["First response"], kinds["Disease progression"], kinds["Completed"]) == (9, 5, 3)
