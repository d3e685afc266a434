"""By which criteria the responses of a cohort are judged: the levels, which of them are a response, which are complete,
and the rates.

A response keeps the word of its own criteria; all words stand in one ranked list (`RESPONSES` in schema.py), which is
in the order of each of them. Sources: myeloma IMWG, Kumar 2016 (Lancet Oncol 17:e328); lymphoma Lugano, Cheson 2014 (J
Clin Oncol 32:3059); acute leukaemia ELN, Döhner 2022 (Blood 140:1345) and NCCN; CLL iwCLL, Hallek 2018 (Blood
131:2745); solid tumours RECIST 1.1, Eisenhauer 2009 (Eur J Cancer 45:228).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lib.cohort.model import Cohort

NOT_EVALUABLE: Final = "NE"
MRD_NEGATIVE, MRD_POSITIVE, MRD_NOT_DONE = "negative", "positive", "not done"
_MRD_WORDS: Final = tuple(
    (state, re.compile(pattern, re.IGNORECASE))
    for state, pattern in (
        (
            MRD_NOT_DONE,
            (
                r"\s*(?:mrd\W*)?(?:n\.?\s?d\.?\s*$|not?"
                r" (?:done|sample|material|available|tested|assessed|evaluable|measured)|indeterminate|pending|nicht"
                r" (?:durch|gemacht|bestimmt|untersucht))"
            ),
        ),
        (
            MRD_NEGATIVE,
            (
                r"\s*(?:u-?mrd\b|(?:mrd\W*)?(?:n[eé]g|undetect|not detect|nicht nachweis|indet|no detect|non"
                r" (?:d[eé]tect|rilev)|niet"
                r" aantoon|阴性|陰性|未检出))|\s*(?:mrd\s*)?(?:[-−–]|\([-−–－]\))\s*$|\s*[<≤]\s*(?:10\s*\^?\s*[-−–]\s*[3-6]|0?[.,]0+1\s*%)"  # noqa: E501
            ),
        ),
        (
            MRD_POSITIVE,
            r"\s*(?:mrd\W*)?(?:pos|detect|d[eé]tect|nachweis|rileva|aantoon|阳性|陽性|检出)|\s*(?:mrd\s*)?(?:[+]|\([+＋]\))\s*$",
        ),
    )
)


@dataclass(frozen=True)
class Outcome:
    """A rate: its name, and the responses that reach it."""

    name: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class ResponseScale:
    """`diseases` are the words of the Study setting "disease"; `levels` best first; `telling` levels that only these
    criteria have.

    `responding` counts as a response (of duration, time to response), `complete` as a complete one. `outcomes` are the
    rates, the overall one first and the complete one last; `headline` is the one that stands for depth at a landmark.
    """

    name: str
    diseases: tuple[str, ...]
    source: str
    levels: tuple[str, ...]
    telling: tuple[str, ...]
    responding: tuple[str, ...]
    complete: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    headline: str
    mrd_needs_complete: bool = False

    @property
    def overall(self) -> str:
        """The rate of all who responded."""
        return self.outcomes[0].name

    @property
    def complete_rate(self) -> str:
        """The rate of complete responses."""
        return self.outcomes[-1].name

    @property
    def thresholds(self) -> tuple[str, ...]:
        """The levels that "this or better" can ask for: all but progression and not evaluable."""
        return tuple(level for level in self.levels if level not in ("PD", NOT_EVALUABLE))

    @property
    def first_asked(self) -> str:
        """The level that a filter by response proposes first: the least that the headline asks for."""
        return next(outcome.levels[-1] for outcome in self.outcomes if outcome.name == self.headline)

    @property
    def at_landmark(self) -> tuple[str, ...]:
        """The rates that are counted at landmarks."""
        return tuple(dict.fromkeys((self.overall, self.headline, self.complete_rate)))


def _from(least: str, levels: tuple[str, ...]) -> tuple[str, ...]:
    return levels[: levels.index(least) + 1]


_IMWG: Final = ("sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE")
_LEUKAEMIA: Final = ("CR", "CRh", "CRi", "MLFS", "PR", "SD", "NR", "PD", "NE")
_CLL: Final = ("CR", "CRi", "nPR", "PR", "PR-L", "SD", "PD", "NE")
_THREE: Final = ("CR", "PR", "SD", "PD", "NE")
_ANY: Final = ("CR", "CRi", "PR", "SD", "PD", "NE")
OVERALL: Final = "Overall response (PR or better)"
CLINICAL_BENEFIT: Final = "Clinical benefit (MR or better)"
VGPR: Final = "VGPR or better"
CR: Final = "CR or better"
COMPLETE: Final = "Complete response"

IMWG: Final = ResponseScale(
    "IMWG",
    ("multiple myeloma", "myeloma", "plasma cell leukaemia", "amyloidosis"),
    "IMWG, Kumar 2016",
    _IMWG,
    ("sCR", "VGPR", "MR"),
    _from("PR", _IMWG),
    _from("CR", _IMWG),
    (
        Outcome(OVERALL, _from("PR", _IMWG)),
        Outcome(CLINICAL_BENEFIT, _from("MR", _IMWG)),
        Outcome(VGPR, _from("VGPR", _IMWG)),
        Outcome(CR, _from("CR", _IMWG)),
    ),
    VGPR,
    mrd_needs_complete=True,
)
LUGANO: Final = ResponseScale(
    "Lugano",
    (
        "lymphoma",
        "diffuse large B-cell lymphoma",
        "follicular lymphoma",
        "mantle cell lymphoma",
        "marginal zone lymphoma",
        "Hodgkin lymphoma",
    ),
    "Lugano, Cheson 2014",
    _THREE,
    (),
    _from("PR", _THREE),
    ("CR",),
    (Outcome(OVERALL, _from("PR", _THREE)), Outcome(COMPLETE, ("CR",))),
    COMPLETE,
)
LEUKAEMIA: Final = ResponseScale(
    "ELN/NCCN",
    ("acute lymphoblastic leukaemia", "acute myeloid leukaemia", "acute leukaemia"),
    "ELN, Döhner 2022; NCCN",
    _LEUKAEMIA,
    ("CRh", "MLFS"),
    _from("CRi", _LEUKAEMIA),
    _from("CRi", _LEUKAEMIA),
    (
        Outcome("Overall remission (CR, CRh or CRi)", _from("CRi", _LEUKAEMIA)),
        Outcome("CR or CRh", _from("CRh", _LEUKAEMIA)),
        Outcome("Complete remission (CR)", ("CR",)),
    ),
    "Overall remission (CR, CRh or CRi)",
)
IWCLL: Final = ResponseScale(
    "iwCLL",
    ("chronic lymphocytic leukaemia", "small lymphocytic lymphoma"),
    "iwCLL, Hallek 2018",
    _CLL,
    ("nPR", "PR-L"),
    _from("PR-L", _CLL),
    _from("CRi", _CLL),
    (
        Outcome("Overall response (PR-L or better)", _from("PR-L", _CLL)),
        Outcome("Complete response (CR or CRi)", _from("CRi", _CLL)),
    ),
    "Complete response (CR or CRi)",
)
RECIST: Final = ResponseScale(
    "RECIST",
    ("solid tumour", "carcinoma", "sarcoma", "glioma", "neuroblastoma", "melanoma"),
    "RECIST 1.1, Eisenhauer 2009",
    _THREE,
    (),
    _from("PR", _THREE),
    ("CR",),
    (
        Outcome(OVERALL, _from("PR", _THREE)),
        Outcome("Disease control (SD or better)", _from("SD", _THREE)),
        Outcome(COMPLETE, ("CR",)),
    ),
    COMPLETE,
)
UNKNOWN: Final = ResponseScale(  # nobody said which disease it is, and the responses do not tell
    "as written",
    (),
    "as written in the file, disease not stated",
    _ANY,
    (),
    _from("PR", _ANY),
    _from("CRi", _ANY),
    (Outcome(OVERALL, _from("PR", _ANY)), Outcome(COMPLETE, _from("CRi", _ANY))),
    COMPLETE,
)
SCALES: Final = (IMWG, LUGANO, LEUKAEMIA, IWCLL, RECIST)
DISEASES: Final = tuple(scale.diseases[0] for scale in SCALES)


def scale_of(cohort: Cohort) -> ResponseScale:
    """The criteria of the opened cohort: those of the disease that the study names, else those that its responses
    tell."""
    return scale_for(cohort.study.disease, cohort.vocabulary.get("response", ()))


def scale_for(disease: str, given: Iterable[str]) -> ResponseScale:
    """The criteria for this disease ("" = not stated) and these responses."""
    known = next((scale for scale in SCALES if _names(disease, scale)), None) if disease else None
    return known or next((scale for scale in SCALES if set(scale.telling) & set(given)), UNKNOWN)


def mrd_word(written: str) -> str:
    """What a word of MRD says: negative (also below the limit that it names), positive, not done; "" for what cannot be
    reported."""
    return next((state for state, pattern in _MRD_WORDS if pattern.match(written)), "")


def is_disease(written: str) -> bool:
    """Whether criteria are known for a disease of this name."""
    return any(_names(written, scale) for scale in SCALES)


def _names(written: str, scale: ResponseScale) -> bool:
    folded = _folded(written)
    return folded == _folded(scale.name) or any(folded == _folded(disease) for disease in scale.diseases)


def _folded(written: str) -> str:
    return written.casefold().replace("leukemia", "leukaemia").replace("tumor", "tumour").strip()
