"""Which two columns are the time and the event of one endpoint: by a shared name, by time_to_X beside X, or as the only two left.

In which unit a time is written: as its heading says, else as its range suggests.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lib.intake.infer.column import ColumnView, keyed
from lib.intake.infer.synonyms import ENDPOINTS, EVENT_WORD, FOLLOW_UP, GENERIC_EVENT, GENERIC_TIME, TIME_WORD

NOT_A_TIME: Final = re.compile(r"age|date|cause|reason|place|year|type|therapy|number")
FEW: Final = 8  # an event column has no more different values


@dataclass(frozen=True)
class Pair:
    """`endpoint` is "" where the headers do not say which it is; `event` is "" where there is none."""

    endpoint: str
    time: str
    event: str


def pairs(columns: Sequence[ColumnView]) -> tuple[Pair, ...]:
    """The endpoints that these columns speak of."""
    times = [each for each in columns if _may_be_time(each)]
    events = [each for each in columns if may_be_event(each)]
    found: list[Pair] = []
    free_times, free_events = list(times), list(events)

    def take(endpoint: str, time: ColumnView, event: ColumnView | None) -> None:
        found.append(Pair(endpoint, time.name, event.name if event else ""))
        free_times.remove(time)
        if event:
            free_events.remove(event)

    for time in list(free_times):
        name = endpoint_of(time)
        same = [each for each in free_events if endpoint_of(each) == name and each is not time] if name else []
        if same:
            take(name, time, next((each for each in same if EVENT_WORD.search(each.key)), same[0]))
    for time in list(free_times):
        what = bare(time)
        partner = next((each for each in free_events if what and bare(each) == what and each is not time), None)
        if partner and (what != time.key or TIME_WORD.search(time.key)):
            take(_named(what), time, partner)
    _follow_up(free_times, free_events, take)
    generic_times = [each for each in free_times if GENERIC_TIME.fullmatch(each.key)]
    generic_events = [each for each in free_events if GENERIC_EVENT.fullmatch(each.key)]
    if len(generic_times) == 1 and len(generic_events) == 1:
        take("", generic_times[0], generic_events[0])
    for time in [each for each in free_times if endpoint_of(each) and each.key == endpoint_of(each)]:
        beside = _next(columns, time)
        event = beside if beside in free_events and GENERIC_EVENT.fullmatch(beside.key) else None
        take(endpoint_of(time), time, event)
    for time in [each for each in free_times if endpoint_of(each) and TIME_WORD.search(each.key)]:
        take(endpoint_of(time), time, None)
    return tuple(found)


def _follow_up(free_times: list[ColumnView], free_events: list[ColumnView], take) -> None:  # type: ignore[no-untyped-def]
    """A time of follow-up beside a column of deaths is overall survival."""
    deaths = [each for each in free_events if endpoint_of(each) == "os"]
    times = [each for each in free_times if FOLLOW_UP.fullmatch(each.key)] or [
        each for each in free_times if GENERIC_TIME.fullmatch(each.key)
    ]
    if deaths and len(times) == 1:
        take("os", times[0], deaths[0])


def endpoint_of(column: ColumnView) -> str:
    """The endpoint that a heading names, or ""."""
    label = keyed(column.label)
    for words in (column.key, column.above.casefold(), "" if NOT_A_TIME.match(label) else label):
        for name, pattern in ENDPOINTS:
            if words and pattern.search(words):
                return name
    return ""


def bare(column: ColumnView) -> str:
    """What is left of a name without the words for time and event: time.to.cmv and cmv_status are cmv, ptime and pstat are p."""
    key = re.sub(r"^(time|zeit|days|months|weeks|tt|temps|tiempo)_(to|bis|jusqu\w*|hasta)_|^tt_", "", column.key)
    key = re.sub(
        r"_?(fu_)?(status|stat|event|time|ereignis|zeit|censored|cnsr|evento)$|_(days|months|weeks|years|monate|tage|cens|d|mo)$",
        "",
        key,
    )
    return key.strip("_")


def _named(what: str) -> str:
    return {"p": "", "fu": ""}.get(what, what) if len(what) <= 2 else what


def _may_be_time(column: ColumnView) -> bool:
    values = column.profile
    if values.numbers < 0.8 or values.dates > 0.2 or values.low < 0 or not values.filled or column.private:
        return False
    named = TIME_WORD.search(column.key) or endpoint_of(column) or GENERIC_TIME.fullmatch(column.key)
    return bool(named) and (values.n_levels > 2 or values.high > 2) and not _coded(column)


def _coded(column: ColumnView) -> bool:
    """Whole numbers 0 to 2 or 3 under a name that is not one of time."""
    return not TIME_WORD.search(column.key) and column.profile.whole == 1 and column.profile.high <= 3


def may_be_event(column: ColumnView) -> bool:
    """Whether few enough different values stand in the column, and no more than small whole numbers."""
    values = column.profile
    if not values.filled or values.n_levels > FEW or values.dates > 0.2 or column.private:
        return False
    numeric = values.numbers > 0.9
    return not numeric or (values.whole == 1 and values.high <= 4)


def _next(columns: Sequence[ColumnView], column: ColumnView) -> ColumnView | None:
    place = columns.index(column) + 1
    return columns[place] if place < len(columns) else None


CHOICES: Final = (("days", "Days"), ("weeks", "Weeks"), ("months", "Months"), ("years", "Years"), ("hours", "Hours"))
SURELY_DAYS: Final = 600  # whole numbers beyond this many are no months: nobody is followed for 50 years
RATHER_DAYS: Final = 120


def time_unit(column: ColumnView) -> tuple[str, bool, str]:
    """The unit, whether it is beyond doubt, and why."""
    if column.heading.unit:
        return column.heading.unit, True, "the unit stands in the header"
    values = column.profile
    range_words = f"{values.low:g} to {values.high:g}"
    if values.whole == 1 and values.high > SURELY_DAYS:
        return "days", True, f"whole numbers {range_words} are days"
    if values.whole == 1 and values.high > RATHER_DAYS:
        return "days", False, f"whole numbers {range_words} look like days"
    if values.high <= RATHER_DAYS and values.whole < 1:
        return "months", False, f"{range_words} could be months"
    return "months" if values.high <= RATHER_DAYS else "days", False, f"{range_words} without a unit"
