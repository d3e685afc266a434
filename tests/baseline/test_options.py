"""What a reader chooses of Table 1: rows, names, headings, levels, statistics, missing values, the total, standardised
differences."""

import json

import pytest
from golden.cohorts import EXAMPLE, arms, by, cohort, example, nobody, selected, synthetic
from golden.reference import golden, same

from lib.__main__ import CLEAN, main
from lib.baseline.characteristics import baseline, default_rows
from lib.baseline.table_one import TABLE_ONE
from lib.cohort.analysis import Analysis
from lib.publication.options import NotAllowed, offers, parsed

PAPER = {  # Yan et al., Table 1, as its authors print it, percentages apart
    "rows": "age_years|sex|high_risk_cytogenetics|emd|prior_lines|prior_imid|prior_asct|kps_below_60|disease_status",
    "statistic": "median_range",
    "p_values": "yes",
    "each_level": "yes",
    "as_published": "yes",
    "month_1": "yes",
    "labels": (
        "sex:Male|emd:EMD|prior_imid:Previous treatment with IMiDs|disease_status:Disease status before infusion, PD"
    ),
    "levels": "sex:M|disease_status:PD|month_1:PR;VGPR",
}


def analysis_of(made, grouping="arm"):
    return Analysis(made, selected(made), by(made, grouping), "months")


def table(analysis, **options):
    known = {offer.name: offer for offer in offers(TABLE_ONE.options, analysis)}
    return TABLE_ONE.make(analysis, None, {name: parsed(known[name], text) for name, text in options.items()})


def first_column(made):
    return [row[0] for row in made.rows]


def test_table_1_of_the_paper_row_by_row():
    made = table(analysis_of(example()), **PAPER)
    assert [(row[0].strip(), *(cell.split(" (")[0] for cell in row[1:4]), row[4]) for row in made.rows] == [
        ("Age, years", "57.5", "59.0", "56.0", "0.72"),
        ("Male", "6", "3", "3", ">0.99"),
        ("High-risk cytogenetics", "7", "3", "4", ">0.99"),
        ("EMD", "7", "2", "5", "0.31"),
        ("Prior lines of therapy", "", "", "", ""),
        ("3", "7", "4", "3", ">0.99"),
        ("4", "6", "3", "3", ">0.99"),
        ("≥5", "3", "1", "2", ">0.99"),
        ("Previous treatment with IMiDs", "16", "8", "8", "–"),
        ("Previous ASCT", "10", "5", "5", ">0.99"),
        ("KPS < 60", "7", "3", "4", ">0.99"),
        ("Disease status before infusion, PD", "16", "8", "8", "–"),
        ("Response at month 1 (day 28 ± 14), outcome after infusion", "", "", "", ""),
        ("PR", "8", "4", "4", ">0.99"),
        ("VGPR", "8", "4", "4", ">0.99"),
    ]
    assert made.rows[0][1:4] == ("57.5 (44–71)", "59.0 (44–65)", "56.0 (46–71)")


def test_rows_in_the_order_in_which_they_are_chosen():
    made = table(analysis_of(example()), rows="emd|age_years")
    assert first_column(made) == ["Extramedullary disease", "Age, years", "\u2003range", *first_column(made)[3:]]
    assert table(analysis_of(example()), rows="none", month_1="no").rows == ()


def test_what_infusions_give_is_a_row_as_usual_only_where_patients_differ():
    analysis = analysis_of(example())
    assert "product" not in default_rows(example(), analysis.grouping)
    assert "Product" in first_column(table(analysis, rows="product"))
    rows = [{"patient_id": patient, "infusion": 1, "product": product} for patient, product in (("a", "X"), ("b", "Y"))]
    differing = cohort(arms(A="ab", B="cd"), infusions=rows)
    made = table(analysis_of(differing))
    assert first_column(made) == ["Product", "\u2003X", "\u2003Y", "\u2003missing"]
    assert "Product missing: no row in Infusions (2)." in made.notes
    assert "Product: of infusion 1" in made.method
    assert "Product missing" not in " ".join(table(analysis_of(differing), missing="none").notes)


