"""What its owner says of the patients' columns: which of two is meant, who is left out of the analysis set, which
column splits the patients and when it was known, and whether lesions are high-risk cytogenetics (derived only when
answered)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.schema import PATIENTS
from lib.intake.apply.table import extra_name
from lib.intake.cells.coding import NO_WORDS, YES_WORDS
from lib.intake.infer.column import ColumnView
from lib.intake.infer.patient_column import is_of_schema
from lib.intake.infer.patient_id import same_rows
from lib.intake.infer.question import EXTRA_ROLE, Asking, Proposal
from lib.intake.infer.sheet_guess import SheetGuess
from lib.intake.infer.synonyms import LESION
from lib.intake.infer.template_sheet import ARM, LEVELS, LISTS, groups_said, names_group
from lib.intake.mapping import HighRisk, Mapping
from lib.intake.sheets.block import Block
from lib.intake.sheets.role import keyed, table_for
from lib.intake.sheets.tail import GROUP_WORD

NONE: Final = "none"
MEANT: Final = {  # what is asked of two columns that could both be it
    "age_years": "the age at the infusion",
    "prior_lines": "the number of prior lines",
    "prior_asct": "the previous autologous transplant",
    "emd": "extramedullary disease before the infusion",
    "high_risk_cytogenetics": "high-risk cytogenetics",
    "infusion_date": "the date of the infusion (day 0)",
    "death_date": "the date of death",
    "last_contact_date": "the date of the last contact",
    "progression_date": "the date of the first progression",
}
EXCLUDED: Final = re.compile(
    r"(patients?_|study_|analysis_)?(exclu(sion|ded?|de|idos?|ido|s|ir|es?|ida|idas)?(_(from|of|de|du|des|del|dall?a?)_(the_|l_|la_|el_)?(final_)?(analys[ei]s?|analyse|study|cohort\w*|etude|analisis|estudio|analisi|studio))?|exclusion_(reason|criteri\w+|flag|yes_no)|(reason|motivo?s?|motif|causa|cause|raison|grund)_((for|of|de|d|di|del|della|des|fur|der)_(la_)?)?(exclu\w+|esclus\w+|ausschluss\w*)|"
    r"ausschluss(grund)?|(von_(der_)?(analyse|auswertung)_)?ausgeschlossen(_von_(der_)?(analyse|auswertung))?|wyklucz\w+|exclusion_motif|esclus(o|i|ione)|uitgesloten|exclusie|drop(ped|_?outs?)?|removed|"
    r"screen(ing)?_?fail(ure|ed)?s?|withdr[ae]w(n|al)?(_(of_)?consent)?|(manufactur\w*|production)_fail\w*|(not_?|non_?|in|un)(infused|treated|dosed|evaluable|eligible|assess?able|analy[sz]ed)|nicht_?(infundiert|behandelt|auswertbar|evaluierbar)|"
    r"non_(traite|perfuse|reinjecte)e?|no_(infundido|tratado)|未(输注|回输|治疗)|筛选失败|"
    r"排除(原因)?|剔除|除外(理由)?|是否(排除|剔除))"
)
INCLUDED: Final = re.compile(
    r"(patients?_)?(includ(ed|e)?|keep|usable|(qc|quality_control)_?(pass|passed|ok)|pass(ed|es)?_qc|(saf|itt|eff|fas|mitt|enrl)_?fl|included_in_(the_)?(analysis|study|cohort)|in_analysis|analysed|analyzed|evaluable|auswertbar|eingeschlossen|"
    r"(is_|was_|car_?t_(cells?_)?)?(infused|eligible|elegible|eligibel|geeignet|infundiert|infundid[oa]|infus[oa]|dosed|treated_as_planned)(_yes_no)?|received_(infusion|car_?t\w*)|"
    r"(car_?t_)?infusion_(given|received|done)|(per_protocol|efficacy|safety|evaluable|analysis|full_analysis|fas|m_?itt|modified_intent(ion)?_to_treat|all_treated)(_(set|population|evaluable|analysis))?|"
    r"inclus|evaluable_patient|incluid[oa]|inclus[oi]|geincludeerd|纳入(分析)?|是否纳入|可评价)"
)
REASON: Final = "patients.exclusion_reason"
MOST: Final = 12  # different values of such a column; more are remarks
NOT_EXCLUDED: Final = NO_WORDS | {"included", "eingeschlossen", "inclus"}


def with_choices(found: Sequence[SheetGuess], named: Sequence[Block], asking: Asking) -> list[SheetGuess]:
    """The sheets with each role of the patient given to the column that its owner means; `named` are patients in the
    template's names. A list of events says the group where none of the patients does."""
    chosen = [_with_choices(each, asking) for each in found]
    known = any(each.table == PATIENTS.name and each.named(ARM) for each in chosen) or any(map(names_group, named))
    return chosen if known else [_with_group(each, asking) for each in chosen]


