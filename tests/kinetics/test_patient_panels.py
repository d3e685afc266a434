"""Small panels: every patient in one, shared axes, sheets of at most sixty."""

import pytest
from golden.cohorts import by, example, nobody, selected, synthetic

from lib.cohort.kinetic_series import series_keys
from lib.kinetics.patient_panels import MOST_PANELS, PatientsOptions, Sheet, patients_figure, places, sheets
from lib.kinetics.series import kinetics


def result(made, *filters):
    return kinetics(selected(made, *filters), series_keys(made)[0], by(made))


def shown(made):
    return patients_figure(made, made.n)


@pytest.mark.parametrize(("pixels", "columns"), [(380, 3), (508, 4), (760, 4)])
def test_a_narrow_figure_has_fewer_panels_beside_each_other(pixels, columns):
    sheet = Sheet(16, pixels)
    assert sheet.columns == columns and sheet.panel >= 90 and sheet.plot >= 60
    made = patients_figure(result(example()), 16, PatientsOptions(width=pixels))
    assert made.chart["width"] == pixels


@pytest.mark.parametrize(("panels", "columns"), [(1, 4), (12, 4), (16, 4), (15, 5), (18, 6), (25, 6), (60, 6)])
def test_panels_beside_each_other(panels, columns):
    sheet = Sheet(panels)
    assert sheet.columns == columns and sheet.rows * columns >= panels
    assert max(sheet.top(panel) + sheet.plot for panel in range(panels)) < sheet.height
    assert max(sheet.left(panel) + 1 for panel in range(panels)) <= sheet.width + 1e-9


def test_every_sample_stands_in_the_panel_of_its_patient():
    for made in (example(), synthetic()):
        figure = shown(result(made))
        tables, sheet = figure.tables, Sheet(figure.n)
        assert tables["panel"]["patient"].is_unique and len(tables["panel"]) == figure.n
        corner = tables["panel"].set_index("patient")
        for name in ("point", "below"):
            placed = tables[name].join(corner, on="patient", rsuffix="_left")
            assert (placed["x"] - placed["x_left"]).between(-1e-9, 1 + 1e-9).all()
            assert (placed["y"] - placed["y_left"]).between(-1e-9, sheet.plot + 1e-9).all()
        assert len(tables["point"]) + len(tables["below"]) == len(figure.data)
        assert (tables["line"].groupby("piece")["patient"].nunique() == 1).all()


def test_patients_are_in_order_of_group():
    names = shown(result(example())).tables["panel"]["patient"].tolist()
    assert names == [f"C{n}" for n in range(1, 9)] + [f"P{n}" for n in range(1, 9)]


def test_a_filter_leaves_the_sheet_as_it_is():
    room = places(example(), series_keys(example())[0])
    whole, part = (patients_figure(result(example(), *where), room) for where in ((), ("arm=Control",)))
    assert room == 16 and whole.chart == part.chart and part.n == 8
    assert part.tables["group"]["label"].tolist() == ["Control (8)", ""]


def test_more_than_sixty_are_several_sheets_and_said():
    many = result(synthetic(70, 2))
    every = sheets(many)
    assert [len(sheet) for sheet in every] == [MOST_PANELS, many.n - MOST_PANELS] and places(
        synthetic(70, 2), many.key
    ) == MOST_PANELS
    second = patients_figure(many, MOST_PANELS, PatientsOptions(sheet="2"))
    assert second.n == many.n - MOST_PANELS and second.notes[0].startswith(f"Patients 61 to {many.n} of {many.n}")


def test_nobody_and_days_on_a_straight_scale():
    empty = patients_figure(kinetics(nobody(example()), series_keys(example())[0], by(example())), 1)
    assert empty.n == 0 and all(len(empty.tables[name]) == 0 for name in ("line", "point", "below", "panel"))
    straight = patients_figure(result(example()), 16, PatientsOptions(spread_early_days=False)).tables["point"]
    at_28 = straight[straight["day"] == 28]
    share = (at_28["x"] % (1 + 0.2)).unique()
    assert share == pytest.approx([28 / 150] * len(share))
