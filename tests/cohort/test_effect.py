"""What a cohort amounts to, in sentences."""

from golden.cohorts import example, synthetic
from workbooks import read, read_with

from lib.cohort.effect import endpoint_effects, table_effects


def test_events_patients_range_and_causes():
    ttp, survival = endpoint_effects(example())
    assert ttp == "Time to progression: 12 events (12 progression) among 16 patients, 1 to 31 months."
    assert survival == "Overall survival: 10 events (10 myeloma) among 16 patients, 1.2 to 31 months."
    assert "10 of unknown cause" in endpoint_effects(synthetic())[0]


def test_what_is_not_usable_is_counted():
    sheet = [
        ["patient_id", "endpoint", "time", "unit", "event"],
        ["P1", "os", 3, "months", 1],
        ["P2", "os", 4, "months", "maybe"],
    ]
    (said,) = endpoint_effects(read_with(endpoints=sheet))
    assert said == "Overall survival: 1 event (death) among 1 patient, 3 to 3 months; 1 not usable."
    (nobody,) = endpoint_effects(read_with(endpoints=[sheet[0], ["P1", "os", None, "months", 1]]))
    assert nobody == "Overall survival: 0 events (death) among 0 patients; 1 not usable."


def test_rows_of_every_table_and_nothing_else():
    assert table_effects(example())[0] == "16 patients"
    assert any(said.startswith("Kinetics: ") and said.endswith(" of 16 patients") for said in table_effects(example()))
    alone = read({"Patients": [["patient_id"], ["P1"]]})
    assert table_effects(alone) == ("1 patient",) and endpoint_effects(alone) == ()
