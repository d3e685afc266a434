"""docs/data_dictionary.md says what schema.py says."""

import importlib.util
from pathlib import Path

from lib.cohort.schema import STUDY_SETTINGS, TABLES

DOCS = Path(__file__).parents[2] / "docs"
SPEC = importlib.util.spec_from_file_location("make_data_dictionary", DOCS / "make_data_dictionary.py")
script = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(script)


def test_the_page_is_up_to_date():
    written = (DOCS / "data_dictionary.md").read_text(encoding="utf-8")
    assert written == script.data_dictionary(), "run: python docs/make_data_dictionary.py"


def test_every_table_column_and_setting_stands_in_it():
    page = script.data_dictionary()
    for table in TABLES:
        assert f"## {table.sheet}\n" in page
        for column in table.columns:
            assert f"`{column.name}`" in page
    for setting in STUDY_SETTINGS:
        assert f"| `{setting}` |" in page


def test_a_bar_in_an_explanation_would_break_its_table():
    assert not [column.name for table in TABLES for column in table.columns if "|" in column.explanation]
