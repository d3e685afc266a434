"""What a cohort amounts to, in lines, before it is opened."""

import pytest
from golden.cohorts import example, synthetic
from in_process import in_process
from walking import ROOT
from workbooks import read, read_with

from lib.derived.contents import contents
from lib.intake.draft import read_draft
from lib.intake.files.grid import SourceFile


def lines(cohort):
    return {line.label: line.words for line in contents(cohort)}


def test_events_patients_range_median_and_causes():
    said = lines(example())
    assert said["Time to progression"].startswith(
        "12 events (12 progression) among 16 patients, 1 to 31 months; median "
    )
    assert said["Overall survival"].startswith("10 events (10 myeloma) among 16 patients, 1.2 to 31 months; median ")
    assert any("10 of unknown cause" in words for words in lines(synthetic()).values())


def test_the_median_is_kaplan_meiers():
    """R: survfit(Surv(time, status) ~ 1, lung) gives 310 days. Source: survival package, data lung."""
    content = (ROOT / "tests" / "public_data" / "survival_lung.csv").read_bytes()
    with in_process():
        draft = read_draft([SourceFile("lung.csv", content)]).answered("endpoint:lung:time", "os")
        cohort = draft.answered("event_values:lung:status", "2=event|1=censored").opened
    assert lines(cohort)["Overall survival"] == "165 events (death) among 228 patients, 5 to 1022 days; median 310"


def test_what_is_not_usable_is_counted():
    sheet = [
        ["patient_id", "endpoint", "time", "unit", "event"],
        ["P1", "os", 3, "months", 1],
        ["P2", "os", 4, "months", "maybe"],
    ]
    said = lines(read_with(endpoints=sheet))["Overall survival"]
    assert said == "1 event (death) among 1 patient, 3 to 3 months; median 3; 1 not usable"
    nobody = lines(read_with(endpoints=[sheet[0], ["P1", "os", None, "months", 1]]))["Overall survival"]
    assert nobody == "0 events (death) among 0 patients; 1 not usable"


def test_a_median_that_is_not_reached_is_said():
    sheet = [
        ["patient_id", "endpoint", "time", "unit", "event"],
        ["P1", "os", 3, "months", 0],
        ["P2", "os", 4, "months", 0],
    ]
    assert lines(read_with(endpoints=sheet))["Overall survival"].endswith("median not reached")


def test_times_in_several_units_have_no_median():
    sheet = [
        ["patient_id", "endpoint", "time", "unit", "event"],
        ["P1", "os", 3, "months", 1],
        ["P2", "os", 40, "days", 1],
    ]
    assert lines(read_with(endpoints=sheet))["Overall survival"].endswith("not given: times are in several units")


def test_groups_series_and_further_tables():
    said = lines(example())
    assert said["Patients"] == "16 patients; 1 more left out of the analysis" and said["Groups"].count(",") >= 1
    assert said["Kinetics"].startswith("blood, ") and said["Kinetics"].endswith("patients")
    assert set(lines(read({"Patients": [["patient_id"], ["P1"]]}))) == {"Patients", "Groups"}


@pytest.mark.parametrize("n", [7, 30])
def test_many_tests_are_not_named_one_by_one(n):
    rows = [["patient_id", "day", "test", "value"], *(["P1", 1, f"Test {number}", 3] for number in range(n))]
    words = lines(read_with(labs=rows))["Labs"]
    assert words.count("Test ") == 6 and words.endswith(f"and {n - 6} more")
