"""The heat map: periods, order, what comes after progression; letters where there is room."""

import json

import pandas as pd
from golden.cohorts import by, example, nobody, selected

from lib.publication.exhibit import standalone
from lib.response.depth import DepthLook, depth, depth_chart, depth_figure, period_of
from response.made import assessed, made, with_m_protein


def test_nobody_and_no_assessments():
    nothing = depth(nobody(example()), by(example()))
    assert nothing.n == 0 and nothing.cells.empty and nothing.marks.empty


def test_days_belong_to_the_nearest_month():
    days = pd.Series([1.0, 28.0, 45.0, 46.0, 91.0, 107.0, 183.0, 198.0, 365.0, 381.0, 5000.0])
    assert period_of(days).tolist() == [0, 0, 0, 1, 2, 3, 3, 4, 5, 6, 9]


def test_best_on_top_then_who_had_it_first():
    patients = depth(selected(example()), by(example())).patients
    assert patients["patient"].tolist()[8:] == ["P1", "P6", "P2", "P3", "P4", "P5", "P7", "P8"]
    assert patients["row"].tolist() == list(range(16))


def test_several_in_a_period_stand_side_by_side():
    cells = depth(selected(example()), by(example())).cells
    assert len(cells) == len(example().responses) and cells.loc[
        cells["patient"] == "C1", ["state", "place", "n"]
    ].to_numpy().tolist() == [["PR", 0, 2], ["PD", 1, 2]]
    assert not cells["after"].any()


def test_what_comes_after_progression_is_marked():
    opened = selected(
        made({"A": ["a1", "a2"]}, assessed(("a1", 20, "PD"), ("a1", 60, "CR", "negative"), ("a2", None, "CR")))
    )
    found = depth(opened, by(opened, "-"))
    assert found.cells["after"].tolist() == [False, True] and found.cells["negative"].tolist() == [False, True]
    assert found.n == 2 and found.n_undated == 1


def figure(opened, cohort=None, grouping="arm", width=760):
    return depth_figure(
        depth(cohort or selected(opened), by(opened, grouping)), opened.n_opened, opened.vocabulary["response"], width
    )


def test_cells_fill_their_period():
    cells = figure(example()).tables["cell"]
    split = cells[cells["patient"] == "C1"]
    assert split[["left", "right"]].to_numpy().tolist() == [[0.0, 0.5], [0.5, 1.0]]
    assert set(cells["letters"]) == {"CR", "VGPR", "PR", "PD"} and set(
        figure(example(), width=380).tables["cell"]["letters"]
    ) == {"CR", "VGPR", "PR", "PD"}


def test_the_chart_is_the_same_whoever_is_selected():
    made = [figure(example()), figure(example(), selected(example(), "emd=yes")), figure(example(), nobody(example()))]
    assert len({json.dumps(each.chart) for each in made}) == 1
    assert made[2].tables["cell"].empty and made[2].tables["period"]["label"].tolist() == ["1", "2", "3"]
    json.dumps(standalone(made[2]))


def test_rows_of_groups_have_a_header_above_them():
    tables = figure(example()).tables
    assert tables["header"]["text"].tolist() == ["Control (8)", "Pomalidomide (8)"] and tables["header"][
        "row"
    ].tolist() == [0, 9]
    assert not set(tables["header"]["row"]) & set(tables["patient"]["row"])
    assert figure(example(), grouping="-").tables["header"].empty


def test_ids_stand_only_in_the_column_of_patients():
    shown = figure(with_m_protein(16))
    for table in (*shown.tables.values(), shown.data):
        others = table.drop(columns="patient", errors="ignore")
        assert "SYN" not in others.to_csv()
    assert "SYN" not in shown.caption + shown.alt + " ".join(shown.notes)


def test_letters_and_labels_only_where_there_is_room():
    high, low = (str(depth_chart(DepthLook(("CR",), height, height >= 12))) for height in (22, 6))
    assert "letters:N" not in low and "'letters'" in high and "'letters'" not in low
    assert high.count("'patient'") > low.count("'patient'")
