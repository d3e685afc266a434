"""The figures of the monoclonal protein: waterfall of the deepest change of each patient, spider of the course of each."""

import math
from typing import Final

import pandas as pd

from lib.publication.exhibit import Figure, Numbers
from lib.publication.key import group_names, with_key
from lib.publication.number import plural, short
from lib.publication.palette import group_colours
from lib.response.best.words import ARM_BIAS, grouping_notes
from lib.response.change.chart import HIGHEST, LEVELS, spider_chart, waterfall_chart
from lib.response.change.result import ChangeResult
from lib.response.state import ASSESSED, NE, NOT_ASSESSED

MOST_WITH_LETTERS: Final = 40  # bars; more have no room for letters
MOST_LINES_WITH_LETTERS: Final = 8
STRONGEST, FAINTEST, INK_OF_ALL_LINES = 0.85, 0.2, 4.0
GAP: Final = 1.2  # bars, between two groups
LETTERS: Final = {"VGPR": "VG", NOT_ASSESSED: "n.a."}


def waterfall_figure(result: ChangeResult, responses: tuple[str, ...]) -> Figure:
    """Bars in order of depth within each group; `responses` are those of the opened cohort."""
    states = (*(state for state in (*ASSESSED, NE) if state in responses), NOT_ASSESSED)
    bars = _bars(result)
    beyond = bars[bars["change"] > HIGHEST].assign(words=lambda rows: rows["shown"], change=float(HIGHEST))
    return Figure(
        id=f"response.waterfall.{result.series.slug}", title=f"{result.series.test}: deepest change{_by(result)}",
        chart=waterfall_chart(_axis(result, "Deepest change"), states, _colours(result)),
        tables={"bar": bars, "beyond": beyond[["at", "change", "words"]], "header": _headers(bars, result), **_fixed(result)},
        data=result.best.drop(columns="slot"), caption=f"Deepest change after infusion. {_caption(result)}{_letters(result)}",
        alt=_alt(result, "Waterfall plot"), notes=_notes(result), n=result.n, numbers=_numbers(result),
    )  # fmt: skip


def spider_figure(result: ChangeResult) -> Figure:
    """Lines from the baseline on."""
    told = _told(result.course)
    lines = told.assign(change=told["change"].clip(upper=HIGHEST), strength=_strength(result.n))
    last = lines.drop_duplicates("patient", keep="last")
    last = last.assign(
        letters=last["best"].map(lambda best: LETTERS.get(best, best)) if result.n <= MOST_LINES_WITH_LETTERS else ""
    )
    sizes = result.best["group"].value_counts()
    groups = [(slot, f"{name} ({sizes.get(name, 0)})") for slot, name in enumerate(result.grouping.names)]
    return Figure(
        id=f"response.spider.{result.series.slug}", title=f"{result.series.test}: change over time{_by(result)}",
        chart=with_key(spider_chart(_axis(result, "Change"), _colours(result)), group_names(result.grouping.groups), _colours(result), "both"),
        tables={
            "line": lines[["patient", "group", "slot", "best", "day", "change", "strength", "shown", "values"]], "last": last[["day", "change", "letters"]],
            "group": pd.DataFrame(groups, columns=["slot", "label"]), **_fixed(result),
        },
        data=result.course.drop(columns="slot"), caption=f"Every value after infusion. {_caption(result)}", alt=_alt(result, "Spider plot"),
        notes=_notes(result), n=result.n, numbers=_numbers(result),
    )  # fmt: skip


def _letters(result: ChangeResult) -> str:
    return " Letters: best response (VG: VGPR, n.a.: not assessed)." if result.n <= MOST_WITH_LETTERS else ""


def _strength(n: int) -> float:
    """How strong a line is: many are fainter."""
    return max(FAINTEST, min(STRONGEST, INK_OF_ALL_LINES / math.sqrt(max(n, 1))))


def _by(result: ChangeResult) -> str:
    return f" by {result.grouping.label}" if result.grouping.compares else ""


def _colours(result: ChangeResult) -> tuple[str, ...]:
    return group_colours([group.colour for group in result.grouping.groups])


def _axis(result: ChangeResult, what: str) -> str:
    return f"{what} of {result.series.test} from baseline, %"


