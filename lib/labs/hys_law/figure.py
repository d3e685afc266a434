"""The figure of Hy's law: peak ALT against peak bilirubin, with the limits of 3 and 2 x ULN."""

from typing import Final

import numpy as np
import pandas as pd

from lib.labs.hys_law.chart import LEVELS, hys_law_chart
from lib.labs.hys_law.result import ALT_LIMIT, BILIRUBIN_LIMIT, QUADRANTS, HysLaw
from lib.publication.exhibit import Figure, Numbers
from lib.publication.key import group_names, with_key
from lib.publication.number import plural
from lib.publication.palette import group_colours
from lib.stats.arrays import Floats

MOST_POINTS: Final = 400
CELL: Final = 0.06  # width of a place in powers of ten, where so many stand that they are drawn together
AREA: Final = 55.0
POINT: Final = ["patient", "group", "slot", "alt", "bilirubin", "n", "area"]
LEAST: Final = (0.5, 4.0)  # both axes show at least this range


def hys_law_figure(result: HysLaw) -> Figure:
    """One symbol a patient; of very many, one a place, by area, but whoever is beyond a limit always alone."""
    grouping = result.grouping
    points, colours = _points(result), group_colours([group.colour for group in grouping.groups])
    by = f" by {grouping.label}" if grouping.compares else ""
    return Figure(
        id="labs.hys_law", title=f"Peak ALT and bilirubin{by}", chart=with_key(hys_law_chart(colours), group_names(grouping.groups), colours, "point"),
        tables={
            "point": points, "axis": _ticks(points), "limit": pd.DataFrame({"alt": [ALT_LIMIT], "bilirubin": [BILIRUBIN_LIMIT]}),
            "words": pd.DataFrame({"hy": ["Hy's law range"], "bilirubin": ["bilirubin only"], "alt": ["ALT only"], "neither": ["neither"]}),
            "group": _groups(result), "heading": pd.DataFrame({"text": [headline(result)]}),
        },
        data=result.peaks, caption=_caption(result), alt=f"Scatter of peak ALT against peak bilirubin, log axes. {headline(result)}",
        notes=_notes(result, points), n=result.n, numbers=_numbers(result),
    )  # fmt: skip


def headline(result: HysLaw) -> str:
    """How many are beyond both limits."""
    n = int((result.peaks["quadrant"] == QUADRANTS[-1]).sum())
    return f"{n} of {plural(result.n, 'patient')} with peak ALT > 3 × ULN and peak bilirubin > 2 × ULN"


def _points(result: HysLaw) -> pd.DataFrame:
    slots = {name: slot for slot, name in enumerate(result.grouping.names)}
    peaks = result.peaks.assign(slot=result.peaks["group"].map(slots).astype(int), n=1)
    if len(peaks) > MOST_POINTS:
        usual = peaks["quadrant"] == QUADRANTS[0]
        together = peaks[usual].assign(**{name: _rounded(peaks.loc[usual, name]) for name in ("alt", "bilirubin")})
        together = together.groupby(["group", "slot", "alt", "bilirubin"], as_index=False)["n"].sum().assign(patient="")
        peaks = pd.concat([together, peaks[~usual]], ignore_index=True)
    return peaks.assign(area=AREA * np.sqrt(peaks["n"].astype(float)))[POINT]


def _rounded(values: pd.Series) -> Floats:
    cells: Floats = np.round(10.0 ** (np.round(np.log10(values.to_numpy(float)) / CELL) * CELL), 4)
    return cells


def _ticks(points: pd.DataFrame) -> pd.DataFrame:
    """The levels around all that is drawn; both axes have the same."""
    drawn = [*points["alt"], *points["bilirubin"], *LEAST]
    low = max((level for level in LEVELS if level <= min(drawn)), default=LEVELS[0])
    high = min((level for level in LEVELS if level >= max(drawn)), default=LEVELS[-1])
    levels = [level for level in LEVELS if low <= level <= high]
    return pd.DataFrame({"alt": levels, "bilirubin": levels})


def _groups(result: HysLaw) -> pd.DataFrame:
    n = result.peaks["group"].value_counts()
    rows = [(slot, f"{name} ({int(n.get(name, 0))})") for slot, name in enumerate(result.grouping.names)]
    return pd.DataFrame(rows, columns=["slot", "label"])


def _caption(result: HysLaw) -> str:
    return (
        f"Highest ALT and bilirubin of each patient ({result.window.label or 'whole time'}) as multiples of the laboratory's upper limit (ULN), "
        f"n = {result.n}. Dashed: 3 × ULN and 2 × ULN. Beyond both: a potential Hy's law case (FDA 2009), to be judged clinically; alkaline "
        "phosphatase and other causes are not looked at."
    )


def _notes(result: HysLaw, points: pd.DataFrame) -> tuple[str, ...]:
    said = []
    if result.n_without:
        said.append(f"{plural(result.n_without, 'patient')} without both ALT and bilirubin in the window: not shown.")
    if result.n_no_uln:
        said.append(f"{plural(result.n_no_uln, 'value')} without an upper limit or a known unit: left out.")
    if len(points) < result.n:
        said.append(
            "Patients within both limits are drawn together where they are close; the area of a symbol grows with their number."
        )
    return tuple(said)


def _numbers(result: HysLaw) -> Numbers:
    columns = (
        ("group", ""),
        ("n", "patients"),
        *((quadrant.replace(" ", "_").casefold(), "patients") for quadrant in QUADRANTS),
    )
    rows = tuple(
        (level, sum(result.n_in(name, quadrant) for quadrant in QUADRANTS), *(result.n_in(name, quadrant) for quadrant in QUADRANTS))
        for level, name in zip(result.grouping.levels, result.grouping.names, strict=True)
    )  # fmt: skip
    return Numbers(columns, rows)
