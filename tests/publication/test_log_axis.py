"""Ends and ticks of a log axis."""

import math

import pytest

from lib.publication.log_axis import log_amount, log_tables


def labels(*amounts, **ends):
    return log_tables(amounts, **ends)["decade"]["label"].tolist()


def test_powers_of_ten_are_labelled_and_between_them_where_there_are_few():
    assert labels(50, 900_000) == ["10²", "10³", "10⁴", "10⁵"] or labels(50, 900_000)[0] == "10²"
    assert labels(1800, 97_302) == ["2,000", "5,000", "10,000", "20,000", "50,000", "100,000"]
    assert labels(36_209, 97_302) == ["40,000", "50,000", "60,000", "70,000", "80,000", "90,000", "100,000"]
    assert labels(2e7, 8e7)[0] == "2·10⁷"


@pytest.mark.parametrize("amounts", [(500, 95_000), (1000,), (0.02, 0.021), (3e-6, 4e9), ()])
def test_the_axis_ends_little_beyond_the_data(amounts):
    made = log_tables(amounts)
    low, high = made["edge"]["amount"]
    assert made["decade"]["amount"].between(low, high).all() and len(made["decade"]) >= 2
    if amounts:
        assert low < min(amounts) and high > max(amounts)
        assert math.log10(high / low) <= 1.1 * max(0.5, math.log10(max(amounts) / min(amounts)))


def test_room_under_the_lowest_for_its_words():
    assert log_tables([10, 1e6], below=0.1)["edge"]["amount"][0] == pytest.approx(10**0.5)
    assert log_amount("Copies").to_dict()["scale"]["type"] == "log"
