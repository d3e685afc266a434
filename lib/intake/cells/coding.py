"""One cell -> one value. What cannot be read becomes missing with its reason; it is never taken for "no" or
"censored"."""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Sequence, Set
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lib.cohort.schema import RESPONSES, Kind
from lib.intake import vocabulary
from lib.intake.cells.numbers import EITHER, Either
from lib.intake.cells.numbers import as_number as as_number  # noqa: PLC0414  # others know it from here
from lib.intake.cells.response_words import said_in
from lib.intake.files.grid import Cell, distinct

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")
SPREADSHEET_ERROR: Final = re.compile("#(N/A|GETTING_DATA|[A-Z0/_]+[!?])")  # #REF!, #DIV/0!, #NAME? ...
YEAR_FIRST: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})([ T].*)?")
MISSING_WORDS: Final = {  # stand for "no value" in several languages; [Not Available] as TCGA writes it
    "",
    *vocabulary(
        "na, n/a, n.a., nat, ., -, –, —, ?, unk, unknown, nan, null, missing, not available, not stated, "
        "[not available], "
        "[not applicable], [not evaluated], [not known], [unknown], [pending], [discrepancy], not applicable, "
        "not known, not recorded, not reported, not done, not tested, not performed, not measured, no data, "
        "no value, undocumented, n.a, n. a., .., ..., …, --, ---, ??, k.a., k. a., keine angabe, keine angaben, "
        "keine daten, nicht bestimmt, nicht bekannt, nicht gemacht, nicht durchgeführt, nicht untersucht, "
        "nicht verfügbar, unbekannt, fehlt, fehlend, non disponible, non connu, non fait, non renseigné, inconnu, "
        "inconnue, manquant, no disponible, no consta, no realizado, desconocido, desconocida, sin dato, sin datos, "
        "non disponibile, non noto, non eseguito, sconosciuto, mancante, onbekend, brak danych, nieznany, "
        "nie dotyczy, niet bepaald, niet bekend, niet beschikbaar, nvt, n.v.t., 未知, 不详, 不明, 缺失, 未查, 未测, "
        "未做, 未検, 未測定, 欠測, 无数据",
        between=", ",
    ),
}
BRACKETS: Final = {"[": "]", "(": ")", "<": ">", "{": "}"}  # [Not Available], <NA>
YES_WORDS: Final = frozenset(
    vocabulary(
        "y ｙ yes 1 1.0 true pos positive + (+) ＋ (＋) x ja j si sí sì oui sim 是 wahr vrai vero verdadero waar tak "
        "はい да 예 evet present présent présente presente vorhanden aanwezig"
    )
)
NO_WORDS: Final = frozenset(
    vocabulary(
        "n ｎ no 0 0.0 false neg negative (-) (－) (−) (–) － nein nee non não 否 falsch faux falso onwaar nie いいえ "
        "нет 아니오 아니요 nej hayır keine kein absent absente assente ausente abwesend afwezig"
    )
)
YES_INITIALS: Final = frozenset("os")  # of oui and sí, beside N
EVENT_WORDS: Final = YES_WORDS | {"event", "dead", "died", "deceased", "death", "progressed", "progression", "relapse"}
CENSORED_WORDS: Final = NO_WORDS | {"censored", "alive", "living", "no event", "progression-free", "lost to follow-up"}
SIGN_WORDS: Final = {  # a limit in words, as its sign; 100000+ lies above
    sign: re.compile(words, re.I)
    for sign, words in {
        ">": r"(?:above|over|(?:greater|more|higher) than|[uü]ber|mehr als|gr[oö](?:ss|ß)er als|sup[eé]rieure? [aà]|sup\.? [aà]|plus de|(?:superior|mayor|m[aá]s) (?:a|de|que)|maggiore di|superiore a|oltre|boven|meer dan|powyżej|大于|超过)\s*(?=\d)|&gt;",  # noqa: E501
        "<": r"&lt;|(?:below|under|(?:less|lower) than|unter|weniger als|kleiner als|inf[eé]rieure? [aà]|inf\.? [aà]|moins de|(?:inferior|menor|menos) (?:a|de|que)|minore di|inferiore a|onder|minder dan|poniżej|小于|低于)\s*(?=\d)",  # noqa: E501
    }.items()
}
FLAGGED: Final = re.compile(r"(\d[\d.,]*)\s*(?:[HL]{1,2}|\([HL]{1,2}\)|[↑↓]{1,2})")  # 5.2 H: beyond the reference range
BEHIND_LIMIT: Final = re.compile(r"(?<=\d)\s*([^\W\d]+\s*/\s*\S+|%)$")  # a unit: >100000 ng/mL
LIMIT_SIGNS: Final = ("<", "≤", ">", "≥", "＜", "＞")
NEGATIVE_WORDS: Final = frozenset(
    vocabulary("neg neg. (-) (－) (−) (–) negative negativ negativo négatif 阴性")
)  # of what is measured
BELOW_LIMIT_WORDS: Final = frozenset(
    vocabulary(
        "blq, bql, bld, bdl, <lloq, <loq, <lod, <llod, < lloq, < loq, < lod, < llod, below lloq, below loq, below lod, "
        "below llod, below detection limit, below limit of detection, undetectable, not detected, n.n., "
        "nicht nachweisbar, non détectable, indétectable, no detectable, indetectable, non rilevabile, 未检出",
        between=", ",
    )
)
ROMAN_GRADES: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
NO_RESPONSE: Final = "is not a response."  # read.py adds the criteria in use
CHOICE_NUMBER: Final = re.compile(r"\d{1,2}\s*[.,:)=-]\s*(?=[^\W\d_])")  # "1. Yes", "2, No": forms export a choice so


