"""What a survival result says: the bias aloud, "descriptive" below 30, no p-value in a biased headline, a reason for every null."""

import pytest
from golden.cohorts import STUDY, arms, by, cohort, example, follow_up, nobody, synthetic

from lib.survival import words
from lib.survival.bias import ARM_BIAS
from lib.survival.options import CurveOptions
from lib.survival.outcome import time_to_event
from lib.survival.result import survival
from lib.survival.words import alt_text, caption, headline, notes, numbers, summary_table
from survival.made import late, result


def many(n: int, known_at: str | None = "before"):
    """n patients in two groups; those of B live longer."""
    patients = [{"patient_id": f"p{number}", "arm": "AB"[number % 2]} for number in range(n)]
    times = {f"p{number}": (number % 7 + 1 + 3 * (number % 2), 1) for number in range(n)}
    study = [row for row in STUDY if row[0] != "known_at"] + ([("known_at", "arm", known_at)] if known_at else [])
    return cohort(patients, study, endpoints=follow_up("os", **times))


def test_groups_formed_after_infusion_are_called_biased_and_carry_no_p_value():
    sentence, warning = headline(result(example()))
    assert warning == ARM_BIAS
    assert sentence == "Median overall survival: Control (8) 10.7 months, Pomalidomide (8) not reached."
    assert any("immortal time" in note and "day 61" in note for note in notes(result(example())))


def test_small_comparisons_are_called_descriptive():
    sentence, warning = headline(result(example(), "os", "emd"))
    assert sentence.endswith("Descriptive: 16 patients.") and "p =" not in sentence and not warning
    assert "Fewer than 30 patients: descriptive." in notes(result(example(), "os", "emd"))


def test_thirty_patients_grouped_before_infusion_have_a_p_value():
    sentence, warning = headline(result(many(30)))
    assert "Log-rank p " in sentence and not warning
    assert "Log-rank p " not in headline(result(many(29)))[0]
    assert ARM_BIAS in headline(result(many(40, "30")))


def test_a_grouping_of_unknown_time_says_so():
    assert any(note.startswith("Time of grouping not stated") for note in notes(result(many(40, None))))
    assert not any("Time of grouping" in note for note in notes(result(many(40))))


def test_nobody_and_one_group():
    found = survival(time_to_event(nobody(example()), "os", by(example()), "months"), nobody(example()))
    assert headline(found) == ("Nobody in this selection can be analysed for overall survival.", "")
    assert "n = 0, 0 events" in caption(found) and "Control: no patients" in alt_text(found)
    alone = result(example(), "os", "-")
    assert headline(alone)[0].startswith("Median overall survival: (16 patients) 15.4 months.")
    assert words.tests(alone) == () and not any("biased" in note for note in notes(alone))


def test_the_caption_counts_whoever_is_left_out():
    made = cohort(
        arms(A=["a1", "a2"]),
        endpoints=[*follow_up("os", a1=(5, 1), a2=(9, 0)), *follow_up("ttp", a1=(8, 1), a2=(4, 1))],
    )
    assert "1 of 2 not evaluable: progression after death." in caption(result(made, "ttp"))
    assert "Median follow-up 9 months (reverse Kaplan-Meier on overall survival), 95 % CI " in caption(
        result(made, "ttp")
    )


def test_notes_tell_of_deaths_censored_flat_curves_and_missing_ratios():
    made = cohort(arms(A=["a1", "a2"], B=["b1", "b2"]), endpoints=[
        *follow_up("os", a1=(5, 1), a2=(9, 0), b1=(6, 0), b2=(7, 0)), *follow_up("ttp", a1=(5, 0), a2=(4, 1), b1=(6, 0), b2=(7, 0))])  # fmt: skip
    said = notes(result(made, "ttp"))
    assert any(note.startswith("1 death without progression censored at death:") for note in said)
    assert any(note.startswith("A: the curve ends at exactly 50%") for note in said)
    assert "Hazard ratio of B not estimable: B is described, not compared: fewer than 3 patients." in said


def test_a_penalised_hazard_ratio_says_so():
    times = {f"{arm}{place}": (place, arm == "a") for arm in "ab" for place in range(1, 7)}
    made = cohort(arms(A=[f"a{place}" for place in range(1, 7)], B=[f"b{place}" for place in range(1, 7)]),
                  endpoints=follow_up("os", **{name: (time, int(event)) for name, (time, event) in times.items()}))  # fmt: skip
    assert "Hazard ratio of B: Firth's penalised likelihood, profile limits." in notes(result(made))


@pytest.mark.parametrize("made", [example(), synthetic()])
@pytest.mark.parametrize("filters", [(), ("arm=Pomalidomide",), ("sex=F",)])
def test_every_null_has_its_reason(made, filters):
    found = numbers(result(made, "os", "arm", *filters))
    names = [name for name, _ in found.columns]
    for row in found.rows:
        told = dict(zip(names, row, strict=True))
        for name in ("median", "hazard_ratio", "follow_up"):
            assert told[name] is not None or f"{name}:" in told["reason"]
        for name in ("median_low", "median_high"):
            assert told[name] is not None or not told["n"] or f"{name}:" in told["reason"]


