"""The dot plot's chart follows terms and groups, and nothing else."""

from lib.publication.palette import GROUP_COLOURS
from lib.toxicity.differences.chart import differences_chart
from lib.toxicity.differences.figure import differences_figure
from lib.toxicity.differences.result import differences
from toxicity.made import of_example


def test_its_height_follows_terms_and_groups():
    height = {
        (terms, groups): differences_chart(terms, GROUP_COLOURS[:groups])["height"]
        for terms in (1, 10)
        for groups in (2, 3)
    }
    assert height[1, 2] < height[1, 3] < height[10, 2] < height[10, 3]


def test_no_filter_changes_it():
    charts = [
        differences_figure(differences(of_example("arm", *filters), "any grade", ("CRS", "ICANS"))).chart
        for filters in ((), ("emd=yes",), ("arm=Control",))
    ]
    assert charts[0] == charts[1] == charts[2]
