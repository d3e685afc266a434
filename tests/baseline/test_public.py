"""Table 1 of public data beside R's numbers: who responded by dose (tests/public_data/reference.json)."""

import json
from pathlib import Path

import pytest

from lib.__main__ import _grouping
from lib.baseline.summary import baseline
from lib.baseline.table import BaselineOptions, baseline_table
from lib.intake.draft import read_files
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import from_json

TESTS = Path(__file__).parents[1]
FILE = "gbm_bivalent.xlsx"


def test_responders_by_dose_are_rs():
    expected = json.loads((TESTS / "public_data" / "reference.json").read_text(encoding="utf-8"))["gbm_bivalent"][
        "Responder_by_dose"
    ]
    mapping = from_json((TESTS / "mappings" / f"{FILE}.json").read_text(encoding="utf-8"))
    read = read_files([SourceFile(FILE, (TESTS / "public_data" / FILE).read_bytes())], mapping)
    table = baseline_table(baseline(read, _grouping(read, "arm")), BaselineOptions(p_values=True))
    test = next(line for line in table.tests if line.comparison.casefold().startswith("responder"))
    assert test.name.startswith("Fisher") and test.p == pytest.approx(expected["fisher_two_sided_p"], rel=1e-6)
