"""Observations of the reference data sets, as the tests of the Cox model and what is built on it need them."""

import numpy as np
import pandas as pd
from golden.reference import HERE, survival_data

from lib.stats.cox_model import Observations
from lib.stats.estimate import Estimate, Floats, Names
from lib.stats.restricted_mean import SurvivalDifference
from lib.stats.time_dependent import EXPOSED, UNEXPOSED

CELLTYPES = ("squamous", "smallcell", "adeno", "large")


def observations(time, event, *covariates, entry=None, stratum=None):
    design = (
        np.column_stack([np.asarray(one, dtype=float) for one in covariates])
        if covariates
        else np.zeros((len(time), 0))
    )
    late = None if entry is None else np.asarray(entry, dtype=float)
    return Observations(np.asarray(time, dtype=float), np.asarray(event, dtype=float), design, late, stratum)


def heart():
    return pd.read_csv(HERE / "heart_counting.csv")


def lung_entry(lung):
    return np.where((lung["id"] % 3 == 0) & (lung["time"] > 30), 30.0, 0.0)


def lung_late():
    lung = survival_data("lung")
    return observations(lung["time"], lung["ev"], lung["g"] == "female", lung["age"], entry=lung_entry(lung))


def veteran_all():
    rows = survival_data("veteran")
    kinds = [rows["celltype"] == kind for kind in CELLTYPES[1:]]
    return observations(rows["time"], rows["ev"], rows["g"] == "test", rows["karno"] / 10, rows["age"] / 10, *kinds)


def veteran_strata():
    rows = survival_data("veteran")
    stratum = rows["celltype"].map(CELLTYPES.index).to_numpy()
    return observations(rows["time"], rows["ev"], rows["g"] == "test", rows["karno"], stratum=stratum)


def heart_counting():
    rows = heart()
    return observations(rows["stop"], rows["event"], rows["transplant"], entry=rows["start"])


def heart_strata():
    rows = heart()
    return observations(
        rows["stop"], rows["event"], rows["transplant"], entry=rows["start"], stratum=(rows["id"] % 3).to_numpy()
    )


def ovarian_rx():
    rows = survival_data("ovarian")
    return observations(rows["time"], rows["ev"], rows["g"] == "rx2")


# name of R's model in golden_cox.json -> its rows, and its terms with their columns
MODELS = {
    "lung_late": (lung_late, {"g": [0], "age": [1]}),
    "veteran_all": (veteran_all, {"g": [0], "karno": [1], "age": [2], "celltype": [3, 4, 5]}),
    "veteran_strata": (veteran_strata, {"g": [0], "karno": [1]}),
    "ovarian_rx": (ovarian_rx, {"g": [0]}),
    "heart_time_dependent": (heart_counting, {"transplant": [0]}),
    "heart_late_strata": (heart_strata, {"transplant": [0]}),
}


def difference_at(difference: SurvivalDifference, time: float) -> Estimate:
    """The difference at a time chosen beforehand, with its limits; not estimable once one group has nobody at risk."""
    if difference.reason:
        return Estimate(None, level=difference.level, reason=difference.reason)
    if not difference.time[0] <= time <= difference.time[-1]:
        return Estimate(None, level=difference.level, reason="one of the groups has nobody at risk then")
    row = int(np.searchsorted(difference.time, time, side="right")) - 1
    value, low, high = (float(column[row]) for column in (difference.difference, difference.low, difference.high))
    if np.isnan(low):
        return Estimate(value, level=difference.level)
    return Estimate(value, low, high, difference.level)


def exposed_at(start: Floats, at: float, names: tuple[str, str] = (UNEXPOSED, EXPOSED)) -> Names:
    """Each patient's group at the landmark: exposed where exposure began at or before it; `start` is NaN for never."""
    return np.where(start <= at, names[1], names[0]).astype(object)  # NaN compares false
