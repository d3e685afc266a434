"""Which value of an event column means that it happened: from a legend, from words, from the inverted CNSR, or from the
times beside it.

Every value has a meaning of its own: the event, censored, or not known. What nothing tells is asked, and a code such as
9 that stands apart is proposed as not known: it is neither the event nor censored.

What yes and no mean under MRD: as the heading says, else as its owner does.
"""

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from lib.cohort.response_scale import mrd_word
from lib.intake.cells.coding import (
    CENSORED_WORDS,
    EVENT_WORDS,
    NO_WORDS,
    YES_INITIALS,
    YES_WORDS,
    as_number,
    is_missing,
    text,
)
from lib.intake.files.grid import Cell
from lib.intake.infer.column import ColumnView
from lib.intake.infer.deaths import DEATH_FLAG
from lib.intake.infer.endpoint_pair import APART
from lib.intake.infer.question import CENSORED, COLUMNS, EVENT, UNKNOWN, Asking, CodedValue
from lib.intake.infer.sheet_guess import SheetGuess

HAPPENED: Final = re.compile(
    r"(?<!not )(?<!no"
    r" )\b(expired|dead|deceased|died|death|dod|doc|dot|doi|dwd|event|progress\w*|relaps\w*|recur\w*|tot|verstorben|gestorben|tod|ja|oui|si|sí|decede\w*|décédée?|mort[oae]?|"  # noqa: E501
    r"muert[oa]|fallecid[oa]|decedut[oa]|overleden|exitus|dcd|zgon|zmar[lł]a?|"
    r"[oó]bito|[oö]l[uü]|[oö]ld[uü]|tak|はい|yes|true|pd|ereignis)\b|死亡|已故|进展|进展|复发|再発|是"
)
DID_NOT: Final = re.compile(
    r"\b(alive|living|ned|aned|awd|awod|censor\w*|no event|no|nein|nee|non|lebt|lebend|am leben|vivante?|en"
    r" vie|viv[oa]|levend|ongoing|on (study|follow[- ]?up)|"
    r"in leven|false|progression[- ]free|event[- ]free|disease[- ]?free|"
    r"[żz]yje|ya[sş][ıi]yor|"
    r"hayatta|sa[gğ]|nie|いいえ|zensiert|completed .*|not (dead|progressed|recurred))\b|存活|删失|否|生存|健在|未"
)
# behind what is asked
ANSWERS: Final = re.compile(r"(_(yes_no|y_n|ja_nein|j_n|oui_non|o_n|s[ei]?_no?|0_1|1_0|noch|at_\w+|last_\w+))$")
CENSORS: Final = re.compile(
    r"(^|_)cens_?(os|pfs)$|(^|_)(cnsr|cens(or(ed|ing)?)?|zensiert|censure|censuur|censura)$|删失"
)
LIVES: Final = re.compile(
    r"(^|_)(alive|living|lives|surviv(ing|ed|es|ors?)|lebt|lebend|lebendig|am_leben|uberlebt|uberlebend|vivante?|vit|en_vie|viv[oae]|vivos|in_vita|en_vida|leeft|levend|"
    r"in_leven)(_|$)|存活|健在|是否生存|^生存$"
)
VITAL: Final = re.compile(r"vital|lebensstatus|(^|_)life(_|$)")
SURVIVAL: Final = re.compile(r"surviv|uberleb|survie|supervivencia|sopravvivenza|overleving|生存")
WORSE: Final = r"(progress\w*|progred\w*|relaps\w*|recur\w*|recidi\w*|recai\w*|recad\w*|rezidiv\w*|rechut\w*|evenement\w*|event\w*|ereignis\w*|death|dead|died|disease|failure)"  # noqa: E501
SPARED: Final = re.compile(  # a heading that asks whether it did NOT happen
    rf"(^|_)(no|not|non|never|without|absence_of|free_(of|from)|ohne|keine?|nicht|sans|pas_de|sin|senza|zonder|geen|niet|libr?er?[oa]_d[aei]l?|vrij_van)_"
    rf"({WORSE}|muert[oe]|deces)|{WORSE}_?(free|frei|vrij)|(无|未)(进展|复发|事件|病|死亡)"
)
ENDPOINT_OF: Final = re.compile(
    rf"{SURVIVAL.pattern}|mort|(^|_)(status|stat|event|evento|evenement|ereignis|death|dead|died)(_|$)"
)
SAYS_EVENT: Final = re.compile(
    r"(^|_)(dead|death|died|deceased|event|events|progressed|progression|relapse|relapsed|relapse_event|recurrence|verstorben|gestorben|tod|tot|ereignis|"
    r"deces|decede|evenement|muert[eo]|fallecid[oa]|evento|exitus|decesso|decedut[oa]|overleden|zgonu?|zmarł|zmarl)(_|$)|死亡|事件|复发|进展"
)
# alive with disease may be an event
OF_FLAG: Final = "in CDISC a flag of death is Y, and empty where no death is known"
SHORT: Final = frozenset(("dod", "doc", "dot", "doi", "dwd", "ned", "aned", "awd", "awod"))
LIFE_INITIALS: Final = {"a", "d"}  # of alive, dead
SAMPLE: Final = 2000  # rows from which the times are compared
ENOUGH: Final = 10  # of each kind, before times alone say which is the event
SHORTER: Final = 0.8  # the mean of the events beside that of the others
CHOICES: Final = ((EVENT, "It happened"), (CENSORED, "It did not happen: censored"), (UNKNOWN, "Not known: not used"))
SAYS: Final[Map[str, str | None]] = {EVENT: "1", CENSORED: "0", UNKNOWN: None}


