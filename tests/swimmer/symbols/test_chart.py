"""Every kind of mark has a shape of its own."""

from lib.swimmer.options import COURSE, ENDS, MOST_OWN
from lib.swimmer.symbols.chart import OWN_SYMBOLS, SYMBOLS, symbols


def test_no_two_marks_share_a_shape():
    own = tuple(f"own {number}" for number in range(MOST_OWN))
    drawn = symbols((*COURSE, *own, *ENDS))
    assert tuple(drawn) == (*COURSE, *own, *ENDS)
    shapes = [shape for shape, _ in drawn.values()]
    assert len(set(shapes)) == len(shapes) == len(SYMBOLS) + MOST_OWN and len(OWN_SYMBOLS) == MOST_OWN


def test_progression_and_death_are_drawn_after_everything_that_may_be_chosen():
    assert not set(COURSE) & set(ENDS) and ENDS[-1] == "Death"
