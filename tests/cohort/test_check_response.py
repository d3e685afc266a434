"""MRD-negative and less than a complete response: outside IMWG."""

import pytest
from workbooks import example, of

from cohort.checked import findings_across, reported


@pytest.mark.parametrize(
    ("response", "mrd", "n"),
    [
        ("VGPR", "negative", 1),
        ("PR", "Negative", 1),
        ("PD", "neg", 1),
        ("CR", "negative", 0),
        ("sCR", "negative", 0),
        ("NE", "negative", 0),
        ("VGPR", "positive", 0),
        ("VGPR", "not done", 0),
        ("VGPR", None, 0),
        (None, "negative", 0),
    ],
)
def test_mrd_negativity_needs_a_complete_response(response, mrd, n):
    found = findings_across({"responses": [{"day": 14, "response": response, "mrd": mrd}]}, disease="multiple myeloma")
    problem = f"MRD is negative, but the response is {response}: by IMWG, MRD negativity needs a complete response."
    assert reported(found) == [("warning", 2, "mrd", problem)] * n


def test_the_example_raises_no_alarm():
    assert of(example(), "warning") == []
