"""Trends of the pomalidomide cohort with CTCAE bands, recovery of neutrophils and platelets, and a made plot of Hy's law."""

import numpy as np
from every_exhibit import exhibits
from golden.cohorts import arms, by, cohort, example, selected

from gallery.picture import ONE_COLUMN_MM, Picture
from lib.cohort.view import first_view
from lib.labs.hys_law import hys_law, hys_law_figure
from lib.publication.exhibit import Figure

SHOWN = ("labs.neutrophils", "labs.haemoglobin", "labs.alt", "labs.platelets.recovery")


def pictures() -> list[Picture]:
    chosen, grouping = selected(example()), first_view(example()).grouping
    made = {each.id: each for each in exhibits(chosen, grouping, "months") if isinstance(each, Figure)}
    few = [Picture(name, made[name], chosen, grouping) for name in SHOWN]
    alone, pomalidomide = "labs.neutrophils_pomalidomide", selected(example(), "arm=Pomalidomide")
    (one,) = (
        each
        for each in exhibits(pomalidomide, grouping, "months")
        if each.id == "labs.neutrophils" and isinstance(each, Figure)
    )
    livers = _livers()
    plot = Picture("labs.hys_law", hys_law_figure(hys_law(livers, by(livers))), livers, by(livers), ONE_COLUMN_MM)
    return [*few, Picture(alone, one, pomalidomide, grouping), plot]


def _livers():
    draw = np.random.default_rng(3)
    ids = {"A": [f"a{n}" for n in range(30)], "B": [f"b{n}" for n in range(30)]}
    rows = [
        {"patient_id": patient, "day": 7, "test": test, "unit": "U/L" if test == "ALT" else "mg/dL", "value": round(float(usual * np.exp(draw.normal(0, wide))), 2),
         "upper_limit": upper}
        for of in ids.values() for patient in of for test, usual, wide, upper in (("ALT", 45, 0.9, 40), ("bilirubin", 0.8, 0.6, 1.2))
    ]  # fmt: skip
    return cohort(arms(**ids), labs=rows)
