"""Whether a hazard ratio differs between subgroups, and the hazard ratio within each: what a forest plot shows.

The likelihood ratio test of the products group x subgroup in Cox's model (Efron ties), as R's
anova(coxph(y ~ group + subgroup), coxph(y ~ group * subgroup)). Source: Cox 1972; Pocock et al. 2002 (subgroup analyses).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.arrays import Floats, Names
from lib.stats.cox import hazard_ratios
from lib.stats.cox_model import chi_squared, cox_model
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.partial_likelihood import Observations
from lib.stats.small_samples import FEW_EVENTS

NAME: Final = "likelihood ratio test of interaction (Cox model, Efron ties)"


@dataclass(frozen=True)
class GroupTimes:
    """Times of patients in groups, the reference among `names`."""

    time: Floats
    event: Floats
    group: Names
    names: tuple[str, ...]
    reference: str
    entry: Floats | None = None

    def of(self, kept: npt.NDArray[np.bool_]) -> "GroupTimes":
        entry = None if self.entry is None else self.entry[kept]
        return replace(self, time=self.time[kept], event=self.event[kept], group=self.group[kept], entry=entry)


@dataclass(frozen=True)
class SubgroupRatio:
    """One group against the reference among the patients of one level."""

    level: str
    group: str
    n: int
    n_events: int
    ratio: Estimate
    test: TestResult


def subgroup_hazard_ratios(times: GroupTimes, subgroup: Names, levels: Sequence[str]) -> tuple[SubgroupRatio, ...]:
    """For each level, each group against the reference; n and events are those of the two groups in the level."""
    found = []
    for level in levels:
        mine = times.of(subgroup == level)
        ratios = hazard_ratios(mine.time, mine.event, mine.group, mine.names, mine.reference, mine.entry)
        for name, (ratio, test) in ratios.items():
            events = mine.event[(mine.group == name) | (mine.group == mine.reference)].sum()
            found.append(SubgroupRatio(level, name, test.n, int(events), ratio, test))
    return tuple(found)


def interaction(times: GroupTimes, subgroup: Names, levels: Sequence[str]) -> TestResult:
    """Whether the hazard ratios are the same in all levels. Patients of other groups or levels are left out.

    Not done where a group has no patients or no events in a level: its ratio there, and so their difference, is not finite.
    """
    kept = np.isin(times.group.astype(str), times.names) & np.isin(subgroup.astype(str), levels)
    mine, level_of = times.of(kept), subgroup[kept]
    groups = [name for name in times.names if np.any(mine.group == name)]
    present = [level for level in levels if np.any(level_of == level)]
    if reason := _reason(mine, level_of, groups, present):
        return not_done(NAME, len(level_of), reason)
    apart = [(mine.group == name).astype(float) for name in groups[1:]]
    apart += [(level_of == level).astype(float) for level in present[1:]]
    products = [
        (mine.group == name) * (level_of == level).astype(float) for name in groups[1:] for level in present[1:]
    ]
    without, together = (
        cox_model(Observations(mine.time, mine.event, np.array(columns, dtype=float).T, mine.entry))
        for columns in (apart, [*apart, *products])
    )
    if reason := without.reason or together.reason:
        return not_done(NAME, len(level_of), reason)
    return chi_squared(NAME, 2 * (together.log_likelihood - without.log_likelihood), len(products), len(level_of))


def _reason(times: GroupTimes, subgroup: Names, groups: Sequence[str], levels: Sequence[str]) -> str:
    if len(groups) < 2:
        return "fewer than two groups have patients"
    if len(levels) < 2:
        return "fewer than two subgroups have patients"
    if times.event.sum() < FEW_EVENTS:
        return f"fewer than {FEW_EVENTS} events"
    for level in levels:
        for name in groups:
            cell = (subgroup == level) & (times.group == name)
            if not cell.any():
                return f"no patients in {name} with {level}"
            if not times.event[cell].any():
                return f"no events in {name} with {level}"
    return ""
