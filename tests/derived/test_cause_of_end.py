"""Progression or death: told by the tables, or left out with the reason; never guessed."""

import pytest
from golden.cohorts import example, nobody

from derived.courses import all_of, made, reported
from lib.derived.follow_up import UNTOLD, causes_of_end


def cause(endpoint="pfs", **tables):
    found = causes_of_end(all_of(made("a", **tables)), endpoint)
    return reported(found, "cause", "problem")["a"]


@pytest.mark.parametrize(
    ("ttp", "os", "expected"),
    [
        ((100, 1), (100, 1), (1, "")),  # progression and death on one day: the workbook says progression
        ((100, 0), (100, 1), (2, "")),
        ((100, 0), (100.9, 1), (2, "")),  # less than a day apart
        ((100, 0), (100, 0), (0, "")),
        ((100, 0), (300, 1), (0, "")),  # nobody looked for progression between day 100 and death
        ((100, 1), None, (1, "")),
        ((100, 0), None, (None, "death cannot be told from censoring: no overall survival recorded")),
        (None, (100, 1), (None, "no time to progression recorded")),
    ],
)
def test_time_to_progression(ttp, os, expected):
    assert cause("ttp", ttp={"a": ttp} if ttp else None, os={"a": os} if os else None) == expected


def test_deaths_after_the_end_of_follow_up_for_progression_are_marked():
    found = causes_of_end(
        all_of(
            made(
                "abc",
                ttp={"a": (100, 0), "b": (100, 0), "c": (100, 1)},
                os={"a": (300, 1), "b": (100, 1), "c": (300, 1)},
            )
        ),
        "ttp",
    )
    assert found["died_later"].tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("pfs", "os", "expected"),
    [
        ((100, 1), (300, 1), (1, "")),  # alive after the event
        ((100, 1), (300, 0), (1, "")),
        ((100, 0), (300, 0), (0, "")),
        ((100, 1), (100, 1), (None, UNTOLD)),
        ((100, 1, "progression"), (100, 1), (1, "")),
        ((100, 1, "death due to progression"), (100, 1), (1, "")),  # IMWG
        ((100, 1, "death without progression"), (100, 1), (2, "")),
        ((100, 1, "non-relapse mortality"), (100, 1), (2, "")),
        ((100, 1, "death"), (100, 1), (2, "")),
        ((100, 1, "infection"), (100, 1, "infection"), (2, "")),
        ((100, 1), (100, 1, "infection"), (2, "")),
        ((100, 1), (100, 1, "myeloma"), (1, "")),
        ((100, 1, "M protein"), (100, 1, "infection"), (None, UNTOLD)),
        ((100, 1, "death"), (300, 0), (None, "cause says death, overall survival does not")),
        ((100, 1, "death"), None, (2, "")),
        ((100, 1, "relapse"), None, (1, "")),
        ((100, 1), None, (None, "cause not stated, no overall survival recorded")),
        ((100, 0), (100, 1), (None, "censored at death, although death is an event")),
        (None, (100, 1), (None, "no progression-free survival recorded")),
    ],
)
def test_progression_free_survival(pfs, os, expected):
    assert cause(pfs={"a": pfs} if pfs else None, os={"a": os} if os else None) == expected


def test_on_the_day_of_death_other_tables_decide():
    dead = {"pfs": {"a": (100, 1)}, "os": {"a": (100, 1)}}
    assert cause(**dead, ttp={"a": (100, 1)}) == (1, "")
    assert cause(**dead, ttp={"a": (100, 0)}) == (2, "")
    assert cause(**dead, responses=[("a", 99, "PD")]) == (1, "")
    assert cause(**dead, responses=[("a", 60, "SD")]) == (None, UNTOLD)


def test_nobody():
    assert len(causes_of_end(nobody(example()), "ttp")) == 0
