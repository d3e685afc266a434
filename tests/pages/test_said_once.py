"""Bias, selection, cut-off and that data are synthetic are said once a page; the way to a landmark analysis is beside
the bias."""

import pytest
from walking import go, opened

from pages.frame import said_once

BIAS = ":material/warning:"
IMMORTAL = "The groups were formed after infusion: immortal-time bias."
NOT_COMPARABLE = "Formed after infusion: groups not comparable at infusion."
FOOTER = "16 of 16 patients. Data cut-off"


def lines(app, words):
    return [each.value for each in (*app.main.markdown, *app.main.caption) if words in each.value]


@pytest.fixture(scope="module")
def app():
    return opened(by="arm")


@pytest.mark.parametrize(
    ("page", "bias"), [("survival", IMMORTAL), ("response", NOT_COMPARABLE), ("toxicity", NOT_COMPARABLE)]
)
def test_bias_and_footer_stand_once_a_page(app, page, bias):
    go(app, page)
    assert [line.replace("\\", "") for line in lines(app, BIAS)] == [f"{BIAS} {bias}"]
    assert len(lines(app, FOOTER)) == 1 and len(lines(app, "Synthetic data")) == 1
    assert lines(app, FOOTER)[0] == app.main.caption[-1].value, "the footer is the last of the page"


def test_the_button_beside_the_bias_opens_the_landmark_analysis(app):
    go(app, "survival").button(key="to landmark").click().run()
    assert not app.exception and app.session_state["survival tab"] == "Landmark analysis"
    assert lines(app, "from the landmark")


def test_nothing_is_said_of_groups_known_at_infusion_and_no_number_of_patients_on_the_page_of_one(app):
    app = opened(by="emd")
    assert not lines(go(app, "survival"), BIAS) and len(lines(app, FOOTER)) == 1
    assert not lines(go(app, "patient"), FOOTER) and len(lines(app, "Synthetic data")) == 1


def test_captions_say_neither_the_endpoint_of_the_page_nor_a_sentence_again():
    app = go(opened(by="arm"), "survival")
    shown = [each.value.replace("\\", "") for each in app.main.caption]
    assert sum("NE: not estimable." in caption for caption in shown) == 1
    assert "Kaplan-Meier estimate at fixed times." in shown


def test_the_persistence_tab_has_one_finding(app):
    go(app, "kinetics")
    app.session_state["kinetics tab"] = "Persistence"
    app.run()
    assert lines(app, "Median time to undetectable") and not lines(app, "Cmax, copies")


def test_a_caption_loses_the_subject_of_the_page_and_what_was_said_and_nothing_else():
    said_once.begin()
    assert said_once.caption("n (%) of patients with a value.") == "n (%) of patients with a value."
    said_once.about("Overall survival")
    assert said_once.caption("Overall survival: hazard ratio of B v A. n = 16, 12 events.") == (
        "Hazard ratio of B v A. n = 16, 12 events."
    )
    assert said_once.caption("Overall survival. NE: not estimable. n = 16, 12 events.") == "NE: not estimable."
    assert said_once.caption("Overall survival by age.") == "Overall survival by age."
