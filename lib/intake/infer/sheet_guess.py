"""Everything that is believed of one sheet: its table, a proposal for every column, its endpoints and its wide
series."""

import re
from collections.abc import Collection, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from typing import Final

from lib.intake import vocabulary
from lib.intake.infer.column import ColumnView, SheetView, by_patient, parsed
from lib.intake.infer.column_sets import SetOfColumns, sets_of_columns
from lib.intake.infer.deaths import dated_death, proposed, timed_death
from lib.intake.infer.endpoint_pair import Pair, as_said, pairs, stacked, time_unit
from lib.intake.infer.event_column import event_roles, infusion_reading, later_infusions
from lib.intake.infer.patient_column import by_role, different_columns, is_of_schema, patient_role
from lib.intake.infer.question import PRIVATE_ROLE, Certainty, Proposal, Proposals, Subject
from lib.intake.infer.series import Series, all_series, further_kinetics, unit_of_values
from lib.intake.infer.sheet_type import analytes, deaths_column, graded_terms, table_kind
from lib.intake.infer.synonyms import PATIENT_ID
from lib.intake.mapping import TABLE_NAMES, Reading
from lib.intake.sheets.role import keyed

CONSTANT: Final = 0.9
NAMES_ENDPOINT: Final = re.compile(r"param(_?cd)?|endpoint(_name)?|endpunkt")
SAID: Final = "you said so"
OF_LAYOUT: Final = "no column of the sheet; what it says is asked"
NO_ROLES: Final[dict[str, str]] = {}
TIME: Final = "endpoints.time"
EVENT_ROLE: Final = "endpoints.event"
ASKED: Final = vocabulary(  # of two columns that could be one of these, its owner says which it is
    "age_years prior_lines prior_asct emd high_risk_cytogenetics infusion_date death_date last_contact_date "
    "progression_date"
)


MEASURED: Final = ("labs", "kinetics")


