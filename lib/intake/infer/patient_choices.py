"""What its owner says of the patients' columns: which of two is meant, who is left out of the analysis set."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.intake.cells.coding import NO_WORDS, YES_WORDS, is_missing, text
from lib.intake.infer.column import ColumnView
from lib.intake.infer.patient_column import is_of_schema
from lib.intake.infer.question import EXTRA_ROLE, Asking, Proposal
from lib.intake.infer.sheet_guess import SheetGuess

NONE: Final = "none"
MEANT: Final = {  # what is asked of two columns that could both be it
    "age_years": "the age at the infusion", "prior_lines": "the number of prior lines", "prior_asct": "the previous autologous transplant",
    "emd": "extramedullary disease before the infusion", "high_risk_cytogenetics": "high-risk cytogenetics",
    "infusion_date": "the date of the infusion (day 0)", "death_date": "the date of death", "last_contact_date": "the date of the last contact",
    "progression_date": "the date of the first progression",
}  # fmt: skip
EXCLUDED: Final = re.compile(
    r"(patients?_|study_|analysis_)?(exclu(sion|ded?|de|idos?|ido|s)?|exclusion_(reason|criteri\w+|flag|yes_no)|reason_(for|of)_exclusion|"
    r"ausschluss(grund)?|ausgeschlossen|exclusion_motif|motif_d?_?exclusion|esclus(o|i|ione)|uitgesloten|exclusie|drop(ped)?|removed|"
    r"排除(原因)?|剔除|除外(理由)?|是否(排除|剔除))"
)
INCLUDED: Final = re.compile(
    r"(patients?_)?(includ(ed|e)?|included_in_(the_)?(analysis|study|cohort)|in_analysis|analysed|analyzed|evaluable|auswertbar|eingeschlossen|"
    r"(is_|was_)?(infused|eligible|elegible|eligibel|geeignet|infundiert|infundid[oa]|infus[oa]|dosed|treated_as_planned)(_yes_no)?|received_(infusion|car_?t\w*)|"
    r"(car_?t_)?infusion_(given|received|done)|(per_protocol|efficacy|safety|evaluable|analysis)(_(set|population|evaluable|analysis))?|"
    r"inclus|evaluable_patient|incluid[oa]|inclus[oi]|geincludeerd|纳入(分析)?|是否纳入|可评价)"
)
MOST: Final = 12  # different values of such a column; more are remarks


def with_choices(guess: SheetGuess, asking: Asking) -> SheetGuess:
    """The sheet with each role of the patient given to the column that its owner means."""
    proposals = dict(guess.proposals)
    for role, names in guess.rivals.items():
        name = is_of_schema(role)
        dated = name.endswith("_date")
        words = (f"Which column is {MEANT[name]}?", "Several could be, and they do not say the same.")
        choices = [*((each, each) for each in names), (NONE, "None of them")]
        place = f"which:{guess.view.name}:{name}"
        answer = asking.ask(("role", guess.view.name, names), words, choices, names[0], place, dated)
        for each in names:
            if each != answer and proposals[each].role == role:
                other = EXTRA_ROLE if dated else "patients.covariate"
                proposals[each] = Proposal(other, f"another column is taken as {name}", "likely")
        if answer != NONE and proposals[answer].role != role:
            proposals[answer] = replace(guess.proposals[names[0]], reason="you said so", certainty="certain")
    return replace(guess, proposals=proposals)


def excluded(read: Sequence[SheetGuess], asking: Asking) -> dict[str, tuple[str, ...]]:
    """ "Sheet.Heading" -> the values whose patients are outside the analysis set, where its owner says so."""
    found = {}
    for guess in (each for each in read if each.table == "patients"):
        for column in guess.view.columns:
            values = _excluding(guess, column)
            if values and _left_out(guess, column, values, asking):
                found[f"{guess.view.name}.{column.name}"] = values
    return found


def _excluding(guess: SheetGuess, column: ColumnView) -> tuple[str, ...]:
    """The values of a column of exclusions that exclude: all but no; of inclusions: no."""
    profile = column.profile
    out, into = EXCLUDED.fullmatch(column.key), INCLUDED.fullmatch(column.key)
    role = guess.proposals[column.name].role
    known = is_of_schema(role) or role.startswith("endpoints.")
    if (
        known
        or column.private
        or not (out or into)
        or not profile.filled
        or profile.n_levels > MOST
        or profile.dates > 0.5
    ):
        return ()
    words = tuple(dict.fromkeys(text(cell) for cell in guess.view.block.cells(column.name) if not is_missing(cell)))
    if out:
        return tuple(
            word for word in words if word.casefold() not in NO_WORDS | {"included", "eingeschlossen", "inclus"}
        )
    folded = {word.casefold() for word in words}
    return tuple(word for word in words if word.casefold() in NO_WORDS) if folded <= YES_WORDS | NO_WORDS else ()


def _left_out(guess: SheetGuess, column: ColumnView, values: tuple[str, ...], asking: Asking) -> bool:
    counts = Counter(text(cell) for cell in guess.view.block.cells(column.name) if not is_missing(cell))
    n = sum(counts[word] for word in values)
    shown = " or ".join(f'"{word}" ({counts[word]})' for word in values[:4])
    words = (
        f'Shall the {n} patients with {shown} in "{column.name}" be left out of the analysis set?',
        "They stay in the file, and in no figure.",
    )
    choices = (("leave", f"Yes, leave these {n} out"), ("keep", "No, they count like all others"))
    place = f"exclude:{guess.view.name}:{column.name}"
    return asking.ask(("exclude", guess.view.name, [column.name]), words, choices, "", place, True) == "leave"
