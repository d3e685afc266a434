"""The share of columns whose role is guessed right without help, file by file, against tests/public_data/roles.json
(never edited)."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from lib.intake.files.formats import read_grids
from lib.intake.files.grid import Grid
from lib.intake.infer.guess import suggest
from lib.intake.infer.question import EVENT, Guess, Question, Suggestion, coded, decoded
from lib.intake.sheets.block import blocks_of
from lib.intake.transport import Reading, Request, reading

PUBLIC = Path(__file__).parents[1] / "public_data"
KEY = json.loads((PUBLIC / "roles.json").read_text(encoding="utf-8"))["files"]
DATES = ("infusion_date", "progression_date", "death_date", "last_contact_date")
OURS = {  # the key's names -> ours
    "patients.age": ("patients.age_years",),
    "patients.birth_date": ("private",),
    "patients.cytogenetics": ("patients.cytogenetics", "patients.high_risk_cytogenetics"),
    "endpoints.date": ("endpoints.end_date", *(f"patients.{name}" for name in DATES[1:])),
    "endpoints.reason": ("endpoints.censoring_reason",),
    "responses.start": ("responses.start_day", "responses.day"),
    "responses.end": ("responses.stop_day",),
    "adverse_events.body_system": ("adverse_events.system_organ_class",),
    "adverse_events.relation": ("adverse_events.related",),
    "adverse_events.onset_day": ("adverse_events.start_day",),
    "adverse_events.onset_date": ("adverse_events.start_date",),
    "adverse_events.end_day": ("adverse_events.stop_day",),
    "adverse_events.end_date": ("adverse_events.stop_date",),
    "therapies.name": ("therapies.therapy",),
    "therapies.end": ("therapies.stop_day", "therapies.stop_date"),
    "labs.low": ("labs.lower_limit",),
    "labs.high": ("labs.upper_limit",),
    "labs.baseline_flag": ("labs.baseline",),
}
FINER = (
    "age_group",
    "race",
    "diagnosis",
    "stage",
    "cytogenetics",
    "performance_status",
    "prior_lines",
    "site",
    "prior_asct",
    "emd",
    "disease_status",
)


def ours(role: str) -> tuple[str, ...]:
    """Our names of this role of the key; a finer name of a covariate is right where the key says covariate."""
    finer = tuple(f"patients.{name}" for name in FINER) if role == "patients.covariate" else ()
    return (*OURS.get(role, (role,)), *finer)


@cache
def suggestion(file: str) -> Suggestion:
    return suggest(blocks_of(read_grids((PUBLIC / file).read_bytes(), file)), {})


def found(file: str, sheet: str, column: dict) -> Guess | None:
    guesses = [each for each in suggestion(file).guesses if each.sheet == sheet]
    if "position" in column:
        block = next(b for b in blocks_of(read_grids((PUBLIC / file).read_bytes(), file)) if b.grid.name == sheet)
        name = block.headings[column["position"] - 1]
        assert block.path(name)[-1] == column["column"]
        return next((each for each in guesses if each.column == name), None)
    return next((each for each in guesses if each.column == column["column"]), None)


def is_right(file: str, sheet: str, column: dict) -> bool:
    """Whether the guess, or one of a column that carries the same, says what the key says; or asks what may be
    asked."""
    beside = [column] + [{"column": name} for name in column.get("or", ())]
    guesses = [guess for each in beside if (guess := found(file, sheet, each))]
    accepted = {name for role in (column["role"], *column.get("accept", ())) for name in ours(role)}
    right = [guess for guess in guesses if guess.role in accepted]
    if column.get("may_ask") and any(set(guess.asks) & set(column["ask"]) for guess in guesses):
        return bool(right) or "role" in column["ask"]
    if not right:
        return bool(column.get("optional")) and all(guess.role in ("extra", "patients.covariate") for guess in guesses)
    return all(_values_right(file, sheet, column, guess) for guess in right[:1])


def _values_right(file: str, sheet: str, column: dict, guess: Guess) -> bool:
    """The endpoint, the unit and the values of the event, where the key gives them and the guess claims them."""
    said = guess.endpoint.casefold()
    names = {column.get("endpoint", said), *(column.get("endpoint_accept", ()) if "endpoint" in column else ())}
    if guess.role in ("endpoints.time", "endpoints.event") and said not in names:
        return False
    if guess.role == "endpoints.time" and column.get("unit", guess.unit) != guess.unit:
        return False
    if guess.role != "endpoints.event" or "event_values" not in column or column.get("optional"):
        return True
    asked = [each for each in suggestion(file).questions if each.kind == "codes" and each.sheet == sheet]
    question = next(each for each in asked if guess.column in each.columns)
    return [value for value, meaning in decoded(question.chosen).items() if meaning == EVENT] == column["event_values"]


def scores() -> dict[str, tuple[int, int, list[str]]]:
    """By file: right, all, and what was wrong."""
    right: dict[str, int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    wrong: dict[str, list[str]] = defaultdict(list)
    for entry in KEY:
        for column in entry["columns"]:
            file, sheet = entry["file"], entry["sheet"] or Path(entry["file"]).stem
            total[file] += 1
            if is_right(file, sheet, column):
                right[file] += 1
            else:
                guess = found(file, sheet, column)
                wrong[file].append(
                    f"{sheet}/{column['column']}: {column['role']}, guessed"
                    f" {guess and (guess.role, guess.endpoint, guess.unit)}"
                )
    return {file: (right[file], n, wrong[file]) for file, n in total.items()}


def test_the_share_of_columns_guessed_right(capsys):
    reported = scores()
    with capsys.disabled():
        print()
        for file, (right, n, wrong) in reported.items():
            print(f"{file:50} {right:3} of {n:3} = {right / n:6.1%}", *(f"\n    {line}" for line in wrong))
        right, n = sum(each[0] for each in reported.values()), sum(each[1] for each in reported.values())
        print(f"{'all':50} {right:3} of {n:3} = {right / n:6.1%}")
    assert right / n >= 0.95
    assert all(each[0] / each[1] >= 0.8 for each in reported.values())


@pytest.mark.parametrize(
    "entry", [each for each in KEY if each["columns"]], ids=lambda each: f"{each['file']}-{each['sheet']}"
)
def test_the_table_of_each_sheet_is_found(entry):
    sheet = entry["sheet"] or Path(entry["file"]).stem
    mapped = next(each for each in suggestion(entry["file"]).mapping.sheets if each.sheet == sheet)
    tables = {reading.table for reading in mapped.readings}
    expected = {entry["table"], *entry.get("accept_tables", ())}
    assert tables & expected or (entry["table"] == "endpoints" and "patients" in tables)


def test_hidden_sheets_are_not_taken():
    for entry in KEY:
        if entry["table"] == "ignore" and entry["sheet"]:
            assert entry["sheet"] not in {each.sheet for each in suggestion(entry["file"]).mapping.sheets}
            assert any(each.id == f"sheet:{entry['sheet']}" for each in suggestion(entry["file"]).questions)


@cache
def sheets_of(file: str) -> tuple[Grid, ...]:
    return read_grids((PUBLIC / file).read_bytes(), file)


def read_with(file: str, answers: dict[str, str]) -> Reading:
    return reading(sheets_of(file), Request("draft", file, "", None, answers=answers))


def proposals(questions: Sequence[Question]) -> dict[str, str]:
    """What is taken of each question; of those without a proposal the first choice, so that they do not hide what
    another changes."""
    return {each.id: each.chosen or _first(each) for each in questions}


def _first(question: Question) -> str:
    if question.kind == "choice":
        return question.choices[0].key
    return coded({each.value: question.choices[place % 2].key for place, each in enumerate(question.values)})


def others(question: Question) -> Iterator[str]:
    """Every other answer; of codes the event and the censored exchanged."""
    if question.kind == "codes":
        exchanged = {"event": "censored", "censored": "event"}
        yield coded(
            {value: exchanged.get(said, said) for value, said in decoded(question.chosen or _first(question)).items()}
        )
    else:
        yield from (choice.key for choice in question.choices if choice.key != (question.chosen or _first(question)))


def numbers(read: Reading) -> str:
    """All that stands on the pages: patients, tables, columns and what they are compared by; and what is asked then."""
    opened = read.opened
    if isinstance(opened, str):
        return opened
    frames = [opened.patients, *opened.tables.values()]
    return repr(
        ([each.id for each in read.suggestion.questions], opened.variables, opened.study, opened.n_opened)
    ) + "".join(frame.to_csv(index=False) for frame in frames)


def matters(file: str, question: Question, taken: dict[str, str]) -> bool:
    """Whether any other answer changes anything that is opened."""
    before = numbers(read_with(file, taken))
    return any(numbers(read_with(file, {**taken, question.id: answer})) != before for answer in others(question))


def wrongly_sure(file: str) -> list[str]:
    """The columns that are called sure, and are something else."""
    found_wrong = []
    for entry in (each for each in KEY if each["file"] == file):
        sheet = entry["sheet"] or Path(file).stem
        for column in entry["columns"]:
            guess = found(file, sheet, column)
            if guess and guess.certainty == "certain" and not is_right(file, sheet, column):
                found_wrong.append(f"{sheet}/{column['column']}")
    return found_wrong


SMALL = 50_000  # bytes: larger files are looked at with `make layouts`


@pytest.mark.parametrize(
    "file",
    sorted(
        file
        for file in {entry["file"] for entry in KEY if entry["columns"]}
        if os.environ.get("LAYOUTS") == "all" or (PUBLIC / file).stat().st_size < SMALL
    ),
)
def test_every_question_matters_and_what_is_sure_is_right(file, capsys):
    asked = [each for each in suggestion(file).questions if each.is_open]
    taken = proposals(suggestion(file).questions)
    idle = {each.id for each in asked if not matters(file, each, taken)}
    with capsys.disabled():
        sure = wrongly_sure(file)
        print(f"\n{file:50} asked {len(asked)}, needed {len(asked) - len(idle)}, wrongly sure {len(sure)}", end="")
    assert not idle and not sure
