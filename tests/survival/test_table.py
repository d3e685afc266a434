"""The printed tables of the curves, and their unrounded numbers with a reason for every null."""

import pytest
from golden.cohorts import by, example, nobody, selected, synthetic

from lib.survival.bias import ARM_BIAS
from lib.survival.milestone import milestones
from lib.survival.options import CurveOptions
from lib.survival.outcome import time_to_event
from lib.survival.result import survival
from lib.survival.sensitivity import sensitivity
from lib.survival.table import milestones_table, sensitivity_table
from survival.made import result


def milestones_of(*wishes, **more):
    found = result(*wishes, **more)
    return milestones_table(found, milestones(found))


def sensitivity_of(made, *wishes, unit="months"):
    found = result(made, *wishes, unit=unit)
    return sensitivity_table(found, sensitivity(found, selected(made, *wishes[2:])))


def test_milestones_print_share_limits_and_at_risk():
    table = milestones_of(example(), "ttp")
    assert table.id == "survival.ttp.milestones"
    assert table.header == ("Group", "n", "6 months (95 % CI)", "12 months (95 % CI)", "24 months (95 % CI)")
    assert table.rows[0] == (
        "Control",
        "8",
        "50 % (15.2–77.5); 4 at risk",
        "12.5 % (0.7–42.3); 1 at risk",
        "0 % (NE); 0 at risk",
    )
    assert "(log-log; before the first event exact" in table.caption
    assert "(plain; before" in milestones_of(example(), "ttp", options=CurveOptions("plain")).caption
    assert milestones_of(example(), "ttp", unit="days").header[2] == "6 months (182.6 days) (95 % CI)"


@pytest.mark.parametrize("made", [example(), synthetic()])
@pytest.mark.parametrize("filters", [(), ("arm=Pomalidomide",), ("sex=F",)])
def test_every_null_has_its_reason(made, filters):
    for table in (milestones_of(made, "os", "arm", *filters), sensitivity_of(made, "os", "arm", *filters)):
        names = [name for name, _ in table.numbers.columns]
        for row in table.numbers.rows:
            told = dict(zip(names, row, strict=True))
            if "survival" in told:
                assert told["survival"] is not None or "survival:" in told["reason"]
                assert told["survival_low"] is not None or told["reason"]
            else:
                assert (told["p"] is None) == bool(told["reason"])


def test_numbers_are_unrounded():
    told = {(row[0], row[1]): row for row in milestones_of(example(), "os").numbers.rows}
    assert told["Pomalidomide", 24][2] == pytest.approx(0.6) and told["Control", 6][5] == 6


def test_the_sensitivity_table_prints_every_test_with_its_words():
    table = sensitivity_of(example(), "ttp")
    assert table.id == "survival.ttp.sensitivity" and len(table.rows) == len(table.tests) == 8
    assert (
        table.rows[0][0] == "Penalised likelihood ratio test (Firth)"
        and table.rows[0][-1] == "this is the test of the figure"
    )
    assert table.rows[1] == (
        "Log-rank (Mantel-Cox)",
        "Control v Pomalidomide",
        "16",
        "12",
        "5.74",
        "1",
        "0.0166",
        "asymptotic: finds differences a little too often in groups this small",
    )
    permuted = next(row for row in table.rows if row[0].startswith("Permutation"))
    assert permuted[-2:] == ("0.0127", "permutation p, assumes equal censoring, which does not hold here")
    assert "assumes" not in permuted[0]
    means = table.rows[-1]
    assert means[1] == "Pomalidomide − Control" and means[-1] == "5.37 (95 % CI 1.5 to 9.23) months, tau = 14 months"
    assert any(ARM_BIAS in note for note in table.notes) and "significant" not in table.caption


def test_negative_differences_have_a_minus_and_pairs_their_unadjusted_p():
    rows = sensitivity_of(synthetic(), "pfs").rows
    assert any("95 % CI −" in row[-1] for row in rows)
    assert sum("unadjusted p" in row[-1] for row in rows) == 3
    assert any(row[-1].startswith("not done: made for two groups") for row in rows)


def test_nobody():
    empty = survival(time_to_event(nobody(example()), "os", by(example()), "months"), nobody(example()))
    assert milestones_table(empty, milestones(empty)).rows[0][2:] == ("no patients",) * 3
    table = sensitivity_table(empty, sensitivity(empty, nobody(example())))
    assert all(row[-1].startswith("not done:") for row in table.rows)
