"""Groups formed anew: since when who belongs to which, in every unit."""

import numpy as np
import pytest
from golden.cohorts import by, example, selected

from lib.derived.exposure import BecameKnown, exposure_of
from lib.survival.regrouping import EndpointChoice, followed, others, two_groups, why_not


def test_each_patient_has_the_day_in_the_unit_of_the_endpoint():
    made = selected(example())
    table = followed(made, EndpointChoice("ttp", "weeks"), exposure_of(made, by(made))).table
    known = dict(zip(table["patient"], table["known"], strict=True))
    assert known["P1"] == pytest.approx(30 / 7) and np.isnan(known["C1"])
    assert not table["unsure"].any() and len(table) == 16


def test_groups_keep_their_order_and_colours_where_they_are_the_groupings():
    made = selected(example())
    split = by(made)
    own = two_groups(exposure_of(made, split), split)
    assert (own.names, own.reference_name, own.known_after_infusion) == (split.names, "Control", False)
    other = two_groups(BecameKnown("CR", exposure_of(made, split).day), split)
    assert (other.names, other.label) == (("no CR", "CR"), "CR")
    assert others(BecameKnown("CR", exposure_of(made, split).day, others="PR")) == "PR"


def test_an_endpoint_that_counts_from_a_response_has_no_time_zero_here():
    assert why_not("os") == ""
    assert why_not("dor") == "Duration of response does not count from the infusion. Choose an endpoint that does."
