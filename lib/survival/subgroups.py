"""Whether the groups compare alike within the levels of each baseline variable: what a forest plot shows, and what it
says.

Two groups at a time; a number is split at cut-points given beforehand or at its median, never at a searched one.
Nothing is adjusted for how many are looked at. Source: `lib.stats.adjusted_cox`; Pocock et al. 2002; Lagakos 2006.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.cohort.grouping import Grouping, grouping_by
from lib.cohort.model import Cohort, Variable
from lib.cohort.printed import signs
from lib.publication.exhibit import Numbers, TestLine, TypedColumn, estimate_columns, typed_numbers
from lib.publication.number import p_equals, plural
from lib.stats.adjusted_cox import NAME as INTERACTION
from lib.stats.adjusted_cox import GroupTimes, interaction, subgroup_hazard_ratios
from lib.stats.estimate import COMPARED_FROM, FEW_EVENTS, Estimate, Names, TestResult, not_done
from lib.stats.firth import NAME as FIRTH_TEST
from lib.survival.caveats import bias_method, left_out_words, limits_of_comparison, reasons
from lib.survival.models_table import AGE, AGE_CUT, COX, FIRTH, timing_notes
from lib.survival.outcome import TimeToEvent, arrays
from lib.survival.summary import PAIR, ratio_words

EVERYBODY: Final = "All patients"


@dataclass(frozen=True)
class Subgroup:
    """One group against the reference among the patients of a level; `of` is (n, events) of the group and the
    reference."""

    level: str
    of: tuple[tuple[int, int], tuple[int, int]]
    ratio: Estimate
    test: TestResult

    @property
    def n_events(self) -> int:
        """Events of both groups."""
        return self.of[0][1] + self.of[1][1]

    @property
    def penalised(self) -> bool:
        """Whether the ratio is of Firth's model."""
        return self.test.name == FIRTH_TEST


@dataclass(frozen=True)
class Split:
    """The levels of one variable, whether the ratios differ between them, and how many patients have no level."""

    variable: Variable
    levels: tuple[Subgroup, ...]
    interaction: TestResult
    n_missing: int


@dataclass(frozen=True)
class Subgroups:
    """`group` against `reference`: in all patients, and within each variable."""

    outcome: TimeToEvent
    group: str
    reference: str
    overall: Subgroup
    splits: tuple[Split, ...]

    @property
    def n(self) -> int:
        """Patients of both groups."""
        return self.overall.of[0][0] + self.overall.of[1][0]

    @property
    def n_subgroups(self) -> int:
        """How many are looked at."""
        return sum(len(split.levels) for split in self.splits)


def subgroups(
    cohort: Cohort, outcome: TimeToEvent, splits: Sequence[tuple[Variable, Grouping]], group: str = ""
) -> Subgroups:
    """The forest of these splits, where the grouping has two groups or more.

    `group` is the one compared with the reference ("" = the first that is not it).
    """
    reference = outcome.grouping.reference_name
    compared = group or next(name for name in outcome.grouping.names if name != reference)
    table = outcome.table[outcome.table["group"].isin([compared, reference])]
    patients = cohort.patients.set_index("patient_id").reindex(table["patient"])
    time, event, entry = arrays(table)
    times = GroupTimes(time, event, table["group"].to_numpy(object), (reference, compared), reference, entry)
    (overall,) = _levels(times, np.full(len(table), EVERYBODY, dtype=object), (EVERYBODY,), (EVERYBODY,))
    found = tuple(_split(times, patients, variable, by) for variable, by in splits)
    return Subgroups(outcome, compared, reference, overall, found)


def splits_of(opened: Cohort, names: Sequence[str], age_cut: float = AGE_CUT) -> tuple[tuple[Variable, Grouping], ...]:
    """How each variable is split: a category by its levels, age at `age_cut`, any other number at its median.

    `opened` gives the median, so that subgroups stay the same whatever is selected.
    """
    chosen = [variable for name in names if (variable := opened.variable(name)) is not None]
    return tuple((each, grouping_by(each, opened, (age_cut,) if each.name == AGE else ())) for each in chosen)


