"""A stranger's spreadsheet: how it was read stands on one screen before it opens, each answer shows its effect, all of
it can be changed."""

import json

from walking import ROOT, count, go, opened, said, upload

LUNG = (ROOT / "tests" / "public_data" / "survival_lung.csv").read_bytes()


def asked(app, subject):
    """The widget of the one question about this."""
    (widget,) = [
        each for each in [*app.radio, *app.selectbox] if each.key.startswith("ask ") and f" {subject}:" in each.key
    ]
    return widget


def code(app, event, censored):
    """Say of the two codes of an event column which is the event."""
    for value, meaning in ((event, "event"), (censored, "censored")):
        (widget,) = [
            each for each in app.get("button_group") if each.key.startswith("ask ") and each.key.endswith(f" = {value}")
        ]
        widget.set_value(meaning).run()


def more(app, name):
    """Open one of the parts below the contents."""
    app.segmented_control(key="reading more").set_value(name).run()
    assert not app.exception, app.exception
    return app


def words(app):
    return said([*app.markdown, *app.caption])


def panel(content=LUNG, name="survival_lung.csv"):
    return upload(opened(), (name, content))


def test_nothing_is_opened_before_its_owner_says_so():
    app = panel()
    assert "This is how your file was read" in said(app.subheader)
    assert "of 16 patients" not in words(app)  # the sidebar says nothing of the file that is still open behind
    app.button(key="cancel draft").click().run()
    assert (
        not app.exception
        and count(app) == "16 of 16 patients"
        and not app.get("data_editor")
        and len(app.get("vega_lite_chart")) == 1
    )


def test_each_answer_shows_its_effect_at_once():
    app = panel()
    assert "Overall survival:" not in words(app)
    asked(app, "endpoint").set_value("os").run()
    code(app, "2", "1")
    assert not app.exception
    assert "Overall survival:** 165 events (death) among 228 patients, 5 to 1022 days; median 310." in words(app)
    code(app, "1", "2")
    assert "Overall survival:** 63 events (death) among 228 patients" in words(app)


def test_two_codes_pressed_one_after_the_other_both_count():
    app = panel()
    asked(app, "endpoint").set_value("os").run()
    for value, meaning in (("2", "event"), ("1", "censored")):  # in one run, as where the first was not drawn yet
        (widget,) = [
            each for each in app.get("button_group") if each.key.startswith("ask ") and each.key.endswith(f" = {value}")
        ]
        widget.set_value(meaning)
    app.run()
    assert "165 events" in words(app)


def test_one_code_that_is_pressed_does_not_confirm_what_is_proposed_for_the_other():
    app = panel(
        b"Patient no,OS months,Alive at last follow-up\n"
        + b"".join(b"%d,%d,%s\n" % (n, n + 3, (b"No", b"Yes")[n % 2]) for n in range(12)),
        "own.csv",
    )
    (widget,) = [each for each in app.get("button_group") if each.key.startswith("ask ") and each.key.endswith(" = No")]
    widget.set_value("event").run()
    assert app.button(key="open draft").disabled and "1 question below changes a number" in words(app)


def test_the_answered_file_is_open_on_every_page():
    app = panel()
    asked(app, "endpoint").set_value("os").run()
    code(app, "2", "1")
    app.button(key="open draft").click().run()
    assert not app.exception and count(app) == "228 of 228 patients"
    assert said(app.title) == "Survival" and app.get("vega_lite_chart")  # the first figure, without another click
    app.selectbox(key="compare by").set_value("sex").run()
    assert "165 events" in words(app)


def test_how_it_was_read_can_be_looked_at_and_changed():
    app = panel()
    asked(app, "endpoint").set_value("os").run()
    code(app, "1", "2")
    app.button(key="open draft").click().run()
    go(app, "home").button(key="how it was read").click().run()
    code(app, "2", "1")
    app.button(key="open draft").click().run()
    assert not app.exception and "165 events" in words(go(app, "survival"))


def test_an_answer_changed_just_before_confirm_is_the_one_that_counts():
    content = b"Patient ID,time,status,arm\n" + b"".join(
        b"Zq%d,%d,%d,A\n" % (n, 40 + 7 * n, n % 2 + 1) for n in range(30)
    )
    app = panel(content, "own.csv")
    unit = asked(app, "unit")
    other = next(each.lower() for each in unit.options if each.lower() != unit.value)
    unit.set_value(other)
    app.button(key=f"yes {unit.key}").click().run()
    assert not app.exception and asked(app, "unit").value == other


