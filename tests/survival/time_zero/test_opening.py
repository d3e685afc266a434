"""What the tab says in each state, before anything is computed."""

from golden.cohorts import STUDY, arms, by, cohort, example

from lib.survival.time_zero.opening import opening


def said(study=STUDY, grouping="arm", **tables):
    made = cohort(arms(A=["a1"], B=["b1"]), study, **tables)
    return opening(made, by(made, grouping), "os").sentence


def test_groups_known_before_infusion_need_nothing_and_it_says_why():
    assert (
        said()
        == "Arm was known before the infusion, so every patient belongs to a group from time zero on: nothing needs to be done."
    )


def test_one_group_and_a_time_that_is_not_stated():
    assert said(grouping="-").startswith("All patients are one group")
    courses = [{"patient_id": "b1", "kind": "maintenance", "therapy": "B", "start_day": 61}]
    told = said(STUDY[:3], therapies=courses)
    assert told.startswith("Time of grouping not stated: say in the sidebar") and told.endswith(
        "began on day 61 (1 of 1 patients)."
    )
    assert said(STUDY[:3]).endswith("when Arm was known.")


def test_known_later_is_explained_or_the_reason_is_given():
    found = opening(example(), by(example()), "ttp")
    assert "became known by day 61" in found.sentence and found.own and found.sources[0].kind == "group"
    told = said((*STUDY[:3], ("known_at", "arm", 30)))
    assert told.startswith("No group of Arm can be found in Therapies") and told.endswith("became known later.")


def test_an_endpoint_that_does_not_count_from_the_infusion_offers_nothing():
    found = opening(example(), by(example()), "dor")
    assert found.sentence.startswith("Duration of response does not count") and found.sources == ()
