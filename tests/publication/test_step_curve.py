"""A band ends where its limits end, not one step earlier."""

import numpy as np
import pandas as pd

from lib.publication.step_curve import closed_band, in_stretches


def curve(**limits):
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "group": group,
                    "time": np.arange(float(len(values))),
                    "low": values,
                    "high": [value + 0.1 for value in values],
                }
            )
            for group, values in limits.items()
        ],
        ignore_index=True,
    )


def test_a_band_is_closed_at_the_time_at_which_the_limits_stop():
    band = closed_band(curve(A=[0.5, 0.4, np.nan, np.nan]))
    assert band["time"].tolist() == [0, 1, 2] and band["low"].tolist() == [0.5, 0.4, 0.4]


def test_a_stretch_without_limits_in_the_middle():
    band = closed_band(curve(A=[1.0, np.nan, np.nan, 0.6, 0.5]))
    assert band["time"].tolist() == [0, 1, 3, 4] and band["low"].tolist() == [1.0, 1.0, 0.6, 0.5]


def test_groups_do_not_lend_each_other_limits():
    band = closed_band(curve(A=[0.5, 0.4], B=[np.nan, 0.3]))
    assert band[["group", "time"]].to_numpy().tolist() == [["A", 0], ["A", 1], ["B", 1]]


def test_nothing_and_no_limits_at_all():
    empty = curve(A=[np.nan])[:0]
    assert len(closed_band(empty)) == 0 and list(closed_band(empty).columns) == list(empty.columns)
    assert len(closed_band(curve(A=[np.nan, np.nan]))) == 0


def in_two(*flags, group="A"):
    return pd.DataFrame({"group": group, "time": np.arange(float(len(flags))), "thin": flags})


def test_a_curve_in_stretches_has_every_step_once():
    rows = in_stretches(in_two(0, 0, 1, 1), "thin")
    assert rows[["time", "thin", "stretch"]].to_numpy().tolist() == [
        [0, 0, 1],
        [1, 0, 1],
        [2, 0, 1],
        [2, 1, 2],
        [3, 1, 2],
    ]


def test_stretches_come_back_and_do_not_join_groups():
    rows = in_stretches(pd.concat([in_two(1, 0, 1), in_two(1, 1, group="B")], ignore_index=True), "thin")
    assert [(group, part["time"].tolist()) for (group, _), part in rows.groupby(["group", "stretch"])] == [
        ("A", [0, 1]),
        ("A", [1, 2]),
        ("A", [2]),
        ("B", [0, 1]),
    ]
    assert rows["thin"].dtype.kind == "i"


def test_no_rows_have_no_stretches():
    assert in_stretches(in_two(), "thin").empty and "stretch" in in_stretches(in_two(), "thin")
