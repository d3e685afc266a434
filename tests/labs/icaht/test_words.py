"""What is said of ICAHT where G-CSF is not named, where patients have no group, and where groups were formed after the infusion."""

from dataclasses import replace

from golden.cohorts import by

from labs.scores.made import scored_cohort
from lib.labs.icaht.result import icaht_grades
from lib.labs.icaht.words import ARM_BIAS, notes, title


def test_notes_follow_what_holds():
    made = scored_cohort()
    found = icaht_grades(made, by(made))
    assert ARM_BIAS not in notes(found) and "without" not in notes(found)[-1]
    untreated = tuple(each for each in found.patients if not each.g_csf)
    other = replace(found, patients=untreated, grouping=replace(found.grouping, known_at=30.0))
    said = " ".join(notes(other))
    assert ARM_BIAS in said and "whether it was given is not known" in said and "2 patients without" in said
    assert title(found).endswith("by arm (experimental)") or title(found).endswith("by Arm (experimental)")
