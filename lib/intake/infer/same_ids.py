"""Ids that are written in two ways in two sheets: by which rule they may be the same patients, asked before they are
joined."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Final

from lib.intake.cells.meanings import canonical
from lib.intake.infer.patient_id import patient_column, row_words
from lib.intake.infer.question import Asking
from lib.intake.mapping import IdRule, area_name
from lib.intake.sheets.block import Block
from lib.intake.sheets.role import keyed
from lib.intake.sheets.stack import with_ids_within, with_own_patients, with_same_ids

Sheets = Sequence[tuple[str, str, frozenset[str]]]  # names, patients' columns and ids, the patients' own sheet first
FEW_SHARED: Final = 0.5
NUMBERED: Final = re.compile(r"(?P<before>\D*)(?P<n>\d+)(\.0+)?")
OF_A_PATIENT: Final = re.compile(
    r"|p|pt|pts|pat|patient(in|en|e)?|subj?|subject|sujet|id|nr|no|case|cas|fall|upn|pz|paz|paziente|pac|paciente|患者|病例|受试者|症例"
)
RULES: Final = (
    IdRule(zero_pad=1),
    IdRule(casefold=True),
    IdRule(casefold=True, zero_pad=1),
    *(
        IdRule(strip_suffix=name, casefold=cased, zero_pad=pad)
        for name in ("_1", "_(...)", "_d28", "_a")
        for cased, pad in ((False, 0), (True, 1))
    ),
)
WORDS: Final = {
    "_1": "without what follows it, such as _1",
    "_(...)": "without what stands in brackets",
    "_d28": "without the visit at the end",
    "_a": "without the letter at the end",
}
SAME_IDS: Final = "same"
DIFFERENT: Final = "different"
OWN: Final = "own ids:"
IN_TWO: Final = "The same ids stand in {}. Are they the same patients?"
WHY_IN_TWO: Final = (
    "These sheets have the same columns and one row a patient: arms of which each counts from 1, or two versions of one"
    " list."
)
IN_TWO_CHOICES: Final = (
    (SAME_IDS, "Yes, the same patients: what stands first counts"),
    (DIFFERENT, "No, other patients in each sheet: the sheet's name goes before the id"),
)
SHOWN: Final = 3
CENTRE: Final = re.compile(
    r"(study_|trial_|clinical_)?(site|cent(er|re)|zentrum|klinik|hospital|hopital|institution|inst|centro|ospedale|ziekenhuis|study|trial|protocol|"
    r"studie|etude|estudio|studio|医院|中心|研究)(s?_?(id|no|nr|num|number|nummer|code|name))?|(医院|中心)(编号|名称)?|zentrumsn(r|ummer)"
)
FEW_WITHIN: Final = 0.3  # of the ids stand with several centres
WHY_WITHIN: Final = "Each of them may count its patients from 1; then two patients would be read as one."


def id_rule(sheets: Sheets, asking: Asking) -> IdRule:
    """The rule by which the sheets' ids are the same patients, as answered or as all of them fit; single pairs where
    two sheets need two rules; IdRule() = as they stand."""
    known, pairs, rules, written, n = frozenset[str](), dict[str, str](), list[IdRule](), list[tuple[str, str]](), 0
    for sheet, column, ids in sheets:
        strangers = ids - known - set(pairs)
        rule, found = _best_rule(known, strangers, ids) if known and strangers else (IdRule(), {})
        known |= strangers - set(found)
        if found:
            pairs, n = pairs | found, n + len(strangers)
            rules, written = [*rules, rule], [*written, (sheet, column)]
    if not pairs:
        return _by_number(sheets, asking)
    one = rules[0] if len(set(map(repr, rules))) == 1 else IdRule(pairs=pairs)
    return _same(sheets[0][0], written, one, (pairs, n), asking)


def _best_rule(known: frozenset[str], strangers: frozenset[str], ids: frozenset[str]) -> tuple[IdRule, dict[str, str]]:
    """The first rule by which many strangers are known, with their pairs; none where no rule fits."""
    for rule in RULES:
        found = _pairs_by(rule, known, strangers)
        is_sure = len(found) > 1 or len(ids) <= SHOWN or not rule.strip_suffix  # one id with a suffix says little
        if is_sure and len(found) >= max(1, FEW_SHARED * len(strangers)):
            return rule, found
    return IdRule(), {}


def same_patients(blocks: Sequence[Block], asking: Asking) -> None:
    """Asks whether the same ids in several sheets of the same headings are the same patients; the answer lays the
    sheets out."""
    groups = [(each[0], [block.layout.name for block in each]) for each in with_same_ids(blocks)]
    groups += [
        (block, [f"{block.layout.sheet}{area_name(block.layout.area)}", *block.layout.appended])
        for block in blocks
        if block.layout.own_ids and f"{OWN}{block.layout.sheet}" in asking.answers  # else a mapping or a change says it
    ]
    for first, names in groups:
        heading = next(each for each in first.headings if each)
        words = (IN_TWO.format(" and ".join(f'"{name}"' for name in names)), WHY_IN_TWO)
        name = f"{OWN}{first.layout.sheet}"
        asking.ask(("ids", first.grid.name, [heading]), words, IN_TWO_CHOICES, "", name, True)


def counted_within(block: Block, asking: Asking) -> Block:
    """The block with the centre before each id where its owner says that each centre counts its patients anew; asked
    where the same ids stand in several centres."""
    named = [name for name in block.headings if name and CENTRE.fullmatch(keyed(name))]
    if not named or block.layout.ids_within:
        return block
    ids = patient_column(block, asking.forced(block.grid.name))
    within = next((name for name in named if ids not in ("", name) and _shares_ids(block, ids, name)), "")
    if not within:
        return block
    words = (f'The same ids stand with several "{within}". Are they the same patients?', WHY_WITHIN)
    choices = (
        (SAME_IDS, "Yes, the same patients"),
        (DIFFERENT, f'No, other patients: what stands in "{within}" goes before the id'),
    )
    answer = asking.ask(
        ("ids", block.grid.name, [ids, within]), words, choices, "", f"ids within:{block.grid.name}", True
    )
    return with_ids_within(block, within, ids) if answer == DIFFERENT else block


def _shares_ids(block: Block, ids: str, name: str) -> bool:
    """Whether many ids that are plain numbers stand with several centres (or trials) of this column."""
    both = zip(row_words(block.cells(ids)), row_words(block.cells(name)), strict=True)
    pairs = {(one, centre) for one, centre in both if one and centre}
    several = Counter(one for one, _ in pairs)
    shared = sum(n > 1 for n in several.values())
    return shared > 1 and shared >= FEW_WITHIN * len(several) and all(map(str.isdecimal, several))


def with_answered_ids(blocks: Sequence[Block], answers: Mapping[str, str]) -> tuple[Block, ...]:
    """The blocks, those as one whose ids are answered to be other patients in each sheet."""
    found = tuple(blocks)
    for name, answer in answers.items():
        if name.startswith(OWN) and answer == DIFFERENT:
            found = with_own_patients(found, name.removeprefix(OWN))
    return found


def _by_number(sheets: Sheets, asking: Asking) -> IdRule:
    """The same for ids that share their numbers alone (1 and P01): each is paired with the patient of its number."""
    (first, _, known), *others = sheets or [("", "", frozenset())]
    found: dict[str, str] = {}
    reported: list[tuple[str, str]] = []
    all_strangers: set[str] = set()
    for sheet, column, ids in others:
        strangers = ids - known
        pairs = _of_one_number(known, strangers)
        if pairs and len(pairs) >= max(min(len(strangers), 2), FEW_SHARED * len(strangers)):
            found |= pairs
            all_strangers |= strangers
            reported.append((sheet, column))
    return _same(first, reported, IdRule(pairs=found), (found, len(all_strangers)), asking) if reported else IdRule()


def _of_one_number(known: frozenset[str], strangers: frozenset[str]) -> dict[str, str]:
    """Each stranger with the known patient of its number; {} where the letters before it may say something, or a number
    is no one's own."""
    mine, theirs = _numbers(known), _numbers(strangers)
    if not mine or not theirs:
        return {}
    (ours, known_by), (other, stranger_by) = mine, theirs
    ends_so = ours.endswith(other) or other.endswith(ours)  # Study-S-01 and S-01
    means_nothing = ends_so or (OF_A_PATIENT.fullmatch(ours) and OF_A_PATIENT.fullmatch(other))
    if not means_nothing:
        return {}
    return {stranger_by[n]: known_by[n] for n in sorted(stranger_by) if n in known_by}


