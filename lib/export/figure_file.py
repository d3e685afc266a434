"""A figure as a file: SVG, PDF or PNG at 300 dpi, with its caption, selection and "synthetic" written under it.

Files hold only what is drawn: what answers the pointer on the screen is taken out first.
"""

import base64
import json
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from lib.export.provenance import Provenance
from lib.export.renderer import FONT_SIZE, MARGIN
from lib.publication.exhibit import Figure, standalone
from lib.publication.theme import HOVER

ROOT: Final = Path(__file__).parents[2]
FORMATS: Final = ("svg", "pdf", "png")
WIDTH_OF_LETTER: Final = 0.56  # of the font size, on average
LONGEST_SECONDS: Final = 120


def figure_file(figure: Figure, provenance: Provenance, file_format: str) -> bytes:
    """The figure in one format."""
    return figure_files([(figure, provenance)], [file_format])[0][0]


def figure_files(figures: Sequence[tuple[Figure, Provenance]], formats: Sequence[str]) -> list[list[bytes]]:
    """Each figure in each format, made by one worker process. Raises RuntimeError if the worker fails."""
    return rendered([_job(figure, provenance, formats) for figure, provenance in figures])


def rendered(jobs: Sequence[dict[str, Any]]) -> list[list[bytes]]:
    """The files of these jobs, made by one worker process. Raises RuntimeError if the worker fails."""
    worker = subprocess.run(
        [sys.executable, "-m", "lib.export.renderer"],
        input=json.dumps({"jobs": list(jobs)}).encode(),
        capture_output=True,
        cwd=ROOT,
        timeout=LONGEST_SECONDS + 5 * len(jobs),
        check=False,
    )
    if worker.returncode != 0:
        raise RuntimeError("the figure could not be drawn")
    return [[base64.b64decode(file) for file in files] for files in json.loads(worker.stdout)["files"]]


def drawn_only(chart: dict[str, Any]) -> dict[str, Any]:
    """The specification without tooltips, pointer layers and labels for screen readers (which repeat the data)."""
    cleaned = {key: _drawn_only(value) for key, value in chart.items()}
    cleaned.pop("params", None)
    return {**cleaned, "config": {**cleaned.get("config", {}), "aria": False}}


def lines_under(figure: Figure, provenance: Provenance) -> list[str]:
    """Title, caption, method, notes and provenance, wrapped to the width of the figure."""
    text = " ".join(
        part
        for part in [
            f"{figure.title}.",
            figure.caption,
            figure.method,
            *figure.notes,
            provenance.sentence_of(figure),
            provenance.stamp,
        ]
        if part
    )
    width = float(figure.chart.get("width", 700)) + 2 * MARGIN
    return textwrap.wrap(text, int((width - 2 * MARGIN) / (FONT_SIZE * WIDTH_OF_LETTER)))


def _job(figure: Figure, provenance: Provenance, formats: Sequence[str]) -> dict[str, Any]:
    return {
        "chart": {**drawn_only(figure.chart), "datasets": standalone(figure)["datasets"]},
        "title": figure.title,
        "description": figure.alt,
        "lines": lines_under(figure, provenance),
        "formats": list(formats),
    }


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
