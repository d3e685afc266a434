"""Wide series: columns that are one measurement at one day each (D0 D7 D14, copies_7, CRP_d-3, week 4, M3, "30 day response").

Everything that is believed of one sheet: its table, a proposal for every column, its endpoints and its wide series.
"""

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lib.intake.infer.column import ColumnView, SheetView
from lib.intake.infer.endpoint_pair import Pair, as_said, pairs, time_unit
from lib.intake.infer.event_column import event_roles
from lib.intake.infer.patient_column import by_role, different_columns, is_of_schema, patient_role
from lib.intake.infer.question import PRIVATE_ROLE, Certainty, Proposal, Proposals, Subject
from lib.intake.infer.sheet_type import analytes, deaths_column, graded_terms, table_kind
from lib.intake.infer.synonyms import KINETICS_WORD, LAB_TESTS, PATIENT_ID
from lib.intake.infer.vital_status import dated_death, proposed, timed_death
from lib.intake.mapping import TABLE_NAMES, Wide
from lib.intake.sheets.role import keyed

FACTORS: Final = {"day": 1.0, "week": 7.0, "month": 30.4375}
MARKS: Final = {
    "day": r"d|days?|tage?|jours?|dias?|j|第|天|d\+", "week": r"w|wk|wks|weeks?|wochen?|semaines?|semanas?|周|第", "month": r"m|mo|mos|months?|monate?|mois|mes(es)?|月|个月",
}  # fmt: skip
AFTER: Final = re.compile(
    r"(?P<stem>.*?)(?:[\s_.,:-]*|\b)(?P<mark>[^\W\d_]+)?\s*(?P<plus>[+_. ]?)(?P<n>-?\d+)\s*(?P<tail>天|周|月|个月)?\s*",
    re.I,
)
BEFORE: Final = re.compile(
    r"(?P<n>-?\d+)[\s_-]*(?P<mark>days?|weeks?|wks?|months?|mo|d|tage|wochen|monate|jours|mois)[\s_-]+(?P<stem>.+)",
    re.I,
)
TAIL: Final = re.compile(
    r"(?P<stem>.+?)[\s_-]+(?P<n>-?\d+)[\s_-]*(?P<mark>days?|weeks?|wks?|months?|mos?|mo|d|tage|wochen|monate|jours|mois)",
    re.I,
)
LEAST: Final = 3


@dataclass(frozen=True)
class Series:
    """Columns that belong together: the table they fill, the test they measure, and the day of each."""

    table: str
    stem: str
    wide: tuple[Wide, ...]
    marked: bool  # whether the unit of the days stands in the headings


def all_series(sheet: SheetView) -> tuple[Series, ...]:
    """Every wide series of this sheet."""
    groups: dict[tuple[str, str], list[tuple[ColumnView, float, str]]] = {}
    for column in sheet.columns:
        found = _timed(column)
        if found and column.name != sheet.patient and not column.private:
            stem, day, mark = found
            kind = "words" if column.profile.responses > 0.3 else "numbers"
            if kind == "words" or column.profile.numbers >= 0.6 or not column.profile.filled:
                groups.setdefault((stem, kind), []).append((column, day, mark))
    return tuple(series for (stem, kind), members in groups.items() if (series := _series(stem, kind, members)))


def _series(stem: str, kind: str, members: list[tuple[ColumnView, float, str]]) -> Series | None:
    marked = all(mark for _, _, mark in members)
    if kind == "words":
        if not marked:
            return None
        return Series("responses", stem, tuple(Wide(each.name, {"day": f"{day:g}"}) for each, day, _ in members), True)
    kinetic, lab = bool(KINETICS_WORD.search(stem)), bool(LAB_TESTS.fullmatch(stem))
    least = 2 if (kinetic or lab) else LEAST
    if len(members) < least or not (kinetic or lab or (marked and not stem)):
        return None
    if kinetic or not lab:
        return Series("kinetics", stem, tuple(Wide(each.name, {"day": f"{day:g}"}) for each, day, _ in members), marked)
    test = _shown(members[0][0], stem)
    return Series(
        "labs", stem, tuple(Wide(each.name, {"day": f"{day:g}", "test": test}) for each, day, _ in members), marked
    )


def _timed(column: ColumnView) -> tuple[str, float, str] | None:
    """Stem, day and the unit that the heading names; None where it is no such heading."""
    name = column.name.split(" | ")[-1].strip() if column.above else column.name.strip()
    name = re.sub(r"\s*[(\[（].*?[)\]）]\s*$", "", name)
    if match := BEFORE.fullmatch(name) or TAIL.fullmatch(name):
        unit = _unit(match["mark"])
        return (keyed(f"{column.above} {match['stem']}"), float(match["n"]) * FACTORS[unit], unit) if unit else None
    match = AFTER.fullmatch(name)
    if not match:
        return None
    mark, stem = (match["mark"] or ""), match["stem"]
    unit = _unit(match["tail"] or mark)
    if mark and not unit:
        stem = f"{stem} {mark}"
    whole = keyed(f"{column.above} {stem}")
    return whole, float(match["n"]) * FACTORS[unit or "day"], unit