def test_ids_can_be_replaced_at_the_door():
    content = b"Patient ID,time,status,arm\n" + b"".join(
        b"Zq%d,%d,%d,A\n" % (n, 40 + 7 * n, n % 2 + 1) for n in range(30)
    )
    app = panel(content, "own.csv")
    app.checkbox(key="study codes").check().run()
    asked(app, "endpoint").set_value("os").run()
    app.button(key=f"yes {asked(app, 'unit').key}").click().run()
    code(app, "2", "1")
    app.button(key="open draft").click().run()
    assert not app.exception
    patients = app.session_state["cohort"].patients["patient_id"]
    assert patients.iloc[0] == "P01" and not patients.str.contains("Zq").any()


def test_saved_answers_answer_next_months_file():
    app = panel()
    asked(app, "endpoint").set_value("os").run()
    code(app, "2", "1")
    saved = app.session_state["draft"].mapping
    from lib.intake.mapping import to_json

    again = panel()
    more(again, "Save or use answers")
    again.file_uploader(key="saved mapping").set_value(("m.json", to_json(saved).encode(), "application/json")).run()
    assert not again.exception and not [each for each in again.radio if each.key.startswith("ask ")]
    assert "Overall survival: 165 events" in words(again)
    again.file_uploader(key="saved mapping").set_value(
        ("n.json", json.dumps({"no": 1}).encode(), "application/json")
    ).run()
    assert "This is not a mapping" in said(again.error)


def test_private_columns_are_named_and_never_shown():
    content = b"Patient name,MRN,id,age,os_months,os_event\n" + b"".join(
        b"Secret %d,99%d,S%d,6%d,%d,1\n" % (n, n, n, n, n + 2) for n in range(9)
    )
    app = panel(content, "own.csv")
    shown = words(app) + said(app.warning) + " ".join(frame.value.to_csv() for frame in app.dataframe)
    assert "Secret" not in shown and "993" not in shown
    state = app.session_state["draft"] if app.session_state.get("draft") else app.session_state["read as"]
    assert state.private_columns == {"own": ["Patient name", "MRN"]}


FLAT = b"""ID,Arm,Dose,visit day,IL6,CRS grade,OS months,dead,relapsed,E-mail
P1,A,low,7,12,2,10,1,0,zq1@x.org
P2,A,low,8,13,0,11,0,1,zq2@x.org
P3,B,high,9,14,1,12,0,1,zq3@x.org
P4,B,high,9,15,3,13,1,0,zq4@x.org
"""
EDITOR = "Change how a sheet is read"


def flat():
    return panel(FLAT, "flat.csv")


def role(app, heading, value):
    app.selectbox(key=f"role flat {heading}").set_value(value).run()
    assert not app.exception, app.exception
    return app


def test_a_file_without_a_question_is_shown_before_it_opens():
    app = panel(b"Patient,Arm,OS months,dead\nP1,A,3,1\nP2,B,4,0\nP3,B,5,1\n", "own.csv")
    assert app.session_state["draft"].open_questions == () or not app.session_state["draft"].blocking
    assert "This is how your file was read" in said(app.subheader) and "Patients:** 3 patients" in words(app)
    assert not app.button(key="open draft").disabled


def test_open_waits_for_the_questions_that_change_a_number_and_says_so():
    app = panel()
    assert app.button(key="open draft").disabled and "2 questions below change a number" in words(app)
    asked(app, "endpoint").set_value("os").run()
    assert app.button(key="open draft").disabled and "1 question below changes a number" in words(app)
    code(app, "2", "1")
    assert not app.button(key="open draft").disabled


def test_no_page_shows_the_example_as_if_it_were_the_file():
    app = go(panel(), "survival")
    assert "This is how your file was read" in said(app.subheader) and not app.get("vega_lite_chart")
    links = list(app.sidebar.get("page_link"))
    assert links and all(each.proto.disabled for each in links)


def test_patients_groups_and_how_sure_they_are():
    shown = words(flat())
    assert "Groups:** A 2, B 2" in shown and "green-badge[sure]" in shown
    assert "Adverse events:** 4 rows of 4 patients; patients with CRS 3" in shown


