"""The reference numbers of R, and what "the same number" means."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

HERE = Path(__file__).parent
RECONSTRUCTION = HERE.parents[1] / "data" / "source" / "reconstruction.csv"
SIX_DIGITS = 1e-6
DATA_SETS = ("lung", "veteran", "ovarian")
SEED = ("ttp", "os")


@cache
def golden(name: str) -> dict[str, Any]:
    """golden("survival"), and likewise "survival_more", "stats", "nca", "more", "cox", "firth", "competing",
    "toxicity"."""
    return json.loads((HERE / f"golden_{name}.json").read_text(encoding="utf-8"))


def exact_rank_p(name: str) -> float:
    """The exact p of a case of exact_ranks.R, of two groups or of several."""
    numbers = golden("exact_ranks")
    return float(next(case["p"] for case in (*numbers["two"], *numbers["several"]) if case["name"] == name))


@cache
def survival_numbers(name: str) -> dict[str, Any]:
    """R's numbers of a data set, or of an endpoint of the reconstruction."""
    numbers = golden("survival")
    return numbers["seed_reconstruction_SYNTHETIC"][name] if name in SEED else numbers[name]


def maxcombo_numbers(name: str) -> dict[str, Any]:
    """z and p of the four Fleming-Harrington weights, and MaxCombo's p by 4,000,000 random draws."""
    numbers = golden("survival")
    if name in SEED:
        return numbers["seed_reconstruction_SYNTHETIC"]["fh"][f"seed_recon_{name}"]
    return numbers[name]["fleming_harrington_maxcombo"]


@cache
def survival_data(name: str) -> pd.DataFrame:
    """time, ev, g of a data set, or of an endpoint of the reconstruction."""
    if name in SEED:
        rows = pd.read_csv(RECONSTRUCTION)
        return pd.DataFrame({"time": rows[f"{name}_months"], "ev": rows[f"{name}_event"], "g": rows["arm"]})
    return pd.read_csv(HERE / f"{name}.csv")


def arrays(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return rows["time"].to_numpy(float), rows["ev"].to_numpy(float), rows["g"].to_numpy(object)


def same(expected: Any) -> Any:
    """Equal to six significant digits; R's null is our None."""
    return None if expected is None else pytest.approx(expected, rel=SIX_DIGITS, abs=1e-12)


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)
