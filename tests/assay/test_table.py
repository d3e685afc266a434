"""The tables: what is printed is what was computed; the test of the figure stands among the others."""

from assay.made import doses, series, series_of
from lib.assay.figure import assay_figure
from lib.assay.result import all_tests, assay
from lib.assay.table import assay_table, sensitivity_table


def test_means_sd_and_every_value():
    table = assay_table(assay(series()["killing"]))
    assert table.header == ("Time, hours", "Dose, µg/mL", "n (wells)", "Mean, %", "SD", "Values")
    assert [row[1] for row in table.rows] == ["0", "1", "2.5", "5"]
    assert table.rows[0][2:4] == ("3", "40.5") and table.rows[0][5].count(";") == 2 and not table.of_patients


def test_every_pair_once_those_with_the_control_first():
    result = assay(series()["killing"])
    table = sensitivity_table(result, all_tests(result))
    assert [row[0] for row in table.rows] == [
        "all 4 groups",
        "1 v 0",
        "2.5 v 0",
        "5 v 0",
        "2.5 v 1",
        "5 v 1",
        "5 v 2.5",
    ]
    assert table.id == "assay.killing.sensitivity" and "Sensitivity analyses" in table.title
    assert table.rows[0][1].startswith("ANOVA p") and "Kruskal-Wallis p" in table.rows[0][1]
    assert table.rows[1][1] == "9.65 (6.66 to 12.6)" and table.rows[4][1].startswith("−")
    dunnett = result.families[0].dunnett[0]
    assert table.numbers.rows[0][4] == dunnett.difference.value and table.numbers.rows[0][9] == dunnett.test.p
    assert table.rows[4][2:5] == ("–", "–", "–") and "*" not in str(table.rows) + table.caption


def test_a_family_a_time():
    result = assay(series()["survival_live_cells"])
    table = sensitivity_table(result, all_tests(result))
    assert len(table.rows) == 4 * 11 and len(table.numbers.rows) == 4 * 10
    assert {row[0] for row in table.rows} == {"1 day", "2 days", "3 days", "4 days"}


def test_what_was_not_done_says_why():
    result = assay(series_of(*doses({0: (1,), 1: (2,)})))
    table = sensitivity_table(result, all_tests(result))
    assert table.rows[1][2] == "–" and any("no group has two values" in note for note in table.notes)
    assert assay_table(result).rows[0][-2] == "–"


def test_stars_stand_beside_p_only_where_they_are_asked_for():
    result = assay(series()["killing"])
    plain, starred = (sensitivity_table(result, all_tests(result), stars) for stars in (False, True))
    assert "***" not in str(plain.rows) + plain.caption
    assert starred.rows[1][4].endswith("***") and "*** p < 0.001" in starred.caption
    figures = [assay_figure(result, stars=stars) for stars in (False, True)]
    assert ["*" in " ".join(figure.tables["cell"]["text"]) for figure in figures] == [False, True]
    assert ["p < 0.001" in figure.caption for figure in figures] == [False, True]