def _with_choices(guess: SheetGuess, asking: Asking) -> SheetGuess:
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
    if not _may_exclude(guess, column):
        return ()
    words = [word for word in guess.view.block.words(column.name) if word]
    if EXCLUDED.fullmatch(column.key):
        return tuple(word for word in words if word.casefold() not in NOT_EXCLUDED)
    is_plain = {word.casefold() for word in words} <= YES_WORDS | NO_WORDS
    return tuple(word for word in words if word.casefold() in NO_WORDS) if is_plain else ()


def _may_exclude(guess: SheetGuess, column: ColumnView) -> bool:
    """Whether few enough different words stand in a column that has no other role."""
    profile, role = column.profile, guess.proposals[column.name].role
    if not (EXCLUDED.fullmatch(column.key) or INCLUDED.fullmatch(column.key)):
        return False
    reason = role == REASON and not guess.named("patients.analysis_set")
    if (is_of_schema(role) and not reason) or role.startswith("endpoints.") or column.private:
        return False
    return profile.filled > 0 and profile.n_levels <= MOST and profile.dates <= 0.5


def _left_out(guess: SheetGuess, column: ColumnView, values: tuple[str, ...], asking: Asking) -> bool:
    counts = guess.view.block.counts(column.name)
    n = sum(counts[word] for word in values)
    shown = " or ".join(f'"{word}" ({counts[word]})' for word in values[:4])
    words = (
        f'Shall the {n} patients with {shown} in "{column.name}" be left out of the analysis set?',
        "They stay in the file, and in no figure.",
    )
    choices = (("leave", f"Yes, leave these {n} out"), ("keep", "No, they count like all others"))
    place = f"exclude:{guess.view.name}:{column.name}"
    return asking.ask(("exclude", guess.view.name, [column.name]), words, choices, "", place, True) == "leave"


GROUPS: Final = (("group", "Yes: the group (arm) of its patients"), ("no", "No"))
WHY_GROUPS: Final = "The sheets hold other patients each, and no column says to which group they belong."


def groups_of_sheets(read: Sequence[SheetGuess], asking: Asking) -> dict[str, str]:
    """By sheet the group of its patients, where several sheets hold other patients each and their names are said to be
    the groups."""
    several = [each for each in read if each.table == "patients" and each.view.patient and not each.view.repeated]
    names = [each.view.name for each in several]
    if len(several) < 2 or any(map(_says_its_group, several)) or _share_patients(several):
        return {}
    words = (f"Are the names of the sheets ({', '.join(map(quoted, names))}) the groups of their patients?", WHY_GROUPS)
    likely = "group" if all(GROUP_WORD.search(keyed(name)) for name in names) else "no"
    answer = asking.ask(("group", names[0], [several[0].view.patient]), words, GROUPS, likely, "group of sheets")
    return dict(zip(names, names, strict=True)) if answer == "group" else {}


def _says_its_group(guess: SheetGuess) -> bool:
    """Whether a column has the group, or the sheet bears the name of a table."""
    layout = guess.view.block.layout
    return bool(guess.named("patients.arm") or layout.appended or table_for(guess.view.name, ()))


def _share_patients(several: Sequence[SheetGuess]) -> bool:
    ids = [frozenset(filter(None, each.view.block.words(each.view.patient))) for each in several]
    return len(frozenset().union(*ids)) < sum(map(len, ids))


def quoted(name: str) -> str:
    """A name between signs of quotation."""
    return f'"{name}"'


GIVEN: Final = "adverse_events.treatment"
WHY_ARM: Final = "It hardly changes within a patient, and no sheet of patients says a group."
WHICH_ARM: Final = (("group", "The group (arm) of the patients"), ("given", "What the events were treated with"))


