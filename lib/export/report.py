"""A report: exhibits in the reader's order with her own headings and words. Every document and package is made of this
one value."""

import datetime as dt
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from typing import Final, Literal

from lib.cohort.finding import Account, Finding
from lib.export.composition import FORMATS, PrintForm
from lib.export.document import STROBE, TITLE, Block, Document, numbered
from lib.export.figure_file import NONE, Next, Pictures, Wanted, caption_text, pictures
from lib.export.methods_text import MethodsText, methods_paragraph
from lib.export.provenance import Provenance, file_name
from lib.export.report_html import html_file
from lib.export.results import results, results_text
from lib.export.strobe import strobe_table
from lib.export.table_file import BESIDE_CSV, data_files
from lib.publication.exhibit import Exhibit, Figure, Table
from lib.publication.spec import Failed

NO_ACCOUNT: Final = Account()
Kind = Literal["html", "docx", "pptx", "pdf", "zip"]
Progress = Callable[[int, int, str], None]  # steps done, of all, what comes next; what it raises stops the work


def _docx_file(document: Document) -> bytes:
    from lib.export.report_docx import docx_file  # the libraries of office files and PDF: loaded where one is made

    return docx_file(document)


def _pptx_file(document: Document) -> bytes:
    from lib.export.report_pptx import pptx_file

    return pptx_file(document)


def _pdf_file(document: Document) -> bytes:
    from lib.export.report_pdf import pdf_file

    return pdf_file(document)


DOCUMENTS: Final[Mapping[Kind, tuple[str, tuple[str, ...], Callable[[Document], bytes]]]] = {
    "html": ("web page", ("svg",), html_file),
    "docx": ("Word", ("png",), _docx_file),
    "pptx": ("PowerPoint", ("png",), _pptx_file),
    "pdf": ("PDF", ("svg",), _pdf_file),
}  # name, the pictures that it holds, how it is made
KINDS: Final[tuple[Kind, ...]] = (*DOCUMENTS, "zip")
USUAL_FORMATS: Final = FORMATS[:3]
USUAL_TABLES: Final = ("docx", "xlsx")  # in a ZIP, beside CSV
PACKED_FORMATS: Final = (*USUAL_FORMATS, *USUAL_TABLES)
READABLE: Final = 0o644  # rights of the files of a ZIP, where it is unpacked
REPORT, RESULTS, METHODS, SCRIPTS = (
    "report",
    "results.json",
    "methods.txt",
    "scripts",
)  # names of files, and of a folder


@dataclass(frozen=True)
class Item:
    """What a reader chose: an exhibit by its id, her heading ("" = its title) and her words before it."""

    id: str
    heading: str = ""
    words: str = ""


@dataclass(frozen=True)
class Part:
    """One exhibit of a report, or why it could not be made, under a heading and words of the reader's own."""

    exhibit: Exhibit | Failed
    heading: str = ""
    words: str = ""


@dataclass(frozen=True)
class Report:
    """`findings` and `account` say what was wrong in the file and where its cells went, for results.json.

    `with_methods`: whether the methods, their references and the STROBE list stand at the end of each document, and in
    a ZIP.
    """

    title: str
    parts: tuple[Part, ...]
    provenance: Provenance
    findings: tuple[Finding, ...] = ()
    account: Account = NO_ACCOUNT
    with_methods: bool = True
    scripts: Mapping[str, bytes] = field(default_factory=dict)  # by name, for a ZIP

    @property
    def exhibits(self) -> "list[Exhibit]":
        """Those that could be made."""
        return [part.exhibit for part in self.parts if not isinstance(part.exhibit, Failed)]

    @cached_property
    def methods(self) -> MethodsText:
        """The Statistical analysis section of these exhibits: `paragraphs` and `references`."""
        return methods_paragraph(self.exhibits, self.provenance)

    @cached_property
    def strobe(self) -> Table:
        """The STROBE list, with where each item is found in this report."""
        return strobe_table(self.exhibits, self.methods)

    @property
    def figures(self) -> list[Figure]:
        """The figures among its exhibits."""
        return [part.exhibit for part in self.parts if isinstance(part.exhibit, Figure)]


