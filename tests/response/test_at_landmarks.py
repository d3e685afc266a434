"""Responses at landmarks: both denominators, windows, carrying forward; what is said and printed of them."""

import pytest
from golden.cohorts import by, example, nobody, selected, synthetic

from lib.cohort.response_scale import CR, VGPR
from lib.cohort.response_scale import OVERALL as ORR
from lib.response.at_landmarks import headline, landmark_responses, landmark_table, method, notes
from lib.response.landmark_bars import alt_text, state_numbers
from lib.response.rates import EVALUABLE, INFUSED
from lib.response.state import MONTH_3, MONTHS, Landmark
from response.made import example_landmarks


def of(row):
    return [(rate.n, rate.of) for rate in row.groups]


def test_month_3_in_both_denominators():
    evaluable, infused = (example_landmarks().rate(MONTH_3, VGPR, name) for name in (EVALUABLE, INFUSED))
    assert of(evaluable) == [(5, 8), (6, 6)] and evaluable.test.p == pytest.approx(0.2087912, abs=1e-6)
    assert of(infused) == [(5, 8), (6, 8)] and infused.test.p == pytest.approx(1.0)
    high = [(rate.share.low, rate.share.high) for rate in evaluable.groups]
    assert high == [pytest.approx((0.24486322, 0.91476659), abs=1e-8), pytest.approx((0.54074187, 1.0), abs=1e-8)]


def test_month_1_as_published():
    assert of(example_landmarks().rate(MONTHS[0], ORR, INFUSED)) == [(8, 8), (8, 8)]


@pytest.mark.parametrize("carried", [False, True])
def test_states_add_up_to_all_infused(carried):
    counts = example_landmarks(carried).counts
    assert counts.groupby(["landmark", "group"])["n"].sum().tolist() == [8] * 10


def test_carried_forward_is_marked_and_counted():
    assert int(example_landmarks().table["carried"].sum()) == 0
    carried = example_landmarks(True)
    assert int(carried.table["carried"].sum()) == 22 and of(carried.rate(MONTHS[4], CR, INFUSED)) == [(0, 8), (3, 8)]


def test_own_landmarks_stand_in_order_of_their_days():
    opened = selected(example())
    own = Landmark("Day 60", 60.0, 5.0)
    assert landmark_responses(opened, by(opened), (MONTH_3, own, MONTHS[0])).landmarks == (MONTHS[0], own, MONTH_3)


def test_nobody_and_three_groups():
    nothing = landmark_responses(nobody(example()), by(example()))
    assert nothing.n == 0 and nothing.counts.empty and len(nothing.rates) == 30
    three = landmark_responses(selected(synthetic()), by(synthetic()))
    assert three.rate(MONTH_3, VGPR, INFUSED).test.name.startswith("Fisher-Freeman-Halton") and three.n == 60


def test_the_headline_has_both_denominators():
    sentence, warning = headline(example_landmarks())
    assert (
        sentence == "Month 3, VGPR or better: Control 5 of 8 infused, Pomalidomide 6 of 8 infused (6 of 6 evaluable)."
    )
    assert "not comparable at infusion" in warning
    assert headline(landmark_responses(nobody(example()), by(example())))[0].startswith("Nobody")


def test_windows_and_carrying_are_said():
    said = method(example_landmarks())
    assert (
        "Month 1: day 28 ± 14; Month 2: day 61 ± 14; Month 3: day 91 ± 30" in said
        and "Nothing is carried forward" in said
    )
    assert "Arm became known by day 61" in said and "biased" not in " ".join(notes(example_landmarks()))
    assert "for want of an assessment): 22." in method(example_landmarks(True))


def test_who_was_not_followed_and_where_few_were_assessed():
    said = " ".join(notes(example_landmarks()))
    assert (
        "not followed until the window: Month 2: 1, Month 3: 2" in said
        and "Month 6: 3 of 13" in said
        and "Month 1:" not in said
    )


def test_the_description_names_every_state():
    assert "Month 3, Pomalidomide (8): CR 2, VGPR 4, not assessed 2" in alt_text(example_landmarks(), "Bars")
    assert sum(row[5] for row in state_numbers(example_landmarks()).rows) == 80


def test_month_3_stands_in_both_denominators():
    table = landmark_table(example_landmarks())
    rows = {row[:2]: row[2:] for row in table.rows}
    assert rows["Month 3", "VGPR or better, of all infused"] == (
        "11/16: 69 % (41–89)",
        "5/8: 63 % (24–91)",
        "6/8: 75 % (35–97)",
        "+13 (−29 to +49)",
        ">0.99",
    )
    assert rows["Month 3", "VGPR or better, of those evaluable"][1:] == (
        "5/8: 63 % (24–91)",
        "6/6: 100 % (54–100)",
        "+38 (−8 to +69)",
        "0.21",
    )
    assert ("Month 1", "VGPR or better, of those evaluable") not in rows and len(table.numbers.rows) == 90


def test_one_group_and_nobody():
    table = landmark_table(landmark_responses(nobody(example()), by(example(), "-")))
    assert table.header == ("Landmark", "Response", "All patients") and {row[2] for row in table.rows} == {"0/0"}
