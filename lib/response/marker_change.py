"""How far the monoclonal protein fell: percent change from baseline over time, and the deepest change of every patient.

Baseline: the last value at or before day 0. Counted: values after it and until the day of progression, another therapy
or another infusion. A value below its limit of detection counts as 0, a change of -100 %. The axis of its figures ends
at +100 %: what is beyond is cut there.

Which series of the Labs sheet measure the monoclonal protein: M-protein in serum or urine, free light chains (FLC)
and their difference.

Told from the name of the test; ratios and heavy-light chain tests are none. Values of different units are different
series.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

import altair as alt
import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.best_response import ResponseEnds, best_overall_responses, response_ends
from lib.derived.follow_up import ROUNDING_DAYS
from lib.publication.exhibit import Numbers, frame_numbers
from lib.publication.number import plural, sentences, short
from lib.publication.palette import FAINT_INK
from lib.publication.theme import table
from lib.response.rates import grouping_method, grouping_notes
from lib.response.state import NOT_ASSESSED

NOT_ONE: Final = re.compile(r"ratio|quotient|\bhlc\b|比|κ\s*/\s*λ|kappa\s*/\s*lambda", re.IGNORECASE)
URINE: Final = re.compile(r"urin|\bupep\b|bence|24\s*h|尿", re.IGNORECASE)
LIGHT_CHAIN: Final = re.compile(
    r"\b[sis]?flc|free light|free (kappa|lambda|κ|λ)|(kappa|lambda|κ|λ)[ _-]*(free|flc|light)|freie leicht|游离轻链",
    re.IGNORECASE,
)
DIFFERENCE: Final = re.compile(
    r"\bd[ _-]?flc|(difference|delta|differenz).*(flc|light)|(flc|light).*(difference|delta|differenz)", re.IGNORECASE
)
CHAIN: Final = re.compile(r"kappa|lambda|κ|λ|\b[kl](?=[ _-]*flc)", re.IGNORECASE)
UNINVOLVED: Final = re.compile(r"un[ _-]?involved|non[ _-]?involved", re.IGNORECASE)
INVOLVED: Final = re.compile(r"\bi[ _-]?flc|involved|betroffen", re.IGNORECASE)
M_PROTEIN: Final = re.compile(
    r"\bm[ _-]?(protein|prot|spike|component|komponente|gradient|peak|spitze)|monoclonal"
    r" (protein|component|band|spike)|paraprotein|\bspep\b|\bupep\b|"
    r"\bmonoklonal|m蛋白|bence",
    re.IGNORECASE,
)
NO_VALUES: Final = "no values"
NO_BASELINE: Final = "no value at or before day 0"
ZERO_BASELINE: Final = "baseline 0, negative or below the limit of detection"
NOTHING_LATER: Final = "no value between infusion and progression or another treatment"
NO_GROUP: Final = "no group"
HEIGHT: Final = 430
LEVELS: Final = (-25, -50, -90)  # reference lines: MR, PR and VGPR of serum M-protein (IMWG)
HIGHEST: Final = 100
TICKS: Final = (-100, -75, -50, -25, 0, 25, 50, 75, 100)
LETTERS: Final = {"VGPR": "VG", NOT_ASSESSED: "n.a."}


@dataclass(frozen=True)
class MarkerSeries:
    """One test in one unit: its names in the workbook, `kind` as the field names it, `slug` for its exhibits.

    `chain_not_stated`: a single light chain of which the workbook does not say whether it is the involved one.
    """

    test: str
    unit: str
    kind: str
    slug: str
    chain_not_stated: bool

    @property
    def label(self) -> str:
        """The test with its unit."""
        return f"{self.test}, {self.unit}" if self.unit else self.test


def marker_series(cohort: Cohort) -> tuple[MarkerSeries, ...]:
    """Those of the opened cohort, in the order of its laboratory tests (most values first)."""
    found: list[MarkerSeries] = []
    for words in cohort.vocabulary.get("lab", ()):
        test, _, unit = words.partition("\t")
        if kind := marker_kind(test):
            name = re.sub(r"[^a-z]+", "_", kind.casefold()).strip("_")
            again = sum(each.slug == name or each.slug.startswith(f"{name}_of_") for each in found)
            slug = f"{name}_of_{again + 1}" if again else name
            found.append(MarkerSeries(test, unit, kind, slug, kind in ("kappa FLC", "lambda FLC", "FLC")))
    return tuple(found)


def marker_kind(test: str) -> str:
    """What a test is: M-protein, urine M-protein, dFLC, involved FLC, kappa FLC, lambda FLC, FLC; "" for every
    other."""
    if NOT_ONE.search(test):
        return ""
    if DIFFERENCE.search(test):
        return "dFLC"
    if UNINVOLVED.search(test):
        return ""
    if LIGHT_CHAIN.search(test):
        return _chain(test)
    return ("urine M-protein" if URINE.search(test) else "M-protein") if M_PROTEIN.search(test) else ""


def _chain(test: str) -> str:
    """Which light chain a test measures."""
    if INVOLVED.search(test):
        return "involved FLC"
    named = CHAIN.search(test)
    return {"k": "kappa FLC", "κ": "kappa FLC"}.get(named[0][0].casefold(), "lambda FLC") if named else "FLC"


@dataclass(frozen=True)
class ChangeResult:
    """`best`: patient, group, slot, best (response), baseline, value, day, change (percent), below; one row a patient,
    deepest change last within each group. `course`: patient, group, slot, day, change, below, with the baseline as day
    0 and 0 %. `left_out`: reason and number.
    """

    series: MarkerSeries
    grouping: Grouping
    best: pd.DataFrame
    course: pd.DataFrame
    left_out: tuple[tuple[str, int], ...]
    source: str
    n_selected: int
    n_undated: int

    @property
    def n(self) -> int:
        """How many patients have a change."""
        return len(self.best)


def marker_change(cohort: Cohort, series: MarkerSeries, grouping: Grouping) -> ChangeResult:
    """Of every selected patient who has a baseline above 0 and a later value."""
    ended = response_ends(cohort)
    every, n_undated = _values(cohort, series)
    patients = _patients(cohort, grouping)
    baseline = _baselines(every)
    later = _later(every, ended)
    reasons = _reasons(patients, every, baseline, later)
    inside = patients[(reasons == "").to_numpy()]
    course = _course(later, baseline, inside)
    left_out = Counter(reasons[reasons != ""]).most_common()
    return ChangeResult(series, grouping, _best(course), course, tuple(left_out), ended.source, cohort.n, n_undated)


def _values(cohort: Cohort, series: MarkerSeries) -> tuple[pd.DataFrame, int]:
    """The dated values of the chosen infusion: patient, day, value (0 below a limit), below; and how many have no
    day."""
    rows = cohort.labs[(cohort.labs["test"] == series.test) & (cohort.labs["unit"].fillna("") == series.unit)]
    rows = rows[(rows["infusion"] == cohort.infusion) & (rows["value"].notna() | rows["below"].astype(bool))]
    below = rows["below"].astype(bool)
    reported = pd.DataFrame(
        {"patient": rows["patient_id"], "day": rows["day"], "value": rows["value"].mask(below, 0.0), "below": below}
    )
    dated = reported[reported["day"].notna()].sort_values(["patient", "day"], kind="stable", ignore_index=True)
    return dated, len(reported) - len(dated)


def _patients(cohort: Cohort, grouping: Grouping) -> pd.DataFrame:
    best = best_overall_responses(cohort).fillna(NOT_ASSESSED)
    slots = {name: slot for slot, name in enumerate(grouping.names)}
    group = grouping.of(cohort.patients)
    return pd.DataFrame(
        {"patient": best.index, "group": group.to_numpy(), "slot": group.map(slots).to_numpy(), "best": best.to_numpy()}
    )


def _baselines(every: pd.DataFrame) -> pd.Series:
    return every[every["day"] <= 0].groupby("patient")["value"].last()


def _later(every: pd.DataFrame, ended: ResponseEnds) -> pd.DataFrame:
    until = every["patient"].map(ended.first) + ROUNDING_DAYS
    return every[(every["day"] > 0) & ~(every["day"] > until)]


def _reasons(patients: pd.DataFrame, every: pd.DataFrame, baseline: pd.Series, later: pd.DataFrame) -> pd.Series:
    """Of each patient why there is no change, "" where there is one."""
    who = patients["patient"]
    reasons = (
        (patients["group"].isna(), NO_GROUP),
        (~who.isin(every["patient"]), NO_VALUES),
        (~who.isin(baseline.index), NO_BASELINE),
        (who.map(baseline).astype(float) <= 0, ZERO_BASELINE),
        (~who.isin(later["patient"]), NOTHING_LATER),
    )
    found = np.select([holds.to_numpy() for holds, _ in reasons], [words for _, words in reasons], "")
    return pd.Series(found, index=patients.index, dtype="object")


def _course(later: pd.DataFrame, baseline: pd.Series, inside: pd.DataFrame) -> pd.DataFrame:
    """Day 0 with no change, then every later value."""
    start = inside[["patient"]].assign(day=0.0, value=inside["patient"].map(baseline).astype(float), below=False)
    rows = pd.concat([start, later[later["patient"].isin(inside["patient"])]], ignore_index=True)
    rows = rows.assign(baseline=rows["patient"].map(baseline).astype(float)).merge(inside, on="patient", how="left")
    rows = rows.assign(change=100.0 * (rows["value"] / rows["baseline"] - 1.0), slot=rows["slot"].astype("int64"))
    return rows.sort_values(["slot", "patient", "day"], kind="stable", ignore_index=True)


def _best(course: pd.DataFrame) -> pd.DataFrame:
    """The lowest value of each patient after day 0, of equally low ones the first."""
    after = course[course["day"] > 0].sort_values(["change", "day"], kind="stable").drop_duplicates("patient")
    ordered = after.assign(depth=-np.round(after["change"], 9)).sort_values(
        ["slot", "depth", "patient"], kind="stable", ignore_index=True
    )
    return ordered[["patient", "group", "slot", "best", "baseline", "value", "day", "change", "below"]]


def markers(analysis: Analysis) -> dict[str, str]:
    """The markers of disease that Labs holds, with their labels."""
    return {each.slug: each.label for each in marker_series(analysis.opened)}


def change(analysis: Analysis, slug: str) -> ChangeResult:
    """The change of one marker in the selected patients."""
    series = next(each for each in marker_series(analysis.opened) if each.slug == slug)
    return marker_change(analysis.selected, series, analysis.grouping)


def axis_title(result: ChangeResult, what: str) -> str:
    """The title of the axis of changes."""
    return f"{what} of {result.series.test} from baseline, %"


def fixed_tables() -> dict[str, pd.DataFrame]:
    """The tables that both figures have: reference lines and zero line."""
    return {
        "level": pd.DataFrame({"change": list(map(float, LEVELS)), "words": [f"−{-level} %" for level in LEVELS]}),
        "zero": pd.DataFrame({"change": [0.0]}),
    }


def in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """With the change and the values in words."""
    shown = [f"{'+' if change > 0 else '−' if change < 0 else ''}{short(abs(change))} %" for change in rows["change"]]
    values = [
        f"{short(base)} to {'below limit' if below else short(value)}"
        for base, value, below in zip(rows["baseline"], rows["value"], rows["below"], strict=True)
    ]
    return rows.assign(shown=shown, values=values)


def method(result: ChangeResult) -> str:
    """What a change is, and what the reference lines are."""
    return sentences(
        f"{result.series.label}, percent change from the last value at or before day 0, until progression"
        f" ({result.source}), another therapy or infusion. Dashed: −25, −50 and −90 %, the falls of serum M-protein"
        " that MR, PR and VGPR ask for among other things (IMWG).",
        grouping_method(result.grouping),
    )


def notes(result: ChangeResult) -> tuple[str, ...]:
    """Who is left out and why, and which values are not drawn as they are."""
    said = list(grouping_notes(result.grouping, 0))
    if result.left_out:
        reasons = "; ".join(f"{reason} ({n})" for reason, n in result.left_out)
        said.append(f"Left out {result.n_selected - result.n} of {plural(result.n_selected, 'patient')}: {reasons}.")
    below, beyond = int(result.course["below"].sum()), int((result.course["change"] > HIGHEST).sum())
    reported = (
        (below, f"{plural(below, 'value')} below the limit of detection: counted as 0, a change of −100 %."),
        (beyond, f"{plural(beyond, 'value')} more than {HIGHEST} % above baseline: drawn at +{HIGHEST} %."),
        (result.n_undated, f"{plural(result.n_undated, 'value')} without a day: left out."),
        (
            result.series.chain_not_stated,
            (
                "The workbook does not say whether this is the involved light chain; a fall of the other one is no"
                " response."
            ),
        ),
    )
    return (*said, *(words for holds, words in reported if holds))


def alt_text(result: ChangeResult, kind: str) -> str:
    """The figure for whoever cannot see it."""
    if not result.n:
        return f"{kind} without patients."
    reached = "; ".join(
        f"at least {-level} % lower: {int((result.best['change'] <= level).sum())}" for level in (*LEVELS, -100)
    )
    return f"{kind} of the change of {result.series.test}, {plural(result.n, 'patient')}. {reached}."


def numbers(result: ChangeResult) -> Numbers:
    """The deepest change, one row a patient."""
    best, unit = (
        result.best[["patient", "group", "best", "baseline", "value", "below", "day", "change"]],
        result.series.unit,
    )
    return frame_numbers(best, result.grouping.level_of, baseline=unit, value=unit, day="days", change="%")


def change_axis(title: str) -> alt.Y:
    """The axis of changes in percent, cut at +100 %."""
    axis = alt.Axis(
        values=list(TICKS),
        format="+d",
        grid=False,
        labelExpr="datum.value === 0 ? '0' : replace(datum.label, '-', '−')",
        titleLimit=HEIGHT,
    )
    return alt.Y("change:Q", title=title, scale=alt.Scale(domain=[-105, 108], nice=False, zero=False), axis=axis)


def level_lines(y: alt.Y) -> list[alt.Chart]:
    """Dashed lines with their numbers at the right edge."""
    label = table("level").mark_text(align="left", baseline="middle", dx=4, fontSize=10, color=FAINT_INK, clip=False)
    return [
        table("level").mark_rule(strokeDash=[4, 4], color=FAINT_INK, strokeWidth=0.8).encode(y=y),
        label.encode(x=alt.XValue("width"), y=y, text=alt.Text("words:N")),
    ]
