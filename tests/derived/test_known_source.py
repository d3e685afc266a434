"""By what groups can be formed that become known after the infusion."""

import numpy as np
import pytest
from golden.cohorts import STUDY, arms, by, cohort, example, nobody, selected, synthetic

from lib.derived.exposure import became_known, known_sources


def labels(made, grouping="arm"):
    return [source.label for source in known_sources(made, by(made, grouping))]


def test_the_grouping_itself_comes_first_where_it_can_be_formed_anew():
    assert labels(example()) == [
        "Arm, as known then",
        "Start of maintenance",
        "Start of Pomalidomide",
        "PR or better",
        "CR or better",
        "CRS grade ≥ 2",
        "CRS grade ≥ 3",
        "ICANS grade ≥ 2",
        "ICANS grade ≥ 3",
    ]
    assert labels(example(), "emd")[0] == "Start of maintenance"


def test_three_arms_cannot_be_formed_anew_but_their_therapies_can():
    first = labels(synthetic())[:3]
    assert first[0] == "Start of maintenance"
    assert set(first[1:]) == {"Start of Lenalidomide", "Start of Pomalidomide"}


def test_what_was_over_by_the_infusion_and_empty_tables_offer_nothing():
    therapies = [{"patient_id": "a1", "kind": "bridging", "therapy": "Dexamethasone", "start_day": -20}]
    assert labels(cohort(arms(A=["a1"], B=["b1"]), therapies=therapies)) == []


def test_keys_differ_and_do_not_depend_on_the_selection():
    sources = known_sources(example(), by(example()))
    assert len({source.key for source in sources}) == len(sources)
    assert known_sources(nobody(example()), by(example())) == sources
    assert known_sources(selected(example(), "arm=Control"), by(example())) == sources


@pytest.mark.parametrize(
    ("label", "first", "n"),
    [
        ("Arm, as known then", 30, 8),
        ("Start of maintenance", 30, 8),
        ("CR or better", 61, 4),
        ("CRS grade ≥ 2", None, None),
    ],
)
def test_each_source_gives_its_days(label, first, n):
    made, split = selected(example()), by(example())
    source = next(each for each in known_sources(made, split) if each.label == label)
    known = became_known(made, split, source)
    assert len(known.day) == made.n
    if n:
        assert int(known.day.notna().sum()) == n and known.day.min() >= first


def test_a_filter_that_leaves_nobody_with_a_course_does_not_make_the_therapy_unknown():
    made, split = selected(example(), "arm=Control"), by(example())
    known = became_known(made, split, known_sources(made, split)[0])
    assert known.label == "Pomalidomide" and np.isnan(known.day).all()


def test_a_grouping_that_cannot_be_formed_anew_is_an_error():
    made = cohort(arms(A=["a1"], B=["b1"]), STUDY)
    source = known_sources(example(), by(example()))[0]
    with pytest.raises(ValueError, match="known before the infusion"):
        became_known(made, by(made), source)
