"""A report of patients selected by their course: who they are, and that survival from time zero says that it is
biased."""

import json

from golden.cohorts import EXAMPLE

from lib.__main__ import CLEAN, main

SOME = ("survival.os*", "landmark.os*", "time_dependent.os*", "time_zero.*", "cumulative_incidence.*")
TIME_TO_EVENT = ("survival.", "landmark.", "time_dependent.", "time_zero.", "cumulative_incidence.")


def test_where_speaks_of_the_course(tmp_path):
    where = ("--where", "response>=CR", "--where", "not detectable at day 150|?")
    only = [part for pattern in SOME for part in ("--only", pattern)]
    assert main(["report", str(EXAMPLE), "--out", str(tmp_path), "--formats", "", *where, *only]) == CLEAN
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    reported, late = (
        results["provenance"],
        ["response CR or better", "CAR copies not detectable at day 150 ± 15 (blood, qPCR, copies/µg DNA)"],
    )
    assert (reported["n"], reported["of"], reported["selected_after_infusion"]) == (4, 16, late)
    assert reported["selection"] == f"{late[0]}; {late[1]}, 4 not known (no sample near that day) kept"
    timed = [
        each
        for each in results["exhibits"]
        if each["id"].startswith(TIME_TO_EVENT) and not each["id"].endswith(".dropped")
    ]
    assert len(timed) > 10 and {each["id"].partition(".")[0] + "." for each in timed} == set(TIME_TO_EVENT)
    assert not [
        each["id"]
        for each in timed
        if not any("immortal-time bias" in said for said in (*each["warnings"], *each["notes"]))
    ]
