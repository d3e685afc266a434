"""The page Kinetics: profiles of groups and patients, a day of choice, parameters, persistence and what goes with
expansion."""

import json

import pytest
from walking import charts, opened, option, printed, said, table_of


@pytest.fixture
def app():
    return opened("kinetics")


def shown(app) -> str:
    return said(app.caption)


def test_profiles_and_the_groups_at_a_day(app):
    assert "Cmax, copies/µg DNA, geometric mean (95 % CI): Control 57,918 (43,407–77,280)" in said(app.markdown)
    assert "Day 28 (± 3)" in shown(app)
    option(app, "day").set_value(60).run()
    assert not app.exception and "Day 60 (± 6)" in shown(app)
    option(app, "window").set_value(0).run()
    assert "Day 60 (± 0)" in shown(app)
    option(app, "bars").set_value("geometric SD").run()
    assert not app.exception and "Geometric mean with geometric SD" in shown(app)
    app.segmented_control(key="kinetics view").set_value("Each patient").run()
    assert not app.exception and len(table_of(charts(app)[0], "panel")) == 16
    whole = charts(app)[0].proto.spec
    app.pills(key="filter arm").set_value(["Control"]).run()
    assert charts(app)[0].proto.spec == whole and len(table_of(charts(app)[0], "panel")) == 8


def test_sensitivity_analyses_are_one_click_away(app):
    app.session_state["more kinetics.sensitivity"] = True
    app.run()
    assert not app.exception and len(printed(app)) == 2 and "Student" in printed(app)[1].to_string()


def test_parameters_and_the_base_day(app):
    app.session_state["kinetics tab"] = "Parameters"
    app.run()
    assert not app.exception and len(printed(app)) == 2
    folds = printed(app)[1]["Fold expansion"].tolist()
    option(app, "base_day").set_value(3).run()
    assert not app.exception and printed(app)[1]["Fold expansion"].tolist() != folds
    option(app, "every_column").check().run()
    assert not app.exception and "AUClast" in printed(app)[1].columns


def test_persistence(app):
    app.session_state["kinetics tab"] = "Persistence"
    app.run()
    assert "Median time to undetectable (LLOQ 1,000 copies/µg DNA): Control 100 days" in said(app.markdown)
    assert "groups not comparable at infusion" in said(app.markdown)
    assert not app.exception and len(charts(app)) == 1 and len(printed(app)) == 1


def test_expansion_and_outcome(app):
    app.session_state["kinetics tab"] = "Expansion and outcome"
    app.run()
    assert "Cmax and best response: Spearman's ρ −0.10" in said(app.markdown) and "association only" in said(
        app.markdown
    )
    app.selectbox(key="factor").set_value("age_years").run()
    option(app, "measure").set_value("auc_0_28").run()
    assert not app.exception and "AUC0-28 and age" in said(app.markdown)
    specifications = [chart.proto.spec for chart in charts(app)]
    app.pills(key="filter arm").set_value(["Pomalidomide"]).run()
    assert [chart.proto.spec for chart in charts(app)] == specifications
    assert all("datasets" not in json.loads(specification) for specification in specifications)
