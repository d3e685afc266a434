"""The response nearest to a day within its window; nothing is carried forward."""

from golden.cohorts import arms, cohort, example, nobody, selected

from lib.derived.best_response import response_at, response_levels


def at(days, day=28.0, window=14.0):
    rows = [{"patient_id": "a1", "day": when, "response": response} for when, response in days]
    made = cohort(arms(A=["a1", "a2"]), responses=rows)
    return response_at(made, day, window).tolist()


def test_nobody_and_no_assessments():
    assert response_at(nobody(example())).tolist() == []
    assert at([]) == [None, None]
    assert response_levels(response_at(nobody(example()))) == ()


def test_the_nearest_counts_and_of_two_equally_near_the_earlier():
    assert at([(20, "PR"), (30, "VGPR"), (40, "CR")]) == ["VGPR", None]
    assert at([(33, "CR"), (23, "PR")]) == ["PR", None]


def test_the_window_includes_its_ends_and_nothing_beyond():
    assert at([(14, "PR")]) == at([(42, "PR")]) == ["PR", None]
    assert at([(13, "PR")]) == at([(43, "PR")]) == [None, None]
    assert at([(-28, "SD"), (90, "CR")]) == [None, None]


def test_another_landmark():
    assert at([(28, "PR"), (95, "CR")], 91, 30) == ["CR", None]


def test_levels_that_occur_best_first():
    assert response_levels(response_at(selected(example()))) == ("VGPR", "PR")


def test_the_papers_month_1():
    seen = response_at(selected(example())).value_counts()
    assert seen.to_dict() == {"PR": 8, "VGPR": 8}
