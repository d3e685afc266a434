"""The tab "Landmark analysis": groups formed anew, the landmark, another source, and what it says where nothing needs
to be done."""

from make_cohort import synthetic_cohort
from walking import charts, go, opened, option, said, table_of, upload, workbook


def at_time_zero(app):
    go(app, "survival")
    app.session_state["survival tab"] = "Landmark analysis"
    app.run()
    assert not app.exception
    return app


def heading(app, place=0):
    return table_of(charts(app)[place], "heading").text[0]


def test_the_example_shows_three_analyses_and_two_figures():
    app = at_time_zero(opened())
    assert "0.54 from the landmark at 1 month" in said(app.markdown)
    assert heading(app) == "Time to progression, landmark at 1 month"
    assert heading(app, 1) == "Time to progression, time-dependent" and "n = 15, 11 events" in said(app.caption)
    app.segmented_control(key="endpoint").set_value("os").run()
    assert heading(app) == "Overall survival, landmark at 1 month"


def test_the_landmark_can_be_chosen_and_stays_when_the_page_is_left():
    app = at_time_zero(opened())
    option(app, "landmark").set_value("2 months").run()
    assert heading(app).endswith("landmark at 2 months") and "n = 11" in said(app.caption)
    go(app, "swimmer")
    at_time_zero(app)
    assert option(app, "landmark").value == "2 months"


def test_too_few_offers_the_next_landmark():
    app = at_time_zero(opened())
    option(app, "landmark").set_value("Custom").run()
    assert "nobody is in Pomalidomide" in said(app.warning)
    app.button(key="other landmark").click().run()
    assert not app.warning and option(app, "landmark").value == "1 month"


def test_an_own_day_and_another_unit():
    app = at_time_zero(opened(unit="days"))
    option(app, "landmark").set_value("Custom").run()
    option(app, "landmark_day").set_value(75).run()
    assert not app.exception and heading(app).endswith("landmark at 75 days")


def test_groups_can_be_formed_by_something_else():
    app = at_time_zero(opened())
    option(app, "formed_by").set_value("response PR").run()
    assert not app.exception and "PR or better against not PR or better" in said(app.markdown)


def test_known_before_infusion_needs_nothing():
    app = at_time_zero(opened(by="emd"))
    assert "a landmark analysis is not needed" in said(app.markdown) and not charts(app)
    assert option(app, "formed_by").value is None
    app.selectbox(key="compare by").set_value("arm").run()
    assert option(app, "formed_by").value == "group arm" and len(charts(app)) == 2


def test_all_patients_together():
    assert "All patients are one group" in said(at_time_zero(opened(by="-")).markdown)


def test_only_one_arm_left_by_a_filter():
    app = at_time_zero(opened(where="arm=Control"))
    assert "not estimable in any of the three analyses" in said(app.markdown)
    assert "No landmark up to 12 months" in said(app.warning)


def test_three_arms_give_the_reason_and_other_sources(tmp_path):
    app = upload(opened(), ("b.xlsx", workbook(synthetic_cohort(30, 3), tmp_path)))
    at_time_zero(app)
    assert "3 groups" in said(app.markdown) and not charts(app)
    option(app, "formed_by").set_value("therapy maintenance").run()
    assert not app.exception and len(charts(app)) == 2


def pomalidomide_or_not(known_at=False):
    made = synthetic_cohort(20, 3)
    made["study"] = [
        row for row in made["study"] if known_at or row["setting"] not in ("known_at", "order", "reference")
    ]
    for row in made["patients"]:
        row["arm"] = "Pomalidomide" if row["arm"] == "Pomalidomide" else "Control"
    made["therapies"] = [row for row in made["therapies"] if row.get("therapy") == "Pomalidomide"]
    return made


def test_the_day_is_proposed_from_the_therapies_and_counts_when_it_is_taken(tmp_path):
    app = upload(opened(), ("b.xlsx", workbook(pomalidomide_or_not(), tmp_path)))
    at_time_zero(app)
    assert "Time of grouping not stated" in said(app.markdown) and not charts(app)
    assert "Courses of Pomalidomide began on day 30" in said(app.sidebar.caption)
    app.button(key="proposed arm").click().run()
    assert not app.exception and app.number_input(key="known day arm").value == 30
    assert "became known by day 30" in said(app.markdown) and len(charts(app)) == 2
    assert not [button for button in app.button if button.key == "proposed arm"]


def test_after_it_takes_the_proposed_day(tmp_path):
    made = pomalidomide_or_not()
    for row in made["therapies"]:
        row["start_day"] = 45
    app = go(upload(opened(), ("b.xlsx", workbook(made, tmp_path))), "survival")
    app.segmented_control(key="known arm").set_value("after it").run()
    assert app.number_input(key="known day arm").value == 45
