"""The tables that the kinetics figure carries."""

import numpy as np
import pytest
from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic

from lib.kinetics.figure import BESIDE, LONGEST_GAP_DAYS, kinetics_figure
from lib.kinetics.result import kinetics
from lib.kinetics.series import series_keys


def figure(made, grouping="arm", *filters):
    return kinetics_figure(kinetics(selected(made, *filters), series_keys(made)[0], by(made, grouping)))


def one(*samples, lloq: float | None = 50):
    rows = [{"patient_id": "a1", "day": day, "value": value, "lloq": lloq} for day, value in samples]
    return figure(cohort(arms(A=["a1"], B=["b1"]), kinetics=rows))


def test_every_quantifiable_sample_is_a_point_and_every_other_an_open_symbol():
    tables = figure(example()).tables
    assert len(tables["point"]) + len(tables["below"]) == len(selected(example()).kinetics) == 208
    assert (tables["point"]["amount"] >= 1000).all()
    below = tables["below"]
    assert below["amount"].tolist() == pytest.approx((500 * BESIDE ** below["slot"]).tolist())
    assert set(below["shown"]) == {"< 1,000"}


def test_lines_stop_below_the_limit_and_at_long_gaps():
    tables = one((1, 100), (7, 900), (14, 0), (21, 300), (28, 200), (28 + LONGEST_GAP_DAYS + 1, 100)).tables
    pieces = tables["line"].groupby("piece")["day"].apply(list).tolist()
    assert pieces == [[1, 7], [21, 28], [89]]
    joined = one((1, 100), (1 + LONGEST_GAP_DAYS, 90)).tables
    assert joined["line"]["piece"].nunique() == 1


def test_means_are_drawn_where_the_profile_has_them():
    made = figure(example())
    days = made.tables["mean"].groupby("group")["day"].apply(list).to_dict()
    assert days["Control"][-1] == 90 and days["Pomalidomide"][-1] == 100
    assert (made.tables["mean"]["amount"] > 0).all()


def test_numbers_under_the_axis_are_patients_sampled():
    counts = figure(example()).tables["count"]
    at_60 = counts[counts["day"] == 60]
    assert dict(zip(at_60["slot"], at_60["n"], strict=True)) == {0: 7, 1: 6}
    assert (counts["n"] > 0).all()


def test_nothing_that_cannot_stand_on_a_log_axis_is_drawn():
    for made in (one((7, "BLQ"), lloq=None), one((0, 0), (7, 0)), one((-3, 90), (7, 80))):
        for name in ("line", "point", "below", "mean", "limit", "decade"):
            assert (made.tables[name]["amount"] > 0).all() and np.isfinite(made.tables[name]["amount"]).all()
    unknown = one((7, "BLQ"), lloq=None)
    assert len(unknown.tables["below"]) == 0 and len(unknown.tables["limit"]) == 0
    assert unknown.notes[1].startswith("1 sample below a limit that is not stated")


def test_decades_enclose_what_is_drawn():
    for made in (figure(example()), figure(synthetic()), one((7, 1000))):
        decades, points = made.tables["decade"]["amount"], made.tables["point"]["amount"]
        assert decades.min() <= points.min() and points.max() <= decades.max()


def test_nobody_and_a_filtered_group():
    empty = kinetics_figure(kinetics(nobody(example()), series_keys(example())[0], by(example())))
    assert all(len(empty.tables[name]) == 0 for name in ("line", "point", "below", "mean", "count", "limit"))
    assert empty.tables["group"]["label"].tolist() == ["Control (0 of 8)", "Pomalidomide (0 of 8)"]
    part = figure(example(), "arm", "arm=Control")
    assert part.tables["group"]["label"].tolist() == ["Control (8)", "Pomalidomide (0 of 8)"]
    assert set(part.tables["line"]["slot"]) == {0}


def test_the_data_behind_the_figure_are_the_samples():
    made = figure(example())
    assert list(made.data.columns) == ["patient", "group", "infusion", "day", "value", "below", "lloq", "unit"]
    assert len(made.data) == 208 and made.data["value"].isna().sum() == made.data["below"].sum()
