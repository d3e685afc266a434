"""A sheet -> how its adverse events, responses, labs, kinetics, therapies and infusions are read, wide series among
them.

A column of a patient sheet that holds a worst grade ("CRS grade", "ICANS max"): read as adverse events of that name,
too.
"""

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.schema import THERAPY_KINDS
from lib.intake.cells.coding import YES_WORDS, as_number
from lib.intake.cells.meanings import says_no_event
from lib.intake.cells.units import unit_in
from lib.intake.infer.endpoint_pair import time_unit
from lib.intake.infer.endpoint_reading import unit_of
from lib.intake.infer.event_codes import mrd_codes
from lib.intake.infer.measurements import columns_measured, days_of_visits, kinetic_unit, one_wide
from lib.intake.infer.named_rows import long_names
from lib.intake.infer.patient_reading import epoch_units, rows_without
from lib.intake.infer.question import COLUMNS, Asking
from lib.intake.infer.series import Series
from lib.intake.infer.sheet_guess import SheetGuess
from lib.intake.infer.sheet_type import GRADE, HALF, graded_terms, ungraded_terms
from lib.intake.mapping import Reading, RowChoice
from lib.intake.sheets.role import TABLE_NAMED, keyed

DERIVED: Final = re.compile(
    r"post[- ]?baseline (maximum|minimum|last|average)|derived|\b(maximum|minimum) (post|on)", re.I
)
BY_VISIT: Final = re.compile(r"ovr", re.I)
BY_VISIT_NAMED: Final = re.compile(r"overall response by|response by visit", re.I)
MIXED: Final = ("nd", "n.d.", "n.d")
ORDINALS: Final = (
    r"first|erste|premi|primer|\b1(st)?\b|首次|第一",
    r"second|zweite|deuxi|segund|\b2(nd)?\b|第二",
    r"third|dritte|troisi|tercer|\b3(rd)?\b|第三",
)
KINDS: Final = (  # the part that a sheet's name gives its treatments
    ("maintenance", r"maint|erhaltung|entretien|mantenimiento|维持"),
    ("bridging", r"bridg|überbrück"),
    ("lymphodepletion", r"lympho|清淋"),
    ("prior line", r"prior|previous|vortherap|anteri|既往"),
    ("subsequent", r"subseq|next|later|folgetherap|后续"),
    ("transplant", r"transpl|asct|sct"),
)
MOSTLY: Final = 0.6
WHEN: Final = tuple(
    (part, re.compile(rf"({words})(_(day|date|d|dt|days|tag|datum))?"))
    for part, words in (
        (
            "start",
            "onset|start|begin|beginn|inicio|inizio|debut|day|date|tag|datum|jour|dia|giorno|dag|fecha|data|aanvang|first|start_day",
        ),
        ("stop", "end|stop|ende|resolution|resolved|fin|fine|einde|last"),
    )
)


def event_readings(guess: SheetGuess, asking: Asking) -> list[Reading]:
    """Every reading of the sheet but those of Patients and of Endpoints."""
    series = [reading for each in guess.series for reading in _series(guess, each, asking)]
    readings = [*_infusions(guess), *(each.reading for each in guess.sets), *series]
    if guess.table in ("patients", "deaths"):
        return readings + _treatment(guess, asking)
    is_read = guess.table in ("endpoints", "", *(each.table for each in guess.series))
    if is_read or (guess.table == "adverse_events" and not guess.named("adverse_events.term")):
        return readings
    return readings + _long(guess, asking)


def _infusions(guess: SheetGuess) -> tuple[Reading, ...]:
    """Later infusions, with the first one before them where its date is known."""
    first = guess.named("patients.infusion_date")
    if not guess.infusions or not first:
        return guess.infusions
    return (Reading("infusions", guess.patient | {"date": first}, {"infusion": "1"}), *guess.infusions)


def _series(guess: SheetGuess, series: Series, asking: Asking) -> list[Reading]:
    table, wide = series.table, series.wide
    counted = "days" if series.marked else _counted(guess, series, asking)
    if counted == "visits":
        wide = tuple(replace(each, constants=_at_visit(each.constants)) for each in wide)
    constants = {"unit": series.unit} if series.unit and table in ("labs", "kinetics") else {}
    codes = _not_detected(guess, table, [each.column for each in wide], asking)
    return (
        [Reading(table, guess.patient | dict(series.by), constants, wide=wide, codes=codes)]
        if counted != "none"
        else []
    )


