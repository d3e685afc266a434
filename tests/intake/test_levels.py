"""Levels of a group: near-equal spellings are one, under the commonest; the order is the one a reader expects."""

from pathlib import Path

import pytest
from workbooks import read

from lib.intake.draft import read_files
from lib.intake.files.grid import SourceFile

CASES = Path(__file__).parent / "cases"


def levels(*cells):
    rows = [["patient_id", "arm"], *([f"P{n}", cell] for n, cell in enumerate(cells))]
    cohort = read({"Patients": rows})
    return cohort.variable("arm").levels, [each.problem for each in cohort.findings if "was taken for" in each.problem]


def test_one_level_under_its_commonest_spelling():
    cohort = read_files([SourceFile("k11.csv", (CASES / "k11.csv").read_bytes())])
    (stage,) = [each for each in cohort.variables if "stage" in each.name]
    assert stage.levels == ("III", "IV") and [each.problem for each in cohort.findings] == [
        '"iII" was taken for "III".'
    ]


@pytest.mark.parametrize(
    ("cells", "kept", "n"),
    [
        (["pom", "Pom", "Pom", "Len"], ("Len", "Pom"), 1),
        (["Tisa-cel", "Tisa cel", "Tisa-cel", "Axi"], ("Axi", "Tisa-cel"), 1),
        (["DL1", "DL 1", "DL 1", "DL 2"], ("DL 1", "DL 2"), 1),
        (["Köln", "Koln", "Köln", "Bonn"], ("Bonn", "Köln"), 1),
        (["Group  A", "Group A", "Group A", "group_a", "B"], ("B", "Group A"), 2),
        (["A", "B", "AB"], ("A", "AB", "B"), 0),
        (["CD19+", "CD19-", "CD19"], ("CD19", "CD19+", "CD19-"), 0),
        (["1", "11", "1 1"], None, 0),
    ],
)
def test_near_equal_levels(cells, kept, n):
    found, reported = levels(*cells)
    assert (kept is None or set(found) == set(kept)) and len(reported) == n


@pytest.mark.parametrize(
    "order",
    [
        ("DL 1", "DL 2", "DL 10"),
        ("Cohort 1A", "Cohort 1B", "Cohort 2A", "Cohort 10A"),
        ("no", "yes"),
        ("I", "II", "III", "IV"),
        ("Arm A", "Arm B"),
        ("dose 0.5", "dose 1", "dose 1.5", "dose 10"),
        ("<60", "60-70", ">70"),
    ],
)
def test_natural_order(order):
    assert levels(*reversed(order), *order)[0] == order
