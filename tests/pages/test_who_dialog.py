"""Who is behind a count, on the pages: a button where the exhibit tells it, a dialog that names the cell, nothing while
cells are masked."""

import pytest
from walking import go, opened, places, printed, said


def chosen(app, exhibit, cells=(), columns=()):
    app.session_state[f"who cells {exhibit}"] = {
        "selection": {"rows": [], "columns": list(columns), "cells": list(cells)}
    }
    app.button(key=f"who {exhibit}").click().run()
    assert not app.exception
    return app


@pytest.fixture
def app():
    return opened("toxicity")


def test_a_chosen_count_names_its_cell_and_lists_the_patients_with_a_few_outcomes(app):
    drawn = places(app)
    chosen(app, "toxicity.crs_icans", cells=[(1, "2")])
    assert "CRS, grade 1 (Lee 2014), Control (n = 8): 2 patients" in said(app.markdown)
    facts = app.dataframe[-1].value
    assert facts["Patient"].tolist() == ["C6", "C8"] == list(app.selectbox(key="who opened toxicity.crs_icans").options)
    assert set(facts["Arm"]) == {"Control"} and "Best response" in facts
    assert places(app) == drawn, "the chart would be built anew"


def test_the_heading_of_a_group_is_its_patients(app):
    chosen(app, "toxicity.crs_icans", columns=["2"])
    assert "Control (n = 8): 8 patients" in said(app.markdown) and len(app.dataframe[-1].value) == 8


def test_a_level_of_table_1_is_named_with_its_row_and_words_count_nobody(app):
    go(app, "baseline")
    row = next(y for y, cells in enumerate(printed(app)[0].to_numpy()) if str(cells[0]).strip("\u2003\u2060") == "F")
    chosen(app, "baseline.table_one", cells=[(row, "1")])
    assert "Sex, F, Total (n = 16): 10 patients" in said(app.markdown)
    chosen(app, "baseline.table_one", cells=[(0, "1")])
    assert "No patients are counted there." in said(app.caption) and len(app.dataframe) == 1


def test_a_box_of_the_flow_also_names_who_was_left_out(app):
    go(app, "baseline")
    chosen(app, "baseline.flow", cells=[(1, "3")])
    assert "Excluded, Total, death from septic shock in the acute phase: 1 patient" in said(app.markdown)
    facts = app.dataframe[-1].value
    assert len(facts) == 1 and set(facts.iloc[0, 1:]) == {"not selected"}
    assert not app.selectbox(key="who opened baseline.flow").options, "only who is selected has a page"


def test_there_is_no_dialog_until_it_is_asked_for_and_no_button_while_cells_are_masked(app):
    assert not app.dataframe
    go(app, "report").number_input(key="mask below").set_value(5).run()
    assert not [each.key for each in go(app, "baseline").button if str(each.key).startswith("who ")]


def test_a_click_on_a_bar_tells_once_also_where_a_filter_takes_the_bar_away_and_gives_it_back(app):
    bar = {"term": "CRS", "group": "Control", "grade": "Grade 2"}
    for pressed, tells in (([], True), (["yes"], False), ([], False)):
        app.session_state["toxicity.butterfly"] = {"selection": {"bar": [bar]}}
        app.pills(key="filter emd").set_value(pressed).run()
        assert ("CRS, Control, Grade 2: 2 patients" in said(app.markdown)) == tells, pressed