def _split(times: GroupTimes, patients: pd.DataFrame, variable: Variable, by: Grouping) -> Split:
    level_of = by.of(patients).to_numpy(object)
    levels = _levels(times, level_of, by.names, by.levels)
    known = np.array([level is not None for level in level_of], dtype=bool)
    words = by.level_of
    named = np.array([words.get(level, "") for level in level_of], dtype=object)
    thin = [f"fewer than {FEW_EVENTS} events with {one.level}" for one in levels if _thin(one)]
    test = (
        not_done(INTERACTION, int(known.sum()), thin[0])
        if thin
        else interaction(times.of(known), named[known], by.levels)
    )
    return Split(variable, levels, test, int((~known).sum()))


def _thin(one: Subgroup) -> bool:
    """Whether there are patients of both groups, but too few events to compare them: nor is their ratio with others."""
    return min(one.of[0][0], one.of[1][0]) > 0 and one.n_events < FEW_EVENTS


def _levels(times: GroupTimes, level_of: Names, names: Sequence[str], words: Sequence[str]) -> tuple[Subgroup, ...]:
    found = []
    for name, word in zip(names, words, strict=True):
        (row,) = subgroup_hazard_ratios(times, level_of, (name,))
        of = tuple(_counted(times, (level_of == name) & (times.group == each)) for each in reversed(times.names))
        found.append(Subgroup(word, (of[0], of[1]), row.ratio, row.test))
    return tuple(found)


def _counted(times: GroupTimes, mine: npt.NDArray[np.bool_]) -> tuple[int, int]:
    return int(mine.sum()), int(times.event[mine].sum())


def method(one: Subgroup) -> str:
    """How a ratio was estimated; "" where it was not."""
    return "" if one.ratio.value is None else FIRTH if one.penalised else COX


def caption(result: Subgroups) -> str:
    """What is drawn."""
    return (
        f"{result.outcome.label}: hazard ratio of {result.group} v {result.reference}; diamond: all patients of both"
        f" groups; arrow: beyond the axis. n = {result.n}, {plural(result.overall.n_events, 'event')}."
    )


def method_of(result: Subgroups) -> str:
    """How ratios and interactions were computed."""
    outcome = result.outcome
    tested = sum(split.interaction.p is not None for split in result.splits)
    lines = [result.overall, *(level for split in result.splits for level in split.levels)]
    used = {method(one) for one in lines}
    firth, cox = FIRTH in used, COX in used
    parts = [
        "Not adjusted. Squares grow with the number of events.",
        "Full symbols: Cox's model, Efron ties, Wald 95 % limits." if cox else "",
        (
            "Open symbols: Firth's penalised model, Breslow ties, profile limits (fewer than 10 events, or a group"
            " without any)."
            if firth
            else ""
        ),
        "p for interaction: likelihood ratio test of group by subgroup in Cox's model.",
        (
            f"{plural(result.n_subgroups, 'subgroup')} of {plural(len(result.splits), 'variable')},"
            f" {plural(tested, 'interaction')} tested: not adjusted for their number; of twenty interactions one is"
            " expected below 0.05 by chance."
        ),
        (
            f"No ratio where a group has fewer than {COMPARED_FROM} patients, and no interaction where a subgroup has"
            f" fewer than {FEW_EVENTS} events."
        ),
        *bias_method(outcome),
    ]
    return " ".join(part for part in parts if part)


def notes(result: Subgroups) -> tuple[str, ...]:
    """What limits the figure, each in a sentence."""
    variables = tuple(split.variable for split in result.splits)
    said = [*limits_of_comparison(result.outcome, result.n), *left_out_words(result.outcome)]
    said += [
        f"{split.variable.label} not stated: {split.n_missing} in none of its subgroups."
        for split in result.splits
        if split.n_missing
    ]
    said += timing_notes(variables, "subgroups of it are biased", "its subgroups are biased")
    if not variables:
        said.append("No variable to look at: none is known to be from before the infusion, or none was chosen.")
        return tuple(said)
    said.append("A subgroup is read by its interaction, not by its own interval.")
    if len(result.outcome.grouping.groups) > PAIR:
        said.append(
            f"The ratios are of {result.group} and {result.reference} alone; the table above has all groups in one"
            " model."
        )
    said += _not_estimable(result)
    if few := [
        f"{one.level} {one.n_events}"
        for split in result.splits
        for one in split.levels
        if one.ratio.value is not None and one.n_events < FEW_EVENTS
    ]:
        said.append(f"Few events: {', '.join(few)}.")
    return tuple(said)


