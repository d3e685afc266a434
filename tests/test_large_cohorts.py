"""Of 2,000 patients no exhibit sends more than 300 kB, what is thinned says so, and its data hold everybody."""

import io
import json
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from golden.cohorts import by, synthetic

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.exhibits import EXHIBITS, Entry, attempt, entries
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.fitting import drawn_tables
from lib.publication.spec import Failed

MOST_KILOBYTES, COPIES = 300, 34
DAYS = np.array([-3.0, 0, 7, 14, 28, 60, 90, 180])
TESTS = (
    ("neutrophils", "10^9/L", 1.8, 7.0),
    ("platelets", "10^9/L", 125, 350),
    ("ALT", "U/L", 7, 40),
    ("bilirubin", "µmol/L", 3, 20),
    ("M-protein", "g/L", np.nan, np.nan),
)


@cache
def large() -> Cohort:
    """A cohort of 60 over and over, no two of whom were followed equally long, with laboratory values and states."""
    small = synthetic(60)
    tables = {name: _many(table) for name, table in small.tables.items() if name != "assays"}
    patients, ends = _many(small.patients), tables["endpoints"]
    draw = np.random.default_rng(3)
    own = pd.Series(draw.uniform(0.95, 1.05, len(patients)), index=patients["patient_id"])
    tables["endpoints"] = ends.assign(time=ends["time"] * ends["patient_id"].map(own))
    tables["labs"] = _labs(patients["patient_id"], small.labs, draw)
    made = small.with_tables(patients, {**tables, "assays": small.tables["assays"]})
    vocabulary = {**small.vocabulary, "lab": tuple(f"{test}\t{unit}" for test, unit, *_ in TESTS)}
    return replace(made, vocabulary=vocabulary, n_opened=len(patients))


def _many(table: pd.DataFrame) -> pd.DataFrame:
    again = pd.concat([table] * COPIES, ignore_index=True)
    suffix = np.repeat([f"-{number}" for number in range(COPIES)], len(table)).astype(object)
    return again.assign(patient_id=again["patient_id"] + suffix)


def _labs(ids: pd.Series, empty: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    parts = []
    for test, unit, low, high in TESTS:
        values = np.exp(draw.normal(1.5, 0.8, len(ids) * len(DAYS)))
        parts.append(
            pd.DataFrame(
                {
                    "patient_id": np.repeat(ids.to_numpy(object), len(DAYS)),
                    "infusion": 1.0,
                    "day": np.tile(DAYS, len(ids)),
                    "test": test,
                    "value": values,
                    "unit": unit,
                    "below": False,
                    "above": False,
                    "limit": np.nan,
                    "lower_limit": low,
                    "upper_limit": high,
                }
            )
        )
    return pd.concat(parts, ignore_index=True).reindex(columns=empty.columns).astype(empty.dtypes)


def analysis() -> Analysis:
    return Analysis(large(), large(), by(large()), "months")


def sent(exhibit: Exhibit) -> float:
    """Kilobytes of what goes to a browser: the specification, and tables as Arrow streams."""
    if not isinstance(exhibit, Figure):
        return streamed(exhibit.on_screen) / 1000
    tables = drawn_tables(exhibit.chart, exhibit.tables)
    return (len(json.dumps(exhibit.chart)) + sum(map(streamed, tables.values()))) / 1000


def streamed(table: pd.DataFrame) -> int:
    content = io.BytesIO()
    arrow = pa.Table.from_pandas(table)
    with pa.ipc.new_stream(content, arrow.schema) as stream:
        stream.write_table(arrow)
    return content.tell()


def test_no_exhibit_sends_more_than_300_kilobytes():
    whole = analysis()
    first = str(large().patients["patient_id"].iloc[0])
    found = [each for each in entries(whole) if isinstance(each, Entry)]
    every = [*{each.spec.id + each.spec.title: each for each in reversed(found)}.values()]  # other variants are alike
    every += [Entry(spec.id, spec, first) for spec in EXHIBITS if spec.of_one_patient]
    weights = {}
    for entry in every:
        made = attempt(entry, whole, {})
        if isinstance(made, Failed):
            raise made.error
        if made is not None:
            weights[entry.id] = sent(made)
    assert len(weights) > 40
    assert {name: round(weight) for name, weight in weights.items() if weight > MOST_KILOBYTES} == {}


@pytest.mark.parametrize(
    ("exhibit_id", "table", "most"),
    [
        ("swimmer.plot", "lane", 270),
        ("response.depth", "patient", 150),
        ("response.waterfall.m_protein", "bar", 400),
        ("response.spider.m_protein", "line", 0),
    ],
)
def test_what_is_thinned_says_so_and_its_data_hold_everybody(exhibit_id, table, most):
    whole = analysis()
    (entry,) = (each for each in entries(whole) if isinstance(each, Entry) and each.id == exhibit_id)
    figure = attempt(entry, whole, {})
    assert figure.tables[table].get("patient", pd.Series(dtype=object)).nunique() <= most + 3
    assert " drawn" in figure.caption
    assert figure.data["patient"].nunique() == figure.n or exhibit_id == "response.depth"
    assert figure.data["patient"].nunique() > 1500
