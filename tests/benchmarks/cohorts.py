"""The cohorts that are measured: the example with 16 patients, and made ones with ten laboratory values a patient.

Reading a large one takes longer than measuring it, so what was read is kept in the folder of temporary files, under a
name that changes with the program that reads.
"""

import hashlib
import io
import pickle
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from make_cohort import synthetic_cohort
from workbooks import example

from lib.cohort.model import Cohort
from lib.cohort.schema import TABLES
from lib.intake.files.formats import read_grids_of
from lib.intake.files.grid import SourceFile
from lib.intake.transport import Request, reading

ROOT: Final = Path(__file__).parents[2]
EXAMPLE: Final = 16
MOST_READ: Final = 10_000  # a larger one repeats the patients of one of this size
LAB_DAYS: Final = (0, 7, 14, 28, 60)
TESTS: Final = (("ANC", "10^9/L", 1.8, 7.0, 2.5), ("PLT", "10^9/L", 125.0, 350.0, 120.0))  # limits of normal, median
MADE_BY: Final = ("lib/cohort", "lib/intake", "data", "tests/benchmarks/cohorts.py")


def cohort(n: int) -> Cohort:
    """The cohort of so many patients."""
    return pickle.loads(kept(n).read_bytes())


def kept(n: int) -> Path:
    """The file that holds it, made where there is none."""
    path = Path(tempfile.gettempdir()) / f"cart-benchmark-{n}-{_program()}.pickle"
    if not path.exists():
        path.write_bytes(pickle.dumps(_made(n)))
    return path


def _made(n: int) -> Cohort:
    if n == EXAMPLE:
        return example()
    return _read(n) if n <= MOST_READ else _repeated(cohort(MOST_READ), n // MOST_READ)


def _read(n: int) -> Cohort:
    """Read as an upload is, but in this process: the limits of an upload do not count here."""
    files = (SourceFile(f"synthetic {n}.zip", tables_zip(n)),)
    opened = reading(read_grids_of(files), Request("draft", files[0].name, f"{n:064d}", None)).opened
    assert isinstance(opened, Cohort), opened
    return opened


def tables_zip(n: int) -> bytes:
    """Its tables as Parquet files in one archive."""
    content = io.BytesIO()
    tables = {**synthetic_cohort(n, 1), "labs": list(_labs(n))}
    with zipfile.ZipFile(content, "w") as archive:
        for table in TABLES:
            if rows := tables.get(table.name):
                archive.writestr(f"{table.sheet}.parquet", _parquet(rows))
    return content.getvalue()


def _parquet(rows: Sequence[Mapping[str, object]]) -> bytes:
    frame = pd.DataFrame(rows).dropna(axis=1, how="all")
    mixed = [name for name in frame if frame[name].map(type).nunique() > 1 and frame[name].dtype == object]
    return bytes(frame.astype(dict.fromkeys(mixed, "string")).to_parquet(index=False))


def _labs(n: int) -> Iterator[dict[str, object]]:
    draw = np.random.default_rng(2)
    for number in range(1, n + 1):
        for test, unit, low, high, usual in TESTS:
            for day in LAB_DAYS:
                value = round(float(usual * np.exp(draw.normal(0, 0.9))), 2)
                yield {
                    "patient_id": f"SYN-{number:04d}",
                    "day": day,
                    "test": test,
                    "value": value,
                    "unit": unit,
                    "lower_limit": low,
                    "upper_limit": high,
                }


def _repeated(of: Cohort, times: int) -> Cohort:
    """Every patient so many times, under other names."""

    def repeat(table: pd.DataFrame) -> pd.DataFrame:
        if "patient_id" not in table:
            return table
        copies = [table.assign(patient_id=table["patient_id"] + f"-{time}") for time in range(times)]
        return pd.concat(copies, ignore_index=True)

    tables = {name: repeat(table) for name, table in of.tables.items()}
    return replace(of, patients=repeat(of.patients), tables=tables, n_opened=of.n_opened * times)


def _program() -> str:
    """Changes with whatever a cohort is read by."""
    digest = hashlib.sha256()
    for place in MADE_BY:
        paths = [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py"))
        for path in paths:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
