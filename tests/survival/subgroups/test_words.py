"""The forest against R, and what is said of how many comparisons were looked at."""

import pytest
from golden.cohorts import example, synthetic
from golden.reference import golden, same

from lib.survival.bias import ARM_BIAS
from lib.survival.subgroups.figure import forest_figure
from lib.survival.subgroups.result import splits_of, subgroups
from survival.data_sets import data_set, no_null_without_reason, outcome, pairs, rows


def figure(cohort, names, grouping="arm", *where, cut=65.0, **asked):
    part, found = outcome(cohort, grouping, *where, **asked)
    return forest_figure(subgroups(part, found, splits_of(cohort, names, cut)))


def ratios(row):
    return [row[name] for name in ("hazard_ratio", "hazard_ratio_low", "hazard_ratio_high", "p")]


def expected(level):
    return [same(level[name]) for name in ("hr", "low", "high", "p")]


def test_lung_by_sex_within_age_is_rs():
    found = rows(figure(data_set("lung"), ("age_years",), cut=66.0))  # R: age > 65
    levels = golden("cox")["subgroups"]["lung_age_65"]
    assert ratios(found[1]) == expected(levels["younger"]) and ratios(found[2]) == expected(levels["older"])
    assert [row["interaction_p"] for row in found] == [None] + 2 * [same(golden("cox")["interactions"]["lung_age_65"]["p"])]  # fmt: skip
    assert (found[2]["n"] + found[2]["n_reference"], found[2]["events"] + found[2]["events_reference"]) == (92, 73)


def test_veteran_within_cell_types_is_rs():
    found = rows(figure(data_set("veteran"), ("celltype",)))
    levels = golden("cox")["subgroups"]["veteran_celltype"]
    assert {row["level"]: ratios(row) for row in found[1:]} == {name: expected(level) for name, level in levels.items()}
    assert found[1]["interaction_p"] == same(golden("cox")["interactions"]["veteran_celltype"]["p"])


def test_ovarian_within_residual_disease_is_rs_as_far_as_there_are_events():
    found = rows(figure(data_set("ovarian"), ("resid_ds",)))
    given = [row for row in found[1:] if row["hazard_ratio"] is not None]
    assert all(row["method"].startswith("Firth") for row in given)  # 12 events in two levels
    assert found[0]["hazard_ratio"] == same(0.5508019073)
    if all(row["events"] + row["events_reference"] >= 5 for row in found[1:]):
        assert found[1]["interaction_p"] == same(golden("cox")["interactions"]["ovarian_resid"]["p"])
    else:
        assert "interaction_p: fewer than 5 events" in found[1]["reason"]


def test_how_many_were_looked_at_is_said():
    notes = figure(synthetic(), ("emd", "sex", "prior_lines"), endpoint="pfs").notes
    assert any(note.startswith("Looked at: 8 subgroups of 3 variables, 2 interactions tested.") for note in notes)
    assert notes[0].startswith(ARM_BIAS)
    none = figure(synthetic(), (), endpoint="pfs").notes
    assert none[-1].startswith("No variable to look at")


def test_late_and_undated_variables_are_warned_of():
    notes = figure(synthetic(), ("arm", "iss_stage"), "emd", endpoint="pfs").notes
    assert "Arm: known after infusion: subgroups of it are biased." in notes
    assert any(note.startswith("iss stage: not stated when it was known") for note in notes)


def test_no_p_value_stands_in_the_heading_and_the_alt_text_tells_every_line():
    found = figure(example(), ("emd",), endpoint="ttp")
    (heading,) = found.tables["heading"]["text"]
    assert heading == f"Time to progression: 16 patients, 12 events.\n{ARM_BIAS}"
    assert "Extramedullary disease: no 0.421 (0.0432–2.05), yes not estimable (Control is described" in found.alt and "interaction p = 0.2199" in found.alt  # fmt: skip
    assert "p =" not in figure(data_set("lung"), ("age_years",)).tables["heading"]["text"][0]


def test_each_test_is_told():
    lines = figure(example(), ("emd",), endpoint="ttp").tests
    assert [line.comparison for line in lines] == [
        "Pomalidomide v Control", "Pomalidomide v Control by Extramedullary disease",
        "Pomalidomide v Control, Extramedullary disease no", "Pomalidomide v Control, Extramedullary disease yes",
    ]  # fmt: skip
    assert all((line.p is None) == bool(line.reason) for line in lines)


@pytest.mark.parametrize("made", [example(), synthetic(), pairs(4, 4, 2, 2), pairs(5, 5, 0, 5)])
@pytest.mark.parametrize("names", [(), ("emd", "age_years", "prior_lines")])
def test_every_null_has_its_reason(made, names):
    for endpoint in made.endpoint_names:
        no_null_without_reason(figure(made, names, endpoint=endpoint))
