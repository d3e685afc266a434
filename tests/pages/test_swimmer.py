"""The page Swimmer: its options, its chart under filters, and a click on a lane."""

import pytest
from walking import charts, go, opened, option, said, table_of


@pytest.fixture
def app():
    return opened("swimmer")


def test_options_change_the_plot_and_filters_only_its_rows(app):
    assert not app.exception and "12 of 16 progressed" in said(app.markdown)
    (plain,) = {charts(app)[0].proto.spec}
    app.pills(key="filter arm").set_value(["Control"]).run()
    assert charts(app)[0].proto.spec == plain and len(table_of(charts(app)[0], "lane")) == 8
    app.pills(key="filter arm").set_value([]).run()
    chosen = {"sort": "age_years", "colour": "therapy", "strips": ["sex", "age_years"], "marks": ["Infusion"]}
    for name, value in chosen.items():
        option(app, name).set_value(value)
    option(app, "reference_day").set_value(90.0)
    option(app, "grouped").uncheck().run()
    assert not app.exception
    drawn = charts(app)[0]
    assert set(table_of(drawn, "segment")["state"]) == {"Pomalidomide"}
    assert "Infusion" in set(table_of(drawn, "mark")["kind"]) and "First response" not in set(
        table_of(drawn, "mark")["kind"]
    )
    assert table_of(drawn, "reference")["text"].tolist() == ["day 90"] and len(table_of(drawn, "header")) == 0
    ages = table_of(drawn, "strip_2").sort_values("top")["value"].astype(float).tolist()
    assert ages == sorted(ages) and len(ages) == 16


def test_a_click_opens_the_patient_once(app):
    assert "Click on a lane" in said(app.caption)
    app.session_state["swimmer.plot"] = {"selection": {"lane": [{"patient": "P2"}]}}
    app.run()
    assert not app.exception and app.title[0].value == "Patient" and app.session_state["patient"] == "P2"
    go(app, "swimmer")
    assert app.title[0].value == "Swimmer"