class Coded(NamedTuple):
    """A value as it is stored, and what was wrong, if anything was; then the value is missing.

    `reported` is what a reader must know of a value that was read otherwise than it is written.
    """

    value: object
    problem: str = ""
    fix: str = ""
    reported: str = ""


class Measured(NamedTuple):
    """A measurement: its value, or the limit below which it lies. `limit` is NaN where the cell names none (BLQ).

    `above` = the true value lies above `value`, the upper limit of the assay.
    """

    value: float
    below: bool
    limit: float
    above: bool = False


def is_missing(cell: Cell) -> bool:
    """An empty cell or one of the words for "no value"."""
    if isinstance(cell, str):
        return _says_nothing(cell)
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


@lru_cache(maxsize=4096)
def _says_nothing(cell: str) -> bool:
    word = cell.strip().casefold()
    if word in NO_WORDS:  # (-) answers (+)
        return False
    return word in MISSING_WORDS or (BRACKETS.get(word[:1]) == word[-1:] and word[1:-1].strip() in MISSING_WORDS)


def filled(cells: Sequence[Cell] | NDArray[np.object_]) -> NDArray[np.bool_]:
    """Of each of these cells whether a value stands there, as `is_missing` has it."""
    found = distinct(cells)
    return ~found.flags(found.of_texts(is_missing, False), True)


def is_empty(cell: Cell) -> bool:
    """A cell without anything in it. In Study "unknown" is a word like any other."""
    return not text(cell)


def text(cell: Cell) -> str:
    """The cell as a reader sees it: 3 and not 3.0, a date as yyyy-mm-dd."""
    if isinstance(cell, str):
        return cell.strip() if cell.isprintable() else CONTROL.sub(" ", cell).strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ", "minutes")
    return f"{cell:.15g}"


def coder(kind: Kind, cells: Iterable[Cell] = ()) -> Callable[[Cell], Coded]:
    """The function that reads one cell of this kind. Empty cells never reach it. `cells` are all of the column, which
    say whether O and S are yes."""
    code = _CODERS[kind]
    if kind == "yes_no" and are_answers(
        {text(cell).casefold() for cell in dict.fromkeys(cells) if not is_missing(cell)}
    ):
        code = _code_answer
    return lambda cell: uncalculated(cell) or code(cell)


