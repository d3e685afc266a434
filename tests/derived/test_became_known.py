"""Groups at a landmark from the day on which something became known."""

import numpy as np
import pandas as pd

from lib.derived.exposure import BecameKnown, first_days, without_day

PATIENTS = pd.Series(["a1", "a2", "a3", "a4"])
KNOWN = BecameKnown("treated", pd.Series([0.0, 30.0, np.nan, np.nan]), ("a4",))


def test_groups_at_a_day_which_itself_counts():
    assert KNOWN.group_at(30, PATIENTS).tolist() == ["treated", "treated", "no treated", None]
    assert KNOWN.group_at(29.9, PATIENTS).tolist() == ["treated", "no treated", "no treated", None]


def test_a_stated_day_is_certain_though_another_is_missing_and_before_it_nothing_is_known():
    both = BecameKnown("treated", pd.Series([10.0]), ("a1",), "control")
    assert both.group_at(10, PATIENTS[:1]).tolist() == ["treated"]
    assert both.group_at(9, PATIENTS[:1]).tolist() == [None]


def test_nobody():
    empty = pd.Series(dtype="object")
    nobody = BecameKnown("treated", pd.Series(dtype="float64"))
    assert nobody.group_at(30, empty).tolist() == []
    rows = pd.DataFrame({"patient_id": pd.Series(dtype="object"), "day": pd.Series(dtype="float64")})
    assert first_days(empty, rows, "day").tolist() == [] and without_day(empty, rows, "day") == ()


def test_the_first_day_from_the_infusion_on():
    rows = pd.DataFrame({"patient_id": ["a1", "a1", "a1", "a2", "a3"], "day": [-5.0, 40.0, 9.0, -1.0, np.nan]})
    days = first_days(PATIENTS, rows, "day")
    assert days.iloc[0] == 9 and days.iloc[1:].isna().all()
    assert without_day(PATIENTS, rows, "day") == ("a3",)


def test_the_index_is_that_of_the_patients():
    patients = pd.Series(["a1", "a2"], index=[7, 3])
    rows = pd.DataFrame({"patient_id": ["a2"], "day": [4.0]})
    days = first_days(patients, rows, "day")
    assert days.index.tolist() == [7, 3] and days.loc[3] == 4
    assert BecameKnown("x", days).group_at(5, patients).to_dict() == {7: "no x", 3: "x"}
