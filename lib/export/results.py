"""results.json: every number of every exhibit, unrounded, with its provenance and the findings of the file."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from lib.cohort.finding import Account, Finding, in_columns
from lib.export.provenance import Provenance, versions
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.spec import Failed

NO_ACCOUNT: Final = Account()


def results(
    provenance: Provenance,
    findings: Sequence[Finding],
    exhibits: Sequence[tuple[Exhibit | Failed, Sequence[str]]],
    account: Account = NO_ACCOUNT,
) -> dict[str, Any]:
    """The whole report as one JSON object; `exhibits` come with the names of their files, or with why they could not be
    made; `account` says where every cell went."""
    reported = {
        name: getattr(provenance, name) for name in ("source", "fingerprint", "selection", "group_by", "n", "created")
    }
    return {
        "provenance": {
            **reported,
            "n": None if 0 < provenance.n < provenance.mask_below else provenance.n,
            "of": provenance.of,
            **({"counts_masked_below": provenance.mask_below} if provenance.mask_below else {}),
            "selected_after_infusion": list(provenance.selected_late),
            "synthetic": provenance.synthetic_words,
            "versions": versions(),
        },
        "findings": [in_columns(finding) for finding in findings],
        "intake": account.as_json(),
        "exhibits": [
            _failed(exhibit, files) if isinstance(exhibit, Failed) else _exhibit(exhibit, files, provenance)
            for exhibit, files in exhibits
        ],
    }


def results_text(content: dict[str, Any]) -> str:
    """The report as JSON text; a number that does not exist is null, never NaN."""
    return json.dumps(_finite(content), ensure_ascii=False, indent=1, allow_nan=False)


def _exhibit(exhibit: Exhibit, files: Sequence[str], provenance: Provenance) -> dict[str, Any]:
    figure = isinstance(exhibit, Figure)
    return {
        "id": exhibit.id,
        "kind": "figure" if figure else "table",
        "title": exhibit.title,
        "caption": exhibit.caption,
        "method": exhibit.method,
        "notes": list(exhibit.notes),
        "warnings": list(provenance.warnings_of(exhibit)),
        "alt": exhibit.alt if isinstance(exhibit, Figure) else "",
        "n": exhibit.n or None if provenance.mask_below else exhibit.n,
        "files": list(files),
        "table": {
            "columns": [{"name": name, "unit": unit} for name, unit in exhibit.numbers.columns],
            "rows": [list(row) for row in exhibit.numbers.rows],
        },
        "tests": [asdict(test) for test in exhibit.tests],
        "reason": "",
    }


def _failed(exhibit: Failed, files: Sequence[str]) -> dict[str, Any]:
    """The fields of an exhibit, empty, and the reason."""
    return {
        "id": exhibit.id,
        "kind": "failed",
        "title": "",
        "caption": "",
        "method": "",
        "notes": [],
        "alt": "",
        "n": None,
        "files": list(files),
        "table": {"columns": [], "rows": []},
        "tests": [],
        "reason": exhibit.reason,
    }


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if hasattr(value, "item"):  # a numpy number
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
