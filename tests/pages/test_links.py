"""What is open on a page stands in its URL: written where it differs from the usual, followed when a link is opened, and never of a person."""

import pytest
from streamlit.testing.v1 import AppTest
from walking import PAGES, ROOT, go, opened, option, said


def linked(app):
    """The page's own part of the URL."""
    return {name: values for name, values in app.query_params.items() if name not in ("cohort", "where", "by", "groups", "unit", "infusion", "excluded")}  # fmt: skip


def test_a_page_as_it_opens_has_nothing_of_its_own_in_its_url():
    app = opened()
    for page in PAGES:
        go(app, page)
        assert linked(app) == {}, page


def test_what_was_chosen_stands_in_the_url_and_the_usual_does_not():
    app = go(opened(), "survival")
    app.get_by_key("endpoint").set_value("os").run()
    option(app, "ci_scale").set_value("plain").run()
    assert linked(app) == {"endpoint": "os", "ci_scale": "plain"}
    app.get_by_key("endpoint").set_value("ttp").run()
    assert linked(app) == {"ci_scale": "plain"}
    go(app, "toxicity")
    assert linked(app) == {}
    go(app, "survival")
    assert linked(app) == {"ci_scale": "plain"}


def test_a_link_opens_what_was_seen(survival_link):
    app = survival_link(endpoint="os", view="difference", tab="curves", ci_scale="plain", where="emd=yes")
    assert app.get_by_key("endpoint").value == "os" and app.get_by_key("curve view").value == "Difference"
    assert option(app, "ci_scale").value == "plain"
    assert linked(app) == {"endpoint": "os", "view": "difference", "ci_scale": "plain"}
    assert app.query_params["where"] == "emd=yes" and not said(app.sidebar.warning)


def test_what_a_page_cannot_follow_is_said_once_and_left_out(survival_link):
    app = survival_link(endpoint="cure", ci_scale="round", colour_of_sky="blue")
    words = said(app.sidebar.warning)
    assert '"cure" is no endpoint that can be shown here.' in words
    assert '"round" is not a value of ci_scale' in words
    assert 'The link speaks of "colour_of_sky", which this page does not have here.' in words
    assert app.get_by_key("endpoint").value == "ttp" and linked(app) == {}
    app.run()
    assert said(app.sidebar.warning) == words
    app.button(key="forget_dropped").click().run()
    assert not app.sidebar.warning


@pytest.fixture
def survival_link():
    def follow(**parameters):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in parameters.items():
            app.query_params[name] = value
        app.switch_page(str(ROOT / "pages" / "survival.py"))
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return follow
