"""Until when laboratory values count: until the next therapy or a later infusion, or without end."""

from lib.cohort.analysis import Analysis
from lib.derived.until_next import UntilNext, until_next
from lib.publication.exhibit import Exhibit, noted
from lib.publication.options import FollowUpOptions


def followed(analysis: Analysis, options: FollowUpOptions) -> UntilNext:
    """The selected patients, without values after the next therapy where they do not count."""
    if not options.until_next:
        return UntilNext(analysis.selected, (), ())
    found: UntilNext = analysis.result(_until_next)
    return found


def _until_next(analysis: Analysis) -> UntilNext:
    return until_next(analysis.selected)


def noted_follow_up(analysis: Analysis, options: FollowUpOptions, exhibit: Exhibit) -> Exhibit:
    """The exhibit with a note on the values that do not count."""
    return noted(exhibit, followed(analysis, options).of_values)
