"""Whatever the program calls its own columns, a reader may call hers: every such name in every sheet, and every exhibit
is as without."""

import ast
from functools import cache
from pathlib import Path

import pytest
from every_exhibit import exhibits
from workbooks import EVENTS, KINETICS

import lib
from lib.cohort.model import Cohort
from lib.cohort.schema import TABLES
from lib.cohort.view import first_view
from lib.intake.files.grid import Grid
from lib.intake.read import cohort_of
from lib.publication.exhibit import Exhibit, Figure, standalone

OF_COLUMNS = (
    "baseline",
    "survival.os.adjusted",
    "survival.os.forest",
    "kinetics.expansion",
)  # these look at the further columns
LIB = Path(lib.__path__[0])
PATIENTS = [f"P{number}" for number in range(1, 9)]
OF_PANDAS = ("self", "Self", "index", "columns", "other", "level_0", "name", "size", "values", "T", "x", "n")
LABS = ["patient_id", "day", "test", "value", "unit", "lower_limit", "upper_limit"]
SHEETS: dict[str, list[list[object]]] = {
    "Patients": [
        ["patient_id", "arm", "emd", "age_years"],
        *([name, "AB"[place % 2], "yes" if place % 3 else "no", 50 + place] for place, name in enumerate(PATIENTS)),
    ],
    "Infusions": [["patient_id", "infusion", "day"], *([name, 1, 0] for name in PATIENTS)],
    "Endpoints": [
        ["patient_id", "endpoint", "time", "unit", "event"],
        *([name, "os", 5 + 3 * place, "months", place % 2] for place, name in enumerate(PATIENTS)),
    ],
    "Adverse events": [
        EVENTS,
        *([name, "CRS", 1 + place % 4, 1 + place, 6 + place] for place, name in enumerate(PATIENTS[:6])),
    ],
    "Responses": [
        ["patient_id", "day", "response"],
        *([name, day, "CR" if place % 2 else "PR"] for place, name in enumerate(PATIENTS) for day in (28, 56)),
    ],
    "Kinetics": [
        KINETICS,
        *([name, day, 100 * day + place, "copies", 50] for place, name in enumerate(PATIENTS) for day in (3, 7, 28)),
    ],
    "Therapies": [
        ["patient_id", "kind", "therapy", "start_day", "stop_day"],
        *([name, "bridging", "dexamethasone", -20, -8] for name in PATIENTS[:3]),
    ],
    "Labs": [
        LABS,
        *(
            [name, day, test, value + place + day, unit, low, high]
            for place, name in enumerate(PATIENTS)
            for day in (-3, 3, 28)
            for test, value, unit, low, high in (("M-protein", 30, "g/L", 0, 5), ("neutrophils", 1, "10^9/L", 2, 8))
        ),
    ],
    "States": [["patient_id", "day", "state"], *([name, 0, "well"] for name in PATIENTS)],
    "Events": [["patient_id", "day", "event"], *([name, 30, "scan"] for name in PATIENTS)],
}


@cache
def words_of_the_code() -> set[str]:
    """Every word of lib that names a column: keywords of calls, keys of dictionaries and what stands between
    brackets."""
    found: set[str] = set()
    for path in LIB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("assign", "agg", "rename")
            ):
                found |= {keyword.arg for keyword in node.keywords if keyword.arg}
            if (
                isinstance(node, ast.Subscript)
                and isinstance(node.slice, ast.Constant)
                and isinstance(node.slice.value, str)
            ):
                found.add(node.slice.value)
    return found


@cache
def every_name() -> tuple[str, ...]:
    """Every column of the tables under the figures, of the schema, of the code, and what stands in pandas' own
    signatures."""
    found = {column.name for table in TABLES for column in table.columns} | words_of_the_code() | set(OF_PANDAS)
    for exhibit in plain():
        found |= {str(name) for name in exhibit.data.columns}
        if isinstance(exhibit, Figure):
            found |= {str(name) for table in exhibit.tables.values() for name in table.columns}
    return tuple(sorted(name for name in found if name.strip()))


