"""A made workbook of sixteen patients damaged at random: every damage is refused in one sentence (Unsafe) or read, and
then every cell of it is accounted for; nothing else may happen.

`make fuzz` tries 1,000, `make fuzz ARGS=5000` more; tests/intake/test_extremes.py 50. The same number damages the same
way.
"""

import io
import random
import re
import sys
import zipfile
from collections import Counter
from functools import cache

from golden.cohorts import synthetic_workbook
from in_process import in_process
from openpyxl import load_workbook
from workbooks import xlsx

from intake.accounting import unbalanced, untold
from intake.test_mutations import FAULTS, Sheets
from lib.intake.files.formats import read_grids_of
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe
from lib.intake.read import cohort_of

NAME = "synthetic.xlsx"
IN_A_CHILD = 0.3  # the share whose bytes are damaged, read in a process of its own
PIECES = (
    b"<",
    b">",
    b'"',
    b"&#0;",
    b"<!--",
    b"<v>",
    b"</row>",
    b"9" * 30,
    b"\xff\xfe",
    b"\x00",
    b"NaN",
    b"-1",
    b'r="XFD1048576"',
    b't="e"',
    b"<f>1</f>",
)


@cache
def good() -> bytes:
    return synthetic_workbook(16, 1)


@cache
def good_sheets() -> Sheets:
    """The rows of every sheet."""
    sheets = load_workbook(io.BytesIO(good())).worksheets
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in sheets}


@cache
def foreign_sheets() -> Sheets:
    """A stranger's workbook: a title, columns without a heading and with equal ones, a wide series, totals, a sheet of
    nothing."""
    header = ["Code", "Arm", "Alter", "OS Monate", "Status", "Bemerkung", ""]
    header += ["CRP d0", "CRP d7", "CRP d7", "Name", "-999"]
    blank = [None] * 11
    body = [
        [
            f"A{n}",
            "xy"[n % 2],
            50 + n,
            3.5 + n,
            ("tot", "lebt")[n % 3 == 0],
            f"note {n}",
            n,
            n,
            "<2",
            n,
            f"Frau {n}",
            -999,
        ]
        for n in range(12)
    ]
    visits = [
        ["Code", "Datum", "LDH (U/l)", "Labor"],
        *([f"A{n % 12}", f"{n + 1}.3.2023", 200 + n, "n.d."] for n in range(30)),
    ]
    return {
        "Patienten": [
            ["Kohorte 2023", *blank],
            [None, *blank],
            header,
            *body,
            [None, *blank],
            ["Mittelwert", None, 55, *blank[2:]],
        ],
        "Labor": visits,
        "Leer": [["nur ein Wort", None]],
    }


def with_other_cells(draw: random.Random) -> bytes:
    """Wrong cells, doubled and missing rows, columns and sheets; half of the time in a stranger's own layout."""
    whole = good_sheets() if draw.random() < 0.5 else foreign_sheets()
    sheets = {name: [list(row) for row in rows] for name, rows in whole.items()}
    for fault in draw.choices(FAULTS, k=draw.choice([1, 2, 4, 8])):
        if sum(len(rows) > 1 for rows in sheets.values()) > 1:  # something is left to damage
            fault(draw, sheets)
        for name in [name for name, rows in sheets.items() if not rows]:
            del sheets[name]
    return xlsx(sheets)


def with_other_bytes(draw: random.Random) -> bytes:
    """Bytes of the file changed, or its end or a piece of it gone."""
    content = bytearray(good())
    match draw.randrange(3):
        case 0:
            return bytes(content[: draw.randrange(len(content))])
        case 1:
            start = draw.randrange(len(content))
            del content[start : start + draw.randrange(1, 500)]
        case _:
            for _ in range(draw.choice([1, 3, 30])):
                content[draw.randrange(len(content))] = draw.randrange(256)
    return bytes(content)


def with_other_parts(draw: random.Random) -> bytes:
    """The XML of one part written over here and there, in a zip that is whole."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good())) as archive, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        chosen = draw.choice(archive.namelist())
        for name in archive.namelist():
            part = bytearray(archive.read(name))
            for _ in range(draw.choice([1, 3, 10]) if name == chosen else 0):
                start = draw.randrange(len(part) + 1)
                part[start : start + draw.randrange(4)] = draw.choice(PIECES)
            target.writestr(name, bytes(part))
    return changed.getvalue()


def outcome(seed: int) -> str:
    """What became of the seed-th damage: "read", "read with findings" or "refused"; any other exception goes on."""
    draw = random.Random(seed)
    try:
        if draw.random() < IN_A_CHILD:
            content = draw.choice([with_other_bytes, with_other_parts])(draw)
            grids = read_grids_of([SourceFile(NAME, content)])
        else:
            content = with_other_cells(draw)
            with in_process():
                grids = read_grids_of([SourceFile(NAME, content)])
        cohort = cohort_of(grids, NAME, "")
    except Unsafe as refused:
        if not re.fullmatch(r"[A-Z][^\n]+[.]", str(refused)):
            raise AssertionError(f"{seed}: {refused}") from refused
        return "refused"
    for finding in cohort.findings:
        finding.sentence()
    if faults := unbalanced(grids, cohort.account) + untold(cohort):
        raise AssertionError(f"{seed}: {faults}")
    return "read with findings" if cohort.findings else "read"


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    reported = Counter(outcome(seed) for seed in range(times))
    print(f"{times:,} damaged workbooks: " + ", ".join(f"{count:,} {what}" for what, count in sorted(reported.items())))


if __name__ == "__main__":
    main()
