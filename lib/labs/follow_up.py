"""Until when laboratory values count: until the next therapy or a later infusion, or without end."""

from lib.cohort.analysis import Analysis
from lib.derived.until_next import followed
from lib.publication.exhibit import Exhibit, noted
from lib.publication.options import FollowUpOptions


def noted_follow_up(analysis: Analysis, options: FollowUpOptions, exhibit: Exhibit) -> Exhibit:
    """The exhibit with a note on the values that do not count."""
    return noted(exhibit, followed(analysis, options.until_next).of_values)
