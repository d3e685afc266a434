"""The ledger of looking: what counts as one comparison, each once, adjusted for their number."""

import json

import pytest
from walking import ROOT

from lib import analysis, open_cohort
from lib.exhibits import attempts
from lib.ledger import Ledger, Look, exploratory, looks_of, sentence


@pytest.fixture(scope="module")
def cohort():
    return open_cohort(ROOT / "data" / "pomalidomide_cohort.xlsx")


def look(what="", p=0.02, **more):
    usual = {
        "family": "survival.os",
        "outcome": "Overall survival",
        "grouping": "Arm: A v B",
        "comparison": "A v B",
        "selection": "all patients",
        "test": "log-rank",
    }
    return Look(**{**usual, "what": what, "n": 16, "p": p, **more})


def seen(view, *only):
    """The looks of each of these exhibits."""
    return [looks_of(each, view.analysis) for each in attempts(view.analysis, only)]


def count(view, *only):
    ledger = Ledger()
    for looks in seen(view, *only):
        ledger = ledger.with_looks(looks)
    return len(ledger)


def test_nothing_looked_at_is_an_empty_table():
    table = Ledger().table()
    assert (table.rows, table.notes) == ((), ()) and table.caption.startswith("0 comparisons")
    assert Ledger.from_json([]) == Ledger()


def test_one_look_is_not_adjusted_and_the_same_again_is_none():
    ledger = Ledger().with_looks([look()])
    assert ledger.table().rows[0][-3:] == ("0.020", "0.020", "0.020")
    again = ledger.with_looks([look(p=0.7, test="Wald test", comparison="B v A", outcome="Survival")])
    assert again is ledger
    assert len(ledger.with_looks([look(selection="Sex: F")])) == len(ledger.with_looks([look("Sex F")])) == 2


def test_p_is_adjusted_for_all_that_have_one_in_the_order_of_looking():
    """Holm: 0.01 * 3, max with 0.02 * 2, max with 0.04; Benjamini-Hochberg: 0.01 * 3, min(0.02 * 3 / 2, ...), 0.04."""
    ledger = Ledger().with_looks([look("b", 0.04), look("none", None, reason="no events"), look("a", 0.01)])
    ledger = ledger.with_looks([look("c", 0.02), look("b", 0.5)])
    columns = [name for name, _ in ledger.table().numbers.columns]
    rows = [dict(zip(columns, row, strict=True)) for row in ledger.table().numbers.rows]
    assert [row["p"] for row in rows] == [0.04, None, 0.01, 0.02]
    assert [row["p_holm"] for row in rows] == [pytest.approx(0.04), None, pytest.approx(0.03), pytest.approx(0.04)]
    assert [row["p_benjamini_hochberg"] for row in rows] == [pytest.approx(0.04), None] + [pytest.approx(0.03)] * 2
    assert ledger.table().notes == (
        "3 of 3 p-values below 0.05; 0.2 or fewer expected if no groups differed.",
        "Not tested: Overall survival: none (A v B): no events.",
    )


def test_a_comparison_counts_once_however_it_is_analysed(cohort):
    view = analysis(cohort, by="arm")
    assert count(view, "survival.os", "survival.os.*", "cumulative_incidence.os*") == count(
        view, "survival.os", "survival.os.forest"
    )
    assert (
        count(
            view,
            "survival.os",
            "survival.os.summary",
            "survival.os.sensitivity",
            "survival.os.models",
            "survival.os.adjusted",
        )
        == 1
    )
    (curves,) = seen(view, "survival.os")
    assert curves[0].test.startswith("penalised") and curves[0].p == pytest.approx(
        0.0095966, abs=1e-6
    )  # as in the headline
    assert count(view, "response.rates", "response.best") == 4
    assert count(view, "toxicity.differences", "toxicity.volcano") == count(view, "toxicity.differences")
    assert count(view, "kinetics.profile", "kinetics.comparison", "kinetics.sensitivity") == 1
    assert count(view, "swimmer.plot", "toxicity.grades", "time_zero.*", "labs.*.shift") == 0


