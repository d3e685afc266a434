"""The name of an exhibit's file: its id, made safe for every file system."""

import hashlib
import re
from typing import Final

LONGEST: Final = 100  # bytes of the stem; file systems allow 255, and a folder's path may count too
UNSAFE: Final = re.compile(r"[^\w.-]+")


def file_name(exhibit_id: str, extension: str) -> str:
    """The id with its extension. Signs that a file system may refuse become "_"; an id that was changed or is too long
    ends with eight digits of its SHA-256, so that two of them never share a name."""
    stem = UNSAFE.sub("_", exhibit_id)
    shortened = stem.encode()[:LONGEST].decode(errors="ignore")
    if shortened != exhibit_id:
        shortened = f"{shortened}-{hashlib.sha256(exhibit_id.encode()).hexdigest()[:8]}"
    return f"{shortened}.{extension}"
