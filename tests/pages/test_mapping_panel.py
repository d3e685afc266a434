"""A stranger's spreadsheet: what only its owner knows is asked, each answer shows its effect, and then the pages show it."""

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
            each for each in app.segmented_control if each.key.startswith("ask ") and each.key.endswith(f" = {value}")
        ]
        widget.set_value(meaning).run()


def words(app):
    return said([*app.markdown, *app.caption])


def panel(content=LUNG, name="survival_lung.csv"):
    return upload(opened(), (name, content))


def test_nothing_is_opened_before_its_owner_says_so():
    app = panel()
    assert "How your file is read" in said(app.subheader)
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
    assert "Overall survival" not in words(app)
    asked(app, "endpoint").set_value("os").run()
    code(app, "2", "1")
    assert not app.exception
    assert "Overall survival: 165 events (death) among 228 patients, 5 to 1022 days." in words(app)
    code(app, "1", "2")
    assert "Overall survival: 63 events (death) among 228 patients" in words(app)


def test_the_answered_file_is_open_on_every_page():
    app = panel()
    asked(app, "endpoint").set_value("os").run()
    code(app, "2", "1")
    app.button(key="open draft").click().run()
    assert not app.exception and count(app) == "228 of 228 patients"
    go(app, "survival")
    app.selectbox(key="compare by").set_value("sex").run()
    assert "165 events" in words(app)


def test_how_it_was_read_can_be_looked_at_and_changed():
    app = panel()
    asked(app, "endpoint").set_value("os").run()
    code(app, "1", "2")
    app.button(key="open draft").click().run()
    app.button(key="how it was read").click().run()
    code(app, "2", "1")
    app.button(key="open draft").click().run()
    assert not app.exception and "165 events" in words(go(app, "survival"))


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
