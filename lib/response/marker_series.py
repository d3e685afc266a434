"""Which series of the Labs sheet measure the monoclonal protein: M-protein in serum or urine, free light chains (FLC)
and their difference.

Told from the name of the test; ratios and heavy-light chain tests are none. Values of different units are different
series.
"""

import re
from dataclasses import dataclass
from typing import Final

from lib.cohort.model import Cohort

NOT_ONE: Final = re.compile(r"ratio|quotient|\bhlc\b|比|κ\s*/\s*λ|kappa\s*/\s*lambda", re.IGNORECASE)
URINE: Final = re.compile(r"urin|\bupep\b|bence|24\s*h|尿", re.IGNORECASE)
LIGHT_CHAIN: Final = re.compile(
    r"\b[sis]?flc|free light|free (kappa|lambda|κ|λ)|(kappa|lambda|κ|λ)[ _-]*(free|flc|light)|freie leicht|游离轻链",
    re.IGNORECASE,
)
DIFFERENCE: Final = re.compile(
    r"\bd[ _-]?flc|(difference|delta|differenz).*(flc|light)|(flc|light).*(difference|delta|differenz)", re.IGNORECASE
)
CHAIN: Final = re.compile(r"kappa|lambda|κ|λ|\b[kl](?=[ _-]*flc)", re.IGNORECASE)
UNINVOLVED: Final = re.compile(r"un[ _-]?involved|non[ _-]?involved", re.IGNORECASE)
INVOLVED: Final = re.compile(r"\bi[ _-]?flc|involved|betroffen", re.IGNORECASE)
M_PROTEIN: Final = re.compile(
    r"\bm[ _-]?(protein|prot|spike|component|komponente|gradient|peak|spitze)|monoclonal"
    r" (protein|component|band|spike)|paraprotein|\bspep\b|\bupep\b|"
    r"\bmonoklonal|m蛋白|bence",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class MarkerSeries:
    """One test in one unit: its names in the workbook, `kind` as the field names it, `slug` for its exhibits.

    `chain_not_stated`: a single light chain of which the workbook does not say whether it is the involved one.
    """

    test: str
    unit: str
    kind: str
    slug: str
    chain_not_stated: bool

    @property
    def label(self) -> str:
        """The test with its unit."""
        return f"{self.test}, {self.unit}" if self.unit else self.test


def marker_series(cohort: Cohort) -> tuple[MarkerSeries, ...]:
    """Those of the opened cohort, in the order of its laboratory tests (most values first)."""
    found: list[MarkerSeries] = []
    for words in cohort.vocabulary.get("lab", ()):
        test, _, unit = words.partition("\t")
        if kind := marker_kind(test):
            name = re.sub(r"[^a-z]+", "_", kind.casefold()).strip("_")
            again = sum(each.slug == name or each.slug.startswith(f"{name}_of_") for each in found)
            slug = f"{name}_of_{again + 1}" if again else name
            found.append(MarkerSeries(test, unit, kind, slug, kind in ("kappa FLC", "lambda FLC", "FLC")))
    return tuple(found)


def marker_kind(test: str) -> str:
    """What a test is: M-protein, urine M-protein, dFLC, involved FLC, kappa FLC, lambda FLC, FLC; "" for every
    other."""
    if NOT_ONE.search(test):
        return ""
    if DIFFERENCE.search(test):
        return "dFLC"
    if UNINVOLVED.search(test):
        return ""
    if LIGHT_CHAIN.search(test):
        return _chain(test)
    return ("urine M-protein" if URINE.search(test) else "M-protein") if M_PROTEIN.search(test) else ""


def _chain(test: str) -> str:
    """Which light chain a test measures."""
    if INVOLVED.search(test):
        return "involved FLC"
    named = CHAIN.search(test)
    return {"k": "kappa FLC", "κ": "kappa FLC"}.get(named[0][0].casefold(), "lambda FLC") if named else "FLC"