def test_headings_stand_once_above_rows_that_follow_each_other():
    made = table(
        analysis_of(example()),
        rows="sex|emd|prior_lines|prior_asct",
        headings="emd:Disease|prior_lines:Before|prior_asct:Before",
        month_1="no",
    )
    assert first_column(made) == [
        "Sex",
        "\u2003F",
        "\u2003M",
        "Disease",
        "\u2003Extramedullary disease",
        "Before",
        "\u2003Prior lines of therapy",
        "\u2003\u20033",
        "\u2003\u20034",
        "\u2003\u2003≥5",
        "\u2003Previous ASCT",
    ]


def test_levels_are_chosen_ordered_and_united():
    made = table(
        analysis_of(example()),
        rows="prior_lines",
        levels="prior_lines: >=5; 3 = 3 to 4; 4 = 3 to 4",
        p_values="yes",
        month_1="no",
    )
    assert [row[:3] for row in made.rows] == [
        ("Prior lines of therapy", "", ""),
        ("\u2003≥5", "3 (19 %)", "1 (13 %)"),
        ("\u20033 to 4", "13 (81 %)", "7 (88 %)"),
    ]
    assert {row[1]: row[3] for row in made.numbers.rows if row[2] == "Total"} == {">=5": 3, "3 to 4": 13}
    some = table(analysis_of(example()), rows="prior_lines", levels="prior_lines: 4; 3", month_1="no")
    assert first_column(some) == ["Prior lines of therapy", "\u20034", "\u20033"]
    assert [row[4] for row in some.numbers.rows if row[2] == "Total"] == [16, 16, 16]  # who is not shown still counts
    with pytest.raises(NotAllowed, match='Prior lines of therapy has no "6"'):
        table(analysis_of(example()), levels="prior_lines: 6")


@pytest.mark.parametrize(
    ("statistic", "cells"),
    [
        ("median_iqr_range", ["57.5 (53.0–62.2)", "44–71"]),
        ("median_iqr", ["57.5 (53.0–62.2)"]),
        ("median_range", ["57.5 (44–71)"]),
        ("mean_sd", ["57.2 (7.2)"]),
        ("both", ["57.2 (7.2)", "57.5 (53.0–62.2)"]),
    ],
)
def test_statistics(statistic, cells):
    made = table(analysis_of(example()), rows="age_years", statistic=statistic, month_1="no")
    assert [row[1] for row in made.rows] == cells
    own = table(analysis_of(example()), rows="age_years", statistics=f"age_years:{statistic}", month_1="no")
    assert [row[1] for row in own.rows] == cells
    assert own.rows[0][0] == (
        "Age, years" if statistic == "median_iqr_range" else f"Age, years, {cells_are(statistic)}"
    )


def cells_are(statistic):
    return {
        "median_iqr": "median (IQR)",
        "median_range": "median (range)",
        "mean_sd": "mean (SD)",
        "both": "mean (SD)",
    }[statistic]


def with_missing():
    people = [("a", "A", 50, "F"), ("b", "A", None, "M"), ("c", "B", 70, None), ("d", "B", 60, "F")]
    return cohort(
        [{"patient_id": patient, "arm": arm, "age_years": age, "sex": sex} for patient, arm, age, sex in people]
    )


def test_missing_values_as_a_row_a_note_or_not():
    analysis = analysis_of(with_missing())
    assert first_column(table(analysis)).count("\u2003missing") == 2
    noted = table(analysis, missing="note")
    assert "\u2003missing" not in first_column(noted) and "Missing: Age 1, Sex 1." in noted.notes
    assert table(analysis, missing="none").notes == () and "\u2003missing" not in first_column(
        table(analysis, missing="none")
    )


