"""The figure of one test: what is drawn of values, medians, limits and bands of grades."""

import json
import re
from math import inf

import pytest
from golden.cohorts import arms, by, cohort, nobody

from labs.made import result, sixteen, with_labs
from lib.cohort.ctcae import V5, V6
from lib.labs.course import MEANS, MOST_PATIENTS, MOST_POINTS, CourseOptions, lab_figure
from lib.labs.course_chart import LabAxes, grade_bands, lab_chart
from lib.labs.profile import labs
from lib.labs.series import lab_series
from lib.publication.exhibit import standalone
from lib.publication.palette import GROUP_COLOURS


def test_every_value_is_drawn():
    made = lab_figure(result(sixteen()))
    table = result(sixteen()).table
    assert len(made.tables["sample"]) == len(table) == len(made.data) and not any(
        "not drawn" in note for note in made.notes
    )
    assert len(made.tables["line"]) + len(made.tables["single"]) == (~table["below"]).sum()
    assert set(made.tables["below"]["shown"]) == {"< 4"} and set(made.tables["below"]["amount"]) == {2.0}


def test_a_line_is_not_drawn_across_a_value_below_the_limit():
    values = [(0, 9), (1, 8), (3, "<4"), (5, 7), (7, 6)]
    made = lab_figure(result(with_labs([{"patient_id": "a1", "day": day, "value": value} for day, value in values])))
    assert made.tables["line"].groupby("piece")["at"].apply(list).tolist() == [[0, 1], [5, 7]]
    assert len(made.tables["single"]) == 0
    lone = lab_figure(result(with_labs([{"patient_id": "a1", "day": 1, "value": 5}])))
    assert len(lone.tables["single"]) == 1 and len(lone.tables["line"]) == 0


def test_reference_and_detection_limits():
    made = lab_figure(result(sixteen()))
    assert made.tables["reference"]["words"].tolist() == ["ULN 5"], "0 cannot stand on a log axis"
    assert lab_figure(result(sixteen()), CourseOptions(log=False)).tables["reference"]["words"].tolist() == [
        "LLN 0",
        "ULN 5",
    ]
    assert made.tables["detection"]["words"].tolist() == ["LOD 4"]


def test_on_a_log_axis_nothing_is_0_or_less_and_a_note_counts_what_is_not_drawn():
    rows = [
        {"patient_id": patient, "day": day, "value": value}
        for patient in ("a1", "a2")
        for day, value in ((0, 0), (1, 5), (2, 50))
    ]
    made = lab_figure(result(with_labs(rows)), CourseOptions(log=True))
    for name in ("line", "single", "below", "sample", "median", "reference", "level"):
        assert (made.tables[name]["amount"] > 0).all(), name
    assert (made.tables["median"]["low"] > 0).all()
    assert made.notes[0] == "2 values of 0 or less: not drawn on the log axis, but in medians and tests."
    assert not any("0 or less" in note for note in lab_figure(result(with_labs(rows))).notes)


def test_medians_are_of_two_or_more_and_their_bars_enclose_them():
    medians = lab_figure(result(sixteen())).tables["median"]
    assert (
        (medians["n"] >= 2).all()
        and (medians["low"] <= medians["amount"]).all()
        and (medians["amount"] <= medians["high"]).all()
    )
    lone = with_labs([{"patient_id": "a1", "day": 1, "value": 5}, {"patient_id": "a1", "day": 7, "value": 6}])
    assert len(lab_figure(result(lone)).tables["median"]) == 0


def test_medians_of_few_stand_in_the_table_only():
    ids = [f"a{n}" for n in range(40)]
    rows = [{"patient_id": patient, "day": 0, "value": 5} for patient in ids]
    rows += [{"patient_id": patient, "day": 50, "value": 5} for patient in ids[:3]]
    rows += [{"patient_id": patient, "day": 100, "value": 5} for patient in ids[:4]]
    found = result(with_labs(rows, A=ids))
    assert lab_figure(found).tables["median"]["at"].tolist() == [0, 100]
    assert [each.n for each in found.summaries] == [40, 3, 4]


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("options", [CourseOptions(), CourseOptions(log=True), CourseOptions(spread_early_days=True)])
def test_the_chart_stays_whatever_is_selected_and_names_its_tables(number, options):
    made = sixteen()
    views = [
        result(made, number),
        result(made, number, "arm", "arm=Control"),
        labs(nobody(made), lab_series(made)[number], by(made)),
    ]
    figures = [lab_figure(view, options) for view in views]
    assert len({json.dumps(figure.chart) for figure in figures}) == 1
    text = json.dumps(figures[0].chart)
    named = set(re.findall(r'"data": \{"name": "([^"]+)"', text)) | set(re.findall(r"data\('([^']+)'\)", text))
    for figure in figures:
        assert set(figure.tables) == named and figure.alt
        assert {name: list(rows) for name, rows in figure.tables.items()} == {
            name: list(rows) for name, rows in figures[0].tables.items()
        }
        json.dumps(standalone(figure), allow_nan=False)


