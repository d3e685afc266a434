"""The page Kinetics: profiles of groups and patients, a day of choice, parameters, persistence and what goes with expansion."""

import json

import pytest
from walking import charts, go, opened, option, said, table_of


@pytest.fixture
def app():
    return go(opened(), "kinetics")


def shown(app) -> str:
    return said(app.caption)


def test_profiles_and_the_groups_at_a_day(app):
    assert "Geometric mean of Cmax" in said(app.markdown) and "p = 0.7491 (n = 16" in shown(app)
    option(app, "day").set_value(60).run()
    assert not app.exception and "Samples within 6 days of day 60" in shown(app) and "Day 60 (± 6)" in shown(app)
    option(app, "window").set_value(0).run()
    assert "Samples within 0 days of day 60" in shown(app)
    app.segmented_control(key="kinetics view").set_value("Each patient").run()
    assert not app.exception and len(table_of(charts(app)[0], "panel")) == 16
    whole = charts(app)[0].proto.spec
    app.pills(key="filter arm").set_value(["Control"]).run()
    assert charts(app)[0].proto.spec == whole and len(table_of(charts(app)[0], "panel")) == 8


def test_sensitivity_analyses_are_one_click_away(app):
    app.session_state["more kinetics.sensitivity"] = True
    app.run()
    assert not app.exception and len(app.table) == 2 and "Student" in app.table[1].value.to_string()


def test_parameters_and_the_base_day(app):
    app.session_state["kinetics tab"] = "Parameters"
    app.run()
    assert not app.exception and len(app.table) == 2 and "Cmax over the value of day 1" in shown(app)
    option(app, "base_day").set_value(3).run()
    assert not app.exception and "Cmax over the value of day 3" in shown(app)


def test_persistence_and_what_goes_with_expansion(app):
    app.session_state["kinetics tab"] = "Persistence and correlates"
    app.run()
    assert "Median time to undetectable (LLOQ 1,000 copies/µg DNA): Control (8) 100 days" in said(app.markdown)
    assert "groups not comparable at infusion" in said(app.markdown) and len(charts(app)) == 2
    app.selectbox(key="factor").set_value("age_years").run()
    option(app, "measure").set_value("auc_0_28").run()
    assert not app.exception and "AUC0-28 and age" in said(app.markdown)
    specifications = [chart.proto.spec for chart in charts(app)]
    app.pills(key="filter arm").set_value(["Pomalidomide"]).run()
    assert [chart.proto.spec for chart in charts(app)] == specifications
    assert all("datasets" not in json.loads(specification) for specification in specifications)
