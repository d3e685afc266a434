"""Means, SD and tests of wells: those of R."""

import numpy as np
import pytest
from golden.reference import golden, same

from assay.made import doses, series, series_of
from lib.assay.means import all_tests, assay

NUMBERS = golden("several_groups")["triplicates"]


def triplicates():
    return assay(series_of(*doses(dict(zip(map(float, NUMBERS["names"]), NUMBERS["groups"], strict=True)))))


def test_the_tests_of_a_workbook_are_rs():
    result = triplicates()
    (found,) = all_tests(result)
    assert [each.test.p for each in result.families[0].dunnett] == pytest.approx(NUMBERS["dunnett"]["p"], abs=5e-6)
    assert (found.anova.p, found.kruskal_wallis.p) == (
        same(NUMBERS["anova"]["p"]),
        same(NUMBERS["kruskal_wallis"]["p"]),
    )
    assert [pair.test.p for pair in found.student] == [same(p) for p in NUMBERS["student_t"]["p"]]
    assert [pair.adjusted_p for pair in found.dunn] == [same(p) for p in NUMBERS["dunn"]["holm"]]
    assert [pair.adjusted_p for pair in found.conover] == [same(p) for p in NUMBERS["conover"]["holm"]]
    assert [pair.test.p for pair in found.tukey] == pytest.approx(NUMBERS["tukey"]["p"], rel=1e-6, abs=1e-8)


def test_means_and_sd_of_every_dose():
    cells = triplicates().cells
    assert [cell.group for cell in cells] == NUMBERS["names"] and {cell.n for cell in cells} == {3}
    assert [cell.mean for cell in cells] == pytest.approx([np.mean(values) for values in NUMBERS["groups"]])
    assert [cell.sd for cell in cells] == pytest.approx([np.std(values, ddof=1) for values in NUMBERS["groups"]])


def test_technical_replicates_of_donors_are_not_n():
    header = ("experiment", "measure", "condition", "concentration", "replicate", "donor", "value")
    rows = [
        ("e", "m", "drug", dose, well, donor, base + dose + well)
        for dose in (0, 5)
        for donor, base in (("A", 10), ("B", 20), ("C", 31))
        for well in (-1, 1)
    ]
    result = assay(series_of(*rows, header=header))
    assert result.by_donor and {(cell.n, cell.n_wells) for cell in result.cells} == {(3, 6)}
    assert result.families[0].values["5"].tolist() == [15, 25, 36] and result.families[0].dunnett[0].test.n == 6
    one = assay(series_of(*[row for row in rows if row[5] == "A"], header=header))
    assert not one.by_donor and one.per_group == (2,)


def test_each_time_and_agent_is_a_family_of_its_own():
    result = assay(series()["survival_live_cells"])
    assert [family.time for family in result.families] == [1, 2, 3, 4] and len(result.cells) == 20
    two = assay(
        series_of(
            *doses({1: (1, 2)}, condition="a"),
            *doses({1: (3, 4), 2: (5, 6)}, condition="b"),
            *doses({0: (1, 3)}, condition="control"),
        )
    )
    assert [family.line for family in two.families] == ["a", "b"] and two.n_wells == 8
    assert two.families[0].dunnett[1].test.reason == "a group has no values"


def test_one_value_a_dose_has_no_sd_and_no_test():
    result = assay(series_of(*doses({0: (1,), 1: (2,)})))
    assert [(cell.mean, cell.sd) for cell in result.cells] == [(1, None), (2, None)]
    assert result.families[0].dunnett[0].test.reason == "no group has two values"
    assert all_tests(result)[0].anova.reason == "no group has two values"


def test_without_a_control_all_pairs_are_left():
    result = assay(series_of(*doses({1: (1, 2), 2: (3, 4)})))
    (found,) = all_tests(result)
    assert (
        result.families[0].dunnett == () and found.student == () and len(found.tukey) == 1 and found.anova.p is not None
    )