@dataclass(frozen=True)
class Written:
    """An exhibit with its files by name; as failed where they could not be made. `folder`: where they stand in a
    ZIP."""

    exhibit: Exhibit | Failed
    files: Mapping[str, bytes]
    folder: str = "tables"


@dataclass(frozen=True)
class Made:
    """A report as a file, and what of it could not be made."""

    content: bytes
    failed: tuple[Failed, ...]


def silent(done: int, steps: int, coming: str) -> None:
    """A progress that nobody watches."""


def report_file(
    report: Report,
    kind: Kind,
    form: PrintForm = PrintForm(),  # noqa: B008
    formats: Sequence[str] = PACKED_FORMATS,
    progress: Progress = silent,
) -> bytes:
    """The report as one file; its figures should have been made `form.pixels` wide.

    `formats`: of the figures and tables within a ZIP. `progress` is called before each step; what it raises stops the
    work and the worker process.
    """
    return report_made(report, kind, form, formats, progress).content


def report_made(
    report: Report, kind: Kind, form: PrintForm, formats: Sequence[str] = PACKED_FORMATS, progress: Progress = silent
) -> Made:
    """The same, with what could not be made."""
    documents = tuple(DOCUMENTS) if kind == "zip" else (kind,)
    inside = tuple(dict.fromkeys(each for name in documents for each in DOCUMENTS[name][1]))
    before = _counted(progress, len(report.figures) + len(documents) + (kind == "zip"))
    drawn = _drawn(report, Wanted(inside, _pictured(formats) if kind == "zip" else (), form), before)
    shown = replace(report, parts=tuple(map(_shown, report.parts, drawn)))
    document = _document(shown, drawn)
    made: dict[Kind, bytes] = {}
    for name in documents:
        before(f"Writing: {DOCUMENTS[name][0]}")
        made[name] = DOCUMENTS[name][2](document if name == "html" else document.on_pages)
    failed = tuple(block.exhibit for block in document.blocks if isinstance(block.exhibit, Failed))
    if kind != "zip":
        return Made(made[kind], failed)
    before("Packing")
    return Made(_packed(shown, made, _written(report, drawn, form, formats)), failed)


def exhibit_files(
    report: Report, form: PrintForm, formats: Sequence[str] = USUAL_FORMATS, progress: Progress = silent
) -> list[Written]:
    """Every exhibit with its files: pictures of a figure in these formats, its caption where it stands beside it, the
    data as CSV."""
    before = _counted(progress, len(report.figures))
    return _written(report, _drawn(report, Wanted((), _pictured(formats), form), before), form, formats)


def methods_file(report: Report) -> str:
    """methods.txt: the Statistical analysis section, its references and the STROBE list."""
    listed = [" | ".join(row) for row in (report.strobe.header, *report.strobe.rows)]
    return "\n".join((report.methods.text, "", report.strobe.title, "", *listed, ""))


def results_file(report: Report, written: Sequence[Written]) -> str:
    """results.json of these exhibits and their files."""
    exhibits = [(each.exhibit, list(each.files)) for each in written]
    return results_text(results(report.provenance, report.findings, exhibits, report.account))


def _counted(progress: Progress, steps: int) -> Next:
    done = count()
    return lambda coming: progress(next(done), steps, coming)


def _drawn(report: Report, wanted: Wanted, before: Next) -> list[Pictures]:
    """The pictures of each part; of a table and of what failed, none."""
    figures = report.figures if wanted.inside or wanted.formats else []
    found = iter(pictures(figures, report.provenance, wanted, before))
    return [next(found, NONE) if isinstance(part.exhibit, Figure) else NONE for part in report.parts]


def _document(report: Report, drawn: Sequence[Pictures]) -> Document:
    blocks = [
        Block(part.exhibit, "", part.heading, part.words, picture.inside)
        for part, picture in zip(report.parts, drawn, strict=True)
    ]
    if not report.with_methods or not report.exhibits:
        return Document(report.title or TITLE, tuple(numbered(blocks)), report.provenance)
    *before, strobe = numbered([*blocks, Block(report.strobe, "", STROBE)])
    return Document(report.title or TITLE, tuple(before), report.provenance, report.methods, strobe)


