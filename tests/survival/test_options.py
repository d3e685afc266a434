"""Defaults that can be printed."""

from lib.survival.options import DEFAULT, SHARES


def test_the_defaults_are_log_log_limits_and_medians():
    assert (DEFAULT.transform, DEFAULT.share) == ("log-log", 0.5)
    assert next(iter(SHARES.values())) == DEFAULT.share


def test_one_share_is_the_readers_own():
    assert [name for name, share in SHARES.items() if share is None] == ["Own"]
