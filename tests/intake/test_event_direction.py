"""Which answer is the event under a heading that asks who lives or was spared: never the yes."""

import pytest

from intake.drafts import question, table
from lib.intake.infer.question import decoded

YES_NO = (("Yes", "No"), ("Y", "N"), ("1", "0"), ("ja", "nein"), ("oui", "non"), ("O", "N"), ("是", "否"))


def proposed(heading: str, yes: str, no: str, time: str = "OS months") -> dict[str, str]:
    """What each value is proposed to mean where the longer times stand beside yes."""
    cells = ((3, no), (20, yes), (5, no), (25, yes), (6, no), (18, yes))
    lines = "\n".join(f"P{n},{months},{cell}" for n, (months, cell) in enumerate(cells))
    asked = question(table(f"Patient,{time},{heading}\n{lines}"), f"event_values:s:{heading}")
    assert asked, heading
    return decoded(asked.chosen)


ALIVE = [
    "Alive at last follow-up",
    "Alive",
    "Patient alive?",
    "Surviving",
    "Survived",
    "Vivant",
    "Patient lebt",
    "Am Leben",
    "In vita",
    "Vivo",
    "In leven",
    "En vie",
    "生存",
    "是否存活",
    "健在",
]


@pytest.mark.parametrize(
    ("heading", "yes", "no"), [*((each, "Yes", "No") for each in ALIVE), *(("生存", *each) for each in YES_NO[1:])]
)
def test_whoever_lives_had_no_event(heading, yes, no):
    assert proposed(heading, yes, no) == {yes: "censored", no: "event"}


@pytest.mark.parametrize(("yes", "no"), [("Yes", "No"), ("1", "0")])
@pytest.mark.parametrize("heading", ["Progression-free Y/N", "Progression free", "PFS: no progression", "无进展"])
def test_whoever_was_spared_had_no_event(heading, yes, no):
    assert proposed(heading, yes, no, "PFS months") == {yes: "censored", no: "event"}


@pytest.mark.parametrize("heading", ["Progression-free survival event", "PFS event", "Death", "Death without relapse"])
def test_an_event_that_is_named_after_its_absence_is_an_event(heading):
    time = "PFS months" if "P" in heading else "OS months"
    assert proposed(heading, "Yes", "No", time) == {"Yes": "event", "No": "censored"}


@pytest.mark.parametrize("heading", ["Dead or alive", "Vital status"])
def test_a_heading_that_may_ask_either_proposes_nothing(heading):
    assert proposed(heading, "Yes", "No") == {}


def test_one_and_two_without_a_legend_propose_nothing():
    assert proposed("Alive", "1", "2") == {}


@pytest.mark.parametrize(
    ("legend", "meant"), [("alive=1", {"1": "censored", "0": "event"}), ("1=dead", {"1": "event", "0": "censored"})]
)
def test_half_a_legend_says_both(legend, meant):
    assert proposed(f"Status ({legend})", "1", "0") == meant
