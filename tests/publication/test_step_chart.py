"""The chart of step curves depends on unit, axis and groups, and on nothing else."""

import json

import pytest

from lib.publication.palette import GROUP_COLOURS, GROUP_DASHES
from lib.publication.step_chart import KEY_ROW, IncidenceWords, incidence_chart, step_chart
from lib.publication.step_layout import LINE

WORDS = IncidenceWords("infusion", "Recovered", "Came back", "Not yet")


def text(chart) -> str:
    return json.dumps(chart, sort_keys=True)


@pytest.mark.parametrize("n", range(1, 9))
def test_each_group_adds_its_name_and_a_row_of_counts(n):
    one, more = (step_chart("months", "Overall survival", GROUP_COLOURS[:size], True) for size in (1, n))
    assert more["height"] - one["height"] == (LINE * (2 * n - 1) + KEY_ROW if n > 1 else 0)
    assert more["width"] == one["width"]


def test_one_incidence_adds_a_row_for_each_group():
    two, three = (incidence_chart(WORDS, GROUP_COLOURS[:n])["height"] for n in (2, 3))
    assert three - two == 2 * LINE


def test_an_incidence_has_the_words_it_was_given():
    text = json.dumps(incidence_chart(WORDS, GROUP_COLOURS[:2]))
    assert all(f'"{word}"' in text for word in ("Days since infusion", "Recovered (%)", "Came back", "Not yet"))


def test_more_groups_than_line_types_begin_again():
    many = tuple(f"#0000{number:02x}" for number in range(len(GROUP_DASHES) + 2))
    assert f'"domain": {json.dumps(list(range(len(many))))}' in json.dumps(incidence_chart(WORDS, many))
