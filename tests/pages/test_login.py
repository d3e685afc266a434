"""Signing in where a server is set up for it: nothing is shown before, and nothing after somebody went away. Off by
default."""

import json

import pytest
from make_cohort import synthetic_cohort
from streamlit import user_info
from streamlit.testing.v1 import AppTest
from walking import ROOT, count, go, opened, printed, upload, workbook

from pages.frame import audit, login

pytestmark = pytest.mark.made_once

AUTH = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": "s",
    "client_id": "c",
    "client_secret": "s",
    "server_metadata_url": "http://localhost:1/x",
}
JANE = {"is_logged_in": True, "iss": "https://id.example", "sub": "1", "email": "jane@hospital.example"}
NOW = 1_000_000.0


def app_for(auth=AUTH):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.secrets["auth"] = auth
    return app.run()


@pytest.fixture
def stranger(monkeypatch):
    """Nobody is signed in, and the packages for it are there."""
    monkeypatch.setattr(login, "find_spec", lambda _: True)
    monkeypatch.setattr(user_info, "_get_user_info", lambda: {"is_logged_in": False})


@pytest.fixture
def signed_in(monkeypatch):
    """Jane, signed in at `iat`; `sent` is where pages send her."""
    claims, sent = {**JANE, "iat": NOW}, []
    monkeypatch.setattr(user_info, "_get_user_info", lambda: claims)
    monkeypatch.setattr(login.st, "logout", lambda: sent.append("out"))
    return claims, sent


@pytest.fixture
def clock(monkeypatch):
    """The time, and an empty memory of who was there."""
    time = [NOW]
    login.activity.cache_clear()
    monkeypatch.setattr(login, "Activity", lambda kind=login.Activity: kind(lambda: time[0]))
    yield time
    login.activity.cache_clear()


def labels(app):
    return [button.label for button in app.button]


def test_without_settings_nobody_is_asked():
    app = opened()
    assert count(app) == "16 of 16 patients"
    assert "Sign out" not in labels(app) and "Sign in" not in labels(app)


@pytest.mark.usefixtures("stranger")
def test_nothing_is_shown_before_somebody_signs_in():
    app = app_for()
    assert labels(app) == ["Sign in"]
    assert not printed(app) and not app.get("vega_lite_chart") and not app.sidebar.markdown
    app.switch_page(str(ROOT / "pages" / "survival.py")).run()
    assert labels(app) == ["Sign in"] and not printed(app)


@pytest.mark.usefixtures("stranger")
def test_the_link_that_was_opened_goes_along_and_its_page_is_named(monkeypatch):
    sent = []
    monkeypatch.setattr(login, "_sign_in", lambda *link: sent.append(link))
    app = app_for()
    app.query_params.update({"cohort": "0a1b2c3d", "where": ["arm=A & B", "emd=yes"]})
    app.switch_page(str(ROOT / "pages" / "survival.py")).run()
    app.button(key="sign in ").click().run()
    assert sent == [("", "survival?cohort=0a1b2c3d&where=arm%3DA+%26+B&where=emd%3Dyes")]


@pytest.mark.usefixtures("stranger")
def test_each_named_provider_has_a_button():
    named = {
        "redirect_uri": AUTH["redirect_uri"],
        "cookie_secret": "s",
        "clinic": {"client_id": "c"},
        "university": {"client_id": "u"},
    }
    assert labels(app_for(named)) == ["Sign in with clinic", "Sign in with university"]


@pytest.mark.usefixtures("stranger")
def test_a_missing_package_is_named_and_nothing_is_shown(monkeypatch):
    monkeypatch.setattr(login, "find_spec", lambda name: None if name == "authlib" else True)
    app = app_for()
    assert "streamlit[auth]" in app.error[0].value and not app.button and not printed(app)


def test_who_is_signed_in_sees_the_pages_and_can_sign_out(signed_in):
    app = opened()
    assert count(app) == "16 of 16 patients"
    assert "jane@hospital.example" in [caption.value.replace("\u2060", "") for caption in app.sidebar.caption]
    app.button(key="sign out").click().run()
    assert signed_in[1] == ["out"]


def test_who_does_nothing_is_signed_out_and_her_workbook_is_let_go(signed_in, clock, monkeypatch, tmp_path):
    monkeypatch.setenv(login.IDLE_SETTING, "10")
    app = upload(opened(), ("mine.xlsx", workbook(synthetic_cohort(12, 3), tmp_path)))
    clock[0] += 590
    go(app, "survival")
    assert signed_in[1] == [] and count(app) == "12 of 12 patients"
    clock[0] += 601
    app.run()
    assert signed_in[1] == ["out"]
    assert "cohort" not in app.session_state and not printed(app)


def test_a_click_in_one_tab_counts_for_all_and_an_old_cookie_is_not_enough(signed_in, clock, monkeypatch):
    monkeypatch.setenv(login.IDLE_SETTING, "10")
    tab = opened()
    clock[0] += 500
    opened()
    clock[0] += 500
    tab.run()
    assert signed_in[1] == [] and count(tab) == "16 of 16 patients"
    clock[0] += 700
    other = opened()
    assert signed_in[1] == ["out"] and not printed(other)


def test_without_the_setting_nobody_is_signed_out(signed_in, clock):
    app = opened()
    clock[0] += 1e6
    assert count(app.run()) == "16 of 16 patients" and signed_in[1] == []


def test_of_those_who_went_nothing_is_remembered(clock):
    seen = login.activity()
    seen.note("jane", 10)
    clock[0] += 11
    seen.note("john", 10)
    assert seen._seen == {"john": clock[0]}
    assert seen.is_idle("jane", NOW, 10) and not seen.is_idle("john", NOW, 10) and not seen.is_idle("new", None, 10)


@pytest.fixture
def lines(monkeypatch):
    written = []
    monkeypatch.setenv(audit.SETTING, "on")
    audit.book.cache_clear()
    monkeypatch.setattr(audit, "_to_log", written.append)
    yield lambda: [json.loads(line.removeprefix("AUDIT ")) for line in written]
    audit.book.cache_clear()


@pytest.mark.usefixtures("signed_in")
def test_a_line_for_each_file_and_none_for_an_example(lines, tmp_path):
    app = opened()
    assert lines() == []
    upload(app, ("Jane Doe.xlsx", workbook(synthetic_cohort(12, 3), tmp_path)))
    go(app, "survival")
    (line,) = lines()
    assert (line["what"], line["who"]) == ("opened", "jane@hospital.example")
    assert app.session_state["cohort"].fingerprint.startswith(line["file"]) and len(line["file"]) == audit.LENGTH
    assert "Doe" not in json.dumps(line)


def test_a_line_for_each_export_with_the_file_that_it_is_made_of(lines):
    book = audit.book()
    book.opened("s", "jane", "mine.xlsx", "abc")
    book.opened("s", "jane", "mine.xlsx", "abc")
    book.exported("s", "survival.os.pdf")
    book.exported("other", "survival.os.pdf")
    book.ended("s")
    book.ended("s")
    said = [(each["what"], each["who"], each["file"], each.get("export")) for each in lines()]
    assert said == [
        ("opened", "jane", "abc", None),
        ("exported", "jane", "abc", "survival.os.pdf"),
        ("exported", "not known", "example", "survival.os.pdf"),
        ("closed", "jane", "abc", None),
    ]
    assert book._open == {}


def test_without_the_setting_no_line_is_written(lines, monkeypatch):
    monkeypatch.delenv(audit.SETTING)
    audit.book().opened("s", "jane", "mine.xlsx", "abc")
    audit.book().exported("s", "survival.os.pdf")
    assert lines() == []
