"""Drug-induced liver injury at a glance: peaks of ALT or AST beside the peak of bilirubin as multiples of the ULN, and
who is a potential Hy's law case.

A case has, within the window of days: ALT or AST of at least 3 x ULN, then (on that day or within 30 days after it)
bilirubin above 2 x ULN, and alkaline phosphatase below 2 x ULN where it is known for that time. Other causes are not
looked at: a case is to be judged clinically. Source: FDA Guidance for Industry, Drug-Induced Liver Injury: Premarketing
Clinical Evaluation, 2009. The chart depends on the number and colours of the groups, never on the selection.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import altair as alt
import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Group, Grouping, group_of
from lib.cohort.model import Cohort
from lib.derived.adverse_events import Period
from lib.derived.follow_up import followed
from lib.derived.lab_values import lab_values
from lib.labs.series import noted_follow_up
from lib.publication.exhibit import Exhibit, Figure, TypedColumn, typed_numbers
from lib.publication.key import counted_groups, keyed
from lib.publication.number import plural, short
from lib.publication.options import FollowUpOptions
from lib.publication.palette import FAINT_INK, GRID, INK, group_colours, group_shapes
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import NORMAL, SCREEN, broken
from lib.publication.theme import HOVER, Specification, by_slot, keeps, publish, table, text_layer, tooltips
from lib.stats.estimate import Floats, ratio

ENZYME_LIMIT: Final = 3.0  # reached: at least
BILIRUBIN_LIMIT: Final = 2.0  # exceeded
PHOSPHATASE_LIMIT: Final = 2.0  # not reached
WITHIN: Final = 30.0  # days from the enzyme to the bilirubin, and from an earlier alkaline phosphatase to the enzyme
ENZYMES: Final = ("ALT", "AST")
BILIRUBIN: Final = "bilirubin"
PHOSPHATASE: Final = "alkaline phosphatase"
USUAL_WINDOW: Final = Period(0, 90)
QUADRANTS: Final = ("neither", "ALT or AST only", "bilirubin only", "both")
CORNERS: Final = dict(zip(("neither", "enzyme", "bilirubin", "hy"), QUADRANTS, strict=True))
CASE: Final = "case"
NOT_IN_ORDER: Final = "bilirubin not within 30 days after"
CHOLESTATIC: Final = "alkaline phosphatase 2 × ULN or more"
METHOD: Final = (
    "Multiples of the laboratory's upper limit (ULN). A potential Hy's law case (FDA 2009), to be judged clinically:"
    " ALT or AST of at least 3 × ULN, then bilirubin above 2 × ULN on that day or within 30 days after it, with"
    " alkaline phosphatase below 2 × ULN where it is known. Other causes are not looked at."
)
MOST_POINTS: Final = 400
CELL: Final = 0.06  # width of a place in powers of ten, where so many stand that they are drawn together
AREA: Final = 55.0
POINT: Final = ["patient", "group", "slot", "enzyme", "enzyme_times", "bilirubin", "n", "area", "verdict", "peaks"]
LEAST: Final = (0.5, 4.0)  # both axes show at least this range
HEIGHT: Final = 400
LEVELS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@dataclass(frozen=True)
class HysLaw:
    """`peaks`: patient, group, enzyme, enzyme_times, enzyme_day, bilirubin, bilirubin_day (multiples of the ULN),
    quadrant, verdict, case_enzyme_day, case_bilirubin_day, phosphatase (the highest that counts, NaN: not known).

    `verdict`: CASE, "" for who does not reach both limits, else why not. `n_without`: patients of a group who lack
    enzyme or bilirubin in the window; `n_no_uln`: values left out for want of an ULN or a unit.
    """

    grouping: Grouping
    window: Period
    peaks: pd.DataFrame
    n_without: int
    n_no_uln: int

    @property
    def n(self) -> int:
        """How many patients have both peaks."""
        return len(self.peaks)

    @property
    def n_cases(self) -> int:
        """How many are potential cases."""
        return int((self.peaks["verdict"] == CASE).sum())

    @property
    def n_unknown_phosphatase(self) -> int:
        """Cases of whom no alkaline phosphatase is known for that time."""
        return int(((self.peaks["verdict"] == CASE) & self.peaks["phosphatase"].isna()).sum())

    def n_with(self, group: str, column: str, word: str) -> int:
        """How many of a group have this word as their quadrant or verdict."""
        return int(((self.peaks["group"] == group) & (self.peaks[column] == word)).sum())


def can_show(cohort: Cohort) -> bool:
    """Whether bilirubin and one of the enzymes were measured."""
    found = set(lab_values(cohort, *ENZYMES, BILIRUBIN)["analyte"])
    return BILIRUBIN in found and bool(found & set(ENZYMES))


def hys_law(cohort: Cohort, grouping: Grouping, window: Period = USUAL_WINDOW) -> HysLaw:
    """Of whoever has an enzyme and bilirubin within the window; a value below its limit of detection counts as half of
    it."""
    rows = lab_values(cohort, *ENZYMES, BILIRUBIN, PHOSPHATASE)
    rows = rows[rows["infusion"] == cohort.infusion]
    amount = rows["amount"].fillna((rows["limit"] / 2).where(rows["below"]))
    every = rows.assign(times=ratio(amount, rows["upper"]))
    looked_at = every[window.holds(every["day"])]
    measured = looked_at["amount"].notna() | looked_at["below"] | (looked_at["problem"] != "")
    missing = int((looked_at["times"].isna() & measured & (looked_at["analyte"] != PHOSPHATASE)).sum())
    usable = looked_at[looked_at["times"] > 0]
    enzymes, bilirubin = usable[usable["analyte"].isin(ENZYMES)], usable[usable["analyte"] == BILIRUBIN]
    peaks = _peaks(enzymes, "enzyme_times", "enzyme_day", "enzyme").join(
        _peaks(bilirubin, "bilirubin", "bilirubin_day"), how="inner"
    )
    known = every[(every["analyte"] == PHOSPHATASE) & (every["times"] > 0) & every["day"].notna()]
    judged = peaks.assign(quadrant=_quadrants(peaks)).join(_judged(enzymes, bilirubin, known)).reset_index()
    no_pair = (judged["quadrant"] == QUADRANTS[-1]).map({True: NOT_IN_ORDER, False: ""})
    judged["verdict"] = judged["verdict"].fillna(no_pair)
    group = group_of(cohort, grouping)
    named = judged.assign(group=judged["patient"].map(group).astype("object"))
    named = named[named["group"].notna()].reset_index(drop=True)
    return HysLaw(grouping, window, named, int(group.notna().sum()) - len(named), missing)


def _peaks(rows: pd.DataFrame, times: str, day: str, analyte: str = "") -> pd.DataFrame:
    """The first highest value of each patient; `analyte` names the column that says of which test it is."""
    ordered = rows.sort_values(["times", "day"], ascending=[False, True], kind="stable")
    first = ordered.drop_duplicates("patient").set_index("patient")
    names = {"times": times, "day": day} | ({"analyte": analyte} if analyte else {})
    return first.rename(columns=names)[list(names.values())]


def _quadrants(peaks: pd.DataFrame) -> np.ndarray:
    enzyme, bilirubin = peaks["enzyme_times"] >= ENZYME_LIMIT, peaks["bilirubin"] > BILIRUBIN_LIMIT
    return np.array(QUADRANTS, dtype=object)[enzyme.to_numpy(int) + 2 * bilirubin.to_numpy(int)]


def _judged(enzymes: pd.DataFrame, bilirubin: pd.DataFrame, phosphatase: pd.DataFrame) -> pd.DataFrame:
    """Of each patient in whom both limits were reached in time order: the first pair that makes a case, else the first
    pair."""
    pairs = enzymes[enzymes["times"] >= ENZYME_LIMIT].merge(
        bilirubin[bilirubin["times"] > BILIRUBIN_LIMIT], on="patient", suffixes=("_enzyme", "_bilirubin")
    )
    pairs = pairs[(pairs["day_bilirubin"] - pairs["day_enzyme"]).between(0, WITHIN)]
    pairs = pairs[["patient", "day_enzyme", "day_bilirubin"]].drop_duplicates().reset_index(drop=True)
    pairs["phosphatase"] = [
        _highest(phosphatase[phosphatase["patient"] == patient], first, last)
        for patient, first, last in pairs.itertuples(index=False)
    ]
    pairs["verdict"] = np.where(pairs["phosphatase"] >= PHOSPHATASE_LIMIT, CHOLESTATIC, CASE)
    pairs["later"] = pairs["verdict"] != CASE
    chosen = pairs.sort_values(["later", "day_enzyme", "day_bilirubin"], kind="stable").drop_duplicates("patient")
    named = {"day_enzyme": "case_enzyme_day", "day_bilirubin": "case_bilirubin_day"}
    return chosen.set_index("patient").rename(columns=named)[["verdict", *named.values(), "phosphatase"]]


def _highest(phosphatase: pd.DataFrame, first: float, last: float) -> float:
    """The highest alkaline phosphatase between the two days, else the last one in the 30 days before; NaN if none is
    known."""
    during = phosphatase.loc[phosphatase["day"].between(first, last), "times"]
    if len(during):
        return float(during.max())
    before = phosphatase[phosphatase["day"].between(first - WITHIN, first)].sort_values("day", kind="stable")
    return float(before["times"].iloc[-1]) if len(before) else float("nan")


def hys_law_figure(result: HysLaw, width: int = SCREEN) -> Figure:
    """One symbol a patient; of very many, one a place, by area, but whoever is beyond a limit always alone."""
    grouping = result.grouping
    points = _points(result)
    return Figure(
        id="labs.hys_law",
        title=f"Peak ALT or AST and bilirubin{grouping.by}",
        chart=keyed(hys_law_chart(group_colours(grouping.groups), width), grouping.groups, "point"),
        tables={
            "point": points,
            "case": points[points["verdict"] == CASE],
            "axis": _ticks(points),
            "limit": pd.DataFrame({"enzyme_times": [ENZYME_LIMIT], "bilirubin": [BILIRUBIN_LIMIT]}),
            "words": pd.DataFrame([CORNERS]),
            "group": counted_groups(grouping.names, result.peaks["group"]),
            "heading": pd.DataFrame({"text": ["\n".join(broken(headline(result), width - 30, NORMAL))]}),
        },
        data=result.peaks,
        caption=_caption(result),
        method=METHOD,
        alt=f"Scatter of peak ALT or AST against peak bilirubin, log axes. {headline(result)}",
        notes=_notes(result, points),
        n=result.n,
        numbers=typed_numbers(_columns(result), grouping.groups),
    )


def headline(result: HysLaw) -> str:
    """How many are potential cases."""
    return (
        f"{result.n_cases} of {plural(result.n, 'patient')}: ALT or AST ≥ 3 × ULN and bilirubin > 2 × ULN within 30"
        " days after"
    )


def _points(result: HysLaw) -> pd.DataFrame:
    slots = {name: slot for slot, name in enumerate(result.grouping.names)}
    peaks = result.peaks.assign(slot=result.peaks["group"].map(slots).astype(int), n=1)
    if len(peaks) > MOST_POINTS:
        usual = peaks["quadrant"] == QUADRANTS[0]
        places = {name: _rounded(peaks.loc[usual, name]) for name in ("enzyme_times", "bilirubin")}
        together = peaks[usual].assign(**places).groupby(["group", "slot", *places], as_index=False)["n"].sum()
        peaks = pd.concat([together.assign(patient="", enzyme="", verdict=""), peaks[~usual]], ignore_index=True)
    enzymes = peaks["enzyme"].replace("", "ALT or AST").tolist()
    numbers = zip(enzymes, peaks["enzyme_times"], peaks["bilirubin"], strict=True)
    return peaks.assign(
        area=AREA * np.sqrt(peaks["n"].astype(float)),
        peaks=[f"{enzyme} {short(times)}, bilirubin {short(bilirubin)}" for enzyme, times, bilirubin in numbers],
    )[POINT]


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


def _caption(result: HysLaw) -> str:
    when = result.window.label or "whole time"
    return (
        f"Highest ALT or AST and highest bilirubin of each patient ({when}), × ULN. Dashed: 3 and 2 × ULN. Ringed:"
        " potential Hy's law case."
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
            "Patients within both limits are drawn together where they are close; the area of a symbol grows with their"
            " number."
        )
    return tuple(said)


def _columns(result: HysLaw) -> tuple[TypedColumn, ...]:
    """Of a group: who lies in each quadrant, and of those beyond both limits the verdict."""

    def counted(name: str, *of: str) -> TypedColumn:
        return TypedColumn(name=name, unit="patients", value=lambda group: result.n_with(group.name, *of))

    def everybody(group: Group) -> int:
        return sum(result.n_with(group.name, "quadrant", each) for each in QUADRANTS)

    names = ("neither", "enzyme_only", "bilirubin_only", "both")
    return (
        TypedColumn(name="group", value=lambda group: group.level),
        TypedColumn(name="n", unit="patients", value=everybody),
        *(counted(name, "quadrant", each) for name, each in zip(names, QUADRANTS, strict=True)),
        counted("cases", "verdict", CASE),
        counted("both_not_in_order", "verdict", NOT_IN_ORDER),
        counted("both_cholestatic", "verdict", CHOLESTATIC),
    )


@cache
def hys_law_chart(colours: tuple[str, ...], width: int = SCREEN) -> Specification:
    """The specification for groups of these colours."""
    scale = alt.Scale(type="log", nice=False, zero=False)
    axis = alt.Axis(values=list(LEVELS), format="~g", grid=False, labelOverlap=True)
    enzyme = alt.X("enzyme_times:Q", title="Peak ALT or AST, × ULN (log scale)", scale=scale, axis=axis)
    bilirubin = alt.Y("bilirubin:Q", title="Peak bilirubin, × ULN (log scale)", scale=scale, axis=axis)
    level = table("axis").mark_rule(color=GRID, strokeWidth=0.6)
    limit = table("limit").mark_rule(color=FAINT_INK, strokeDash=[5, 4], strokeWidth=1)
    layers = [
        *(mark.encode(**{name: place}) for mark in (level, limit) for name, place in (("x", enzyme), ("y", bilirubin))),
        *_words(),
        *_symbols(enzyme, bilirubin, colours),
        keeps("heading"),
        keeps("group"),
    ]
    return publish(alt.layer(*layers), width=width, height=HEIGHT)


def _words() -> list[alt.Chart]:
    """The name of each quadrant in the corner that is its own."""
    right, left = (alt.XValue("width"), {"align": "right", "dx": -5}), (alt.XValue(0), {"align": "left", "dx": 5})
    top, bottom = (
        (alt.YValue(0), {"baseline": "top", "dy": 6}),
        (alt.YValue("height"), {"baseline": "bottom", "dy": -6}),
    )
    corners = (("hy", right, top), ("bilirubin", left, top), ("enzyme", right, bottom), ("neither", left, bottom))
    style = {"fontSize": 11, "color": FAINT_INK, "fontStyle": "italic"}
    return [
        text_layer(table("words"), name, x, y, **across, **down, **style) for name, (x, across), (y, down) in corners
    ]


def _symbols(x: alt.X, y: alt.Y, colours: tuple[str, ...]) -> list[alt.Chart]:
    colour, shape = by_slot(alt.Color, colours), by_slot(alt.Shape, group_shapes(len(colours)))
    tooltip = tooltips(
        {"patient": "Patient", "group": "Group", "peaks": "× ULN", "n:Q": "Patients here", "verdict": "Hy's law"}
    )
    size = alt.Size("area:Q", scale=None, legend=None)
    return [
        table("point")
        .mark_point(filled=True, opacity=0.75, stroke="#FFFFFF", strokeWidth=0.6)
        .encode(x=x, y=y, color=colour, shape=shape, size=size),
        table("case").mark_point(filled=False, shape="circle", size=190, stroke=INK, strokeWidth=1.4).encode(x=x, y=y),
        table("point", HOVER).mark_point(size=160, filled=True, opacity=0).encode(x=x, y=y, tooltip=tooltip),
    ]


def _build(analysis: Analysis, options: FollowUpOptions) -> Exhibit:
    found = hys_law(followed(analysis, options.until_next).cohort, analysis.grouping)
    return noted_follow_up(analysis, options, hys_law_figure(found, options.width))


HYS_LAW: Final = ExhibitSpec(
    "labs.hys_law",
    "Hy's law",
    needs="labs",
    build=_build,
    options=FollowUpOptions,
    when=lambda analysis, _: can_show(analysis.opened),
)
