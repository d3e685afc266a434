"""Until when an assessment counts, and which do."""

import pandas as pd
from golden.cohorts import example, nobody

from derived.courses import all_of, made
from lib.derived.best_response import counted_assessments, response_ends


def test_nobody():
    assert response_ends(nobody(example())).first.tolist() == []
    assert counted_assessments(nobody(example())).empty


def test_whichever_comes_first_ends_it():
    cohort = all_of(
        made(
            "abc",
            ttp={"a": (100, 1), "b": (100, 0), "c": (100, 0)},
            os={"a": (200, 1), "b": (150, 1), "c": (300, 0)},
            therapies=[("a", "subsequent", "X", 50)],
        )
    )
    ended = response_ends(cohort)
    assert ended.source == "TTP and OS" and ended.first["a"] == 50 and ended.first["b"] == 150
    assert pd.isna(ended.first["c"]) and ended.table.loc["a", "progressed"] == 100


def test_assessments_that_count():
    rows = [("a", day, "PR") for day in (-1, 0, 30, 60, 61, None)]
    cohort = all_of(made("a", responses=rows, therapies=[("a", "subsequent", "X", 60)]))
    assert counted_assessments(cohort)["day"].tolist() == [30, 60]
    progressed = all_of(made("a", responses=rows, ttp={"a": (60, 1)}))
    assert counted_assessments(progressed)["day"].tolist() == [30]
