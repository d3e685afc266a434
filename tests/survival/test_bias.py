"""The time-zero banner: groups formed, and patients selected, by what was known only after the infusion."""

from functools import cache

import pytest
from golden.cohorts import by, example, selected

from lib.cohort.selected_by import SelectedBy
from lib.derived.known_source import KnownSource, became_known
from lib.survival.adjusted.result import adjusted
from lib.survival.adjusted.table import adjusted_table
from lib.survival.bias import ARM_BIAS, HEADING_WIDTH, bias, bias_heading, bias_notes, selection_bias, selection_notes
from lib.survival.competing.figure import incidence_figure
from lib.survival.competing.outcome import competing_outcome
from lib.survival.competing.result import competing
from lib.survival.competing.table import incidence_table, ratio_table
from lib.survival.competing.words import headline as incidence_headline
from lib.survival.difference.figure import difference_figure
from lib.survival.difference.result import difference
from lib.survival.figure import survival_figure
from lib.survival.milestone import milestones
from lib.survival.models.result import models
from lib.survival.models.table import models_table
from lib.survival.outcome import time_to_event
from lib.survival.panels.figure import PANEL_BIAS, panel_figure
from lib.survival.panels.result import panels
from lib.survival.result import survival
from lib.survival.sensitivity import sensitivity
from lib.survival.subgroups.figure import forest_figure
from lib.survival.subgroups.result import splits_of, subgroups
from lib.survival.table import milestones_table, sensitivity_table
from lib.survival.time_zero.figure import dependent_figure, landmark_figure
from lib.survival.time_zero.followed import Asked
from lib.survival.time_zero.opening import SELECTED, opening
from lib.survival.time_zero.result import three_analyses
from lib.survival.time_zero.table import time_zero_table
from lib.survival.time_zero.words import warning
from lib.survival.words import headline, summary_table

EVER = "Selected by CRS grade ≥ 1, known only after the infusion: biased by design."
MONTH = 30.4375


@cache
def chosen(*where):
    return selected(example(), *where)


@cache
def result(endpoint="ttp", grouping="emd", where=("crs>=1",)):
    return survival(time_to_event(chosen(*where), endpoint, by(example(), grouping), "months"), chosen(*where))


def heading(figure):
    return " ".join(figure.tables["heading"]["text"][0].split("\n"))


def test_the_words():
    late, undated, before = SelectedBy("CRS grade ≥ 3", float("inf")), SelectedBy("Ward"), SelectedBy("EMD", 0.0)
    assert selection_bias((before, undated)) == "" and selection_notes((before,)) == ()
    assert (
        selection_bias((late, before)) == "Selected by CRS grade ≥ 3, known only after the infusion: biased by design."
    )
    assert selection_notes((undated,)) == (
        "Not stated when Ward was known: if after the infusion, selecting by it biases the analysis.",
    )
    assert [note[:12] for note in selection_notes((late, undated))] == ["Selected by ", "Not stated w"]


def test_both_biases_are_told_and_a_long_one_in_lines():
    outcome = result(grouping="arm").outcome
    assert bias(outcome) == f"{ARM_BIAS} {EVER}" and bias(outcome, compares=False) == EVER
    assert bias_heading(outcome) == f"{ARM_BIAS}\n{EVER}" and len(bias_notes(outcome)) == 2
    long = result(
        where=("response>=PR by month 3", "received pomalidomide maintenance by day 91", "detectable at day 28")
    ).outcome
    assert len(bias_heading(long).split("\n")) > 1 and max(map(len, bias_heading(long).split("\n"))) <= HEADING_WIDTH


def test_a_headline_beside_a_biased_selection_has_no_p():
    assert headline(result())[1] == EVER and " p " not in headline(result())[0]
    assert headline(result(where=()))[1] == ""
    alone = headline(result(grouping="-"))
    assert alone[1] == EVER, "one group is selected by the future, too"


