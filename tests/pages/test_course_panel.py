"""Filters on the course: added in the sidebar, taken out as chips, kept in the link, dropped aloud by a workbook that
lacks them."""

from make_cohort import synthetic_cohort
from walking import count, go, opened, said, upload, workbook

BIASED = "known only after the infusion: immortal-time bias."


def chips(app):
    return [button.label.replace("\\", "") for button in app.sidebar.button if button.key.startswith("chip ")]


def unfolded(app):
    """With the controls in view; only a browser opens an expander by itself."""
    app.session_state["course"] = True
    return app.run()


def add(app):
    app.session_state["course"] = True
    app.button(key="add course").click().run()


def test_a_filter_is_added_kept_in_the_link_and_taken_out():
    app = unfolded(opened())
    assert not app.exception
    options = app.selectbox(key="course kind").options
    assert options == ["Adverse event", "Response", "CAR copies", "Therapy"]
    assert "CRS (5)" in next(box for box in app.sidebar.selectbox if box.label == "Event").options
    assert "CRS grade ≥ 3: 5 of 16 patients." in said(app.sidebar.caption)
    add(app)
    assert (count(app), chips(app)) == ("5 of 16 patients", ["CRS grade ≥ 3"])
    assert app.query_params["where"] in (["ever CRS >= 3"], "ever CRS >= 3")
    go(app, "survival")
    assert BIASED in said(app.markdown) and "Selected by CRS grade ≥ 3" in said(app.markdown)
    app.button(key="chip ever CRS >= 3").click().run()
    assert count(app) == "16 of 16 patients" and BIASED not in said(app.markdown) and not app.exception


def test_what_is_chosen_just_before_the_click_is_the_filter():
    app = unfolded(opened())
    app.session_state["course"] = True
    app.session_state["course grade"] = 4
    add(app)
    assert chips(app) == ["CRS grade ≥ 4"] and not app.exception


def test_each_kind_of_filter_says_whom_it_leaves_out():
    app = unfolded(opened())
    app.selectbox(key="course kind").set_value("CAR copies").run()
    app.number_input(key="course at").set_value(120.0).run()
    assert "1 of 16 patients, 3 not known" in said(app.sidebar.caption) and not app.exception
    add(app)
    question = "detectable at day 120 in blood, qPCR, copies/µg DNA"
    assert count(app) == "1 of 16 patients"
    app.checkbox(key=f"not known {question}").check().run()
    assert count(app) == "4 of 16 patients" and "|?" in str(app.query_params["where"])
    app.button(key="reset").click().run()
    assert count(app) == "16 of 16 patients" and not chips(app)
    app.selectbox(key="course kind").set_value("Response").run()
    app.number_input(key="course by months").set_value(3.0).run()
    assert "response VGPR or better by month 3: 12 of 16 patients." in said(app.sidebar.caption)
    app.selectbox(key="course kind").set_value("Therapy").run()
    app.checkbox(key="course not").check().run()
    assert "not received maintenance by month 3: 8 of 16 patients." in said(app.sidebar.caption) and not app.exception


def test_a_link_is_followed_and_another_workbook_drops_what_it_does_not_know(tmp_path):
    app = opened(where=["Lymphopenia >= 3", "response >= CR by month 3"])
    assert count(app) == "1 of 16 patients" and len(chips(app)) == 2
    made = synthetic_cohort(12, 3)
    made["adverse_events"] = [row for row in made["adverse_events"] if row["term"] != "Lymphopenia"]
    upload(app, ("other.xlsx", workbook(made, tmp_path)))
    assert 'This workbook has no adverse event "Lymphopenia".' in said(app.sidebar.warning)
    assert chips(app) == ["response CR or better by month 3"]


def test_a_workbook_without_a_course_offers_no_filter_on_it(tmp_path):
    made = {"study": [], "patients": [{"patient_id": "p1", "arm": "A"}, {"patient_id": "p2", "arm": "B"}]}
    app = unfolded(upload(opened(), ("plain.xlsx", workbook(made, tmp_path))))
    assert not [box for box in app.sidebar.selectbox if box.key == "course kind"] and not app.exception
