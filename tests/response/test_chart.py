"""Every state has a colour, and words that can be read on it."""

import json

from lib.publication.palette import INK, PAPER
from lib.response.chart import STATE_COLOURS, on, state_colour
from lib.response.state import STATES


def test_every_state_has_its_own_colour():
    assert set(STATE_COLOURS) == set(STATES) and len(set(STATE_COLOURS.values())) == len(STATES)


def test_words_are_white_on_dark_only():
    for state, colour in STATE_COLOURS.items():
        light = sum(
            int(colour[place : place + 2], 16) * weight for place, weight in ((1, 0.299), (3, 0.587), (5, 0.114))
        )
        assert on(state) == (PAPER if light < 125 else INK), state


def test_the_legend_says_what_a_state_means():
    written = json.dumps(state_colour(("CR", "Failed before")).to_dict())
    assert "Failed: progressed, retreated or died before" in written
    assert state_colour(("CR",), legend=False).to_dict()["legend"] is None
