"""Fifty damaged copies of a workbook; `make fuzz` tries a thousand."""

import pytest

from intake.fuzz import outcome


@pytest.mark.parametrize("fifth", range(5))
def test_every_damage_is_read_or_refused_in_one_sentence(fifth):
    assert {outcome(seed) for seed in range(fifth * 10, fifth * 10 + 10)} <= {"read", "read with findings", "refused"}
