"""Dates: numbers as programs count them, exchanged day and month, the order asked once a file, years of two digits."""

import datetime as dt
from pathlib import Path

import pytest
from in_process import in_process
from openpyxl import load_workbook
from workbooks import text_table, xlsx

from lib.intake.cells.dates import date_coder, date_of, epochs_of, order_in
from lib.intake.draft import read_draft
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import from_json, to_json

CASES = Path(__file__).parent / "cases"


def draft(source, name="s.csv"):
    content = source if isinstance(source, bytes) else (CASES / source).read_bytes()
    with in_process():
        return read_draft([SourceFile(source if isinstance(source, str) else name, content)])


def asked(made, name):
    return next((each for each in made.suggestion.questions if each.id == name), None)


@pytest.mark.parametrize(
    ("number", "epoch"),
    [
        (44937, "days since 1899-12-30"),
        (23021, "days since 1960-01-01"),
        (19368, "days since 1970-01-01"),
        (13892774400, "seconds since 1582-10-14"),
        (1989014400, "seconds since 1960-01-01"),
        (1673395200, "seconds since 1970-01-01"),
        (1673395200000, "milliseconds since 1970-01-01"),
        (1989014400000, "milliseconds since 1960-01-01"),
    ],
)
def test_the_same_day_as_programs_count_it(number, epoch):
    assert date_of(number, epoch) == dt.date(2023, 1, 11) and epoch in (epochs_of([number]) or (epoch,))


def test_only_one_way_gives_dates_of_our_time():
    assert epochs_of([23021, 23026]) == ("days since 1960-01-01",) and epochs_of([44927]) == ("days since 1899-12-30",)
    assert date_of(43475, "days since 1904-01-01") == dt.date(2023, 1, 11)  # rare: only where nothing else fits
    assert epochs_of([0, 28, 365]) == () and epochs_of([]) == () and epochs_of([1e300]) == ()
    assert set(epochs_of([19368])) == {"days since 1960-01-01", "days since 1970-01-01"}


def test_numbers_among_dates_are_dates_only_where_one_way_is_possible():
    code = date_coder("", ["2023-01-05", 23021.0])
    assert code(23021.0).value == dt.date(2023, 1, 11) and "days since 1960" in code(23021.0).reported
    near = date_coder("", [dt.datetime(2023, 1, 5), 19368.0])
    assert near(19368.0).value == dt.date(2023, 1, 11)
    alone = date_coder("", [19368.0])(19368.0)
    assert alone.value is None and alone.problem == '"19368" can be 2013-01-10 (SAS, Stata) or 2023-01-11 (R).'
    assert date_coder("", ["20230111"])("20230111").value == dt.date(2023, 1, 11)
    assert date_coder("", [28.0])(28.0).value is None


def test_day_numbers_of_sas_are_dates_and_never_days_of_infusion():
    made = draft("k13.xlsx")
    (question,) = [each for each in made.suggestion.questions if each.subject == "unit"]
    assert question.chosen == "days since 1960-01-01" and question.choices[0].label.startswith("2014-04-03")
    assert made.opened.labs["day"].tolist() == [10.0] * 6
    assert from_json(to_json(made.mapping)) == made.mapping


def test_day_numbers_of_r_beside_numbers_are_asked_and_not_read_until_then():
    patients = [["ID", "Arm", "Infusion date"], *([f"P{n}", "AB"[n % 2], 19000 + n] for n in range(8))]
    made = draft(xlsx({"Sheet1": patients}), "p.xlsx")
    (question,) = [each for each in made.suggestion.questions if each.subject == "unit"]
    assert not question.chosen and len(question.choices) == 2
    assert not [n for n in range(8) if str(19000 + n) in question.sentence]
    assert [each.label[:10] for each in question.choices] == ["2014-04-03", "2024-04-03"]
    assert any("can be" in each.problem for each in made.opened.findings)


def test_exchanged_dates_are_asked_and_not_read_until_then():
    made = draft("21_mixed_dates.xlsx")
    question = asked(made, "true_dates")
    assert not question.answered and not question.chosen and "2022-03-04 is 2022-04-03" in question.sentence
    assert not made.is_settled
    assert made.opened.endpoints.query("endpoint == 'os' and patient_id == 'P3'")["problem"].all()
    assert sum("day and month were exchanged" in each.problem for each in made.opened.findings) == 7


