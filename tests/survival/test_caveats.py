"""What limits an analysis, in words: bias by design of grouping and selection, and who is censored."""

from functools import cache

import pytest
from derived.courses import made
from golden.cohorts import by, example, nobody, selected, synthetic

from lib.cohort.endpoint_choice import Definition
from lib.cohort.grouping import GROUPED_LATE, selection_bias
from lib.cohort.model import SelectedBy
from lib.derived.exposure import KnownSource, became_known
from lib.export.provenance import Provenance
from lib.survival.adjusted import adjusted, adjusted_table
from lib.survival.caveats import (
    BIASED,
    SELECTED_LATE,
    bias,
    bias_method,
    biased_words,
    censoring,
    deaths_notes,
    selection_notes,
)
from lib.survival.competing import competing, competing_outcome, ratio_table
from lib.survival.curves import survival
from lib.survival.difference import difference, difference_figure
from lib.survival.forest import forest_figure
from lib.survival.incidence import headline as incidence_headline
from lib.survival.incidence import incidence_figure, incidence_table
from lib.survival.kaplan_meier import headline, survival_figure
from lib.survival.landmark import landmark_figure
from lib.survival.models import models
from lib.survival.models_table import models_table
from lib.survival.outcome import time_to_event
from lib.survival.panels import PANEL_BIAS, panel_figure, panels
from lib.survival.regrouping import EndpointChoice
from lib.survival.sensitivity import sensitivity, sensitivity_table
from lib.survival.subgroups import splits_of, subgroups
from lib.survival.summary import milestones, milestones_table, summary_table
from lib.survival.time_dependent import dependent_figure
from lib.survival.time_zero import SELECTED, opening, time_zero_table, warning
from survival.compared import three_analyses

EVER = "Selected by CRS grade ≥ 1, known only after the infusion: immortal-time bias."
MONTH = 30.4375


@cache
def chosen(*where):
    return selected(example(), *where)


@cache
def result(endpoint="ttp", grouping="emd", where=("crs>=1",)):
    return survival(time_to_event(chosen(*where), endpoint, by(example(), grouping), "months"), chosen(*where))


def boxed(figure):
    """What stands in the panel of the figure."""
    return " ".join(" ".join(figure.tables["box"]["text"]).split("\n"))


def test_the_words():
    late, undated, before = SelectedBy("CRS grade ≥ 3", float("inf")), SelectedBy("Ward"), SelectedBy("EMD", 0.0)
    assert selection_bias((before, undated)) == "" and selection_notes((before,)) == ()
    assert (
        selection_bias((late, before))
        == "Selected by CRS grade ≥ 3, known only after the infusion: immortal-time bias."
    )
    assert selection_notes((undated,)) == (
        "Not stated when Ward was known: if after the infusion, selecting by it biases the analysis.",
    )
    assert [note[:12] for note in selection_notes((late, undated))] == ["Selected by ", "Not stated w"]


def test_both_biases_are_told_and_in_the_panel_stands_that_nothing_is_compared():
    outcome = result(grouping="arm").outcome
    assert bias(outcome) == f"{GROUPED_LATE} {EVER}" and bias(outcome, compares=False) == EVER
    assert biased_words(outcome) == f"{BIASED}: groups are not compared here" and len(bias_method(outcome)) == 2
    assert biased_words(result(grouping="-").outcome) == BIASED and biased_words(result(where=()).outcome) == ""


def test_a_headline_beside_a_biased_selection_has_no_p():
    assert headline(result())[1] == EVER and " p " not in headline(result())[0]
    assert headline(result(where=()))[1] == ""
    alone = headline(result(grouping="-"))
    assert alone[1] == EVER, "one group is selected by the future, too"


@pytest.mark.parametrize("endpoint", ["ttp", "os", "dor", "efs"])
def test_every_endpoint_gets_it(endpoint):
    figure = survival_figure(result(endpoint))
    assert boxed(figure).startswith(BIASED) and " p " not in boxed(figure) and SELECTED_LATE in figure.method


def test_every_figure_and_table_of_time_to_event_says_it():
    found, cohort, grouping = result(), chosen("crs>=1"), by(example(), "emd")
    parted = competing(competing_outcome(cohort, "ttp", grouping, "months"))
    split = subgroups(cohort, found.outcome, splits_of(example(), ("sex",)))
    figures = [
        survival_figure(found),
        difference_figure(difference(found)),
        panel_figure(panels(found, cohort, by(example(), "sex"))),
        forest_figure(split),
        incidence_figure(parted),
    ]
    for figure in (figures[0], figures[1], figures[4]):
        assert boxed(figure).startswith(BIASED) and " p " not in boxed(figure), figure.id
    tables = [
        summary_table(found),
        milestones_table(found, milestones(found)),
        sensitivity_table(found, sensitivity(found, cohort)),
        models_table(models(found.outcome)),
        adjusted_table(adjusted(cohort, found.outcome, ("sex",))),
        incidence_table(parted),
        ratio_table(parted),
    ]
    late = Provenance.of_cohort(cohort, grouping)
    for exhibit in (*figures, *tables):
        assert EVER in late.warnings_of(exhibit) and not any(EVER in note for note in exhibit.notes), exhibit.id
    for exhibit in (*figures, tables[0], *tables[3:]):
        assert SELECTED_LATE in exhibit.method, exhibit.id
    assert incidence_headline(parted)[1] == EVER
    assert figures[2].tables["panel"]["test"].tolist() == [BIASED, BIASED]


