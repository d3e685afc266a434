"""Thinning: nothing of a small table, evenly spread places of a long one, something of every group."""

import numpy as np
import pandas as pd

from lib.publication.fitting import FEWEST, spread, thinned, thinned_words
from lib.publication.step_curve import LEVELS, MOST_STEPS, at_resolution


def test_places_are_evenly_spread_with_both_ends():
    assert spread(5, 10).tolist() == [0, 1, 2, 3, 4] and spread(0, 3).tolist() == []
    places = spread(1000, 11)
    assert places.tolist() == [0, 100, 200, 300, 400, 500, 599, 699, 799, 899, 999]
    assert spread(10, 1).tolist() == [0]


def test_a_short_table_stays_whole_and_a_small_group_is_never_lost():
    rows = pd.DataFrame({"group": ["a"] * 990 + ["b"] * 10, "number": range(1000)})
    assert thinned(rows, 1000, "group") is rows
    some = thinned(rows, 100, "group")
    assert some["group"].value_counts().to_dict() == {"a": 99, "b": FEWEST}
    assert some["number"].is_monotonic_increasing and {0, 989, 990, 999} <= set(some["number"])
    assert len(thinned(rows, 100)) == 100


def test_rows_without_a_group_are_rows_too():
    rows = pd.DataFrame({"group": [None] * 500 + ["a"] * 500})
    assert thinned(rows, 10, "group")["group"].isna().sum() == 5


def test_words_only_where_something_is_missing():
    assert thinned_words(5, 5, "lanes drawn") == ""
    assert thinned_words(270, 10_000, "lanes drawn") == "270 of 10,000 lanes drawn."


def test_a_long_curve_keeps_its_ends_and_every_height_that_can_be_told_apart():
    n = 5000
    survival = np.linspace(1, 0.2, n)
    curve = pd.DataFrame(
        {
            "group": "a",
            "time": np.arange(n, dtype=float),
            "survival": survival,
            "low": survival - 0.01,
            "high": survival + 0.01,
        }
    )
    shown = at_resolution(curve, "survival", ["group"])
    assert len(shown) <= LEVELS and shown["time"].iloc[[0, -1]].tolist() == [0, n - 1]
    nearest = np.searchsorted(shown["time"], curve["time"], side="right") - 1
    assert np.abs(shown["survival"].to_numpy()[nearest] - survival).max() <= 1 / LEVELS
    short = curve.head(MOST_STEPS)
    assert at_resolution(short, "survival", ["group"]) is short
