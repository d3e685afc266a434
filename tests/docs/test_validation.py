"""docs/validation.md is what the program computes now, and every line of it agrees with R."""

import re

import pytest
from golden.reference import DATA_SETS, SEED
from validation.curves import TITLES
from validation.line import Line
from validation.page import PAGE, page, validation
from validation.second_oracle import KNOWN, known_difference, second_oracle
from validation.shown import EXEMPT, statistics, words_of, words_of_test


@pytest.fixture(scope="module")
def lines():
    return validation()


def test_every_number_agrees_with_r(lines):
    assert [line for line in lines if not line.agrees] == []


def test_lifelines_agrees_with_r_but_for_what_is_named(lines):
    of_r = {(line.data, line.statistic): line for line in lines}
    numbers = second_oracle()
    assert len(numbers) > 100 and numbers.keys() <= of_r.keys()
    beside = [Line(*key, "", value, of_r[key].theirs) for key, value in numbers.items()]
    differing = [line for line in beside if not line.agrees]
    assert [line for line in differing if not known_difference(line.statistic)] == []
    assert all(any(line.statistic.startswith(name) for line in differing) for name in KNOWN), "a named error is gone"


def test_the_page_is_up_to_date(lines):
    """Last digits may differ between processors: the page is compared without what is computed here and the digits of
    agreement."""
    assert _without_ours(PAGE.read_text(encoding="utf-8")) == _without_ours(page(lines)), "run: make validate"


def test_every_data_set_and_kind_of_statistic_stands_in_it(lines):
    data = {line.data for line in lines}
    assert {TITLES.get(name, name) for name in (*DATA_SETS, *SEED)} | {"mgus2", "heart"} <= data
    said = " ".join(line.statistic for line in lines)
    for word in (
        "median",
        "S(t)",
        "log-rank",
        "Peto",
        "MaxCombo",
        "permutation",
        "Wald",
        "likelihood-ratio",
        "proportional hazards",
        "restricted mean",
        "Firth",
        "interaction",
        "Holm",
        "cumulative incidence",
        "Gray",
        "subdistribution",
        "cause-specific",
        "Mantel-Byar",
        "landmark",
        "Simon-Makuch",
        "follow-up",
        "difference of the curves",
        "late entry",
        "trend",
        "stratified",
    ):
        assert word in said, word
    assert sum(line.count for line in lines) >= 3000 and len(data) >= 40


def test_every_statistic_that_can_be_shown_has_a_line(lines):
    """The list comes from the exhibits; a column or test of which nothing is said, or whose words no line has,
    fails."""
    said = {line.statistic for line in lines}
    listed = list(statistics())
    assert len(listed) > 300
    assert [statistic for statistic, words in listed if words is None] == [], (
        "say in tests/validation/shown.py what stands for it"
    )
    without = {
        words for _, words in listed if words and words not in EXEMPT and not any(words in each for each in said)
    }
    assert not without, "no line of docs/validation.md has these words"
    assert words_of("survival.os.summary", "a_new_statistic") is None and words_of_test("a new test") is None


def test_a_wrong_number_is_seen():
    assert not Line("lung", "p", "survdiff", 0.001311, 0.00131116452).agrees
    assert not Line("lung", "median", "survfit", None, 310.0).agrees
    assert not Line("lung", "median", "survfit", 310.0, None).agrees
    assert Line("lung", "median", "survfit", None, None).agrees
    assert Line("toy", "low", "coxphf", 0.000290774, 0.00029077).agrees  # as many digits as the reference keeps
    assert not Line("toy", "low", "coxphf", 0.00029079, 0.00029077).agrees


def _without_ours(text: str) -> str:
    return re.sub(r"\|[^|\n]*\|([^|\n]*)\|[^|\n]*\|[^|\n]*\|$", r"|\1|", text, flags=re.MULTILINE)