def _counted(guess: SheetGuess, series: Series, asking: Asking) -> str:
    """What the numbers in the headings of a series count, where no heading says a unit of time."""
    first = series.wide[0].column
    words = (f'What do the numbers of "{first}" and its neighbours count?', "The headers give no unit of time.")
    other = (
        ("visits", "Visits or samples: their days are not known")
        if series.table == "labs"
        else ("none", "Something else: leave them out")
    )
    return asking.ask(
        ("unit", guess.view.name, [first]), words, (("days", "Days since the infusion"), other), "days", blocks=True
    )


def _at_visit(constants: Map[str, str]) -> dict[str, str]:
    """The same measurement at a visit of this number."""
    return {"visit" if name == "day" else name: value for name, value in constants.items()}


def _not_detected(guess: SheetGuess, table: str, names: list[str], asking: Asking) -> dict[str, dict[str, str | None]]:
    found = [name for name in names if any(word.casefold() in MIXED for word in guess.view.column(name).profile.words)]
    if not found or table not in ("labs", "kinetics"):
        return {}
    words = [word for word in guess.view.column(found[0]).profile.words if word.casefold() in MIXED]
    choices = (("not detected", "Not detected: below the limit"), ("not done", "Not done: no value"))
    answer = asking.ask(
        ("blank", guess.view.name, [found[0]]),
        (f'What does "{words[0]}" in {COLUMNS} mean?', "It is used for not detected and for not done."),
        choices,
    )
    return {"value": {words[0]: "not detected" if answer == "not detected" else None}} if answer else {}


def _long(guess: SheetGuess, asking: Asking) -> list[Reading]:
    """A row of the table for each row of the sheet, or for each cell of the columns named like laboratory tests."""
    values = columns_measured(guess)
    columns = _columns_of(guess, values)
    days = days_of_visits(guess, columns)
    units = _units(guess, columns, asking)
    if guess.table == "labs" and columns.get("unit") and guess.view.column(columns["unit"]).key == "param":
        columns["test"] = columns.pop("unit")  # the unit stands in the brackets of the test's name
    for day, date in (("day", "date"), ("start_day", "start_date"), ("stop_day", "stop_date")):
        if day in columns:
            columns.pop(date, None)
    constants = _constants(guess, columns, asking)
    numbers = _numbers(guess, columns)
    wide = tuple(one_wide(guess, name, asking) for name in values)
    measured = [columns["value"]] if "value" in columns else list(values)
    codes = numbers | days | _not_detected(guess, guess.table, measured, asking)
    codes |= mrd_codes(guess, columns.get("mrd", "") if guess.table == "responses" else "", asking)
    keep = _rows(guess, asking)
    return [
        Reading(guess.table, columns, constants, codes, units, wide, keep, no_day_zero=_without_zero(guess, columns))
    ]


def _columns_of(guess: SheetGuess, values: Sequence[str]) -> dict[str, str]:
    """The column of the sheet for each column of its table, without those whose every cell becomes a row."""
    columns = dict(guess.patient)
    for name, proposal in guess.proposals.items():
        of, _, column = proposal.role.partition(".")
        if of == guess.table and TABLE_NAMED[of].column(column) and name not in values:
            columns.setdefault(column, name)
    return columns


def _units(guess: SheetGuess, columns: dict[str, str], asking: Asking) -> dict[str, str]:
    """The unit of each day, asked once for all that look alike where the headers do not say it; of dates that are
    numbers, from when they are counted."""
    named = {
        column: name
        for column, name in columns.items()
        if column.endswith("day") and name != guess.named(f"{guess.table}.visit")
    }
    days = {column: unit_of(guess, name, asking) for column, name in named.items()}
    return epoch_units(guess, columns, asking) | days


def _numbers(guess: SheetGuess, columns: dict[str, str]) -> dict[str, dict[str, str | None]]:
    """Which infusion "First reinfusion" is: the second."""
    label = guess.named("infusions.label")
    if guess.table != "infusions" or "infusion" in columns or not label:
        return {}
    columns["infusion"] = label
    codes: dict[str, dict[str, str | None]] = {"infusion": {}}
    for word in guess.view.block.words(label):
        found = next((place for place, each in enumerate(ORDINALS, 1) if re.search(each, word, re.I)), None)
        if found is not None:
            codes["infusion"][word] = str(found + ("reinf" in word.casefold() or "re-inf" in word.casefold()))
    return codes


def _constants(guess: SheetGuess, columns: dict[str, str], asking: Asking) -> dict[str, str]:
    constants: dict[str, str] = {}
    if guess.table == "therapies" and "kind" not in columns:
        constants["kind"] = _part_played(guess, asking)
    if guess.table == "labs" and "unit" not in columns and "value" in columns:
        cells = guess.view.block.cells(columns["value"])
        if unit := unit_in(cells):
            constants["unit"] = unit
        elif guess.view.column(columns["value"]).profile.with_units >= MOSTLY:
            columns["unit"] = columns["value"]  # each number has its own behind it
    if guess.table == "kinetics" and "unit" not in columns and "value" in columns:
        constants |= kinetic_unit(guess, columns["value"], asking)
    return constants


