"""What stands behind buttons is sent once it is open; what was chosen there holds when it is closed again."""

import pytest
import streamlit as st
from walking import POPOVER, opened, option

pytestmark = pytest.mark.made_once


@pytest.fixture(autouse=True)
def as_for_readers(monkeypatch):
    monkeypatch.setattr(st, "popover", POPOVER)


def fold(app, key, is_open):
    app.session_state[key] = is_open
    app.run()
    assert not app.exception
    return app


def test_nothing_behind_a_button_is_sent_until_it_is_opened():
    app = opened("survival")
    assert not app.get("download_button") and not app.get("text_area") and not app.get("color_picker")
    fold(app, "menu survival.ttp", True)
    assert {each.key for each in app.get("download_button")} >= {
        "download survival.ttp pdf",
        "download survival.ttp csv",
    }
    assert not app.get("color_picker")
    assert fold(app, "groups", True).get("color_picker")


def test_an_option_holds_when_it_is_folded_again():
    app = fold(opened("survival"), "folded Options", True)
    option(app, "ci_scale").set_value("log").run()
    fold(app, "folded Options", False)
    app.pills(key="filter emd").set_value(["no"]).run()
    assert (
        "log scale" in " ".join(each.value for each in app.caption).casefold() or app.query_params["ci_scale"] == "log"
    )
    assert option(fold(app, "folded Options", True), "ci_scale").value == "log"


def test_a_page_that_ends_early_keeps_its_sidebar():
    app = opened("assay")
    assert app.info and app.pills(key="filter emd")
