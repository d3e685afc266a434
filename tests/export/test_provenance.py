"""Where a figure comes from, in words."""

import datetime as dt
import re

from golden.cohorts import arms, by, cohort, example, nobody, selected

from lib.export.provenance import PACKAGES, Provenance, versions


def test_the_example():
    reported = Provenance.of_cohort(selected(example(), "emd=yes"), by(example()))
    assert (reported.n, reported.of, reported.group_by) == (7, 16, "arm")
    assert reported.selection == "Extramedullary disease: yes"
    assert (
        reported.sentence == "7 of 16 patients (Extramedullary disease: yes). Data cut-off 2023-07-31. "
        "Synthetic data: constructed to match published summaries (Yan et al., J Transl Med 2024)."
    )
    assert reported.fingerprint == example().fingerprint  # that of the file, as in its links
    assert reported.stamp.endswith(f"data {reported.fingerprint[:8]}, {dt.date.today().isoformat()}.")


def test_a_selection_by_what_was_known_late_is_told_under_every_figure():
    reported = Provenance.of_cohort(selected(example(), "crs>=3", "emd=yes"), by(example()))
    assert reported.selected_late == ("CRS grade ≥ 3",)
    assert reported.sentence.startswith(
        "3 of 16 patients (Extramedullary disease: yes; CRS grade ≥ 3). Known only after the infusion: CRS grade ≥ 3."
        " Data cut-off"
    )


def test_data_of_patients_and_nobody():
    made = cohort(arms(A=["a1"]), [("title", None, "Real")])
    reported = Provenance.of_cohort(selected(made), by(made))
    assert reported.synthetic_words == "" and reported.sentence == "1 of 1 patient (all patients)."
    assert Provenance.of_cohort(nobody(example()), by(example())).sentence.startswith("0 of 16 patients (Arm: nobody).")


def test_synthetic_without_a_note():
    made = cohort(arms(A=["a1"]), [("synthetic", None, "yes")])
    assert Provenance.of_cohort(selected(made), by(made)).synthetic_words == "Synthetic data."


def test_versions_name_every_package_that_computes_or_draws():
    assert set(PACKAGES) < set(versions()) and all(re.match(r"\d", version) for version in versions().values())
