"""Marks at nearly the same time stand above one another; those at the end of a lane stay in the middle."""

import pandas as pd

from lib.swimmer.lift import lifted


def at(*rows):
    return lifted(pd.DataFrame(rows, columns=["patient", "kind", "time"]), 100)


def test_who_is_alone_stays_in_the_middle_and_two_part():
    assert at(("a", "x", 1), ("a", "y", 50), ("b", "y", 1)) == [0, 0, 0]
    assert at(("a", "x", 1), ("a", "y", 2)) == [-1, 1]
    assert at(("a", "x", 1), ("a", "y", 2), ("a", "z", 2.5)) == [-1, 1, 0]


def test_progression_and_death_are_not_moved_what_lies_under_them_is():
    assert at(("a", "x", 10), ("a", "Progression", 10), ("a", "Death", 10)) == [-1, 0, 0]
    assert lifted(pd.DataFrame({"patient": [], "kind": [], "time": []}), 1) == []
