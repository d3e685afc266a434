"""Firth's Cox model with several covariates, by the package firthmodels 0.8.2 (MIT), which the program does not use.

Run in this folder, where numpy and firthmodels are installed: python firth_numbers.py  -> writes golden_firth.json
"""

import csv
import json
from pathlib import Path

import numpy as np
from firthmodels import FirthCoxPH

HERE = Path(__file__).parent


def columns(name: str) -> dict[str, np.ndarray]:
    rows = list(csv.DictReader((HERE / name).open(encoding="utf-8")))
    return {column: np.array([row[column] for row in rows]) for column in rows[0]}


def fitted(table: dict[str, np.ndarray], *covariates: np.ndarray) -> dict[str, list[float]]:
    observed = np.array(
        list(zip(table["ev"].astype(float) == 1, table["time"].astype(float), strict=True)),
        dtype=[("event", bool), ("time", float)],
    )
    model = FirthCoxPH(max_iter=1000, xtol=1e-7, gtol=1e-7)
    model.fit(np.column_stack(covariates).astype(float), observed)
    model.lrt()
    limits = np.exp(np.array(model.conf_int(method="pl", max_iter=1000, tol=1e-9)))
    return {
        "coef": list(map(float, model.coef_)),
        "low": limits[:, 0].tolist(),
        "high": limits[:, 1].tolist(),
        "p": list(map(float, model.lrt_pvalues_)),
    }


if __name__ == "__main__":
    veteran, ovarian = columns("veteran.csv"), columns("ovarian.csv")
    kinds = [veteran["celltype"] == kind for kind in ("smallcell", "adeno", "large")]
    numbers = {
        "veteran": fitted(veteran, veteran["g"] == "test", veteran["karno"].astype(float) / 10, *kinds),
        "ovarian": fitted(
            ovarian, ovarian["g"] == "rx2", ovarian["age"].astype(float), ovarian["resid_ds"].astype(float)
        ),
    }
    (HERE / "golden_firth.json").write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
