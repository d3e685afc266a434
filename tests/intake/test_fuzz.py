"""A hundred damaged copies of a workbook; `make fuzz` tries a thousand."""

import pytest

from intake.fuzz import outcome


@pytest.mark.parametrize("tenth", range(10))
def test_every_damage_is_read_or_refused_in_one_sentence(tenth):
    assert {outcome(seed) for seed in range(tenth * 10, tenth * 10 + 10)} <= {"read", "read with findings", "refused"}
