"""Small cells are masked, and nothing gives them back."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from golden.cohorts import by, example, synthetic
from hypothesis import given
from hypothesis import strategies as st

from lib.cohort.analysis import Analysis
from lib.exhibits import attempt, entries
from lib.export.provenance import Provenance
from lib.publication.exhibit import Figure, Numbers, Table, TestLine
from lib.publication.masking import COUNTED, MASKED, ONE_PATIENT, SMALL_CELLS, STEPS, NotShown, masked, masked_words
from lib.publication.number import count
from lib.publication.spec import Failed


def table(header, *rows, **more):
    return Table("t", "T", header, rows, n=20, numbers=Numbers((("n", "patients"),), ((3,),)), **more)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("3 of 16 patients had it.", "<5 of 16 patients had it."),
        ("14 of 16 patients had it.", ">11 of 16 patients had it."),
        ("Control 3 (38 %), Pomalidomide 6 (38 %).", "Control <5, Pomalidomide 6 (38 %)."),
        ("5/8: 63 % (24–91)", ">3/8"),
        ("1 patient without a group; n = 2; 12 events.", "<5 patient without a group; n = <5; 12 events."),
        ("4 v 8", "<5 v 8"),
        ("fewer than 3 patients; grade 3; day 2; 2 (0–4) days", "fewer than 3 patients; grade 3; day 2; 2 (0–4) days"),
        ("16 of 16 patients (all patients)", "16 of 16 patients (all patients)"),
        ("0 of 8; 0 (0 %)", "0 of 8; 0 (0 %)"),
    ],
)
def test_sentences(words, said):
    assert masked_words(words, 5) == said and masked_words(words, 0) == words


def test_a_lone_masked_group_is_not_given_back_by_the_total_nor_by_the_difference():
    made = masked(
        table(
            ("Event", "Total (n = 40)", "A (n = 20)", "B (n = 20)", "B − A, % points (95 % CI)", "p"),
            ("CRS", "14 (35 %)", "3 (15 %)", "11 (55 %)", "+40 (+9 to +62)", "0.019"),
            ("Rash", "20 (50 %)", "10 (50 %)", "10 (50 %)", "0 (−29 to +29)", ">0.99"),
            tests=(TestLine("Fisher", "CRS", None, None, 0.019, 40),),
        ),
        5,
    )
    assert made.rows[0] == ("CRS", "14 (35 %)", "<5", MASKED, MASKED, MASKED) and made.tests == ()
    assert made.rows[1] == ("Rash", "20 (50 %)", "10 (50 %)", "10 (50 %)", "0 (−29 to +29)", ">0.99")
    assert made.numbers == Numbers() and "Counts below 5 are masked." in made.notes[-1]


def test_levels_of_a_block_small_groups_and_a_small_rest():
    made = masked(
        table(
            ("Row", "All (n = 30)"),
            ("Stage", ""),
            ("\u2003I", "2 (7 %)"),
            ("\u2003II", "10 (33 %)"),
            ("\u2003III", "18 (60 %)"),
        ),
        5,
    )
    assert [row[1] for row in made.rows] == ["", "<5", MASKED, "18 (60 %)"]
    few = masked(
        table(("Row", "A (n = 4)", "B (n = 30)"), ("Age", "50 (40–60)", "51 (41–61)"), ("EMD", "0 (0 %)", "27 (90 %)")),
        5,
    )
    assert few.header == ("Row", "A (n = <5)", "B (n = 30)") and few.rows[0] == ("Age", MASKED, "51 (41–61)")
    assert few.rows[1][2] == MASKED  # three without


def test_headings_that_count_nobody_are_left_alone():
    made = masked(table(("Test", "n", "df", "Median, months (95 % CI)"), ("log-rank", "3", "1", "3 (1–4)")), 5)
    assert made.rows == (("log-rank", "<5", "1", "3 (1–4)"),)


def test_single_patients_are_not_shown_and_data_behind_a_figure_not_given():
    lanes = Figure("f", "F", {}, {"lane": pd.DataFrame({"patient": ["a"]})}, pd.DataFrame(), "", "")
    with pytest.raises(NotShown, match="single patients"):
        masked(lanes, 5)
    curve = Figure(
        "f",
        "F",
        {},
        {
            "curve": pd.DataFrame(),
            "counts": pd.DataFrame({"text": ["3", "12"]}),
            "label": pd.DataFrame({"text": ["3 (38 %)", "day 3"]}),
        },
        pd.DataFrame({"n": [3]}),
        "3 of 8 patients.",
        "3 (38 %)",
    )
    made = masked(curve, 5)
    assert made.tables["counts"]["text"].tolist() == ["<5", "12"] and made.tables["label"]["text"].tolist() == [
        "<5",
        "day 3",
    ]
    assert made.data.empty and made.caption == "<5 of 8 patients." and made.alt == "<5"
    assert masked(curve, 0) is curve


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 25)), min_size=2, max_size=5))
def test_no_row_and_no_block_has_a_single_masked_cell(levels):
    a, b = (sum(column) for column in zip(*levels, strict=True))
    cells = [("\u2003x", count(x + y, a + b), count(x, a), count(y, b)) for x, y in levels] if a and b else []
    made = masked(table(("", f"Total (n = {a + b})", f"A (n = {a})", f"B (n = {b})"), *cells), 5)
    grid = [[cell in ("<5", MASKED) for cell in row[1:]] for row in made.rows]
    counts = [[int(cell.split()[0]) for cell in row[1:]] for row in cells]
    for line, were in [
        *zip(grid, counts, strict=True),
        *zip(zip(*grid, strict=True), zip(*counts, strict=True), strict=True),
    ]:
        others = [n for n, hidden in zip(were, line, strict=True) if not hidden and n]
        assert sum(line) != 1 or not others


def test_the_selection_is_masked_too():
    made = example()
    few = made.with_tables(made.patients.head(3), made.tables)
    assert Provenance.of_cohort(few, by(made), 5).sentence.startswith("<5 of 16 patients")


SAID = re.compile(
    r"(?<![\d.,–<>(/-])[1-4](?= \([<>]?\d+ %|/\d+\b| of \d| patients?\b| events?\b| deaths?\b| v \d| at risk| censored|"
    r" without| with\b)|(?<=n = )[1-4]\b"
)
ALONE = re.compile(r"(?<![\d<>.])[1-4](?![\d.])")


def said(exhibit):
    """All that is printed or sent of an exhibit as text."""
    words = [exhibit.title, exhibit.caption, exhibit.method, *exhibit.notes]
    if isinstance(exhibit, Table):
        return [*words, *exhibit.header, *(cell for row in exhibit.rows for cell in row)]
    cells = (cell for table in exhibit.tables.values() for name in table for cell in table[name])
    return [*words, exhibit.alt, *(cell for cell in cells if isinstance(cell, str))]


def small_numbers(exhibit):
    """Counts from 1 to 4 in the tables that a chart is drawn of, by place."""
    if isinstance(exhibit, Table):
        return []
    frames = {**exhibit.tables, "data": exhibit.data}
    numbers = {
        (each, name): pd.to_numeric(table[name], errors="coerce")
        for each, table in frames.items()
        for name in table
        if name in {*COUNTED, "at_risk"}
    }
    under = [text for text in frames.get("counts", pd.DataFrame({"text": []}))["text"] if ALONE.search(text)]
    return [*(place for place, column in numbers.items() if ((column > 0) & (column < 5)).any()), *under]


def walked(opened):
    """Of each exhibit with small cells masked: itself, or why it is not shown."""
    analysis = Analysis(opened, opened, by(opened), opened.study.time_unit, 5)
    for entry in entries(analysis):
        made = attempt(entry, analysis, {})
        if made is not None:
            yield entry.id, made


@pytest.mark.parametrize("opened", [example, synthetic])
def test_no_exhibit_gives_a_small_count_in_words_marks_or_tooltips(opened):
    shown = {}
    for name, made in walked(opened()):
        if isinstance(made, Failed):
            assert made.reason in (ONE_PATIENT, SMALL_CELLS, STEPS), name
            continue
        assert [each for each in said(made) if SAID.search(each)] == small_numbers(made) == [], name
        assert not made.of_patients or not made.numbers.rows
        shown[name] = made
    assert {"baseline.table_one", "survival.os", "response.best", "toxicity.table"} <= set(shown)


def test_bars_and_boxes_of_many_patients_are_shown():
    bars = Figure(
        "f",
        "F",
        {},
        {"bar": pd.DataFrame({"n": [8, 0], "of": [20, 20], "words": ["8 of 20", "0 of 20"]})},
        pd.DataFrame(),
        "",
        "",
    )
    assert masked(bars, 5).tables["bar"]["n"].tolist() == [8, 0]
    for n in (3, 18):  # too few with it, or without
        with pytest.raises(NotShown, match="counts of few patients"):
            masked(replace(bars, tables={"bar": pd.DataFrame({"n": [n], "of": [20]})}), 5)


def test_no_smallest_and_no_largest_value():
    made = masked(
        table(
            ("Row", "All (n = 30)", "Nadir"),
            ("Age", "", "7 (1–9)"),
            ("\u2003median (IQR)", "57 (50–63)", ""),
            ("\u2003range", "44–71", ""),
            ("\u2003median (range)", "57 (44–71)", ""),
            ("Tmax", "9 [7–28]", ""),
        ),
        5,
    )
    assert [row[1] for row in made.rows] == ["", "57 (50–63)", MASKED, "57", "9"] and made.rows[0][2] == "7"
