"""A figure as a file: SVG, PDF, PNG or TIFF in a printed size, with its caption, selection and "synthetic" written
under it.

Files hold only what is drawn: what answers the pointer on the screen is taken out first.

The figures of a report are drawn once, by one worker process, for its own files and for all documents; several
exhibits make a PDF of exactly one page.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from lib import VERSION
from lib.export.composition import SCREEN_SIZE, SLIDE, PrintForm
from lib.export.drawing import rendered, rendering
from lib.export.page import CONTENT, FOOT, TEXT
from lib.export.provenance import APP, Provenance
from lib.publication.exhibit import Exhibit, Figure, standalone
from lib.publication.text_width import broken
from lib.publication.theme import HOVER

ON_SCREEN: Final = PrintForm()
HEADING, HEADING_LINE = 26, 16  # pixels of a heading of one line, of each further one
WORD: Final = re.compile(r"\w+")


def figure_file(figure: Figure, provenance: Provenance, file_format: str, form: PrintForm = ON_SCREEN) -> bytes:
    """The figure in one format; it should have been made `form.pixels` wide."""
    return figure_files([(figure, provenance)], [file_format], form)[0][0]


def figure_files(
    figures: Sequence[tuple[Figure, Provenance]], formats: Sequence[str], form: PrintForm = ON_SCREEN
) -> list[list[bytes]]:
    """Each figure in each format, made by one worker process. Raises RuntimeError if the worker fails."""
    return rendered([figure_job(figure, provenance, formats, form) for figure, provenance in figures])


def drawn_only(chart: dict[str, Any]) -> dict[str, Any]:
    """The specification without tooltips, pointer layers and labels for screen readers (which repeat the data)."""
    cleaned = {key: _drawn_only(value) for key, value in chart.items()}
    cleaned.pop("params", None)
    return {**cleaned, "config": {**cleaned.get("config", {}), "aria": False}}


def caption_text(figure: Exhibit, provenance: Provenance) -> str:
    """The whole caption as text: title, caption, method, notes, what biases it, who is shown, where it comes from."""
    return _joined(f"{figure.title}.", *_whole(figure, provenance))


def facts_of(figure: Figure, provenance: Provenance) -> dict[str, str]:
    """What a file tells machines of itself: no file name, no name of a patient."""
    reported = {
        "Title": figure.title,
        "Description": figure.alt,
        "Caption": _joined(figure.caption, figure.method, *figure.notes),
        "Bias": _joined(*provenance.warnings_of(figure)),
        "Selection": provenance.sentence_of(figure),
        "n": str(figure.n),
        "Data": provenance.fingerprint,
        "Synthetic": provenance.synthetic_words,
        "Software": f"{APP} {VERSION}",
        "Created": provenance.created,
    }
    return {name: words for name, words in reported.items() if words or name in ("Title", "Description")}


def figure_job(figure: Figure, provenance: Provenance, formats: Sequence[str], form: PrintForm) -> dict[str, Any]:
    """What the worker draws the figure of, in these formats."""
    titled = form.title and not _heads_itself(figure)
    width = {} if form.size == SCREEN_SIZE else {"width": form.pixels}  # also of a figure that was made wider
    chart = drawn_only(figure.chart)
    if not form.title and _heads_itself(figure):
        del chart["title"]
        if isinstance(
            chart["height"], int
        ):  # which holds the heading: the plot keeps its own, for which words have their places
            chart["height"] -= HEADING + HEADING_LINE * str(figure.tables["heading"]["text"].iloc[0]).count("\n")
    said_above = [] if titled else [f"{figure.title}."]
    short = (figure.caption, *biases(figure, provenance), provenance.sentence_of(figure), provenance.stamp)
    return {
        "chart": {**chart, **width, "datasets": standalone(figure)["datasets"]},
        "title": figure.title if titled else "",
        "said": {
            "full": _joined(*said_above, *_whole(figure, provenance)),
            "short": _joined(*said_above, *short),
            "always": provenance.synthetic_words,
        },
        "facts": facts_of(figure, provenance),
        "form": asdict(form),
        "formats": list(formats),
    }


def _heads_itself(figure: Figure) -> bool:
    """Whether the heading inside the chart is the title, in other words or fewer."""
    heading = figure.tables.get("heading")
    words = WORD.findall(str(heading["text"].iloc[0]).casefold()) if heading is not None and len(heading) else []
    return bool(words) and set(words) <= set(WORD.findall(figure.title.casefold()))


def _whole(exhibit: Exhibit, provenance: Provenance) -> list[str]:
    who = (provenance.sentence_of(exhibit), provenance.stamp)
    return [exhibit.caption, exhibit.method, *exhibit.notes, *biases(exhibit, provenance), *who]


def biases(exhibit: Exhibit, provenance: Provenance) -> list[str]:
    """What biases the exhibit and does not stand in its notes."""
    return [each for each in provenance.warnings_of(exhibit) if not any(each in note for note in exhibit.notes)]


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _drawn_only(part: Any) -> Any:
    if isinstance(part, dict):
        answers = ("tooltip", "params", "condition")  # a condition here always asks what the pointer is near to
        return {key: _drawn_only(value) for key, value in part.items() if key not in answers}
    if isinstance(part, list):
        return [
            _drawn_only(item)
            for item in part
            if not (isinstance(item, dict) and str(item.get("name", "")).startswith(HOVER))
        ]
    return part


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


Next = Callable[[str], None]  # called before each step with what comes next; what it raises stops the work
Drawn = list[list[bytes]]


@dataclass(frozen=True)
class Wanted:
    """What is drawn of each figure: `inside` documents, without title and caption, and in files of its own."""

    inside: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    form: PrintForm = PrintForm()  # noqa: RUF009

    def jobs(self, figure: Figure, provenance: Provenance) -> list[dict[str, Any]]:
        """For the worker."""
        printed = ((self.inside, bare(self.form)), (self.formats, self.form))
        return [figure_job(figure, provenance, formats, form) for formats, form in printed if formats]


@dataclass(frozen=True)
class Pictures:
    """Of one figure, by format; `error` where it could not be drawn."""

    inside: Mapping[str, bytes] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    error: Exception | None = None


NONE: Final = Pictures()


def bare(form: PrintForm) -> PrintForm:
    """As printed within a document, which has title and caption itself; a slide's white margins would stand there for
    nothing."""
    size = SCREEN_SIZE if form.size == SLIDE else form.size
    return replace(form, size=size, caption="none", title=False)


def pictures(figures: Sequence[Figure], provenance: Provenance, wanted: Wanted, before: Next) -> list[Pictures]:
    """The pictures of each figure. One that ends the worker does not stop those behind it: they get another."""
    found: list[Pictures] = []
    while len(found) < len(figures):
        left = figures[len(found) :]
        try:
            _draw(left, provenance, wanted, before, found)
        except RuntimeError as error:
            found.append(Pictures(error=error))
    return found


def _draw(
    figures: Sequence[Figure], provenance: Provenance, wanted: Wanted, before: Next, found: list[Pictures]
) -> None:
    """Adds what one worker draws. Raises RuntimeError where it fails at a figure."""
    jobs = [wanted.jobs(figure, provenance) for figure in figures]
    with closing(rendering([job for each in jobs for job in each])) as files:
        for figure, own in zip(figures, jobs, strict=True):
            before(f"Drawing: {figure.title}")
            made = [dict(zip(job["formats"], next(files), strict=True)) for job in own]
            inside = made.pop(0) if wanted.inside else {}
            found.append(Pictures(inside, made[0] if made else {}))
