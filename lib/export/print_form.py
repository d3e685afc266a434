"""How a figure is printed: its width on paper, resolution, colours, caption and title. Export menu, command line and
Python ask the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

from lib.publication.sizes import SCREEN, SMALL

Colours = Literal["colour", "grey", "bw"]
CaptionPlace = Literal["inside", "beside", "none"]
SLIDE: Final = "slide"
SCREEN_SIZE: Final = "screen"
SIZES: Final[Mapping[str, str]] = {
    "85mm": "85 mm (one column)",
    "114mm": "114 mm (one and a half)",
    "174mm": "174 mm (two columns)",
    "180mm": "180 mm (two columns)",
    SLIDE: "Slide 16:9",
    SCREEN_SIZE: "As on the screen",
}
COLOURS: Final[Mapping[Colours, str]] = {"colour": "Colour", "grey": "Greys", "bw": "Black and white"}
CAPTIONS: Final[Mapping[CaptionPlace, str]] = {"inside": "In the file", "beside": "As text", "none": "None"}
RESOLUTIONS: Final = (300, 600)  # dots per inch
FORMATS: Final = ("svg", "pdf", "png", "tiff")
POINTS_PER_MM: Final = 72 / 25.4
PRINTED: Final = 7.0  # points of the small words of a figure
SLIDE_MM: Final = (40 / 3 * 25.4, 7.5 * 25.4)  # 13.333 x 7.5 in
SLIDE_PIXELS: Final = 640
NARROWEST, WIDEST = 40.0, 500.0  # mm


class NotPrintable(ValueError):
    """A form that cannot be printed; the text is a sentence that names those that can."""


@dataclass(frozen=True)
class PrintForm:
    """`size` is one of SIZES, or any width such as "120mm". "As on the screen" prints one pixel as one point."""

    size: str = SCREEN_SIZE
    dpi: int = 300
    colours: Colours = "colour"
    caption: CaptionPlace = "inside"
    title: bool = True

    def __post_init__(self) -> None:
        """Raises NotPrintable."""
        for name, value, allowed in (
            ("resolution", self.dpi, RESOLUTIONS),
            ("choice of colours", self.colours, COLOURS),
            ("place of a caption", self.caption, CAPTIONS),
        ):
            if value not in allowed:
                raise NotPrintable(f'"{value}" is no {name}. It may be {", ".join(map(str, allowed))}.')
        if self.size not in SIZES and not NARROWEST <= (self.width_mm or 0) <= WIDEST:
            raise NotPrintable(
                f'"{self.size}" is no width. It may be {", ".join(SIZES)}, or from {NARROWEST:g} to {WIDEST:g} mm.'
            )

    @property
    def width_mm(self) -> float | None:
        """The width on paper; None where it follows from the figure (as on the screen)."""
        if self.size == SLIDE:
            return SLIDE_MM[0]
        try:
            return float(self.size.removesuffix("mm"))
        except ValueError:
            return None

    @property
    def pixels(self) -> int:
        """The width in which the figure is laid out, so that its small words are printed at seven points; even."""
        if self.size == SLIDE:
            return SLIDE_PIXELS
        wide = self.width_mm
        return SCREEN if wide is None else 2 * ceil(wide * POINTS_PER_MM * SMALL / PRINTED / 2)


ON_PAPER: Final = PrintForm("174mm")  # usual in reports and Export menus
