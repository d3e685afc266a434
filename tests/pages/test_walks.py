"""Walks through the app without a browser: warm, cold, with filters, with nobody, with other workbooks."""

import json

import pytest
from make_cohort import synthetic_cohort
from streamlit.testing.v1 import AppTest
from walking import PAGES, ROOT, charts, count, go, opened, option, places, printed, said, table_of, upload, workbook


@pytest.mark.parametrize(("page", "title"), PAGES.items())
def test_every_page_as_the_very_first_request(page, title):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
    assert not app.exception
    assert app.title[0].value == title
    assert count(app) == "16 of 16 patients"


def test_the_example_is_open_and_drawn_without_a_click():
    app = opened()
    assert "Example:" in said(app.markdown) and "Synthetic data" in said(app.sidebar.markdown)
    lanes = table_of(charts(app)[0], "lane")
    assert len(lanes) == 16


def test_the_selection_survives_page_switches():
    app = opened()
    app.pills(key="filter emd").set_value(["yes"]).run()
    for page in ("survival", "toxicity", "kinetics", "baseline", "swimmer", "home", "survival"):
        go(app, page)
        assert count(app) == "7 of 16 patients"


def test_neither_a_chart_nor_its_place_depends_on_the_selection():
    app = opened()
    for page in ("home", "swimmer", "response", "survival", "toxicity", "kinetics"):
        go(app, page)
        seen = set()
        for pressed in ([], ["yes"], ["no"]):
            app.pills(key="filter emd").set_value(pressed).run()
            seen.add((charts(app)[0].proto.spec, places(app)[0]))
        assert len(seen) == 1, page
        assert "datasets" not in json.loads(seen.pop()[0])


def test_nobody_gives_a_kind_sentence_on_every_page():
    app = opened(where=["emd=yes", "sex=M", "arm=Control", "age_years=44..45"])
    for page in [page for page in PAGES if page != "assay"]:  # the example has none
        go(app, page)
        assert count(app) == "0 of 16 patients", page
        assert any("No patient fits all of these filters" in info.value for info in app.info), page
        assert app.button(key="reset_here").label == "Reset all filters", page
    app.button(key="reset_here").click().run()
    assert count(app) == "16 of 16 patients"


def test_one_patient_is_enough_for_every_page(tmp_path):
    app = upload(opened(), ("one.xlsx", workbook(synthetic_cohort(1, 3), tmp_path)))
    for page in PAGES:
        go(app, page)
        assert count(app) == "1 of 1 patient", page


def test_patients_alone_open_and_other_pages_say_what_is_missing(tmp_path):
    tables = {"patients": synthetic_cohort(6, 2)["patients"]}
    app = upload(opened(), ("patients.xlsx", workbook(tables, tmp_path)))
    for page in [page for page in PAGES if page != "home"]:
        go(app, page)
        if page == "baseline":
            assert len(printed(app)) == 1
        elif page == "report":
            assert app.checkbox(key="in report baseline.table_one 0").label == "Table 1"
        elif page == "patient":
            assert len(charts(app)) == 1 and "Age: " in said(app.caption), "columns of Patients, an infusion on day 0"
        else:
            assert any("This workbook has no rows in a sheet" in info.value for info in app.info), page


def test_a_link_to_another_workbook_waits_on_every_page_and_shows_no_example():
    for page in PAGES:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.query_params["cohort"] = "deadbeef"
        app.query_params["where"] = "emd=yes"
        app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
        assert not app.exception
        assert "Open the workbook this link was made from" in app.info[0].value
        assert not charts(app)


def test_a_waiting_link_applies_to_the_workbook_that_is_opened(tmp_path):
    content = workbook(synthetic_cohort(20, 4), tmp_path)
    app = opened(cohort="deadbeef", where=["sex=F", "ward=3"])
    upload(app, ("mine.xlsx", content))
    assert "not the workbook that the link was made from" in said(app.sidebar.warning)
    assert "ward" in said(app.sidebar.warning)
    assert app.pills(key="filter sex").value == ["F"]


def test_an_unreadable_upload_is_one_sentence_and_leaves_everything_as_it_was():
    app = opened()
    upload(app, ("broken.xlsx", b"this is not a workbook"))
    assert "This is not an Excel workbook" in app.error[0].value
    assert count(app) == "16 of 16 patients"
    upload(app, ("again.xlsx", (ROOT / "data" / "pomalidomide_cohort.xlsx").read_bytes()))
    assert not app.error


def test_page_options_survive_a_workbook_that_does_not_know_them(tmp_path):
    app = opened("survival")
    app.segmented_control(key="endpoint").set_value("ttp").run()
    go(app, "kinetics")
    option(app, "day").set_value(100).run()
    assert not app.exception
    go(app, "home")
    upload(app, ("other.xlsx", workbook(synthetic_cohort(20, 4), tmp_path)))
    go(app, "survival")
    assert app.segmented_control(key="endpoint").value == "pfs"
    go(app, "kinetics")
    app.pills(key="filter emd").set_value(["yes"]).run()
    assert not app.exception


