"""Fifty ways in which a good workbook goes wrong: it is refused in one sentence, or read with every fault told.

`make fuzz` tries a thousand.
"""

import datetime as dt
import math
import random
import re
from collections.abc import Callable, Iterable
from functools import cache

import pandas as pd
import pytest
from make_cohort import synthetic_cohort
from workbooks import ids, xlsx

from lib.cohort.model import Cohort
from lib.cohort.schema import TABLES
from lib.intake.draft import read_workbook
from lib.intake.files.limits import Unsafe

SEEDS = range(50)
SHUFFLES = range(6)
MOST_ROWS = 10  # a sheet; reading takes most of the time
Sheets = dict[str, list[list[object]]]
BAD_CELLS = (
    "?!",
    "maybe",
    None,
    "",
    " ",
    "NA",
    "#REF!",
    "#DIV/0!",
    "=A1+B1",
    "x" * 5000,
    "1,234",
    "<50",
    "yes",
    "III",
    True,
    -1,
    -7.5,
    0,
    2,
    1e300,
    45000,
    0.1,
    dt.datetime(2023, 4, 3),
    dt.time(12, 30),
    "2023-13-45",
    "姓名",
    "patient_id",
    "\u202e",
)
NEW_NAMES = (
    "",
    "what",
    "patient_id",
    "day",
    "source_row",
    "event",
    "name",
    "OS months",
    "os_event",
    "=1",
    "日期",
    "limit",
)


@cache
def good() -> Sheets:
    """Four patients with something in every table, dates and an endpoint of their own in columns."""
    rows = synthetic_cohort(4, 3)
    sheets: Sheets = {}
    for table in TABLES:
        if made := rows.get(table.name):
            names = list(dict.fromkeys(name for row in made for name in row))
            sheets[table.sheet] = [names, *([row.get(name) for name in names] for row in made[:MOST_ROWS])]
    patients = sheets["Patients"]
    patients[0] += ["infusion_date", "mine_months", "mine_event"]
    for place, row in enumerate(patients[1:]):
        row += [dt.datetime(2023, 1, 1 + place), 3.5 + place, place % 2]
    sheets["Labs"] = [
        ["patient_id", "date", "test", "value", "unit"],
        *([row[0], dt.datetime(2023, 2, 1), "CRP", "<5", "mg/L"] for row in patients[1:]),
    ]
    sheets["States"] = [
        ["patient_id", "measure", "state", "start_day", "stop_day"],
        *([row[0], "B cells", "aplasia", 5, 20] for row in patients[1:]),
    ]
    sheets["Events"] = [
        ["patient_id", "event", "date"],
        *([row[0], "biopsy", dt.datetime(2023, 1, 8)] for row in patients[1:]),
    ]
    sheets["Assays"] = [["experiment", "measure", "value"], ["killing", "lysis", 40], ["killing", "lysis", 55.5]]
    return sheets


def copy(names: Iterable[str]) -> Sheets:
    return {name: [list(row) for row in good()[name]] for name in names}


def some_sheets(draw: random.Random) -> Sheets:
    """Patients and four other sheets: fewer are read sooner."""
    others = [name for name in good() if name != "Patients"]
    return copy(["Patients", *draw.sample(others, 4)])


def read(sheets: Sheets) -> Cohort:
    return read_workbook(xlsx(sheets), "mutated.xlsx")


def bad_cell(draw: random.Random, sheets: Sheets) -> None:
    row = draw.choice(sheets[draw.choice([name for name in sheets if len(sheets[name]) > 1])][1:])
    row[draw.randrange(len(row))] = draw.choice(BAD_CELLS)


def row_twice(draw: random.Random, sheets: Sheets) -> None:
    rows = sheets[draw.choice(list(sheets))]
    rows.insert(draw.randrange(len(rows)) + 1, list(draw.choice(rows)))


def row_gone(draw: random.Random, sheets: Sheets) -> None:
    rows = sheets[draw.choice(list(sheets))]
    del rows[draw.randrange(len(rows))]


def column_renamed(draw: random.Random, sheets: Sheets) -> None:
    header = sheets[draw.choice([name for name in sheets if sheets[name]])][0]
    header[draw.randrange(len(header))] = draw.choice(NEW_NAMES)