@dataclass(frozen=True)
class SheetGuess:
    """`table` is "" for a sheet that is not read. `rivals` are the columns that could all be one thing of the patient,
    by its role; the first of them has it until its owner says otherwise."""

    view: SheetView
    table: str
    proposals: Proposals
    pairs: tuple[Pair, ...] = ()
    series: tuple[Series, ...] = ()
    sets: tuple[SetOfColumns, ...] = ()
    infusions: tuple[Reading, ...] = ()  # later ones, whose columns stand beside the first one's
    rivals: Map[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def patient(self) -> dict[str, str]:
        """The column of the patients as a reading has it; {} where each row is one."""
        return by_patient(self.view)

    def named(self, role: str) -> str:
        """The first column with this role, or ""."""
        return next((name for name, each in self.proposals.items() if each.role == role), "")

    def all_named(self, role: str) -> tuple[str, ...]:
        """The columns proposed for this role."""
        return tuple(name for name, each in self.proposals.items() if each.role == role)


def sheet_guess(
    view: SheetView, forced: dict[str, str], said: str = "", of_layout: dict[str, str] = NO_ROLES
) -> SheetGuess:
    """What this sheet is and what its columns are. `forced` are roles that the reader gave, `said` is the table that it
    is said to be, `of_layout` are roles of columns that stand for titles, names of sheets or colours.

    What is surest enters its columns in `taken` first; the others see only what is left."""
    numbered = sets_of_columns(view)
    table = said if said in TABLE_NAMES else _table(view, numbered)
    taken: Proposals = {name: Proposal(role, OF_LAYOUT, "likely") for name, role in of_layout.items()}
    taken |= {name: Proposal(role, SAID, "certain") for name, role in forced.items() if name in view.block.headings}
    if not table:
        return SheetGuess(view, "", {each.name: taken.get(each.name, _unread(each.private)) for each in view.columns})
    _enter_patient(view, taken)
    infusions = _later_infusions(view, table, taken)
    sets = _enter_sets(numbered, taken)
    series = _enter_series(view, taken)
    if table not in ("patients", "deaths", "endpoints"):
        taken |= event_roles(view, table, taken)
    found = _endpoint_pairs(view, table, taken, forced)
    _enter_measured(view, table, taken)
    rivals = _rest(view, table, taken)
    if table == "patients" and "os" not in [each.endpoint for each in found]:
        found += _enter_dated_death(view, taken, forced)
    proposals = {each.name: _not_too_sure(each, taken[each.name], forced) for each in view.columns}
    return SheetGuess(view, table, proposals, found, series, sets, infusions, rivals)


def _table(view: SheetView, numbered: Sequence[SetOfColumns]) -> str:
    return "patients" if numbered and view.patient and not view.repeated else table_kind(view)


def _enter_patient(view: SheetView, taken: Proposals) -> None:
    """The patients' column, and those that are private."""
    if view.patient and view.patient not in taken:
        named = f"named like a patient's code, {'several rows' if view.repeated else 'one row'} a patient"
        sure = PATIENT_ID.fullmatch(view.column(view.patient).key)
        taken[view.patient] = Proposal("patients.patient_id", named, "certain" if sure else "likely")
    private = Proposal(PRIVATE_ROLE, "looks like a name, record number, address or date of birth", "certain")
    for each in view.columns:
        if each.private:
            taken.setdefault(each.name, private)


def _enter_sets(numbered: Sequence[SetOfColumns], taken: Proposals) -> tuple[SetOfColumns, ...]:
    sets = tuple(each for each in numbered if not any(heading in taken for heading, _ in each.roles))
    for heading, role in (pair for each in sets for pair in each.roles):
        taken[heading] = Proposal(role, "one of several numbered sets of a time and what was found then", "likely")
    return sets


def _enter_series(view: SheetView, taken: Proposals) -> tuple[Series, ...]:
    series = tuple(
        each for each in all_series(view, tuple(taken)) if not any(wide.column in taken for wide in each.wide)
    )
    for one in series:
        role = f"{one.table}.{'response' if one.table == 'responses' else 'value'}"
        for wide in one.wide:
            said = f"one of {len(one.wide)} columns of a series, day {wide.constants.get('day', 'not known')}"
            taken[wide.column] = Proposal(role, said, "likely")
        for filled, heading in one.by:
            taken[heading] = Proposal(f"{one.table}.{filled}", "says of each row what was measured", "likely")
    return series


def _enter_measured(view: SheetView, table: str, taken: Proposals) -> None:
    """Columns named like laboratory tests in a sheet of these, and grades of toxicities in sheets of several rows a
    patient."""
    roles = [each.role for each in taken.values()]
    if table in MEASURED and "labs.value" not in roles:
        for analyte in analytes(view):
            why = "named like a laboratory test, and changes from visit to visit"
            taken.setdefault(analyte.name, Proposal("labs.value", why, "likely", ("unit",)))
    if table == "kinetics" or (table == "labs" and "labs.test" not in roles):
        _enter_kinetics(view, taken)
    if view.repeated and table != "patients":
        for name, term in graded_terms(view.columns).items():
            taken.setdefault(name, Proposal("adverse_events.grade", f"grades of {term}", "likely"))


def _enter_kinetics(view: SheetView, taken: Proposals) -> None:
    for each in further_kinetics(view.columns):
        asks: tuple[Subject, ...] = () if unit_of_values(each) else ("unit",)
        why = "copies or transgenic cells, which change from visit to visit"
        taken.setdefault(each.name, Proposal("kinetics.value", why, "open" if asks else "likely", asks))


def _enter_dated_death(view: SheetView, taken: Proposals, forced: dict[str, str]) -> tuple[Pair, ...]:
    dated = dated_death(view, taken)
    for pair in dated:
        _enter_death(view, pair, taken, forced)
    return dated


def _not_too_sure(column: ColumnView, proposal: Proposal, forced: dict[str, str]) -> Proposal:
    """What a heading with a misspelt word is taken for is likely, never certain."""
    if not column.heading.meant or column.name in forced:
        return proposal
    sure: Certainty = "likely" if proposal.certainty == "certain" else proposal.certainty
    return replace(proposal, certainty=sure, reason=f'read as "{column.heading.meant}": {proposal.reason}')


def _later_infusions(view: SheetView, table: str, taken: Proposals) -> tuple[Reading, ...]:
    """Readings of infusions after the first; their columns are entered in `taken`, so that none is taken for the first
    one's."""
    found = later_infusions(view) if table == "patients" and not view.repeated else {}
    readings = []
    for number, columns in found.items():
        reading = infusion_reading(view, number, [each for each in columns if each.name not in taken])
        readings.append(reading)
        roles = {heading: f"infusions.{role}" for role, heading in reading.columns.items() if role != "patient_id"}
        for each in columns:
            role = roles.get(each.name, "patients.covariate")
            taken.setdefault(each.name, Proposal(role, f"speaks of infusion {number}", "likely"))
    return tuple(readings)


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
    columns = _open(view, taken, said)
    by_death, others = _found_pairs(view, table, columns)
    found = as_said(by_death + others, said, columns)
    for pair in by_death:
        if pair in found:
            _enter_death(view, pair, taken, said)
    for pair in found:
        if pair not in by_death:
            _enter(view, table, pair, taken, said)
    return found


def _open(view: SheetView, taken: Proposals, said: Collection[str]) -> list[ColumnView]:
    return [each for each in view.columns if each.name not in taken or each.name in said]


def _enter_death(view: SheetView, pair: Pair, taken: Proposals, said: Collection[str]) -> None:
    taken |= {name: each for name, each in proposed(view, pair).items() if name not in said}


def _found_pairs(
    view: SheetView, table: str, columns: Sequence[ColumnView]
) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """A time to death with that of the others, and the pairs of a time and an event."""
    free = [each for each in columns if not view.repeated or table == "endpoints" or each.constant >= CONSTANT]
    if table == "endpoints":
        return (), stacked(free)
    if table != "patients":
        return (), pairs(free)
    by_death = timed_death(view, free)
    found = pairs(_without(free, by_death))
    if not found and not by_death and view.repeated:  # follow-up that is written anew at every visit
        found = pairs(columns)
    return by_death, found


def _enter(view: SheetView, table: str, pair: Pair, taken: Proposals, said: dict[str, str]) -> None:
    unit, sure, why = time_unit(view.column(pair.time))
    if table == "endpoints":
        unit, sure, why = _unit_of_parameters(view, view.column(pair.time)) or (unit, sure, why)
    open_things: tuple[tuple[Subject, bool], ...] = (
        ("endpoint", not pair.endpoint),
        ("unit", not sure),
        ("event_values", not pair.event),
        ("rows", table == "labs"),
    )
    asks = tuple(subject for subject, is_open in open_things if is_open)
    why = "you said so" if pair.time in said else why
    taken[pair.time] = Proposal(TIME, why, "open" if asks else "certain", asks, pair.endpoint, unit)
    if pair.event:
        beside = "you said so" if pair.event in said else f'stands beside the time "{pair.time}"'
        of_event: tuple[Subject, ...] = ("event_values",) if pair.endpoint else ("endpoint", "event_values")
        taken[pair.event] = Proposal(EVENT_ROLE, beside, "likely", of_event, pair.endpoint)


def _unit_of_parameters(view: SheetView, time: ColumnView) -> tuple[str, bool, str] | None:
    """The unit that the names of the endpoints say, row by row; of ADaM without one, whole numbers are days."""
    said = set(units_said(view).values())
    if said:
        return said.pop(), True, "the names of the endpoints say the unit"
    is_adam = any(each.key == "cnsr" for each in view.columns)
    if is_adam and not time.heading.unit and time.profile.whole == 1:
        return "days", True, "an analysis value in days, as ADaM has it"
    return None


def units_said(view: SheetView) -> dict[str, str]:
    """Of the names of endpoints that stand row by row those that say a unit of time: Overall Survival (months)."""
    words = (word for each in view.columns if NAMES_ENDPOINT.fullmatch(each.key) for word in each.profile.words)
    return {word: unit for word in words if (unit := parsed(word).unit)}


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


def _named_or_labelled(column: ColumnView) -> Proposal:
    """The role by the name of the column, else by its label."""
    by_name = patient_role(column)
    if by_name.role not in ("patients.covariate", "extra") or not column.label:
        return by_name
    by_label = patient_role(replace(column, heading=replace(column.heading, key=keyed(column.label))))
    return replace(by_label, reason=f"labelled {column.label}") if by_label.role != "extra" else by_name


def _without(columns: Sequence[ColumnView], found: Sequence[Pair]) -> list[ColumnView]:
    used = {name for pair in found for name in (pair.time, pair.event, pair.censored_at)}
    return [each for each in columns if each.name not in used]


def _rest(view: SheetView, table: str, taken: Proposals) -> dict[str, tuple[str, ...]]:
    """Columns of the patient; each column of the schema is filled once, and the columns that could all fill it are
    returned."""
    free = [each for each in view.columns if each.name not in taken]
    found = {each.name: _named_or_labelled(each) for each in free}
    filled = {is_of_schema(each.role) for each in taken.values()}
    ranked = {name: several for name, several in by_role(free, found).items() if name not in filled}
    rivals = _rivals(view, ranked) if table == "patients" else {}
    for each in free:
        proposal = _settled(view, table, each, found[each.name], ranked)
        asked = proposal.role in rivals
        taken[each.name] = replace(proposal, certainty="likely", asks=("role",)) if asked else proposal
    return rivals


def _rivals(view: SheetView, ranked: Map[str, Sequence[ColumnView]]) -> dict[str, tuple[str, ...]]:
    asked = {name: different_columns(view, name, several) for name, several in ranked.items() if name in ASKED}
    return {f"patients.{name}": tuple(each.name for each in one) for name, one in asked.items() if len(one) > 1}


def _settled(
    view: SheetView, table: str, column: ColumnView, proposal: Proposal, ranked: Map[str, Sequence[ColumnView]]
) -> Proposal:
    """The proposal, where the table has use for it and no better column is there."""
    name = is_of_schema(proposal.role)
    if table not in ("patients", "deaths") and (column.constant < CONSTANT or not (view.repeated or name)):
        return Proposal("extra", "changes from row to row, and the table does not need it", "likely")
    if name and (name not in ranked or ranked[name][0] is not column):
        other = "extra" if proposal.role.endswith("_date") else "patients.covariate"
        return Proposal(other, f"another column is taken as {name}", "likely")
    if proposal.role in ("responses.day", "responses.change") and table != "patients":
        return Proposal("extra", "the table does not need it", "likely")
    return proposal
