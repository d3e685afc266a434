"""The chart has a row of numbers for each group, and its own words."""

import json

from lib.publication.incidence_chart import ROW_HEIGHT, IncidenceWords, incidence_chart
from lib.publication.palette import GROUP_COLOURS, GROUP_DASHES

WORDS = IncidenceWords("infusion", "Recovered", "Came back", "Not yet")


def test_its_height_follows_the_groups():
    one, three = (incidence_chart(WORDS, GROUP_COLOURS[:n])["height"] for n in (1, 3))
    assert three - one == 2 * ROW_HEIGHT


def test_its_words_are_those_it_was_given():
    text = json.dumps(incidence_chart(WORDS, GROUP_COLOURS[:2]))
    assert all(f'"{word}"' in text for word in ("Days since infusion", "Recovered", "Came back", "Not yet"))


def test_more_groups_than_line_types_begin_again():
    many = tuple(f"#0000{number:02x}" for number in range(len(GROUP_DASHES) + 2))
    assert f'"domain": {json.dumps(list(range(len(many))))}' in json.dumps(incidence_chart(WORDS, many))
