"""Decades of a log axis."""

from lib.publication.log_axis import decades, log_amount, power_label


def test_decades_enclose_the_amounts():
    assert decades([500, 95_000]) == [100, 1000, 10_000, 100_000]
    assert decades([10, 900]) == [10, 100, 1000] and decades([0.02]) == [0.01, 0.1]
    assert decades([1000]) == [1000, 10_000], "an axis has two ends"
    assert decades([]) == [10.0**power for power in range(8)]


def test_powers_are_written_with_their_exponent():
    assert "'⁻⁶'" in power_label("datum.value") and "'¹⁵'" in power_label("datum.value")
    assert log_amount("Copies").to_dict()["scale"]["type"] == "log"