def _numbers(ids: frozenset[str]) -> tuple[str, dict[int, str]] | None:
    """The letters that stand before the number of all these ids, and each id by its number; None where they differ."""
    common = _common_beginning(ids)
    matches = [NUMBERED.fullmatch(each.strip().removeprefix(common)) for each in sorted(ids)]
    parsed = {f"{common}{match[0]}": match for match in matches if match}
    letters = {re.sub(r"[\W_]+", "", f"{common}{match['before']}").casefold() for match in parsed.values()}
    by_number = {int(match["n"]): written for written, match in parsed.items()}
    if len(letters) != 1 or len(by_number) != len(ids):
        return None
    return letters.pop(), by_number


def _common_beginning(ids: frozenset[str]) -> str:
    """What all of these ids begin with up to a mark, where a digit is in it (SITE1-001, SITE1-002): their numbers come
    after it."""
    ends = min(ids, default="").strip(), max(ids, default="").strip()
    same = "".join(one for one, _ in takewhile(lambda both: both[0] == both[1], zip(*ends, strict=False)))
    begun = re.match(r".*[-_/. ]", same)
    return begun[0] if begun and len(ids) > 1 and re.search(r"\d", begun[0]) else ""


def _pairs_by(rule: IdRule, known: frozenset[str], strangers: frozenset[str]) -> dict[str, str]:
    """Each stranger with the known patient that the rule finds; {} where it would make one of two known patients."""
    meant: dict[str, str] = {}
    for each in sorted(known):
        if meant.setdefault(canonical(each, rule), each) != each:
            return {}
    return {each: meant[word] for each in sorted(strangers) if (word := canonical(each, rule)) in meant}


def _same(
    first: str, written: Sequence[tuple[str, str]], rule: IdRule, reported: tuple[dict[str, str], int], asking: Asking
) -> IdRule:
    """The rule, where its owner says that ids of `written` (sheets and columns) are those of the first sheet."""
    (sheet, column), (found, n) = written[0], reported
    named = " and ".join(f'"{each}"' for each, _ in written)
    shown = ", ".join(f'"{theirs}" and "{ours}"' for theirs, ours in list(found.items())[:SHOWN])
    how = (
        "by their numbers" if rule.pairs else WORDS.get(rule.strip_suffix, "but for capitals, spaces, marks and zeros")
    )
    words = (
        f"Are {shown} the same patients, {how}? ({len(found)} of {n} ids of {named})",
        f'They are written in another way than in "{first}", and would be counted twice.',
    )
    choices = ((SAME_IDS, "Yes, the same patients"), ("different", "No, other patients"))
    proposed = SAME_IDS if len(found) == n else ""
    answer = asking.ask(("ids", sheet, [column]), words, choices, proposed, "ids", True)
    return rule if answer == SAME_IDS else IdRule()
