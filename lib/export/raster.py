"""Pictures made of dots: PNG and TIFF with their resolution and with what they show as text."""

import io
from collections.abc import Mapping

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import ImageFileDirectory_v2

DOCUMENT_NAME, DESCRIPTION, SOFTWARE, DATE = 269, 270, 305, 306  # tags of TIFF 6.0


def picture(png: bytes, file_format: str, dpi: int, facts: Mapping[str, str], grey: bool) -> bytes:
    """The picture as PNG or TIFF (LZW), in greys where it has no colours. `facts`: Title, Description, Software,
    Created and more."""
    with Image.open(io.BytesIO(png)) as opened:
        image = opened.convert("L" if grey else "RGB")
    made = io.BytesIO()
    if file_format == "png":
        image.save(made, "PNG", dpi=(dpi, dpi), pnginfo=_chunks(facts))
    else:
        image.save(made, "TIFF", dpi=(dpi, dpi), compression="tiff_lzw", tiffinfo=_tags(facts))
    return made.getvalue()


def _chunks(facts: Mapping[str, str]) -> PngInfo:
    chunks = PngInfo()
    for name, words in facts.items():
        chunks.add_itxt(name, words)
    return chunks


def _tags(facts: Mapping[str, str]) -> ImageFileDirectory_v2:
    rest = "\n".join(f"{name}: {words}" for name, words in facts.items() if name not in ("Title", "Software"))
    tags = ImageFileDirectory_v2()
    for tag, words in ((DOCUMENT_NAME, facts["Title"]), (DESCRIPTION, rest), (SOFTWARE, facts["Software"])):
        tags[tag] = words.encode()
    tags[DATE] = f"{facts['Created'].replace('-', ':')} 00:00:00"
    return tags
