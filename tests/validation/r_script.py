"""The R scripts of the Export menu against R: their text, their data and what R prints of them, kept in
golden_r_script.json.

`make validate` writes that file anew with R and its package survival. The suite has no R: it compares the text and data
of today with those that R was given, and the numbers that R printed with the page's.
"""

import io
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.exhibits import of_id
from lib.export.script import r_files
from lib.intake.draft import read_workbook
from lib.notebook import viewed
from lib.publication.exhibit import Exhibit

ROOT: Final = Path(__file__).parents[2]
GOLDEN: Final = ROOT / "tests" / "golden" / "golden_r_script.json"
APHERESIS: Final = ", with apheresis"
AWKWARD: Final = {
    "groups": [['≥ "one"\nquit()', ["Pomalidomide"], ""], ["back\\slash", ["Control"], ""]],
    "reference": "back\\slash",
}
CASES: Final[dict[str, tuple[str, dict[str, Any], str, dict[str, Any]]]] = {  # workbook, view, exhibit, options
    "two groups": ("pomalidomide_cohort", {"by": "arm"}, "survival.os", {}),
    "names of any signs": (
        "pomalidomide_cohort",
        {"by": "arm", "groups": AWKWARD, "unit": "weeks"},
        "survival.ttp",
        {},
    ),
    "three groups, a quarter": (
        "complete_cohort",
        {"by": "age@55,65"},
        "survival.os.summary",
        {"share": "25 %", "ci_scale": "log"},
    ),
    "plain limits": ("complete_cohort", {"by": "arm"}, "survival.pfs", {"ci_scale": "plain"}),
    "one group": ("pomalidomide_cohort", {"by": "-"}, "survival.ttp.summary", {}),
    "a group of none": ("pomalidomide_cohort", {"by": "arm", "where": ["arm=Control"]}, "survival.os", {}),
    "late entry": (f"pomalidomide_cohort{APHERESIS}", {"by": "arm"}, "survival.os", {"origin": "apheresis"}),
}


def cohort_of(stem: str) -> Cohort:
    """The example; or, where asked for, with a day of apheresis of every patient."""
    content = (ROOT / "data" / f"{stem.removesuffix(APHERESIS)}.xlsx").read_bytes()
    if stem.endswith(APHERESIS):
        book, changed = load_workbook(io.BytesIO(content)), io.BytesIO()
        sheet = book["Therapies"]
        header = [cell.value for cell in sheet[1]]
        for place, (patient, *_) in enumerate(book["Patients"].iter_rows(min_row=2, values_only=True)):
            row = {"patient_id": patient, "kind": "other", "therapy": "apheresis", "start_day": -30 - 3 * place}
            sheet.append([row.get(name) for name in header])
        book.save(changed)
        content = changed.getvalue()
    return read_workbook(content, "cohort.xlsx")


def offered(case: str) -> tuple[dict[str, str], Exhibit]:
    """The files that the Export menu gives, as text, and the exhibit of the page."""
    stem, view, exhibit_id, options = CASES[case]
    analysis: Analysis = viewed(cohort_of(stem), **view).analysis
    entry = of_id(analysis, exhibit_id)
    files = r_files(exhibit_id, lambda file: entry.spec.r_script(analysis, entry.variant, options, file))
    return {name: content.decode() for name, content in files.items()}, entry.spec.make(
        analysis, entry.variant, options
    )


def printed(files: dict[str, str]) -> str:
    """What R prints."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        script = next(name for name in files if name.endswith(".R"))
        ran = subprocess.run(["Rscript", script], cwd=folder, capture_output=True, text=True, check=True)
    return ran.stdout


def main() -> None:
    """Run every script in R, and keep what it was given and what it printed."""
    if shutil.which("Rscript") is None:
        sys.exit("Rscript is not here: golden_r_script.json stays as it is.")
    kept = {case: {"files": offered(case)[0]} for case in CASES}
    for case in kept.values():
        case["printed"] = printed(case["files"])  # type: ignore[assignment]
    GOLDEN.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
