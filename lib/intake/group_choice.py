"""Which column splits the patients, and when it was known: taken where it is clear, else asked."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.intake.mapping import Mapping
from lib.intake.question import Asking
from lib.intake.sheet_guess import SheetGuess
from lib.intake.sheet_view import ColumnView

CANDIDATE: Final = re.compile(
    r"arm|act_?arm|trt(01)?[pa]?|rx|treat(ment)?(_(group|arm))?|(study_)?group|cohort|dose_?(class|level|group)|gruppe|brazo|bras|grupo|groupe|治疗组|分组|组别|.*_arm"
)
LATER: Final = re.compile(r"maint|erhaltung|respon|relaps|(^|_)(crs|icans|pom|len)|subsequent|mrd")
AT_BASELINE: Final = re.compile(r"(planned_|treatment_|study_)?arm|trt(01)?p?|rx|randomi\w*|dose_?\w*")
LEVELS: Final = range(2, 13)


def grouped(mapping: Mapping, read: Sequence[SheetGuess], asking: Asking) -> Mapping:
    """The mapping with the column that splits the patients, as answered or as it is clear, and its time of knowledge."""
    for guess in (each for each in read if each.table == "patients"):
        arm = guess.named("patients.arm")
        column = guess.view.column(arm) if arm else None
        if column is None or column.profile.n_levels not in LEVELS:
            continue
        rivals = _rivals(guess, column)
        chosen = arm
        if rivals:
            choices = tuple((name, name) for name in (arm, *rivals))
            words = ("Which column splits the patients?", "Several columns could.")
            chosen = asking.ask(("group", guess.view.name, [arm, *rivals]), words, choices, arm, "group")
        name = "arm" if chosen == arm else guess.view.column(chosen).key
        return _known(
            replace(mapping, study={**mapping.study, "group_by": name}), guess, guess.view.column(chosen), name, asking
        )
    return mapping


def _rivals(guess: SheetGuess, arm: ColumnView) -> list[str]:
    """Other columns that could split, and that do not only say the same in other words."""
    block = guess.view.block
    mine = block.cells(arm.name)
    found = []
    for each in guess.view.columns:
        if each is arm or each.private or not CANDIDATE.fullmatch(each.key) or each.profile.n_levels not in LEVELS:
            continue
        pairs = set(zip(mine, block.cells(each.name), strict=True))
        if not len(pairs) == len({first for first, _ in pairs}) == len({second for _, second in pairs}):
            found.append(each.name)
    return found


def _known(mapping: Mapping, guess: SheetGuess, column: ColumnView, name: str, asking: Asking) -> Mapping:
    if AT_BASELINE.fullmatch(column.key):
        return replace(mapping, known_at={**mapping.known_at, name: "before"})
    if not LATER.search(column.key):
        return mapping
    words = (
        f'When was "{column.name}" known?',
        "Patients must live long enough to come into a group that is made later.",
    )
    choices = (("before", "Before the infusion"), ("30", "By day 30"), ("60", "By day 60"), ("90", "By day 90"))
    answer = asking.ask(("known_at", guess.view.name, [column.name]), words, choices)
    return replace(mapping, known_at={**mapping.known_at, name: answer}) if answer else mapping
