"""How far two groups are apart over time: the share without the event, less that of the reference group."""

from dataclasses import dataclass

from lib.stats.survival_difference import SurvivalDifference, survival_difference
from lib.survival.result import SurvivalResult


@dataclass(frozen=True)
class GroupDifference:
    """The curve of `group` less that of `reference`; `result` is where both come from."""

    result: SurvivalResult
    group: str
    reference: str
    curve: SurvivalDifference


def difference(result: SurvivalResult) -> GroupDifference:
    """The difference of the two groups of a result."""
    grouping, table = result.outcome.grouping, result.outcome.table
    reference = grouping.reference_name
    (group,) = (name for name in grouping.names if name != reference)
    time, event, entry = (table[column].to_numpy(float) for column in ("time", "event", "entry"))
    names = table["group"].to_numpy(object)
    return GroupDifference(result, group, reference, survival_difference(time, event, names, (group, reference), entry))
