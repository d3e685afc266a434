"""The printed comparison of infusions."""

from dataclasses import replace

from lib.patient.comparison import expansions
from lib.patient.panels.panel import cell_panels
from lib.patient.panels.value import values
from lib.patient.table import comparison_table, printed_fold
from patient.cases import NAMES, case, case_course


def table(name):
    shown = cell_panels(case(name))
    return comparison_table(expansions(values(case_course(name), shown), shown), case_course(name))


def test_it_prints_the_published_numbers_and_marks_what_is_derived():
    made = table(NAMES[0])
    assert made.rows[0] == ("CAR transgene (qPCR), blood", "2", "11,600 copies/µg DNA", "6", "331.4 †", "35", "–")
    assert made.rows[1] == (
        "CAR transgene (qPCR), blood",
        "3",
        "147,000 copies/µg DNA",
        "5",
        "32.71 †",
        "4,494.3",
        "12.67",
    )
    assert made.rows[4][2:] == ("52.5 % of T cells", "–", "–", "–", "7.60")
    assert made.notes == (
        "Day 1 of infusion 2, 3: derived, not measured (marked †).",
        "Day of peak not stated in the workbook: –.",
    )


def test_every_missing_number_has_its_reason():
    columns = [name for name, _ in table(NAMES[0]).numbers.columns]
    for row in table(NAMES[0]).numbers.rows:
        said = dict(zip(columns, row, strict=True))
        assert said["patient"] == "LEN-01" and (
            said["reason"] or None not in (said["fold"], said["ratio"], said["peak_day"])
        )


def test_a_fold_that_is_a_lower_limit_says_so():
    shown = cell_panels(case())
    each = expansions(values(case_course(), shown), shown)[0]
    assert (
        printed_fold(replace(each, fold=120.0, at_least=True)) == "≥ 120"
        and printed_fold(replace(each, fold=2.345)) == "2.35"
    )
