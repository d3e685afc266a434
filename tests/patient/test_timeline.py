"""The timeline as tables: units, ticks, what is drawn how."""

from functools import cache

import pytest

from lib.patient.course import course
from lib.patient.timeline import timeline_chart, timeline_figure, timeline_unit
from lib.patient.timeline_lanes import timeline
from patient.cases import case, case_course, one


def figure(seen=None, unit=""):
    return timeline_figure(timeline(seen), seen, unit) if seen else of_case(unit)


@cache
def of_case(unit):
    return timeline_figure(timeline(case_course()), case_course(), unit)


def test_the_chart_is_the_same_for_everybody():
    assert (
        figure().chart == figure(course(one(), "a1")).chart == timeline_chart(760, 21)
        and "datasets" not in figure().chart
    )


def test_every_entry_is_drawn_once_and_labelled_once():
    tables = figure().tables
    drawn = [len(tables[name]) for name in ("bar", "state", "symbol", "visit", "infusion")]
    assert sum(drawn) == sum(len(tables[name]) for name in ("within", "beside", "before")) == len(tables["entry"]) == 16
    assert drawn[4] == 3 and list(tables["state"]["state"]) == ["VGPR"] and list(tables["visit"]["state"]) == ["MR"]


@pytest.mark.parametrize(
    ("unit", "infusion", "title"),
    [("months", -179 / 30.4375, "Months"), ("days", -179, "Days"), ("years", -179 / 365.25, "Years")],
)
def test_units(unit, infusion, title):
    tables = figure(unit=unit).tables
    assert tables["rule"]["start"].iloc[1] == pytest.approx(infusion) and 0.0 in set(tables["tick"]["at"])
    assert tables["axis"]["text"].iloc[0] == f"{title} since infusion 3" and len(tables["tick"]) <= 14


def test_the_unit_fits_the_length_of_the_course():
    assert timeline_unit(timeline(case_course())) == "months" and timeline_unit(timeline(course(one(), "a1"))) == "days"
    old = one(therapies=[{"kind": "prior line", "therapy": "X", "start_day": -5000}])
    assert timeline_unit(timeline(course(old, "a1"))) == "years"


def test_day_0_moves_with_the_origin_and_nothing_else():
    first, last = (figure(case_course(origin=number)).tables["entry"] for number in (1, 3))
    assert (first["start"] - last["start"]).round(6).nunique() == 1 and list(first["row"]) == list(last["row"])


def test_words_and_ids():
    made = figure()
    assert "VGPR, MRD negative" in made.alt and made.n == 1
    assert all(
        "LEN-01" not in str(value)
        for table in made.tables.values()
        for name, column in table.items()
        if name != "patient"
        for value in column
    )
    assert {row[0] for row in made.numbers.rows} == {"LEN-01"} and case().study.synthetic
