"""Synthetic cohorts of any size: reproducible, labelled, with everything in them that a real one has."""

import runpy
import sys

import pytest
from make_cohort import ARMS, synthetic_cohort
from workbooks import DATA, of, synthetic

from lib.intake.draft import read_workbook

LARGE = 200
BASELINE = (
    "age_years",
    "sex",
    "emd",
    "high_risk_cytogenetics",
    "prior_lines",
    "prior_asct",
    "kps_below_60",
    "iss_stage",
    "ldh",
)


@pytest.mark.parametrize("n", [1, 2, 16, 60, LARGE])
def test_any_size_reads_without_an_error(n):
    cohort = synthetic(n)
    assert (cohort.n, cohort.n_opened) == (n, n)
    assert of(cohort, "error") == []
    assert cohort.study.synthetic and cohort.study.note == "synthetic, drawn with seed 1"
    assert cohort.patients["patient_id"].str.fullmatch(r"SYN-\d{4}").all()
    assert (cohort.endpoints["problem"] == "").all()


def test_a_seed_gives_the_same_cohort_again_and_another_seed_another():
    assert synthetic_cohort(16, 1) == synthetic_cohort(16, 1)
    assert synthetic_cohort(16, 1)["patients"] != synthetic_cohort(16, 2)["patients"]


def test_more_patients_are_added_to_the_same_ones():
    few, many = synthetic_cohort(16, 1), synthetic_cohort(60, 1)
    assert all(many[name][: len(few[name])] == few[name] for name in few if name != "study")


def test_three_arms_in_the_order_of_study():
    cohort = synthetic(LARGE)
    assert cohort.variable("arm").levels == ARMS and cohort.variable("arm").reference == ARMS[0]
    assert cohort.variable("arm").known_at == 30
    assert cohort.patients["arm"].value_counts().min() > LARGE / 6


def test_about_a_tenth_of_the_baseline_values_is_missing():
    missing = synthetic(LARGE).patients[list(BASELINE)].isna().to_numpy().mean()
    assert 0.07 < missing < 0.13


def test_times_are_tied():
    os = synthetic(LARGE).endpoints.query("endpoint == 'os'")
    assert os["time"].nunique() < len(os) / 2 and set(os["event"]) == {0, 1}


def test_some_have_two_infusions_and_some_never_expand():
    cohort = synthetic(LARGE)
    assert set(cohort.infusions["infusion"]) == {1, 2}
    assert 3 <= (cohort.infusions["infusion"] == 2).sum() <= LARGE / 5
    first = cohort.kinetics[cohort.kinetics["infusion"] == 1].groupby("patient_id")["below"].all()
    assert 3 <= first.sum() <= LARGE / 5
    assert set(cohort.kinetics.loc[cohort.kinetics["infusion"] == 2, "patient_id"]) <= set(
        cohort.infusions.loc[cohort.infusions["infusion"] == 2, "patient_id"]
    )


def test_grades_are_missing_in_some_events():
    events = synthetic(LARGE).adverse_events
    assert 0 < events["grade"].isna().mean() < 0.15 and set(events["grade"].dropna()) == {1, 2, 3, 4}


def test_the_script_writes_the_file_it_names(tmp_path, monkeypatch, capsys):
    path = tmp_path / "made.xlsx"
    monkeypatch.setattr(sys, "argv", ["make_cohort.py", "--patients", "5", "--seed", "7", "--out", str(path)])
    runpy.run_path(str(DATA / "make_cohort.py"), run_name="__main__")
    assert capsys.readouterr().out.strip() == str(path)
    cohort = read_workbook(path.read_bytes(), path.name)
    assert cohort.n == 5 and cohort.study.note == "synthetic, drawn with seed 7"
