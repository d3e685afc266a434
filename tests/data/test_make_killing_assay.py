"""The workbook of the synthetic assay is what its script makes."""

import make_killing_assay
from assay.made import killing_assay

from lib.assay.series import wells, with_killing


def test_the_workbook_is_what_the_script_makes_and_says_that_it_is_synthetic():
    made, cohort = make_killing_assay.killing_assay(), killing_assay()
    assert [row["value"] for row in made["assays"]] == cohort.assays["value"].tolist()
    assert cohort.study.synthetic and "drawn at random" in cohort.study.note and not cohort.findings and cohort.n == 0


def test_it_has_the_design_of_the_figure():
    found, reported = with_killing(wells(killing_assay()))
    assert set(found["concentration"]) == {0, 1, 2.5, 5, 10} and set(found["replicate"]) == {1, 2, 3}
    assert "OD maximum" in reported["Killing"] and (found["measure"] == "Killing").sum() == 12
