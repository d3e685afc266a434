"""The published numbers, all of them, from results.json of one report on the example.

Yan et al., J Transl Med 2024, doi 10.1186/s12967-024-05772-w: Tables 1 and 2, Figures 2b, 2c and 4. The data are
synthetic, constructed to give these summaries.
"""

import json
from typing import Any

import pytest
from golden.cohorts import EXAMPLE

from lib.__main__ import CLEAN, main

GROUPS = "Control v Pomalidomide"
TABLE_1 = (  # Yan et al., Table 1: row, level, pomalidomide n, control n of 8 each, published p
    ("Sex", "M", 3, 3, ">0.9999"),
    ("High-risk cytogenetics", "yes", 4, 3, ">0.9999"),
    ("Extramedullary disease", "yes", 5, 2, "0.3147"),
    ("Prior lines of therapy", "3", 3, 4, ">0.9999"),
    ("Prior lines of therapy", "4", 3, 3, ">0.9999"),
    ("Prior lines of therapy", ">=5", 2, 1, ">0.9999"),
    ("Previous IMiD", "yes", 8, 8, ">0.9999"),
    ("Previous ASCT", "yes", 5, 5, ">0.9999"),
    ("KPS < 60", "yes", 4, 3, ">0.9999"),
    ("Disease status before infusion", "PD", 8, 8, ">0.9999"),
    ("Response at month 1 (day 28 ± 14)", "PR", 4, 4, ">0.9999"),
    ("Response at month 1 (day 28 ± 14)", "VGPR", 4, 4, ">0.9999"),
)
TABLE_2 = (  # Yan et al., Table 2, in its order; the names of rows 11 to 17 are not known here
    ("CRS", "any grade", 4, 8, "0.0769"),
    ("CRS", "grade 1-2", 3, 4, ">0.9999"),
    ("CRS", "grade >= 3", 1, 4, "0.2821"),
    ("ICANS", "any grade", 1, 0, ">0.9999"),
    ("ICANS", "grade 1-2", 1, 0, ">0.9999"),
    ("ICANS", "grade >= 3", 0, 0, ">0.9999"),
    ("Neutropenia", "grade >= 3", 6, 8, "0.4667"),
    ("Lymphopenia", "grade >= 3", 5, 7, "0.5692"),
    ("Anemia", "grade >= 3", 3, 7, "0.1189"),
    ("Thrombocytopenia", "grade >= 3", 4, 3, ">0.9999"),
    ("Unnamed term 11", "any grade", 4, 8, "0.0769"),
    ("Unnamed term 12", "any grade", 3, 3, ">0.9999"),
    ("Unnamed term 13", "any grade", 2, 3, ">0.9999"),
    ("Unnamed term 14", "any grade", 0, 1, ">0.9999"),
    ("Unnamed term 15", "any grade", 2, 4, "0.6084"),
    ("Unnamed term 16", "any grade", 3, 2, ">0.9999"),
    ("Unnamed term 17", "any grade", 1, 1, ">0.9999"),
)
STUDENT, FISHER, LOGRANK = "Student's t test", "Fisher's exact test", "log-rank (Mantel-Cox)"
SOME = (
    "baseline.table_one",
    "survival.ttp",
    "survival.os",
    "toxicity.table",
    "labs.grades",
    "labs.neutrophils",
    "kinetics.comparison",
    "kinetics.parameters",
)
Results = dict[str, Any]


def report(folder, only: tuple[str, ...], *options: str) -> Results:
    some = [part for name in only for part in ("--only", name)]
    assert main(["report", str(EXAMPLE), "--out", str(folder), "--formats", "", *some, *options]) == CLEAN
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    return report(tmp_path_factory.mktemp("report"), SOME)


@pytest.fixture(scope="module")
def with_excluded(tmp_path_factory) -> Results:
    return report(tmp_path_factory.mktemp("report"), ("survival.os",), "--include-excluded")


def exhibit(results: Results, name: str) -> dict[str, Any]:
    return next(each for each in results["exhibits"] if each["id"] == name)


def rows(results: Results, name: str) -> list[dict[str, Any]]:
    table = exhibit(results, name)["table"]
    return [dict(zip([column["name"] for column in table["columns"]], row, strict=True)) for row in table["rows"]]


def p_of(results: Results, name: str, test_name: str, comparison: str) -> float:
    """The p-value of the one test of that name and comparison."""
    (test,) = (
        test
        for test in exhibit(results, name)["tests"]
        if (test["name"], test["comparison"]) == (test_name, comparison)
    )
    assert (test["n"], test["reason"]) == (16, "")
    return test["p"]


def as_printed(p: float) -> str:
    """As the paper prints it: four decimals, and ">0.9999" for 1."""
    return ">0.9999" if p > 0.9999 else f"{p:.4f}"


def survival(results: Results, endpoint: str) -> dict[str, dict[str, Any]]:
    return {row["group"]: row for row in rows(results, f"survival.{endpoint}")}


def test_there_are_29_p_values_of_counts():
    assert (len(TABLE_1), len(TABLE_2)) == (12, 17)