def test_numbers_are_unrounded_and_levels_are_the_workbooks():
    found = numbers(result(example(), "ttp"))
    assert [name for name, _ in found.columns][:6] == ["group", "n", "events", "median", "median_low", "median_high"]
    assert [row[:4] for row in found.rows] == [("Control", 8, 8, 5.85), ("Pomalidomide", 8, 4, 13.0)]
    assert dict(found.columns)["median"] == "months"
    days = numbers(result(example(), "ttp", unit="days"))
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
        ("Pomalidomide", "8", "2", "not reached (15.4–NE)", "22 (1.5–NE)", "0.152 (0.0315–0.729)", "0.0096"),
    )
    assert table.notes[-1] == "p: penalised likelihood ratio test (Firth), n = 16." and table.notes[0].startswith(
        ARM_BIAS
    )
    assert [(line.comparison, round(line.p, 4)) for line in table.tests] == [
        ("Control v Pomalidomide", 0.0068), ("Control v Pomalidomide", 0.0096), ("Pomalidomide v Control", 0.0185)]  # fmt: skip
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
    assert empty.notes[0].startswith("Selected by Arm, known only after the infusion: biased by design.")
    assert empty.notes[1:] == ("Groups not tested: fewer than two groups have patients.",)
    assert len(summary_table(result(example(), "os", "-")).header) == 5


def test_a_penalised_ratio_is_not_called_walds():
    few = summary_table(result(example(), "os", "arm", "emd=no"))  # 7 events
    assert few.caption.endswith("Hazard ratio: Firth's penalised Cox model, Breslow ties, profile limits.")
    assert "Firth" not in summary_table(result(example())).caption
    assert summary_table(result(example())).caption.endswith("Hazard ratio: Cox model, Efron ties, Wald limits.")
    assert "Hazard" not in summary_table(result(example(), "os", "-")).caption


def test_every_test_is_told_with_its_n_or_its_reason():
    for line in words.tests(result(synthetic(), "pfs")):
        assert line.name and line.n and (line.p is not None) != bool(line.reason)


def test_the_scale_of_the_limits_is_named_and_a_missing_band_is_not_claimed():
    found = result(example(), options=CurveOptions("plain"))
    assert "limits (plain;" in caption(found) and "limits" not in caption(found, limits=False)
    assert "Brookmeyer-Crowley limits (plain)" in summary_table(found).caption


def test_another_quantile_has_a_column_and_numbers_of_its_own():
    found = result(example(), "ttp", options=CurveOptions("log-log", 0.25))
    table = summary_table(found)
    assert table.header[3:5] == ("Median, months (95 % CI)", "25 % had the event by, months (95 % CI)")
    names = [name for name, _ in table.numbers.columns]
    assert names[-4:] == ["quantile_share", "quantile", "quantile_low", "quantile_high"]
    for row, group in zip(table.numbers.rows, found.groups, strict=True):
        assert row[-4:] == (0.25, group.by_share.value, group.by_share.low, group.by_share.high)
    assert "quantile" not in dict(numbers(result(example(), "ttp")).columns)


def test_follow_up_stands_group_by_group_beside_that_over_all():
    told = numbers(result(example()))
    row = dict(zip([name for name, _ in told.columns], told.rows[1], strict=True))
    assert (row["follow_up"], row["group_follow_up"], row["group_follow_up_low"], row["group_follow_up_high"]) == (
        27,
        22,
        1.5,
        None,
    )
    assert "group_follow_up_high: not estimable" in row["reason"]


def test_the_paler_tail_is_told_with_its_beginning():
    assert (
        "Paler where fewer than 3 patients of a group are at risk: Control from 10.1 months, Pomalidomide from 15 months."
        in notes(result(example(), "ttp"))
    )
    assert not any(
        note.startswith("Paler")
        for note in notes(result(example(), "ttp", "arm", "arm=Control", "emd=yes", "sex=M", "age_years=44..45"))
    )


def test_late_entry_is_told_with_who_is_not_yet_entered():
    found = result(late(("A", 0, 5, 1), ("A", 2, 8, 1), ("B", 3, 6, 1), ("B", 0, 9, 0)))
    (told,) = [note for note in notes(found) if "not yet entered" in note]
    assert told == (
        "2 patients enter observation after time 0 and are at risk from then on; "
        "under the axis not yet entered: A 1 at 0; A 1 at 2; B 1 at 0; B 1 at 2."
    )
    assert not any("not yet entered" in note for note in notes(result(example())))


def test_a_group_that_is_thin_from_the_start_is_so_throughout():
    made = result(example(), "ttp", "arm", "emd=yes")
    assert any("Control throughout, Pomalidomide from 11 months" in note for note in notes(made))