def _shown(part: Part, picture: Pictures) -> Part:
    """The part as it stands in a document: failed where it could not be drawn."""
    return replace(part, exhibit=_outcome(part.exhibit, picture))


def _outcome(exhibit: Exhibit | Failed, picture: Pictures) -> Exhibit | Failed:
    return Failed(exhibit.id, picture.error) if picture.error else exhibit


def _pictured(formats: Sequence[str]) -> tuple[str, ...]:
    """Those of the formats in which figures are drawn."""
    return tuple(each for each in formats if each in FORMATS)


def _written(report: Report, drawn: Sequence[Pictures], form: PrintForm, formats: Sequence[str]) -> list[Written]:
    tables, beside = [each for each in formats if each in BESIDE_CSV], form.caption == "beside"
    before: Counter[str] = Counter()
    written = []
    for part, picture in zip(report.parts, drawn, strict=True):
        name = part.exhibit.id + (f".{before[part.exhibit.id] + 1}" if before[part.exhibit.id] else "")
        before[part.exhibit.id] += 1
        written.append(_files_of(part.exhibit, name, picture, (report.provenance, tables, beside)))
    return written


def _files_of(
    exhibit: Exhibit | Failed, name: str, picture: Pictures, how: tuple[Provenance, list[str], bool]
) -> Written:
    """`how`: provenance, formats of tables, whether the caption stands beside a figure."""
    provenance, tables, beside = how
    if isinstance(exhibit, Failed):
        return Written(exhibit, {})
    try:
        contents = data_files(exhibit, provenance, tables)
    except Exception as error:
        return Written(Failed(exhibit.id, error), {})
    contents |= picture.files
    if beside and picture.files:
        contents["txt"] = caption_text(exhibit, provenance).encode()
    files = {file_name(name, file_format): content for file_format, content in contents.items()}
    return Written(_outcome(exhibit, picture), files, "figures" if isinstance(exhibit, Figure) else "tables")


def _packed(report: Report, documents: Mapping[Kind, bytes], written: Sequence[Written]) -> bytes:
    """The ZIP: documents, every exhibit's files in a folder, results.json and what is what."""
    placed = [
        replace(each, files={f"{each.folder}/{name}": file for name, file in each.files.items()}) for each in written
    ]
    files = {f"{REPORT}.{kind}": content for kind, content in documents.items()}
    files |= {"README.txt": _readme(report, documents, placed).encode(), RESULTS: results_file(report, placed).encode()}
    files |= {METHODS: methods_file(report).encode()} if report.with_methods else {}
    files |= {f"{SCRIPTS}/{name}": content for name, content in report.scripts.items()}
    for each in placed:
        files |= each.files
    packed, date = io.BytesIO(), dt.date.fromisoformat(report.provenance.created)
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (date.year, date.month, date.day, 0, 0, 0))
            entry.external_attr = READABLE << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _readme(report: Report, documents: Iterable[Kind], written: Sequence[Written]) -> str:
    """What is what, a line each."""
    document = _document(report, [NONE] * len(report.parts))
    lines = [document.title, "", document.opening, report.provenance.stamp, ""]
    lines += [f"{REPORT}.{kind}: all figures and tables in one file ({DOCUMENTS[kind][0]})" for kind in documents]
    lines += [f"{RESULTS}: every number, unrounded, with every test, and what was found wrong in the file"]
    reported = f"{METHODS}: what a Methods section says of these analyses, with references, and the STROBE list"
    scripts = (
        f"{SCRIPTS}/: for each exhibit a script that makes it again from your file in Python, for curves one in R with"
        " its data"
    )
    lines += [*([reported] if report.with_methods else []), *([scripts] if report.scripts else []), ""]
    for block, each in zip(document.blocks, written, strict=True):
        failed = each.exhibit if isinstance(each.exhibit, Failed) else None
        lines.append(f"{block.title} {failed.reason}" if failed and block.label else block.title)
        lines += [f"  {name}" for name in each.files]
    return "\r\n".join(lines) + "\r\n"
