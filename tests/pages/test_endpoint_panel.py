"""The survival page offers given and derived endpoints, says how they are defined, and shows competing risks."""

from make_cohort import synthetic_cohort
from walking import charts, go, opened, option, printed, said, table_of, upload, workbook


def page():
    return opened("survival")


def captions(app):
    return said(app.caption)


def test_derived_endpoints_are_offered_after_given_ones():
    app = page()
    assert app.segmented_control(key="endpoint").options == [
        "Time to progression",
        "Overall survival",
        "Duration of response",
        "Event-free survival",
    ]
    app.segmented_control(key="endpoint").set_value("dor").run()
    assert not app.exception
    assert "Derived from Responses, TTP and OS" in captions(app)
    assert "from first response: event = progression or death;" in captions(app)
    option(app, "dor_death").uncheck().run()
    assert "from first response: event = progression;" in captions(app)


def test_the_events_of_event_free_survival_are_the_readers():
    app = page()
    app.segmented_control(key="endpoint").set_value("efs").run()
    assert "event = progression or death;" in captions(app)
    option(app, "efs_events").set_value(["death"]).run()
    assert "event = death;" in captions(app) and len(table_of(charts(app)[0], "curve")) > 2
    option(app, "efs_events").set_value([]).run()
    assert "event = progression or death;" in captions(app)


def test_cumulative_incidence_is_a_view_of_the_curves():
    app = page()
    app.segmented_control(key="curve view").set_value("Cumulative incidence").run()
    assert not app.exception
    assert "Aalen-Johansen" in captions(app)
    assert set(table_of(charts(app)[0], "curve")["cause"]) == {"Progression or relapse", "Death without progression"}
    app.segmented_control(key="incidence beside ttp").set_value("complete_response").run()
    assert "Complete response (CR or sCR)" in set(table_of(charts(app)[0], "curve")["cause"])
    specification = charts(app)[0].proto.spec
    app.pills(key="filter emd").set_value(["yes"]).run()
    assert not app.exception and charts(app)[0].proto.spec == specification


def test_competing_risks_stand_among_the_models():
    app = page()
    app.session_state["survival tab"] = "Models and subgroups"
    app.run()
    assert not app.exception
    assert any("Competing risks" in each.value for each in app.markdown)
    assert any("Subdistribution hazard ratio against Control" in " ".join(table.columns) for table in printed(app))


def test_views_and_endpoints_survive_a_workbook_that_does_not_know_them(tmp_path):
    app = page()
    app.segmented_control(key="curve view").set_value("Cumulative incidence").run()
    app.segmented_control(key="endpoint").set_value("dor").run()
    go(app, "home")
    tables = synthetic_cohort(20, 4)
    bare = {name: tables[name] for name in ("patients", "endpoints")}
    only_pfs = [row for row in bare["endpoints"] if row["endpoint"] == "pfs"]
    upload(app, ("bare.xlsx", workbook({**bare, "endpoints": only_pfs}, tmp_path)))
    go(app, "survival")
    assert app.segmented_control(key="endpoint").value == "pfs"
    assert len(charts(app)) == 1


def test_many_endpoints_are_a_list(tmp_path):
    tables = synthetic_cohort(6, 2)
    first = [row for row in tables["endpoints"] if row["endpoint"] == "os"]
    own = [{**row, "endpoint": f"own {place}"} for place in range(6) for row in first]
    app = opened()
    upload(app, ("many.xlsx", workbook({**tables, "endpoints": [*tables["endpoints"], *own]}, tmp_path)))
    go(app, "survival")
    box = app.selectbox(key="endpoint of many")
    assert len(box.options) == 10 and box.options[2] == "own 0"
    box.set_value("own_0").run()
    assert not app.exception
    assert "as the workbook counts it" in captions(app)