def cohort_with(names: tuple[str, ...], sheets: tuple[str, ...]) -> Cohort:
    """The cohort of eight patients with further columns of these names in these sheets."""
    grids = []
    for title, (header, *rows) in SHEETS.items():
        more = [name for name in names if title in sheets and name not in header and not known(title, name)]
        cells = [[f"x{(place + number) % 2}" for place in range(len(more))] for number in range(len(rows))]
        grids.append(
            Grid(
                title,
                ((*header, *more), *((*map(stored, row), *beside) for row, beside in zip(rows, cells, strict=True))),
            )
        )
    return cohort_of(grids, "names.xlsx", "0" * 8)


# further words for columns of the template that these sheets leave empty: such a sheet is asked about as any other
LIKE_OURS = frozenset(
    (
        "exclusion_reason",
        "reason",
        "scale",
        "mrd_negative",
        "Method",
        "method",
        "Best response",
        "best_response",
        "lines",
    )
)


def stored(cell: object) -> object:
    return float(cell) if isinstance(cell, int) else cell


def known(title: str, name: str) -> bool:
    """Whether the program rightly takes a column of this name for one of its own."""
    if name in LIKE_OURS:
        return True
    table = next(table for table in TABLES if table.sheet == title)
    return any(name.casefold() == column.name for column in table.columns)


def made(cohort: Cohort) -> list[Exhibit]:
    return list(exhibits(cohort, first_view(cohort).grouping, "months"))


@cache
def plain() -> tuple[Exhibit, ...]:
    return tuple(made(cohort_with((), ())))


def test_every_name_of_the_program_may_stand_in_every_sheet():
    """Numbers that are not of the patients' own columns stay what they were."""
    names = every_name()
    assert {"patient", "group", "slot", "value", "limit", "below", "time", "event", "level"} <= set(names) and len(
        names
    ) > 300
    cohort = cohort_with(names, tuple(each for each in SHEETS if each != "States"))  # hundreds of columns are no States
    assert len(cohort.variables) > 200
    found = {exhibit.id: exhibit for exhibit in made(cohort)}
    for exhibit in plain():
        same = found[exhibit.id]
        if isinstance(same, Figure):
            standalone(same)
        if not exhibit.id.startswith(OF_COLUMNS):
            assert same.numbers == exhibit.numbers or str(same.numbers) == str(exhibit.numbers), exhibit.id


def test_two_headings_that_read_as_one_keep_a_column_each():
    grid = Grid(
        "Patients",
        (
            ("patient_id", "My score", "my_score", "my-score", "self"),
            *((name, "a", "b", "c", "d") for name in PATIENTS),
        ),
    )
    cohort = cohort_of([grid], "twice.xlsx", "0" * 8)
    assert any("stands twice" in finding.problem for finding in cohort.findings) or len(cohort.variables) == 4
    assert list(cohort.patients["self"]) == ["d"] * 8


@pytest.mark.parametrize("size", [99_999_999.0, -1e308, 1e308, 1e-308])
def test_extreme_numbers_leave_every_table_small(size, monkeypatch):
    """One cell of such a size in a patient's row of each sheet: nothing stops, and axes have as many ticks as there is
    room for."""
    for sheet, column in (
        ("Responses", "day"),
        ("Adverse events", "start_day"),
        ("Kinetics", "value"),
        ("Labs", "value"),
    ):
        header, first, *rows = SHEETS[sheet]
        cell = [size if name == column else stands for name, stands in zip(header, first, strict=True)]
        monkeypatch.setitem(SHEETS, sheet, [header, cell, *rows])
    cohort = cohort_with((), ())
    questions = ("response.*", "toxicity.*", "kinetics.*", "labs.*")
    for exhibit in exhibits(cohort, first_view(cohort).grouping, "months", only=questions):
        if isinstance(exhibit, Figure):
            assert sum(map(len, exhibit.tables.values())) < 2_000, (exhibit.id, size)
