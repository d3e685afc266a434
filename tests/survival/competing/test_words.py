"""What competing causes say: method, causes, who is left out, what is biased."""

from derived.courses import made
from golden.cohorts import by, example, nobody, selected

from lib.cohort.endpoint_choice import Definition
from lib.survival.bias import ARM_BIAS
from lib.survival.competing.outcome import competing_outcome
from lib.survival.competing.result import competing
from lib.survival.competing.words import alt_text, caption, gray_lines, headline, notes


def result(opened, endpoint="ttp", grouping="arm", definition=None):
    return competing(
        competing_outcome(selected(opened), endpoint, by(opened, grouping), "months", definition or Definition())
    )


def test_the_headline_has_no_p_value_and_says_what_is_biased():
    assert headline(result(example())) == (
        "By 12 months, progression or relapse: Control 87.5 %, Pomalidomide 50 %; death without progression: Control 0 %, Pomalidomide 0 %.",
        ARM_BIAS)  # fmt: skip
    assert headline(result(example(), grouping="-"))[0].startswith("By 12 months, progression or relapse: 70.5 %")
    empty = competing(competing_outcome(nobody(example()), "ttp", by(example()), "months"))
    assert headline(empty)[0] == "Nobody in this selection can be analysed for time to progression."


def test_the_caption_names_method_causes_and_source():
    said = caption(result(example(), "complete_response"))
    assert "Aalen-Johansen estimate" in said and "complete response (CR or sCR) (4 of 16)" in said
    assert "Told from Responses, TTP and OS." in said


def test_notes_say_that_one_minus_kaplan_meier_would_overestimate_and_who_died_later():
    cohort = made("ab", ttp={"a": (50, 0), "b": (60, 1)}, os={"a": (90, 1), "b": (60, 1)})
    said = notes(result(cohort))
    assert said[0].startswith("1 − Kaplan-Meier of one cause would overestimate")
    assert any(note.startswith("1 patient died after follow-up for the first cause had ended") for note in said)
    assert any("immortal time" in note for note in notes(result(example())))


def test_time_from_apheresis_is_said():
    cohort = made("a", ttp={"a": (50, 1)}, os={"a": (90, 1)}, therapies=[("a", "other", "apheresis", -30)])
    found = result(cohort, definition=Definition(origin="apheresis"))
    assert (
        caption(found).startswith("Cumulative incidence from apheresis")
        and "enter at their infusion" in notes(found)[-1]
    )


def test_the_figure_in_words_and_its_tests():
    assert "Control: 8 patients, progression or relapse 8 and at the end 100 %" in alt_text(result(example()))
    assert [line.comparison for line in gray_lines(result(example()))] == [
        "Progression or relapse: Control v Pomalidomide", "Death without progression: Control v Pomalidomide"]  # fmt: skip
    assert gray_lines(result(example(), grouping="-")) == ()
