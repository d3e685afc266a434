"""The R script of Survival: R was given the text and data that are offered today, and printed the page's numbers
(tests/validation/r_script.py)."""

import io
import json
import re
from zipfile import ZipFile

import pandas as pd
import pytest
from golden.cohorts import example
from validation.r_script import CASES, GOLDEN, offered

from lib.exhibits import EXHIBITS
from lib.export.script import packed, r_files
from lib.notebook import viewed
from lib.publication.spec import RScript

KEPT = json.loads(GOLDEN.read_text(encoding="utf-8"))
NUMBER = r"(?:-?\d+(?:\.\d+)?(?:e[-+]?\d+)?|NA)"


def numbers(line):
    """The numbers at the end of a line that R printed."""
    found = re.search(rf"(?:^|(?<=\s)){NUMBER}(?:\s+{NUMBER})*\s*$", line)
    return [None if each == "NA" else float(each) for each in found.group().split()] if found else []


def blocks(printed):
    """$time, $low, $high: what R printed under each, a row a group."""
    found = {}
    for name, text in re.findall(r"\$(\w+)\n(.*?)\n\n", printed + "\n\n", re.DOTALL):
        head, *rows = text.splitlines()
        found[name] = [numbers(row)[-len(numbers(head)) :] for row in rows]
    return found


def of_table(exhibit, *names):
    columns = [name for name, _ in exhibit.numbers.columns]
    table = pd.DataFrame(list(exhibit.numbers.rows), columns=columns, dtype=object)
    return [[None if pd.isna(value) else value for value in row] for row in table[list(names)].to_numpy()]


def same(ours, theirs):
    assert len(ours) == len(theirs) and [each is None for each in ours] == [each is None for each in theirs], (
        ours,
        theirs,
    )
    assert [each for each in ours if each is not None] == pytest.approx(
        [each for each in theirs if each is not None], rel=1e-6
    )


@pytest.mark.parametrize("case", CASES)
def test_r_was_given_what_is_offered_and_prints_the_numbers_of_the_page(case):
    files, exhibit = offered(case)
    assert files == KEPT[case]["files"], "make validate runs the new text in R"
    printed = KEPT[case]["printed"]
    found, with_patients = (
        blocks(printed),
        [row for row in of_table(exhibit, "n", "median", "median_low", "median_high") if row[0]],
    )
    for place, name in enumerate(("time", "low", "high"), start=1):
        same([row[place] for row in with_patients], [row[-1] for row in found[name]])
    if "a quarter" in case:
        for name, column in {"time": "quantile", "low": "quantile_low", "high": "quantile_high"}.items():
            same([row[0] for row in of_table(exhibit, column)], [row[0] for row in found[name]])
    ratios = [row for row in of_table(exhibit, "hazard_ratio", "hazard_ratio_low", "hazard_ratio_high") if row[0]]
    after = printed.split("exp(coef)")[-1].splitlines()[1:] if ratios else []
    for ours, line in zip(ratios, after, strict=False):
        same(ours, numbers(line)[-3:])
    tests = [test for test in exhibit.tests if test.name.startswith(("log-rank", "Wald"))]
    p_values = [test.p for test in tests if test.p is not None]
    assert len(p_values) == (1 + len(ratios) if ratios else 0)
    for p in p_values:
        assert any(
            value == pytest.approx(p, rel=1e-6) for line in printed.splitlines() for value in numbers(line) if value
        ), p


def test_what_is_on_the_page_stands_in_the_comments_and_nobody_is_named():
    files, exhibit = offered("names of any signs")
    script, data = files["survival.ttp.R"], files["survival.ttp.r.csv"]
    assert script.isascii() and "quit()" not in [line.strip() for line in script.splitlines()]
    assert (
        "# page: log-rank (Mantel-Cox): p 0.016583792" in script
        and "0.22123318 (95 % CI 0.057279531 to 0.85447835)" in script
    )
    assert data.startswith("patient,time,event,group\nP01,") and len(data.splitlines()) == 1 + exhibit.n
    assert not any(f"{name}," in data for name in example().patients["patient_id"])


def test_r_is_offered_for_curves_and_their_medians_alone():
    assert [spec.id for spec in EXHIBITS if spec.in_r] == ["survival.{endpoint}", "survival.{endpoint}.summary"]
    analysis = viewed(example()).analysis
    assert r_files("swimmer.plot", lambda file: EXHIBITS[1].r_script(analysis, None, {}, file)) == {}


def test_nobody_is_one_line():
    analysis = viewed(example(), where=["age=1..2"]).analysis
    spec = next(spec for spec in EXHIBITS if spec.in_r)
    made = spec.r_script(analysis, "os", {}, "x.csv")
    assert (
        isinstance(made, RScript) and made.text == "# Nobody of this selection can be analysed for Overall survival.\n"
    )


def test_the_archive_holds_both_files():
    content = packed({"a.R": b"1", "a.r.csv": b"2"})
    assert content == packed({"a.R": b"1", "a.r.csv": b"2"})
    with ZipFile(io.BytesIO(content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"a.R": b"1", "a.r.csv": b"2"}