def uncalculated(cell: Cell) -> Coded | None:
    """What is wrong where the spreadsheet itself has no value to show, else None."""
    if not isinstance(cell, str) or ("#" not in cell and "=" not in cell):
        return None
    words = text(cell)
    if SPREADSHEET_ERROR.fullmatch(words):
        return Coded(None, f'"{words}" is a spreadsheet error.', "Correct the formula or write the value.")
    if words.startswith("="):
        return Coded(
            None,
            "This formula has no value.",
            "Open the file in your spreadsheet program and save it again, or write the value.",
        )
    return None


def code_text(cell: Cell) -> Coded:
    """Whatever stands there, as text."""
    return Coded(text(cell))


def code_category(cell: Cell) -> Coded:
    """A word. A date is none: spreadsheets turn "3-4" into one."""
    if isinstance(cell, dt.datetime):
        return Coded(None, f'"{text(cell)}" is a date.', "Format the cell as text and write what is meant.")
    return Coded(text(cell))


def are_answers(folded: Set[str]) -> bool:
    """Whether these words are yes and no; O and S only beside N."""
    return folded <= YES_WORDS | NO_WORDS or ("n" in folded and folded <= YES_INITIALS | {"n"})


def code_yes_no(cell: Cell) -> Coded:
    """yes or no, in several languages; an unknown sign is none."""
    word = CHOICE_NUMBER.sub("", text(cell).casefold(), count=1)
    if word in YES_WORDS:
        return Coded("yes")
    if word in NO_WORDS:
        return Coded("no")
    return Coded(
        None, f'"{text(cell)}" is neither yes nor no.', "Write yes or no, or leave the cell empty if it is not known."
    )


def _code_answer(cell: Cell) -> Coded:
    return Coded("yes") if text(cell).casefold() in YES_INITIALS else code_yes_no(cell)


def code_number(cell: Cell) -> Coded:
    """A plain number; a decimal comma is read where it cannot be a thousands separator."""
    number = as_number(cell)
    if number is not None:
        return Coded(number)
    written = text(cell)
    if isinstance(cell, Either) or EITHER.fullmatch(written):
        whole = re.sub("[.,]", "", written)
        problem = f'"{written}" can be {whole} or {written.replace(",", ".")}.'
        return Coded(None, problem, f"Write {whole}, or a decimal point.")
    if re.fullmatch(r"[<>≤≥]=?\s*[\d.,]+|[\d.,]+\s*\+", written):
        fix = "Choose it as a category, or write a number."
        return Coded(None, f'"{written}" is a range and not a number.', fix)
    return Coded(None, f'"{written}" is not a number.', "Write a number, or leave the cell empty if it is not known.")


def code_whole(cell: Cell) -> Coded:
    """A whole number."""
    number = as_number(cell)
    if number is not None and number == round(number):
        return Coded(number)
    return Coded(None, f'"{text(cell)}" is not a whole number.', "Write 1, 2, 3 ...")


def code_grade(cell: Cell) -> Coded:
    """A toxicity grade from 0 to 5, also as "III", "Grade 3" or "G3"."""
    word = re.sub(r"^((crs|icans)\W*)?(grad[eo]?|gr\.?|g)\s*|\s*°$", "", text(cell).casefold())
    number = ROMAN_GRADES.get(word, as_number(word))
    if number is not None and number in range(6):
        return Coded(float(number))
    return Coded(
        None,
        f'"{text(cell)}" is not a grade.',
        "Write a whole number from 0 to 5, or leave the cell empty if the grade is not stated.",
    )


def code_event(cell: Cell) -> Coded:
    """1 = the event happened, 0 = censored."""
    word = text(cell).casefold()
    if word in EVENT_WORDS:
        return Coded(1.0)
    if word in CENSORED_WORDS:
        return Coded(0.0)
    return Coded(
        None,
        f'"{text(cell)}" does not say whether the event happened.',
        "Write 1 if it happened and 0 if the patient was censored.",
    )


