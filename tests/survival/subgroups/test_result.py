"""Subgroups: the same comparison within levels, which patients are in them, and what is not compared."""

import pytest
from golden.cohorts import by, example, nobody, selected, synthetic

from lib.survival.subgroups.result import splits_of, subgroups
from survival.data_sets import data_set, outcome, pairs


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
