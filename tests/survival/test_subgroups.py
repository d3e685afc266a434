"""The comparison within subgroups against R, and what the forest plot says of it."""

import pytest
from golden.cohorts import by, example, nobody, selected, synthetic
from golden.reference import golden, same

from lib.survival.forest import forest_figure
from lib.survival.subgroups import splits_of, subgroups
from survival.data_sets import data_set, no_null_without_reason, outcome, pairs, rows


def forest(cohort, names, grouping="arm", *where, group="", cut=65.0, **asked):
    part, found = outcome(cohort, grouping, *where, **asked)
    return subgroups(part, found, splits_of(cohort, names, cut), group)


def half(name):
    return "yes" if int(name[1:]) % 2 else "no"


def test_the_levels_add_up_to_the_patients():
    found = forest(synthetic(), ("emd", "age_years", "sex"), endpoint="pfs")
    for split in found.splits:
        for side in (0, 1):
            assert sum(one.of[side][0] for one in split.levels) <= found.overall.of[side][0]
        assert sum(one.of[0][0] + one.of[1][0] for one in split.levels) + split.n_missing == found.n
    assert found.n_subgroups == 6


def test_one_pair_of_groups_at_a_time():
    first, other = (forest(synthetic(), ("emd",), endpoint="pfs", group=group) for group in ("", "Pomalidomide"))
    assert (first.group, first.reference, other.group) == ("Lenalidomide", "No maintenance", "Pomalidomide")
    assert (first.n, other.n) == (42, 41)


def test_age_is_split_at_the_given_cut_and_other_numbers_at_the_median_of_the_opened_cohort():
    made = synthetic()
    splits = splits_of(made, ("age_years", "ldh"), 60.0)
    assert splits[0][1].levels == ("< 60", "≥ 60") and splits[1][1].at_median
    filtered = forest(made, ("ldh",), "emd", "sex=F", endpoint="pfs")
    assert [one.level for one in filtered.splits[0].levels] == list(splits[1][1].levels)
    assert splits_of(made, ("no such column",)) == ()


def test_a_level_with_nobody_keeps_its_line():
    found = forest(example(), ("emd",), "arm", "emd=yes", endpoint="ttp")
    assert [one.level for one in found.splits[0].levels] == ["no", "yes"]
    assert found.splits[0].levels[0].of == ((0, 0), (0, 0)) and found.splits[0].levels[0].ratio.reason
    assert found.splits[0].interaction.reason == "fewer than two subgroups have patients"


def test_nobody_one_group_and_no_events():
    empty = nobody(example())
    found = subgroups(empty, outcome(empty)[1], splits_of(example(), ("emd", "age_years")))
    assert found.n == 0 and found.overall.ratio.reason and all(split.interaction.reason for split in found.splits)
    alone = forest(example(), ("emd",), "arm", "arm=Control")
    assert alone.overall.ratio.reason == "no patients in Pomalidomide" and alone.splits[0].interaction.p is None
    quiet = forest(pairs(6, 6, 0, 0, emd=half), ("emd",))
    assert all(one.ratio.value is None for one in quiet.splits[0].levels) and quiet.splits[0].interaction.p is None


@pytest.mark.parametrize("events", [10, 8])
def test_below_five_events_the_ratio_is_firths_with_few_events_and_there_is_no_interaction(events):
    found = forest(pairs(10, 10, events // 2, events // 2, emd=half), ("emd",))
    (split,) = found.splits
    assert [one.n_events for one in split.levels] == ([6, 4] if events == 10 else [4, 4])
    assert split.interaction.reason.startswith("fewer than 5 events with")
    assert split.levels[1].penalised and split.levels[1].ratio.note.startswith("few events (4)")


def test_a_covariate_that_nobody_has():
    part = selected(example())
    bare = part.with_tables(part.patients.assign(emd=None), part.tables)
    found = subgroups(bare, outcome(example())[1], splits_of(example(), ("emd",)))
    assert found.splits[0].n_missing == 16 and found.splits[0].interaction.p is None


def test_everybody_is_compared_as_without_subgroups():
    found = forest(data_set("lung"), ())
    assert found.splits == () and found.overall.ratio.value == pytest.approx(0.5880028186, rel=1e-6)
    assert by(data_set("lung")).reference_name == found.reference


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
    assert [row["interaction_p"] for row in found] == [None] + 2 * [
        same(golden("cox")["interactions"]["lung_age_65"]["p"])
    ]
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
    method = figure(synthetic(), ("emd", "sex", "prior_lines"), endpoint="pfs").method
    assert "8 subgroups of 3 variables, 2 interactions tested: not adjusted" in method and "immortal time" in method
    none = figure(synthetic(), (), endpoint="pfs").notes
    assert none[-1].startswith("No variable to look at")


def test_late_and_undated_variables_are_warned_of():
    notes = figure(synthetic(), ("arm", "iss_stage"), "emd", endpoint="pfs").notes
    assert "Arm: known after infusion: subgroups of it are biased." in notes
    assert any(note.startswith("iss stage: not stated when it was known") for note in notes)


def test_no_p_value_stands_in_the_heading_and_the_alt_text_tells_every_line():
    found = figure(example(), ("emd",), endpoint="ttp")
    assert found.tables["heading"]["text"].tolist() == ["Time to progression"] and "n = 16, 12 events" in found.caption
    assert (
        "Extramedullary disease: no 0.42 (0.043–2.05), yes not estimable (Control is described" in found.alt
        and "interaction p = 0.22" in found.alt
    )
    assert "p =" not in figure(data_set("lung"), ("age_years",)).tables["heading"]["text"][0]


def test_each_test_is_told():
    lines = figure(example(), ("emd",), endpoint="ttp").tests
    assert [line.comparison for line in lines] == [
        "Pomalidomide v Control",
        "Pomalidomide v Control by Extramedullary disease",
        "Pomalidomide v Control, Extramedullary disease no",
        "Pomalidomide v Control, Extramedullary disease yes",
    ]
    assert all((line.p is None) == bool(line.reason) for line in lines)


@pytest.mark.parametrize("made", [example(), synthetic(), pairs(4, 4, 2, 2), pairs(5, 5, 0, 5)])
@pytest.mark.parametrize("names", [(), ("emd", "age_years", "prior_lines")])
def test_every_null_has_its_reason(made, names):
    for endpoint in made.endpoint_names:
        no_null_without_reason(figure(made, names, endpoint=endpoint))
