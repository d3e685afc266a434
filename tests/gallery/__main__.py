"""Writes docs/gallery anew: PYTHONPATH=.:data:tests python -m gallery [part of a name ...]

Each figure at 85 and 180 mm, 150 dots an inch, in as few colours as keep it below 60 kB; and one in greys, black and on
a slide.
"""

import sys
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from gallery.rooms import Room, rooms
from lib.export.composition import PrintForm
from lib.export.figure_file import figure_files

FOLDER: Final = Path(__file__).parents[2] / "docs" / "gallery"
WIDTHS: Final = {size: PrintForm(size, caption="none", title=False) for size in ("85mm", "180mm")}
OTHERS: Final = {
    "85mm_grey": PrintForm("85mm", colours="grey", caption="none"),
    "85mm_bw": PrintForm("85mm", colours="bw", caption="none"),
    "85mm_caption": PrintForm("85mm"),
    "slide": PrintForm("slide", caption="none"),
}
IN_OTHERS: Final = ("survival.os", "swimmer.plot", "toxicity.butterfly")
MOST_BYTES: Final = 60_000
HEAD: Final = """# Gallery

Every figure as it is exported, 85 mm (one column) and 180 mm (two columns) wide, here with 150 dots an inch and few colours. Made by `make gallery`
(tests/gallery) from the synthetic examples of [data](../../data/README.md), from made cohorts of 5, 60 and 300 patients, and, for the swimmer plots that
end in their names, from the public example data of ggswim, swimplot and ggswimlane (licences:
[INDEX.md](../../tests/public_data/INDEX.md)). No picture shows a real patient of this project.
"""


def main(wanted: list[str]) -> None:
    """Draw all of them, or those whose name holds one of these words; and the page that shows them."""
    FOLDER.mkdir(exist_ok=True)
    every = rooms()
    for room in every:
        for size, form in WIDTHS.items():
            draw(room, size, form, wanted)
    for size, form in OTHERS.items():
        draw(every[0], size, form, wanted, IN_OTHERS)
    (FOLDER / "README.md").write_text(page(), encoding="utf-8")


def draw(room: Room, size: str, form: PrintForm, wanted: list[str], only: tuple[str, ...] = ()) -> None:
    """The figures of a room in one worker."""
    figures = [each for each in room.figures(form.pixels) if not only or each.id in only]
    figures = [
        each for each in figures if not wanted or any(word in f"{each.id}{room.ending}_{size}" for word in wanted)
    ]
    drawn = figure_files([(each, room.provenance) for each in figures], ["png"], form) if figures else []
    for figure, (content,) in zip(figures, drawn, strict=True):
        (FOLDER / f"{figure.id}{room.ending}_{size}.png").write_bytes(small(content))


def small(content: bytes) -> bytes:
    """Half as many dots, or fewer, and fewer colours until it is small enough."""
    with Image.open(BytesIO(content)) as opened:
        image = opened.convert("RGB")
    for part, colours in ((2, 128), (2, 64), (2, 32), (2, 16), (3, 32), (3, 16), (4, 16)):
        scaled = image.resize((image.width // part, image.height // part), Image.Resampling.LANCZOS)
        made = BytesIO()
        scaled.quantize(colours, method=Image.Quantize.FASTOCTREE).save(made, "PNG", optimize=True)
        if made.tell() <= MOST_BYTES:
            break
    return made.getvalue()


def page() -> str:
    """A row for each figure: one column, two columns."""
    names = sorted({path.stem.rsplit("_", 1)[0] for path in FOLDER.glob("*_85mm.png")})
    rows = [f"| `{name}` | ![]({name}_85mm.png) | ![]({name}_180mm.png) |" for name in names]
    others = [f"| `{name}` {size} | ![]({name}_{size}.png) | |" for name in IN_OTHERS for size in OTHERS]
    return "\n".join([HEAD, "| Figure | 85 mm | 180 mm |", "|---|---|---|", *rows, *others, ""])


if __name__ == "__main__":
    main(sys.argv[1:])
