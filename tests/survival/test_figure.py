"""The tables that the survival figure carries."""

import json

import numpy as np
import pytest
import vl_convert
from golden.cohorts import by, example, nobody, selected, synthetic

from lib.export.figure_file import drawn_only
from lib.publication.exhibit import standalone
from lib.stats.kaplan_meier import FEWEST_AT_RISK
from lib.survival.bias import ARM_BIAS
from lib.survival.figure import survival_figure
from lib.survival.options import CurveOptions
from lib.survival.outcome import time_to_event
from lib.survival.result import survival


def figure(made, endpoint="os", grouping="arm", *filters, **options):
    part = selected(made, *filters)
    return survival_figure(survival(time_to_event(part, endpoint, by(made, grouping), "months"), part), **options)


def rows(table, *columns):
    return [tuple(row) for row in table[list(columns)].itertuples(index=False)]


def test_the_examples_curve_is_drawn_step_by_step():
    curve = figure(example(), "os").tables["curve"]
    control = curve[curve["group"] == "Control"]
    assert control["time"].tolist() == [0, 1.2, 4.0, 6.8, 9.4, 12.0, 15.2, 15.6, 16.0]
    assert control["survival"].tolist() == pytest.approx([1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125, 0])
    assert control["n_at_risk"].tolist() == [8, 8, 7, 6, 5, 4, 3, 2, 1]


def test_censor_ticks_are_the_censored_times():
    ticks = figure(example(), "os").tables["censored"]
    assert rows(ticks, "group", "time") == [("Pomalidomide", time) for time in (1.5, 1.9, 15.0, 22.0, 27.0, 31.0)]


def test_medians_that_exist_are_drawn():
    assert rows(figure(example(), "os").tables["median"], "slot", "time", "left") == [(0, 10.7, 0.5)]
    assert rows(figure(example(), "ttp").tables["median"], "slot", "time") == [(0, 5.85), (1, 13.0)]


def test_counts_under_the_axis_stand_in_their_rows():
    tables = figure(example(), "os").tables
    counts = tables["counts"]
    at_0 = counts[counts["time"] == 0].sort_values("row")
    assert at_0["text"].tolist() == ["8", "0", "0", "8", "0", "0"] and at_0["row"].tolist() == list(range(6))
    assert tables["group"]["words"].tolist() == ["at risk", "censored", "events"] * 2
    assert tables["group"]["label"].tolist() == ["Control (8)", "", "", "Pomalidomide (8)", "", ""]
    assert set(counts["time"]) == set(tables["tick"]["time"])


def test_a_filtered_group_keeps_its_entry_with_how_many_are_left():
    labels = [label for label in figure(example(), "os", "arm", "emd=yes").tables["group"]["label"] if label]
    assert labels == ["Control (2 of 8)", "Pomalidomide (5 of 8)"]
    labels = [label for label in figure(example(), "os", "arm", "arm=Pomalidomide").tables["group"]["label"] if label]
    assert labels == ["Control (0 of 8)", "Pomalidomide (8)"]


@pytest.mark.parametrize("made", [example(), synthetic()])
def test_the_band_contains_the_curve_and_ends_where_its_limits_end(made):
    for endpoint in made.endpoint_names:
        tables = figure(made, endpoint).tables
        band, curve = tables["band"], tables["curve"]
        assert band[["low", "high"]].notna().all().all()
        known = curve.dropna(subset=["low"])
        assert np.all((known["low"] <= known["survival"]) & (known["survival"] <= known["high"]))
        assert set(rows(known, "group", "time")) <= set(rows(band, "group", "time"))


def test_the_figure_itself_says_what_is_biased():
    (heading,) = figure(example(), "os").tables["heading"]["text"]
    assert heading == f"16 patients, 10 events.\n{ARM_BIAS}"
    (other,) = figure(example(), "os", "emd").tables["heading"]["text"]
    assert other.startswith("16 patients, 10 events. Permutation log-rank p = 0.")
    (alone,) = figure(example(), "os", "-").tables["heading"]["text"]
    assert alone == "16 patients, 10 events"


def test_nobody_and_a_group_alone():
    part = nobody(example())
    empty = survival_figure(survival(time_to_event(part, "os", by(example()), "months"), part))
    assert len(empty.tables["curve"]) == len(empty.data) == 0 and empty.n == 0
    assert list(empty.tables["curve"].columns) == list(figure(example()).tables["curve"].columns)
    assert empty.title == "Overall survival by Arm"
    assert figure(example(), "os", "-").title == "Overall survival"


def test_the_band_can_be_left_out_of_the_drawing():
    with_band, without = figure(example()), figure(example(), limits=False)
    assert with_band.chart != without.chart
    assert with_band.tables["curve"].equals(without.tables["curve"])


@pytest.mark.parametrize("made", [example(), synthetic()])
def test_every_step_is_drawn_once_and_paler_where_few_are_at_risk(made):
    for endpoint in made.endpoint_names:
        tables = figure(made, endpoint).tables
        line, curve = tables["line"], tables["curve"]
        for slot, rows_of in curve.groupby("slot"):
            mine = line[line["slot"] == slot]
            steps = [
                (first, second)
                for _, stretch in mine.groupby("stretch")
                for first, second in zip(stretch["time"], stretch["time"][1:], strict=False)
            ]
            assert steps == list(zip(rows_of["time"], rows_of["time"][1:], strict=False))
        at_end = dict(zip(zip(curve["slot"], curve["time"], strict=True), curve["n_at_risk"], strict=True))
        for _, stretch in line.groupby("stretch"):
            thin = {at_end[slot, time] < FEWEST_AT_RISK for slot, time in rows(stretch[1:], "slot", "time")}
            assert thin <= {bool(stretch["thin"].iloc[0])}


def test_the_paler_tail_is_drawn_in_files_as_on_the_screen():
    made = figure(example(), "ttp")
    kept = json.dumps(drawn_only(made.chart))
    assert kept.count("datum.thin ? 0.38 : 1") == 1 and kept.count("datum.thin ? 0.05 : 0.13") == 1
    drawn = vl_convert.vegalite_to_svg({**drawn_only(made.chart), "datasets": standalone(made)["datasets"]})
    assert drawn.count('opacity="0.38"') == 2 and 'fill-opacity="0.05"' in drawn


def test_another_quantile_is_marked_where_the_curve_reaches_it():
    part = selected(example())
    outcome = time_to_event(part, "ttp", by(example()), "months")
    made = survival_figure(survival(outcome, part, CurveOptions("log", 0.25)))
    assert set(made.tables["median"]["left"]) == {0.75}
    assert "limits (log;" in made.caption and "time by which 25 % had the event" in made.caption
    assert made.chart == figure(example(), "ttp").chart
