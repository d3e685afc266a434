"""Of which disease the responses of a file are, since its criteria decide what a response and a complete one is:
guessed from diagnoses, words of responses, headings and names of sheets; asked once where these leave a doubt that
matters."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.response_scale import IMWG, IWCLL, LEUKAEMIA, LUGANO, RECIST, SCALES, ResponseScale, scale_for
from lib.cohort.schema import STUDY
from lib.intake.cells.coding import text
from lib.intake.cells.response_words import said_in
from lib.intake.infer.column import is_private
from lib.intake.infer.question import Asking, Place
from lib.intake.mapping import Mapping
from lib.intake.sheets.block import Block
from lib.intake.sheets.role import keyed, normalised

Words = tuple[tuple[ResponseScale, re.Pattern[str]], ...]


CRITERIA: Final = (IWCLL, LEUKAEMIA, IMWG, LUGANO, RECIST)


def _patterns(*words: str) -> Words:
    """A pattern for each of CRITERIA, in their order."""
    return tuple(zip(CRITERIA, map(re.compile, words), strict=True))


DIAGNOSIS: Final = re.compile(
    r"(\w+_)?(diagnos\w*|disease(_type|_name|_subtype)?|histolog\w*|entity|entitat|dx|indication|tumou?r_type|erkrankung|maladie|enfermedad|malattia|ziekte)|诊断|疾病(类型)?|診断"
)
NAMED: Final = _patterns(  # what a diagnosis is called, without capitals
    (
        r"\b(cll|sll|cll/sll)\b|chronic lymph\w*|small lymphocytic|chronische lymph\w*|lymphoide chronique|linf\w+"
        r" cronica|慢性淋巴"
    ),
    (
        r"\b[bt]?[- ]?all\b|\baml\b|acute (lymph|myel)\w*|akute\w* (lymph|myel)\w*|aigue|\baguda|\bacuta|b-?cell"
        r" precursor|急性"
    ),
    r"myelom|mieloma|\b(rr|nd)?mm\b|plasma.?cell|plasm[ao]zyt|amyloid|骨髓瘤|骨髄腫",
    (
        r"lymphom|linfom|limfom|\b(r/r"
        r" )?(dl|tfl|pm|hg|l)?bcl\b|\b(mcl|fl|mzl|nhl|pmbcl|hgbl|dlbcl|tfl|chl|pcnsl)\b|hodgkin|淋巴瘤|リンパ腫"
    ),
    (
        r"carcinom|karzinom|sarcom|sarkom|gliom|glioblastom|\bgbm\b|melanom|neuroblastom|mesotheliom|\b(nsclc|sclc|hcc|crc|pdac|rcc)\b|(solid|breast|lung|colorectal|pancrea\w*|ovarian|gastric)"
        r" (tumou?r|cancer)"
    ),
)
OF_HEADINGS: Final = _patterns(  # columns that only one disease has
    r"(^|_)(rai|binet|ighv)(_|$)",
    r"blast|(^|_)(cns_(status|disease|involvement)|philadelphia|bcr_abl\w*|kmt2a\w*|flt3\w*|npm1|eln)(_|$)",
    r"myelom|(^|_)(r2?_?iss|m_?(protein|spike|component)|s?flc|free_light_chains?|paraprotein\w*|bmpc|plasma_cells?|emd|extramedull\w*|bcma)(_|$)",
    r"lymphom|(^|_)(ann_arbor|(aa|r|fl|m|nccn)?_?ipi|deauville|double_hit|bulky|cell_of_origin|gcb|myc|bcl_?[26])(_|$)",
    r"recist|target_lesion|sum_of_(longest_)?diameter|(^|_)(sld|tnm|gleason|her2|pd_?l1|metasta\w*)(_|$)",
)
OF_RESPONSES: Final = _patterns(  # words that only one set of criteria has
    r"^(npr|pr-?l)\b|nodular|lymphocytosis",
    r"^(mlfs|crh)\b|leuk(a)?emia[- ]free|partial h(a)?emato|(morpho|hemato|haemato)logic(al)? (relapse|leuk)",
    r"^(scr|vgpr|mr|tbrp|mbrp)\b|stringent|very good|sehr gut|tres bonne|muy buena",
    r"^(cmr|pmr|nmr|pmd)\b|metabolic|deauville",
    r"^(icr|ipr|isd|icpd|iupd|non-?cr)\b",
)
OF_MARROW: Final = (LEUKAEMIA, IWCLL)  # whose criteria know a complete response without recovery of the counts
QUESTION: Final = "Of which disease are these responses?"
WHY: Final = "The criteria of the disease decide which responses count, and which are complete. {}"
NOTHING: Final = "The file does not say it; until then PR or better is a response."
SEVERAL: Final = "The file speaks of {}."
AS_WRITTEN: Final = "as written"
LABELS: Final = {
    IMWG.name: "Multiple myeloma (IMWG)",
    LUGANO.name: "Lymphoma (Lugano)",
    LEUKAEMIA.name: "Acute leukaemia (ELN/NCCN)",
    IWCLL.name: "Chronic lymphocytic leukaemia (iwCLL)",
    RECIST.name: "Solid tumour (RECIST)",
}
CHOICES: Final = (*LABELS.items(), (AS_WRITTEN, "Another one: the responses as they are written"))
# Files of leukaemia speak of it (blasts, CRi, its name); the criteria of all others are compared where nothing does.
UNHINTED: Final = tuple(each for each in SCALES if each is not LEUKAEMIA)


def with_disease(mapping: Mapping, blocks: Sequence[Block], asking: Asking) -> Mapping:
    """The mapping with the disease among its settings, where the file has responses and says of which disease, or its
    owner does."""
    places = [(block, heading) for block in blocks for heading in _of_responses(mapping, block)]
    if not places or any(_says_disease(block) for block in blocks):
        return mapping
    name = _asked(places, blocks, asking)
    scale = next((each for each in SCALES if each.name == name), None)
    return replace(mapping, study={**mapping.study, "disease": scale.diseases[0]}) if scale else mapping


def _asked(places: Sequence[tuple[Block, str]], blocks: Sequence[Block], asking: Asking) -> str:
    """The criteria that are said or proposed, by their name; asked where the file speaks of some and others would count
    otherwise."""
    words = _words(places)
    given = set(filter(None, (said_in(word).response for word in words)))
    found = _named(blocks) or _matching(OF_RESPONSES, map(str.casefold, words))
    hinted = found or _matching(OF_HEADINGS, _names(blocks)) or (OF_MARROW if "CRi" in given else ())
    several = len(hinted) > 1
    doubted = len(_counted(hinted if several else SCALES if hinted else UNHINTED, given)) > 1
    chosen = hinted[0].name if len(hinted) == 1 else AS_WRITTEN
    place: Place = ("disease", places[0][0].grid.name, [places[0][1]])
    said_why, needed = (QUESTION, WHY.format(_told(hinted))), doubted and len(found) != 1
    return asking.ask(place, said_why, CHOICES, chosen, "disease", blocks=doubted and several, needed=needed)


def _told(hinted: Sequence[ResponseScale]) -> str:
    """Of which diseases the file speaks."""
    return SEVERAL.format(" and ".join(LABELS[scale.name] for scale in hinted)) if hinted else NOTHING


def _words(places: Iterable[tuple[Block, str]]) -> list[str]:
    """The different words that stand in these columns of these blocks."""
    return [word for block, name in places for word in block.counts(name)]


def _of_responses(mapping: Mapping, block: Block) -> Iterator[str]:
    """The columns of this sheet that are read as responses."""
    for sheet in mapping.sheets:
        for reading in sheet.readings if sheet.name == (block.layout.name or block.grid.name) else ():
            if reading.table == "responses":
                heads = (reading.columns.get("response", ""), *(wide.column for wide in reading.wide))
                yield from (heading for heading in heads if heading in block.headings)


def _says_disease(block: Block) -> bool:
    """Whether this is a Study sheet with the disease."""
    if normalised(block.grid.name) != STUDY.name:
        return False
    return any(
        normalised(text(cell)) == "disease" for heading in block.headings if heading for cell in block.cells(heading)
    )


def _named(blocks: Sequence[Block]) -> tuple[ResponseScale, ...]:
    """The criteria of the diseases that stand under diagnosis."""
    columns = [
        (block, heading) for block in blocks for heading in _public(block) if DIAGNOSIS.fullmatch(keyed(heading))
    ]
    return _matching(NAMED, map(str.casefold, _words(columns)))


def _names(blocks: Sequence[Block]) -> Iterator[str]:
    """What sheets and columns are called."""
    for block in blocks:
        yield keyed(block.grid.name)
        yield from map(keyed, _public(block))


def _public(block: Block) -> list[str]:
    return [heading for heading in block.headings if heading and not is_private(keyed(heading))]


def _matching(patterns: Words, words: Iterator[str]) -> tuple[ResponseScale, ...]:
    """The criteria of which words speak; each word counts for the first that it fits."""
    found = {next((scale.name for scale, pattern in patterns if pattern.search(word)), "") for word in words}
    return tuple(scale for scale in SCALES if scale.name in found)


def _counted(scales: Sequence[ResponseScale], given: set[str]) -> set[tuple[frozenset[str], ...]]:
    """What counts as a response and as a complete one of those that stand in the file, by each of these criteria and as
    written."""
    return {
        (frozenset(given & set(scale.responding)), frozenset(given & set(scale.complete)))
        for scale in (*scales, scale_for("", given))
        if given <= set(scale.levels) | {"NR"} or len(scales) < len(SCALES)
    }
