"""Which two columns are the time and the event of one endpoint: by a shared name, by time_to_X beside X, or as the only
two left.

In which unit a time is written: as its heading says, else as its range suggests.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Final

from lib.intake.cells.coding import as_number
from lib.intake.infer.column import ColumnView
from lib.intake.infer.synonyms import (
    ENDPOINTS,
    EVENT_WORD,
    FOLLOW_UP,
    FOLLOWED_TO,
    GENERIC_EVENT,
    GENERIC_TIME,
    TIME_WORD,
    VITAL_NAME,
)
from lib.intake.sheets.role import keyed

NOT_A_TIME: Final = re.compile(r"age|date|cause|reason|place|year|type|therapy|number")
SURELY: Final = 0.8
STACKED_TIME: Final = re.compile(
    r"aval|value|((time|zeit|temps|tiempo|tempo|dauer)_)?(time|days|weeks|months|years|tage|monate|jours|mois|dias|meses)"
)
STACKED_EVENT: Final = re.compile(r"cnsr|status|event|event_status|censor(ed|ing)?|ereignis|evenement|evento")
LONGEST_NAME: Final = 4  # letters by which an endpoint is known
FEW: Final = 8  # an event column has no more different values
CODES: Final = frozenset((0.0, 1.0, 2.0, 3.0, 4.0))  # of an event; those of APART say "not known"
APART: Final = frozenset((5, 7, 8, 9, 77, 88, 99, 777, 888, 999, 9999, -1, -7, -8, -9, -77, -88, -99, -999, -9999))
COMPUTED: Final = re.compile(
    r"(^|_)(pred(icted|iction)?|expected|simulat\w*|fitted|estimat\w*|modell?(ed)?|projected|imputed|vorhergesagt|erwartet|predit|"
    r"prevu|predich\w*|previst[ao]|voorspeld)(_|$)|预测|予測"
)  # not observed: never an endpoint, a response or a measurement
VITAL_WORD: Final = re.compile(
    r"\b(expired|dead|deceased|died|death|alive|living|dod|doc|dot|doi|dwd|ned|aned|awd|awod|tot|verstorben|gestorben|lebt|lebend|lebendig|decede\w*|mort[oae]?|vivante?|en"
    r" vie|muert[oa]|"
    r"fallecid[oa]|viv[oa]|exitus|decedut[oa]|dcd|overleden|levend|in leven|zgon|zmar[lł]a?|[żz]yje|[oö]l[uü]|hayatta|жив[аы]?|ум[её]р(ла)?|d[oö]d|avliden)\b|사망|생존|死亡|已故|存活|生存|健在"  # noqa: E501
)
_WORSE: Final = r"(progress(ion)?|progred\w*|relapsed?|recurrences?|recidi[vf]\w*|recaida|rezidiv|rechute|ricaduta|progres\w*|pd|进展|复发|再発)"  # noqa: E501
PROGRESSED: Final = re.compile(rf"(^|_){_WORSE}(_|$)|进展|复发|再発")
TOWARDS: Final = re.compile(r"(^|_)(to|till|until|bis|hasta)_(?!infus)[a-z]+")
ORIGINS: Final = {  # from when a time counts, as its heading says it
    name: re.compile(words)
    for name, words in {
        "infusion": r"infus|(^|_)car_?t(_|$)|(^|_)cart(_|$)|day_?0|(^|_)d0(_|$)|treatment|therap|behandlung|traitement|tratamiento|输注|回输|输入|輸注|投与",  # noqa: E501
        "diagnosis": r"diagn|(^|_)dx(_|$)|诊断|診断|确诊|erstdiagnos",
        "transplant": r"transpl|(^|_)(asct|hsct|hct|sct|allosct)(_|$)|移植",
        "randomisation": r"random|随机",
        "enrolment": r"enrol|regist|inclu|einschluss|screen|入组|登记|登録",
        "leukapheresis": r"apheres|aferes|单采|采集",
        "relapse": r"(from|since|after|ab|seit|nach|depuis|desde|dal|vanaf)_(\w+_)?(relapse|rezidiv|rechute|progression|recidiva)",  # noqa: E501
    }.items()
}


@dataclass(frozen=True)
class Pair:
    """`endpoint` is "" where the headers do not say which it is; `event` is "" where there is none.

    `time` is a column of times, or of dates (`dated`). `censored_at` is the column of those without the event, where
    `time` holds only that of the others. `rivals` are other columns that could be the time of this endpoint. `by_time`
    = no column tells the event: whoever has a time in `time` had it.
    """

    endpoint: str
    time: str
    event: str
    censored_at: str = ""
    dated: bool = False
    rivals: tuple[str, ...] = ()
    by_time: bool = False


def pairs(columns: Sequence[ColumnView]) -> tuple[Pair, ...]:
    """The endpoints that these columns speak of."""
    times, rivals = _counted_from_one_day([each for each in columns if may_be_time(each)])
    pairing = _Pairing(times, [each for each in columns if may_be_event(each)], rivals)
    pairing.by_endpoint()
    pairing.by_what_is_left_of_the_name()
    pairing.follow_up_and_deaths()
    pairing.only_two_left()
    pairing.vital_status_left()
    pairing.beside_each_other(columns)
    pairing.times_alone()
    return tuple(pairing.found)


def stacked(columns: Sequence[ColumnView]) -> tuple[Pair, ...]:
    """The time and the event of endpoints that are named row by row."""
    time = next((each for each in columns if STACKED_TIME.fullmatch(each.key) and each.profile.numbers >= SURELY), None)
    event = next((each for each in columns if STACKED_EVENT.fullmatch(each.key) and may_be_event(each)), None)
    if time and event:
        return (Pair("stacked", time.name, event.name),)
    return tuple(replace(each, endpoint="stacked") for each in pairs(columns)[:1])


@dataclass
class _Pairing:
    """The columns that could be times and events, of which each is taken once; what is surest comes first."""

    times: list[ColumnView]
    events: list[ColumnView]
    rivals: dict[str, tuple[str, ...]]
    found: list[Pair] = field(default_factory=list)

    def _take(self, endpoint: str, time: ColumnView, event: ColumnView | None) -> None:
        self.found.append(Pair(endpoint, time.name, event.name if event else "", rivals=self.rivals.get(time.name, ())))
        self.times.remove(time)
        if event:
            self.events.remove(event)

    def by_endpoint(self) -> None:
        """A time and an event that name the same endpoint."""
        for time in list(self.times):
            name = endpoint_of(time)
            same = [each for each in self.events if name and endpoint_of(each) == name and each is not time]
            if same:
                self._take(name, time, next((each for each in same if EVENT_WORD.search(each.key)), same[0]))

    def by_what_is_left_of_the_name(self) -> None:
        """A time and an event whose names are the same without the words for time and event."""
        for time in list(self.times):
            what = bare(time)
            same = (each for each in self.events if what and bare(each) == what and each is not time)
            partner = next((each for each in same if each.profile.responses < SURELY), None)
            if partner and (what != time.key or TIME_WORD.search(time.key)):
                self._take(_named(what), time, partner)

    def follow_up_and_deaths(self) -> None:
        """A time of follow-up beside a column of deaths is overall survival."""
        deaths = [each for each in self.events if endpoint_of(each) == "os"]
        named = (_matching(each, self.times) for each in (FOLLOW_UP, GENERIC_TIME, FOLLOWED_TO))
        times = next(filter(None, named), [])
        if deaths and len(times) == 1:
            self._take("os", times[0], deaths[0])

    def only_two_left(self) -> None:
        """The only column called time or the like, and the only one called status or event."""
        times, events = _matching(GENERIC_TIME, self.times), _matching(GENERIC_EVENT, self.events)
        if not times and all(each.endpoint != "os" for each in self.found):
            times, events = _matching(FOLLOW_UP, self.times), list(filter(is_vital, self.events))
        if len(times) == len(events) == 1:
            self._take(endpoint_of(times[0]) or ("os" if is_vital(events[0]) else ""), times[0], events[0])

    def beside_each_other(self, columns: Sequence[ColumnView]) -> None:
        """A time that is called like its endpoint and nothing more, with the event if that stands next to it."""
        for time in [each for each in self.times if endpoint_of(each) and each.key == endpoint_of(each)]:
            beside = columns[columns.index(time) + 1 :][:1]
            events = _matching(GENERIC_EVENT, [each for each in beside if each in self.events])
            self._take(endpoint_of(time), time, events[0] if events else None)

    def vital_status_left(self) -> None:
        """A time of overall survival, and the only column left that says dead or alive."""
        times = [each for each in self.times if endpoint_of(each) == "os"]
        events = [each for each in self.events if is_vital(each) or _is_coded_status(each)]
        if len(times) == len(events) == 1:
            self._take("os", times[0], events[0])

    def times_alone(self) -> None:
        """A time of an endpoint, or a rival of one found; with an event only where both are the last ones left."""
        known = {pair.endpoint for pair in self.found} - {""}
        named = [each for each in self.times if endpoint_of(each) in known or _names_a_time(each)]
        events = [each for each in _matching(GENERIC_EVENT, self.events) if each not in named]
        for time in named:
            alone = len(named) == len(events) == 1 and (endpoint_of(time) == "os" or not is_vital(events[0]))
            self._take(endpoint_of(time), time, events[0] if alone else None)


def _is_coded_status(column: ColumnView) -> bool:
    """Whether a heading says a status, and single letters or digits stand below it, which its owner can explain."""
    return bool(VITAL_NAME.fullmatch(column.key)) and all(len(word) == 1 for word in column.profile.words)


def _names_a_time(column: ColumnView) -> bool:
    """Whether a heading has a word for time, or is the name of its endpoint and the unit: PFS, mo; SG (meses)."""
    whole = bool(column.heading.unit) and len(bare(column)) <= LONGEST_NAME
    return bool(endpoint_of(column)) and (whole or TIME_WORD.search(column.key) is not None)


def _matching(pattern: re.Pattern[str], columns: Sequence[ColumnView]) -> list[ColumnView]:
    return [each for each in columns if pattern.fullmatch(each.key)]


def is_vital(column: ColumnView) -> bool:
    """Whether dead and alive stand in it: the event of overall survival, and of no other endpoint."""
    return any(VITAL_WORD.search(f"{keyed(word).replace('_', ' ')} {word}") for word in column.profile.words)


def _counted_from_one_day(times: Sequence[ColumnView]) -> tuple[list[ColumnView], dict[str, tuple[str, ...]]]:
    """Of several times of one endpoint that of which the heading says the infusion, else nothing; the others are its
    rivals."""
    by_endpoint: dict[str, list[ColumnView]] = {}
    for each in times:
        if name := endpoint_of(each):
            by_endpoint.setdefault(name, []).append(each)
    left, rivals = list(times), {}
    for several in by_endpoint.values():
        origins = {each.name: origin_of(each) for each in several}
        if len(set(origins.values())) > 1:
            ranked = sorted(several, key=lambda each: {"infusion": 0, "": 1}.get(origins[each.name], 2))
            left = [each for each in left if each not in ranked[1:]]
            rivals[ranked[0].name] = tuple(each.name for each in ranked[1:])
    return left, rivals


def origin_of(column: ColumnView) -> str:
    """From when a time counts: "infusion", "diagnosis" ...; "" where its heading does not say it."""
    return origin_in(f"{column.above} {column.heading.text}")


def origin_in(written: str) -> str:
    """The same of words; that to which a time counts ("time to transplant") is not from when."""
    words = TOWARDS.sub("", keyed(written))
    return next((name for name, pattern in ORIGINS.items() if pattern.search(words)), "")


def as_said(found: Sequence[Pair], said: dict[str, str], columns: Sequence[ColumnView]) -> tuple[Pair, ...]:
    """The pairs with the columns that the reader called a time or an event, which no pair had found by itself."""
    used = {name for pair in found for name in (pair.time, pair.event)}
    free = {each.name: each for each in columns if each.name not in used}
    new = [free[name] for name in said if name in free]
    paired = list(found)
    paired += [Pair(endpoint_of(each), each.name, "") for each in new if said[each.name].endswith(".time")]
    for event in new:
        if said[event.name].endswith(".event"):
            _give_event(paired, event, said, list(free.values()))
    return tuple(paired)


def _give_event(paired: list[Pair], event: ColumnView, said: Container[str], free: Sequence[ColumnView]) -> None:
    """The event for the pair of its endpoint, else for the first one without, else for the only time that is left."""
    named, times = endpoint_of(event), list(filter(may_be_time, free))
    if target := _without_event(paired, named, said):
        paired[paired.index(target)] = replace(target, event=event.name, endpoint=target.endpoint or named)
    elif len(times) == 1:
        paired.append(Pair(endpoint_of(times[0]) or named, times[0].name, event.name))


def _without_event(paired: Sequence[Pair], named: str, said: Container[str]) -> Pair | None:
    """The pair of this endpoint, else the first that has no event of which the reader said so."""
    same = (pair for pair in paired if named and pair.endpoint == named)
    return next(same, None) or next((pair for pair in paired if not pair.event or pair.event not in said), None)


def endpoint_of(column: ColumnView) -> str:
    """The endpoint that a heading names, or ""."""
    label = keyed(column.label)
    for words in (column.key, column.above.casefold(), "" if NOT_A_TIME.match(label) else label):
        for name, pattern in ENDPOINTS:
            if words and pattern.search(words):
                return name
    return ""


ORNAMENTS: Final = (
    r"^(time|zeit|days|months|weeks|tt|temps|tiempo)_(to|bis|jusqu\w*|hasta)_|^tt_|^intx_?",
    "",
    r"_(or|oder|ou|o|of)_(last_|letzte[rn]?_|derniere?s?_|ultim[oa]_)?(fu|follow_?up|contact|kontakt|nouvelles|contacto|censoring)$",
    r"_?(fu_)?(status|stat|event|time|ereignis|zeit|censored|cnsr|evento)$|_(days|months|weeks|years|monate|tage|cens|d|mo)$",
)


def bare(column: ColumnView) -> str:
    """What is left of a name without the words for time and event: time.to.cmv and cmv_status are cmv, ptime and pstat
    are p."""
    return reduce(lambda key, words: re.sub(words, "", key), ORNAMENTS, column.key).strip("_")


def _named(what: str) -> str:
    return "ttp" if PROGRESSED.fullmatch(what) or what == "rel" else "" if len(what) == 1 or what == "fu" else what


def may_be_time(column: ColumnView) -> bool:
    """Whether numbers stand in the column under a name of a time."""
    values = column.profile
    if values.numbers + values.open_ended < SURELY or values.dates > 0.2 or not values.filled or column.private:
        return False
    return not COMPUTED.search(column.key) and _is_named_time(column) and (values.n_levels > 2 or values.high > 2)


def _is_named_time(column: ColumnView) -> bool:
    """Whether the heading says a time, or an endpoint above numbers that are no codes."""
    values, key = column.profile, column.key
    if TIME_WORD.search(key) or (column.heading.unit and (FOLLOW_UP.fullmatch(key) or _is_whole_progression(column))):
        return True
    if EVENT_WORD.search(key) and may_be_event(column):
        return False
    coded = values.whole == 1 and values.high <= 3
    signed = values.low < 0 and not column.heading.unit
    return not (coded or signed) and bool(endpoint_of(column) or GENERIC_TIME.fullmatch(key))


def _is_whole_progression(column: ColumnView) -> bool:
    """Whether everybody has a time under the name of a progression: that of the others is the time of their last
    contact."""
    return bool(PROGRESSED.search(column.key)) and column.profile.filled == column.profile.n


def may_be_event(column: ColumnView) -> bool:
    """Whether few enough different values stand in the column, and no other numbers than small codes and codes of "not
    known"."""
    values = column.profile
    unfit = not values.filled or values.n_levels > FEW or values.dates > 0.2
    if unfit or column.private or column.heading.unit or COMPUTED.search(column.key):
        return False
    numbers = {number for word in values.words if (number := as_number(word)) is not None}
    return values.numbers <= 0.9 or bool(numbers <= CODES | APART and numbers & CODES)


CHOICES: Final = (("days", "Days"), ("weeks", "Weeks"), ("months", "Months"), ("years", "Years"), ("hours", "Hours"))
SURELY_DAYS: Final = 600  # whole numbers beyond this many are no months: nobody is followed for 50 years
RATHER_DAYS: Final = 120


def time_unit(column: ColumnView) -> tuple[str, bool, str]:
    """The unit, whether it is beyond doubt, and why."""
    if column.heading.unit:
        return column.heading.unit, True, "the unit stands in the header"
    values = column.profile
    range_words = f"{values.low:g} to {values.high:g}"
    if column.key.startswith("intx") and values.high <= SURELY_DAYS:
        return "months", True, f"{range_words}: registries of transplants count intx in months"
    if values.whole == 1 and values.high > SURELY_DAYS:
        return "days", True, f"whole numbers {range_words} are days"
    if values.whole == 1 and values.high > RATHER_DAYS:
        return "days", False, f"whole numbers {range_words} look like days"
    if values.high <= RATHER_DAYS and values.whole < 1:
        return "months", False, f"{range_words} could be months"
    return "months" if values.high <= RATHER_DAYS else "days", False, f"{range_words} without a unit"
