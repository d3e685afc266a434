"""Best overall response: until progression or another treatment; what is known of whoever has no assessment that counts."""

from golden.cohorts import example, nobody, selected

from derived.courses import all_of, made
from lib.derived.best_response import best_responses, only_undated


def best(*responses, **tables):
    (found,) = best_responses(all_of(made("a", responses=[("a", *row) for row in responses], **tables)))
    return found


def test_nobody_and_never_assessed():
    assert best_responses(nobody(example())).tolist() == []
    assert best() is None
    assert best((-7, "CR"), (0, "CR")) is None


def test_the_best_before_progression_and_other_treatment():
    assert best((28, "PR"), (60, "CR"), (90, "VGPR")) == "CR"
    assert best((28, "PR"), (60, "PD"), (90, "CR")) == "PR"
    assert best((28, "PR"), (60, "CR"), ttp={"a": (50, 1)}) == "PR"
    assert best((28, "PR"), (60, "CR"), therapies=[("a", "subsequent", "X", 40)]) == "PR"
    assert best((28, "PR"), (60, "CR"), therapies=[("a", "maintenance", "X", 40)]) == "CR"
    assert best((28, "SD"), (60, "sCR"), infusions=[("a", 1, 0), ("a", 2, 40)]) == "SD"


def test_progression_without_a_response_and_not_evaluable():
    assert best((28, "PD")) == "PD"
    assert best(ttp={"a": (20, 1)}) == "PD"
    assert best((28, "NE"), ttp={"a": (50, 1)}) == "PD"
    assert best((28, "NE")) == "NE"
    assert best((28, "NE"), (60, "MR")) == "MR"
    assert best(pfs={"a": (20, 1)}, os={"a": (20, 1)}) is None  # died, nobody says of what


def test_assessments_without_a_day_count_only_where_there_are_no_others():
    assert best((None, "CR"), (28, "PR")) == "PR"
    assert best((None, "PR"), (None, "CR")) == "CR"
    assert only_undated(all_of(made("ab", responses=[("a", None, "PR"), ("b", None, "PR"), ("b", 3, "PR")]))) == {"a"}


def test_the_example():
    found = best_responses(selected(example()))
    assert found["P1":"P8"].tolist() == ["CR", "CR", "CR", "VGPR", "VGPR", "CR", "VGPR", "PR"]
    assert found["C1":"C8"].value_counts().to_dict() == {"VGPR": 5, "PR": 3}
