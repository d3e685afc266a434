"""Headline, caption, notes and alt text of the kinetics."""

from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic

from lib.kinetics import words
from lib.kinetics.result import kinetics
from lib.kinetics.series import series_keys


def result(made, grouping="arm", *filters, infusion=1):
    return kinetics(selected(made, *filters, infusion=infusion), series_keys(made)[0], by(made, grouping))


def test_the_headline_names_peaks_and_their_days():
    sentence, warning = words.headline(result(example()))
    assert sentence == (
        "Geometric mean of Cmax, copies/µg DNA: Control 57,918 (n = 8), Pomalidomide 69,565 (n = 8). Peaks on days 5 to 10."
    )
    assert warning == ""
    assert words.headline(result(synthetic()))[0].endswith("never rose above the limit of quantification.")


def test_nobody_and_all_below_the_limit():
    empty = kinetics(nobody(example()), series_keys(example())[0], by(example()))
    assert words.headline(empty)[0] == "Nobody in this selection has samples of this series."
    assert words.alt_text(empty).endswith("No geometric mean is shown.")
    made = cohort(arms(A=["a1"]), kinetics=[{"patient_id": "a1", "day": day, "value": "<50"} for day in (0, 7, 28)])
    assert words.headline(result(made))[0] == "No sample is above the limit of quantification."


def test_notes_count_patients_without_samples_and_samples_without_a_limit():
    made = cohort(arms(A=["a1"], B=["b1", "b2"]), kinetics=[
        {"patient_id": "a1", "day": 7, "value": "BLQ"}, {"patient_id": "b1", "day": 7, "value": 900}])  # fmt: skip
    said = words.notes(result(made))
    assert said[0] == "1 of 3 patients without samples of this series or without a group."
    assert said[1].startswith("1 sample below a limit that is not stated")
    assert said[2].startswith("Never above the limit of quantification: A 1;")
    assert said[3] == "Day 7 (± 1): Mann-Whitney test (exact), p > 0.9999 (n = 2; below the limit: lowest rank)."
    assert words.notes(result(example(), "-")) == ()


def test_the_caption_names_a_later_infusion():
    assert "after infusion 2" in words.caption(result(synthetic(), infusion=2))
    assert "after infusion" not in words.caption(result(synthetic()))


def test_every_mean_that_is_missing_has_its_reason():
    found = words.profile_numbers(result(synthetic(), "arm", "arm=Lenalidomide"))
    for *_, n, _quantifiable, mean, low, high, reason in found.rows:
        assert (mean is None) == (low is None) == (high is None) == bool(reason)
        assert n >= 2 or reason == "fewer than two samples"


def test_tests_are_told_only_of_a_comparison():
    (line,) = words.tests(result(example()))
    assert (line.comparison, round(line.p, 4)) == ("day 28: Control v Pomalidomide", 0.9591)
    assert words.tests(result(example(), "-")) == ()
