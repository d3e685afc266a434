"""What a reading is asked, and its answer on the way between the limited process and ours: JSON and Arrow, checked when
it arrives.

The process that reads may have been taken over by the file: so its answer is data of known types, never a pickle.
"""

import dataclasses
import datetime as dt
import gc
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final, get_type_hints

import pandas as pd
import pyarrow as pa
from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from lib.cohort.analysis import with_study_codes
from lib.cohort.model import Cohort
from lib.intake.files.grid import Grid, SourceFile
from lib.intake.files.limits import Unsafe
from lib.intake.infer.edited import edited
from lib.intake.infer.edits import IGNORED, laid_out
from lib.intake.infer.guess import suggest
from lib.intake.infer.question import PRIVATE_ROLE, Suggestion
from lib.intake.infer.reopened import (
    for_saving,
    joined,
    reopened,
    with_answered_words,
    with_new_columns,
    with_new_words,
)
from lib.intake.mapping import Mapping as SheetsMapping
from lib.intake.preview import Preview, preview_of
from lib.intake.read import cohort_of
from lib.intake.sheets.block import Block, blocks_of

FRAMES: Final = ("patients", "tables")  # the fields of a Cohort that travel as Arrow
GRID_FIELDS: Final = ("name", "first_row", "first_column", "visible")  # beside the rows, of a sheet as it stands
PREVIEW: Final[Any] = Preview | None
DAMAGED_ANSWER: Final = "This file cannot be read: what was read of it does not hold together."