def _fixed(result: ChangeResult) -> dict[str, pd.DataFrame]:
    bias = f".\n{ARM_BIAS}" if result.grouping.known_after_infusion else ""
    return {
        "level": pd.DataFrame({"change": list(map(float, LEVELS)), "words": [f"−{-level} %" for level in LEVELS]}), "zero": pd.DataFrame({"change": [0.0]}),
        "heading": pd.DataFrame({"text": [f"{plural(result.n, 'patient')} with a baseline and a later value{bias}"]}),
    }  # fmt: skip


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    """With the change and the values in words."""
    shown = [f"{'+' if change > 0 else '−' if change < 0 else ''}{short(abs(change))} %" for change in rows["change"]]
    values = [
        f"{short(base)} to {'below limit' if below else short(value)}"
        for base, value, below in zip(rows["baseline"], rows["value"], rows["below"], strict=True)
    ]
    return rows.assign(shown=shown, values=values)


def _bars(result: ChangeResult) -> pd.DataFrame:
    """Places from left to right; a bar of no change is a thin line; letters stand beyond the bar's end."""
    told = _told(result.best)
    slots = {slot: place for place, slot in enumerate(sorted(set(told["slot"])))}
    left = pd.Series(range(len(told)), index=told.index, dtype=float) + told["slot"].map(slots).astype(float) * GAP
    cut = told["change"].clip(upper=HIGHEST)
    letters = (
        told["best"].map(lambda best: LETTERS.get(best, best))
        if len(told) <= MOST_WITH_LETTERS
        else pd.Series("", index=told.index)
    )
    return (
        told.assign(
            state=told["best"],
            left=left + 0.06,
            right=left + 0.94,
            at=left + 0.5,
            top=cut.clip(lower=0.6),
            bottom=cut.clip(upper=-0.6),
            letter_at=(cut.clip(lower=0) * 0 + 4.0).where(cut <= 0, -4.0),
            letters=letters,
        )
        .assign(
            top=lambda rows: rows["top"].where(cut > 0, 0.0).where(cut != 0, 0.6),
            bottom=lambda rows: rows["bottom"].where(cut < 0, 0.0),
        )
        .drop(columns=["below"])
    )


def _headers(bars: pd.DataFrame, result: ChangeResult) -> pd.DataFrame:
    first = bars.groupby("group", sort=False)["left"].agg(["min", "size"])
    slots = {name: slot for slot, name in enumerate(result.grouping.names)}
    rows = [
        (each["min"], slots[str(name)], f"{name} ({int(each['size'])})")
        for name, each in first.to_dict("index").items()
    ]
    return pd.DataFrame(rows, columns=["left", "slot", "label"])


def _caption(result: ChangeResult) -> str:
    return (
        f"{result.series.label}, percent change from the last value at or before day 0, until progression ({result.source}), another therapy or infusion. "
        "Dashed: −25, −50 and −90 %, the falls of serum M-protein that MR, PR and VGPR ask for among other things (IMWG)."
    )


def _notes(result: ChangeResult) -> tuple[str, ...]:
    said = list(grouping_notes(result.grouping, 0))
    if result.left_out:
        reasons = "; ".join(f"{reason} ({n})" for reason, n in result.left_out)
        said.append(f"Left out {result.n_selected - result.n} of {plural(result.n_selected, 'patient')}: {reasons}.")
    below, beyond = int(result.course["below"].sum()), int((result.course["change"] > HIGHEST).sum())
    told = (
        (below, f"{plural(below, 'value')} below the limit of detection: counted as 0, a change of −100 %."),
        (beyond, f"{plural(beyond, 'value')} more than {HIGHEST} % above baseline: drawn at +{HIGHEST} %."),
        (result.n_undated, f"{plural(result.n_undated, 'value')} without a day: left out."),
        (result.series.chain_not_stated, "The workbook does not say whether this is the involved light chain; a fall of the other one is no response."),
    )  # fmt: skip
    return (*said, *(words for holds, words in told if holds))


def _alt(result: ChangeResult, kind: str) -> str:
    if not result.n:
        return f"{kind} without patients."
    reached = "; ".join(
        f"at least {-level} % lower: {int((result.best['change'] <= level).sum())}" for level in (*LEVELS, -100)
    )
    return f"{kind} of the change of {result.series.test}, {plural(result.n, 'patient')}. {reached}."


def _numbers(result: ChangeResult) -> Numbers:
    """The deepest change, one row a patient."""
    level, unit = dict(zip(result.grouping.names, result.grouping.levels, strict=True)), result.series.unit
    columns = (
        ("patient", ""),
        ("group", ""),
        ("best", ""),
        ("baseline", unit),
        ("value", unit),
        ("below", ""),
        ("day", "days"),
        ("change", "%"),
    )
    rows = tuple(
        (row["patient"], level[row["group"]], *(row[name] for name, _ in columns[2:]))
        for row in result.best.to_dict("records")
    )
    return Numbers(columns, rows)
