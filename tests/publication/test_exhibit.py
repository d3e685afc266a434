"""Every exhibit there is, over many selections of one cohort: a chart that stays, tables that it names, ids in one
column only."""

import json
import re
from functools import cache

import numpy as np
import pandas as pd
import pytest
from golden.cohorts import by, example, nobody, selected, synthetic
from survival.compared import three_analyses, time_zero_exhibits

from lib.baseline.characteristics import BaselineOptions, baseline
from lib.baseline.table_one import baseline_table
from lib.cohort.kinetic_series import series_keys
from lib.derived.exposure import became_known, known_sources
from lib.kinetics.day_comparison import compared_at, comparison_table
from lib.kinetics.parameters import parameters_table
from lib.kinetics.profile import kinetics_figure
from lib.kinetics.series import kinetics
from lib.kinetics.summary import headline as kinetics_headline
from lib.kinetics.summary import summary_table
from lib.publication.exhibit import (
    Across,
    Figure,
    Table,
    TypedColumn,
    frame_numbers,
    records,
    reported,
    standalone,
    typed_table,
)
from lib.survival.curves import survival
from lib.survival.kaplan_meier import headline as survival_headline
from lib.survival.kaplan_meier import survival_figure
from lib.survival.outcome import time_to_event
from lib.survival.regrouping import EndpointChoice
from lib.survival.summary import summary_table as survival_table
from lib.swimmer.lanes import lanes
from lib.swimmer.layout import headline as swimmer_headline
from lib.swimmer.plot import swimmer_figure
from lib.toxicity.captions import headline as toxicity_headline
from lib.toxicity.event_table import toxicity_table
from lib.toxicity.incidence import incidence
from lib.toxicity.worst_grades import toxicity_figure

COHORTS = {"example": example(), "synthetic": synthetic()}
SELECTIONS = {
    "everybody": selected,
    "a subgroup": lambda made: selected(made, "emd=yes"),
    "two filters": lambda made: selected(made, "sex=F|?", "age_years=40..60"),
    "a group is empty": lambda made: selected(made, "arm=Pomalidomide"),
    "one patient": lambda made: selected(made, f"age_years={made.patients['age_years'].max():g}..200"),
    "nobody": nobody,
    "another infusion": lambda made: selected(made, infusion=2),
}
GROUPINGS = ("arm", "-", "age_years")


@cache
def everything(
    name: str, selection: str, grouping: str, unit: str = "months"
) -> tuple[dict[str, Figure], dict[str, Table], str]:
    """Every figure and table by id, and all headlines as one text."""
    opened = COHORTS[name]
    part, split = SELECTIONS[selection](opened), by(opened, grouping)
    endpoints = [survival(time_to_event(part, endpoint, split, unit), part) for endpoint in opened.endpoint_names]
    events, courses = incidence(part, split), lanes(part, split, unit)
    series = kinetics(part, series_keys(opened)[0], split)
    figures = [
        *map(survival_figure, endpoints),
        toxicity_figure(events),
        kinetics_figure(series, compared_at(series)),
        swimmer_figure(courses, part),
    ]
    tables = [
        *map(survival_table, endpoints),
        toxicity_table(events),
        baseline_table(baseline(part, split, True), BaselineOptions(p_values=True)),
        summary_table(series),
        comparison_table(series, compared_at(series)),
        parameters_table(series),
    ]
    said = [
        *map(survival_headline, endpoints),
        toxicity_headline(events),
        (kinetics_headline(series), ""),
        swimmer_headline(courses),
    ]
    made = [each for endpoint in opened.endpoint_names for each in zero(opened, part, split, endpoint, unit)]
    figures += [each for each in made if isinstance(each, Figure)]
    tables += [each for each in made if isinstance(each, Table)]
    headlines = " ".join(f"{sentence} {warning}" for sentence, warning in said)
    return {figure.id: figure for figure in figures}, {table.id: table for table in tables}, headlines


def zero(opened, part, split, endpoint, unit):
    """Landmark and time-dependent exhibits, by the grouping itself where it can be formed anew, else by a therapy."""
    source = known_sources(opened, split)[0]
    return time_zero_exhibits(
        three_analyses(part, EndpointChoice(endpoint, unit), split, became_known(part, split, source))
    )


def figures(name: str, selection: str, grouping: str) -> dict[str, Figure]:
    return everything(name, selection, grouping)[0]


