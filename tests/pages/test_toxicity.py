"""The page Toxicity: tabs, periods, options, filters."""

from golden.cohorts import arms, as_workbook, follow_up
from walking import charts, go, opened, option, printed, said, table_of, upload


def tab(app, name):
    app.session_state["toxicity tab"] = name
    app.run()
    assert not app.exception, app.exception
    return app


def unfolded(app):
    """The page with the table under its figure."""
    app.session_state["more toxicity.table"] = True
    return app.run()


def test_two_groups_stand_back_to_back_and_the_table_is_folded():
    app = opened("toxicity")
    assert "wing" in charts(app)[0].proto.spec and len(printed(app)) == 1  # CRS and ICANS
    assert len(printed(unfolded(app))) == 2
    app.segmented_control(key="grades view").set_value("Bars").run()
    assert "wing" not in charts(app)[0].proto.spec and "strip" in charts(app)[0].proto.spec


def test_grades_by_period_and_what_the_options_change():
    app = unfolded(opened("toxicity"))
    assert "Neutropenia, Control 8 (100 %), Pomalidomide 6 (75 %)" in said(app.markdown)
    assert len(printed(app)) == 2 and len(charts(app)) == 1  # all adverse events; CRS and ICANS
    option(app, "period").set_value("Day 31–90").run()
    assert "No adverse events that began day 31–90" in said(app.markdown)
    option(app, "period").set_value("Custom").run()
    option(app, "last_day").set_value(3).run()
    assert not app.exception and "that began day 0–3: " in said(app.markdown)
    option(app, "period").set_value("Whole follow-up").run()
    option(app, "minimum_incidence").set_value(50).run()
    assert table_of(charts(app)[0], "term")["term"].tolist() == [
        "CRS",
        "Neutropenia",
        "Lymphopenia",
        "Unnamed term 11",
        "Anemia",
    ]
    option(app, "adjustment").set_value("Holm").run()
    assert not app.exception
    assert "Holm" in printed(app)[0].columns[-1]


def test_differences_and_timing_keep_their_charts_whatever_is_selected():
    app = opened("toxicity")
    for name in ("Differences", "Timing"):
        tab(app, name)
        seen = set()
        for pressed in ([], ["yes"]):
            app.pills(key="filter emd").set_value(pressed).run()
            assert not app.exception
            seen.add(tuple(chart.proto.spec for chart in charts(app)))
        assert len(seen) == 1, name
    assert len(charts(app)) == 2
    option(app, "term").set_value("ICANS").run()
    option(app, "least").set_value("grade ≥ 3").run()
    assert not app.exception
    tab(app, "Differences")
    app.segmented_control(key="differences view").set_value("Volcano").run()
    option(app, "grade").set_value("grade >= 3").run()
    assert not app.exception and len(table_of(charts(app)[0], "point")) == 13


def test_grades_computed_from_labs_are_terms_of_their_own_and_off_at_first():
    app = unfolded(opened("toxicity"))
    assert "(computed)" not in said(app.markdown) + " ".join(map(str, printed(app)[0].iloc[:, 0]))
    option(app, "computed").set_value("CTCAE v5").run()
    names = " ".join(table.to_string() for table in (*printed(app), *(each.value for each in app.dataframe)))
    assert (
        not app.exception
        and "Neutropenia, CTCAE v5" in names
        and "computed from laboratory values, not reported" in said(app.caption)
    )


def test_serious_events_alone_and_rates_beside_counts():
    app = opened()
    events = [
        {"patient_id": "a1", "term": "CRS", "grade": 1, "start_day": 2, "serious": "no"},
        {"patient_id": "b1", "term": "ICANS", "grade": 2, "start_day": 4, "serious": "yes"},
    ]
    tables = {
        "patients": arms(A=["a1", "a2"], B=["b1", "b2"]),
        "adverse_events": events,
        "endpoints": follow_up("os", a1=(3, 0), a2=(3, 0), b1=(3, 0), b2=(3, 0)),
    }
    upload(app, ("mine.xlsx", as_workbook(tables)))
    app = unfolded(go(app, "toxicity"))
    option(app, "rate").set_value("per patient-year").run()
    assert "per patient-year" in " ".join(map(str, printed(app)[0].columns))
    option(app, "kinds").set_value(["serious"]).run()
    assert "Most frequent serious adverse event: ICANS" in said(app.markdown)
    assert [row for row in printed(app)[0].iloc[:, 0] if "CRS" in row] == []
