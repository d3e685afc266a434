"""The heat map's cells: nothing is hidden, order by depth, marks of death and other treatment."""

import pandas as pd
from golden.cohorts import by, example, nobody, selected

from lib.response.depth.result import depth, period_of
from response.made import assessed, made


def test_nobody_and_no_assessments():
    nothing = depth(nobody(example()), by(example()))
    assert nothing.n == 0 and nothing.cells.empty and nothing.marks.empty


def test_days_belong_to_the_nearest_month():
    days = pd.Series([1.0, 28.0, 45.0, 46.0, 91.0, 107.0, 183.0, 198.0, 365.0, 381.0, 5000.0])
    assert period_of(days).tolist() == [0, 0, 0, 1, 2, 3, 3, 4, 5, 6, 9]


def test_best_on_top_then_who_had_it_first():
    patients = depth(selected(example()), by(example())).patients
    assert patients["patient"].tolist()[8:] == ["P1", "P6", "P2", "P3", "P4", "P5", "P7", "P8"]
    assert patients["row"].tolist() == list(range(16))


def test_several_in_a_period_stand_side_by_side():
    cells = depth(selected(example()), by(example())).cells
    assert len(cells) == len(example().responses) and cells.loc[cells["patient"] == "C1", ["state", "place", "n"]].to_numpy().tolist() == [["PR", 0, 2], ["PD", 1, 2]]  # fmt: skip
    assert not cells["after"].any()


def test_what_comes_after_progression_is_marked():
    opened = selected(
        made({"A": ["a1", "a2"]}, assessed(("a1", 20, "PD"), ("a1", 60, "CR", "negative"), ("a2", None, "CR")))
    )
    found = depth(opened, by(opened, "-"))
    assert found.cells["after"].tolist() == [False, True] and found.cells["negative"].tolist() == [False, True]
    assert found.n == 2 and found.n_undated == 1
