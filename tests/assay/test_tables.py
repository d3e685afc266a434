"""The tables of an assay, and what is said of it."""

import pytest

from assay.made import doses, series, series_of
from lib.assay.dose_figure import AssayLook, assay_figure
from lib.assay.means import all_tests, assay, assay_table, headline, limits, mean_and_sd, notes, stars, with_stars
from lib.assay.sensitivity import sensitivity_table
from lib.publication.number import p_value


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
    figures = [assay_figure(result, AssayLook(stars=stars)) for stars in (False, True)]
    assert ["*" in " ".join(figure.tables["cell"]["text"]) for figure in figures] == [False, True]
    assert ["p < 0.001" in figure.caption for figure in figures] == [False, True]


@pytest.mark.parametrize(
    "p, signs", [(0.05, ""), (0.0499, "*"), (0.01, "*"), (0.0099, "**"), (0.001, "**"), (0.0009, "***"), (None, "")]
)
def test_stars(p, signs):
    assert stars(p) == signs
    assert with_stars(p) == f"{p_value(p)} {signs}".strip() and with_stars(p, shown=False) == p_value(p)


def test_the_finding_names_means_and_control_and_no_p():
    finding, warning = headline(assay(series()["killing"]))
    assert (
        finding
        == "Killing, % with Pomalidomide at 3 hours: lowest and highest mean 45.2 at 5 µg/mL and 50.1 at 1 µg/mL;"
        " control (0 µg/mL) 40.5."
    )
    assert (
        warning
        == "3 replicates of one experiment: the p-values describe the repeatability of this assay, not of patients."
    )


def test_notes_and_captions_say_what_was_done():
    result = assay(series()["survival_live_cells"])
    over_time, by_dose = assay_figure(result), assay_figure(result, AssayLook(4.0))
    assert (
        over_time.caption == "Small open symbols, wells (n = 60); lines, means; bars, SD; p, Dunnett against 0 µg/mL."
    )
    assert "Dunnett's two-sided test against the control (0 µg/mL)" in over_time.method
    assert "at each time separately" in over_time.method
    assert "not of patients" in over_time.method and "4 families" in over_time.method
    sensitivity = sensitivity_table(result, all_tests(result))
    assert not notes(result) and not assay_table(result).notes, "once a page: the warning stands above the figure"
    assert all("not of patients" in each.method for each in (assay_table(result), sensitivity))
    assert "over time" in over_time.alt and assay_figure(assay(series()["killing"])).title == "Killing"
    said = " ".join((over_time.caption, over_time.method, *limits(result), *headline(result), by_dose.alt)).casefold()
    assert "significant" not in said


def test_small_assays_have_words_too():
    no_control = assay(series_of(*doses({1: (1, 2), 2: (3,)})))
    assert "No control is named" in assay_figure(no_control).method
    assert headline(no_control)[1].startswith("1 to 2 replicates of one experiment")
    assert [mean_and_sd(cell) for cell in no_control.cells] == ["1.5 ± 0.707", "3"]
    assert headline(assay(series_of(*doses({0: (1, 2)}))))[0] == "lysis: mean 1.5 at drug."


def test_every_test_is_told_with_its_name():
    result = assay(series()["killing"])
    lines = sensitivity_table(result, all_tests(result)).tests
    names = {line.name for line in lines}
    assert names == {
        "Dunnett's test",
        "one-way ANOVA",
        "Kruskal-Wallis test (exact)",
        "Student's t test",
        "Tukey's test (all pairs)",
        "Dunn's test (Holm)",
        "Conover-Iman test (Holm)",
    }
    assert len(lines) == 3 + 2 + 3 + 6 * 3 and all(line.n for line in lines)