def test_renamed_and_reordered_groups_are_the_same_look(cohort):
    groups = {"groups": [["Kept", ["Pomalidomide"], ""], ["Not", ["Control"], ""]], "reference": "Not"}
    plain, renamed = analysis(cohort, by="arm"), analysis(cohort, by="arm", groups=groups)
    only = ("survival.os", "response.rates", "toxicity.table", "kinetics.summary", "survival.os.forest")
    ledger = Ledger()
    for looks in seen(plain, *only):
        ledger = ledger.with_looks(looks)
    assert len(ledger) > 40
    for looks in seen(renamed, *only):
        assert ledger.with_looks(looks) is ledger


def test_p_values_of_table_one_count_where_they_are_shown(cohort):
    view = analysis(cohort, by="arm")
    off = view.make("baseline.table_one", p_values=False).exhibit
    on = view.make("baseline.table_one", p_values=True).exhibit
    assert looks_of(off, view.analysis) == () and 5 < len(looks_of(on, view.analysis)) < len(on.tests)


def test_a_comparison_without_a_p_is_kept_with_the_reason(cohort):
    view = analysis(cohort, by="arm", where=["arm=Control"])
    ((alone,),) = seen(view, "survival.os")
    assert alone.p is None and alone.reason


def test_nothing_is_compared_without_groups(cohort):
    view = analysis(cohort, by="-")
    assert count(view, "survival.os", "survival.os.*", "response.*", "toxicity.*", "labs.*", "kinetics.[!e]*") == 0
    (looks,) = seen(view, "kinetics.expansion.crs_grade")
    assert [each.words for each in looks] == ["Cmax and worst grade of CRS"]


@pytest.mark.parametrize(
    ("asked", "exhibit", "expected"),
    [
        ({}, "survival.os", False),
        (
            {"by": "arm", "groups": {"groups": [["X", ["Pomalidomide"], ""], ["Y", ["Control"], ""]], "reference": ""}},
            "survival.os",
            False,
        ),
        ({"where": ["emd=no"]}, "survival.os", True),
        ({"by": "emd"}, "survival.os", True),
        ({}, "survival.os.forest", True),
        ({}, "toxicity.volcano", True),
    ],
)
def test_what_explores(cohort, asked, exhibit, expected):
    view = analysis(cohort, **asked)
    assert exploratory(view.make(exhibit).exhibit, view.analysis) is expected


def test_how_many_were_looked_at_is_one_sentence():
    one = Ledger().with_looks([look()])
    assert sentence(one.looks, one) == "1 of 1 comparison looked at so far in this session."
    two = one.with_looks([look("x")])
    assert sentence(two.looks[:1], two) == "1 of 2 comparisons looked at so far in this session."


def test_a_ledger_is_written_and_read(cohort):
    ledger = Ledger()
    for looks in seen(analysis(cohort, by="arm"), "survival.*", "kinetics.*"):
        ledger = ledger.with_looks(looks)
    assert Ledger.from_json(json.loads(json.dumps(ledger.to_json()))) == ledger
    first, *_ = ledger.to_json()
    for wrong in (
        {},
        {**first, "p": 2},
        {**first, "n": -1},
        {**first, "n": True},
        {**first, "test": 3},
        {**first, "x": 1},
        "look",
    ):
        with pytest.raises(ValueError, match="no look"):
            Ledger.from_json([wrong])


def test_of_how_few_patients_a_look_was_is_not_said_where_small_cells_are_masked():
    ledger = Ledger().with_looks([look("a"), look("b", 0.5)])
    (n,) = {each.n for each in ledger.looks}
    place = ledger.table().header.index("n")
    assert [row[place] for row in ledger.table(n).rows] == [str(n)] * 2
    hidden = ledger.table(n + 1)
    assert [row[place] for row in hidden.rows] == ["–"] * 2 and n not in {
        cell for row in hidden.numbers.rows for cell in row
    }
    assert [row[-1] for row in hidden.rows] == [row[-1] for row in ledger.table().rows]
