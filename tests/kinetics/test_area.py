"""Areas: the edges; the worked examples are in test_parameters."""

from golden.reference import floats

from lib.kinetics.area import NON_EXPANDER, auc_from_0, auc_to_last


def test_nothing_quantifiable_has_no_area_unless_sampled_long_enough():
    assert auc_from_0(floats(), floats(), 28).reason == NON_EXPANDER
    assert auc_from_0(floats(0, 28), floats(0, 0), 28).value == 0
    assert auc_from_0(floats(0, 14), floats(0, 0), 28).reason == NON_EXPANDER
    assert auc_to_last(floats(), floats()).reason == "one sample"


def test_quantifiable_only_after_the_end_is_an_area_of_what_rises_before_it():
    assert auc_from_0(floats(0, 28, 42), floats(0, 0, 700), 28).value == 0
    assert auc_from_0(floats(0, 14, 42), floats(0, 0, 700), 28).value == 14 * 350 / 2