def column_gone(draw: random.Random, sheets: Sheets) -> None:
    name = draw.choice([name for name in sheets if sheets[name]])
    place = draw.randrange(len(sheets[name][0]))
    sheets[name] = [row[:place] + row[place + 1 :] for row in sheets[name]]


def sheet_renamed(draw: random.Random, sheets: Sheets) -> None:
    sheets[draw.choice(["Sheet1", "Labs 2", "Kinetik", "患者", "Baseline"])] = sheets.pop(draw.choice(list(sheets)))


def sheet_gone(draw: random.Random, sheets: Sheets) -> None:
    del sheets[draw.choice(list(sheets))]


def rows_shuffled(draw: random.Random, sheets: Sheets) -> None:
    for name, (header, *rows) in sheets.items():
        if name != "Study":  # of a setting given twice the last counts
            draw.shuffle(rows)
            sheets[name] = [header, *rows]


def columns_shuffled(draw: random.Random, sheets: Sheets) -> None:
    for name, rows in sheets.items():
        order = draw.sample(range(len(rows[0])), len(rows[0]))
        sheets[name] = [[row[place] for place in order] for row in rows]


FAULTS: tuple[Callable[[random.Random, Sheets], None], ...] = (
    bad_cell,
    bad_cell,
    bad_cell,
    bad_cell,
    row_twice,
    row_gone,
    column_renamed,
    column_gone,
    sheet_renamed,
    sheet_gone,
)


def usable_ids(sheets: Sheets) -> set[object]:
    """The ids that nobody touched, of a Patients sheet that still has its column of ids."""
    rows = sheets.get("Patients") or [[]]
    if rows[0].count("patient_id") != 1:
        return set()
    place = rows[0].index("patient_id")
    return {row[place] for row in rows[1:]} & {row[0] for row in good()["Patients"][1:]}


def test_the_workbook_is_good_before_anything_is_done_to_it():
    cohort = read(good())
    assert cohort.findings == () and cohort.n == 4
    assert all(len(cohort.tables[name]) for name in cohort.tables)
    assert {"pfs", "os", "mine"} <= set(cohort.endpoint_names)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fault_is_refused_in_one_sentence_or_told_with_its_fix(seed):
    draw = random.Random(seed)
    sheets = some_sheets(draw)
    for fault in draw.choices(FAULTS, k=draw.choice([1, 1, 2, 4])):
        fault(draw, sheets)
    try:
        cohort = read(sheets)
    except Unsafe as refused:
        assert re.fullmatch(r"[A-Z][^\n]+\.", str(refused))
        return
    for finding in cohort.findings:
        assert finding.problem.endswith(".") and finding.fix.endswith(".") and "\n" not in finding.sentence(), finding
        assert finding.row is None or finding.row >= 1
        assert finding.sheet in sheets or not finding.sheet, finding
    assert usable_ids(sheets) <= set(ids(cohort)) and len(set(ids(cohort))) == cohort.n
    assert all(event in (0, 1) or math.isnan(event) for event in cohort.endpoints["event"])
    usable = cohort.endpoints[cohort.endpoints["problem"] == ""]
    assert (usable["time"] >= 0).all() and usable["event"].isin([0, 1]).all() and not usable["time"].isna().any()
    for name, table in cohort.tables.items():
        assert name == "assays" or set(table["patient_id"]) <= set(ids(cohort)), name
        assert not [
            column for column in table.columns if table[column].map(lambda cell: isinstance(cell, dt.date)).any()
        ]


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    columns = sorted(table.columns)
    return table[columns].sort_values(columns, ignore_index=True)


@pytest.mark.parametrize("seed", SHUFFLES)
def test_shuffled_rows_and_columns_are_the_same_cohort(seed):
    draw, sheets = random.Random(seed), copy(good())
    rows_shuffled(draw, sheets)
    columns_shuffled(draw, sheets)
    shuffled, plain = read(dict(draw.sample(list(sheets.items()), len(sheets)))), read(good())
    assert (shuffled.findings, shuffled.study) == ((), plain.study)
    assert set(shuffled.variables) == set(plain.variables)
    assert {word: set(words) for word, words in shuffled.vocabulary.items()} == {
        word: set(words) for word, words in plain.vocabulary.items()
    }
    pd.testing.assert_frame_equal(in_order(shuffled.patients), in_order(plain.patients))
    for name, table in plain.tables.items():
        pd.testing.assert_frame_equal(in_order(shuffled.tables[name]), in_order(table), obj=name)
