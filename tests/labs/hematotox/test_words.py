"""What is said of CAR-HEMATOTOX: boundaries, missing items, where lymphodepletion is not dated."""

from dataclasses import replace

from golden.cohorts import by

from labs.scores.made import scored_cohort
from lib.labs.hematotox.result import hematotox_scores
from lib.labs.hematotox.words import caption, notes


def test_boundaries_missing_items_and_undated_lymphodepletion():
    found = hematotox_scores(scored_cohort(), by(scored_cohort()))
    said = " ".join(notes(found))
    for part in (
        "here 0, 0 and 1",
        "Platelets in 2 patients, ANC in 1 patient",
        "Ferritin in 4 patients",
        "not stated in Therapies for 3 patients",
        "Neutrophils %: 1 value",
    ):
        assert part in said
    for part in ("7 patients", "CRP < 30 mg/L (3 mg/dL) 0", "at most 28 days before", "Rejeski 2021"):
        assert part in caption(found)
    assert "score before infusion 2" in caption(replace(found, infusion=2)) and "infusion 1" not in caption(found)
