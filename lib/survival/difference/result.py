"""How far two groups are apart over time: the share without the event, less that of the reference group."""

from dataclasses import dataclass

from lib.stats.restricted_mean import SurvivalDifference, no_difference, survival_difference
from lib.stats.small_samples import DESCRIBED, described_only, sizes_of
from lib.survival.result import SurvivalResult


@dataclass(frozen=True)
class GroupDifference:
    """The curve of `group` less that of `reference`; `result` is where both come from."""

    result: SurvivalResult
    group: str
    reference: str
    curve: SurvivalDifference


def difference(result: SurvivalResult) -> GroupDifference:
    """The difference of the two groups of a result; none with a group of one or two."""
    grouping, table = result.outcome.grouping, result.outcome.table
    reference = grouping.reference_name
    (group,) = (name for name in grouping.names if name != reference)
    time, event, entry = (table[column].to_numpy(float) for column in ("time", "event", "entry"))
    names = table["group"].to_numpy(object)
    small = described_only(sizes_of(names, (group, reference)))
    curve = (
        no_difference(f"{small[0]} is {DESCRIBED}", len(table))
        if small
        else survival_difference(time, event, names, (group, reference), entry)
    )
    return GroupDifference(result, group, reference, curve)
