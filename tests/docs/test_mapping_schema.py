"""docs/mapping.schema.json says what lib/intake/mapping.py reads."""

import importlib.util
import json
from dataclasses import fields
from pathlib import Path

from lib.intake.mapping import Mapping, Reading, SheetMapping

DOCS = Path(__file__).parents[2] / "docs"
SPEC = importlib.util.spec_from_file_location("make_mapping_schema", DOCS / "make_mapping_schema.py")
script = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(script)


def test_the_schema_is_up_to_date():
    written = (DOCS / "mapping.schema.json").read_text(encoding="utf-8")
    assert written == script.mapping_schema(), "run: python docs/make_mapping_schema.py"


def test_every_field_has_its_type_and_nothing_else_is_allowed():
    schema = json.loads(script.mapping_schema())
    for kind, of in (
        (Mapping, schema),
        (SheetMapping, schema["$defs"]["SheetMapping"]),
        (Reading, schema["$defs"]["Reading"]),
    ):
        assert set(of["properties"]) == {each.name for each in fields(kind)} and of["additionalProperties"] is False
    assert schema["properties"]["version"]["const"] == 2
    assert "labs" in schema["$defs"]["Reading"]["properties"]["table"]["enum"]


def test_the_page_explains_every_field():
    page = (DOCS / "mapping.md").read_text(encoding="utf-8")
    assert [
        each.name for kind in (Mapping, SheetMapping, Reading) for each in fields(kind) if f"`{each.name}`" not in page
    ] == []
