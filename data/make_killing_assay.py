"""Makes data/killing_assay.xlsx: a synthetic in-vitro workbook in the design of Fig. 5 of Yan et al. 2024; no patients.

CAR T cells cultured with pomalidomide at five doses, in triplicate: live cells and their share over four days,
apoptosis, CFSE intensity, and optical densities of an LDH-release assay. The article prints no numbers: means here only
follow what its text says (survival rises with dose, but not at 10 µg/mL; division does not change; killing is best at 1
µg/mL). Seeded.
"""

from typing import Final

import numpy as np
from workbook import HERE, Rows, write_workbook

SEED: Final = 20240505
DOSES: Final = (0, 1, 2.5, 5, 10)  # µg/mL
KILLING_DOSES: Final = (0, 1, 2.5, 5)
DAYS: Final = (1, 2, 3, 4)
REPLICATES: Final = (1, 2, 3)
LIVE_CELLS: Final = {  # million a mL on days 1 to 4
    0: (1.02, 1.34, 1.62, 1.71),
    1: (1.03, 1.42, 1.86, 2.09),
    2.5: (1.04, 1.46, 1.97, 2.31),
    5: (1.03, 1.49, 2.05, 2.46),
    10: (1.01, 1.33, 1.66, 1.82),
}
LIVE_SHARE: Final = {
    0: (91.0, 85.0, 77.5, 70.0),
    1: (91.5, 87.0, 82.0, 76.5),
    2.5: (91.8, 87.8, 83.5, 79.0),
    5: (91.6, 88.4, 85.0, 81.0),
    10: (90.8, 85.5, 78.6, 71.8),
}
APOPTOSIS: Final = {0: 27.5, 1: 22.0, 2.5: 19.0, 5: 16.5, 10: 26.0}
CFSE_MFI: Final = {0: 4120.0, 1: 4075.0, 2.5: 4160.0, 5: 4090.0, 10: 4205.0}
OD_SAMPLE: Final = {0: 0.742, 1: 0.868, 2.5: 0.812, 5: 0.785}
OD_CONTROL, OD_MAXIMUM = 0.218, 1.486
STUDY: Final = (
    ("title", "BCMA CAR T cells with pomalidomide in vitro"),
    ("synthetic", "yes"),
    (
        "note",
        (
            "synthetic, drawn at random around invented means; the design is that of Fig. 5 of Yan et al., J Transl Med"
            " 2024"
        ),
    ),
)


def main() -> None:
    path = HERE / "killing_assay.xlsx"
    write_workbook(path, killing_assay())
    print(path)


def killing_assay() -> dict[str, Rows]:
    """The rows of the sheets Study and Assays."""
    draw = np.random.default_rng(SEED)
    culture = [
        row
        for measure, unit, means, sd, digits in (
            ("Live cells", "10⁶/mL", LIVE_CELLS, 0.05, 2),
            ("Live cells (share)", "%", LIVE_SHARE, 1.3, 1),
        )
        for place, day in enumerate(DAYS)
        for dose in DOSES
        for row in _wells(draw, ("Survival", measure, unit), dose, (day, "days"), (means[dose][place], sd, digits))
    ]
    after_four_days = [
        row
        for experiment, measure, unit, means, sd, digits in (
            ("Apoptosis", "Annexin V positive", "%", APOPTOSIS, 1.2, 1),
            ("Proliferation", "CFSE MFI", "a.u.", CFSE_MFI, 110.0, 0),
        )
        for dose in DOSES
        for row in _wells(draw, (experiment, measure, unit), dose, (4, "days"), (means[dose], sd, digits))
    ]
    return {
        "study": [{"setting": setting, "value": value} for setting, value in STUDY],
        "assays": [*culture, *after_four_days, *_optical_densities(draw)],
    }


def _optical_densities(draw: np.random.Generator) -> list[dict[str, object]]:
    """The wells of the LDH-release assay after 3 hours: samples by dose, control and maximum release."""
    rows = [
        row
        for dose in KILLING_DOSES
        for row in _wells(draw, ("Killing", "OD sample", "OD 490 nm"), dose, (3, "hours"), (OD_SAMPLE[dose], 0.018, 3))
    ]
    for measure, mean in (("OD control", OD_CONTROL), ("OD maximum", OD_MAXIMUM)):
        for row in _wells(draw, ("Killing", measure, "OD 490 nm"), 0, (3, "hours"), (mean, 0.012, 3)):
            rows.append({**row, "condition": None, "concentration": None, "concentration_unit": None})
    return rows


def _wells(
    draw: np.random.Generator,
    named: tuple[str, str, str],  # experiment, measure, unit
    dose: float,
    at: tuple[float, str],
    value: tuple[float, float, int],  # mean, SD, digits
) -> list[dict[str, object]]:
    mean, sd, digits = value
    return [
        {
            "experiment": named[0],
            "measure": named[1],
            "condition": "Pomalidomide",
            "concentration": dose,
            "concentration_unit": "µg/mL",
            "time": at[0],
            "time_unit": at[1],
            "replicate": replicate,
            "value": round(float(draw.normal(mean, sd)), digits),
            "unit": named[2],
        }
        for replicate in REPLICATES
    ]


if __name__ == "__main__":
    main()
