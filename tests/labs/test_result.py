"""Places of a series, who is counted at each, and what is left out."""

from golden.cohorts import by, nobody, selected

from labs.made import result, sixteen, with_labs
from lib.labs.result import labs
from lib.labs.series import lab_series


def test_nominal_days_of_the_made_cohort():
    found = result(sixteen())
    assert [place.day for place in found.places][:5] == [0, 1, 3, 5, 7] and found.places[-1].day == 28
    assert (found.n, found.n_selected, found.n_untimed, found.n_repeated) == (16, 16, 0, 0)
    assert len(found.summaries) == 2 * len(found.places) == 2 * len(found.comparisons)
    assert found.reference_limits == {"lower": 0, "upper": 5} and found.detection_limits == (4,)


VISITS = [
    {"patient_id": patient, "visit": visit, "day": day, "value": value}
    for patient, shift in (("a1", 0), ("a2", 1), ("b1", 2), ("b2", 3))
    for visit, day, value in (("late", 28 + shift, 9), ("early", shift, 5))
]


def test_visits_in_their_order_with_their_median_day():
    found = result(with_labs(VISITS, A=["a1", "a2"], B=["b1", "b2"]))
    assert found.by_visit and [(place.at, place.label, place.day) for place in found.places] == [(0, "early", 1.5), (1, "late", 29.5)]  # fmt: skip
    assert [(each.n, each.numbers["median"]) for each in found.summaries] == [(2, 5), (2, 5), (2, 9), (2, 9)]
    part = result(with_labs(VISITS, A=["a1", "a2"], B=["b1", "b2"]), 0, "arm", "arm=A")
    assert [place.label for place in part.places] == ["early", "late"]
    assert [each.n for each in part.summaries] == [2, 0, 2, 0]


def test_the_reader_may_look_at_days_instead():
    found = result(with_labs(VISITS, A=["a1", "a2"], B=["b1", "b2"]), by_visit=False)
    assert not found.by_visit and all(place.visit is None for place in found.places)
    assert not result(sixteen(), by_visit=True).by_visit, "there are no visits"


def test_visits_without_days():
    found = result(with_labs([{**row, "day": None} for row in VISITS], A=["a1", "a2"], B=["b1", "b2"]))
    assert [(place.label, place.day) for place in found.places] == [("late", None), ("early", None)]


def test_further_values_at_a_visit_and_values_without_a_time_are_counted():
    rows = [*VISITS, {"patient_id": "a1", "visit": "early", "day": 5, "value": 100}, {"patient_id": "a1", "value": 7}]
    found = result(with_labs(rows, A=["a1", "a2"], B=["b1", "b2"]), by_visit=True)
    assert (found.n_repeated, found.n_untimed) == (1, 1)
    assert found.summaries[0].numbers["max"] == 5, "the first value counts"
    assert result(with_labs(rows, A=["a1", "a2"], B=["b1", "b2"]), by_visit=False).n_untimed == 1


def test_reference_limits_only_where_they_are_the_same_for_all():
    rows = [{"patient_id": "a1", "day": day, "value": 5, "lower_limit": day, "upper_limit": 9} for day in (1, 2)]
    assert result(with_labs(rows)).reference_limits == {"upper": 9}
    assert result(with_labs([*rows, {"patient_id": "a1", "day": 3, "value": 5}])).reference_limits == {}


def test_nobody_a_patient_without_group_and_order_of_rows():
    made = sixteen()
    empty = labs(nobody(made), lab_series(made)[0], by(made))
    assert (empty.n, empty.places, empty.summaries, empty.reference_limits) == (0, (), (), {})
    rows = [{"patient_id": patient, "day": 1, "value": 5} for patient in ("a1", "b1")]
    assert result(with_labs(rows, A=["a1"], B=["b1"]), 0, "-").n == 2
    part = selected(made)
    turned = part.with_tables(part.patients, {**part.tables, "labs": part.labs[::-1].reset_index(drop=True)})
    first, again = (labs(each, lab_series(made)[0], by(made)) for each in (part, turned))
    assert first.summaries == again.summaries and first.comparisons == again.comparisons