def test_the_total_first_last_or_not():
    analysis = analysis_of(example())
    total, groups = "Total (n = 16)", ("Control (n = 8)", "Pomalidomide (n = 8)")
    assert table(analysis).header[1:] == (total, *groups)
    assert table(analysis, total="last", p_values="yes").header[1:] == (*groups, total, "p", "Test")
    assert (
        table(analysis, total="none").header[1:] == groups
        and table(analysis, total="none").rows[0][1] == "59.0 (55.2–63.2)"
    )
    assert table(analysis_of(example(), "-"), total="none").header[1:] == (total,)


def test_standardised_differences_where_the_groups_were_known_at_infusion():
    late, early = analysis_of(example()), analysis_of(example(), "emd")
    assert "SMD" not in table(late).header and table(early).header[-1] == "SMD"
    made = table(late, smd="yes", rows="age_years|prior_lines", p_values="yes")
    assert made.header[-3:] == ("SMD", "p", "Test") and [row[-3] for row in made.rows[:3]] == ["0.19", "", "0.35"]
    assert made.rows[-1][-3] == ""  # an outcome has none
    found = {(row[0], row[2]): row[-1] for row in made.numbers.rows}
    assert (
        found["Age", "Total"] == same(golden("standardised")["age"])
        and found["Age", "Control"] == found["Age", "Total"]
    )
    assert found["Prior lines of therapy", "Total"] == same(golden("standardised")["three levels"])
    assert "largest of all pairs of groups" in table(analysis_of(synthetic()), smd="yes").caption


def test_a_difference_that_is_not_estimable_is_a_dash():
    made = table(analysis_of(cohort([*people("A", "F"), *people("B", "M")])))
    assert [row[-1] for row in made.rows] == ["–", "", ""]


def people(arm, sex):
    return [{"patient_id": f"{arm}{number}", "arm": arm, "sex": sex} for number in range(3)]


@pytest.mark.parametrize(
    "options", [{}, {"statistic": "both", "smd": "yes", "p_values": "yes", "missing": "note", "total": "last"}]
)
def test_nobody_one_patient_and_all_missing(options):
    whole = example()
    for part in (nobody(whole), selected(whole, "age_years=71..71")):
        made = table(Analysis(whole, part, by(whole), "months"), **options)
        assert {len(row) for row in made.rows} == {len(made.header)}
    some = cohort([{"patient_id": "a", "arm": "A", "sex": "F"}, {"patient_id": "b", "arm": "B"}])
    made = table(Analysis(some, selected(some, "arm=B"), by(some), "months"), **options)
    assert {len(row) for row in made.rows} == {len(made.header)}
    assert ["\u2003F", "0", "0", "0"] in [[*row[:4]] for row in made.rows]


def test_by_product_from_the_command_line(tmp_path):
    run = [
        "report",
        str(EXAMPLE.parent / "complete_cohort.xlsx"),
        "--out",
        str(tmp_path),
        "--formats",
        "",
        "--only",
        "baseline.table_one",
    ]
    asked = ["--by", "product", "--where", "dose=0.5..3", "--set", "baseline.table_one.rows=bridging|dose_per_kg"]
    assert main([*run, *asked]) == CLEAN
    made = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    rows = made["exhibits"][0]["table"]["rows"]
    assert "Dose per kg 0.5 to 3" in made["provenance"]["selection"]
    assert [row[:5] for row in rows if row[1] in (None, "yes")] == [
        ["Bridging therapy", "yes", "Total", 25, 40],
        ["Bridging therapy", "yes", "Product A", 6, 10],
        ["Bridging therapy", "yes", "Product B", 19, 30],
        ["Dose per kg", None, "Total", 40, 40],
        ["Dose per kg", None, "Product A", 10, 10],
        ["Dose per kg", None, "Product B", 30, 30],
    ]


def test_merged_levels_are_what_is_tested():
    made = selected(example())
    united = baseline(
        made, by(example()), False, ["prior_lines"], {"prior_lines": [("3", "few"), ("4", "few"), (">=5", "many")]}
    ).rows[0]
    assert [level.n for level in united.levels] == [(13, 7, 6), (3, 1, 2)] and united.test.name == "Fisher's exact test"
