"""A figure as a file: SVG, PDF, PNG or TIFF in a printed size, with its caption, selection and "synthetic" written
under it.

Files hold only what is drawn: what answers the pointer on the screen is taken out first.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from lib import VERSION
from lib.export.drawing import rendered
from lib.export.print_form import SCREEN_SIZE, PrintForm
from lib.export.provenance import APP, Provenance
from lib.publication.exhibit import Exhibit, Figure, standalone
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