def tables(name: str, selection: str, grouping: str) -> dict[str, Table]:
    return everything(name, selection, grouping)[1]


def named_data(part: object) -> set[str]:
    """Every table that a specification reads, in layers and in expressions."""
    text = json.dumps(part)
    return set(re.findall(r'"data": \{"name": "([^"]+)"', text)) | set(re.findall(r"data\('([^']+)'\)", text))


VIEWS = [  # everybody by every grouping in both cohorts; each selection by one grouping in each, by turns
    (name, selection, grouping)
    for i, selection in enumerate(SELECTIONS)
    for j, grouping in enumerate(GROUPINGS)
    for k, name in enumerate(COHORTS)
    if selection == "everybody" or (i + k) % len(GROUPINGS) == j
]
every_view = pytest.mark.parametrize(("name", "selection", "grouping"), VIEWS)


@pytest.mark.parametrize("name", COHORTS)
@pytest.mark.parametrize("grouping", GROUPINGS)
def test_a_chart_is_the_same_text_whatever_is_selected(name, grouping):
    whole = {
        identifier: json.dumps(figure.chart) for identifier, figure in figures(name, "everybody", grouping).items()
    }
    for selection in (each for of, each, by_ in VIEWS if (of, by_) == (name, grouping)):
        for identifier, figure in figures(name, selection, grouping).items():
            assert json.dumps(figure.chart) == whole[identifier], (identifier, selection)


def test_the_unit_is_an_option_of_the_chart_and_no_selection_changes_it():
    whole, _, _ = everything("synthetic", "everybody", "arm", "days")
    part, _, _ = everything("synthetic", "two filters", "arm", "days")
    for identifier in ("survival.os", "swimmer.plot"):
        assert json.dumps(part[identifier].chart) == json.dumps(whole[identifier].chart)
        assert "Days since infusion" in json.dumps(whole[identifier].chart)


@every_view
def test_every_table_named_in_a_chart_travels_with_it(name, selection, grouping):
    for figure in figures(name, selection, grouping).values():
        assert named_data(figure.chart) == set(figure.tables), figure.id


@every_view
def test_tables_keep_their_columns(name, selection, grouping):
    """A filter sends new rows into the same chart: a column that a layer reads may not come or go."""
    whole = figures(name, "everybody", grouping)
    for identifier, figure in figures(name, selection, grouping).items():
        for table, rows in figure.tables.items():
            assert list(rows.columns) == list(whole[identifier].tables[table].columns), (identifier, table)


def holding_ids(rows: pd.DataFrame, ids: set[str]) -> set[str]:
    return {
        str(column)
        for column in rows.columns
        if any(any(patient in str(value) for patient in ids) for value in rows[column].dropna().unique())
    }


@pytest.mark.parametrize(("selection", "grouping"), [view for name, *view in VIEWS if name == "synthetic"])
def test_ids_stand_in_the_column_patient_only(selection, grouping):
    ids = set(synthetic().patients["patient_id"])
    for figure in figures("synthetic", selection, grouping).values():
        for name, rows in {**figure.tables, "data": figure.data}.items():
            assert holding_ids(rows, ids) <= {"patient"}, (figure.id, name)
        texts = (figure.title, figure.caption, figure.alt, *figure.notes, json.dumps(figure.chart))
        assert not any("ZQX" in text for text in texts), figure.id
        columns = [name for name, _ in figure.numbers.columns]
        for row in figure.numbers.rows:
            assert all("ZQX" not in str(cell) for name, cell in zip(columns, row, strict=True) if name != "patient")


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_ids_stand_in_the_first_column_of_patient_tables_only(grouping):
    for table in tables("synthetic", "everybody", grouping).values():
        shows = any(name == "patient" for name, _ in table.numbers.columns)
        first = 1 if shows else 0
        assert not any("ZQX" in cell for row in table.rows for cell in row[first:]), table.id
        assert not any("ZQX" in text for text in (table.title, table.caption, *table.notes, *table.header))


@every_view
def test_the_word_is_never_written(name, selection, grouping):
    said = [everything(name, selection, grouping)[2]]
    for exhibit in (*figures(name, selection, grouping).values(), *tables(name, selection, grouping).values()):
        said += [exhibit.title, exhibit.caption, *exhibit.notes, getattr(exhibit, "alt", "")]
        said += [f"{test.name} {test.comparison} {test.reason}" for test in exhibit.tests]
    assert not re.search("significan", " ".join(said), re.IGNORECASE)