@dataclass(frozen=True)
class Request:
    """What is to be done with an upload. `files` is None where the process has parsed it before.

    `what` is "draft" (the suggestion under these answers, and what would be opened), "cohort" (what `saved`, or without
    it the suggestion, makes of it), "reopen" (the answers that make `saved` again), "preview" (the first rows of
    `sheet`, without its columns `hidden`) or "grids" (the sheets as they stand). `known` has the columns of each sheet
    of which saved answers speak.
    """

    what: str
    name: str
    fingerprint: str
    files: tuple[SourceFile, ...] | None
    answers: Mapping[str, str] = field(default_factory=dict)
    saved: SheetsMapping | None = None
    study_codes: bool = False
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheet: str = ""
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A file as it is understood now: the suggestion, the mapping that is applied, with the answers by which it
    reopens, and the cohort that would be opened, or the sentence why there is none. `problems` are changes made by hand
    that cannot be combined.
    """

    suggestion: Suggestion
    opened: Cohort | str
    mapping: SheetsMapping
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reopened:
    """The answers that make a saved mapping again, None where it can only be applied as it stands; and the columns it
    speaks of."""

    answers: Mapping[str, str] | None
    known: Mapping[str, tuple[str, ...]]


def reading(grids: Sequence[Grid], request: Request, report_step: Callable[[str], None] = lambda _: None) -> Reading:
    """What these sheets mean under the answers of the request; `report_step` gets the name of each step that begins."""
    report_step("finding the tables")
    blocks, unmet = laid_out(grids, request.saved, request.answers)
    report_step("finding out what the columns mean")
    suggestion, mapping, problems = _understood(blocks, request)
    problems = (*unmet, *problems)
    report_step("reading the values")
    try:
        cohort = cohort_of(grids, request.name, request.fingerprint, mapping, report_step)
    except Unsafe as refusal:
        return Reading(suggestion, str(refusal), mapping, problems)
    return Reading(suggestion, with_study_codes(cohort) if request.study_codes else cohort, mapping, problems)


def _understood(blocks: Sequence[Block], request: Request) -> tuple[Suggestion, SheetsMapping, tuple[str, ...]]:
    answers = request.answers
    if request.saved:
        suggestion = with_new_words(suggest(blocks), request.saved, blocks, answers)
        return suggestion, *edited(with_answered_words(request.saved, blocks, answers), blocks, answers)
    suggestion = with_new_columns(suggest(blocks, answers), request.known, answers)
    return suggestion, *edited(for_saving(suggestion, blocks, answers), blocks, answers)


def _previewed(grids: Sequence[Grid], request: Request) -> Preview | None:
    start = f"role:{request.sheet}:"
    private = (PRIVATE_ROLE, IGNORED)
    shown = {
        name[len(start) :] for name, role in request.answers.items() if name.startswith(start) and role not in private
    }
    blocks, _ = laid_out(grids, request.saved, request.answers)
    return preview_of(grids, blocks, request.sheet, (request.hidden, shown))


def _reopened(grids: Sequence[Grid], saved: SheetsMapping) -> Reopened:
    found_anew = laid_out(grids, None, saved.answers)[0] if joined(saved.sheets) else ()
    blocks = found_anew or blocks_of(grids, saved)
    lone = len(saved.sheets) == len(blocks) == 1
    known = {blocks[0].grid.name if lone else sheet.name: sheet.headings for sheet in saved.sheets}
    return Reopened(reopened(saved, blocks), known)


def answer_bytes(grids: Sequence[Grid], request: Request, report_step: Callable[[str], None]) -> bytes:
    """The answer to a request, as it leaves the limited process. Raises Unsafe."""
    with pd.option_context("mode.copy_on_write", True):  # a table of which one column changes shares the others
        return _answer(grids, request, report_step)


def _answer(grids: Sequence[Grid], request: Request, report_step: Callable[[str], None]) -> bytes:
    if request.what == "grids":
        return json.dumps([_plain_grid(grid) for grid in grids]).encode()
    if request.what == "cohort":
        report_step("reading the values")
        return _packed(
            Reading(EMPTY, cohort_of(grids, request.name, request.fingerprint, request.saved), SheetsMapping())
        )
    if request.what == "reopen" and request.saved:
        return bytes(_adapter(Reopened).dump_json(_reopened(grids, request.saved)))
    if request.what == "preview":
        return bytes(_adapter(PREVIEW).dump_json(_previewed(grids, request)))
    return _packed(reading(grids, request, report_step))


def read_answer(content: bytes) -> Reading:
    """The answer as it arrives. Raises Unsafe where it is not what an answer is."""
    try:
        head, *frames = _unframed(content)
        parts = json.loads(bytes(head))
        suggestion = _adapter(Suggestion).validate_json(json.dumps(parts["suggestion"]))
        mapping = _adapter(SheetsMapping).validate_json(json.dumps(parts["mapping"]))
        problems = tuple(map(str, parts["problems"]))
        opened = (
            _cohort(parts["cohort"], parts["tables"], frames) if parts["cohort"] is not None else str(parts["refusal"])
        )
        return Reading(suggestion, opened, mapping, problems)
    except (ValidationError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise Unsafe(DAMAGED_ANSWER) from error


def cohort_in(content: bytes) -> Cohort:
    """The cohort of an answer of this program itself, without what else the answer says."""
    head, *frames = _unframed(content)
    parts = json.loads(bytes(head))
    return _cohort(parts["cohort"], parts["tables"], frames)


def read_as(kind: Any, content: bytes) -> Any:
    """An answer of this kind (Reopened, PREVIEW) as it arrives. Raises Unsafe."""
    try:
        return _adapter(kind).validate_json(content)
    except ValidationError as error:
        raise Unsafe(DAMAGED_ANSWER) from error


def read_grids_answer(content: bytes) -> tuple[Grid, ...]:
    """The sheets as they arrive."""
    return tuple(
        Grid(rows=tuple(tuple(map(_cell, row)) for row in each["rows"]), **{name: each[name] for name in GRID_FIELDS})
        for each in json.loads(content)
    )


EMPTY: Final = Suggestion(SheetsMapping(), (), ())


def _packed(read: Reading) -> bytes:
    head: dict[str, Any] = {"cohort": None, "refusal": "", "tables": [], "problems": list(read.problems)}
    head["suggestion"] = _adapter(Suggestion).dump_python(read.suggestion, mode="json")
    head["mapping"] = _adapter(SheetsMapping).dump_python(read.mapping, mode="json")
    opened = read.opened
    frames: list[pd.DataFrame] = []
    if isinstance(opened, str):
        head["refusal"] = opened
    else:
        fields = {name: getattr(opened, name) for name in _head_fields()}
        head["cohort"] = _adapter(_head_type()).dump_python(_head_type()(**fields), mode="json")
        head["tables"] = list(opened.tables)
        frames = [opened.patients, *opened.tables.values()]
    return _framed([json.dumps(head).encode(), *map(_frame_bytes, frames)])


def _cohort(head: object, tables: list[str], frames: list[memoryview]) -> Cohort:
    patients, *others = map(_frame, frames)
    fields = vars(_adapter(_head_type()).validate_python(head))
    return Cohort(patients=patients, tables=dict(zip(tables, others, strict=True)), **fields)


@cache
def _head_fields() -> dict[str, Any]:
    hints = get_type_hints(Cohort)
    return {each.name: hints[each.name] for each in dataclasses.fields(Cohort) if each.init and each.name not in FRAMES}


@cache
def _head_type() -> type:
    """A Cohort without its frames."""
    return with_config(ConfigDict(ser_json_inf_nan="constants"))(
        dataclasses.make_dataclass("CohortHead", list(_head_fields().items()), frozen=True)
    )


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def prepare() -> None:
    """Make ready what every answer needs, so that the first one does not wait for it."""
    for kind in (Suggestion, SheetsMapping, _head_type()):
        _adapter(kind)
    gc.freeze()  # what is loaded by now stays: no collection has to look through it again


def _frame_bytes(frame: pd.DataFrame) -> memoryview:
    return _packed_frame(frame) if len(frame) else _without_rows(tuple(frame.dtypes.items()))


@lru_cache(maxsize=64)
def _without_rows(columns: tuple[tuple[str, Any], ...]) -> memoryview:
    """A table of these columns and types, which most workbooks have several of."""
    return _packed_frame(pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns}))


def _packed_frame(frame: pd.DataFrame) -> memoryview:
    table = pa.Table.from_pandas(frame, preserve_index=False, nthreads=1)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return memoryview(sink.getvalue())


def _frame(content: memoryview) -> pd.DataFrame:
    with pa.ipc.open_stream(content) as reader:
        table = reader.read_all()
    table.validate(full=True)
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _framed(parts: Sequence[bytes | memoryview]) -> bytes:
    return b"".join(each for part in parts for each in (len(part).to_bytes(8, "big"), part))


def _unframed(answer: bytes) -> list[memoryview]:
    content = memoryview(answer)
    parts = []
    while content:
        end = 8 + int.from_bytes(content[:8], "big")
        parts.append(content[8:end])
        content = content[end:]
    return parts


def _plain_grid(grid: Grid) -> dict[str, Any]:
    rows = [
        [{"date": cell.isoformat()} if isinstance(cell, dt.datetime) else cell for cell in row] for row in grid.rows
    ]
    return {"rows": rows} | {name: getattr(grid, name) for name in GRID_FIELDS}


def _cell(cell: Any) -> Any:
    return dt.datetime.fromisoformat(cell["date"]) if isinstance(cell, dict) else cell
