"""When a grouping was known is asked once, where the workbook does not say it, and the figure follows the answer."""

from make_cohort import synthetic_cohort
from walking import go, opened, said, upload, workbook

NOT_STATED = "Time of grouping not stated"
BIASED = "immortal-time bias"


def unknown(tmp_path):
    made = synthetic_cohort(16, 3)
    made["study"] = [row for row in made["study"] if row["setting"] != "known_at"]
    return go(upload(opened(), ("b.xlsx", workbook(made, tmp_path))), "survival")


def words(app):
    return said([*app.caption, *app.markdown, *app.warning])


def test_the_question_stands_only_where_the_workbook_does_not_say_it(tmp_path):
    assert not [each for each in opened().get("button_group") if each.label.startswith("When was")]
    app = unknown(tmp_path)
    assert NOT_STATED in words(app)
    assert app.segmented_control(key="known arm").value is None


def test_known_after_the_infusion_is_biased_and_can_be_taken_back(tmp_path):
    app = unknown(tmp_path)
    app.segmented_control(key="known arm").set_value("after it").run()
    assert not app.exception
    assert NOT_STATED not in words(app) and BIASED in words(app) and "by day 28" in words(app)
    app.number_input(key="known day arm").set_value(60).run()
    assert "by day 60" in words(app)
    app.segmented_control(key="known arm").set_value("before infusion").run()
    assert NOT_STATED not in words(app) and BIASED not in words(app)
    app.segmented_control(key="known arm").set_value(None).run()
    assert NOT_STATED in words(app)


def test_the_answer_belongs_to_the_open_workbook(tmp_path):
    app = unknown(tmp_path)
    app.segmented_control(key="known arm").set_value("before infusion").run()
    upload(go(app, "home"), ("c.xlsx", workbook(synthetic_cohort(5, 2), tmp_path)))
    assert "known at" not in app.session_state or app.session_state["known at"] == {}