def _part_played(guess: SheetGuess, asking: Asking) -> str:
    """Which kind of therapy a sheet holds that does not say it."""
    proposed = next((kind for kind, words in KINDS if re.search(words, guess.view.key)), "other")
    columns = [guess.named("therapies.therapy") or guess.view.columns[0].name]
    words = (
        "What part do these treatments play?",
        "Maintenance and later treatments decide about time zero and time to next treatment.",
    )
    choices = [(kind, kind.capitalize()) for kind in THERAPY_KINDS]
    return asking.ask(("levels", guess.view.name, columns), words, choices, proposed, f"kind:{guess.view.name}")


def _treatment(guess: SheetGuess, asking: Asking) -> list[Reading]:
    """A sheet of patients that says how long each was treated is also read as one course of treatment each."""
    end = guess.named("therapies.stop_day")
    if not end:
        return []
    proposal = guess.proposals[end]
    if not proposal.unit:
        unit, certain, _ = time_unit(guess.view.column(end))
        proposal = replace(proposal, unit=unit, asks=() if certain else ("unit",))
    unit = unit_of(replace(guess, proposals={**guess.proposals, end: proposal}), end, asking)
    columns = guess.patient | {"stop_day": end}
    for column, name in (("therapy", guess.named("patients.arm")), ("ongoing", guess.named("therapies.ongoing"))):
        columns |= {column: name} if name else {}
    return [Reading("therapies", columns, {"kind": "other", "start_day": "0"}, units={"stop_day": unit})]


def _rows(guess: SheetGuess, asking: Asking) -> dict[str, tuple[str, ...]]:
    """The rows that count: not derived visits, not events before treatment, one parameter of the responses."""
    if guess.table == "labs" and (visit := guess.named("labs.visit")):
        derived = [word for word in guess.view.block.words(visit) if DERIVED.search(word)]
        return _without(guess, visit, derived, "They repeat values of other visits.", asking)
    if guess.table == "adverse_events" and (flag := guess.named("adverse_events.treatment_emergent")):
        before = [word for word in guess.view.block.words(flag) if word.casefold() not in ("y", "yes", "1")]
        return _without(guess, flag, before, "They did not begin under treatment.", asking)
    if guess.table == "responses" and (parameter := guess.named("responses.parameter")):
        return _parameter(guess, parameter, asking)
    return {}


def _without(guess: SheetGuess, name: str, away: Sequence[str], why: str, asking: Asking) -> dict[str, tuple[str, ...]]:
    if not away or len(away) == len(guess.view.block.words(name)):
        return {}
    shown = ", ".join(f'"{word}"' if word else "an empty cell" for word in away[:4])
    sentence = f'Shall the rows with {shown} in "{name}" be left out?'
    return rows_without(guess, name, away, (sentence, why), asking)


def _parameter(guess: SheetGuess, name: str, asking: Asking) -> dict[str, tuple[str, ...]]:
    words = guess.view.block.words(name)
    if len(words) < 2:
        return {}
    long = long_names(guess.view, name) or {word: word for word in words}
    by_visit = next((word for word in words if BY_VISIT.search(word) or BY_VISIT_NAMED.match(long.get(word, ""))), "")
    choices = tuple((word, f"{word}: {long.get(word, '')}") for word in words)
    sentence = f'Which rows of "{name}" are the responses?'
    answer = asking.ask(
        ("rows", guess.view.name, [name]), (sentence, "Several assessments stand in one sheet."), choices, by_visit
    )
    return {name: (answer,)} if answer else {}


def _without_zero(guess: SheetGuess, columns: dict[str, str]) -> bool:
    """ADaM counts the day of the infusion as 1 and the day before as -1: the column has both signs and never a 0, or is
    of SDTM."""
    days = [columns[column] for column in ("day", "start_day") if column in columns]
    names = [name for name in days if guess.view.column(name).key.endswith("dy")]
    if not names:
        return False
    numbers = map(as_number, guess.view.block.cells(names[0]))
    counted = {number for number in numbers if number is not None}
    of_sdtm = any(each.key == "domain" for each in guess.view.columns)
    return 0 not in counted and (of_sdtm or (1 in counted and min(counted) < 0))