def test_compare_by_a_number_at_the_median_and_at_own_cut_points():
    app = opened("survival")
    app.selectbox(key="compare by").set_value("age_years").run()
    assert list(table_of(charts(app)[0], "group").label[lambda labels: labels != ""]) == [
        "Age ≤ 57.5 (8)",
        "Age > 57.5 (8)",
    ]
    app.text_input(key="cuts").set_value("50, 60").run()
    assert list(table_of(charts(app)[0], "group").label[lambda labels: labels != ""]) == [
        "Age < 50 (3)",
        "Age 50 to < 60 (7)",
        "Age ≥ 60 (6)",
    ]
    app.text_input(key="cuts").set_value("old").run()
    assert "not a list of cut-points" in said(app.sidebar.warning)


def test_groups_are_renamed_merged_and_put_back():
    app = opened("survival")
    app.selectbox(key="compare by").set_value("prior_lines").run()
    before = list(table_of(charts(app)[0], "group").label)
    names = [box for box in app.text_input if box.key.startswith("name prior_lines")]
    names[1].set_value("4 or more")
    names[2].set_value("4 or more")  # typed and applied before the page has run again
    app.button(key="apply groups").click().run()
    assert not app.exception
    assert list(table_of(charts(app)[0], "group").label[lambda labels: labels != ""]) == [
        "Lines 3 (7)",
        "4 or more (9)",
    ]
    app.button(key="undo groups").click().run()
    assert list(table_of(charts(app)[0], "group").label) == before


def test_every_widget_of_the_sidebar_has_the_view_as_its_default():
    """Where a click breaks off a run, the browser sends back the default of a widget that it then draws for the first
    time."""
    app = opened(where="emd=yes", by="age_years@60", unit="weeks")
    app.run()
    assert app.selectbox(key="compare by").options[app.selectbox(key="compare by").proto.default] == "Age"
    assert app.text_input(key="cuts").proto.default == "60"
    assert list(app.segmented_control(key="unit").proto.default) == [1]
    assert list(app.pills(key="filter emd").proto.default) == [1]


def test_weeks_and_days_reach_the_figure():
    app = opened("survival")
    app.segmented_control(key="unit").set_value("weeks").run()
    assert "weeks" in said(app.markdown)
    assert json.loads(charts(app)[0].proto.spec)["layer"][0]["encoding"]["x"]["title"] == "Weeks since infusion"


def test_a_range_filter_says_what_it_does_with_missing_values(tmp_path):
    app = opened()
    upload(app, ("some.xlsx", workbook(synthetic_cohort(40, 9), tmp_path)))
    app.selectbox(key="add filter").set_value("age_years").run()
    everybody = app.slider(key="filter age_years").value
    app.slider(key="filter age_years").set_value((everybody[0], everybody[1] - 5)).run()
    chip = app.button(key="chip age_years").label
    assert "without a value left out" in chip
    app.checkbox(key="missing age_years").check().run()
    assert "without a value kept" in app.button(key="chip age_years").label
    app.button(key="chip age_years").click().run()
    assert count(app) == "40 of 40 patients"


def test_excluded_patients_are_in_only_when_asked_for():
    app = opened()
    app.checkbox(key="excluded").check().run()
    assert count(app) == "17 of 17 patients"


def test_the_second_infusion_can_be_chosen(tmp_path):
    app = opened()
    upload(app, ("two.xlsx", workbook(synthetic_cohort(60, 1), tmp_path)))
    app.segmented_control(key="infusion").set_value(2).run()
    shown, of = count(app).removesuffix(" patients").split(" of ")
    assert 0 < int(shown) < int(of) == 60
    for page in PAGES:
        go(app, page)


def test_words_of_the_workbook_are_never_markup(tmp_path):
    tables = synthetic_cohort(6, 2)
    trap = "![x](http://example.invalid/x.png) **bold** <b>b</b> $a$ :smile:"
    for patient, arm in zip(tables["patients"], [trap, "plain"] * 3, strict=True):
        patient["arm"] = arm
    app = opened()
    upload(app, ("trap.xlsx", workbook(tables, tmp_path)))
    for page in PAGES:
        go(app, page)
    assert "!\\[x\\](http\\:" in app.pills(key="filter arm").options[0]


def test_the_findings_stand_on_home(tmp_path):
    tables = synthetic_cohort(6, 2)
    tables["endpoints"][0]["event"] = "perhaps"
    app = opened()
    upload(app, ("bad.xlsx", workbook(tables, tmp_path)))
    assert "error" in app.subheader[0].value
    assert [*map(len, printed(app)), *(len(each.value) for each in app.dataframe)] == [2, 2]  # grouped, and one by one
    assert "how to fix it" in printed(app)[0].columns
    go(app, "survival")
    assert "not evaluable: event not stated" in said(app.caption)
