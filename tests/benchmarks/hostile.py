"""How long files made to be slow take until they are read or refused, and how much memory: `make hostile`.

Each is opened as an upload is, in its limited process. Meanwhile another thread looks every 5 ms whether it can still
go on, as another session would have to. Bounds: 10 s, 1 GiB of server and process together, 2 s for the other session.
"""

import io
import threading
import time
import zipfile
from collections.abc import Iterator
from typing import Final

from intake.hostile import (
    DECLARATION,
    NAMESPACE,
    OFFICE,
    SHEET,
    STRINGS,
    file,
    package,
    repeated,
    sheet,
    strings,
    zipped,
)
from workbooks import xlsx

from lib.intake.draft import read_draft
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe
from lib.intake.files.process import Process, resident_bytes

LOOK_SECONDS: Final = 0.005
MIB: Final = 1 << 20


def kinds() -> Iterator[tuple[str, str, bytes]]:
    """Name of the kind, name of the file, its bytes."""
    yield from _tables()
    yield from _workbooks()


def _tables() -> Iterator[tuple[str, str, bytes]]:
    yield "header of 100,000 letters", "a.csv", b"x" * 100_000 + b",b\n1,2\n" * 50
    yield "header of 100,000 letters and signs", "a.csv", b"a=1," + b"ab " * 33_000 + b"\n1,2\n"
    yield "numbers of 8,000 digits", "a.csv", b"id,x\n" + b"".join(b"%d,%s\n" % (n, b"1" * 8_000) for n in range(200))
    yield (
        "numbers of 8,000 digits and points",
        "a.csv",
        b"id,x\n" + b"".join(b"%d,%s\n" % (n, b"1.1" * 3_000) for n in range(200)),
    )
    yield "blanks in cells", "a.csv", b"id,x\n" + b"".join(b"%d,%s1\n" % (n, b" " * 9_000) for n in range(200))
    for n in (1_000, 2_000):
        heads = ",".join(f"c{k}" for k in range(n)).encode()
        yield (
            f"{n:,} columns",
            "a.csv",
            b"id," + heads + b"\n" + b"".join(b"%d%s\n" % (r, b",1" * n) for r in range(30)),
        )
    yield "16,000 columns", "a.csv", b",".join(b"c%d" % k for k in range(16_000)) + b"\n" + b",".join([b"1"] * 16_000)
    yield (
        "1,900 equal headings",
        "a.csv",
        b"id" + b",same" * 1_900 + b"\n" + b"".join(b"%d%s\n" % (r, b",7" * 1_900) for r in range(30)),
    )
    rows = b"".join(b"P%06d,%d,%d,yes,2020-01-%02d\n" % (n, n % 90, n % 7, n % 28 + 1) for n in range(199_000))
    yield "199,000 honest patients x 5", "a.csv", b"patient_id,age,os_months,os_event,infusion_date\n" + rows


def _workbooks() -> Iterator[tuple[str, str, bytes]]:
    yield (
        "zip of 100 workbooks",
        "a.zip",
        _archive(100, xlsx({"Patients": [["patient_id", "age"], *[[f"P{n}", n] for n in range(2_000)]]})),
    )
    yield "zip of 100 tables of blanks", "a.zip", _archive(100, b"id,x\n" + b"1,              \n" * 50_000, "csv")
    yield "one sheet named 100,000 times", "a.xlsx", _many_names(100_000)
    yield "2 million merged areas", "a.xlsx", file(**{SHEET: _merges(2_000_000)})
    yield "90,000 merged areas", "a.xlsx", file(**{SHEET: _merges(90_000)})
    yield (
        "one attribute of 290 MB",
        "a.xlsx",
        file(**{SHEET: repeated(f'{DECLARATION}<worksheet {NAMESPACE} x="', b"a" * MIB, 290, '"/>')}),
    )
    yield (
        "a row repeated in an .ods",
        "a.ods",
        _ods(
            '<table:table-row table:number-rows-repeated="199000">'
            + '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="30"/>'
            + "</table:table-row>"
        ),
    )
    yield (
        "a column repeated in an .ods",
        "a.ods",
        _ods(
            '<table:table-row><table:table-cell office:value-type="string"'
            ' table:number-columns-repeated="16000"><text:p>x</text:p></table:table-cell></table:table-row>' * 300
        ),
    )
    yield (
        "one string in 200,000 cells",
        "a.xlsx",
        file(
            "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 200_000)),
            **{STRINGS: strings("A" * 9_000)},
        ),
    )
    yield "6 million cells", "a.xlsx", file("".join(f"<row>{'<c><v>1</v></c>' * 30}</row>" for _ in range(199_000)))


def measured(name: str, content: bytes) -> tuple[str, float, float, float]:
    """What was said, seconds until then, the longest wait of another thread in seconds, MiB of both processes."""
    done, waits, most = threading.Event(), [0.0], [0]
    started: list[Process] = []
    original = Process.__init__

    def noted(self: Process) -> None:
        original(self)
        started.append(self)

    def look() -> None:
        while not done.is_set():
            before = time.monotonic()
            time.sleep(LOOK_SECONDS)
            waits[0] = max(waits[0], time.monotonic() - before - LOOK_SECONDS)
            held = sum(resident_bytes(pid) or 0 for pid in (*(each._child.pid for each in started), _own()))
            most[0] = max(most[0], held)

    watch = threading.Thread(target=look, daemon=True)
    Process.__init__ = noted  # type: ignore[method-assign]
    watch.start()
    begun = time.monotonic()
    try:
        opened = read_draft([SourceFile(name, content)]).opened
        said = opened if isinstance(opened, str) else f"read: {opened.n} patients"
    except Unsafe as refusal:
        said = str(refusal)
    took = time.monotonic() - begun
    done.set()
    watch.join()
    Process.__init__ = original  # type: ignore[method-assign]
    return said, took, waits[0], most[0] / MIB


def _own() -> int:
    import os

    return os.getpid()


def _archive(n: int, content: bytes, suffix: str = "xlsx") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(n):
            archive.writestr(f"t{number}.{suffix}", content)
    return made.getvalue()


def _many_names(n: int) -> bytes:
    names = "".join(f'<sheet name="S" sheetId="{number}" r:id="rId1"/>' for number in range(1, n + 1))
    workbook = f'{DECLARATION}<workbook {NAMESPACE} xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>'
    return zipped({**package(), "xl/workbook.xml": workbook})


def _merges(n: int) -> str:
    areas = "".join(f'<mergeCell ref="B{k}:C{k}"/>' for k in range(1, n + 1))
    return sheet(
        "".join(f'<row r="{r}"><c r="A{r}"><v>{r}</v></c></row>' for r in range(1, 9)),
        after=f"<mergeCells>{areas}</mergeCells>",
    )


def _ods(rows: str) -> bytes:
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f"{DECLARATION}<office:document-content{spaces}><office:body><office:spreadsheet><table:table"
        f' table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


if __name__ == "__main__":
    print("| kind | MB | s | other thread waits, s | MiB | said |\n|---|---|---|---|---|---|")
    for kind, name, content in kinds():
        said, took, wait, memory = measured(name, content)
        print(
            f"| {kind} | {len(content) / 1e6:.1f} | {took:.1f} | {wait:.2f} | {memory:.0f} | {said[:90]} |", flush=True
        )