def test_panels_formed_late_are_told_beside_a_late_selection():
    figure = panel_figure(panels(result(), chosen("crs>=1"), by(example())))
    assert any(PANEL_BIAS in note for note in figure.notes) and figure.tables["panel"]["test"].tolist() == [BIASED] * 2


def test_one_group_of_selected_patients_has_biased_models():
    table = models_table(models(result(grouping="-").outcome))
    assert table.notes == () and SELECTED_LATE in table.method


@cache
def analyses(where, days):
    cohort, grouping = chosen(where), by(example())
    known = became_known(cohort, grouping, KnownSource("group", "", "arm"))
    return three_analyses(cohort, EndpointChoice("ttp", "months"), grouping, known, days)


@pytest.mark.parametrize(
    ("where", "days"), [("crs>=1", 2 * MONTH), ("response>=PR by day 61", 2 * MONTH), ("detectable at day 28", 27.0)]
)
def test_a_landmark_before_the_selection_was_known_is_biased(where, days):
    figure = landmark_figure(analyses(where, days).landmark)
    assert boxed(figure).startswith(BIASED) and " p " not in boxed(figure)
    assert "known only after the landmark" in figure.notes[0]
    assert "Not the landmark analysis" not in warning(analyses(where, days))


@pytest.mark.parametrize(
    ("where", "days"),
    [("response>=PR by month 2", 2 * MONTH), ("detectable at day 28", MONTH), ("crs>=1 by day 14", MONTH)],
)
def test_a_landmark_by_which_the_selection_was_known_is_not(where, days):
    found = analyses(where, days)
    figure = landmark_figure(found.landmark)
    assert BIASED not in boxed(figure) and " p = " in boxed(figure)
    assert any("known by the landmark: that does not bias" in note for note in figure.notes)
    assert warning(found).endswith("immortal-time bias. Not the landmark analysis: it was known by the landmark.")
    assert time_zero_table(found).notes[0] == warning(found)
    dependent = dependent_figure(found.dependent)
    assert boxed(dependent).startswith(BIASED) and " p " not in boxed(dependent)


def test_a_selection_known_before_the_infusion_says_nothing():
    for found in (analyses("emd=no", MONTH), analyses("received pomalidomide by day 0|?", MONTH)):
        assert warning(found) == "" and found.landmark.known_by_then == ()


def test_the_tab_does_not_say_that_nothing_can_be_biased():
    plain = opening(example(), by(example(), "emd"), "ttp").sentence
    assert "a landmark analysis is not needed" in plain
    assert opening(example(), by(example(), "emd"), "ttp", chosen("crs>=1").selected_by).sentence == SELECTED
    assert opening(example(), by(example(), "emd"), "ttp", chosen("emd=no").selected_by).sentence == plain


def said(opened, endpoint, definition=None):
    return censoring(time_to_event(selected(opened), endpoint, by(opened, "-"), "months", definition or Definition()))


def test_time_to_progression_says_how_many_deaths_are_censored_and_what_pfs_counts():
    ttp, os = {"a": (10, 0), "b": (6, 1), "c": (8, 0)}, {"a": (10, 1), "b": (9, 1), "c": (8, 0)}
    lines = said(made("abc", ttp=ttp, os=os, pfs={"a": (10, 1), "b": (6, 1), "c": (8, 0)}), "ttp")
    assert (
        lines[0]
        == "Time to progression from infusion: event = progression; others without progression are censored at their"
        " last assessment (1 patient)."
    )
    assert lines[1] == "Progression-free survival of the same patients counts 2 events, time to progression 1 event."
    assert len(said(made("abc", ttp=ttp, os=os), "ttp")) == 1
    cohort = made("abc", ttp=ttp, os=os)
    (reported,) = deaths_notes(time_to_event(selected(cohort), "ttp", by(cohort, "-"), "months"))
    assert reported.startswith("1 death without progression censored at death, ") and "cumulative incidence" in reported


def test_every_given_endpoint_has_its_sentence():
    (line,) = said(example(), "os")
    assert (
        line
        == "Overall survival from infusion: event = death of any cause; the living are censored at their last contact"
        " (6 patients)."
    )
    assert "progression or death, whichever comes first" in said(synthetic(), "pfs")[0]
    assert "as the workbook counts it" in said(made("a", time_to_icu={"a": (3, 0)}), "time_to_icu")[0]


def test_a_derived_endpoint_says_of_what():
    lines = said(example(), "dor")
    assert lines[0].startswith("Duration of response from first response: event = progression or death; confirmation")
    assert lines[-1] == "Derived from Responses, TTP and OS: the workbook gives no duration of response."


def test_the_list_of_event_free_survival_is_always_displayed():
    assert "event = progression or death;" in said(example(), "efs")[0]
    assert "event = death;" in said(example(), "efs", Definition(efs_events=("death",)))[0]


def test_time_from_apheresis_says_that_patients_enter_at_infusion():
    cohort = made("a", os={"a": (9, 1)}, therapies=[("a", "other", "apheresis", -30)])
    assert "Patients enter at their infusion" in said(cohort, "os", Definition(origin="apheresis"))[-1]


def test_nobody():
    for endpoint in ("os", "ttp", "dor", "efs"):
        outcome = time_to_event(nobody(example()), endpoint, by(example()), "months")
        assert "(0 patients)" in censoring(outcome)[0]