def test_nobody_and_a_filtered_group():
    made = sixteen()
    empty = lab_figure(labs(nobody(made), lab_series(made)[0], by(made)))
    assert all(len(empty.tables[name]) == 0 for name in ("line", "single", "below", "sample", "median", "count"))
    assert empty.tables["group"]["label"].tolist() == ["Control (0 of 8)", "Pomalidomide (0 of 8)"]
    part = lab_figure(result(made, 0, "arm", "arm=Control"))
    assert set(part.tables["line"]["slot"]) == {0} and part.numbers.rows[1][2:4] == ("Pomalidomide", 0)


def test_of_very_many_patients_or_values_no_single_patient_is_drawn_and_a_note_says_so():
    ids = [f"x{n:04d}" for n in range(MOST_PATIENTS + 1)]
    rows = [
        {"patient_id": patient, "day": day, "test": "CRP", "value": n + 1}
        for n, patient in enumerate(ids)
        for day in (0, 7)
    ]
    made = cohort(arms(A=ids), labs=rows)
    figure = lab_figure(result(made, 0, "-"))
    assert all(figure.tables[name].empty for name in ("line", "single", "sample", "below"))
    assert figure.notes[0].startswith("Single patients are drawn up to 60 patients")
    assert figure.tables["count"]["n"].tolist() == [61, 61] and len(figure.data) == 122
    assert figure.tables["median"]["amount"].tolist() == [31, 31]
    assert figure.tables["ribbon"][["amount", "high"]].to_numpy().tolist() == [[16, 46], [16, 46]]
    assert (figure.tables["median"]["low"] == figure.tables["median"]["high"]).all(), "the band shows it"
    assert figure.tables["level"]["amount"].min() <= 16 and figure.tables["level"]["amount"].max() >= 46
    assert "band: quartiles" in figure.caption and lab_figure(result(sixteen())).tables["ribbon"].empty
    long = [{"patient_id": "a1", "day": day, "test": "CRP", "value": day + 1} for day in range(MOST_POINTS + 1)]
    assert lab_figure(result(with_labs(long), 0, "-")).tables["line"].empty


def test_means_with_their_limits_and_none_where_values_lie_below_a_limit():
    rows = [{"patient_id": patient, "day": 1, "value": value} for patient, value in (("a1", 1), ("a2", 2), ("a3", 6))]
    drawn = lab_figure(result(with_labs(rows), 0, "-"), CourseOptions(summary=MEANS))
    (row,) = drawn.tables["median"].to_dict("records")
    assert (row["amount"], row["shown"]) == (3, "3 (-3.57–9.57)") and row["high"] == pytest.approx(
        9.572420
    )  # R: t.test(c(1, 2, 6))
    assert (
        "symbols: means (bars: 95 % CI)" in drawn.caption
        and "Means near each nominal day" in drawn.method
        and '"Mean (95 % CI)"' in json.dumps(drawn.chart)
    )
    low = lab_figure(
        result(with_labs([*rows, {"patient_id": "b1", "day": 1, "value": "<4"}]), 0, "-"), CourseOptions(summary=MEANS)
    )
    assert low.tables["median"].empty and low.notes[0].startswith("1 mean not drawn")


def test_bands_are_those_of_the_version_in_the_unit_that_is_shown():
    rows = [
        {"patient_id": "a1", "day": day, "test": "ANC", "unit": "/µL", "value": value}
        for day, value in ((0, 3000), (7, 50))
    ]
    bands = lab_figure(result(with_labs(rows)), CourseOptions(log=True)).tables["band"]
    assert bands[["grade", "amount", "high"]].to_numpy().tolist() == [
        ["Grade 2", 1000, 1500],
        ["Grade 3", 500, 1000],
        ["Grade 4", 50, 500],
    ]
    six = lab_figure(result(with_labs(rows)), CourseOptions(log=True, version=V6))
    assert six.tables["band"]["high"].tolist() == [1000, 500, 100] and "Shaded: grades by CTCAE v6." in six.caption
    assert lab_figure(result(with_labs(rows)), CourseOptions(bands=False)).tables["band"].empty
    assert lab_figure(result(sixteen())).tables["band"].empty, "CRP has no grades"


def test_the_numbers_of_the_figure():
    made = lab_figure(result(sixteen()))
    names = [name for name, _ in made.numbers.columns]
    assert names[:11] == ["day", "visit", "group", "n", "median", "q1", "q3", "min", "max", "unit", "n_below_limit"]
    row = dict(zip(names, made.numbers.rows[0], strict=True))
    assert row["median"] is None and row["reason"].startswith("median: below the limit of 4") and row["unit"] == "mg/L"
    assert made.id == "labs.crp" and made.n == 16


