"""What is open on a page stands in its URL: written where it differs from the usual, followed when a link is opened,
and never of a person."""

import pytest
from golden.cohorts import by, example
from streamlit.testing.v1 import AppTest
from walking import PAGES, ROOT, go, opened, option, said

from lib.cohort.analysis import Analysis
from lib.exhibits import EXHIBITS
from lib.publication.options import offers
from pages.frame import linked as links


def linked(app):
    """The page's own part of the URL."""
    return {
        name: values
        for name, values in app.query_params.items()
        if name not in ("cohort", "where", "by", "groups", "unit", "infusion", "excluded")
    }


def test_a_page_as_it_opens_has_nothing_of_its_own_in_its_url():
    app = opened()
    for page in PAGES:
        go(app, page)
        assert linked(app) == {}, page


def test_what_was_chosen_stands_in_the_url_and_the_usual_does_not():
    app = opened("survival")
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


def test_no_option_that_can_stand_in_a_link_names_a_patient():
    cohort = example()
    analysis, ids = Analysis(cohort, cohort, by(cohort), "months"), set(cohort.patients["patient_id"])
    for spec in EXHIBITS:
        for variant in spec.variants(analysis) if spec.variants else (None,):
            for offer in offers(spec.options, analysis, variant):
                assert not ids & {*offer.choices, *offer.choices.values()}, (spec.id, offer.name)


def test_the_page_of_a_patient_links_neither_the_patient_nor_an_infusion():
    app = opened()
    app.button(key="open lenalidomide_case_synthetic").click().run()
    go(app, "patient")
    option(app, "infusion").set_value("2").run()
    assert linked(app) == {}
    app = opened("patient")
    app.button(key="Next patient").click().run()
    assert linked(app) == {} and app.get_by_key("patient box").value == "P2"


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


def test_what_was_clicked_on_while_a_link_was_first_drawn_stays(monkeypatch):
    state = {}
    monkeypatch.setattr(links.st, "session_state", state)
    slugs = {"Curves": "curves", "Models": "models"}

    def drawn(asked):
        links.begin("survival", asked, in_full=False)
        return links.choice("tab", "survival tab", slugs, "Curves", lambda: state["survival tab"])

    assert drawn({"tab": ["models"]}) == "Models"
    assert drawn(None) == "Models"  # the run was broken off before the browser had the widget
    state["survival tab"] = "Curves"  # the click that breaks the run off
    assert drawn(None) == "Curves" and links.finish() == ()
    del state["survival tab"]
    assert drawn({"tab": ["models"]}) == "Models"  # another link is followed
