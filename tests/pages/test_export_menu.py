"""The Export menu: a size chosen once holds for every figure of the session, and each button says which figure it
exports."""

import re
import xml.etree.ElementTree as ET

import pytest
import streamlit as st
from walking import POPOVER, go, opened, option, upload

from pages.frame import export_menu

pytestmark = pytest.mark.made_once


@pytest.fixture
def makers(monkeypatch):
    """What each download button would give, by its key."""
    found, drawn = {}, st.download_button

    def note(label, data, *args, **more):
        found[more["key"]] = data
        return drawn(label, data, *args, **more)

    monkeypatch.setattr(st, "download_button", note)
    return found


def test_a_size_is_asked_once_and_holds_for_every_figure(makers):
    app = opened("survival")
    app.selectbox(key="export size survival.ttp").select("85mm").run()
    app.selectbox(key="export caption survival.ttp").select("beside").run()
    assert not app.exception
    assert app.selectbox(key="export size survival.ttp").value == "85mm"
    (text,) = (each.value for each in app.code)
    assert text.startswith("Time to progression by Arm. ") and "16 of 16 patients" in text
    go(app, "swimmer")
    assert app.selectbox(key="export size swimmer.plot").value == "85mm"
    root = ET.fromstring(makers["download swimmer.plot svg"]())
    assert root.get("width") == "85mm" and root.get("viewBox").split()[2] == "380"


def test_every_button_names_its_figure():
    app = opened("survival")
    labels = [each.proto.popover.label for each in app.get("popover")]
    labels = [label for label in labels if label.startswith("Export")]
    assert len(labels) > 2 and len(set(labels)) == len(labels) and any("Time to progression" in each for each in labels)


def test_a_table_has_its_rows_and_no_size():
    app = opened("baseline")
    name = "baseline.table_one"
    keys = [each.key for each in app.get("download_button") if name in each.key]
    assert keys == [f"download {name} {each}" for each in ("docx", "xlsx", "csv", "html", "tex", "py")]
    assert not [each for each in app.selectbox if str(each.key) == f"export size {name}"]


def test_every_exhibit_has_a_script_of_what_is_seen(makers):
    app = opened("survival")
    option(app, "ci_scale").set_value("log").run()
    app.selectbox(key="compare by").select("emd").run()
    text = makers["download survival.ttp py"]().decode()
    assert "view = analysis(cohort, by='emd')" in text and "view.make('survival.ttp', ci_scale='log')" in text
    assert "pomalidomide_cohort" not in text and "mapping" not in text


def test_a_script_of_a_file_that_was_answered_asks_for_the_answers(makers):
    app = upload(opened(), ("mine.csv", b"id,age,os_months,dead\nA1,50,3,1\nA2,60,9,0\nA3,70,12,1\nA4,55,20,0\n"))
    app.button(key="open draft").click().run()
    go(app, "baseline")
    text = makers["download baseline.table_one py"]().decode()
    assert "mapping=MAPPING" in text and "mine" not in text and "A1" not in text


def test_hidden_patients_are_in_no_script(makers):
    app = opened("patient")
    text = makers["download patient.timeline py"]().decode()
    (chosen,) = re.findall(r"^PATIENT = '(.+)'$", text, re.MULTILINE)
    assert chosen in set(app.session_state["cohort"].patients["patient_id"])
    app.checkbox(key="pseudonyms patient.timeline").check().run()
    assert chosen not in makers["download patient.timeline py"]().decode()


def test_copy_hides_ids_like_the_files_and_is_sent_only_once_its_menu_is_open(makers, monkeypatch):
    copied, name = {}, "kinetics.parameters"
    monkeypatch.setattr(export_menu, "copy_button", lambda table, _: copied.update({table.id: table}))
    app = opened()
    app.session_state["kinetics tab"] = "Parameters"
    go(app, "kinetics")
    assert {row[0] for row in copied[name].rows} >= {"C1", "P8"}
    app.checkbox(key=f"pseudonyms {name}").check().run()
    assert {row[0] for row in copied[name].rows} == {f"P{place:02}" for place in range(1, 17)}
    assert ">C1<" not in makers[f"download {name} html"]().decode()
    copied.clear()
    monkeypatch.setattr(st, "popover", POPOVER)
    app.run()
    assert not copied and not app.exception


def test_outcomes_by_patient_are_exported_under_pseudonyms_unless_the_reader_decides_otherwise():
    app = opened("patient")
    app.session_state["more patient.outcomes"] = True
    app.run()
    assert app.checkbox(key="pseudonyms patient.outcomes").value is True
    assert app.checkbox(key="pseudonyms patient.timeline").value is False
    assert not app.exception
