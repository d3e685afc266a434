"""The table of one test, and what is said of its values."""

import re

import pytest
from golden.cohorts import STUDY, arms, by, cohort, nobody

from labs.made import result, sixteen, with_labs
from lib.labs.course import lab_figure, value_or_limit
from lib.labs.profile import labs
from lib.labs.series import lab_series
from lib.labs.summary_table import headline, lab_table, notes


def test_one_row_a_day_and_group():
    table = lab_table(result(sixteen()))
    assert table.id == "labs.crp.summary"
    assert table.header == ("Day", "Group", "n", "Median, mg/L", "Quartiles", "Min–max", "p")
    assert table.rows[0] == ("0", "Control", "8", "< 4", "< 4 – < 4", "< 4 – < 4", "–")
    assert table.rows[1][:2] == ("0", "Pomalidomide") and table.rows[1][-1] == ""
    assert len(table.rows) == len(table.numbers.rows) == 2 * len(table.tests)


def test_the_tests_have_their_name_n_and_place():
    table = lab_table(result(sixteen()))
    first, second, *_ = table.tests
    assert (first.comparison, first.reason, first.n) == ("day 0: Control v Pomalidomide", "all values are equal", 16)
    assert second.name == "Mann-Whitney test (exact)" and second.p == pytest.approx(0.06495726)
    done = sum(test.p is not None for test in table.tests)
    assert "p: Mann-Whitney test (exact)" in table.method and table.method.endswith(
        f", not adjusted for {done} comparisons."
    )


def test_one_group_has_no_tests():
    table = lab_table(result(sixteen(), 1, "-"))
    assert table.header == ("Day", "n", "Median, 10⁹/L", "Quartiles", "Min–max")
    assert table.tests == () and "p:" not in table.method


def test_visits_and_limits_that_are_not_stated():
    rows = [
        {"patient_id": patient, "visit": visit, "value": value, "unit": None}
        for patient, value in (("a1", "BLQ"), ("b1", 5))
        for visit in ("first", "second")
    ]
    table = lab_table(result(with_labs(rows)))
    assert table.header[0] == "Visit" and table.header[3] == "Median"
    assert table.rows[0] == (
        "first",
        "A",
        "1",
        "below limit",
        "below limit – below limit",
        "below limit – below limit",
        ">0.99",
    )
    assert table.tests[0].comparison == "first: A v B"


def test_nobody():
    made = sixteen()
    table = lab_table(labs(nobody(made), lab_series(made)[0], by(made)))
    assert (table.n, table.rows, table.tests) == (0, (), ()) and table.method.endswith("p: no test could be done.")


def test_the_headline_says_from_where_to_where_each_group_went():
    sentence, warning = headline(result(sixteen()))
    assert (
        sentence == "Medians of CRP, mg/L, lowest to highest: Control < 4 (day 0, n = 8) to 115 (day 5, n = 8); "
        "Pomalidomide < 4 (day 0, n = 8) to 156 (day 5, n = 8)."
    )
    assert warning == ""
    assert headline(result(sixteen(), 1, "-"))[0].startswith("Medians of ANC, 10⁹/L, lowest to highest: 0.245 (day 7")


def test_few_patients_make_no_extreme():
    rows = [{"patient_id": patient, "day": day, "value": 5 + day} for patient in ("a1", "a2", "a3") for day in (0, 7)]
    rows.append({"patient_id": "a1", "day": 28, "value": 900})
    assert headline(result(with_labs(rows), 0, "-"))[0].endswith(": 5 (day 0, n = 3) to 12 (day 7, n = 3).")


def test_nobody_one_value_and_nothing_above_a_limit():
    made = sixteen()
    empty = labs(nobody(made), lab_series(made)[0], by(made))
    assert headline(empty)[0] == "Nobody in this selection has values of this test."
    lone = result(with_labs([{"patient_id": "a1", "day": 1, "value": 5}]))
    assert headline(lone)[0] == "Medians of CRP, mg/L, lowest to highest: A 5 (day 1, n = 1)."
    silent = result(with_labs([{"patient_id": "a1", "day": 1, "value": "BLQ"}]))
    assert headline(silent)[0].endswith("A below limit (day 1, n = 1).")
    assert (
        lab_figure(empty).alt
        == "Lines of CRP, mg/L over days since infusion, 0 patients. Nobody in this selection has values of this test."
    )


def test_the_method_explains_only_what_is_drawn():
    drawn = lab_figure(result(sixteen())).method
    assert "ULN, LLN" in drawn and "(LOD)" in drawn
    plain = lab_figure(result(with_labs([{"patient_id": "a1", "visit": "w1", "value": 5}]))).method
    assert "ULN" not in plain and "LOD" not in plain and "at each visit" in plain


def test_notes_count_what_is_left_out():
    rows = [
        {"patient_id": "a1", "day": 1, "value": "<4"},
        {"patient_id": "b1", "day": 1, "value": "BLQ"},
        {"patient_id": "b1", "value": 5},
    ]
    assert notes(result(with_labs(rows))) == (
        "4 of 6 patients without values of this test or without a group.",
        "1 value without a day: left out.",
        (
            "2 values below the limit of detection: lowest rank in medians and tests; the limit of 1 is not stated,"
            " these are not drawn."
        ),
        (
            "Last values of any test, months after infusion, median (range): A 0.0 (0.0–0.0), n = 1; B 0.0 (0.0–0.0), n"
            " = 1."
        ),
    )
    late = (*STUDY[:3], ("known_at", "arm", "30"))
    rows = [{"patient_id": patient, "day": 1, "test": "CRP", "value": 5} for patient in ("a1", "b1")]
    said = lab_table(result(cohort(arms(A=["a1"], B=["b1"]), late, labs=rows))).method
    assert said.endswith("Arm became known by day 30: values before that day cannot be its effect.")


@pytest.mark.parametrize("grouping", ["arm", "-"])
@pytest.mark.parametrize("filters", [(), ("arm=Control",)])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_no_text_holds_an_id_nan_or_the_word(number, filters, grouping):
    found = result(sixteen(), number, grouping, *filters)
    figure, table = lab_figure(found), lab_table(found)
    cells = [cell for row in table.rows for cell in row]
    said = " ".join(
        [*headline(found), figure.title, figure.caption, figure.alt, *figure.notes, table.caption, *table.notes, *cells]
    )
    assert not re.search(r"\bnan\b|\bNone\b|\(\)|: ,|\. \.|= [<>]|[{}]|significan|\b[cp]\d\b", said), said
    for name, rows in {**figure.tables, "data": figure.data}.items():
        others = rows.drop(columns="patient", errors="ignore").astype(str)
        assert not others.isin([f"{arm}{n}" for arm in "cp" for n in range(8)]).to_numpy().any(), name


def test_values_as_they_were_measured():
    nan = float("nan")
    assert [value_or_limit(*pair) for pair in ((1234.5, nan), (nan, 4), (nan, nan))] == [
        "1,234.5",
        "< 4",
        "below limit",
    ]
