"""The panels as tables: one axis for all, limits, marks, ids."""

from dataclasses import replace
from functools import cache

import pytest
from golden.cohorts import example, selected

from lib.patient.course import course
from lib.patient.panel_figures import panel_figure
from lib.patient.panel_results import among_others, course_panels, infusion_panels, with_values
from lib.patient.panels import cell_panels
from patient.cases import NAMES, case, case_course, one, panels_options


@cache
def of_course(name=NAMES[1], **options):
    return panel_figure(course_panels(case(name), case_course(name), panels_options(case(name), **options)))


def test_every_panel_has_its_box_title_levels_and_key():
    tables = of_course().tables
    assert (
        len(tables["panel"]) == len(tables["title"]) == 11
        and list(tables["title"]["text"])[-1] == "Adverse events, with grade"
    )
    assert tables["panel"]["y"].is_monotonic_increasing and (tables["panel"]["y2"] > tables["panel"]["y"]).all()
    assert len(tables["key"]) == 15 and "blood" in set(tables["key"]["text"])


def test_every_value_stands_in_its_panel():
    figure = of_course()
    boxes, points = figure.tables["panel"], figure.tables["entry"]
    inside = [((boxes["y"] <= y) & (y <= boxes["y2"])).sum() for y in points["y"]]
    assert set(inside) == {1} and len(points) == len(figure.data) == len(figure.numbers.rows)


def test_values_below_a_limit_are_hollow_at_the_limit_and_never_joined():
    tables = of_course().tables
    places = {name: {tuple(row) for row in tables[name][["at", "y", "slot"]].to_numpy()} for name in ("below", "line")}
    assert len(tables["below"]) == 12 and not places["below"] & places["line"]
    assert set(tables["below"]["y"].round(6)) <= set(tables["limit"]["y"].round(6))


def test_a_line_never_joins_two_infusions_or_a_long_gap():
    table = of_course(first_day=-200.0, last_day=300.0).tables["line"].sort_values(["piece", "at"], kind="stable")
    assert (table.groupby("piece")["at"].diff().dropna() <= 60).all()


def test_derived_values_are_marked_and_printed_ones_ringed_where_others_are_invented():
    assert list(of_course().tables["marked"]["text"]) == ["derived"] and len(of_course().tables["ring"]) == 8
    assert len(of_course(NAMES[0]).tables["ring"]) == 0 and len(of_course(NAMES[0]).tables["marked"]) == 1
    assert "Derived: calculated" in of_course().method and "Rings: printed" in of_course().method


def test_reference_ranges_are_bands_of_one_series_and_rules_of_several():
    tables = of_course().tables
    assert len(tables["band"]) == 2, "temperature and CRP; haemoglobin never reaches its range"
    assert set(tables["bound"]["slot"]) == {0, 1, 2, 3}


def test_the_chart_depends_on_options_alone():
    opened = example()
    made = [
        panel_figure(course_panels(opened, course(opened, patient), panels_options(opened, patient)))
        for patient in ("P1", "C8")
    ]
    assert made[0].chart == made[1].chart and "datasets" not in made[0].chart and "title" not in made[0].chart
    assert of_course(spread_early_days=False).chart is not of_course().chart and '"linear"' in str(
        of_course(spread_early_days=False).chart
    ).replace("'", '"')


def test_zoom_is_one_selection_over_all_panels():
    (period,) = of_course().chart["params"]
    assert (
        period["bind"] == "scales" and period["select"]["encodings"] == ["x"] and "shiftKey" in period["select"]["zoom"]
    )


def test_infusions_of_the_case():
    made = panel_figure(infusion_panels(case_course(), cell_panels(case())))
    assert set(made.tables["key"]["text"]) == {"infusion 2", "infusion 3"} and made.tables["axis"]["text"].iloc[
        0
    ].startswith("Days since each infusion")
    assert len(made.tables["marked"]) == 2


def test_the_patient_among_the_others():
    opened = selected(example())
    made = panel_figure(among_others(opened, course(opened, "P1"), cell_panels(opened)[0]))
    assert (
        made.n == 16
        and made.tables["other"]["patient"].nunique() == 15
        and set(made.tables["line"]["patient"]) == {"P1"}
    )
    assert made.tables["other"]["y"].notna().all()


def test_ids_stand_in_the_column_patient_alone():
    made = of_course()
    for table in (*made.tables.values(), made.data):
        assert "LEN-01" not in table.drop(columns="patient", errors="ignore").to_string()
    assert "LEN-01" not in made.alt + made.caption + made.method + " ".join(made.notes)


@pytest.mark.parametrize("values", [[], [("BLQ", 1)], [("<5", 1)], [(0.0, 3)], [(7.0, None)]])
def test_odd_values_are_reported(values):
    opened = one(
        labs=[
            {"test": "CRP", "unit": "mg/L", "value": value, "day": day if day is not None else float("nan")}
            for value, day in values
        ]
    )
    result = course_panels(opened, course(opened, "a1"), panels_options(opened, "a1"))
    made = panel_figure(result)
    reported = {"BLQ": "limit that is not stated", 0.0: "0 or less", 7.0: "without a day"}
    if values and values[0][0] in reported:
        assert reported[values[0][0]] in " ".join(made.notes)
    assert len(made.tables["below"]) == (1 if values and isinstance(values[0][0], str) else 0)
    assert panel_figure(replace(result, logs=tuple(False for _ in result.logs))).n == 1


def test_no_axis_is_empty_and_a_long_list_of_names_is_shortened():
    seen, shown = case_course(), panels_options().shown(case())
    assert with_values(seen, shown) == shown
    without = replace(seen, tables={**seen.tables, "labs": seen.tables["labs"][:0]})
    assert [panel.name for panel in with_values(without, shown)] == [panel.name for panel in cell_panels(case())]
    (said,) = [note for note in of_course(NAMES[0]).notes if note.startswith("Adverse events without a day")]
    assert said.endswith(" and 3 more.") and said.count("grade") == 3


def test_one_person_is_not_called_so_many_of_so_many_patients():
    assert not of_course().of_patients
    opened = selected(example())
    assert panel_figure(among_others(opened, course(opened, "P1"), cell_panels(opened)[0])).of_patients
