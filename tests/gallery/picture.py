"""A figure as a small picture at a journal's width: 180 mm (two columns) or 85 mm (one), 150 dots an inch, few colours."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.export.figure_file import figure_files
from lib.export.provenance import Provenance
from lib.publication.exhibit import Figure

FOLDER: Final = Path(__file__).parents[2] / "docs" / "gallery"
TWO_COLUMNS_MM: Final = 180
ONE_COLUMN_MM: Final = 85
DOTS_PER_MM: Final = 150 / 25.4
COLOURS: Final = 128


@dataclass(frozen=True)
class Picture:
    """A figure under the name of its file in docs/gallery, over the cohort and grouping that it shows."""

    name: str
    figure: Figure
    cohort: Cohort
    grouping: Grouping
    width_mm: int = TWO_COLUMNS_MM


def write(pictures: list[Picture]) -> None:
    """Draw all of them in one worker, and keep each as docs/gallery/<name>.png."""
    FOLDER.mkdir(exist_ok=True)
    drawn = figure_files(
        [(each.figure, Provenance.of_cohort(each.cohort, each.grouping)) for each in pictures], ["png"]
    )
    for picture, (content,) in zip(pictures, drawn, strict=True):
        small(content, picture.width_mm).save(FOLDER / f"{picture.name}.png", optimize=True)


def small(content: bytes, width_mm: int) -> Image.Image:
    """The picture at its printed width."""
    image = Image.open(BytesIO(content)).convert("RGB")
    width = round(width_mm * DOTS_PER_MM)
    scaled = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
    return scaled.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE)