@dataclass(frozen=True)
class EventValues:
    """What each text of the column means ("" = nothing tells it), whether nothing else could be meant, and why."""

    meanings: Map[str, str]
    sure: bool
    reason: str


def event_codes(guess: SheetGuess, event: str, time: str, asking: Asking) -> dict[str, str | None] | None:
    """The codes of an event column as answered or proposed: "1", "0", None = not known; None where it is not
    settled."""
    block, column = guess.view.block, guess.view.column(event)
    found, counts = event_values(column, block.cells(event), block.cells(time)), block.counts(event).copy()
    if DEATH_FLAG.fullmatch(column.key) and (n := sum(map(is_missing, block.cells(event)))):
        found, counts[""] = replace(found, meanings={**found.meanings, "": CENSORED}, reason=OF_FLAG), n
    values = [CodedValue(word, counts[word], meaning) for word, meaning in found.meanings.items()]
    words = (
        f"Which values of {COLUMNS} mean that the event happened?",
        f"{found.reason[:1].upper()}{found.reason[1:]}.",
    )
    said = asking.codes(("event_values", guess.view.name, [event]), words, CHOICES, values, not found.sure)
    absent = asking.answers.get(f"blank:{guess.view.name}:{event}") == "absent"  # of crosses alone
    blank: dict[str, str | None] = {"": "0"} if absent else {}
    return None if said is None else blank | {word: SAYS[meaning] for word, meaning in said.items()}


def event_values(column: ColumnView, cells: Sequence[Cell], times: Sequence[Cell]) -> EventValues:
    """What the values of this column mean, as far as it can be known."""
    words = tuple(sorted({text(cell) for cell in dict.fromkeys(cells) if not is_missing(cell)}))
    numbers = {word: number for word in words if (number := as_number(word)) is not None}
    if column.heading.legend and (found := _by_legend(column, words, numbers)):
        return found
    asked = ANSWERS.sub("", column.key)
    if _is_inverted(asked, numbers) and (found := _inverted(column, words, numbers)):
        return found
    if len(numbers) == len(words):
        return _by_times(column, numbers, cells, times)
    return _by_words(column, words)