@pytest.mark.parametrize(("row", "level", "pomalidomide", "control", "published"), TABLE_1)
def test_table_1(row, level, pomalidomide, control, published, results):
    counts = {
        each["group"]: (each["n"], each["of"])
        for each in rows(results, "baseline.table_one")
        if (each["characteristic"], each["level"]) == (row, level)
    }
    assert counts == {"Total": (pomalidomide + control, 16), "Pomalidomide": (pomalidomide, 8), "Control": (control, 8)}
    comparison = f"{row} {level} against the rest: {GROUPS}"
    assert as_printed(p_of(results, "baseline.table_one", FISHER, comparison)) == published


@pytest.mark.parametrize(("term", "threshold", "pomalidomide", "control", "published"), TABLE_2)
def test_table_2(term, threshold, pomalidomide, control, published, results):
    (row,) = (
        each for each in rows(results, "toxicity.table") if (each["term"], each["threshold"]) == (term, threshold)
    )
    assert (row["n_Pomalidomide"], row["of_Pomalidomide"], row["n_Control"], row["of_Control"]) == (
        pomalidomide,
        8,
        control,
        8,
    )
    assert as_printed(row["p"]) == published
    assert p_of(results, "toxicity.table", FISHER, f"{term}, {threshold}: {GROUPS}") == row["p"]


def test_age(results):
    ages = [row for row in rows(results, "baseline.table_one") if row["characteristic"] == "Age"]
    assert [(row["group"], row["median"], row["minimum"], row["maximum"]) for row in ages] == [
        ("Total", 57.5, 44, 71),
        ("Control", 59, 44, 65),
        ("Pomalidomide", 56, 46, 71),
    ]
    assert as_printed(p_of(results, "baseline.table_one", STUDENT, f"Age: {GROUPS}")) == "0.7158"


def test_time_to_progression(results):
    groups = survival(results, "ttp")
    assert {name: (row["n"], row["events"]) for name, row in groups.items()} == {
        "Control": (8, 8),
        "Pomalidomide": (8, 4),
    }
    assert [groups[name]["median"] for name in ("Control", "Pomalidomide")] == [pytest.approx(5.85), pytest.approx(13)]
    assert as_printed(p_of(results, "survival.ttp", LOGRANK, GROUPS)) == "0.0166"


def test_overall_survival(results):
    groups = survival(results, "os")
    assert {name: (row["n"], row["events"]) for name, row in groups.items()} == {
        "Control": (8, 8),
        "Pomalidomide": (8, 2),
    }
    assert groups["Control"]["median"] == pytest.approx(10.7)
    assert groups["Pomalidomide"]["median"] is None and "median: not reached" in groups["Pomalidomide"]["reason"]
    assert as_printed(p_of(results, "survival.os", LOGRANK, GROUPS)) == "0.0068"


def test_follow_up(results):
    assert {row["follow_up"] for row in rows(results, "survival.os")} == {27}
    assert (
        "Median follow-up 27.0 months (reverse Kaplan-Meier on overall survival)"
        in exhibit(results, "survival.os")["method"]
    )


@pytest.mark.parametrize(
    ("term", "recorded"), [("Neutropenia", 6), ("Lymphopenia", 7), ("Anemia", 8), ("Thrombocytopenia", 9)]
)
def test_cytopenias_computed_from_laboratory_values_are_those_of_table_2(term, recorded, results):
    _, _, pomalidomide, control, published = TABLE_2[recorded]
    row = {
        each["group"]: each
        for each in rows(results, "labs.grades")
        if each["term"] == term.replace("Anemia", "Anaemia") and each["threshold"] == 3
    }
    assert (row["Pomalidomide"]["n"], row["Control"]["n"], row["Control"]["version"]) == (
        pomalidomide,
        control,
        "CTCAE v5",
    )
    assert as_printed(row["Control"]["p"]) == published


def test_last_laboratory_values(results):
    said = "Pomalidomide 9.0 (7.0–21.0), n = 6; 2 lost to follow-up not counted"
    assert any(said in note for note in exhibit(results, "labs.neutrophils").get("notes", ()))


def test_copies_at_month_1(results):
    assert as_printed(p_of(results, "kinetics.comparison", STUDENT, f"day 28: {GROUPS}")) == "0.7491"


def test_copies_peak_between_days_5_and_10_at_up_to_100_000(results):
    patients = rows(results, "kinetics.parameters")
    assert len(patients) == 16 and all(5 <= row["tmax"] <= 10 and row["cmax"] < 1e5 for row in patients)
    assert max(row["tlast"] for row in patients if row["group"] == "Control") < 100


def test_the_excluded_patient_is_the_17th(results, with_excluded):
    assert (results["provenance"]["n"], with_excluded["provenance"]["n"]) == (16, 17)
    assert {each["n"] for each in results["exhibits"]} == {16}
    sizes = [{name: row["n"] for name, row in survival(each, "os").items()} for each in (results, with_excluded)]
    assert sizes == [{"Control": 8, "Pomalidomide": 8}, {"Control": 9, "Pomalidomide": 8}]
    assert survival(with_excluded, "os")["Control"]["events"] == 9
    (test,) = (test for test in exhibit(with_excluded, "survival.os")["tests"] if test["name"] == LOGRANK)
    assert test["n"] == 17 and as_printed(test["p"]) == "0.0042"


def test_the_comparison_says_that_it_is_biased(results):
    """Groups formed after infusion: no p-value is published here without these words beside it."""
    for endpoint in ("ttp", "os"):
        assert any("immortal-time bias" in said for said in exhibit(results, f"survival.{endpoint}")["warnings"])
