"""Which endpoints are offered: given ones first, derived ones where the opened cohort's tables allow."""

from derived.courses import made
from golden.cohorts import example, nobody, selected, synthetic

from lib.cohort.endpoint_choice import offered_efs_events, offered_endpoints, offered_incidences, offered_origins

SURVIVAL = {"ttp": {"a": (5, 1)}, "os": {"a": (9, 1)}}


def test_given_first_then_derived():
    assert offered_endpoints(example()) == ("ttp", "os", "dor", "efs")
    assert offered_endpoints(synthetic()) == ("pfs", "os", "dor", "efs")
    assert offered_endpoints(made("a", **SURVIVAL, dor={"a": (3, 1)}, time_to_icu={"a": (1, 0)})) == (
        "os",
        "ttp",
        "dor",
        "time_to_icu",
        "efs",
    )


def test_nothing_is_offered_that_the_tables_do_not_tell():
    assert offered_endpoints(made("a", os={"a": (9, 1)})) == ("os",)
    assert "efs" not in offered_endpoints(made("a", pfs={"a": (5, 1)}, os={"a": (9, 1)}))  # it would be PFS once more
    assert "dor" not in offered_endpoints(made("a", os={"a": (9, 1)}, responses=[("a", 30, "PR")]))
    assert "dor" not in offered_endpoints(made("a", **SURVIVAL, responses=[("a", 30, "SD")]))
    assert offered_endpoints(made("a")) == ()


def test_a_subsequent_therapy_offers_time_to_next_treatment():
    cohort = made("a", **SURVIVAL, therapies=[("a", "subsequent", "X", 50)])
    assert "ttnt" in offered_endpoints(cohort) and "ttnt" in offered_incidences(cohort)
    assert offered_efs_events(cohort) == ("progression", "death", "new therapy")
    assert "ttnt" not in offered_endpoints(made("a", ttp={"a": (5, 1)}, therapies=[("a", "subsequent", "X", 50)]))


def test_another_infusion_is_an_event_that_can_be_chosen():
    cohort = made("a", **SURVIVAL, infusions=[("a", 1, 0), ("a", 2, 60)])
    assert offered_efs_events(cohort) == ("progression", "death", "another infusion")


def test_apheresis_is_offered_where_a_therapy_names_it():
    assert offered_origins(made("a", **SURVIVAL)) == ("infusion",)
    assert offered_origins(made("a", **SURVIVAL, therapies=[("a", "other", "Leukapheresis", -30)])) == (
        "infusion",
        "apheresis",
    )


def test_competing_risks_need_survival():
    assert offered_incidences(example()) == ("ttp", "response", "complete_response", "best_response")
    assert offered_incidences(synthetic()) == ("pfs", "response", "complete_response", "best_response")
    assert offered_incidences(made("a", ttp={"a": (5, 1)}, responses=[("a", 3, "CR")])) == ()


def test_the_offer_is_that_of_the_opened_cohort():
    for part in (nobody(example()), selected(example(), "emd=yes"), selected(example())):
        for offer in (offered_endpoints, offered_incidences, offered_efs_events, offered_origins):
            assert offer(part) == offer(example())
