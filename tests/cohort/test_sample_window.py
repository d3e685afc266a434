"""A tenth of the day, at least a day; the infusion itself takes no other day."""

from lib.cohort.kinetic_series import window


def test_the_window_grows_with_the_day():
    assert [window(day) for day in (0, 1, 7, 28, 90, -28)] == [0, 1, 1, 3, 9, 3]
