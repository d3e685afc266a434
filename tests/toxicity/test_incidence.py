"""Who had what at which worst grade: the denominators are always all treated; grades of different scales are not
compared."""

import pytest
from golden.cohorts import arms, by, cohort, example, follow_up, nobody, selected, synthetic

from lib.derived.adverse_events import EARLY, LATE, PERIODS
from lib.stats.proportions import MIETTINEN_NURMINEN
from lib.toxicity.captions import period_notes
from lib.toxicity.event_table import toxicity_table
from lib.toxicity.incidence import ANY_EVENT, NOT_STATED, THRESHOLDS, Frame, counted, incidence
from toxicity.made import of_example, two_scales

PATIENTS = arms(A=["a1", "a2", "a3", "a4"], B=["b1", "b2", "b3"])


def made(*rows, patients=PATIENTS):
    events = [{"patient_id": patient, "term": term, "grade": grade} for patient, term, grade in rows]
    return cohort(patients, adverse_events=events)


def by_threshold(result, term="CRS"):
    return {row.threshold: row.n for row in result.rows if row.term == term}


def of(cohort, grouping="arm", *filters):
    return incidence(selected(cohort, *filters), by(cohort, grouping))


def test_each_threshold_counts_each_patient_once_at_the_worst():
    found = of(
        made(
            ("a1", "CRS", 1),
            ("a1", "CRS", 3),
            ("a2", "CRS", 2),
            ("a3", "CRS", None),
            ("b1", "CRS", 5),
            ("b2", "CRS", 0),
        )
    )
    assert by_threshold(found) == {
        "any grade": (3, 1),
        "grade 1-2": (1, 0),
        "grade >= 3": (1, 1),
        "grade 5": (0, 1),
        NOT_STATED: (1, 0),
    }


def test_any_adverse_event_counts_each_patient_once_at_the_worst_of_all():
    found = of(
        made(
            ("a1", "CRS", 1),
            ("a1", "Fever", 4),
            ("a2", "Fever", None),
            ("a2", "CRS", 2),
            ("a3", "Fever", None),
            ("b1", "CRS", 0),
            ("b2", "Fever", 1),
        )
    )
    assert by_threshold(found, ANY_EVENT) == {
        "any grade": (3, 1),
        "grade 1-2": (1, 1),
        "grade >= 3": (1, 0),
        "grade 5": (0, 0),
        NOT_STATED: (1, 0),
    }
    assert found.rows[0].term == ANY_EVENT and ANY_EVENT not in found.terms


def test_any_adverse_event_says_nothing_new_of_a_single_term():
    assert by_threshold(of(made(("a1", "CRS", 1))), ANY_EVENT) == {}
    assert len(of(made(("a1", ANY_EVENT, 1), ("a1", "CRS", 1))).rows) == 2 * len(THRESHOLDS)


@pytest.mark.parametrize("cohort_", [example(), synthetic()])
@pytest.mark.parametrize("grouping", ["arm", "-", "sex", "age_years", "emd"])
@pytest.mark.parametrize("filters", [(), ("emd=yes",), ("sex=M|?",)])
def test_the_denominators_are_all_treated(cohort_, grouping, filters):
    part, split = selected(cohort_, *filters), by(cohort_, grouping)
    found = incidence(part, split)
    sizes = tuple(int((split.of(part.patients) == name).sum()) for name in split.names)
    assert all(row.of == sizes for row in found.rows)
    assert sum(sizes) + found.n_ungrouped == part.n
    assert all(n <= of for row in found.rows for n, of in zip(row.n, row.of, strict=True))
    for term in found.terms:
        parts = by_threshold(found, term)
        graded = tuple(map(sum, zip(parts["grade 1-2"], parts["grade >= 3"], parts[NOT_STATED], strict=True)))
        assert graded == parts["any grade"]
        assert all(a <= b for a, b in zip(parts["grade 5"], parts["grade >= 3"], strict=True))


def test_every_term_of_the_opened_cohort_keeps_its_rows():
    for filters in ((), ("emd=yes",), ("arm=Control",)):
        found = of(example(), "arm", *filters)
        assert len(found.rows) == (len(example().vocabulary["term"]) + 1) * len(THRESHOLDS)
    empty = incidence(nobody(example()), by(example()))
    assert {row.n for row in empty.rows} == {(0, 0)} and {row.of for row in empty.rows} == {(0, 0)}
    assert all(row.test.p is None and row.differences[1].reason == "a group has no patients" for row in empty.rows)


def test_an_event_nobody_of_those_selected_had_is_0_of_them_with_p_1():
    both = made(
        ("a1", "CRS", 1), patients=[{**row, "sex": "F" if row["patient_id"] == "a1" else "M"} for row in PATIENTS]
    )
    found = of(both, "arm", "sex=M")
    row = next(row for row in found.rows if row.threshold == "any grade")
    assert (row.n, row.of, row.test.p, row.differences[1].value) == ((0, 0), (3, 3), 1, 0)


def test_no_adverse_events_at_all():
    found = of(cohort(PATIENTS))
    assert (found.rows, found.terms, found.n) == ((), (), 7)


