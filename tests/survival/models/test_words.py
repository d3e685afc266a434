"""A row of the tables of models: as printed, as numbers, as a test."""

from lib.stats.estimate import Estimate, TestResult, not_done
from lib.survival.models.words import ModelRow, cells, lines_of_tests, listed, numbers

TEST = TestResult("a test", 2.0, 1, 0.04551, 12)


def row(estimate, test, sizes=((5, 2), (7, 4))):
    return ModelRow("hazard_ratio", "Hazard ratio", "B v A", sizes, estimate, test, "Cox", "B", "A")


def test_an_estimate_with_its_test():
    made = row(Estimate(0.5, 0.25, 1.5), TEST)
    assert cells(made) == ("5 v 7", "2 v 4", "0.5 (0.25–1.5)", "0.0455", "Cox") and made.reason is None
    assert numbers((made,)).rows == (("hazard_ratio", "B", "A", 5, 2, 7, 4, 0.5, 0.25, 1.5, "", 0.04551, "Cox", None),)
    assert [(line.comparison, line.n) for line in lines_of_tests((made,))] == [("B v A", 12)]


def test_what_is_missing_has_its_reason():
    alone = row(None, TEST, ((12, 6),))
    assert (
        cells(alone)[:4] == ("12", "6", "", "0.0455")
        and alone.reason == "value: a test only; n_reference: no reference"
    )
    mean = row(Estimate(7.0, note="no spread"), None)
    assert cells(mean)[2:4] == ("7", "") and mean.reason == "limits: no spread; p: no comparison"
    neither = row(Estimate(None, reason="no events"), not_done("a test", 12, "no events"))
    assert cells(neither)[2:4] == ("not estimable: no events", "–")
    assert cells(row(None, not_done("a test", 12, "no events")))[3] == "not done: no events"
    assert lines_of_tests((mean,)) == ()


def test_a_list_reads_as_a_sentence():
    assert [listed(("A", "B", "C")[:n]) for n in (1, 2, 3)] == ["A", "A and B", "A, B and C"]
