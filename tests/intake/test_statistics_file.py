"""Tables of SAS, SPSS, Stata and Parquet: labels as text, missing as empty, dates as dates, damage in one sentence."""

import datetime as dt
import gzip
import io
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from lib.intake.files.grid import read_grids
from lib.intake.files.limits import Unsafe
from lib.intake.read import SourceFile, read_draft

LABELS = {"sex": {1: "male", 2: "female"}}
HEADER = ("id", "sex", "os", "infused")


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {"id": ["P1", "P2", "P3"], "sex": [1.0, 2.0, None], "os": [1.5, None, 3.0], "infused": [dt.date(2020, 1, 2), None, dt.date(1955, 5, 6)]}
    )  # fmt: skip


def written(kind: str, folder: Path) -> bytes:
    path = folder / f"table.{kind}"
    if kind == "parquet":
        return bytes(table().to_parquet())
    labels = {} if kind == "xpt" else {"variable_value_labels": LABELS}
    getattr(pyreadstat, f"write_{'xport' if kind == 'xpt' else kind}")(table(), path, **labels)
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["sav", "dta", "xpt", "parquet"])
def test_labels_missing_values_and_dates(kind, tmp_path):
    (sheet,) = read_grids(written(kind, tmp_path), f"table.{kind}")
    male, female = ("male", "female") if kind in ("sav", "dta") else (1.0, 2.0)
    assert sheet.name == "table" and sheet.rows == (
        HEADER,
        ("P1", male, 1.5, dt.datetime(2020, 1, 2)),
        ("P2", female, None, None),
        ("P3", None, 3.0, dt.datetime(1955, 5, 6)),
    )


@pytest.mark.parametrize("kind", ["sav", "dta", "xpt", "parquet"])
def test_a_damaged_table_is_refused_in_one_sentence(kind, tmp_path):
    content = written(kind, tmp_path)
    with pytest.raises(Unsafe, match=r"^This [^\n]+ cannot be read[^\n]+\.$"):
        read_grids(content[: len(content) // 2], f"table.{kind}")


def test_a_transport_file_of_several_tables_is_refused(tmp_path):
    content = written("xpt", tmp_path)
    with pytest.raises(Unsafe, match="several tables"):
        read_grids(content + content[240:], "study.xpt")


def test_a_parquet_table_with_times_and_words_of_a_category():
    moment = pd.Timestamp("2021-03-04 05:06", tz="Europe/Berlin")
    content = io.BytesIO()
    pd.DataFrame({"t": [moment], "c": pd.Categorical(["CR"]), "n": [7]}).to_parquet(content)
    assert read_grids(content.getvalue(), "a.parquet")[0].rows[1] == (dt.datetime(2021, 3, 4, 5, 6), "CR", 7.0)


def iris() -> bytes:
    return gzip.decompress((Path(__file__).parents[1] / "golden" / "iris.sas7bdat.gz").read_bytes())


def test_a_table_that_sas_wrote():
    (sheet,) = read_grids(iris(), "iris.sas7bdat")
    header, *rows = sheet.rows
    assert header == ("Sepal_Length", "Sepal_Width", "Petal_Length", "Petal_Width", "Species") and len(rows) == 150
    assert rows[0] == (5.1, 3.5, 1.4, 0.2, "setosa")
    assert [sum(row[place] for row in rows) for place in range(4)] == pytest.approx([876.5, 458.6, 563.7, 179.9])


def test_a_damaged_table_of_sas_is_refused_in_one_sentence():
    with pytest.raises(Unsafe, match=r"^This [^\n]+ cannot be read[^\n]+\.$"):
        read_grids(iris()[:40_000], "iris.sas7bdat")


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_labels_of_columns_are_words_for_them(kind, tmp_path):
    """v3 is a time and v4 an event only by their labels."""
    frame = pd.DataFrame(
        {
            "id": ["P1", "P2", "P3", "P4"],
            "v2": [1.0, 2.0, 1.0, 2.0],
            "v3": [3.5, 9.0, 5.0, 8.0],
            "v4": [1.0, 0.0, 1.0, 0.0],
        }
    )
    labels = {"id": "Patient", "v2": "Sex", "v3": "Overall survival (months)", "v4": "Overall survival status"}
    values = {"v2": {1: "male", 2: "female"}, "v4": {0: "alive", 1: "dead"}}
    path = tmp_path / f"table.{kind}"
    getattr(pyreadstat, f"write_{kind}")(frame, path, column_labels=labels, variable_value_labels=values)
    draft = read_draft([SourceFile(path.name, path.read_bytes())])
    roles = {guess.column: (guess.role, guess.endpoint, guess.unit) for guess in draft.suggestion.guesses}
    assert roles["v2"][0] == "patients.sex" and roles["v3"] == ("endpoints.time", "os", "months")
    assert draft.opened.tables["endpoints"]["event"].tolist() == [1, 0, 1, 0]