def _unit(mark: str | None) -> str:
    return next((unit for unit, words in MARKS.items() if mark and re.fullmatch(words, mark.casefold())), "")


def _shown(column: ColumnView, stem: str) -> str:
    """The test as the heading writes it: CRP of CRP_d-3."""
    words = column.above or column.name
    return next((word for word in re.split(r"[\s_|.]+", words) if keyed(word) == stem), stem)


CONSTANT: Final = 0.9
TIME: Final = "endpoints.time"
EVENT_ROLE: Final = "endpoints.event"
ASKED: Final = (  # of two columns that could be one of these, its owner says which it is
    "age_years", "prior_lines", "prior_asct", "emd", "high_risk_cytogenetics", "infusion_date", "death_date", "last_contact_date",
    "progression_date",
)  # fmt: skip


@dataclass(frozen=True)
class SheetGuess:
    """`table` is "" for a sheet that is not read. `rivals` are the columns that could all be one thing of the patient, by its role;
    the first of them has it until its owner says otherwise."""

    view: SheetView
    table: str
    proposals: Proposals
    pairs: tuple[Pair, ...] = ()
    series: tuple[Series, ...] = ()
    rivals: Map[str, tuple[str, ...]] = field(default_factory=dict)

    def named(self, role: str) -> str:
        """The first column with this role, or ""."""
        return next((name for name, each in self.proposals.items() if each.role == role), "")

    def all_named(self, role: str) -> tuple[str, ...]:
        return tuple(name for name, each in self.proposals.items() if each.role == role)


def sheet_guess(view: SheetView, forced: dict[str, str], said: str = "") -> SheetGuess:
    """What this sheet is and what its columns are. `forced` are roles that the reader gave, `said` is the table that it is said to be."""
    table = said if said in TABLE_NAMES else table_kind(view)
    taken: Proposals = {
        name: Proposal(role, "you said so", "certain") for name, role in forced.items() if name in view.block.headings
    }
    if not table:
        return SheetGuess(view, "", {each.name: taken.get(each.name) or _unread(each.private) for each in view.columns})
    if view.patient and view.patient not in taken:
        named = f"named like a patient's code, {'several rows' if view.repeated else 'one row'} a patient"
        sure = bool(PATIENT_ID.fullmatch(view.column(view.patient).key))
        taken[view.patient] = Proposal("patients.patient_id", named, "certain" if sure else "likely")
    for each in view.columns:
        if each.private and each.name not in taken:
            taken[each.name] = Proposal(
                PRIVATE_ROLE, "looks like a name, record number, address or date of birth", "certain"
            )
    series = tuple(each for each in all_series(view) if not any(wide.column in taken for wide in each.wide))
    for one in series:
        main = "response" if one.table == "responses" else "value"
        for wide in one.wide:
            taken[wide.column] = Proposal(
                f"{one.table}.{main}",
                f"one of {len(one.wide)} columns of a series, day {wide.constants['day']}",
                "likely",
            )
    if table not in ("patients", "deaths", "endpoints"):
        taken |= event_roles(view, table, taken)
    found = _endpoint_pairs(view, table, taken, forced)
    if table == "labs" and not any(each.role == "labs.value" for each in taken.values()):
        for analyte in (each for each in analytes(view) if each.name not in taken):
            taken[analyte.name] = Proposal(
                "labs.value", "named like a laboratory test, and changes from visit to visit", "likely", ("unit",)
            )
    if view.repeated and table != "patients":
        for name, term in graded_terms(view.columns).items():
            taken.setdefault(name, Proposal("adverse_events.grade", f"grades of {term}", "likely"))
    rivals = _rest(view, table, taken)
    if table == "patients" and not any(each.endpoint == "os" for each in found):
        dated = dated_death(view, taken)
        taken |= {name: each for pair in dated for name, each in proposed(view, pair).items() if name not in forced}
        found += dated
    return SheetGuess(
        view,
        table,
        {each.name: _not_too_sure(each, taken[each.name], forced) for each in view.columns},
        found,
        series,
        rivals,
    )


def _not_too_sure(column: ColumnView, proposal: Proposal, forced: dict[str, str]) -> Proposal:
    """What a heading with a misspelt word is taken for is likely, never certain."""
    if not column.heading.meant or column.name in forced:
        return proposal
    sure: Certainty = "likely" if proposal.certainty == "certain" else proposal.certainty
    return replace(proposal, certainty=sure, reason=f'read as "{column.heading.meant}": {proposal.reason}')


def _unread(private: bool) -> Proposal:
    return Proposal(
        PRIVATE_ROLE if private else "extra", "the sheet holds no patients that could be recognised", "likely"
    )