def test_exchanged_dates_put_right():
    os = _os(draft("21_mixed_dates.xlsx").answered("true_dates", "exchanged"))
    assert os["P3"] == 247 and os["P1"] == (dt.date(2023, 9, 13) - dt.date(2022, 4, 3)).days
    kept = _os(draft("21_mixed_dates.xlsx").answered("true_dates", "as they stand"))
    assert kept["P3"] == (dt.date(2023, 9, 1) - dt.date(2022, 7, 5)).days


def _os(made):
    rows = made.opened.endpoints
    return rows[rows["endpoint"] == "os"].set_index("patient_id")["time"].to_dict()


def test_month_first_texts_beside_true_dates_are_the_same_kind():
    rows = [["Code", "Arm", "Infused", "Last contact"]]
    rows += [[f"P{n}", "AB"[n % 2], dt.datetime(2022, n + 1, n + 2), f"{n + 1:02}/2{n}/2023"] for n in range(8)]
    assert asked(draft(xlsx({"Sheet1": rows}), "m.xlsx"), "true_dates") is not None


def test_true_dates_above_12_or_texts_below_13_settle_it():
    workbook = load_workbook(CASES / "21_mixed_dates.xlsx")
    rows = [list(row) for row in workbook.active.iter_rows(values_only=True)]
    rows[1][2] = dt.datetime(2022, 3, 14)
    assert asked(draft(xlsx({"Patients": rows}), "a.xlsx"), "true_dates") is None
    rows[1][2], rows[1][3] = dt.datetime(2022, 3, 4), "05/09/2023"
    assert asked(draft(xlsx({"Patients": rows}), "b.xlsx"), "true_dates") is None


def test_the_order_is_asked_once_or_taken_from_another_column():
    rows = [
        ["ID", "Infusion date", "Death date", "Last contact"],
        *([f"P{n}", f"0{n}/0{n + 1}/2022", f"0{n + 1}/0{n + 2}/2023", ""] for n in range(1, 7)),
    ]
    made = draft(text_table(rows))
    question = asked(made, "date_order")
    assert question.columns == ("Infusion date", "Death date") and not question.chosen
    assert _os(made.answered("date_order", "day first"))["P1"] == (dt.date(2023, 3, 2) - dt.date(2022, 2, 1)).days
    settled = [[*row[:3], "25/12/2023"] for row in rows[1:]]
    other = draft(text_table([rows[0], *settled]))
    assert asked(other, "date_order") is None and other.mapping.date_order == "day first"


def test_a_template_with_dates_as_text_is_read_by_its_columns():
    rows = [
        ["patient_id", "arm", "infusion_date", "last_contact_date"],
        ["P1", "A", "25.04.2022", "28/02/2023"],
        ["P2", "B", "1.5.2022", "02/03/2023"],
    ]
    made = draft(xlsx({"Patients": rows}), "t.xlsx")
    assert _os(made) == {
        "P1": (dt.date(2023, 2, 28) - dt.date(2022, 4, 25)).days,
        "P2": (dt.date(2023, 3, 2) - dt.date(2022, 5, 1)).days,
    }


def test_each_column_keeps_the_order_that_it_shows():
    assert (
        order_in(["13/04/2021"]) == "day first"
        and order_in(["04/13/2021"]) == "month first"
        and order_in(["04/03/2021"]) == ""
    )
    assert date_coder("day first", ["04/13/2021", "04/03/2021"])("04/03/2021").value == dt.date(2021, 4, 3)


def test_years_of_two_digits_are_told_once_a_column():
    rows = [["ID", "Infusion date", "Death date"], *([f"P{n}", f"2{n}.03.21", f"2{n}.05.22"] for n in range(1, 7))]
    made = draft(text_table(rows))
    reported = [each for each in made.opened.findings if "year of two digits" in each.problem]
    assert len(reported) == 2 and _os(made)["P1"] == (dt.date(2022, 5, 21) - dt.date(2021, 3, 21)).days
