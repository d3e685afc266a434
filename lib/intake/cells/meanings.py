"""Words and codes that stand for something else than they are: for "no value", for "it did not happen", for a word of
the schema, for the same patient under another id.

Signs for "no value" that another column uses for something are codes such as -999, 99 and 9, words such as ND and NE. A
code is a number made of nines that stands apart from all other numbers of its column: further from them than they are
from each other, and rarer; in a column of days or times five times as large as the largest. A word counts where the
rest of the column is numbers, dates or yes and no, so that it cannot be one of its levels. Whether they mean "no value"
is asked once a file; until then they do.

Ids that are written differently in two sheets mean the same patient by the rule that a mapping states; nothing is
joined without one: Pat01_1 may be the first sample of Pat01, or another patient.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.finding import Finding
from lib.cohort.schema import Column
from lib.intake import vocabulary
from lib.intake.cells.coding import BELOW_LIMIT_WORDS, NO_WORDS, YES_WORDS, as_number, is_missing, text
from lib.intake.cells.response_words import RESPONSE_WORDS
from lib.intake.files.grid import Cell, Cells, distinct
from lib.intake.mapping import IdRule

Codes = Mapping[str, str | None]


def translated(cells: Sequence[Cell], codes: Codes) -> Sequence[Cell]:
    """The cells with every listed word replaced; None = nothing stands there, "" = what an empty cell means."""
    if not codes:
        return cells
    by_word = {folded(written): meant for written, meant in codes.items()}
    found = distinct(cells)
    meant = found.spread((by_word.get(folded(text(cell)), cell) for cell in found.values), by_word.get(folded("")))
    return Cells(meant.tolist())


def new_words(cells: Sequence[Cell], codes: Codes, column: Column) -> tuple[str, ...]:
    """The words of this column that the codes neither list nor give, where they were meant to list all of them."""
    if all(meant is None for meant in codes.values()):
        return ()
    given = {folded(written) for written in codes} | {
        folded(meant) for meant in codes.values() if meant and column.kind != "event"
    }
    written = dict.fromkeys(text(cell) for cell in distinct(cells).values if not is_missing(cell))
    return tuple(word for word in written if folded(word) not in given)


def folded(written: str) -> str:
    """A word as it is compared: capitals and outer spaces say nothing, and 1.0 is 1."""
    number = as_number(written) if written[-1:].isdigit() else None
    return written.strip().casefold() if number is None else f"{number:.15g}"


SIGNS: Final = dict.fromkeys("+＋", "pos") | dict.fromkeys("-–—−－", "neg")
MOSTLY_SIGNS: Final = 0.6


def signs_in(cells: Sequence[Cell]) -> dict[str, str]:
    """What plus and minus mean in this column, as they are written there, where both stand in it and hardly anything
    else; {} otherwise: a lone - is no value."""
    words = [cell for cell in distinct(cells).values if isinstance(cell, str)]
    signs = {cell: SIGNS[cell.strip()] for cell in words if cell.strip() in SIGNS}
    if len({*signs.values()}) < 2 or not (NO_WORDS - SIGNS.keys()).isdisjoint(map(str.casefold, words)):
        return {}
    first = next(row for row, cell in enumerate(cells) if cell in signs)
    below = [cell for cell in cells[first:] if cell is not None]
    return signs if sum(map(signs.__contains__, below)) >= MOSTLY_SIGNS * len(below) else {}


HIGH: Final = frozenset((9.0, 99.0, 999.0, 9999.0, 99999.0))
LOW: Final = frozenset((-9.0, -99.0, -999.0, -9999.0, -99999.0))
SEVENS: Final = frozenset(float(f"-{digit * n}") for digit in "78" for n in (1, 2, 3, 4))  # as surveys number them
REPEATED: Final = frozenset((777.0, 888.0, 7777.0, 8888.0))  # where they stand there more than once
MINUS_ONE: Final = frozenset((-1.0,))  # likewise, where all others are larger than 1
NO_DATES: Final = frozenset(
    vocabulary("9999-12-31 31.12.9999 31/12/9999 12/31/9999 1900-01-01 01.01.1900 01/01/1900 1.1.1900 1/1/1900")
)
NO_DATE_YEARS: Final = (1900, 9999)
TIMED: Final = re.compile(
    r"(?<![^\W_])(days?|weeks?|months?|years?|time|duration|fu|follow.?up|os|pfs|efs|dfs|rfs|ttp|ttnt|dor|tage?|wochen?|monate?|jahre?|zeit|dauer|"
    r"jours?|semaines?|mois|ann[eé]es?|dur[eé]e|d[ií]as?|semanas?|meses|mes|a[nñ]os?|tiempo|giorni|mesi|anni|dagen|weken|maanden)(?![^\W_])|[天日月年周]|时间|期間",
    re.I,
)
AGE: Final = re.compile(r"(?<![^\W_])(age|alter|[aâ]ge|edad|et[aà]|leeftijd)(?![^\W_])", re.I)  # in years, and no time
# 999 = an unscheduled visit
NUMBERING: Final = re.compile(r"visit|sequence|(?<![^\W_])(seq|site|cent(er|re)|zentrum)(?![^\W_])", re.I)
TIMES_AWAY: Final = 5  # a day or time is not five times as large as all others
FAR_BEFORE: Final = -99.0  # where no day lies before day 0, day -9 may be one and day -99 is not
FEWEST: Final = 4  # other numbers, before a code can be said to stand apart from them
FEWEST_BESIDE_WORDS: Final = 2  # other values, before a word can be said not to be of their kind
WORDS: Final = frozenset(
    vocabulary(
        "nd, n.d, n.d., n. d., ne, n.e., ni, nask, asku, nav, msk, nk, n.k., nt, n.t., nr, nc, nb, n.b., nv, n.v., kd, "
        "k.d., unbek, unbek., s/d, n/r, n.r., n/d, n.f., n.z., entfällt, entf., xx, xxx, *, **, /, //",
        between=", ",
    )
)
FITS: Final = 0.6  # of the other values are numbers, dates, sexes, or yes and no
SEXES: Final = frozenset(
    vocabulary(
        "male female m f w männlich weiblich masculin féminin homme femme hombre mujer varón maschio femmina h v"
    )
)
SPOKEN: Final = YES_WORDS | NO_WORDS | BELOW_LIMIT_WORDS
SUSPECTS: Final = frozenset[Cell](
    (
        *HIGH,
        *LOW,
        *SEVENS,
        *REPEATED,
        *MINUS_ONE,
        *NO_DATES,
        *(
            f"{code:.0f}{end}"
            for code in HIGH | LOW | SEVENS | REPEATED | MINUS_ONE
            for end in ("", ".0", ".00", ",0", ",00")
        ),
        *(written for word in WORDS for written in (word, word.upper(), word.capitalize())),
    )
)
Found = dict[str, int]


def missing_in(cells: Sequence[Cell], heading: str) -> Found:
    """The signs of this column that may stand for no value, as they are written, with how often they stand there."""
    if NUMBERING.search(heading):
        return {}
    found = distinct(cells)
    if SUSPECTS.isdisjoint(found.values) and not any(map(_is_no_date, found.values)):
        return {}
    filled = [(cell, n) for cell, n in found.counted() if not is_missing(cell)]
    words = found.words(text, lambda cell: not is_missing(cell) and not isinstance(cell, dt.datetime))
    numbers = {word: number for word in words if (number := as_number(word)) is not None}
    n_filled = sum(n for _, n in filled)
    codes = _among_words(words, numbers, n_filled) or _codes(
        words, numbers, bool(TIMED.search(heading)) and not AGE.search(heading)
    )
    return codes | _words(words, numbers, n_filled) | _dates(filled, n_filled)


def _among_words(words: Mapping[str, int], numbers: Mapping[str, float], filled: int) -> Found:
    """Numbers of nines that are the only numbers among words."""
    codes = {word: words[word] for word in numbers}
    return codes if {*numbers.values()} <= HIGH | LOW and filled - sum(codes.values()) >= FEWEST else {}


def _codes(words: Mapping[str, int], numbers: Mapping[str, float], timed: bool) -> Found:
    """Numbers of nines that stand apart from all others; one that does not is one of the others."""
    suspects = {
        word
        for word, number in numbers.items()
        if number in HIGH | LOW | SEVENS or (number in REPEATED | MINUS_ONE and words[word] > 1)
    }
    while suspects and (apart := _apart(suspects, words, numbers, timed)) != suspects:
        suspects = apart
    return {word: n for word, n in words.items() if word in suspects}


def _apart(suspects: set[str], words: Mapping[str, int], numbers: Mapping[str, float], timed: bool) -> set[str]:
    """Those of the suspects that stand apart from all numbers that are none."""
    others = {word: number for word, number in numbers.items() if word not in suspects}
    n = sum(map(words.__getitem__, others))
    if n < FEWEST:
        return set()
    least, most = min(others.values()), max(others.values())
    apart = {word for word in suspects if _stands_apart(numbers[word], least, most, timed)}
    return {word for word in apart if numbers[word] < 0 or (least < most and words[word] < n)}


def _stands_apart(code: float, least: float, most: float, timed: bool) -> bool:
    if (code in SEVENS and code >= least - (most - least)) or (code in MINUS_ONE and least <= 1):
        return False
    if least >= 0 > code and (not timed or code <= FAR_BEFORE):
        return True
    if timed or code < 0:
        return abs(code) > TIMES_AWAY * max(abs(least), abs(most)) and (timed or code < least - (most - least))
    return code > most + max(1.0, most - least)


def _words(words: Mapping[str, int], numbers: Mapping[str, float], filled: int) -> Found:
    """Words that can be no level of this column, since nearly all else in it is a number, a date, or yes and no."""
    suspects = {word: n for word, n in words.items() if word.casefold() in WORDS}
    others = {word: n for word, n in words.items() if word not in suspects}
    n = filled - sum(suspects.values())
    if not suspects or n < FEWEST_BESIDE_WORDS or not RESPONSE_WORDS.keys().isdisjoint(map(str.casefold, others)):
        return {}
    dates = n - sum(others.values())
    counted = sum(of for word, of in others.items() if word in numbers or word.casefold() in SPOKEN | SEXES)
    return suspects if counted + dates >= FITS * n else {}


def _is_no_date(cell: Cell) -> bool:
    return isinstance(cell, dt.datetime) and cell.year in NO_DATE_YEARS


def _dates(filled: Sequence[tuple[Cell, int]], n_filled: int) -> Found:
    """Dates that stand for none, in a column that has others; of the different cells, each with how often it stands
    there."""
    found: Found = {}
    for cell, n in filled:
        if _is_no_date(cell) or (isinstance(cell, str) and text(cell) in NO_DATES):
            found[text(cell)] = found.get(text(cell), 0) + n
    return found if 0 < sum(found.values()) <= n_filled / 2 else {}


def without(cells: Sequence[Cell], signs: frozenset[str]) -> list[Cell]:
    """The cells with None where one of these signs (as `folded` writes them) stands."""
    found = distinct(cells)
    signs_here = found.flags((not is_missing(cell) and folded(text(cell)) in signs for cell in found.values), False)
    return [None if is_sign else cell for cell, is_sign in zip(cells, signs_here.tolist(), strict=True)]


_OF_EVENTS: Final = r"(aes?|saes?|teaes?|adverse|event\w*|tos?x?s?ici\w*|side|crs|icans|neurotox\w*|complication\w*|nebenwirkung\w*|ereignis\w*|toxizitat\w*|effet\w*|evenement\w*|evento\w*|efecto\w*|effett\w*|bijwerking\w*)"  # noqa: E501
NO_EVENT: Final = re.compile(
    rf"none|\([-−–－]\)|no?|nil|nein|non|keine?s?|nichts|aucun(e)?|neant|ningun[ao]?|nessun[ao]?|nada|geen|brak|0|(not?|none)"
    rf" (observed|reported|occurred|present|recorded|noted|documented|seen)|absent|"
    r"(no|none|nil|keine?|aucune?|sin|ningun[ao]?|nessun[ao]?|geen|without|ohne|sans|pas d.?)[ _-]+(\w+["
    rf" _-]+){{0,2}}{_OF_EVENTS}( \w+)?|无|無|なし|没有|否|无不良(反应|事件)",
    re.I,
)
NOT_YET: Final = {  # column of the patient -> what is said there instead of a date
    "death_date": re.compile(
        r"(n/?a\W{0,3})?\W?(censored|(still |yet )?(alive|living)( at .*| on .*)?|lebt( noch)?|lebend|am leben|"
        r"(toujours )?vivante?|en vi[ed]a?|viv[oae]|vivente|levend|leeft( nog)?|in leven|żyje)\W{0,2}( ?\([^()]*\))?|not (dead|died|deceased)|no|none|nein|non|keine?|nee|"  # noqa: E501
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
        replace(place, value=next(iter(reported)), problem=problem, fix="Leave the cell empty, or write a date.")
    ]


SUFFIXES: Final = {  # name as a mapping has it -> what is taken off the end
    "_1": re.compile(r"[\s_./#:-]+\d{1,2}$"),
    "_a": re.compile(r"[\s_./#:-]*[A-Za-z]$"),
    "_d28": re.compile(
        r"([\s_./#:-]+|(?<=\d))(d|day|v|visit|tag|wk|w|week|m|t|tp|s|c|cycle|bl|baseline|screening|pre|post|eot|rep(licate)?|sample|smp|aliquot|tube|probe|run|dup|pb|bm|pbmcs?|bmmcs?|csf|serum|plasma|blood|blut|sang)[\s_./#:+-]*\d{0,3}$",
        re.I,
    ),
    "_(...)": re.compile(r"\s*[(\[][^()\[\]]*[)\]]$"),
}
DECIMAL: Final = re.compile(r"(\d+)[.,]0+")
LAST_NUMBER: Final = re.compile(r"\d+(?=\D*$)")


def canonical(written: str, rule: IdRule) -> str:
    """The id as it is compared: equal for all spellings that the rule calls one patient."""
    word = rule.pairs.get(written, written).strip()
    if rule.strip_suffix in SUFFIXES:
        word = SUFFIXES[rule.strip_suffix].sub("", word) or word
    if found := DECIMAL.fullmatch(word):
        word = found[1]
    if rule.casefold:
        word = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", word).casefold()) or word
    return LAST_NUMBER.sub(lambda digits: digits[0].lstrip("0").zfill(rule.zero_pad), word) if rule.zero_pad else word


def one_spelling_of_ids(written: Iterable[str], rule: IdRule) -> dict[str, str]:
    """Each id with the spelling that counts: that which comes first of all that mean the same patient."""
    first: dict[str, str] = {}
    return {each: first.setdefault(canonical(each, rule), each) for each in dict.fromkeys(written)}


DEGREES: Final = {
    word: float(degree)
    for degree, words in enumerate(
        (
            "none absent",
            "low mild favorable favourable niedrig gering leicht bajo baja leve faible basso",
            "intermediate moderate medium mittel moderat intermedio intermedia moderado moderada moderato",
            "high severe poor unfavorable unfavourable hoch schwer alto alta grave severo severa",
        )
    )
    for word in words.split()
}


def degree_of(level: str) -> float | None:
    """How much of something a level says, between none and high: the mean of its words (low-intermediate)."""
    words = re.findall(r"[^\W\d_]+", level.casefold())
    found = [DEGREES[word] for word in words if word in DEGREES]
    more = 0.25 if {"very", "sehr", "muy", "molto"} & set(words) else 0.0
    mean = sum(found) / len(found) if found else 0.0
    return mean + more * (mean - 2) if found and not re.search(r"\d", level) else None
