"""Best responses and rates of the example, of nobody, one patient and made cohorts; the paper's numbers; what is said
and printed of them."""

import pytest
from golden.cohorts import by, cohort, example, nobody, selected

from lib.cohort.response_scale import CLINICAL_BENEFIT as CBR
from lib.cohort.response_scale import CR, VGPR, mrd_word
from lib.cohort.response_scale import OVERALL as ORR
from lib.derived.best_response import mrd_states
from lib.response.best_response import (
    FOLLOWED,
    MRD,
    MRD_ASSESSED,
    MRD_IN_CR,
    best_response,
    definition,
    headline,
    notes,
    numbers,
)
from lib.response.rates import EVALUABLE, INFUSED
from lib.response.response_rates import best_table
from response.made import assessed, example_best, followed, made


def of(row):
    return [(rate.n, rate.of) for rate in row.groups]


def test_every_patient_of_the_example_responded():
    total = example_best().rate(ORR).total
    assert (total.n, total.of) == (16, 16)
    assert (total.share.low, total.share.high) == pytest.approx((0.79409279, 1.0), abs=1e-8)


def test_complete_responses_in_both_denominators():
    every, inside = example_best().rate(CR), example_best().rate(CR, FOLLOWED)
    assert of(every) == [(0, 8), (4, 8)] and every.test.p == pytest.approx(0.0769231, abs=1e-6)
    assert of(inside) == [(0, 8), (4, 6)] and inside.test.p == pytest.approx(0.0149850, abs=1e-6)


def test_denominators_are_printed_where_they_differ():
    printed = [(row.outcome, row.denominator) for row in example_best().printed]
    assert len(printed) == 6 and {name for _, name in printed} == {INFUSED, FOLLOWED}


def test_levels_add_up_to_all_infused():
    result = example_best()
    assert [sum(row.groups[slot].n for row in result.levels) for slot in (0, 1)] == [8, 8]
    assert sum(row.total.n for row in result.levels) == 16


def test_nobody_and_one_patient():
    nothing = best_response(nobody(example()), by(example()))
    assert nothing.n == 0 and nothing.levels == () and nothing.rate(ORR).total.share.value is None
    one = example_best("sex=F", "age_years=57..57", "arm=Pomalidomide")
    assert one.n == 1 and (one.rate(ORR).total.n, one.rate(ORR).total.of) == (1, 1)
    assert one.rate(ORR).test.p is None


def test_not_evaluable_patients_stay_among_all_infused():
    rows = assessed(("a1", 28, "MR"), ("a2", 28, "NE"), ("b1", 28, "PR"), ("b2", 28, "SD"))
    opened = selected(made({"A": ["a1", "a2", "a3"], "B": ["b1", "b2"]}, rows))
    result = best_response(opened, by(opened))
    assert of(result.rate(ORR)) == [(0, 3), (1, 2)] and of(result.rate(ORR, EVALUABLE)) == [(0, 1), (1, 2)]
    assert of(result.rate(CBR)) == [(1, 3), (1, 2)] and of(result.rate(VGPR)) == [(0, 3), (0, 2)]
    assert {row.outcome: row.total.n for row in result.levels} == {
        "PR": 1,
        "MR": 1,
        "SD": 1,
        "NE": 1,
        "Not assessed": 1,
    }


def test_an_early_death_stays_among_all_infused():
    opened = selected(
        made({"A": ["a1"], "B": ["b1"]}, assessed(("a1", 28, "PR")), endpoints=followed(a1=(9, 0), b1=(0.2, 1)))
    )
    result = best_response(opened, by(opened))
    assert of(result.rate(ORR)) == [(1, 1), (0, 1)] and of(result.rate(ORR, FOLLOWED))[1] == (0, 1)


def test_mrd_among_those_assessed_for_it_and_in_cr():
    rows = assessed(
        ("a1", 28, "CR", "negative"),
        ("a2", 28, "VGPR", "negative"),
        ("a3", 28, "CR", "not done"),
        ("b1", 28, "sCR", "positive"),
    )
    opened = selected(made({"A": ["a1", "a2", "a3"], "B": ["b1", "b2"]}, rows))
    result = best_response(opened, by(opened))
    assert of(result.rate(MRD)) == [(2, 3), (0, 2)] and of(result.rate(MRD, MRD_ASSESSED)) == [(2, 2), (0, 1)]
    assert of(result.rate(MRD, MRD_IN_CR)) == [(1, 1), (0, 1)] and result.mrd_outside == 1
    assert all(row.outcome != MRD for row in example_best().rates)


def test_whoever_has_no_group_is_counted():
    rows = [{"patient_id": "x", "arm": None}, {"patient_id": "y", "arm": "A"}]
    opened = selected(cohort(rows, responses=assessed(("x", 28, "CR"), ("y", 28, "CR"))))
    result = best_response(opened, by(opened))
    assert result.n == 1 and result.n_selected == 2


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("negative", "negative"),
        ("Neg.", "negative"),
        ("MRD-", "negative"),
        ("MRD negative", "negative"),
        ("undetectable", "negative"),
        ("positive", "positive"),
        ("MRD+", "positive"),
        ("detected", "positive"),
        ("not detected", "negative"),
        ("not done", "not done"),
        ("n.d.", "not done"),
        ("0", ""),
    ],
)
def test_words_of_mrd(word, state):
    assert mrd_word(word) == state


