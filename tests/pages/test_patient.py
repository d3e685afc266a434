"""The page Patient: by the box, by the buttons, with filters; the case with its three infusions; axes, days and
panels."""

import json

import pytest
from walking import charts, go, opened, option, printed, said, table_of


@pytest.fixture(scope="module")
def case():
    app = opened()
    app.button(key="open lenalidomide_case_synthetic").click().run()
    return go(app, "patient")


def test_previous_and_next_follow_the_selection_and_no_id_stands_in_the_link():
    app = opened("patient")
    assert app.selectbox(key="patient box").value == "P1" and app.button(key="Previous patient").disabled
    assert "Best response: CR" in said(app.markdown).replace("**", "") and len(charts(app)) == 3
    app.button(key="Next patient").click().run()
    assert app.selectbox(key="patient box").value == "P2" and set(table_of(charts(app)[0], "entry")["patient"]) == {
        "P2"
    }
    specs = [chart.proto.spec for chart in charts(app)]
    app.pills(key="filter emd").set_value(["no"]).run()
    shown = app.selectbox(key="patient box")
    app.selectbox(key="patient box").set_value(shown.options[-1]).run()
    assert not app.exception and app.button(key="Next patient").disabled
    assert set(table_of(charts(app)[0], "entry")["patient"]) == {shown.options[-1]} and shown.options[-1] != "P2"
    assert [chart.proto.spec for chart in charts(app)] == specs, "no chart depends on the patient or the selection"
    assert "P2" not in str(app.query_params)
    app.pills(key="filter emd").set_value(["yes"]).run()
    assert "is not among those selected" in app.info[0].value.replace("\\", "") and not app.exception


def test_the_case_shows_every_panel_and_the_published_numbers(case):
    timeline, panels, infusions = charts(case)
    assert len(table_of(timeline, "entry")) == 16 and len(table_of(panels, "panel")) == 11
    assert set(table_of(infusions, "key")["text"]) == {"infusion 2", "infusion 3"}
    table = printed(case)[0].map(lambda cell: str(cell).replace("\\", "").replace("\xa0", " "))
    assert table.iloc[0].tolist()[1:] == ["2", "11,600 copies/µg DNA", "6", "331.4 †", "35", "–"]
    assert table.iloc[1].tolist()[1:] == ["3", "147,000 copies/µg DNA", "5", "32.71 †", "4,494.3", "12.67"]
    assert "Synthetic data" in said(case.sidebar.markdown) and case.button(key="Next patient").disabled
    assert json.loads(panels.proto.spec)["params"][0]["bind"] == "scales"
    assert {button.key for button in case.get("download_button")} >= {"one page", "download patient.course pdf"}


def test_day_0_days_panels_and_scales_are_choices(case):
    option(case, "infusion").set_value("2").run()
    assert "infusion 2" in said(case.markdown) and set(table_of(charts(case)[1], "infusion")["words"]) == {
        "infusion 2",
        "infusion 3",
    }
    case.slider(key="days P01 2").set_value((0, 30)).run()
    assert table_of(charts(case)[1], "entry")["at"].between(0, 30).all()
    option(case, "panels").set_value(["Temperature"]).run()
    assert not case.exception and table_of(charts(case)[1], "title")["text"].iloc[0] == "Temperature, °C"
    option(case, "log").set_value(["Temperature"]).run()
    assert table_of(charts(case)[1], "title")["text"].iloc[0] == "Temperature, °C (log scale)"
    option(case, "panels").set_value([]).run()
    assert not case.exception and table_of(charts(case)[1], "title")["text"].iloc[-1].startswith("Adverse events")
