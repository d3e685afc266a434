"""The figure of recovery, its chart, its words and its table."""

import json
import re

from golden.cohorts import by, nobody, selected
from workbooks import example

from labs.recovery.test_result import made
from lib.labs.recovery.figure import recovery_figure
from lib.labs.recovery.result import recovery
from lib.labs.recovery.table import recovery_table
from lib.labs.recovery.words import headline
from lib.publication.exhibit import standalone


def of_example(threshold=1.0, *filters):
    return recovery(selected(example(), *filters), by(example()), "neutrophils", threshold)


def test_the_chart_stays_and_names_its_tables():
    views = [
        of_example(),
        of_example(1.0, "arm=Control"),
        recovery(nobody(example()), by(example()), "neutrophils", 1.0),
        of_example(0.5),
    ]
    figures = [recovery_figure(view, "anc") for view in views]
    assert len({json.dumps(figure.chart) for figure in figures}) == 1
    named = set(re.findall(r'"data": \{"name": "([^"]+)"', json.dumps(figures[0].chart))) | set(
        re.findall(r"data\('([^']+)'\)", json.dumps(figures[0].chart))
    )
    for figure in figures:
        assert set(figure.tables) == named and "patient" not in figure.tables["curve"]
        json.dumps(standalone(figure), allow_nan=False)


def test_groups_known_after_infusion_are_not_tested():
    figure = recovery_figure(of_example(), "anc")
    assert figure.id == "labs.anc.recovery" and figure.tests == () and "p =" not in figure.tables["heading"]["text"][0]
    assert "2 patients of 16 never fell below: not in the curves." in figure.notes and figure.tables["group"][
        "label"
    ].tolist() == ["Control (8 of 8)", "Pomalidomide (6 of 8)"]
    opened = made()
    assert recovery_figure(recovery(opened, by(opened), "neutrophils", 0.5), "anc").tests == (), (
        "one group has nothing to be compared with"
    )


def test_words_and_table():
    assert (
        headline(of_example(0.5))
        == "Below 0.5 × 10⁹/L and back (neutrophils): Control 0 of 8 fell below; Pomalidomide 0 of 8 fell below."
    )
    assert (
        headline(recovery(nobody(example()), by(example()), "neutrophils", 1.0))
        == "Nobody in this selection has neutrophils from day 0 to 90."
    )
    opened = made()
    table = recovery_table(recovery(opened, by(opened, "-"), "neutrophils", 0.5), "anc")
    assert table.header[:3] == ("Measured", "Below 0.5", "Nadir, × 10⁹/L") and table.rows[0][:2] == ("6", "4 (66.7 %)")
    assert table.rows[0][2:7] == ("0.35 (0.1–2)", "8.5 (5–10)", "2", "1", "15 (0–NE)")
    row = dict(zip([name for name, _ in table.numbers.columns], table.numbers.rows[0], strict=True))
    assert (
        row["median"] == 15
        and row["n_below"] == 4
        and row["median_low"] == 0
        and "does not reach one half" in row["reason"]
    )
