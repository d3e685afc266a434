"""Overall survival from who died and when: a status beside dates, or beside days to death and days to the last
follow-up.

The status decides who died. Nobody is taken for alive because a date of death is missing, and nobody for dead because a
column is called "death or last follow-up".
"""

import re
from collections.abc import Sequence
from typing import Final

from lib.intake.cells.coding import YES_WORDS, is_missing, text
from lib.intake.cells.units import unit_word
from lib.intake.infer.column import ColumnView, SheetView
from lib.intake.infer.endpoint_pair import VITAL_WORD, Pair, endpoint_of, may_be_event, time_unit
from lib.intake.infer.patient_column import COMBINED, DATED, DEATH, LAST
from lib.intake.infer.question import Proposal, Proposals, Subject
from lib.intake.infer.synonyms import FOLLOWED_TO, TIME_TO_DEATH, VITAL_NAME
from lib.intake.sheets.role import keyed

DATE_OF_EVENT: Final = re.compile(
    r"event|evento|evenement|ereignis|outcome|status|estado|etat|stato|结局|事件|転帰|生存"
)
DEATH_FLAG: Final = re.compile(r"(dth|death)_?fl(ag)?")  # of CDISC: Y, and nothing in whoever is not known to have died
DISEASE: Final = re.compile(
    r"disease|response|remission|progress|relapse|before|prior|(^|_)at_(?!(the_)?(date_of_(the_)?)?(last|latest|final|fu_?|follow|end|data))|krankheit|mrd|pfs|efs|dfs|ecog|perform|smok"
)


def timed_death(view: SheetView, free: Sequence[ColumnView]) -> tuple[Pair, ...]:
    """Days to death beside days to the last follow-up (or months), with the status that decides if there is one."""
    numbers = [each for each in free if each.profile.numbers >= DATED]
    deaths = [each for each in numbers if _is_time(each, TIME_TO_DEATH)]
    last = [each for each in numbers if _is_time(each, FOLLOWED_TO)]
    if len(deaths) != 1 or len(last) != 1 or deaths[0].heading.unit != last[0].heading.unit:
        return ()
    status = vital_status(view, free)
    return (Pair("os", deaths[0].name, status.name if status else "", last[0].name, by_time=status is None),)


def _is_time(column: ColumnView, words: re.Pattern[str]) -> bool:
    """Whether the heading is these words, as it stands or with the unit that it has in brackets: "Tod (Tage)" is
    tod_days."""
    in_brackets = any(map(unit_word, column.heading.brackets))
    keys = (column.key, *([f"{column.key}_{column.heading.unit}"] if in_brackets else []))
    return any(map(words.fullmatch, keys))


def dated_death(view: SheetView, taken: Proposals) -> tuple[Pair, ...]:
    """A status beside dates of death, of the last contact, or of either in one column."""
    free = [each for each in view.columns if each.name not in taken or taken[each.name].role == "patients.covariate"]
    status = vital_status(view, free)
    name = status.name if status else ""
    _enter_dates_of_events(view, taken, name)
    combined, death, last = (_first(taken, role) for role in (COMBINED, DEATH, LAST))
    name = name or _flag(view, free, combined, death)
    if combined:
        return (Pair("os", combined, name, dated=True),)
    if name and death:
        return (Pair("os", death, name, last, dated=True),)
    return (Pair("os", last, name, dated=True, rivals=(DEATH,)),) if name and last else ()


def _flag(view: SheetView, free: Sequence[ColumnView], combined: str, death: str) -> str:
    """The flag of death of CDISC where no date says who died, or none of somebody who did by the flag; "" elsewhere."""
    flag = next((each.name for each in free if DEATH_FLAG.fullmatch(each.key) and may_be_event(each)), "")
    if combined or not (flag and death):
        return "" if combined else flag
    both = zip(view.block.cells(flag), view.block.cells(death), strict=True)
    undated = any(text(said).casefold() in YES_WORDS and is_missing(date) for said, date in both)
    return flag if undated else ""


def _enter_dates_of_events(view: SheetView, taken: Proposals, status: str) -> None:
    """The dates of whatever happened last, which a status explains, where there are no others."""
    if not status or any(_first(taken, role) for role in (COMBINED, DEATH, LAST)):
        return
    dates = (each for each in view.columns if each.profile.dates > DATED and taken[each.name].role == "extra")
    found = [each.name for each in dates if DATE_OF_EVENT.search(each.key)]
    if len(found) == 1:
        taken[found[0]] = Proposal(COMBINED, f'dates of what "{status}" says', "likely", ("event_values",))


def _first(taken: Proposals, role: str) -> str:
    """The first column with this role, or ""."""
    return next((name for name, each in taken.items() if each.role == role), "")


def vital_status(view: SheetView, free: Sequence[ColumnView]) -> ColumnView | None:
    """The column that says who is dead and who alive: by its words, else by its name."""
    possible = [
        each for each in free if may_be_event(each) and each.name != view.patient and not DISEASE.search(each.key)
    ]
    worded = [each for each in possible if _says_it(each)]
    named = [each for each in possible if VITAL_NAME.fullmatch(each.key) and endpoint_of(each) in ("", "os")]
    found = sorted(worded or named, key=lambda each: not VITAL_NAME.fullmatch(each.key))
    return found[0] if found else None


def _says_it(column: ColumnView) -> bool:
    """Whether words for dead or alive stand in it, in most of its cells."""
    said = sum(n for word, n in column.profile.levels if VITAL_WORD.search(keyed(word).replace("_", " ") + f" {word}"))
    return said > DATED * sum(n for _, n in column.profile.levels)


def proposed(view: SheetView, pair: Pair) -> Proposals:
    """The roles that such a pair gives to its columns (a date keeps the role that it has)."""
    found: Proposals = {}
    if pair.event:
        found[pair.event] = Proposal(
            "endpoints.event", f'says who died, beside "{pair.time}"', "likely", ("event_values",), "os"
        )
    if not pair.dated:
        unit, sure, _ = time_unit(view.column(pair.censored_at))
        asks: tuple[Subject, ...] = ("endpoint",) if sure else ("endpoint", "unit")
        found[pair.time] = Proposal("endpoints.time", "time to death", "likely", asks, "os", unit)
        found[pair.censored_at] = Proposal("endpoints.time", "time to the last follow-up", "likely", asks, "os", unit)
    return found
