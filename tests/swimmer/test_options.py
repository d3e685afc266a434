"""What may be chosen comes from the opened cohort, and what a cohort does not have cannot be chosen."""

from functools import cache

from golden.cohorts import arms, cohort, example, follow_up, nobody, synthetic

from lib.swimmer.options import (
    BEST_RESPONSE,
    FIRST_RESPONSE,
    INFUSION,
    MOST_OWN,
    ONSET,
    OWN_EVENT,
    PROGRESSION,
    REINFUSION,
    RESPONSE,
    SEVERE_CRS,
    STATE,
    THERAPY,
    SwimmerOptions,
    colours_of,
    ends_of,
    marks_of,
    settled,
    states_of,
)


@cache
def own():
    return cohort(
        arms(A=["a1"]),
        endpoints=follow_up("os", a1=(5, 1)),
        states=[
            {"patient_id": "a1", "measure": measure, "state": "x", "start_day": 0} for measure in ("B cells", "disease")
        ],
        events=[
            {"patient_id": "a1", "event": event, "day": 3}
            for event in ("Death", *(f"e{number}" for number in range(8)))
        ],
    )


def test_the_example_is_coloured_by_response_with_the_marks_of_the_paper():
    chosen = settled(SwimmerOptions(), example())
    assert (chosen.colour, chosen.strips) == (RESPONSE, ("emd", "high_risk_cytogenetics"))
    assert chosen.marks == (FIRST_RESPONSE, BEST_RESPONSE, SEVERE_CRS)
    assert colours_of(example()) == (RESPONSE, THERAPY) and states_of(example(), THERAPY) == ("Pomalidomide",)
    assert settled(SwimmerOptions(), nobody(example())) == chosen
    assert REINFUSION in settled(SwimmerOptions(), synthetic()).marks


def test_states_are_the_colour_where_there_are_no_responses():
    assert colours_of(own()) == (STATE + "B cells", STATE + "disease") and states_of(own(), STATE + "disease") == ("x",)
    assert settled(SwimmerOptions(colour=RESPONSE), own()).colour == STATE + "B cells"
    assert PROGRESSION not in ends_of(own()) and PROGRESSION in ends_of(example())


def test_own_events_are_marked_as_far_as_symbols_reach_and_keep_apart_from_the_fixed_ones():
    chosen = settled(SwimmerOptions(), own())
    assert chosen.marks == (INFUSION, OWN_EVENT + "Death", *(f"{OWN_EVENT}e{number}" for number in range(MOST_OWN - 1)))
    assert marks_of(own())[OWN_EVENT + "Death"] == "Death (Events)"


def test_what_the_cohort_does_not_have_is_dropped():
    asked = SwimmerOptions(colour=STATE + "x", strips=("sex", "shoe size"), marks=(ONSET + "CRS", "event\tx"))
    chosen = settled(asked, example())
    assert (chosen.colour, chosen.strips, chosen.marks) == (RESPONSE, ("sex",), (ONSET + "CRS",))
