"""Headline, caption, notes and alt text of laboratory values."""

import re

import pytest
from golden.cohorts import STUDY, arms, by, cohort, nobody

from labs.made import result, sixteen, with_labs
from lib.labs import words
from lib.labs.figure import lab_figure
from lib.labs.result import labs
from lib.labs.series import lab_series
from lib.labs.table import lab_table


def test_the_headline_says_from_where_to_where_each_group_went():
    sentence, warning = words.headline(result(sixteen()))
    assert sentence == (
        "Medians of CRP, mg/L, lowest to highest: Control < 4 (day 0, n = 8) to 115 (day 5, n = 8); "
        "Pomalidomide < 4 (day 0, n = 8) to 156 (day 5, n = 8)."
    )
    assert warning == ""
    assert words.headline(result(sixteen(), 1, "-"))[0].startswith("Medians of ANC, 10^9/L, lowest to highest: 0.245 (day 7")  # fmt: skip


def test_few_patients_make_no_extreme():
    rows = [{"patient_id": patient, "day": day, "value": 5 + day} for patient in ("a1", "a2", "a3") for day in (0, 7)]
    rows.append({"patient_id": "a1", "day": 28, "value": 900})
    assert words.headline(result(with_labs(rows), 0, "-"))[0].endswith(": 5 (day 0, n = 3) to 12 (day 7, n = 3).")


def test_nobody_one_value_and_nothing_above_a_limit():
    made = sixteen()
    empty = labs(nobody(made), lab_series(made)[0], by(made))
    assert words.headline(empty)[0] == "Nobody in this selection has values of this test."
    lone = result(with_labs([{"patient_id": "a1", "day": 1, "value": 5}]))
    assert words.headline(lone)[0] == "Medians of CRP, mg/L, lowest to highest: A 5 (day 1, n = 1)."
    silent = result(with_labs([{"patient_id": "a1", "day": 1, "value": "BLQ"}]))
    assert words.headline(silent)[0].endswith("A below limit (day 1, n = 1).")
    assert words.alt_text(empty) == (
        "Lines of CRP, mg/L over days since infusion, 0 patients. Nobody in this selection has values of this test."
    )


def test_the_caption_explains_only_what_is_drawn():
    assert "ULN, LLN" in words.caption(result(sixteen())) and "(LOD)" in words.caption(result(sixteen()))
    plain = words.caption(result(with_labs([{"patient_id": "a1", "visit": "w1", "value": 5}])))
    assert "ULN" not in plain and "LOD" not in plain and "at each visit" in plain


def test_notes_count_what_is_left_out():
    rows = [{"patient_id": "a1", "day": 1, "value": "<4"}, {"patient_id": "b1", "day": 1, "value": "BLQ"}, {"patient_id": "b1", "value": 5}]  # fmt: skip
    assert words.notes(result(with_labs(rows))) == (
        "4 of 6 patients without values of this test or without a group.",
        "1 value without a day: left out.",
        "2 values below the limit of detection: lowest rank in medians and tests; the limit of 1 is not stated, these are not drawn.",
        "Last values of any test, months after infusion, median (range): A 0.033 (0.033–0.033), n = 1; B 0.033 (0.033–0.033), n = 1.",
    )
    late = (*STUDY[:3], ("known_at", "arm", "30"))
    rows = [{"patient_id": patient, "day": 1, "test": "CRP", "value": 5} for patient in ("a1", "b1")]
    said = words.notes(result(cohort(arms(A=["a1"], B=["b1"]), late, labs=rows)))
    assert said[-1:] == ("Arm became known by day 30; values before that day cannot be its effect.",)


@pytest.mark.parametrize("grouping", ["arm", "-"])
@pytest.mark.parametrize("filters", [(), ("arm=Control",)])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_no_text_holds_an_id_nan_or_the_word(number, filters, grouping):
    found = result(sixteen(), number, grouping, *filters)
    figure, table = lab_figure(found), lab_table(found)
    cells = [cell for row in table.rows for cell in row]
    said = " ".join([*words.headline(found), figure.title, figure.caption, figure.alt, *figure.notes, table.caption, *table.notes, *cells])  # fmt: skip
    assert not re.search(r"\bnan\b|\bNone\b|\(\)|: ,|\. \.|= [<>]|[{}]|significan|\b[cp]\d\b", said), said
    for name, rows in {**figure.tables, "data": figure.data}.items():
        others = rows.drop(columns="patient", errors="ignore").astype(str)
        assert not others.isin([f"{arm}{n}" for arm in "cp" for n in range(8)]).to_numpy().any(), name


def test_values_as_they_were_measured():
    nan = float("nan")
    assert [words.value_or_limit(*pair) for pair in ((1234.5, nan), (nan, 4), (nan, nan))] == ["1,234.5", "< 4", "below limit"]  # fmt: skip
