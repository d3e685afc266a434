"""A report: exhibits in the reader's order with her own headings and words. Every document and package is made of this one value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from lib.cohort.account import Account
from lib.cohort.finding import Finding
from lib.export.provenance import Provenance
from lib.publication.attempt import Failed
from lib.publication.exhibit import Exhibit

NO_ACCOUNT: Final = Account()
Kind = Literal["html", "docx", "pptx", "pdf", "zip"]
Progress = Callable[[int, int, str], None]  # steps done, of all, what comes next; what it raises stops the work


@dataclass(frozen=True)
class Item:
    """What a reader chose: an exhibit by its id, her heading ("" = its title) and her words before it."""

    id: str
    heading: str = ""
    words: str = ""


@dataclass(frozen=True)
class Part:
    """One exhibit of a report, or why it could not be made, under a heading and words of the reader's own."""

    exhibit: Exhibit | Failed
    heading: str = ""
    words: str = ""


@dataclass(frozen=True)
class Report:
    """`findings` and `account` say what was wrong in the file and where its cells went, for results.json."""

    title: str
    parts: tuple[Part, ...]
    provenance: Provenance
    findings: tuple[Finding, ...] = ()
    account: Account = NO_ACCOUNT
