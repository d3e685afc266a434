"""The table of medians: printed rows, numbers with a reason for every null, tests with n or reason."""

import pytest
from golden.cohorts import STUDY, cohort, example, follow_up, synthetic

from lib.survival.curves import CurveOptions
from lib.survival.summary import curve_numbers, curve_tests, summary_table
from survival.made import result


def many(n: int, known_at: str | None = "before"):
    """n patients in two groups; those of B live longer."""
    patients = [{"patient_id": f"p{number}", "arm": "AB"[number % 2]} for number in range(n)]
    times = {f"p{number}": (number % 7 + 1 + 3 * (number % 2), 1) for number in range(n)}
    study = [row for row in STUDY if row[0] != "known_at"] + ([("known_at", "arm", known_at)] if known_at else [])
    return cohort(patients, study, endpoints=follow_up("os", **times))


@pytest.mark.parametrize("made", [example(), synthetic()])
@pytest.mark.parametrize("filters", [(), ("arm=Pomalidomide",), ("sex=F",)])
def test_every_null_has_its_reason(made, filters):
    found = curve_numbers(result(made, "os", "arm", *filters))
    names = [name for name, _ in found.columns]
    for row in found.rows:
        reported = dict(zip(names, row, strict=True))
        for name in ("median", "hazard_ratio", "follow_up"):
            assert reported[name] is not None or f"{name}:" in reported["reason"]
        for name in ("median_low", "median_high"):
            assert reported[name] is not None or not reported["n"] or f"{name}:" in reported["reason"]


def test_numbers_are_unrounded_and_levels_are_the_workbooks():
    found = curve_numbers(result(example(), "ttp"))
    assert [name for name, _ in found.columns][:6] == ["group", "n", "events", "median", "median_low", "median_high"]
    assert [row[:4] for row in found.rows] == [("Control", 8, 8, 5.85), ("Pomalidomide", 8, 4, 13.0)]
    assert dict(found.columns)["median"] == "months"
    days = curve_numbers(result(example(), "ttp", unit="days"))
    assert days.rows[0][3] == pytest.approx(5.85 * 30.4375) and dict(days.columns)["median"] == "days"


def test_the_summary_table_prints_one_row_a_group():
    table = summary_table(result(example()))
    assert table.header == (
        "Group",
        "n",
        "Events",
        "Median, months (95 % CI)",
        "Follow-up, months (95 % CI)",
        "Hazard ratio against Control (95 % CI)",
        "p (penalised likelihood ratio)",
    )
    assert table.rows == (
        ("Control", "8", "8", "10.7 (1.2–15.6)", "not reached (NE–NE)", "reference", ""),
        ("Pomalidomide", "8", "2", "not reached (15.4–NE)", "22.0 (1.5–NE)", "0.15 (0.032–0.73)", "0.0096"),
    )
    assert table.notes[-1] == "p: penalised likelihood ratio test (Firth), n = 16." and "immortal time" in table.method
    assert [(line.comparison, round(line.p, 4)) for line in table.tests] == [
        ("Control v Pomalidomide", 0.0096),
        ("Control v Pomalidomide", 0.0068),
        ("Pomalidomide v Control", 0.0185),
    ]
    empty = summary_table(result(example(), "os", "arm", "arm=Control"))
    assert empty.rows[1] == (
        "Pomalidomide",
        "0",
        "0",
        "no patients",
        "no patients",
        "not estimable: no patients in Pomalidomide",
        "–",
    )
    assert empty.notes == ("Groups not tested: fewer than two groups have patients.",)
    assert len(summary_table(result(example(), "os", "-")).header) == 5


def test_a_penalised_ratio_is_not_called_walds():
    few = summary_table(result(example(), "os", "arm", "emd=no"))  # 7 events
    assert "Hazard ratio: Firth's penalised Cox model, Breslow ties, profile limits." in few.method
    assert "Firth" not in summary_table(result(example())).method
    assert "Hazard ratio: Cox model, Efron ties, Wald limits." in summary_table(result(example())).method
    assert "Hazard" not in summary_table(result(example(), "os", "-")).method


def test_every_test_is_told_with_its_n_or_its_reason():
    for line in curve_tests(result(synthetic(), "pfs")):
        assert line.name and line.n and (line.p is not None) != bool(line.reason)


def test_another_quantile_has_a_column_and_numbers_of_its_own():
    found = result(example(), "ttp", options=CurveOptions("log-log", 0.25))
    table = summary_table(found)
    assert table.header[3:5] == ("Median, months (95 % CI)", "25 % had the event by, months (95 % CI)")
    names = [name for name, _ in table.numbers.columns]
    assert names[-4:] == ["quantile_share", "quantile", "quantile_low", "quantile_high"]
    for row, group in zip(table.numbers.rows, found.groups, strict=True):
        assert row[-4:] == (0.25, group.by_share.value, group.by_share.low, group.by_share.high)
    assert "quantile" not in dict(curve_numbers(result(example(), "ttp")).columns)


def test_follow_up_stands_group_by_group_beside_that_over_all():
    reported = curve_numbers(result(example()))
    row = dict(zip([name for name, _ in reported.columns], reported.rows[1], strict=True))
    assert (row["follow_up"], row["group_follow_up"], row["group_follow_up_low"], row["group_follow_up_high"]) == (
        27,
        22,
        1.5,
        None,
    )
    assert "group_follow_up_high: not estimable" in row["reason"]