def worst_grade_readings(guess: SheetGuess, asking: Asking) -> list[Reading]:
    """One reading a column that holds the grades of one toxicity: of the patient, or with a day where patients have
    several rows.

    0 means looked for and absent, an empty cell is no event, even beside a day.
    """
    if guess.named("adverse_events.term") or guess.table in ("", "deaths"):
        return []
    found = []
    for name, term in graded_terms(guess.view.columns).items():
        columns = guess.patient | {"grade": name}
        units = {}
        row: RowChoice = ""
        if guess.view.repeated:
            times = _times_of(guess)
            columns |= times
            units = {"start_day": unit_of(guess, times["start_day"], asking)} if "start_day" in times else {}
            row = "" if times else "worst"
        else:
            times = _own_times(guess, term)
            columns |= times
            units = {
                role: guess.view.column(each).heading.unit or "days"
                for role, each in times.items()
                if role.endswith("day")
            }
        codes = _grades(guess, name, asking)
        found.append(Reading("adverse_events", columns, {"term": term}, codes, units, one_row=row, extras=()))
    return found + _without_a_grade(guess, asking)


def _without_a_grade(guess: SheetGuess, asking: Asking) -> list[Reading]:
    """Toxicities of which only yes or no is said: events whose grade is not known, where their owner wants them."""
    terms = {} if guess.view.repeated else ungraded_terms(guess.view.columns)
    words = (
        f"Shall yes in {COLUMNS} be read as an adverse event whose grade is not known?",
        "It says whether the toxicity occurred, and no column says its grade.",
    )
    choices = (("event", "Yes: an adverse event without a grade"), ("keep", "No: it stays a column of the patients"))
    found = []
    for name, term in terms.items():
        if asking.ask(("levels", guess.view.name, [name]), words, choices, "keep") == "event":
            yes = tuple(word for word in guess.view.block.words(name) if word.casefold() in YES_WORDS)
            columns = guess.patient | _own_times(guess, term)
            found.append(Reading("adverse_events", columns, {"term": term}, keep={name: yes}, extras=()))
    return found


def _own_times(guess: SheetGuess, term: str) -> dict[str, str]:
    """The columns that say when this toxicity of a patient began and ended ("CRS onset (d)", "CRS end"), where they are
    no others."""
    found: dict[str, str] = {}
    for column in guess.view.columns:
        part = "" if column.private else _part_of(keyed(term), column.key)
        part = part or ("start" if column.key == keyed(term) and column.heading.unit == "days" else "")
        kind = "date" if column.profile.dates >= MOSTLY else "day" if column.profile.numbers >= MOSTLY else ""
        if part and kind and not {f"{part}_day", f"{part}_date"} & set(found):
            found[f"{part}_{kind}"] = column.name
    return found


def _part_of(term: str, key: str) -> str:
    """Whether this heading says when the toxicity began or ended: "start", "stop" or ""."""
    match = re.fullmatch(
        rf"(day_of_)?{term}_(?P<when>.+)|(?P<first>onset|start|day|date|beginn|tag|datum|debut|jour|inicio|dia|fecha|inizio|giorno|data|aanvang|dag)_(of_|du_|de_|del_|di_|der_|des_)*{term}",
        key,
    )
    when = match["when"] or match["first"] if match else ""
    return next((part for part, pattern in WHEN if pattern.fullmatch(when)), "")


def _times_of(guess: SheetGuess) -> dict[str, str]:
    """The day or the date of each row, whatever table it was found for."""
    for column, roles in (("start_day", ("start_day", "day")), ("start_date", ("start_date", "date"))):
        for role in roles:
            if name := guess.named(f"{guess.table}.{role}"):
                return {column: name}
    return {}


def _grades(guess: SheetGuess, name: str, asking: Asking) -> dict[str, dict[str, str | None]]:
    """Words for no event as grade 0, and half grades as its owner reads them; until then they are no grade."""
    words = [word for word in guess.view.block.words(name) if word]
    codes: dict[str, str | None] = {word: "0" for word in words if says_no_event(word) and not GRADE.fullmatch(word)}
    halves = {word: found[1] for word in words if (found := HALF.fullmatch(word))}
    if halves:
        sentence = f"What does {' or '.join(halves)} in {COLUMNS} mean?"
        choices = (("lower", "The lower grade"), ("higher", "The higher grade"), ("none", "No grade: leave it out"))
        said = asking.ask(("levels", guess.view.name, [name]), (sentence, "Grades are whole numbers."), choices)
        step = {"lower": 0, "higher": 1}.get(said)
        codes |= {word: None if step is None else str(int(lower) + step) for word, lower in halves.items()}
    return {"grade": codes} if codes else {}
