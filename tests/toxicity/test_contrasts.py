"""Each group against the reference."""

from lib.stats.ranks import fisher
from lib.toxicity.contrasts import differences
from toxicity.made import of_example, of_synthetic


def test_two_groups_have_the_default_test_and_interval_of_their_row():
    result = of_example()
    found = differences(result, "any grade", ("CRS", "Anemia"))
    assert [each.term for each in found.contrasts] == ["CRS", "Anemia"] and found.n_tested == 2
    crs, _ = found.contrasts
    row = result.of_threshold("any grade")["CRS"]
    assert (crs.test, crs.difference) == (row.test, row.differences[1]) and round(crs.test.p, 4) == 0.0769
    assert (crs.n, crs.of, crs.n_reference, crs.of_reference) == (4, 8, 8, 8)


def test_of_three_groups_each_other_one_is_compared_with_the_reference():
    found = differences(of_synthetic(), "grade >= 3", ("CRS",))
    row = found.rows[0]
    assert found.others == (1, 2) and [each.slot for each in found.contrasts] == [1, 2]
    for each in found.contrasts:
        assert each.test == fisher([row.n[each.slot], row.n[0]], [row.of[each.slot], row.of[0]])


def test_a_group_without_patients_is_not_compared():
    found = differences(of_synthetic("arm", "arm=Lenalidomide|Pomalidomide"), "any grade", ("CRS",))
    assert {each.test.reason for each in found.contrasts} == {"a group has no patients"} and found.n_tested == 0
