"""When the clauses of a selection were known."""

from lib.cohort.model import AT_ANY_TIME, SelectedBy, known_late, listed, not_dated

BEFORE, MONTH_1, EVER, OPEN = (
    SelectedBy("EMD", 0.0),
    SelectedBy("CR", 28.0),
    SelectedBy("CRS", AT_ANY_TIME),
    SelectedBy("ward"),
)
ALL = (BEFORE, MONTH_1, EVER, OPEN)


def test_what_is_known_by_a_day_is_not_known_after_it():
    assert known_late(ALL) == (MONTH_1, EVER)
    assert MONTH_1.known_after(27.9) and not MONTH_1.known_after(28.0) and EVER.known_after(28.0)
    assert not_dated(ALL) == (OPEN,) and known_late(()) == ()


def test_words():
    assert [listed(ALL[:n]) for n in range(4)] == ["", "EMD", "EMD and CR", "EMD, CR and CRS"]
