"""A report as every document prints it: its parts numbered ("Figure 1", "Table 1"), with their captions and
pictures."""

import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final

from lib import VERSION
from lib.export.figure_file import biases
from lib.export.methods_text import MethodsText
from lib.export.provenance import APP, Provenance
from lib.publication.exhibit import Exhibit, Figure, Table
from lib.publication.spec import Failed

MOST_COLUMNS: Final = 14  # of a table across a page
LONGEST_PROPERTY: Final = 255  # letters
TITLE: Final = "Figures and tables"  # of a report without a title of its own
ANALYSIS, REFERENCES, STROBE = "Statistical analysis", "References", "STROBE list"  # headings at the end
NO_METHODS: Final = MethodsText()


@dataclass(frozen=True)
class Block:
    """One part: `label` is "Figure 1" or "Table 1", "" where the exhibit could not be made; `pictures` by format:
    "svg", "png"."""

    exhibit: Exhibit | Failed
    label: str = ""
    heading: str = ""
    words: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def title(self) -> str:
        """ "Figure 1. Overall survival." """
        if isinstance(self.exhibit, Failed):
            return f"{self.heading or self.exhibit.id}: {self.exhibit.reason}"
        return f"{self.label}. {self.exhibit.title.rstrip('.')}."

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The reader's own words, a paragraph for each line that is not empty."""
        return tuple(filter(None, map(str.strip, self.words.splitlines())))


@dataclass(frozen=True)
class Document:
    """A report with its blocks in order; at its end `methods` and the STROBE list, where it tells them."""

    title: str
    blocks: tuple[Block, ...]
    provenance: Provenance
    methods: MethodsText = NO_METHODS
    strobe: Block | None = None

    @property
    def passages(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Heading and paragraphs of what is reported after the blocks: the methods, and the references numbered as they
        are cited."""
        reported = (ANALYSIS, self.methods.paragraphs), (REFERENCES, self.methods.references)
        return tuple(passage for passage in reported if passage[1])

    @property
    def last(self) -> tuple[Block, ...]:
        """The STROBE list, or nothing."""
        return (self.strobe,) if self.strobe else ()

    def caption(self, exhibit: Exhibit) -> str:
        """What stands under the title of an exhibit: what it shows, how it was made, what biases it, of whom."""
        reported = (exhibit.caption, exhibit.method, *exhibit.notes, *biases(exhibit, self.provenance))
        return " ".join(filter(None, (*reported, self.provenance.sentence_of(exhibit))))

    @property
    def opening(self) -> str:
        """Who the report is of and how groups are formed, in one paragraph."""
        return f"{self.provenance.sentence} {self._grouping}."

    @property
    def foot(self) -> str:
        """What stands at the foot of each page."""
        reported = self.provenance
        synthetic = "Synthetic data. " if reported.synthetic else ""
        return f"{synthetic}{reported.who}. {reported.stamp}"

    @property
    def on_pages(self) -> "Document":
        """The same for pages of paper or slides: of a table with more columns than fit, the first ones, and where the
        others are."""
        return replace(self, blocks=tuple(map(_narrowed, self.blocks)))

    @property
    def keywords(self) -> str:
        """Fingerprint, selection, grouping and version, for the properties of a file."""
        reported = self.provenance
        return f"data {reported.fingerprint}; selection: {reported.selection}; {self._grouping}; {APP} {VERSION}"

    @property
    def _grouping(self) -> str:
        group_by = self.provenance.group_by
        return "No groups" if group_by in ("", "-") else f"Groups: {group_by}"


def _narrowed(block: Block) -> Block:
    table = block.exhibit
    if not isinstance(table, Table) or len(table.header) <= MOST_COLUMNS:
        return block
    said = f"The first {MOST_COLUMNS} of {len(table.header)} columns; all of them are in the HTML, Excel and CSV files."
    rows = tuple(row[:MOST_COLUMNS] for row in table.rows)
    return replace(
        block, exhibit=replace(table, header=table.header[:MOST_COLUMNS], rows=rows, notes=(said, *table.notes))
    )


def numbered(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks with "Figure 1", "Table 1" ... as their labels."""
    figures, tables = count(1), count(1)
    for block in blocks:
        if isinstance(block.exhibit, Failed):
            yield block
            continue
        figure = isinstance(block.exhibit, Figure)
        label = f"Figure {next(figures)}" if figure else f"Table {next(tables)}"
        yield Block(block.exhibit, label, block.heading, block.words, block.pictures)


def picture_size(png: bytes) -> tuple[float, float]:
    """Width and height in points, as its resolution says."""
    from PIL import Image  # loaded where a document with pictures is made

    with Image.open(io.BytesIO(png)) as image:
        dpi = round(image.info["dpi"][0])
        return image.width * 72 / dpi, image.height * 72 / dpi


def write_properties(properties: Any, document: Document) -> None:
    """Title, subject, keywords and date of a Word or PowerPoint file."""
    reported = document.provenance
    for name, words in (
        ("title", document.title),
        ("subject", document.opening),
        ("keywords", document.keywords),
        ("comments", reported.synthetic_words),
        ("author", APP),
        ("last_modified_by", APP),
        ("language", "en-GB"),
    ):
        setattr(properties, name, words if len(words) <= LONGEST_PROPERTY else f"{words[: LONGEST_PROPERTY - 1]}…")
    properties.created = properties.modified = dt.datetime.fromisoformat(reported.created)
