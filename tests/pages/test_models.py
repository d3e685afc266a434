"""The tab "Models and subgroups": choices, another pair, another endpoint, no grouping, and a chart that stays."""

import json

import pytest
from golden.cohorts import synthetic_workbook
from walking import charts, go, opened, option, printed, said, table_of, upload

TAB = "Models and subgroups"


def tab(app):
    """The survival page with this tab open."""
    go(app, "survival")
    app.session_state["survival tab"] = TAB
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.fixture
def app():
    return tab(opened())


@pytest.fixture
def three_arms():
    app = opened()
    upload(app, ("three.xlsx", synthetic_workbook(60, 1)))
    return tab(app)


def cells(app, place):
    return printed(app)[place]


def test_the_tab_has_its_tables_and_its_chart(app):
    assert len(printed(app)) == 3 and len(charts(app)) == 1
    assert (
        said(app.markdown).count(":material/warning: The groups were formed after infusion: immortal-time bias.") == 1
    )
    assert "12 events for 3 parameters, 4.0 each" in said(app.caption)


def test_other_tabs_are_not_computed(app):
    app.session_state["survival tab"] = "Curves"
    app.run()
    assert [chart.proto.spec.count('"strokeDash": [2, 3]') for chart in charts(app)] == [0]


def test_the_chart_does_not_depend_on_the_selection(app):
    seen = set()
    for pressed in ([], ["Control"], ["Pomalidomide"]):
        app.pills(key="filter arm").set_value(pressed).run()
        assert not app.exception
        seen.add(charts(app)[0].proto.spec)
    for pressed in (["yes"], ["no"]):
        app.pills(key="filter arm").set_value([]).run()
        app.pills(key="filter emd").set_value(pressed).run()
        seen.add(charts(app)[0].proto.spec)
    assert len(seen) == 1 and "datasets" not in json.loads(seen.pop())


def test_fewer_covariates_make_a_model(three_arms):
    app = three_arms
    assert "37 events for 4 parameters, 9.2 each" in said(app.caption)
    option(app, "covariates").set_value(["age_years"]).run()
    assert not app.exception and "No adjusted model" not in said(app.caption)
    assert any("per 10 years" in cell for cell in cells(app, 1).iloc[:, 0].str.replace("\u00a0", " "))
    next(
        box for box in app.number_input if box.key.startswith("AdjustedOptions.steps") and box.key.endswith("age_years")
    ).set_value(5.0).run()
    assert any("per 5 years" in cell for cell in cells(app, 1).iloc[:, 0].str.replace("\u00a0", " "))
    option(app, "covariates").set_value(["iss_stage"]).run()
    assert "not stated when it was known" in said(app.caption)


def test_variables_known_late_stand_last_and_say_so(three_arms):
    app = three_arms
    app.selectbox(key="compare by").set_value("emd").run()
    box = option(app, "covariates")
    assert list(box.options[-2:]) == ["Arm (known after infusion)", "iss stage (time not stated)"]
    box.set_value(["arm"]).run()
    assert "Arm: known after infusion: adjusting for it is biased" in said(app.caption)


def test_restricted_means_up_to_another_time(app):
    option(app, "restricted_mean_to").set_value(6.0).run()
    assert not app.exception and "up to 6.0 months, as chosen" in said(app.caption)
    app.segmented_control(key="endpoint").set_value("os").run()
    assert "up to 16.0 months, the longest time of Control" in said(app.caption)


def test_another_pair_of_groups_and_other_subgroups(three_arms):
    app = three_arms
    assert table_of(charts(app)[0], "column")["group"].tolist() == ["Lenalidomide"]
    option(app, "compared").set_value("Pomalidomide").run()
    assert table_of(charts(app)[0], "column")["group"].tolist() == ["Pomalidomide"]
    option(app, "age_cut").set_value(60).run()
    assert "≥ 60" in set(table_of(charts(app)[0], "line")["level"])
    option(app, "subgroups").set_value([]).run()
    assert not app.exception and len(table_of(charts(app)[0], "line")) == 1


def test_without_groups_there_is_no_forest(app):
    app.selectbox(key="compare by").set_value("-").run()
    assert not app.exception and not charts(app) and len(printed(app)) == 2
    assert "what to compare by" in app.info[0].value


def test_choices_stay_and_another_grouping_or_workbook_begins_anew(app):
    option(app, "covariates").set_value(["emd"]).run()
    app.segmented_control(key="endpoint").set_value("os").run()
    assert option(app, "covariates").value == ["emd"]
    app.selectbox(key="compare by").set_value("emd").run()
    assert option(app, "covariates").value == ["high_risk_cytogenetics"]
    option(app, "covariates").set_value(["sex"]).run()
    go(app, "home")
    upload(app, ("three.xlsx", synthetic_workbook(60, 1)))  # still compared by EMD
    assert option(tab(app), "covariates").value == ["high_risk_cytogenetics"]
