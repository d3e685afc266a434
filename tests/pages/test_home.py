"""Home: four examples, the richest figure that a file allows, and only what is recorded."""

import pytest
from make_cohort import synthetic_cohort
from walking import ROOT, charts, count, opened, said, upload, workbook

PUBLIC = ROOT / "tests" / "public_data"


@pytest.mark.parametrize(
    ("stem", "title", "patients"),
    [
        ("pomalidomide_cohort", "CAR-T Cohort Explorer", "16 of 16 patients"),
        ("complete_cohort", "CAR-T Cohort Explorer", "60 of 60 patients"),
        ("lenalidomide_case_synthetic", "Patient", "1 of 1 patient"),
        ("killing_assay", "Assays", ""),
    ],
)
def test_one_click_opens_an_example_on_its_page(stem, title, patients):
    app = opened()
    app.button(key=f"open {stem}").click().run()
    assert not app.exception and app.title[0].value == title
    assert not patients or count(app) == patients
    assert charts(app)


def test_the_patient_with_three_infusions_opens_at_the_third():
    app = opened()
    app.button(key="open lenalidomide_case_synthetic").click().run()
    assert app.get_by_key("infusion").value == 3 and app.query_params["infusion"] == "3"


def test_an_example_opens_without_the_filters_of_the_one_before():
    app = opened(where=["emd=yes"])
    app.button(key="open complete_cohort").click().run()
    assert count(app) == "60 of 60 patients" and not app.sidebar.warning


def test_with_ones_own_file_open_the_examples_are_away(tmp_path):
    app = upload(opened(), ("mine.xlsx", workbook(synthetic_cohort(12, 3), tmp_path)))
    assert not [button for button in app.button if (button.key or "").startswith("open ")]
    assert "12 patients, " in said(app.caption)
    (back,) = [button for button in app.button if button.label == "Back to the examples"]
    back.click().run()
    assert count(app) == "16 of 16 patients"


@pytest.mark.parametrize(
    ("n", "responses", "words"),
    [
        (80, True, " progressed"),
        (81, True, "Median progression-free survival"),
        (30, False, "Median progression-free survival"),
    ],
)
def test_home_shows_the_richest_figure_that_the_file_allows(n, responses, words, tmp_path):
    tables = synthetic_cohort(n, 3)
    if not responses:
        del tables["responses"]
    app = upload(opened(), ("mine.xlsx", workbook(tables, tmp_path)))
    assert len(charts(app)) == 1 and words in said(app.main.markdown)


def test_a_file_without_endpoints_is_told_in_words(tmp_path):
    tables = synthetic_cohort(12, 3)
    del tables["endpoints"]
    app = upload(opened(), ("mine.xlsx", workbook(tables, tmp_path)))
    assert not charts(app) and "Patients: 12 patients" in said(app.markdown).replace("*", "")
