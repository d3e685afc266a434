"""The log-rank test, within strata and for trend, against R's survdiff, and where there is nothing to compare."""

import numpy as np
import pytest
from golden.reference import DATA_SETS, SEED, arrays, floats, golden, same, survival_data, survival_numbers
from hypothesis import given
from hypothesis import strategies as st

from lib.stats.log_rank import NAME, logrank, stratified_logrank, trend_logrank

MORE = golden("more")["groups"]
TREND = golden("survival_more")["trend"]
CELLS = ("squamous", "smallcell", "adeno", "large")


def groups(*names: str) -> np.ndarray:
    return np.array(names, dtype=object)


@pytest.mark.parametrize("name", (*DATA_SETS, *SEED))
def test_two_groups_are_rs(name):
    found, expected = logrank(*arrays(survival_data(name))), survival_numbers(name)["logrank"]
    assert (found.statistic, found.p, found.df) == (same(expected["chisq"]), same(expected["p"]), 1)
    assert (found.name, found.n) == (NAME, survival_numbers(name)["n"])


def test_four_groups_are_rs():
    rows = survival_data("veteran")
    found, expected = logrank(*arrays(rows.assign(g=rows["celltype"]))), MORE["veteran_celltype"]
    assert (found.statistic, found.p, found.df) == (same(expected["chisq"]), same(expected["p"]), 3)


def test_a_group_gone_before_the_first_event_is_no_degree_of_freedom():
    case = MORE["one_group_gone_before_the_first_event"]
    found = logrank(floats(*case["given"]["time"]), floats(*case["given"]["ev"]), groups(*case["given"]["g"]))
    assert (found.statistic, found.df, found.p) == (same(case["chisq"]), case["df"], same(case["p"]))


def test_nothing_to_compare():
    assert logrank(floats(), floats(), groups()).reason == "fewer than two groups have patients"
    assert logrank(floats(1, 2), floats(1, 1), groups("a", "a")).reason == "fewer than two groups have patients"
    assert logrank(floats(1, 2), floats(0, 0), groups("a", "b")).reason == "no events"
    late = logrank(floats(3, 9), floats(1, 1), groups("a", "b"), floats(0, 5))
    assert late.reason == "the groups are never at risk together"
    apart = logrank(floats(1, 2, 3, 4), floats(0, 0, 1, 1), groups("a", "a", "b", "b"))
    assert apart.reason == "the groups are never at risk together"
    together = logrank(floats(4, 4, 4, 4), floats(1, 1, 1, 1), groups("a", "a", "b", "b"))
    assert together.reason == "all who were at risk had the event at the same time"
    for found in (late, apart, together):
        assert found.p is None and found.statistic is None


def test_an_event_on_the_day_of_infusion_counts():
    found = logrank(floats(0, 2, 0, 4), floats(1, 1, 1, 1), groups("a", "a", "b", "b"))
    assert found.statistic == pytest.approx(3 / 7)  # R 0.429


def test_nobody_entering_late_is_not_late_entry():
    time, event, group = arrays(survival_data("ovarian"))
    assert logrank(time, event, group, np.zeros(len(time))) == logrank(time, event, group)


def test_late_entry_counts_who_is_there():
    found = logrank(floats(2, 3, 4), floats(1, 1, 1), groups("a", "b", "b"), floats(0, 2, 0))
    assert found.statistic == pytest.approx(1)  # at 2 only one a and one b are there: (1 - 1/2)^2 / (1/4); later only b
    assert (found.name, found.n) == (NAME, 3)


def test_stratified_is_rs():
    rows = survival_data("veteran")
    found = stratified_logrank(*arrays(rows), rows["celltype"].to_numpy(object))
    expected = survival_numbers("veteran")["stratified_logrank_celltype"]
    assert (found.statistic, found.df, found.p) == (same(expected["chisq"]), 1, same(expected["p"]))
    assert found.name == "stratified log-rank (Mantel-Cox), 4 strata"


def test_one_stratum_is_the_plain_test():
    time, event, group = arrays(survival_data("lung"))
    found, plain = stratified_logrank(time, event, group, np.full(len(time), None)), logrank(time, event, group)
    assert (found.statistic, found.p) == (pytest.approx(plain.statistic), pytest.approx(plain.p))


def test_patients_alone_in_their_stratum_say_nothing():
    rows = groups("a", "b", "a", "b")
    alone = stratified_logrank(floats(1, 2, 3, 4), floats(1, 1, 1, 1), rows, groups("p", "q", "r", "s"))
    assert alone.reason == "the groups are never at risk together within a stratum"


def test_trends_are_rs():
    rows = survival_data("veteran")
    time, event, cell = arrays(rows.assign(g=rows["celltype"]))
    found = trend_logrank(time, event, cell, CELLS)
    assert (found.statistic, found.df, found.p) == (same(TREND["celltype"]["chisq"]), 1, same(TREND["celltype"]["p"]))
    assert found.name == "log-rank test for trend (scores 1 to 4)"
    found, expected = (
        trend_logrank(time, event, cell, CELLS, stratum=rows["g"].to_numpy(object)),
        TREND["celltype_stratified_by_arm"],
    )
    assert (found.statistic, found.p) == (same(expected["chisq"]), same(expected["p"]))
    rows = survival_data("lung").dropna(subset="ph_ecog")
    time, event, stage = arrays(rows.assign(g=rows["ph_ecog"].astype(int).astype(str)))
    found = trend_logrank(time, event, stage, ("0", "1", "2", "3"))
    assert (found.statistic, found.p) == (same(TREND["lung_ecog"]["chisq"]), same(TREND["lung_ecog"]["p"]))


def test_trend_of_two_groups_is_the_plain_test_whatever_lies_between():
    time, event, group = arrays(survival_data("ovarian"))
    plain = logrank(time, event, group)
    for names in (("rx1", "rx2"), ("rx2", "rx1"), ("rx1", "nobody", "rx2")):
        assert trend_logrank(time, event, group, names).statistic == pytest.approx(plain.statistic)
    assert trend_logrank(time, event, group, ("rx1", "nobody")).reason == "fewer than two groups have patients"
    assert trend_logrank(floats(), floats(), groups(), ()).reason == "fewer than two groups have patients"


def test_trend_backwards_is_the_same_and_another_order_another():
    rows = survival_data("veteran")
    time, event, cell = arrays(rows.assign(g=rows["celltype"]))
    forwards = trend_logrank(time, event, cell, CELLS)
    assert trend_logrank(time, event, cell, CELLS[::-1]).statistic == pytest.approx(forwards.statistic)
    assert trend_logrank(time, event, cell, (CELLS[1], CELLS[0], *CELLS[2:])).p < 0.1 < forwards.p


rows = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1), st.sampled_from("abc")), min_size=2, max_size=24)


@given(rows, st.randoms())
def test_order_of_rows_and_names_of_groups_are_nothing(observed, random):
    def test(rows):
        return logrank(floats(*(t for t, *_ in rows)), floats(*(e for _, e, _ in rows)), groups(*(g for *_, g in rows)))

    found = test(observed)
    shuffled = test(random.sample(observed, len(observed)))
    renamed = test([(t, e, {"a": "z", "b": "y", "c": "x"}[g]) for t, e, g in observed])
    for other in (shuffled, renamed):
        assert (other.reason, other.df) == (found.reason, found.df)
        assert other.p == (None if found.p is None else pytest.approx(found.p, abs=1e-9))
    assert found.p is None or 0 <= found.p <= 1
