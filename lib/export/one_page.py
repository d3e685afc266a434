"""Several exhibits as a PDF of exactly one page, with who is shown, the selection, "synthetic" and the program's
version on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lib.export.drawing import rendered
from lib.export.figure_file import drawn_only
from lib.export.page import CONTENT, FOOT, TEXT
from lib.export.provenance import Provenance
from lib.publication.exhibit import Exhibit, Figure, standalone
from lib.publication.text_width import broken


@dataclass(frozen=True)
class OnePage:
    """Title and facts (label, value) above; figures under each other; below them exhibits side by side."""

    title: str
    facts: tuple[tuple[str, str], ...]
    under: tuple[Figure, ...]
    beside: tuple[Exhibit, ...] = ()


def one_page(given: OnePage, provenance: Provenance) -> bytes:
    """The page as a PDF. Raises RuntimeError if it cannot be drawn."""
    facts = "   ·   ".join(f"{label}: {value}" for label, value in given.facts)
    foot = " ".join([*_said(given), provenance.sentence, provenance.stamp])
    job = {
        "title": given.title + (" (synthetic data)" if provenance.synthetic else ""),
        "facts": broken(facts, CONTENT, TEXT),
        "under": [_part(figure) for figure in given.under],
        "beside": [_part(exhibit) for exhibit in given.beside],
        "lines": broken(foot, CONTENT, FOOT),
    }
    return rendered([{"page": job}])[0][0]


def _said(given: OnePage) -> Sequence[str]:
    """The sentences of all captions and notes, each once."""
    words = " ".join(
        " ".join([exhibit.caption, exhibit.method, *exhibit.notes]) for exhibit in (*given.under, *given.beside)
    )
    return list(dict.fromkeys(f"{sentence.rstrip('.')}." for sentence in words.split(". ") if sentence.strip(". ")))


def _part(exhibit: Exhibit) -> dict[str, Any]:
    if isinstance(exhibit, Figure):
        chart = {name: part for name, part in drawn_only(exhibit.chart).items() if name != "title"}  # facts stand above
        return {"title": exhibit.title, "chart": {**chart, "datasets": standalone(exhibit)["datasets"]}}
    return {"title": exhibit.title, "header": list(exhibit.header), "rows": [list(row) for row in exhibit.rows]}