def _not_estimable(result: Subgroups) -> list[str]:
    """Why ratios are missing, each reason once."""
    why: dict[str, list[str]] = {}
    for split in (None, *result.splits):
        for one in split.levels if split else (result.overall,):
            if one.ratio.reason:
                name = f"{split.variable.label} {signs(one.level)}" if split else EVERYBODY
                why.setdefault(one.ratio.reason, []).append(name)
    return [f"NE, not estimable, {', '.join(names)}: {reason}." for reason, names in why.items()]


def alt_text(result: Subgroups) -> str:
    """The figure for whoever cannot see it."""
    words = [f"{EVERYBODY}: {_in_words(result.overall)}"]
    for split in result.splits:
        levels = ", ".join(f"{one.level} {_in_words(one)}" for one in split.levels)
        test = split.interaction
        tested = f"interaction {p_equals(test.p)}" if test.p is not None else f"interaction not tested, {test.reason}"
        words.append(f"{split.variable.label}: {levels}; {tested}")
    return (
        f"Forest plot of the hazard ratio of {result.group} against {result.reference} for"
        f" {result.outcome.label.lower()}. " + ". ".join(words) + "."
    )


def _in_words(one: Subgroup) -> str:
    return f"not estimable ({one.ratio.reason})" if one.ratio.reason else ratio_words(one.ratio)


def numbers(result: Subgroups) -> Numbers:
    """Unrounded: one row for all patients, then one a level; null with its reason where not estimable."""
    return typed_numbers(_columns(result), [(None, result.overall), *_levels_of(result)])


def _levels_of(result: Subgroups) -> list[tuple[Split, Subgroup]]:
    return [(split, one) for split in result.splits for one in split.levels]


def data(result: Subgroups) -> pd.DataFrame:
    """The same as a table a reader of the figure would ask for, variables by their labels."""
    levels = _levels_of(result)
    named = numbers(result).frame.rename(columns={"hazard_ratio_low": "low", "hazard_ratio_high": "high"})
    pair = {"group": result.group, "reference": result.reference}
    return named.drop(columns=list(pair)).assign(
        variable=[EVERYBODY, *(split.variable.label for split, _ in levels)],
        reason=[one.ratio.reason for one in (result.overall, *(one for _, one in levels))],
        **pair,
    )


def _columns(result: Subgroups) -> tuple[TypedColumn, ...]:
    """Of the levels of a split (None: of all patients)."""

    def counted(name: str, which: int, place: int) -> TypedColumn:
        return TypedColumn(name=name, unit="patients", value=lambda cell: cell[1].of[which][place])

    group, reference = result.outcome.level(result.group), result.outcome.level(result.reference)
    return (
        TypedColumn(name="variable", value=lambda cell: cell[0].variable.name if cell[0] else EVERYBODY),
        TypedColumn(name="level", value=lambda cell: cell[1].level if cell[0] else ""),
        TypedColumn(name="group", value=lambda _: group),
        TypedColumn(name="reference", value=lambda _: reference),
        counted("n", 0, 0),
        counted("events", 0, 1),
        counted("n_reference", 1, 0),
        counted("events_reference", 1, 1),
        *estimate_columns("hazard_ratio", lambda cell: cell[1].ratio),
        TypedColumn(name="p", value=lambda cell: cell[1].test.p),
        TypedColumn(name="method", value=lambda cell: method(cell[1])),
        TypedColumn(name="interaction_p", value=lambda cell: cell[0].interaction.p if cell[0] else None),
        TypedColumn(
            name="reason",
            value=lambda cell: _reason(cell[1], cell[0].interaction.reason if cell[0] else "all patients"),
        ),
    )


def _reason(one: Subgroup, interaction: str) -> str | None:
    limits = (
        "" if one.ratio.reason or None not in (one.ratio.low, one.ratio.high) else one.ratio.note or "not estimable"
    )
    return reasons(
        {"hazard_ratio": one.ratio.reason, "limits": limits, "p": one.test.reason, "interaction_p": interaction}
    )


def tests(result: Subgroups) -> tuple[TestLine, ...]:
    """The interaction of each variable, and the test of each ratio."""
    pair = f"{result.group} v {result.reference}"
    lines = [TestLine.of(result.overall.test, pair)]
    for split in result.splits:
        label = split.variable.label
        lines.append(TestLine.of(split.interaction, f"{pair} by {label}"))
        lines += [TestLine.of(one.test, f"{pair}, {label} {one.level}") for one in split.levels]
    return tuple(lines)
