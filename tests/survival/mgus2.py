"""The 1,384 patients of R's mgus2, read through the front door with their recorded mapping, by sex."""

from functools import cache
from pathlib import Path

from golden.cohorts import by, selected

from lib.intake.draft import read_files
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import from_json
from lib.survival.competing import CompetingResult, competing, competing_outcome

HERE = Path(__file__).parents[1]
FILE = "survival_mgus2.csv"


@cache
def mgus2() -> CompetingResult:
    content = (HERE / "public_data" / FILE).read_bytes()
    mapping = from_json((HERE / "mappings" / f"{FILE}.json").read_text(encoding="utf-8"))
    opened = read_files([SourceFile(FILE, content)], mapping)
    return competing(competing_outcome(selected(opened), "ttp", by(opened, "sex"), "months"))
