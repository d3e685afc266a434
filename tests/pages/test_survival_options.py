"""Walks through the options of the survival curves: every one reaches the figure, the tables and their words."""

import json

import pytest
from make_cohort import synthetic_cohort
from streamlit.testing.v1 import AppTest
from walking import charts, go, opened, option, printed, said, table_of, upload, workbook


def curves(**parameters) -> AppTest:
    app = opened(**parameters)
    go(app, "survival")
    return app


def ask(app: AppTest, name: str, value) -> AppTest:
    """Give an option, or the widget of this key, a value."""
    (option(app, name) if "_" in name or name in ("share", "strata") else widget(app, name)).set_value(value).run()
    assert not app.exception, app.exception
    return app


def widget(app: AppTest, key: str):
    return next(each for kind in (app.segmented_control, app.selectbox, app.pills) for each in kind if each.key == key)


def cells(app: AppTest) -> str:
    return " ".join(str(table.to_numpy().tolist()) + " ".join(table.columns) for table in printed(app)).replace(
        "\\", ""
    )


@pytest.mark.parametrize("scale", ["log", "plain"])
def test_the_scale_of_the_limits_is_named_everywhere(scale):
    app = ask(curves(), "show_ci", "Always")
    assert "limits (log-log" in said(app.caption)
    ask(app, "ci_scale", scale)
    assert said(app.caption).count(f"limits ({scale}") == 3 and "log-log" not in said(app.caption)


def test_the_band_of_small_groups_is_drawn_when_asked_for():
    app = curves()
    assert table_of(charts(app)[0], "band").empty
    ask(app, "show_ci", "Always")
    assert not table_of(charts(app)[0], "band").empty


def test_quantiles_and_an_own_percentage():
    app = curves()
    ask(app, "share", "25 %")
    assert "25 % had the event by" in cells(app).replace("\xa0", " ") and set(
        table_of(charts(app)[0], "median").left
    ) == {0.75}
    ask(app, "share", "Custom")
    ask(app, "share_percent", 60)
    assert "60 % had the event by" in cells(app).replace("\xa0", " ")


def test_the_difference_of_two_groups():
    app = curves()
    ask(app, "curve view", "Difference")
    assert not table_of(charts(app)[0], "difference").empty
    ask(app, "compare by", "prior_lines")
    assert "Difference" not in app.segmented_control(key="curve view").options
    assert not table_of(charts(app)[0], "curve").empty
    ask(app, "compare by", "-")
    assert not table_of(charts(app)[0], "curve").empty


def test_panels_keep_their_chart_whatever_is_selected():
    app = curves(by="emd")
    ask(app, "panels_by", "sex")
    assert table_of(charts(app)[0], "panel")["test"].tolist() == [
        "HR 1.20 (95 % CI 0.31–4.70); permutation\nlog-rank p = 0.83",
        "Not compared: EMD yes: described, not\ncompared: fewer than 3 patients",
    ]
    seen = set()
    for pressed in ([], ["Control"], ["Pomalidomide"]):
        ask(app, "filter arm", pressed)
        seen.add(charts(app)[0].proto.spec)
    assert len(seen) == 1 and "datasets" not in json.loads(seen.pop())
    ask(app, "panels_by", None)
    assert "median" in {dataset.name for dataset in charts(app)[0].proto.datasets}


def test_the_difference_keeps_its_chart_whatever_is_selected():
    app = curves()
    ask(app, "curve view", "Difference")
    seen = set()
    for pressed in ([], ["yes"], ["no"]):
        ask(app, "filter emd", pressed)
        seen.add(charts(app)[0].proto.spec)
    assert len(seen) == 1


def test_milestones_stand_under_the_curves():
    assert "6 months (95\u00a0%\u00a0CI)" in cells(curves())


def test_sensitivity_analyses_are_made_when_they_are_opened():
    app = curves()
    assert len(printed(app)) == 2 and "Sensitivity analyses" in [each.label for each in app.expander]
    app.session_state["more survival.{endpoint}.sensitivity"] = True
    app.run()
    assert "permutation p, assumes equal censoring, which does not hold here" in cells(app).replace("\xa0", " ")
    assert "immortal-time bias" not in said(
        next(each for each in app.expander if each.label == "Sensitivity analyses").caption
    )
    ask(app, "strata", ["emd", "high_risk_cytogenetics"])
    assert cells(app).replace("\xa0", " ").count("Stratified log") == 2
    ask(app, "compare by", "-")
    assert "Sensitivity analyses" not in {each.label for each in app.expander}


def test_options_survive_a_page_switch_and_a_workbook_that_does_not_know_them(tmp_path):
    app = curves()
    ask(app, "panels_by", "disease_status")
    ask(app, "strata", ["prior_imid", "emd"])
    ask(app, "ci_scale", "log")
    go(app, "toxicity")
    go(app, "survival")
    assert option(app, "ci_scale").value == "log" and option(app, "strata").value == [
        "prior_imid",
        "emd",
    ]
    go(app, "home")
    upload(app, ("other.xlsx", workbook(synthetic_cohort(20, 4), tmp_path)))
    go(app, "survival")
    assert not table_of(charts(app)[0], "curve").empty


def test_the_variable_compared_by_is_no_panel_and_no_stratum():
    app = curves()
    ask(app, "panels_by", "emd")
    ask(app, "compare by", "emd")
    assert "panel" not in {dataset.name for dataset in charts(app)[0].proto.datasets}
    assert "emd" not in option(app, "strata").options


@pytest.mark.parametrize("n", [1, 3])
def test_one_or_three_patients_are_enough_for_every_option(n, tmp_path):
    app = opened()
    upload(app, ("few.xlsx", workbook(synthetic_cohort(n, 3), tmp_path)))
    go(app, "survival")
    for scale in ("log", "plain"):
        ask(app, "ci_scale", scale)
    for name in option(app, "panels_by").options[:3]:
        option(app, "panels_by").select(name).run()
        assert not app.exception
