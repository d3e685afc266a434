"""Licences of other people's data lie beside them, and every file is named."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_data_set_of_others_has_its_licence_beside_it():
    licences = ROOT / "tests" / "public_data" / "licences"
    reported = (licences / "README.md").read_text(encoding="utf-8")
    ours = {"INDEX.md", "roles.json", "reference.json"}
    others = [
        path.name for path in (ROOT / "tests" / "public_data").iterdir() if path.is_file() and path.name not in ours
    ]
    others += [
        f"golden/{path.name}" for path in (ROOT / "tests" / "golden").iterdir() if path.suffix in (".csv", ".gz")
    ]
    assert not [name for name in others if f"`{name}`" not in reported]
    assert not [name for name in re.findall(r"`([^`]+\.\w+)`", reported) if name not in {*others, *ours}]
    rows = [line for line in reported.splitlines() if line.startswith("| `")]
    assert all(re.search(r"\]\([\w.-]+\.txt\)", row) for row in rows)
    named = {text for row in rows for text in re.findall(r"\]\(([\w.-]+\.txt)\)", row)}
    assert named == {path.name for path in licences.glob("*.txt")}
    assert all((licences / name).stat().st_size > 1000 for name in named)
