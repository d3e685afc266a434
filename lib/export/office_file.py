"""Word, PowerPoint and Excel files whose bytes depend on what is in them alone, never on the clock; and what they say
of themselves."""

import datetime as dt
import io
import re
import zipfile
from typing import Final, Protocol

from lib import VERSION
from lib.export.provenance import APP, Provenance
from lib.export.sheet_copy import NOT_IN_XML

FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip archive knows
MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
LONGEST: Final = 255  # characters of a property


class Properties(Protocol):
    """The core properties of an office file, by the names that openpyxl, python-docx and python-pptx share."""

    title: str
    subject: str
    keywords: str
    created: dt.datetime


def described(properties: Properties, title: str, provenance: Provenance) -> None:
    """Write title, selection, fingerprint, version and date into the properties; no file name, no patient."""
    properties.title = xml_text(title)[:LONGEST]
    properties.subject = xml_text(provenance.sentence)[:LONGEST]
    keywords = (
        f"data {provenance.fingerprint}; {APP} {VERSION}; {provenance.selection}; groups:"
        f" {provenance.group_by or 'none'}"
    )
    properties.keywords = xml_text(keywords)[:LONGEST]
    properties.created = made_on(provenance)


def made_on(provenance: Provenance) -> dt.datetime:
    """The day on which the file was made, without the time of day."""
    return dt.datetime.combine(dt.date.fromisoformat(provenance.created), dt.time())


def xml_text(text: str) -> str:
    """The text without characters that cannot stand in XML."""
    return NOT_IN_XML.sub(" ", text)


def steady(content: bytes, provenance: Provenance) -> bytes:
    """The same office file with the day of the provenance in place of every time of writing."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = MODIFIED.sub(rb"\g<1>" + made_on(provenance).strftime("%Y-%m-%dT%H:%M:%SZ").encode(), part)
            new.writestr(zipfile.ZipInfo(name, FIRST_DAY), part, zipfile.ZIP_DEFLATED)
    return written.getvalue()
