"""Texts that fit into a width, in several lines where they may."""

import altair as alt
import pandas as pd

from lib.publication import fitting
from lib.publication.theme import publish, table


def test_a_name_of_several_lines_stands_around_or_above_its_place():
    rows = pd.DataFrame({"name": ["a name that is long", "short"], "at": [1, 2]})

    def drawn(baseline):
        mark = table("row").mark_text(baseline=baseline, limit=60, fontSize=11, lineHeight=12, lineBreak="\n")
        rule = table("other").mark_rule().encode(y="at:Q")
        chart = publish(alt.layer(rule, mark.encode(y="at:Q", text=alt.Text("name:N"))), width=200, height=100)
        return chart["layer"][1:], fitting.drawn_tables(chart, {"row": rows})["row"]

    for baseline, up in (("middle", 6), ("bottom", 12)):
        layers, cells = drawn(baseline)
        assert [layer["mark"]["dy"] for layer in layers] == [0, -up, -2 * up]
        (field,) = {layer["encoding"]["text"]["field"] for layer in layers}
        assert [words.count("\n") + 1 for words in cells[field]] == [2, 1] and "…" not in "".join(cells[field])
    assert len(drawn("top")[0]) == 1