@pytest.mark.parametrize("endpoint", ["ttp", "os", "dor", "efs"])
def test_every_endpoint_gets_it(endpoint):
    figure = survival_figure(result(endpoint))
    assert EVER in heading(figure) and " p " not in heading(figure) and figure.notes[0].startswith(EVER)


def test_every_figure_and_table_of_time_to_event_says_it():
    found, cohort, grouping = result(), chosen("crs>=1"), by(example(), "emd")
    parted = competing(competing_outcome(cohort, "ttp", grouping, "months"))
    split = subgroups(cohort, found.outcome, splits_of(example(), ("sex",)))
    figures = [survival_figure(found), difference_figure(difference(found)), panel_figure(panels(found, cohort, by(example(), "sex"))),
               forest_figure(split), incidence_figure(parted)]  # fmt: skip
    for figure in figures:
        assert EVER in heading(figure) and " p " not in heading(figure), figure.id
    tables = [summary_table(found), milestones_table(found, milestones(found)), sensitivity_table(found, sensitivity(found, cohort)),
              models_table(models(found.outcome)), adjusted_table(adjusted(cohort, found.outcome, ("sex",))), incidence_table(parted), ratio_table(parted)]  # fmt: skip
    for exhibit in (*figures, *tables):
        assert any(note.startswith(EVER) for note in exhibit.notes), exhibit.id
    assert incidence_headline(parted)[1] == EVER
    assert figures[2].tables["panel"]["test"].tolist() == ["", ""]


def test_panels_formed_late_are_told_beside_a_late_selection():
    figure = panel_figure(panels(result(), chosen("crs>=1"), by(example())))
    assert EVER in heading(figure) and PANEL_BIAS in heading(figure)


def test_one_group_of_selected_patients_has_biased_models():
    table = models_table(models(result(grouping="-").outcome))
    assert table.notes == (selection_notes(result().outcome.selected_by)[0],)


@cache
def analyses(where, days):
    cohort, grouping = chosen(where), by(example())
    known = became_known(cohort, grouping, KnownSource("group", "", "arm"))
    return three_analyses(cohort, Asked("ttp", "months"), grouping, known, days)


@pytest.mark.parametrize(
    ("where", "days"), [("crs>=1", 2 * MONTH), ("response>=PR by day 61", 2 * MONTH), ("detectable at day 28", 27.0)]
)
def test_a_landmark_before_the_selection_was_known_is_biased(where, days):
    figure = landmark_figure(analyses(where, days).landmark)
    assert "known only after the landmark: biased by design." in heading(figure) and " p " not in heading(figure)
    assert "known only after the landmark" in figure.notes[0]
    assert "The landmark analysis is not" not in warning(analyses(where, days))


@pytest.mark.parametrize(
    ("where", "days"),
    [("response>=PR by month 2", 2 * MONTH), ("detectable at day 28", MONTH), ("crs>=1 by day 14", MONTH)],
)
def test_a_landmark_by_which_the_selection_was_known_is_not(where, days):
    found = analyses(where, days)
    figure = landmark_figure(found.landmark)
    assert "biased" not in heading(figure) and " p = " in heading(figure)
    assert any("known by the landmark: that does not bias" in note for note in figure.notes)
    assert warning(found).endswith("biased by design. The landmark analysis is not: it was known by the landmark.")
    assert time_zero_table(found).notes[0] == warning(found)
    dependent = dependent_figure(found.dependent)
    assert "known only after the infusion" in heading(dependent) and " p " not in heading(dependent)


def test_a_selection_known_before_the_infusion_says_nothing():
    for found in (analyses("emd=no", MONTH), analyses("received pomalidomide by day 0|?", MONTH)):
        assert warning(found) == "" and found.landmark.known_by_then == ()


def test_the_tab_does_not_say_that_nothing_can_be_biased():
    plain = opening(example(), by(example(), "emd"), "ttp").sentence
    assert "nothing needs to be done" in plain
    assert opening(example(), by(example(), "emd"), "ttp", chosen("crs>=1").selected_by).sentence == SELECTED
    assert opening(example(), by(example(), "emd"), "ttp", chosen("emd=no").selected_by).sentence == plain