@every_view
def test_sentences_hold_no_nan_no_none_and_no_empty_brackets(name, selection, grouping):
    said = everything(name, selection, grouping)[2]
    for exhibit in (*figures(name, selection, grouping).values(), *tables(name, selection, grouping).values()):
        said += " ".join([exhibit.title, exhibit.caption, *exhibit.notes, getattr(exhibit, "alt", ""), ""])
        said += " ".join(cell for row in getattr(exhibit, "rows", ()) for cell in row)
    assert not re.search(r"\bnan\b|\bNone\b|\(\)|: ,|\. \.|= [<>]|\{|\}", said), said


@every_view
def test_rows_are_as_wide_as_their_header_and_n_is_told(name, selection, grouping):
    part = SELECTIONS[selection](COHORTS[name])
    for table in tables(name, selection, grouping).values():
        assert {len(row) for row in table.rows} <= {len(table.header)}, table.id
        assert {len(row) for row in table.numbers.rows} <= {len(table.numbers.columns)}, table.id
        assert 0 <= table.n <= part.n
    for figure in figures(name, selection, grouping).values():
        assert {len(row) for row in figure.numbers.rows} <= {len(figure.numbers.columns)}, figure.id
        assert 0 <= figure.n <= part.n and figure.alt


@every_view
def test_every_test_has_a_p_value_or_a_reason_and_its_name(name, selection, grouping):
    for exhibit in (*figures(name, selection, grouping).values(), *tables(name, selection, grouping).values()):
        for test in exhibit.tests:
            assert (test.p is None) == bool(test.reason), (exhibit.id, test)
            assert test.p is None or (0 <= test.p <= 1 and test.name), (exhibit.id, test)


def test_standalone_carries_data_as_plain_values_without_nan():
    for figure in figures("synthetic", "everybody", "arm").values():
        json.dumps(standalone(figure), allow_nan=False)
        assert set(standalone(figure)["datasets"]) == set(figure.tables)


def test_records_are_rows_of_plain_values():
    rows = records(pd.DataFrame({"a": [1.5, np.nan], "b": ["x", None], "c": [True, False]}))
    assert rows == [{"a": 1.5, "b": "x", "c": True}, {"a": None, "b": None, "c": False}]
    assert records(pd.DataFrame({"a": []})) == []


def test_a_table_as_a_frame_keeps_every_column():
    table = Table("x", "X", ("p", "p"), (("1", "2"), ("3", "4")))
    assert table.data.to_numpy().tolist() == [["1", "2"], ["3", "4"]]
    assert Table("x", "X", ("a",), ()).data.shape == (0, 1)


def test_rows_of_one_line_are_printed_beside_each_other_and_reported_one_by_one():
    rows = [
        {"term": term, "group": group, "n": n}
        for group, counts in (("A", (1, 2)), ("B", (3, 0)))
        for term, n in zip(("x", "y"), counts, strict=True)
    ]
    columns = (
        TypedColumn("Event", "term"),
        TypedColumn(name="group"),
        Across(
            ("A", "B", "C"), lambda row: row["term"], lambda row: "ABC".index(row["group"]), lambda row: f"{row['n']}!"
        ),
        *reported("n", unit="patients"),
    )
    made = typed_table(columns, rows, id="t", title="t")
    assert made.header == ("Event", "A", "B", "C")
    assert made.rows == (("x", "1!", "3!", ""), ("y", "2!", "0!", ""))
    assert made.numbers.columns == (("term", ""), ("group", ""), ("n", "patients"))
    assert made.numbers.rows == (("x", "A", 1), ("y", "A", 2), ("x", "B", 3), ("y", "B", 0))
    assert list(made.numbers.frame["n"]) == [1, 2, 3, 0]


def test_numbers_of_a_frame_have_levels_units_and_null_for_what_is_missing():
    frame = pd.DataFrame({"group": ["Arm A", "Arm B"], "mean": [1.5, float("nan")], "reason": ["", "one value"]})
    found = frame_numbers(frame, {"Arm A": "A", "Arm B": "B"}, mean="days")
    assert found.columns == (("group", ""), ("mean", "days"), ("reason", ""))
    assert found.rows == (("A", 1.5, None), ("B", None, "one value"))
