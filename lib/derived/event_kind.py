"""Which adverse events were serious, related to the treatment or treatment-emergent, as the workbook says.

Related: possible, probable, definite (WHO-UMC: certain) or plainly yes; unlikely, unrelated, none or plainly no are
not. Other words, and an empty cell, state nothing: such an event is of no kind, and is counted as not stated.
Source: the usual two classes of the relation of an adverse event, ICH E2B(R3) and CDISC SDTM (AEREL).
"""

from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort

RELATED: Final = frozenset(
    (
        "possible",
        "possibly",
        "possibly related",
        "probable",
        "probably",
        "probably related",
        "likely",
        "definite",
        "definitely",
        "definitely related",
        "certain",
        "related",
        "suspected",
        "yes",
        "y",
        "1",
        "true",
    )
)
NOT_RELATED: Final = frozenset(
    ("unlikely", "unlikely related", "unrelated", "not related", "not suspected", "none", "no", "n", "0", "false")
)


def _stated(column: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda events: events[column].map({"yes": True, "no": False})


def _related(events: pd.DataFrame) -> pd.Series:
    words = events["related"].astype("object").str.strip().str.casefold()
    return words.map({**dict.fromkeys(RELATED, True), **dict.fromkeys(NOT_RELATED, False)})


KINDS: Final[dict[str, Callable[[pd.DataFrame], pd.Series]]] = {
    "serious": _stated("serious"),
    "related": _related,
    "treatment-emergent": _stated("treatment_emergent"),
}


def kinds_stated(cohort: Cohort) -> tuple[str, ...]:
    """The kinds of which this cohort has an event."""
    found: tuple[str, ...] = cohort.fact(_kinds_stated)
    return found


def _kinds_stated(cohort: Cohort) -> tuple[str, ...]:
    return tuple(kind for kind, holds in KINDS.items() if (holds(cohort.adverse_events) == True).any())  # noqa: E712  a column of objects


def of_kind(events: pd.DataFrame, kind: str) -> pd.Series:
    """True for the events that are stated to be of this kind."""
    return (KINDS[kind](events) == True).astype(bool)  # noqa: E712  a column of objects


def only_kinds(cohort: Cohort, kinds: Sequence[str]) -> tuple[Cohort, tuple[str, ...]]:
    """The cohort with the events that are of all these kinds, and one sentence for each kind on those of which it is
    not stated."""
    events, said = cohort.adverse_events, []
    for kind in kinds:
        unknown = events[KINDS[kind](events).isna() & ~(events["grade"] == 0)]
        if len(unknown):
            who = unknown["patient_id"].nunique()
            said.append(
                f"Of {len(unknown):,} adverse event{'s' * (len(unknown) > 1)} ({who:,} patient{'s' * (who > 1)}) it is"
                f" not stated whether {kind}: not counted."
            )
        events = events[of_kind(events, kind) | (events["grade"] == 0)]
    return cohort.with_table("adverse_events", events.reset_index(drop=True)), tuple(said)
