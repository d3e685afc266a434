"""The page Response: three tabs, denominators, landmarks, time to response, waterfall and spider where there is
M-protein."""

import json

from response.made import m_protein_rows
from walking import charts, go, opened, option, printed, said, table_of, upload, workbook


def tab(app, name):
    app.session_state["response tab"] = name
    app.run()
    assert not app.exception, app.exception
    return app


def choose(app, key, value):
    app.segmented_control(key=key).set_value(value).run()
    assert not app.exception, app.exception
    return app


def test_best_responses_and_their_denominators():
    app = opened("response")
    assert "16 of 16 responded (100 %, exact 95 % CI 79–100)" in said(
        app.markdown
    ) and "groups not comparable at infusion" in said(app.markdown)
    chart = charts(app)[0].proto.spec
    assert len(table_of(charts(app)[0], "rate")) == 9 and len(printed(app)) == 1
    option(app, "denominator").set_value("followed to month 3").run()
    assert "4/6: 67 % (22–96)" in set(table_of(charts(app)[0], "rate")["words"])
    app.pills(key="filter emd").set_value(["yes"]).run()
    assert not app.exception and charts(app)[0].proto.spec == chart and "datasets" not in json.loads(chart)


def test_over_time():
    app = tab(opened("response"), "Over time")
    assert "Control 5 of 8 infused, Pomalidomide 6 of 8 infused (6 of 6 evaluable)" in said(app.markdown)
    assert set(table_of(charts(app)[0], "part")["landmark"]) == {"Month 1", "Month 3"}
    option(app, "landmarks").set_value(["Month 3"])
    option(app, "own_landmark").set_value(60)
    option(app, "carried").check().run()
    assert not app.exception and set(table_of(charts(app)[0], "part")["landmark"]) == {"Day 60", "Month 3"}
    choose(app, "response view", "Flows")
    assert table_of(charts(app)[0], "column")["label"].tolist() == ["Day 60", "Month 3"]
    choose(app, "response view", "complete_response")
    assert "complete response" in said(app.markdown) and len(printed(app)) == 1
    choose(app, "response view", "dor")
    assert "Median duration of response" in said(app.markdown)


def test_depth_of_patients_without_m_protein():
    app = tab(opened("response"), "Depth")
    assert len(table_of(charts(app)[0], "patient")) == 16 and "M-protein or free light chains" in said(app.caption)


def test_waterfall_and_spider(tmp_path):
    app = opened()
    upload(app, ("m_protein.xlsx", workbook(m_protein_rows(16), tmp_path)))
    tab(go(app, "response"), "Depth")
    choose(app, "depth view", "Waterfall")
    assert len(table_of(charts(app)[0], "bar")) == 16
    app.selectbox(key="marker").set_value("lambda_flc").run()
    choose(app, "depth view", "Spider")
    assert len(table_of(charts(app)[0], "line")) > 16 and "involved light chain" in said(app.caption)


def test_one_patient_has_a_course_and_no_rates():
    app = opened("response")
    app.pills(key="filter arm").set_value(["Control"]).run()
    app.pills(key="filter emd").set_value(["yes"]).run()
    app.pills(key="filter high_risk_cytogenetics").set_value(["yes"]).run()
    assert not app.exception and "Best response of the one patient" in said(app.markdown)
    assert len(charts(app)) == 1 and "more than one patient" in said(app.caption)
