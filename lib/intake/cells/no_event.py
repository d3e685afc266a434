"""Words for "it did not happen": in a list of adverse events, and where a date of death or progression is expected."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.finding import Finding
from lib.intake.cells.coding import is_missing, text
from lib.intake.files.cells import Cell, distinct

_OF_EVENTS: Final = r"(aes?|saes?|teaes?|adverse|event\w*|toxicit\w*|side|crs|icans|neurotox\w*|complication\w*|nebenwirkung\w*|ereignis\w*|toxizitat\w*|effet\w*|evenement\w*|evento\w*|efecto\w*|effett\w*|bijwerking\w*)"
NO_EVENT: Final = re.compile(
    rf"none|no|nil|nein|non|keine?s?|nichts|aucun(e)?|neant|ningun[ao]?|nessun[ao]?|nada|geen|brak|0|(not?|none)"
    rf" (observed|reported|occurred|present|recorded|noted|documented|seen)|absent|"
    r"(no|none|nil|keine?|aucune?|sin|ningun[ao]?|nessun[ao]?|geen|without|ohne|sans|pas d.?)[ _-]+(\w+["
    rf" _-]+){{0,2}}{_OF_EVENTS}( \w+)?|无|無|なし|没有|否|无不良(反应|事件)",
    re.I,
)
NOT_YET: Final = {  # column of the patient -> what is said there instead of a date
    "death_date": re.compile(
        r"(n/?a )?\W?((still |yet )?(alive|living)( at .*| on .*)?|lebt( noch)?|lebend|am leben|(toujours )?vivante?|en"
        r" vi[ed]a?|viv[oae]|vivente|levend|leeft( nog)?|in leven|żyje)\W{0,2}( ?\([^()]*\))?|not (dead|died|deceased)|no|none|nein|non|keine?|nee|"
        r"存活|生存(中)?|健在|否|无|無|なし|未死亡",
        re.I,
    ),
    "progression_date": re.compile(
        r"no|none|nein|non|keine?|nee|no (progression|progress|pd|relapse|recurrence)( yet| so far)?|not"
        r" (progressed|relapsed)|keine? (progress\w*|rezidiv)|pas de (progression|rechute)|"
        r"sin (progresion|recaida)|(progression|event|relapse)[- ]?free|in (remission|cr)|ongoing"
        r" (remission|response)|否|无|無|なし|未进展|未复发",
        re.I,
    ),
}


NOT_KNOWN: Final = re.compile(
    r"\?+|unk|unknown|not known|unbekannt|nicht bekannt|inconnue?|non connue?|desconocid[oa]|sconosciut[oa]|non"
    r" not[oa]|onbekend|niet bekend|"
    r"未知|不详|不明",
    re.I,
)


def says_not_known(cell: Cell, column: str) -> bool:
    """Whether the date of this column is said to be unknown: nobody is alive, or free of progression, because of such a
    word."""
    return (
        column in NOT_YET
        and isinstance(cell, str)
        and bool(NOT_KNOWN.fullmatch(cell.strip().strip("[](){}<>").strip()))
    )


def says_no_event(word: str) -> bool:
    """Whether a term says that there was no adverse event."""
    return bool(NO_EVENT.fullmatch(word.strip()))


def without_not_yet(cells: Sequence[Cell], column: str, place: Finding) -> tuple[Sequence[Cell], list[Finding]]:
    """The cells of a date with such words as empty cells, and a note of what was read so; `place` has sheet and
    column."""
    pattern = NOT_YET.get(column)
    if pattern is None:
        return cells, []
    reported = distinct(cells).words(text, lambda cell: isinstance(cell, str) and bool(pattern.fullmatch(cell.strip())))
    if not reported:
        return cells, []
    shown = ", ".join(f'"{word}" ({n})' for word, n in reported.items())
    problem = f"{shown}: read as no {column.removesuffix('_date')}."
    kept = [None if not is_missing(cell) and text(cell) in reported else cell for cell in cells]
    return kept, [
        replace(place, value=next(iter(reported)), problem=problem, mend="Leave the cell empty, or write a date.")
    ]
