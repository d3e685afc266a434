"""Tables of SAS, SPSS, Stata and Parquet: labels as text, missing as empty, dates as dates, damage in one sentence."""

import datetime as dt
import gzip
import io
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyreadstat
import pytest
from pyarrow import parquet

from lib.intake.draft import read_draft
from lib.intake.files.formats import read_grids
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe
from lib.intake.files.statistics import kind_of, table_sheet
from lib.intake.read import cohort_of

LABELS = {"sex": {1: "male", 2: "female"}}
HEADER = ("id", "sex", "os", "infused")


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": ["P1", "P2", "P3"],
            "sex": [1.0, 2.0, None],
            "os": [1.5, None, 3.0],
            "infused": [dt.date(2020, 1, 2), None, dt.date(1955, 5, 6)],
        }
    )


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


N_ROWS = 120
FORMATS = {
    "xpt5": ("xport", {"file_format_version": 5}),
    "xpt8": ("xport", {"file_format_version": 8}),
    "dta8": ("dta", {"version": 8}),
    "dta12": ("dta", {"version": 12}),
    "dta15": ("dta", {"version": 15}),
    "sav": ("sav", {}),
    "compressed_sav": ("sav", {"row_compress": True}),
    "zsav": ("sav", {"compress": True}),
    "por": ("por", {}),
}


@pytest.fixture(scope="module")
def long_files(tmp_path_factory) -> dict[str, bytes]:
    """A table of 120 rows of 41 bytes (in SAS) in each format, its codes with labels where the format has them."""
    rows = range(N_ROWS)
    frame = pd.DataFrame(
        {
            "id": [f"P{row:03d}" for row in rows],
            "age": [20.5 + row % 60 for row in rows],
            "sex": [1.0 + row % 2 for row in rows],
            "note": [f"some words of row {row:03d}" for row in rows],
        }
    )
    files = {"parquet": bytes(frame.to_parquet()), "sas7bdat": iris()}
    for name, (kind, options) in FORMATS.items():
        path = tmp_path_factory.mktemp("files") / name
        labels = {} if kind in ("xport", "por") else {"variable_value_labels": LABELS}
        getattr(pyreadstat, f"write_{kind}")(frame, path, **labels, **options)
        files[name] = path.read_bytes()
    for name in ("sav", "compressed_sav"):
        content = files[name]
        files[f"{name}_uncounted"] = content[:80] + b"\xff" * 4 + content[84:]
    return files


def cuts(content: bytes) -> list[int]:
    step = max(1, len(content) // 150)
    return sorted(
        {*range(0, len(content), step), *range(0, len(content), 80), *range(len(content) - 90, len(content))}
    )[:: 1 + len(content) // 60_000]


@pytest.mark.parametrize("name", [*FORMATS, "parquet", "sas7bdat", "sav_uncounted", "compressed_sav_uncounted"])
def test_a_file_cut_off_anywhere_never_has_fewer_rows_in_silence(name, long_files):
    content = long_files[name]
    n_rows = 150 if name == "sas7bdat" else N_ROWS
    whole = table_sheet(content, kind_of(content))
    assert len(whole.rows) == n_rows + 1 and bool(whole.doubts) == (name == "sav_uncounted")
    for end in cuts(content):
        kind = kind_of(content[:end])
        if kind is None:
            assert end < 600
            continue
        try:
            sheet = table_sheet(content[:end], kind)
        except Unsafe as refusal:
            assert str(refusal).startswith("This ") and "cannot be read" in str(refusal)
        else:
            assert sheet.rows == whole.rows or sheet.doubts, end


def test_an_spss_file_without_a_count_is_refused_within_a_row(long_files):
    content = long_files["sav_uncounted"]
    for end in range(len(content) - 400, len(content), 8):
        if (len(content) - end) % (8 * 6):
            with pytest.raises(Unsafe, match="ends within a row"):
                table_sheet(content[:end], "sav")


def test_a_transport_file_that_says_how_many_rows_it_has(long_files):
    with pytest.raises(
        Unsafe, match=r"cut off \(it says that it has 120 rows and has 117\), so rows are missing\. Copy"
    ):
        read_grids(long_files["xpt8"][:-160], "a.xpt")


def test_a_transport_file_that_ends_with_a_row_is_told(tmp_path):
    """Ten rows of 8 bytes fill a record: nothing in version 5 says whether more followed."""
    frame = pd.DataFrame({"usubjid": [float(number) for number in range(1, 21)]})
    pyreadstat.write_xport(frame, tmp_path / "a.xpt", file_format_version=5)
    (grid,) = read_grids((tmp_path / "a.xpt").read_bytes()[:-80], "a.xpt")
    cohort = cohort_of([replace(grid, name="Patients", rows=(("patient_id",), *grid.rows[1:]))], "a.xpt", "")
    assert cohort.n == 10
    (reported,) = (finding.problem for finding in cohort.findings if "row 10" in finding.problem)
    assert "ends exactly with row 10: if it was cut off there" in reported


def test_an_old_stata_file_without_its_words_is_told(long_files):
    content = long_files["dta8"]
    ends = [end for end in range(len(content) - 200, len(content)) if _opens(content[:end])]
    assert ends and all("not in this Stata file" in table_sheet(content[:end], "dta").doubts[0] for end in ends)


def _opens(content: bytes) -> bool:
    try:
        return bool(table_sheet(content, "dta"))
    except Unsafe:
        return False


@pytest.mark.usefixtures("limited_process")
def test_a_small_parquet_file_that_unfolds_to_gigabytes_is_too_large_not_damaged():
    """One text of 2 MB, written once, in 5,000 rows of 10 columns."""
    words = pa.DictionaryArray.from_arrays(pa.array([0] * 5_000, pa.int32()), pa.array(["x" * 2_000_000]))
    content = io.BytesIO()
    parquet.write_table(pa.table({f"c{place}": words for place in range(10)}), content)
    assert len(content.getvalue()) < 2_000_000
    with pytest.raises(Unsafe, match="unfolds to more than can be read"):
        read_draft([SourceFile("a.parquet", content.getvalue())])


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