def _with_group(guess: SheetGuess, asking: Asking) -> SheetGuess:
    """A list of events with the column that has the group of each patient, asked where it may be what an event was
    treated with."""
    names = groups_said(guess.view)
    if guess.table not in LISTS or guess.named(ARM) or not names:
        return guess
    name = next((each for each in names if guess.proposals[each].role != GIVEN), names[0])
    words = (f'Is "{name}" the group of the patients, or what the events were treated with?', WHY_ARM)
    role = guess.proposals[name].role
    given = role == GIVEN and asking.ask(("group", guess.view.name, [name]), words, WHICH_ARM, "group") == "given"
    if given or role not in (GIVEN, EXTRA_ROLE):
        return guess
    return replace(guess, proposals={**guess.proposals, name: Proposal(ARM, "one group a patient in a list of events")})


CANDIDATE: Final = re.compile(
    r"arm|act_?arm|trt(01)?[pa]?|rx|treat(ment)?(_(group|arm))?|(study_)?group|cohort|dose_?(class|level|group)|gruppe|brazo|bras|grupo|groupe|治疗组|分组|组别|.*_arm"
)
LATER: Final = re.compile(r"maint|erhaltung|respon|relaps|(^|_)(crs|icans|pom|len)|subsequent|mrd")
AT_BASELINE: Final = re.compile(r"(planned_|treatment_|study_)?arm|trt(01)?p?|rx|randomi\w*|dose_?\w*")


def grouped(mapping: Mapping, read: Sequence[SheetGuess], asking: Asking) -> Mapping:
    """The mapping with the column that splits the patients, as answered or as it is clear, and its time of
    knowledge."""
    for guess in sorted(read, key=lambda each: each.table != PATIENTS.name):
        if guess.table not in (PATIENTS.name, *(LISTS if len(mapping.sheets) > 1 else ())):
            continue
        arm = guess.named(ARM)
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
        split = replace(mapping, study={**mapping.study, "group_by": name})
        return _known(split, guess, guess.view.column(chosen), name, asking)
    return mapping


def _rivals(guess: SheetGuess, arm: ColumnView) -> list[str]:
    """Other columns that could split, and that do not only say the same in other words."""
    block = guess.view.block
    mine = block.cells(arm.name)
    possible = (each for each in guess.view.columns if each is not arm and not each.private)
    named = (each for each in possible if CANDIDATE.fullmatch(each.key) and each.profile.n_levels in LEVELS)
    return [each.name for each in named if not same_rows(mine, block.cells(each.name))]


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


ABSENT: Final = re.compile(
    r"0(\.0)?|no|n|nein|non|neg(ative|ativ)?|-|absent|normal|wild.?type|wt|2( copies)?|not"
    r" detected|false|否|阴性|无|not done|nd|nicht.*",
    re.I,
)
MOST_WORDS: Final = 6


def high_risk(read: Sequence[SheetGuess], asking: Asking) -> HighRisk | None:
    """The definition that the reader agreed to, else None."""
    for guess in (each for each in read if each.table == "patients"):
        if guess.named("patients.high_risk_cytogenetics"):
            return None
        lesions = _lesions(guess)
        if len(lesions) >= 2:
            return _of_lesions(guess, lesions, asking)
    return None


def _lesions(guess: SheetGuess) -> dict[str, tuple[str, ...]]:
    """The columns of lesions, each with the words that say it is there."""
    found = {}
    for column in guess.view.columns:
        present = tuple(word for word in column.profile.words if not ABSENT.fullmatch(word.strip()))
        if present and LESION.fullmatch(column.key) and not column.private and column.profile.n_levels <= MOST_WORDS:
            found[column.name] = present
    return found


def _of_lesions(guess: SheetGuess, lesions: dict[str, tuple[str, ...]], asking: Asking) -> HighRisk | None:
    named = ", ".join(lesions)
    words = (
        f"Shall high-risk cytogenetics be any of {named}?",
        "Definitions differ, so it is derived only if you say so.",
    )
    choices = (
        ("use", "Yes; whoever has an empty cell and no lesion is not stated"),
        ("use, blank is absent", "Yes; an empty cell means absent"),
        ("no", "No"),
    )
    answer = asking.ask(("levels", guess.view.name, tuple(lesions)), words, choices, "no", "high_risk")
    if not answer.startswith("use"):
        return None
    return HighRisk({extra_name(name, PATIENTS): present for name, present in lesions.items()}, answer != "use")