def bands(version=V5, **row):
    rows = [{"patient_id": "a1", "day": day, "value": 50, **row} for day in (1, 2)]
    return [
        (band.grade, round(band.low, 6), round(band.high, 6)) for band in grade_bands(result(with_labs(rows)), version)
    ]


def test_in_the_unit_that_is_shown():
    assert bands(test="Hb", unit="g/dL") == [(2, 8, 10), (3, 0, 8)]
    assert bands(test="PLT", unit="10^9/L", version=V6) == [(2, 50, 75), (3, 10, 50), (4, 0, 10)]
    assert bands(test="ALT", unit="U/L", upper_limit=40) == [(2, 120, 200), (3, 200, 800), (4, 800, inf)]


def test_none_without_scale_unit_or_limit():
    assert bands(test="ALT", unit="U/L") == [] == bands(test="ALC", unit="10^9/L", version=V6)
    assert bands(test="PLT", unit="furlong") == [] and grade_bands(result(sixteen()), V5) == ()


def followed_long():
    """Sixteen on the first days, two a long time after."""
    ids = [f"a{n:02d}" for n in range(16)]
    rows = [{"patient_id": patient, "day": day, "value": 5} for patient in ids for day in (-7, 0, 28)]
    return with_labs([*rows, *({"patient_id": patient, "day": 639, "value": 900} for patient in ids[:2])], A=ids)


def test_the_axis_ends_where_a_few_patients_are_and_a_note_counts_the_rest():
    made = lab_figure(result(followed_long()))
    assert made.tables["sample"]["at"].max() == made.tables["place"]["at"].max() == 28
    assert made.tables["level"]["amount"].max() < 900 and len(made.data) == 50
    assert "2 values of 2 patients after day 30 not drawn: the table has them." in made.notes
    assert made.tables["place"]["label"].tolist() == ["−7", "0", "28"]
    few = with_labs([{"patient_id": "a1", "day": day, "value": 5} for day in (0, 28, 639)])
    assert lab_figure(result(few)).tables["sample"]["at"].max() == 639, "of three patients each counts"


def test_days_have_room_for_their_labels_and_numbers_in_one_column():
    rows = [{"patient_id": f"a{n}", "day": day, "value": 5} for n in range(1, 4) for day in range(0, 200, 4)]
    shown = {
        width: len(lab_figure(result(with_labs(rows)), CourseOptions(width=width, log=False)).tables["tick"])
        for width in (380, 760)
    }
    assert 4 <= shown[380] <= 10 < shown[760] <= 18


def test_names_too_wide_for_the_margin_stand_above_their_numbers():
    assert not LabAxes("CRP", (), False, False, names=100).names_above
    narrow = LabAxes("CRP", (), False, False, width=380, names=100)
    assert narrow.names_above and narrow.row == 2 * LabAxes("CRP", (), False, False).row


def written(**axes) -> str:
    given = {"amount": "CRP, mg/L", "visits": (), "log": False, "spread_early_days": False} | axes
    return json.dumps(lab_chart(GROUP_COLOURS[:2], LabAxes(**given)), ensure_ascii=False)


def test_the_axes_say_unit_time_and_scale():
    assert '"CRP, mg/L"' in written() and '"Days since infusion"' in written() and '"log"' not in written()
    assert '"CRP, mg/L (log scale)"' in written(log=True) and '"type": "log"' in written(log=True)
    assert "square-root scale" in written(spread_early_days=True) and '"type": "sqrt"' in written(
        spread_early_days=True
    )
    assert '"Visit"' in written(visits=("early",)) and "sqrt" not in written(visits=("early",), spread_early_days=True)


def test_long_names_of_visits_are_slanted_and_the_numbers_make_room():
    short, long = (LabAxes("CRP", visits, False, False) for visits in (("W1", "W2"), ("lymphodepletion",) * 9))
    assert not short.slanted and long.slanted and long.first_row > short.first_row
    some = LabAxes("CRP", ("Screening", "Cycle 1 day 15", "Month 3 follow-up"), False, False, width=300)
    assert (
        not some.slanted
        and some.labels == ("Screening", "Cycle 1 day\n15", "Month 3\nfollow-up")
        and some.first_row > short.first_row
    )
    assert '"labelAngle": -35' in written(visits=("lymphodepletion",) * 9)


def test_quartiles_of_groups_stand_beside_each_other():
    assert "5 * (datum.slot - 0.5)" in written()


def test_without_visits_the_choice_of_visits_changes_nothing():
    rows = [{"patient_id": "a1", "day": day, "value": 5 + day} for day in (0, 7, 200)]
    by_days, at_visits = (
        lab_figure(result(with_labs(rows)), CourseOptions(by_visit=choice)) for choice in (False, True)
    )
    assert "square-root" in str(by_days.chart) and by_days.chart == at_visits.chart