def test_one_group_is_not_tested():
    row, *_ = of(made(("a1", "CRS", 1)), "-").rows
    assert row.differences == (None,) and row.test.reason == "one group only"


def test_a_group_without_patients_and_more_than_two_groups():
    found = of(synthetic(), "arm", "arm=Lenalidomide|Pomalidomide")
    for row in found.rows:
        assert row.of[0] == 0 and row.differences[0] is None
        assert row.differences[1].reason == row.differences[2].reason == "a group has no patients"
        assert row.test.p is not None and row.test.n == sum(row.of)
    three = of(synthetic())
    assert all(row.test.name == "Fisher-Freeman-Halton exact test" for row in three.rows)


def test_patients_without_a_group_are_counted_apart():
    found = of(made(("c1", "CRS", 2), ("a1", "CRS", 2), patients=[*PATIENTS, {"patient_id": "c1"}]))
    assert (found.n_ungrouped, found.n, by_threshold(found)["any grade"]) == (1, 7, (1, 0))


def test_an_interval_and_a_p_value_that_point_different_ways_are_marked():
    crs = next(row for row in of(example()).rows if (row.term, row.threshold) == ("CRS", "any grade"))
    assert crs.disagrees  # Newcombe leaves 0 out (-0.785 to -0.068), Fisher's p is 0.0769
    severe = next(row for row in of(example()).rows if (row.term, row.threshold) == ("CRS", "grade >= 3"))
    assert not severe.disagrees


def test_order_of_rows_is_nothing():
    rows = (("a1", "CRS", 1), ("a1", "CRS", 3), ("a2", "CRS", None), ("b1", "CRS", 2))
    assert by_threshold(of(made(*rows))) == by_threshold(of(made(*rows[::-1])))


def test_periods_part_the_events_by_their_first_day():
    rows = [
        {"patient_id": "a1", "term": "CRS", "grade": 2, "start_day": 30, "stop_day": 95},
        {"patient_id": "a1", "term": "CRS", "grade": 4, "start_day": 91},
        {"patient_id": "a2", "term": "CRS", "grade": 3},
        {"patient_id": "b1", "term": "CRS", "grade": 1, "start_day": 31},
    ]
    both = cohort(PATIENTS, adverse_events=rows, endpoints=follow_up("os", b2=(1, 1), b3=(2, 0)))
    found = {period: incidence(selected(both), by(both), period) for period in PERIODS}
    assert {period.label: by_threshold(each)["any grade"] for period, each in found.items()} == {
        "": (2, 1),
        "day 0–30": (1, 0),
        "day 31–90": (0, 1),
        "after day 90": (1, 0),
    }
    assert by_threshold(found[LATE])["grade >= 3"] == (1, 0) and by_threshold(found[EARLY])["grade >= 3"] == (0, 0)
    assert [found[period].n_undated for period in PERIODS] == [0, 1, 1, 1]
    assert [found[period].n_died_before for period in PERIODS] == [0, 0, 1, 1]  # died after one month
    assert all(row.of == (4, 3) for each in found.values() for row in each.rows)
    said = " ".join(period_notes(found[LATE]))
    assert "1 patient had an event without a day" in said and "1 patient in the denominators had died before" in said


def test_the_interval_is_the_one_asked_for():
    made_ = incidence(selected(example()), by(example()), interval=MIETTINEN_NURMINEN)
    crs = next(row for row in made_.rows if (row.term, row.threshold) == ("CRS", "any grade"))
    assert round(crs.differences[1].low, 4) == -0.791 and crs.test.p == pytest.approx(0.0769, abs=5e-5)


def test_a_row_for_every_name_and_threshold_also_where_nobody_had_it():
    result = of_example()
    rows = counted(result.worst, "term", ("CRS", "never seen"), result.frame)
    assert [(row.term, row.threshold) for row in rows] == [
        (term, name) for term in ("CRS", "never seen") for name in THRESHOLDS
    ]
    assert {(row.n, row.test.p, row.differences[1].value) for row in rows if row.term == "never seen"} == {
        ((0, 0), 1, 0)
    }
    assert all(row.differences[1].low < 0 < row.differences[1].high for row in rows if row.term == "never seen")


def test_grades_of_two_scales_are_counted_and_not_compared():
    made = two_scales()
    result = incidence(selected(made), by(made))
    of_crs = [row for row in result.rows if row.term == "CRS"]
    assert of_crs[0].n == (3, 3)
    for row in of_crs:
        assert row.test.p is None and row.differences[1].value is None
        assert (
            "Lee 2014" in row.test.reason
            and "ASTCT 2019" in row.test.reason
            and "not interchangeable" in row.test.reason
        )
    assert all(row.test.p is not None for row in result.rows if row.term in ("Fever", ANY_EVENT))
    table = toxicity_table(result)
    assert [row[-1] for row in table.rows if row[0].startswith("CRS")] == ["–"] * 3
    assert any("Groups are not compared for it" in note for note in table.notes)


def test_patients_of_one_scale_are_compared_again():
    made = two_scales()
    frame = Frame(by(made), (4, 4))
    result = incidence(selected(made), by(made))
    assert all(row.test.p is not None for row in counted(result.worst, "term", ("CRS",), frame))
