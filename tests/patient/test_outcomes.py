"""The supplement: each value is that of the exhibit of its own question, and each missing one has its reason."""

import pytest
from every_exhibit import exhibits
from golden.cohorts import arms, by, cohort, example, follow_up, selected, synthetic
from workbooks import DATA

from lib.cohort.analysis import Analysis, study_codes
from lib.intake.draft import read_workbook
from lib.patient.outcomes import PATIENT_OUTCOMES
from lib.publication.masking import HIDDEN_FIRST, pseudonymised_table, shows_patients


def analysis(opened, *where, grouping="arm"):
    return Analysis(opened, selected(opened, *where), by(opened, grouping), opened.study.time_unit)


def complete():
    path = DATA / "complete_cohort.xlsx"
    return analysis(read_workbook(path.read_bytes(), path.name), grouping="sex")


def rows(table):
    return [dict(zip([name for name, _ in table.numbers.columns], row, strict=True)) for row in table.numbers.rows]


CASES = {
    "example": lambda: analysis(example()),
    "sixty": lambda: analysis(synthetic(), "emd=yes"),
    "complete": complete,
}


@pytest.mark.parametrize("case", CASES)
def test_every_missing_value_has_its_reason_and_no_other(case):
    table = PATIENT_OUTCOMES.make(CASES[case]())
    found = rows(table)
    assert len(found) == table.n == len({row["patient"] for row in found})
    for row in found:
        missing = {name for name, value in row.items() if value is None and name != "reason"}
        told = {part.split(": ")[0] for part in (row["reason"] or "").split("; ") if ": " in part}
        assert missing == told, row


@pytest.mark.parametrize("case", CASES)
def test_sums_are_those_of_the_exhibits_of_each_question(case):
    made = CASES[case]()
    found = rows(PATIENT_OUTCOMES.make(made))
    only = ("response.best", "survival.os", "toxicity.table", "kinetics.parameters", "labs.icaht.patients")
    shown = {each.id: each for each in exhibits(made.selected, made.grouping, made.unit, made.opened, only)}
    levels = {
        row["outcome"]: row["n"]
        for row in rows(shown["response.best"])
        if row["group"] == "Total" and row["outcome"].startswith("Best response ")
    }
    for level in {row["best_response"] for row in found} - {None}:
        assert levels[f"Best response {level}"] == sum(row["best_response"] == level for row in found)
    analysed = [row for row in found if row["os_time"] is not None]
    assert len(analysed) == shown["survival.os"].n
    assert sum(row["os_event"] for row in analysed) == sum(
        row["events"] for row in rows(shown["survival.os"]) if row["events"] is not None
    )
    crs = next(row for row in rows(shown["toxicity.table"]) if row["term"] == "CRS" and row["threshold"] == "any grade")
    assert sum(bool(row["worst_crs_grade"] is None or row["worst_crs_grade"]) for row in found) == sum(
        value for name, value in crs.items() if name.startswith("n_")
    )
    kinetics = {
        row["patient"]: row for row in rows(shown["kinetics.parameters"]) if row["infusion"] == made.selected.infusion
    }
    for row in found:
        for name in ("cmax", "tmax", "auc_0_28", "tlast"):
            assert row[name] == kinetics.get(row["patient"], {}).get(name)
    if "labs.icaht.patients" in shown:
        graded = {row["patient"]: row for row in rows(shown["labs.icaht.patients"])}
        for row in found:
            assert (row["early_icaht_grade"], row["late_icaht_grade"]) == (
                graded[row["patient"]]["early_grade"],
                graded[row["patient"]]["late_grade"],
            )


def test_of_a_censored_patient_the_reason_of_the_workbook_is_given():
    endpoints = follow_up("os", a1=(3.0, 1), a2=(5.0, 0), b1=(2.0, 0))
    endpoints[1]["censoring_reason"] = "lost to follow-up"
    found = rows(PATIENT_OUTCOMES.make(analysis(cohort(arms(A=["a1", "a2", "a3"], B=["b1"]), endpoints=endpoints))))
    assert [row["os_censored_because"] for row in found] == [None, "lost to follow-up", None, None]
    assert [row["reason"] for row in found] == [
        "os_censored_because: has the event",
        None,
        (
            "os_time: no overall survival recorded; os_event: no overall survival recorded; os_censored_because: not"
            " analysed"
        ),
        "os_censored_because: not stated",
    ]


def test_whoever_has_no_group_keeps_her_row():
    people = [*arms(A=["a1"], B=["b1"]), {"patient_id": "x", "arm": None}]
    table = PATIENT_OUTCOMES.make(analysis(cohort(people)))
    assert [row["group"] for row in rows(table)] == ["A", "B", None] and "group: not stated" in rows(table)[2]["reason"]


def test_pseudonyms_stand_for_every_id_and_are_the_usual_choice():
    table = PATIENT_OUTCOMES.make(analysis(synthetic()))
    assert shows_patients(table) and table.id in HIDDEN_FIRST
    hidden = pseudonymised_table(table, study_codes(list(synthetic().patients["patient_id"])))
    assert "ZQX" not in repr(hidden) and "P01" in hidden.rows[0]
