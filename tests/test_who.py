"""Who is behind a count: as many patients as it says, in every cell of every table that tells it, and in no file."""

import re
from functools import cache

import pytest
from golden.cohorts import ROOT, by, example, nobody, selected, synthetic

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import everybody
from lib.exhibits import EXHIBITS, Entry, entries
from lib.intake.draft import read_workbook
from lib.publication.exhibit import Table
from lib.publication.who import HEADING

TELLING = [spec.id for spec in EXHIBITS if spec.who]
COUNT = re.compile(r"(\d[\d,]*)(?=$| \([<>]?[\d.]+ %\)|/\d|(?<!\d) \()|; (\d[\d,]*) at risk|\), n = (\d[\d,]*)")
OF_HEADING = re.compile(r"\(n = (\d[\d,]*)\)|\((\d[\d,]*)\)$")
NOBODY = ("–", "0/0", "NE")


@cache
def complete():
    path = ROOT / "data" / "complete_cohort.xlsx"
    return read_workbook(path.read_bytes(), path.name)


def analysis(opened, *where, written="arm", unit="months"):
    grouping = by(opened, written) if written else everybody(opened)
    return Analysis(opened, selected(opened, *where), grouping, unit)


def of_nobody():
    return Analysis(example(), nobody(example()), by(example()), "months")


CASES = {
    "example": lambda: analysis(example()),
    "example, one group": lambda: analysis(example(), written=""),
    "complete": lambda: analysis(complete()),
    "complete, one group": lambda: analysis(complete(), written=""),
    "complete, filtered": lambda: analysis(complete(), "sex=F"),
    "complete, other groups": lambda: analysis(complete(), written="age_years@60,70", unit="days"),
    "synthetic": lambda: analysis(synthetic(), "age_years=30..60"),
    "nobody": of_nobody,
}


def counted(cell):
    """What a cell counts; None where it counts nobody."""
    if not isinstance(cell, str):
        return int(cell)
    found = COUNT.match(cell) or re.search(r"; (?P<n>\d[\d,]*) at risk$|, n = (?P<of>\d[\d,]*)$", cell)
    if not found:
        return 0 if cell in NOBODY else None
    return int(next(filter(None, found.groups())).replace(",", ""))


def telling(of):
    return [
        each
        for each in entries(of)
        if isinstance(each, Entry) and each.spec.who and each.spec.is_offered(of, each.variant)
    ]


def walk(of, entry, values=None):
    """Number of cells of which it is told who they are; fails where it is not as many as the cell says."""
    exhibit, who = entry.spec.make(of, entry.variant, values), entry.spec.behind(of, entry.variant, values)
    known = set(map(str, of.opened.patients["patient_id"]))
    data = exhibit.data
    for (y, x), patients in who.items():
        assert patients <= known
        place = f"{entry.id} row {y} column {x}"
        if y == HEADING:
            said = OF_HEADING.search(data.columns[x])
            assert not said or int(next(filter(None, said.groups())).replace(",", "")) == len(patients), place
            continue
        cell = data.iat[y, x]
        n = counted(cell)
        if isinstance(exhibit, Table) and (cell == "" or n is None):
            raise AssertionError(f"{place}: {cell!r} counts nobody")
        assert n == len(patients), f"{place}: {cell!r}, {len(patients)} patients"
    return [place for place in who if place[0] != HEADING]


@pytest.mark.parametrize("case", CASES)
def test_as_many_patients_as_the_cell_says(case):
    of = CASES[case]()
    for entry in telling(of):
        walk(of, entry)
