"""A saved mapping and next month's file -> the answers that make it again, and questions about what is new since it was
saved.

A mapping that the program saved holds its answers. For one of version 1, or written by hand, answers are sought that
give the same mapping; where there are none, it is applied as it stands and cannot be edited by questions.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import replace
from typing import Final

from lib.intake.cells.coding import text
from lib.intake.cells.meanings import folded
from lib.intake.infer.edited import edited
from lib.intake.infer.edits import IGNORED, NO_VALUE, is_change
from lib.intake.infer.guess import suggest
from lib.intake.infer.question import EXTRA_ROLE, PRIVATE_ROLE, Choice, Guess, Question, Suggestion, coded, decoded
from lib.intake.mapping import Mapping, Reading, SheetMapping
from lib.intake.sheets.block import Block
from lib.intake.sheets.role import normalised

Answers = dict[str, str]
MEANINGS: Final = {"1": "event", "0": "censored"}  # as codes of a mapping say what an event column means
MOST_TRIED: Final = 200  # answers
MOST_CELLS: Final = 50_000  # of a file in which answers are sought
NEW_COLUMN: Final = '"{}" is new since these answers were saved. Shall it be read as {}?'
WHY_NEW: Final = "The saved answers do not speak of it."


def for_saving(suggestion: Suggestion, blocks: Sequence[Block], answers: Map[str, str]) -> Mapping:
    """The mapping with all that is needed to open it again: every answer that counts, and the columns that each sheet
    has."""
    given = {question.id: question.chosen for question in suggestion.questions if question.chosen}
    changes = {name: said for name, said in answers.items() if is_change(name)}
    headings = {block.layout.name or block.grid.name: tuple(filter(None, block.headings)) for block in blocks}
    sheets = tuple(replace(sheet, headings=headings.get(sheet.name, ())) for sheet in suggestion.mapping.sheets)
    return replace(suggestion.mapping, sheets=sheets, answers=given | changes)


def reopened(saved: Mapping, blocks: Sequence[Block]) -> Answers | None:
    """The answers with which these blocks give the saved mapping again; None where none do, or where words stand in the
    file that its codes do not list: then it is applied as it stands, and only these words are asked about."""
    cells = sum(len(block.rows) * len(block.headings) for block in blocks)
    answers: Answers | None = dict(saved.answers)
    if joined(saved.sheets) != joined([block.layout for block in blocks]):
        return None  # which sheets belong together is kept as it was saved: a new one is reported, not taken along
    if not answers:
        answers = _sought(saved, blocks) if cells <= MOST_CELLS else None
    new_words = any(
        _new_words(block, heading, codes, saved, sheet.name)
        for sheet, block, _, heading, codes in _coded_columns(saved, blocks)
    )
    if answers is None or new_words:
        return None
    made, _ = edited(suggest(blocks, answers).mapping, blocks, answers)
    return None if _missed(saved, made) else answers


def joined(sheets: Iterable[SheetMapping]) -> set[tuple[str, tuple[str, ...], str]]:
    """Which of these are several sheets read as one, or a part of a sheet."""
    return {(sheet.name, sheet.appended, sheet.part) for sheet in sheets if sheet.appended or sheet.part}


def with_new_columns(
    suggestion: Suggestion, known: Map[str, tuple[str, ...]], answers: Map[str, str], role: str = ""
) -> Suggestion:
    """The suggestion with a question about every column that its sheet did not have when the answers were saved; `role`
    is what a mapping that is applied as it stands makes of it."""
    new = [each for each in suggestion.guesses if known.get(each.sheet) and each.column not in known[each.sheet]]
    asked = tuple(_of_column(each, role or each.role, answers) for each in new if each.role != PRIVATE_ROLE)
    return replace(suggestion, questions=suggestion.questions + asked)


def _of_column(guess: Guess, role: str, answers: Map[str, str]) -> Question:
    name = f"role:{guess.sheet}:{guess.column}"
    shown = "a further column" if role in (EXTRA_ROLE, "patients.covariate") else role
    choices = (Choice(role, f"Yes, as {shown}"), Choice(IGNORED, "Leave it out"))
    sentence = NEW_COLUMN.format(guess.column, shown)
    return Question(
        name, "role", guess.sheet, (guess.column,), sentence, WHY_NEW, choices, answers.get(name, role), name in answers
    )


def with_new_words(
    suggestion: Suggestion, saved: Mapping, blocks: Sequence[Block], answers: Map[str, str]
) -> Suggestion:
    """The suggestion with the questions that a mapping applied as it stands leaves: what words mean that its codes do
    not list."""
    asked = tuple(
        _of_word(block, heading, word, codes, answers)
        for sheet, block, _, heading, codes in _coded_columns(saved, blocks)
        for word in sorted(_new_words(block, heading, codes, saved, sheet.name))
    )
    made = replace(suggestion, questions=tuple({question.id: question for question in asked}.values()))
    return with_new_columns(made, {sheet.name: sheet.headings for sheet in saved.sheets}, answers, EXTRA_ROLE)


def with_answered_words(saved: Mapping, blocks: Sequence[Block], answers: Map[str, str]) -> Mapping:
    """The saved mapping with what was answered about new words among its codes, without new columns that are to be left
    out."""
    more: dict[int, dict[str, str | None]] = {}
    for _, block, _, heading, codes in _coded_columns(saved, blocks):
        start = f"code:{block.grid.name}:{heading}:"
        given = {name.removeprefix(start): answer for name, answer in answers.items() if name.startswith(start)}
        more[id(codes)] = {word: None if answer == NO_VALUE else answer for word, answer in given.items()}

    def with_more(reading: Reading) -> Reading:
        return replace(reading, codes={name: {**of, **more.get(id(of), {})} for name, of in reading.codes.items()})

    sheets = (_without_ignored(sheet, answers) for sheet in saved.sheets)
    return replace(saved, sheets=tuple(replace(each, readings=tuple(map(with_more, each.readings))) for each in sheets))


def _without_ignored(sheet: SheetMapping, answers: Map[str, str]) -> SheetMapping:
    start = f"role:{sheet.name}:"
    ignored = [name.removeprefix(start) for name, role in answers.items() if name.startswith(start) and role == IGNORED]
    return replace(sheet, set_aside=tuple(dict.fromkeys((*sheet.set_aside, *ignored))))


def _of_word(block: Block, heading: str, word: str, codes: Map[str, str | None], answers: Map[str, str]) -> Question:
    name = f"code:{block.grid.name}:{heading}:{word}"
    by_meaning = {meaning: written for written, meaning in list(codes.items())[::-1] if meaning}
    same = tuple(Choice(meaning, f'The same as "{written}"') for meaning, written in by_meaning.items())
    n = sum(folded(text(cell)) == word for cell in block.cells(heading))
    sentence = (
        f'What does "{word}" in "{heading}" mean ({n} {"cell" if n == 1 else "cells"})? The saved answers do not'
        " list it."
    )
    choices = (*same, Choice(NO_VALUE, "No value"))
    return Question(
        name,
        "event_values",
        block.grid.name,
        (heading,),
        sentence,
        WHY_NEW,
        choices,
        answers.get(name, ""),
        name in answers,
    )


def _coded_columns(
    saved: Mapping, blocks: Sequence[Block]
) -> Iterator[tuple[SheetMapping, Block, Reading, str, Map[str, str | None]]]:
    """Each column whose words the mapping translates: sheet, block, reading, heading, codes."""
    for sheet in saved.sheets:
        block = _block_of(sheet, blocks, len(saved.sheets))
        for reading in sheet.readings if block else ():
            for name, codes in reading.codes.items():
                heading = reading.columns.get(name, name)
                if block and heading in block.headings and any(meaning is not None for meaning in codes.values()):
                    yield sheet, block, reading, heading, codes


def _block_of(sheet: SheetMapping, blocks: Sequence[Block], n_saved: int) -> Block | None:
    """The block that this sheet is; a lone one whatever its name."""
    if len(blocks) == n_saved == 1:
        return blocks[0]
    by_name = {name: block for block in blocks for name in (normalised(block.grid.name), block.layout.name)}
    return by_name.get(sheet.name) or by_name.get(normalised(sheet.name))


def _sought(saved: Mapping, blocks: Sequence[Block]) -> Answers | None:
    """Answers found one after another, each the one that brings the mapping nearest to the saved one."""
    answers: Answers = {}
    suggestion, tried = suggest(blocks), 1
    while question := next((each for each in suggestion.questions if each.id not in answers), None):
        if question.kind == "codes":
            answers[question.id] = _codes_said(saved, question)
            suggestion, tried = suggest(blocks, answers), tried + 1
            continue
        outcomes = []
        for choice in question.choices:
            made = suggest(blocks, {**answers, question.id: choice.key})
            outcomes.append((_missed(saved, made.mapping), choice.key != question.chosen, choice.key))
            tried += 1
        if tried > MOST_TRIED or not outcomes:
            return None
        answers[question.id] = min(outcomes)[2]
        suggestion = suggest(blocks, answers)
    return answers or None if _missed(saved, suggestion.mapping) else answers


def _codes_said(saved: Mapping, question: Question) -> str:
    """What the saved mapping says of each value of an event column; of values that it does not list, what is taken
    now."""
    said: dict[str, str] = decoded(question.chosen)
    for reading in (reading for sheet in saved.sheets for reading in sheet.readings):
        if reading.columns.get("event") in question.columns:
            codes = {folded(word): meaning for word, meaning in reading.codes.get("event", {}).items()}
            said |= {
                each.value: MEANINGS.get(codes[folded(each.value)] or "", "unknown")
                for each in question.values
                if folded(each.value) in codes
            }
    return coded(said)


def _missed(saved: Mapping, made: Mapping) -> int:
    """How much of the saved mapping the other does not say."""
    by_name = {name: sheet for sheet in made.sheets for name in (normalised(sheet.name), sheet.name)}
    lone = len(saved.sheets) == len(made.sheets) == 1
    missed = sum(
        getattr(saved, name) not in (getattr(made, name), "", None)
        for name in ("date_order", "true_dates", "decimal_sign", "high_risk")
    )
    missed += sum(not _within(getattr(saved, name), getattr(made, name)) for name in ("study", "known_at", "exclude"))
    for sheet in saved.sheets:
        other = (
            made.sheets[0] if lone else by_name.get(sheet.name) or by_name.get(normalised(sheet.name), SheetMapping(""))
        )
        missed += sum(not any(_same(reading, each) for each in other.readings) for reading in sheet.readings)
    return missed


def _same(saved: Reading, made: Reading) -> bool:
    """Whether a reading says all that the saved one says; it may say more of new columns and words."""
    equal = ("table", "constants", "one_row", "no_day_zero")
    return (
        all(getattr(saved, name) == getattr(made, name) for name in equal)
        and _within(saved.columns, made.columns)
        and _within(saved.units, made.units)
        and set(saved.keep) == set(made.keep)
        and all(wide in made.wide for wide in saved.wide)
        and all(_within(codes, made.codes.get(name, {})) for name, codes in saved.codes.items())
        and (saved.extras is None or set(saved.extras) <= set(made.extras or ()))
    )


def _within(small: Map[str, object], large: Map[str, object]) -> bool:
    return all(large.get(key) == value for key, value in small.items())


def _new_words(block: Block, heading: str, codes: Map[str, str | None], saved: Mapping, sheet: str) -> set[str]:
    known = {*map(folded, codes), *map(folded, saved.missing.get(f"{sheet}.{heading}", ()))}
    return set(map(folded, block.counts(heading))) - known
