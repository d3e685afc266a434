"""What the tests of competing risks share: the numbers of competing.R, and the data they belong to."""

from functools import cache

import numpy as np
import pandas as pd
from golden.reference import HERE, golden

NUMBERS = golden("competing")
TOYS = tuple(NUMBERS["toys"])


def toy(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """time, cause, group of a small case."""
    given = NUMBERS["toys"][name]["given"]
    return np.array(given["time"], float), np.array(given["cause"], float), np.array(given["group"], object)


def group_names(group: np.ndarray) -> list[str]:
    """The groups in the order in which they first occur: the first is the reference."""
    return list(dict.fromkeys(group))


@cache
def mgus2() -> pd.DataFrame:
    """time, cause (1 progression, 2 death before it), sex, age_group."""
    rows = pd.read_csv(HERE / "mgus2_competing.csv")
    age_group = np.where(rows["age"] < 65, "young", np.where(rows["age"] < 75, "middle", "old"))
    return pd.DataFrame(
        {
            "time": rows["etime"].astype(float),
            "cause": rows["event"].astype(float),
            "sex": rows["sex"],
            "age_group": age_group,
        }
    )


def mgus2_by(column: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = mgus2()
    return rows["time"].to_numpy(), rows["cause"].to_numpy(), rows[column].to_numpy(object)


def drawn(seed: int, n: int = 24, groups: str = "ab") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A small tied data set."""
    generator = np.random.default_rng(seed)
    time, cause = generator.integers(1, 9, n).astype(float), generator.integers(0, 3, n).astype(float)
    return time, cause, np.array([groups[place % len(groups)] for place in range(n)], dtype=object)
