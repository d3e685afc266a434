"""A sheet -> how its adverse events, responses, labs, kinetics, therapies and infusions are read, wide series among
them; and columns of which each is a measurement of its own.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.schema import THERAPY_KINDS
from lib.intake.cells.units import unit_in
from lib.intake.infer.column import responding
from lib.intake.infer.endpoint_pair import time_unit
from lib.intake.infer.event_codes import mrd_codes
from lib.intake.infer.named_rows import logged, long_names, shown_test, with_limits
from lib.intake.infer.patient_reading import epoch_units, rows_without, unit_of, which_of
from lib.intake.infer.question import COLUMNS, EXTRA_ROLE, Asking, Place
from lib.intake.infer.series import Series, unit_of_values
from lib.intake.infer.sheet_guess import MEASURED, SheetGuess
from lib.intake.infer.study_days import counts_from_one, days_of_visits, says_more, steps_in
from lib.intake.infer.synonyms import SHEET_NAMES
from lib.intake.mapping import Reading, Wide
from lib.intake.sheets.role import TABLE_NAMED

NAMELESS: Final = "The headings are days alone, and neither a title nor the name of the sheet says what was measured."
KINETIC: Final = (("yes", "Yes, read them as kinetics"), ("no", "No, something else: leave them out"))
SHEET_OF: Final = dict(SHEET_NAMES)
BEST: Final = re.compile(r"best|beste|mejor|meilleur|miglior|(^|_)bor(_|$)|最佳|最良")
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
OF_A_ROW: Final = ("patient_id", "infusion", "day", "date", "visit")


def event_readings(guess: SheetGuess, all_read: Sequence[SheetGuess], asking: Asking) -> list[Reading]:
    """Every reading of the sheet but those of Patients and of Endpoints."""
    series = [reading for each in guess.series for reading in _series(guess, each, asking)]
    readings = [*_infusions(guess), *(each.reading for each in guess.sets), *series]
    if guess.table in ("patients", "deaths"):
        return readings + _treatment(guess, asking)
    is_read = guess.table in ("endpoints", "", *(each.table for each in guess.series))
    if is_read or (guess.table == "adverse_events" and not guess.named("adverse_events.term")):
        return readings
    return readings + _long(guess, all_read, asking)


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
        wide = tuple(
            replace(each, constants={"visit" if name == "day" else name: said for name, said in each.constants.items()})
            for each in wide
        )
    if table == "kinetics" and not _is_kinetics(guess, series, asking):
        return []
    constants = {"unit": series.unit} if series.unit and table in ("labs", "kinetics") else {}
    codes = _not_detected(guess, table, [each.column for each in wide], asking)
    found = Reading(table, guess.patient | dict(series.by), constants, wide=wide, codes=codes)
    return [found] if counted != "none" else []


def _is_kinetics(guess: SheetGuess, series: Series, asking: Asking) -> bool:
    """Whether numbers that stand under days alone are copies or cells, as their owner says."""
    first, where = series.wide[0].column, guess.view
    if series.stem or series.unit or series.by:
        return True
    words = (f'Does "{first}" and its neighbours measure CAR T cells or their transgene?', NAMELESS)
    is_said = SHEET_OF["kinetics"].fullmatch(where.key) is not None
    place: Place = ("role", where.name, [each.column for each in series.wide])
    return asking.ask(place, words, KINETIC, "yes", f"measured:{where.name}:{first}", not is_said, not is_said) == "yes"


def _counted(guess: SheetGuess, series: Series, asking: Asking) -> str:
    """What the numbers in the headings of a series count, where no heading says a unit of time."""
    first = series.wide[0].column
    words = (f'What do the numbers of "{first}" and its neighbours count?', "The headers give no unit of time.")
    visits, none = ("visits", "Visits or samples: their days are not known"), ("none", "Something else: leave them out")
    choices = (("days", "Days since the infusion"), visits if series.table == "labs" else none)
    return asking.ask(("unit", guess.view.name, [first]), words, choices, "days", blocks=True)


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


def _long(guess: SheetGuess, all_read: Sequence[SheetGuess], asking: Asking) -> list[Reading]:
    """A row of the table for each row of the sheet, or for each cell of the columns named like laboratory tests."""
    values = columns_measured(guess)
    columns = _columns_of(guess, values)
    if guess.table == "responses" and "response" in columns:
        columns["response"] = which_of(guess, "the response", [columns["response"], *_other_responses(guess)], asking)
        if not columns["response"]:
            return []
    columns |= with_limits(guess.view, columns)
    no_zero = counts_from_one(guess, columns, all_read, asking)
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
    codes |= _steps(guess, columns)
    codes |= mrd_codes(guess, columns.get("mrd", "") if guess.table == "responses" else "", asking)
    keep = _rows(guess, asking)
    reading = Reading(guess.table, columns, constants, codes, units, wide, keep, no_day_zero=no_zero)
    return [reading, *_measured_beside(guess, reading, asking)]


def _steps(guess: SheetGuess, columns: dict[str, str]) -> dict[str, dict[str, str | None]]:
    """What a response had become at its visit (SD→PR), or has its time beside it: the last one counts."""
    words = guess.view.block.words(columns["response"]) if guess.table == "responses" else ()
    steps = {word: steps_in(word) for word in words if word}
    meant: dict[str, str | None] = {word: each[-1][0] if says_more(each) else word for word, each in steps.items()}
    return {"response": meant} if any(map(says_more, steps.values())) else {}


def _measured_beside(guess: SheetGuess, reading: Reading, asking: Asking) -> list[Reading]:
    """The laboratory tests that were measured in the same rows as copies or cells, and the other way round."""
    other = next((each for each in MEASURED if guess.table in MEASURED and each != guess.table), "")
    beside = replace(guess, table=other)
    names = guess.all_named(f"{other}.value") if other else ()
    if not names:
        return []
    columns = {each: name for each, name in reading.columns.items() if each in OF_A_ROW}
    codes = {each: said for each, said in reading.codes.items() if each in OF_A_ROW}
    wide = tuple(one_wide(beside, name, asking) for name in names)
    return [replace(reading, table=other, columns=columns, constants={}, codes=codes, wide=wide)]


def _columns_of(guess: SheetGuess, values: Sequence[str]) -> dict[str, str]:
    """The column of the sheet for each column of its table, without those whose every cell becomes a row."""
    columns = dict(guess.patient)
    for name, proposal in guess.proposals.items():
        of, _, column = proposal.role.partition(".")
        if of == guess.table and TABLE_NAMED[of].column(column) and name not in values:
            columns.setdefault(column, name)
    return columns


def _other_responses(guess: SheetGuess) -> list[str]:
    """Further columns of responses of a visit: of another assessor, or by other criteria."""
    said = (each for each in responding(guess.view.columns) if not BEST.search(each.key))
    return [each.name for each in said if guess.proposals[each.name].role in ("patients.covariate", EXTRA_ROLE)]


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
    label = columns.get("infusion", "") or guess.named("infusions.label")
    if not label or guess.view.column(label).profile.numbers >= MOSTLY:
        return {}
    columns["infusion"] = label
    codes: dict[str, dict[str, str | None]] = {"infusion": {}}
    for word in guess.view.block.words(label):
        again = re.search("re-?inf", word, re.I) is not None
        found = next((place for place, each in enumerate(ORDINALS, 1) if re.search(each, word, re.I)), again)
        if found:
            codes["infusion"][word] = str(found + again)
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


KINETIC_UNITS: Final = tuple(
    (unit, unit) for unit in ("copies/µg DNA", "copies/mL", "cells/µL", "%", "mg/L", "µg/mL", "ng/mL")
)
BRACKETED: Final = re.compile(r"\s*[(\[].*?[)\]]")


def columns_measured(guess: SheetGuess) -> tuple[str, ...]:
    """The columns of which each is a measurement of its own; () where one column holds all values."""
    if guess.table == "labs" and not guess.named("labs.test"):
        return guess.all_named("labs.value")
    several = guess.all_named("kinetics.value") if guess.table == "kinetics" else ()
    return several if len(several) > 1 else ()


def one_wide(guess: SheetGuess, name: str, asking: Asking) -> Wide:
    """A measurement with its test or assay, and its unit."""
    if guess.table == "labs":
        return Wide(name, {"test": shown_test(name), **_bracket(guess, name)})
    return Wide(name, {"assay": BRACKETED.sub("", name).strip() or name, **kinetic_unit(guess, name, asking)})


def kinetic_unit(guess: SheetGuess, name: str, asking: Asking) -> dict[str, str]:
    """The unit that the heading says, else its owner."""
    words = (f'In which unit is "{name}"?', "The file does not say.")
    column = guess.view.column(name)
    said = unit_of_values(column)
    unit = logged(column, said or asking.ask(("unit", guess.view.name, [name]), words, KINETIC_UNITS))
    return {"unit": unit} if unit else {}


def _bracket(guess: SheetGuess, name: str) -> dict[str, str]:
    brackets = guess.view.column(name).heading.brackets
    return {"unit": brackets[0]} if brackets else {}
