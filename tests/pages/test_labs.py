"""The page Labs: from test to test, with filters, at visits and days, greyed where there are no values."""

import json

import pytest
from labs.made import sixteen_rows
from labs.scored import scored_rows
from walking import charts, go, opened, option, printed, said, table_of, upload, workbook


@pytest.fixture
def app(tmp_path):
    app = opened()
    upload(app, ("labs.xlsx", workbook(sixteen_rows(), tmp_path)))
    return go(app, "labs")


def test_the_test_measured_most_is_drawn_and_another_is_one_click_away(app):
    assert app.segmented_control(key="lab").value == "crp"
    assert said(app.markdown).count("Medians of CRP") == 1 and "Synthetic data" in said(app.sidebar.markdown)
    assert len(table_of(charts(app)[0], "median")) == 22
    app.segmented_control(key="lab").set_value("anc").run()
    assert not app.exception and "Medians of ANC" in said(app.markdown)


def test_no_chart_depends_on_the_selection(app):
    seen = set()
    for pressed in ([], ["Control"], ["Pomalidomide"]):
        app.pills(key="filter arm").set_value(pressed).run()
        assert not app.exception
        seen.add(charts(app)[0].proto.spec)
    assert len(seen) == 1 and "datasets" not in json.loads(seen.pop())


def test_scales_are_options_and_stay_when_the_page_is_left(app):
    assert option(app, "log").value is True
    option(app, "log").uncheck().run()
    assert '"type": "log"' not in charts(app)[0].proto.spec
    option(app, "spread_early_days").check().run()
    assert "square-root scale" in charts(app)[0].proto.spec
    go(app, "baseline")
    go(app, "labs")
    assert option(app, "log").value is False and option(app, "spread_early_days").value is True


def test_visits_or_days_where_there_are_both(tmp_path):
    tables = sixteen_rows()
    named = [{**row, "visit": f"visit {row['day'] // 7 + 1}"} for row in tables["labs"] if row["day"] in (0, 7, 14)]
    app = opened()
    upload(app, ("visits.xlsx", workbook({**tables, "labs": named}, tmp_path)))
    go(app, "labs")
    assert option(app, "by_visit").value is True and '"title": "Visit"' in charts(app)[0].proto.spec
    option(app, "by_visit").uncheck().run()
    assert '"title": "Days since infusion"' in charts(app)[0].proto.spec


def test_many_tests_are_a_list_to_choose_from(tmp_path):
    tables = sixteen_rows()
    many = [{**row, "test": f"test {number}"} for number in range(8) for row in tables["labs"] if row["test"] == "ANC"]
    app = opened()
    upload(app, ("many.xlsx", workbook({**tables, "labs": many}, tmp_path)))
    go(app, "labs")
    app.selectbox(key="lab").set_value("test_5").run()
    assert not app.exception and "Medians of test 5" in said(app.markdown)


def test_another_workbook_does_not_know_the_test_that_was_chosen(app, tmp_path):
    app.segmented_control(key="lab").set_value("ferritin").run()
    tables = sixteen_rows()
    go(app, "home")
    other = {**tables, "labs": [row for row in tables["labs"] if row["test"] == "ANC"]}
    upload(app, ("other.xlsx", workbook(other, tmp_path)))
    go(app, "labs")
    assert app.segmented_control(key="lab").value == "anc"


def test_a_workbook_without_values_says_which_sheet_would_have_them(tmp_path):
    app = opened()
    upload(app, ("none.xlsx", workbook({**sixteen_rows(), "labs": []}, tmp_path)))
    go(app, "labs")
    assert 'no rows in a sheet "Labs"' in app.info[0].value


def test_the_example_has_grades_by_both_versions_and_recovery():
    app = opened("labs")
    assert (
        "median (range): Control 6.0 (1.1–6.0), n = 8; Pomalidomide 9.0 (7.0–21.0), n = 6; 2 lost to follow-up not"
        " counted" in said(app.caption)
    )
    app.session_state["labs tab"] = "Grades"
    app.run()
    assert not app.exception and printed(app)[0].iloc[0, 1].startswith("8") and len(printed(app)) >= 2
    option(app, "version").set_value("CTCAE v6").run()
    assert printed(app)[0].iloc[0, 1].startswith("0") and "by CTCAE v6" in said(app.caption)
    app.session_state["labs tab"] = "Recovery"
    app.run()
    assert "8 of 8, 8 recovered" in said(app.markdown) and len(charts(app)) == 1
    option(app, "threshold").set_value("0.5").run()
    assert not app.exception and "0 of 8 fell below" in said(app.markdown) and len(charts(app)) == 0


def test_grades_of_icaht_and_scores_stand_under_the_grades(tmp_path):
    app = opened()
    upload(app, ("scores.xlsx", workbook(scored_rows(), tmp_path)))
    app.session_state["labs tab"], app.session_state["lab scores"] = "Grades", True
    go(app, "labs")
    said_all = said(app.markdown) + said(app.caption) + " ".join(each.proto.help for each in app.caption)
    for part in (
        "(ICAHT), experimental grades",
        "ICAHT of each patient (experimental)",
        "CAR-HEMATOTOX of each patient",
        "never above 500 grade 4",
        "Experimental: the table of the consensus paper",
    ):
        assert part in said_all, part
    before = printed(app)[1].to_numpy().tolist()
    app.pills(key="filter arm").set_value(["B"]).run()
    assert not app.exception and printed(app)[1].to_numpy().tolist() != before