def _endpoint_pairs(view: SheetView, table: str, taken: Proposals, forced: dict[str, str]) -> tuple[Pair, ...]:
    """The endpoints of the sheet; their columns are entered in `taken`."""
    if table == "deaths":
        return _deaths(view, taken)
    if table == "endpoints":
        taken |= event_roles(view, table, taken)
    if table not in ("patients", "endpoints") and not (table == "labs" and view.repeated):
        return ()
    said = {name: role for name, role in forced.items() if role in (TIME, EVENT_ROLE)}
    open_columns = [each for each in view.columns if each.name not in taken or each.name in said]
    free = [each for each in open_columns if not view.repeated or table == "endpoints" or each.constant >= CONSTANT]
    by_death = timed_death(view, free) if table == "patients" else ()
    used = {name for pair in by_death for name in (pair.time, pair.event, pair.censored_at)}
    rest = [each for each in free if each.name not in used]
    found = by_death + (_stacked(rest) if table == "endpoints" else pairs(rest))
    if not found and view.repeated and table == "patients":  # follow-up that is written anew at every visit
        found = pairs(open_columns)
    found = as_said(found, said, open_columns)
    for pair in found:
        if pair in by_death:
            taken |= {name: each for name, each in proposed(view, pair).items() if name not in said}
        else:
            _enter(view, table, pair, taken, said)
    return found


def _enter(view: SheetView, table: str, pair: Pair, taken: Proposals, said: dict[str, str]) -> None:
    unit, sure, why = time_unit(view.column(pair.time))
    if table == "endpoints" and not sure and any(each.key == "cnsr" for each in view.columns):
        unit, sure, why = "days", True, "an analysis value in days, as ADaM has it"
    open_things: tuple[tuple[Subject, bool], ...] = (
        ("endpoint", not pair.endpoint), ("unit", not sure), ("event_values", not pair.event), ("rows", table == "labs"),
    )  # fmt: skip
    asks = tuple(subject for subject, is_open in open_things if is_open)
    why = "you said so" if pair.time in said else why
    taken[pair.time] = Proposal(TIME, why, "open" if asks else "certain", asks, pair.endpoint, unit)
    if pair.event:
        beside = "you said so" if pair.event in said else f'stands beside the time "{pair.time}"'
        of_event: tuple[Subject, ...] = ("event_values",) if pair.endpoint else ("endpoint", "event_values")
        taken[pair.event] = Proposal(EVENT_ROLE, beside, "likely", of_event, pair.endpoint)


def _stacked(free: Sequence[ColumnView]) -> tuple[Pair, ...]:
    time = next((each for each in free if each.key in ("aval", "time", "value")), None)
    event = next((each for each in free if each.key in ("cnsr", "status", "event")), None)
    if time and event:
        return (Pair("stacked", time.name, event.name),)
    return tuple(replace(each, endpoint="stacked") for each in pairs(free)[:1])


def _deaths(view: SheetView, taken: Proposals) -> tuple[Pair, ...]:
    event = deaths_column(view)
    time = next((each for each in view.columns if each.name not in taken and each.profile.numbers > CONSTANT), None)
    if event is None or time is None:
        return ()
    unit, sure, why = time_unit(time)
    taken[time.name] = Proposal("endpoints.time", why, "open", ("rows",) if sure else ("unit", "rows"), "os", unit)
    taken[event.name] = Proposal(
        "endpoints.event", "words for how patients left, death among them", "likely", ("event_values", "rows"), "os"
    )
    return (Pair("os", time.name, event.name),)


def _rest(view: SheetView, table: str, taken: Proposals) -> dict[str, tuple[str, ...]]:
    """Columns of the patient; each column of the schema is filled once, and the columns that could all fill it are returned."""
    free = [each for each in view.columns if each.name not in taken]
    found = {each.name: patient_role(each) for each in free}
    filled = {is_of_schema(each.role) for each in taken.values()}
    ranked = by_role(free, found)
    main = {name: several[0] for name, several in ranked.items() if name not in filled}
    rivals = {
        f"patients.{name}": tuple(each.name for each in others)
        for name, several in ranked.items()
        if name in ASKED
        and name in main
        and table == "patients"
        and len(others := different_columns(view, name, several)) > 1
    }
    for each in free:
        proposal, name = found[each.name], is_of_schema(found[each.name].role)
        if table not in ("patients", "deaths") and (each.constant < CONSTANT or not (view.repeated or name)):
            proposal = Proposal("extra", "changes from row to row, and the table does not need it", "likely")
        elif name and main.get(name) is not each:
            proposal = Proposal(
                "extra" if proposal.role.endswith("_date") else "patients.covariate",
                f"another column is taken as {name}",
                "likely",
            )
        elif proposal.role in ("responses.day", "responses.change") and table != "patients":
            proposal = Proposal("extra", "the table does not need it", "likely")
        elif proposal.role in rivals:
            proposal = replace(proposal, certainty="likely", asks=("role",))
        taken[each.name] = proposal
    return rivals
