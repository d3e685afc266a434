"""Writes mapping.schema.json from lib/intake/mapping.py: python docs/make_mapping_schema.py"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from lib.intake.mapping import schema  # noqa: E402


def mapping_schema() -> str:
    """The whole file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (HERE / "mapping.schema.json").write_text(mapping_schema(), encoding="utf-8")
