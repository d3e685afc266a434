"""Printed tables of competing causes: incidences at milestones, and how groups compare by each cause."""

from golden.cohorts import by, example, selected, synthetic

from lib.survival.competing.outcome import competing_outcome
from lib.survival.competing.result import competing
from lib.survival.competing.table import incidence_table, ratio_table
from survival.competing.mgus2 import mgus2


def result(opened, endpoint, *filters, grouping="arm"):
    return competing(competing_outcome(selected(opened, *filters), endpoint, by(opened, grouping), "months"))


def test_incidences_at_milestones():
    table = incidence_table(result(example(), "ttp"))
    assert table.header == (
        "Cause",
        "Group",
        "n",
        "Events",
        "At 6 months (95 % CI)",
        "At 12 months (95 % CI)",
        "At 24 months (95 % CI)",
    )
    assert table.rows[0] == (
        "Progression or relapse",
        "Control",
        "8",
        "8",
        "50 % (15.2–77.5)",
        "87.5 % (38.7–98.1)",
        "100 %",
    )
    assert table.rows[3][2:] == ("8", "0", "0 % (0–45.9)", "0 % (0–45.9)", "0 % (0–52.2)")
    assert table.notes[1] == "Gray's test, death without progression: not done: no events of this cause."
    assert incidence_table(result(example(), "ttp", grouping="-")).notes == ()


def test_follow_up_that_ends_earlier_is_not_estimable():
    assert incidence_table(result(synthetic(), "pfs")).rows[0][-1] == "NE"
    assert incidence_table(result(example(), "ttp", "arm=Control")).rows[1][4:] == ("no patients",) * 3


def test_each_ratio_is_named_with_n_and_events():
    table = ratio_table(mgus2())
    assert table.id == "cumulative_incidence.ttp.models"
    assert table.header[3].startswith("Cause-specific hazard ratio against F")
    assert table.header[5].startswith("Subdistribution hazard ratio against F")
    assert table.rows[0][:4] == ("Progression or relapse", "F", "59 of 631", "reference")
    assert table.rows[1][3].startswith("0.942 (") and table.rows[1][5].startswith("0.795 (")
    assert any("overestimate" in note for note in table.notes)
    assert any(note == "Gray's test, progression or relapse: p = 0.2744 (n = 1384)." for note in table.notes)
    assert all(line.name and line.n for line in table.tests) and len(table.tests) == 2 + 4


def test_every_null_has_its_reason():
    for opened, endpoint in ((example(), "ttp"), (example(), "complete_response"), (synthetic(), "pfs")):
        for table in (incidence_table(result(opened, endpoint)), ratio_table(result(opened, endpoint))):
            for row in table.numbers.rows:
                assert None not in row[:-1] or row[-1]
