"""Round times and the numbers under step curves."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.stats.risk_sets import MOST_TICKS, NEAR, axis_ticks, counts_at


@pytest.mark.parametrize("unit", ["days", "weeks", "months"])
@pytest.mark.parametrize("longest", [0, 0.3, 5, 31, 60.5, 730, 20_000])
def test_ticks_are_few_round_and_reach_the_last_observation(unit, longest):
    ticks = axis_ticks(np.array([longest, longest / 2]), unit)
    assert 2 <= len(ticks) <= MOST_TICKS and ticks[0] == 0
    assert ticks[-1] + ticks[1] > longest and (ticks[-1] <= longest + NEAR * ticks[1] or len(ticks) == 2)
    assert np.allclose(np.diff(ticks), ticks[1])
    assert len(axis_ticks(np.array([]), unit)) <= MOST_TICKS


@pytest.mark.parametrize(("longest", "end"), [(31, 30), (35.2, 36), (36, 36), (0.2, 1)])
def test_the_axis_is_rounded_up_to_a_tick_only_when_that_is_near(longest, end):
    assert axis_ticks(np.array([longest]), "months")[-1] == end


def test_late_entry_is_not_at_risk_before_it():
    table = pd.DataFrame({"group": "A", "time": [5.0, 9.0], "entry": [0.0, 3.0], "event": [1.0, 0.0]})
    assert counts_at(table, ("A",), (0.0, 3.0, 4.0, 6.0))["at_risk"].tolist() == [1, 1, 2, 1]


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 12), st.booleans(), st.sampled_from("AB")), max_size=20),
    st.lists(st.integers(0, 25), min_size=1, max_size=5, unique=True),
)
def test_with_late_entry_the_four_counts_add_up_at_any_time(drawn, times):
    rows = [(group, float(entry), float(entry + more), float(event)) for entry, more, event, group in drawn]
    table = pd.DataFrame(rows, columns=["group", "entry", "time", "event"])
    counts = counts_at(table, ("A", "B"), tuple(map(float, sorted(times))))
    for name, mine in counts.groupby("group"):
        total = mine[["at_risk", "censored", "events", "not_entered"]].sum(axis=1)
        assert (total == (table["group"] == name).sum()).all()
        assert (mine["not_entered"].diff().dropna() <= 0).all()
    assert not (counts["not_entered"] > 0).any() or (table["entry"] > 0).any()
