"""What is said of landmarks: both denominators, windows, who was not followed, and where few were assessed."""

from golden.cohorts import by, example, nobody

from lib.response.landmark.result import landmark_responses
from lib.response.landmark.words import alt_text, caption, headline, notes, state_numbers
from response.made import example_landmarks


def test_the_headline_has_both_denominators():
    sentence, warning = headline(example_landmarks())
    assert (
        sentence == "Month 3, VGPR or better: Control 5 of 8 infused, Pomalidomide 6 of 8 infused (6 of 6 evaluable)."
    )
    assert "biased by design" in warning
    assert headline(landmark_responses(nobody(example()), by(example())))[0].startswith("Nobody")


def test_windows_and_carrying_are_said():
    said = caption(example_landmarks())
    assert (
        "Month 1: day 28 ± 14; Month 2: day 61 ± 14; Month 3: day 91 ± 30" in said
        and "Nothing is carried forward" in said
    )
    assert "for want of an assessment): 22." in caption(example_landmarks(True))


def test_who_was_not_followed_and_where_few_were_assessed():
    said = " ".join(notes(example_landmarks()))
    assert (
        "not followed until the window: Month 2: 1, Month 3: 2" in said
        and "Month 6: 3 of 13" in said
        and "Month 1:" not in said
    )


def test_the_description_names_every_state():
    assert "Month 3, Pomalidomide (8): CR 2, VGPR 4, not assessed 2" in alt_text(example_landmarks(), "Bars")
    assert sum(row[5] for row in state_numbers(example_landmarks()).rows) == 80
