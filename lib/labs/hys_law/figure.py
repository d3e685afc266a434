"""The figure of Hy's law: peak ALT or AST against peak bilirubin, with the limits of 3 and 2 x ULN; cases are ringed."""

from typing import Final

import numpy as np
import pandas as pd

from lib.labs.hys_law.chart import LEVELS, hys_law_chart
from lib.labs.hys_law.result import (
    BILIRUBIN_LIMIT,
    CASE,
    CHOLESTATIC,
    ENZYME_LIMIT,
    NOT_IN_ORDER,
    QUADRANTS,
    HysLaw,
)
from lib.publication.exhibit import Figure, Numbers
from lib.publication.key import group_names, with_key
from lib.publication.number import plural
from lib.publication.palette import group_colours
from lib.stats.estimate import Floats

MOST_POINTS: Final = 400
CELL: Final = 0.06  # width of a place in powers of ten, where so many stand that they are drawn together
AREA: Final = 55.0
POINT: Final = ["patient", "group", "slot", "enzyme", "enzyme_times", "bilirubin", "n", "area", "verdict"]
LEAST: Final = (0.5, 4.0)  # both axes show at least this range


def hys_law_figure(result: HysLaw) -> Figure:
    """One symbol a patient; of very many, one a place, by area, but whoever is beyond a limit always alone."""
    grouping = result.grouping
    points, colours = _points(result), group_colours([group.colour for group in grouping.groups])
    by = f" by {grouping.label}" if grouping.compares else ""
    return Figure(
        id="labs.hys_law", title=f"Peak ALT or AST and bilirubin{by}", chart=with_key(hys_law_chart(colours), group_names(grouping.groups), colours, "point"),
        tables={
            "point": points, "case": points[points["verdict"] == CASE], "axis": _ticks(points), "limit": pd.DataFrame({"enzyme_times": [ENZYME_LIMIT], "bilirubin": [BILIRUBIN_LIMIT]}),
            "words": pd.DataFrame({"hy": ["both"], "bilirubin": ["bilirubin only"], "enzyme": ["ALT or AST only"], "neither": ["neither"]}),
            "group": _groups(result), "heading": pd.DataFrame({"text": [headline(result)]}),
        },
        data=result.peaks, caption=_caption(result), alt=f"Scatter of peak ALT or AST against peak bilirubin, log axes. {headline(result)}",
        notes=_notes(result, points), n=result.n, numbers=_numbers(result),
    )  # fmt: skip


def headline(result: HysLaw) -> str:
    """How many are potential cases."""
    return f"{result.n_cases} of {plural(result.n, 'patient')}: ALT or AST ≥ 3 × ULN and bilirubin > 2 × ULN within 30 days after"


def _points(result: HysLaw) -> pd.DataFrame:
    slots = {name: slot for slot, name in enumerate(result.grouping.names)}
    peaks = result.peaks.assign(slot=result.peaks["group"].map(slots).astype(int), n=1)
    if len(peaks) > MOST_POINTS:
        usual = peaks["quadrant"] == QUADRANTS[0]
        together = peaks[usual].assign(
            **{name: _rounded(peaks.loc[usual, name]) for name in ("enzyme_times", "bilirubin")}
        )
        together = (
            together.groupby(["group", "slot", "enzyme_times", "bilirubin"], as_index=False)["n"]
            .sum()
            .assign(patient="", enzyme="", verdict="")
        )
        peaks = pd.concat([together, peaks[~usual]], ignore_index=True)
    return peaks.assign(area=AREA * np.sqrt(peaks["n"].astype(float)))[POINT]


def _rounded(values: pd.Series) -> Floats:
    cells: Floats = np.round(10.0 ** (np.round(np.log10(values.to_numpy(float)) / CELL) * CELL), 4)
    return cells


def _ticks(points: pd.DataFrame) -> pd.DataFrame:
    """The levels around all that is drawn; both axes have the same."""
    drawn = [*points["enzyme_times"], *points["bilirubin"], *LEAST]
    low = max((level for level in LEVELS if level <= min(drawn)), default=LEVELS[0])
    high = min((level for level in LEVELS if level >= max(drawn)), default=LEVELS[-1])
    levels = [level for level in LEVELS if low <= level <= high]
    return pd.DataFrame({"enzyme_times": levels, "bilirubin": levels})


def _groups(result: HysLaw) -> pd.DataFrame:
    n = result.peaks["group"].value_counts()
    rows = [(slot, f"{name} ({int(n.get(name, 0))})") for slot, name in enumerate(result.grouping.names)]
    return pd.DataFrame(rows, columns=["slot", "label"])


def _caption(result: HysLaw) -> str:
    return (
        f"Highest ALT or AST (the higher of the two) and highest bilirubin of each patient ({result.window.label or 'whole time'}) as multiples "
        f"of the laboratory's upper limit (ULN), n = {result.n}. Dashed: 3 × ULN and 2 × ULN. Ringed, a potential Hy's law case (FDA 2009), to "
        "be judged clinically: ALT or AST of at least 3 × ULN, then bilirubin above 2 × ULN on that day or within 30 days after it, with "
        "alkaline phosphatase below 2 × ULN where it is known. Other causes are not looked at."
    )


def _notes(result: HysLaw, points: pd.DataFrame) -> tuple[str, ...]:
    said = []
    for verdict in (NOT_IN_ORDER, CHOLESTATIC):
        if n := int((result.peaks["verdict"] == verdict).sum()):
            said.append(f"{plural(n, 'patient')} beyond both limits and no case: {verdict}.")
    if result.n_unknown_phosphatase:
        cases = plural(result.n_unknown_phosphatase, "case")
        said.append(
            f"{cases} without a known alkaline phosphatase (from the enzyme to the bilirubin, or up to 30 days before)."
        )
    if result.n_without:
        said.append(
            f"{plural(result.n_without, 'patient')} without both an enzyme and bilirubin in the window: not shown."
        )
    if result.n_no_uln:
        said.append(f"{plural(result.n_no_uln, 'value')} without an upper limit or a known unit: left out.")
    if len(points) < result.n:
        said.append(
            "Patients within both limits are drawn together where they are close; the area of a symbol grows with their number."
        )
    return tuple(said)


def _numbers(result: HysLaw) -> Numbers:
    names = (
        *((quadrant, "quadrant") for quadrant in QUADRANTS),
        (CASE, "verdict"),
        (NOT_IN_ORDER, "verdict"),
        (CHOLESTATIC, "verdict"),
    )
    columns = ("neither", "enzyme_only", "bilirubin_only", "both", "cases", "both_not_in_order", "both_cholestatic")
    rows = tuple(
        (level, sum(result.n_in(name, quadrant) for quadrant in QUADRANTS), *(result.n_with(name, column, word) for word, column in names))
        for level, name in zip(result.grouping.levels, result.grouping.names, strict=True)
    )  # fmt: skip
    return Numbers((("group", ""), ("n", "patients"), *((name, "patients") for name in columns)), rows)