def _by_legend(column: ColumnView, words: Sequence[str], numbers: Map[str, float]) -> EventValues | None:
    legend = dict(column.heading.legend)
    said = {word: _meaning(legend.get(text(numbers.get(word)), "")) for word in words}
    if {*legend.values()} <= YES_WORDS | NO_WORDS and _is_inverted(ANSWERS.sub("", column.key), numbers):
        said = {word: {EVENT: CENSORED, CENSORED: EVENT}.get(meaning, "") for word, meaning in said.items()}
    if not any(said.values()):
        return None
    if len(words) == len(set(said.values())) == 2:
        other = CENSORED if EVENT in said.values() else EVENT
        said = {word: meaning or other for word, meaning in said.items()}
    complete = {word: meaning or _apart(numbers.get(word)) for word, meaning in said.items()}
    return EventValues(complete, all(said.values()), "the legend stands in the header")


def _is_inverted(asked: str, numbers: Map[str, float]) -> bool:
    """Whether a heading asks who was censored, who lives or who was spared, so that yes is not the event."""
    rest = SPARED.sub("", asked)
    if rest != asked:
        return not ENDPOINT_OF.search(rest)
    lives = LIVES.search(asked) or (SURVIVAL.search(asked) and not numbers)
    return bool(CENSORS.search(asked) or (lives and not SAYS_EVENT.search(asked)))


def _inverted(column: ColumnView, words: Sequence[str], numbers: Map[str, float]) -> EventValues | None:
    """A column that says who was censored, or who is alive: 0 and "no" are the event."""
    if not any(word in numbers or word.casefold() in YES_WORDS | NO_WORDS for word in words):
        return None
    counts = not numbers or 0.0 in numbers.values() or not set(numbers.values()) - APART - {1.0}
    said = {word: _opposite(word, numbers, counts) for word in words}
    if CENSORS.search(ANSWERS.sub("", column.key)):
        why = "named like a flag of those who were censored, in which 0 is the event"
    else:
        why = "the heading asks who is alive or was spared, so that no is the event"
    return EventValues(said, "cnsr" in column.key and all(said.values()), why)


def _opposite(word: str, numbers: Map[str, float], counts: bool) -> str:
    """What a value means where yes is not the event; numbers without a 0 say nothing, 1 and 2 may stand for either."""
    if word in numbers:
        meant = {0.0: EVENT, 1.0: CENSORED, 2.0: CENSORED, 3.0: CENSORED, 4.0: CENSORED} if counts else {}
        return meant.get(numbers[word], _apart(numbers[word]))
    said = word.casefold()
    if said in NO_WORDS:
        return EVENT
    return CENSORED if said in YES_WORDS | YES_INITIALS else _meaning(word) or UNKNOWN


def _by_words(column: ColumnView, words: Sequence[str]) -> EventValues:
    said = {word: _meaning(re.sub(r"^\d+\s*[:=.,]\s*", "", word)) for word in words} | _by_initials(words)
    folded = {word.casefold() for word in words}
    plain = folded <= YES_WORDS | NO_WORDS
    if plain and (LIVES.search(column.key) or VITAL.search(column.key)):  # "dead or alive", "vital status"
        return EventValues(dict.fromkeys(words, ""), False, "the heading may ask who died or who is alive")
    reported = set(said.values()) & {EVENT, CENSORED}
    sure = (
        set(said.values()) == {EVENT, CENSORED}
        and not folded & (SHORT | LIFE_INITIALS)
        and (not plain or bool(SAYS_EVENT.search(column.key)))
    )
    if not reported:
        return EventValues(said, False, "words that do not say whether it happened")
    return EventValues({word: meaning or UNKNOWN for word, meaning in said.items()}, sure, "the words say it")


def _by_initials(words: Sequence[str]) -> dict[str, str]:
    """Oui and non, sí and no, alive and dead, by their first letters; {} where other words stand beside them."""
    folded = {word.casefold() for word in words}
    if folded == LIFE_INITIALS:
        return {word: EVENT if word.casefold() == "d" else CENSORED for word in words}
    if not folded & YES_INITIALS or not folded <= YES_INITIALS | NO_WORDS:
        return {}
    return {word: EVENT if word.casefold() in YES_INITIALS else CENSORED for word in words}


