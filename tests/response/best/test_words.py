"""Headline, notes and numbers of best responses."""

from golden.cohorts import by, example, nobody, selected

from lib.cohort.response_scale import OVERALL as ORR
from lib.response.best.result import best_response
from lib.response.best.words import definition, headline, notes, numbers
from response.made import assessed, example_best, followed, made


def test_the_finding_in_one_sentence():
    sentence, warning = headline(example_best())
    assert (
        sentence
        == "16 of 16 responded (100 %, exact 95 % CI 79.4–100); CR or better: Control 0 of 8, Pomalidomide 4 of 8."
    )
    assert "biased by design" in warning and "p " not in sentence
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
    ] and {row["group"] for row in rows} == {
        "Control",
        "Pomalidomide",
        "Total",
    }
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