def test_where_did_my_columns_go():
    app = more(flat(), "Where did my columns go?")
    table = app.dataframe[0].value.set_index("Heading")
    assert table.loc["Arm", "Became"].startswith("Patients: arm") and table.loc["Arm", "Read"] == 4
    assert table.loc["E-mail", "Left out"] == 4 and table.loc["E-mail", "Why"]
    assert "zq" not in table.to_csv()
    assert any(each.proto.label == "Download as CSV" for each in app.get("download_button"))


def test_a_role_of_another_table_is_read_or_one_sentence_says_what_is_missing():
    app = role(more(flat(), EDITOR), "IL6", "labs.value")
    assert "Labs:" not in words(app) and '"IL6" has no day' in said(app.warning)
    app.selectbox(key="edit:day:flat:IL6").set_value("visit day").run()
    assert "Labs:** 4 rows of 4 patients" in words(app) and "no day" not in said(app.warning)


def test_not_read_is_not_read_and_can_be_undone():
    app = more(flat(), EDITOR)
    app.number_input(key="columns of flat").set_value(2).run()
    role(app, "CRS grade", "ignore")
    assert "Adverse events" not in words(app)
    app.button(key="undo").click().run()
    assert "Adverse events:** 4 rows" in words(app) and app.button(key="undo").disabled


def test_another_event_keeps_the_endpoint():
    app = more(flat(), EDITOR)
    app.number_input(key="columns of flat").set_value(2).run()
    role(role(app, "dead", "extra"), "relapsed", "endpoints.event")
    code(app, "1", "0")
    assert "Overall survival:** 2 events" in words(app)
    assert set(app.session_state["draft"].opened.endpoints.query("event == 1")["patient_id"]) == {"P2", "P3"}


def test_a_sheet_can_be_said_to_be_something_else_or_nothing():
    app = more(flat(), EDITOR)
    app.selectbox(key="one row flat").set_value("unused").run()
    assert app.button(key="open draft").disabled
    app.selectbox(key="one row flat").set_value("patients").run()
    assert not app.exception and "Patients:** 4 patients" in words(app)


def test_another_column_is_the_patient():
    app = more(flat(), EDITOR)
    app.selectbox(key="patient of flat").set_value("Dose").run()
    assert "Patients:** 2 patients" in words(app)


def test_header_rows_can_be_moved():
    app = panel(b"id,age,sex,arm\nid,alter,geschlecht,gruppe\nP1,60,F,A\nP2,61,M,B\nP3,62,F,B\n", "head.csv")
    more(app, EDITOR)
    app.number_input(key="header to head").set_value(2).run()
    app.number_input(key="header from head").set_value(2).run()
    assert not app.exception and app.session_state["draft"].preview("head").header == (2,)


def test_previews_show_real_cells_and_nothing_private():
    app = more(flat(), EDITOR)
    app.number_input(key="columns of flat").set_value(2).run()
    cells = " ".join(each.proto.body for each in app.get("html"))
    assert "<td>10</td>" in cells and "zq" not in cells and "\u2022" in cells


def test_lists_show_names_as_they_stand():
    app = more(panel(b"Patient_ID,Arm_1,OS_months,dead_yn\nP1,A,3,1\nP2,B,4,0\nP3,B,5,1\n", "own_file.csv"), EDITOR)
    offered = [each for box in app.selectbox for each in box.options]
    assert "Patient_ID" in offered and not any("\\" in each for each in offered)


def test_ids_that_are_written_in_two_ways_are_joined_by_a_rule():
    app = more(flat(), "The whole file")
    app.text_area(key="ids pairs").set_value("P4 = P3").run()
    assert "Patients:** 3 patients" in words(app)


def test_the_end_of_a_table_can_be_moved_and_taken_back():
    app = more(flat(), EDITOR)
    app.number_input(key="area row flat").set_value(4).run()
    assert "Patients:** 3 patients" in words(app)
    app.button(key="whole flat").click().run()
    assert "Patients:** 4 patients" in words(app)


def test_a_table_can_stand_between_other_columns():
    app = more(flat(), EDITOR)
    app.selectbox(key="area right flat").set_value("C").run()
    assert not app.exception and "Adverse events" not in words(app) and "Groups:** A 2, B 2" in words(app)