def _meaning(word: str) -> str:
    said = word.casefold().strip()
    if said in CENSORED_WORDS - {"lost to follow-up"} or (said not in EVENT_WORDS and DID_NOT.search(said)):
        return CENSORED
    return EVENT if said and (said in EVENT_WORDS or HAPPENED.search(said)) else ""


def _apart(number: float | None) -> str:
    return UNKNOWN if number in APART or number is None else ""


def _by_times(
    column: ColumnView, numbers: Map[str, float], cells: Sequence[Cell], times: Sequence[Cell]
) -> EventValues:
    """0 and 1: 1 is the event, surely so where its times are the shorter ones. Other pairs of numbers say nothing."""
    others = {word: _apart(number) for word, number in numbers.items()}
    if not set(numbers.values()) <= {0.0, 1.0} | APART:
        return EventValues(others, False, "numbers without a legend")
    said = {word: others[word] or (EVENT if number == 1 else CENSORED) for word, number in numbers.items()}
    event, other = (_times_beside(value, cells, times) for value in (1.0, 0.0))
    if not event:
        why = "0 and 1 without a legend, and nobody with a 1 has a time"
        return EventValues(said if 1.0 in numbers.values() else others, False, why)
    named = len(said) == 2 and SAYS_EVENT.search(column.key) is not None
    return _compared(said, others, named, (event, other))


def _compared(
    said: Map[str, str], others: Map[str, str], named: bool, times: tuple[list[float], list[float]]
) -> EventValues:
    """What the times beside the 1s and beside the 0s say: the events stand at the shorter ones."""
    event, other = times
    if not other:
        return EventValues(said, named, "only 1 stands in it")
    mean, mean_of_others = sum(event) / len(event), sum(other) / len(other)
    if mean > mean_of_others:
        return EventValues(others, False, "0 and 1, but the 1s stand at the longer times")
    clear = len(said) == 2 and min(len(event), len(other)) >= ENOUGH and mean <= SHORTER * mean_of_others
    return EventValues(said, named or clear, "0 and 1, and the 1s stand at the shorter times")


def _times_beside(value: float, cells: Sequence[Cell], times: Sequence[Cell]) -> list[float]:
    """The times of a sample of the rows in which this number stands."""
    step = max(1, len(cells) // SAMPLE)
    beside = (each for cell, each in zip(cells[::step], times[::step], strict=False) if as_number(cell) == value)
    return [time for each in beside if (time := as_number(each)) is not None]


MRD_CHOICES: Final = (
    ("positive", "MRD was found: positive"),
    ("negative", "MRD was negative"),
    ("none", "Neither: leave it out"),
)
OPPOSITE: Final = {"positive": "negative", "negative": "positive"}


def mrd_codes(guess: SheetGuess, name: str, asking: Asking) -> dict[str, dict[str, str | None]]:
    """The codes of this column of MRD; {} where no yes or no stands in it, or what they mean is not said."""
    found = guess.view.block.counts(name) if name else {}
    words = [word for word in found if word.casefold() in YES_WORDS | NO_WORDS and not mrd_word(word)]
    if not words:
        return {}
    yes = _said(guess.view.column(name).key) or _asked(guess, name, words, asking)
    if yes not in OPPOSITE:
        return {}
    return {"mrd": {word: yes if word.casefold() in YES_WORDS else OPPOSITE[yes] for word in words}}


def _said(key: str) -> str:
    """What the heading says that yes is."""
    return "negative" if re.search(r"neg|undetect", key) else "positive" if re.search(r"pos|detect", key) else ""


def _asked(guess: SheetGuess, name: str, words: list[str], asking: Asking) -> str:
    shown = next((word for word in words if word.casefold() in YES_WORDS), words[0])
    meant = "yes" if shown.casefold() in YES_WORDS else "yes, if it stood there,"
    said = (f'What does {meant} ("{shown}") in "{name}" mean?', "It decides who is MRD negative.")
    return asking.ask(("levels", guess.view.name, [name]), said, MRD_CHOICES, blocks=True)
