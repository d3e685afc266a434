"""The heat map: a chart for the opened cohort, ids only in the column of patients, letters where there is room."""

import json

from golden.cohorts import by, example, nobody, selected

from lib.publication.exhibit import standalone
from lib.response.depth.figure import depth_figure
from lib.response.depth.result import depth
from response.made import with_m_protein


def figure(opened, cohort=None, grouping="arm"):
    return depth_figure(
        depth(cohort or selected(opened), by(opened, grouping)), opened.n_opened, opened.vocabulary["response"]
    )


def test_cells_fill_their_period():
    cells = figure(example()).tables["cell"]
    split = cells[cells["patient"] == "C1"]
    assert split[["left", "right"]].to_numpy().tolist() == [[0.0, 0.5], [0.5, 1.0]]
    assert set(cells["letters"]) == {"CR", "VGPR", "PR", "PD"} and "VG: VGPR" not in figure(example()).caption


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