def code_response(cell: Cell) -> Coded:
    """The response by its criteria; what it says of measurable residual disease is no part of it."""
    written = text(cell)
    said = said_in(written)
    if said.of:
        fix = "Give what it means in the codes of a mapping if it is another response."
        return Coded(said.response, "", fix, f'"{written}" is a word of {said.of}; it was read as {said.response}.')
    if said.response:
        return Coded(said.response)
    if len([part for part in re.split(r"\s*[+;&]\s*", written) if part]) > 1:
        problem = f'"{written}" says more than a response, so it was set aside and not half read.'
        return Coded(None, problem, "Give what it means in the codes of a mapping.")
    return Coded(None, f'"{written}" {NO_RESPONSE}', f"Write one of {', '.join(RESPONSES)}.")


def code_date(cell: Cell) -> Coded:
    """A true date, or text with the year first (yyyy-mm-dd); other orders are ambiguous and not guessed."""
    if isinstance(cell, dt.datetime):
        return Coded(cell.date())
    found = YEAR_FIRST.fullmatch(text(cell))
    try:
        return Coded(dt.date(*(int(found[part]) for part in (1, 3, 4)))) if found else _no_date(cell)
    except ValueError:
        return _no_date(cell)


def _no_date(cell: Cell) -> Coded:
    return Coded(None, f'"{text(cell)}" is not a date.', "Write it as yyyy-mm-dd.")


def code_measurement(cell: Cell) -> Coded:
    """A number, "<1000" (below that limit), ">100000" (above it), or a word for "below the limit of quantification"."""
    is_plain = isinstance(cell, float) and math.isfinite(cell)
    return Coded(Measured(cell, False, math.nan)) if is_plain else _written_measurement(cell)  # type: ignore[arg-type]


def _written_measurement(cell: Cell) -> Coded:
    written = text(cell)
    if written.casefold() in BELOW_LIMIT_WORDS | NEGATIVE_WORDS:
        return Coded(Measured(math.nan, True, math.nan))
    signed = _with_sign(written)
    sign, limit = signed[:1], as_number(BEHIND_LIMIT.sub("", signed)[1:].lstrip("= "))
    if sign in LIMIT_SIGNS and limit is not None and limit > 0 and not isinstance(cell, Either):
        if sign in "<≤＜":
            return Coded(Measured(math.nan, True, limit))
        reported = f'"{written}" lies above the upper limit of the assay; it was stored as {limit:g} and marked.'
        return Coded(
            Measured(limit, False, math.nan, True), "", "A mean or a peak over such values is too low.", reported
        )
    flagged = None if isinstance(cell, Either) else FLAGGED.fullmatch(written)
    number = code_number(flagged[1] if flagged else cell)
    if number.problem:
        how = "Write a number, <1000 (with your limit) or BLQ, or leave the cell empty if it was not measured."
        return Coded(None, number.problem, number.fix if isinstance(cell, Either) or EITHER.fullmatch(written) else how)
    return Coded(Measured(float(str(number.value)), False, math.nan))


@lru_cache(maxsize=4096)
def _with_sign(written: str) -> str:
    """A limit that is said in words, or by a plus at its end, with its sign: "above 100000" is >100000."""
    if written[:1].isdigit():
        return f">{written[:-1]}" if written.endswith("+") else written
    return next(
        (f"{sign}{rest}" for sign, words in SIGN_WORDS.items() if (rest := words.sub("", written, 1)) != written),
        written,
    )


_CODERS: Final[dict[Kind, Callable[[Cell], Coded]]] = {
    "id": code_text,
    "text": code_text,
    "category": code_category,
    "yes_no": code_yes_no,
    "number": code_number,
    "whole": code_whole,
    "day": code_number,
    "date": code_date,
    "grade": code_grade,
    "response": code_response,
    "event": code_event,
    "measurement": code_measurement,
}
