"""Until when a patient is free of progression (and alive): one source for everybody, named."""

from golden.cohorts import example, nobody

from derived.courses import all_of, made, reported
from lib.derived.best_response import NOT_ASSESSED, ends


def found(with_death, ids="abc", **tables):
    ended = ends(all_of(made(ids, **tables)), with_death)
    return ended.source, reported(ended.table, "day", "event", "problem")


TTP = {"a": (100, 1), "b": (100, 0), "c": (100, 0)}
OS = {"a": (200, 1), "b": (150, 1), "c": (160, 0)}


def test_pfs_as_it_is_given_comes_first():
    assert found(True, pfs={"a": (90, 1), "b": (150, 1)}, ttp=TTP, os=OS) == (
        "PFS",
        {"a": (90, 1, ""), "b": (150, 1, ""), "c": (None, None, "no progression-free survival recorded")},
    )


def test_death_of_any_cause_ends_what_had_not_ended():
    assert found(True, ttp=TTP, os=OS) == ("TTP and OS", {"a": (100, 1, ""), "b": (150, 1, ""), "c": (100, 0, "")})


def test_without_death_the_dead_are_censored_and_those_censored_at_death_marked():
    ended = ends(all_of(made("abc", ttp=TTP, os={"a": (200, 1), "b": (100, 1), "c": (160, 1)})), with_death=False)
    assert reported(ended.table, "event", "censored_at_death") == {"a": (1, False), "b": (0, True), "c": (0, False)}


def test_pfs_without_death_needs_the_cause():
    source, table = found(
        False,
        pfs={"a": (100, 1), "b": (100, 1), "c": (100, 1)},
        os={"a": (200, 0), "b": (100, 1, "infection"), "c": (100, 1)},
    )
    assert source == "PFS and its causes"
    assert (table["a"], table["b"][:2]) == ((100, 1, ""), (100, 0)) and "day of death" in table["c"][2]


def test_assessments_where_the_workbook_gives_no_endpoint():
    responses = [
        ("a", -5, "PD"),
        ("a", 30, "PR"),
        ("a", 90, "PD"),
        ("a", 120, "PD"),
        ("b", 30, "SD"),
        ("b", 60, "NE"),
        ("c", -9, "PD"),
    ]
    assert found(False, responses=responses) == (
        "Responses",
        {"a": (90, 1, ""), "b": (30, 0, ""), "c": (None, 0, NOT_ASSESSED)},
    )
    assert found(True, responses=responses, os={"a": (300, 1), "b": (45, 1), "c": (20, 1)}) == (
        "Responses and OS",
        {"a": (90, 1, ""), "b": (45, 1, ""), "c": (20, 1, "")},
    )


def test_survival_that_is_not_known_is_said():
    _, table = found(True, ttp=TTP, os={"a": (200, 1), "b": (150, 1)})
    assert table["c"][2] == "no overall survival recorded" and table["a"] == (100, 1, "")


def test_nobody():
    for with_death in (True, False):
        assert len(ends(nobody(example()), with_death).table) == 0