def test_the_best_that_was_found_before_progression():
    rows = assessed(
        ("a1", 28, "CR", "positive"),
        ("a1", 90, "CR", "negative"),
        ("a2", 28, "CR", "not done"),
        ("b1", 28, "CR", "positive"),
        ("b2", 28, "PD", None),
        ("b2", 60, "CR", "negative"),
    )
    cohort = selected(made({"A": ["a1", "a2"], "B": ["b1", "b2"]}, rows))
    assert mrd_states(cohort).to_dict() == {"a1": "negative", "a2": "not done", "b1": "positive", "b2": "not done"}


def test_the_finding_in_one_sentence():
    sentence, warning = headline(example_best())
    assert (
        sentence
        == "16 of 16 responded (100 %, exact 95 % CI 79–100); CR or better: Control 0 of 8, Pomalidomide 4 of 8."
    )
    assert "not comparable at infusion" in warning and "p " not in sentence
    assert headline(best_response(nobody(example()), by(example()))) == ("Nobody in this selection has a group.", "")


def test_who_is_left_out_is_said():
    rows = assessed(("a1", None, "CR"), ("b1", 20, "PD"), ("b1", 90, "CR", "negative"))
    opened = selected(made({"A": ["a1", "a2"], "B": ["b1"]}, rows, endpoints=followed(a1=(9, 0), a2=(9, 0), b1=(9, 0))))
    said = " ".join(notes(best_response(opened, by(opened))))
    assert "1 patient with assessments without a day only" in said and "not followed to month 3" in said
    assert "biased" not in said


def test_pd_before_the_progression_that_is_given_is_said():
    ttp = [{"patient_id": "a1", "endpoint": "ttp", "time": 6, "unit": "months", "event": 0}]
    opened = selected(made({"A": ["a1"]}, assessed(("a1", 20, "PD"), ("a1", 90, "CR", "negative")), endpoints=ttp))
    result = best_response(opened, by(opened, "-"))
    said = " ".join(notes(result))
    assert (
        "1 patient assessed as PD before (or without) the progression that TTP gives" in said
        and "MRD: negative at any" in said
    )


def test_numbers_hold_every_denominator_and_the_total():
    found = numbers(example_best())
    names = [name for name, _ in found.columns]
    rows = [dict(zip(names, row, strict=True)) for row in found.rows]
    assert names[3:12] == [
        "n",
        "of",
        "share",
        "low",
        "high",
        "difference",
        "difference_low",
        "difference_high",
        "p",
    ] and {row["group"] for row in rows} == {"Control", "Pomalidomide", "Total"}
    assert sum(row["outcome"] == "CR or better" for row in rows) == 9
    assert all((row["p"] is None or row["difference"] is None) == bool(row["reason"]) for row in rows)
    of_groups = [row for row in rows if row["group"] == "Pomalidomide" and not row["outcome"].startswith("Best")]
    assert all(row["difference_low"] <= row["difference"] <= row["difference_high"] for row in of_groups)


def test_the_rule_and_its_n_are_told_whichever_rule_is_followed():
    plain, asked = (best_response(selected(example()), by(example()), confirmed) for confirmed in (False, True))
    assert "asks for two consecutive assessments" in definition(plain) and "both reach" in definition(asked)
    n = asked.rate(ORR).total.n
    assert f"Confirmed by two consecutive assessments: Overall response (PR or better) {n} of 16" in notes(plain)[0]
    assert notes(asked)[0].startswith("Without confirmation: Overall response (PR or better) 16 of 16")
    assert "confirmed by two consecutive" in headline(asked)[0] and "confirmed" not in headline(plain)[0]


def test_rows_of_the_example():
    table = best_table(example_best())
    rows = {row[0]: row[1:] for row in table.rows}
    assert table.id == "response.best" and table.header == (
        "Best response",
        "Total (n = 16)",
        "Control (n = 8)",
        "Pomalidomide (n = 8)",
        "Pomalidomide − Control, % points (95 % CI)",
        "p",
    )
    assert rows["CR or better, of all infused"] == (
        "4/16: 25 % (7–52)",
        "0/8: 0 % (0–37)",
        "4/8: 50 % (16–84)",
        "+50 (+7 to +78)",
        "0.077",
    )
    assert rows["CR or better, of those followed to month 3"][2:] == ("4/6: 67 % (22–96)", "+67 (+18 to +90)", "0.015")
    assert rows["VGPR"] == ("8 (50 %)", "5 (63 %)", "3 (38 %)", "", "")
    assert "Clopper-Pearson" in table.method and "Fisher's exact test" in table.method


def test_one_group_has_neither_total_nor_p_and_nobody_has_rows_without_numbers():
    table = best_table(best_response(nobody(example()), by(example(), "-")))
    assert table.header == ("Best response", "All patients (n = 0)") and all(row[1] == "0/0" for row in table.rows)


def test_of_one_patient_no_rate_is_said():
    opened = selected(made({"A": ["a1"]}, assessed(("a1", 28, "PR"))))
    assert headline(best_response(opened, by(opened, "-"))) == ("Best response of the one patient: PR.", "")
