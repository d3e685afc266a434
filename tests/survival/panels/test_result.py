"""Panels are the analyses of their own patients, and together with those not stated they are everybody."""

import pytest
from golden.cohorts import by, example, selected, synthetic

from lib.survival.outcome import time_to_event
from lib.survival.panels.result import panels
from lib.survival.result import survival
from survival.made import result


def parted(made, endpoint, grouping, second, *filters):
    return panels(result(made, endpoint, grouping, *filters), selected(made, *filters), by(made, second))


def test_each_panel_is_what_a_filter_gives():
    found = parted(example(), "ttp", "arm", "emd")
    assert [panel.name for panel in found.panels] == ["EMD no", "EMD yes"]
    for panel, level in zip(found.panels, ("no", "yes"), strict=True):
        alone = selected(example(), f"emd={level}")
        same = survival(time_to_event(alone, "ttp", by(example()), "months"), alone)
        assert [group.median for group in panel.result.groups] == [group.median for group in same.groups]
        assert (panel.result.logrank.p, panel.result.headline) == (same.logrank.p, same.headline)
        assert panel.result.ticks == found.whole.ticks


@pytest.mark.parametrize("second", ["emd", "sex", "age_years", "high_risk_cytogenetics"])
@pytest.mark.parametrize("filters", [(), ("sex=F",)])
def test_everybody_is_in_one_panel_or_not_stated(second, filters):
    found = parted(synthetic(), "pfs", "arm", second, *filters)
    assert sum(panel.result.n for panel in found.panels) + found.not_stated == found.whole.n


def test_a_level_whose_name_says_nothing_has_that_of_its_variable():
    assert [panel.name for panel in parted(example(), "os", "arm", "sex").panels] == ["Sex F", "Sex M"]


def test_a_filter_keeps_every_panel():
    found = parted(example(), "os", "arm", "emd", "emd=yes")
    assert [panel.result.n for panel in found.panels] == [0, 7]
