"""Which endpoints a cohort has: those of its workbook first, then those that can be derived; and the choices that
define them.

All is derived from the words of the opened cohort, so that nothing depends on the selection. A given endpoint always
wins over a derived one of the same name.
"""

import re
from dataclasses import dataclass
from typing import Final

from lib.cohort.model import Cohort
from lib.cohort.response_scale import scale_of
from lib.cohort.schema import endpoint_label

DERIVED: Final = ("dor", "efs", "ttnt")
EFS_EVENTS: Final = ("progression", "death", "new therapy", "another infusion")
ORIGINS: Final = ("infusion", "apheresis")
APHERESIS: Final = re.compile(r"apheres|aphaeres|apherese|采集|单采", re.IGNORECASE)

INCIDENCE_LABELS: Final = {
    "response": "Time to response",
    "complete_response": "Time to complete response",
    "best_response": "Time to best response",
}


@dataclass(frozen=True)
class Definition:
    """The choices behind endpoints. `efs_events` empty = every event that the workbook tells.

    `dor_death` and `ttnt_death`: whether death is an event of duration of response, of time to next treatment; where it
    is not, patients are censored at death. `origin`: from when time counts; whoever is followed from apheresis enters
    at infusion.
    """

    origin: str = "infusion"
    dor_death: bool = True
    ttnt_death: bool = False
    efs_events: tuple[str, ...] = ()


AS_USUAL: Final = Definition()


def offered_endpoints(cohort: Cohort) -> tuple[str, ...]:
    """The endpoints of the workbook in its order, then the derived ones that its tables allow."""
    given = cohort.endpoint_names
    allowed = {"dor": _responses_last(cohort), "efs": _efs_adds(cohort), "ttnt": _treatment_and_death(cohort)}
    return given + tuple(endpoint for endpoint in DERIVED if endpoint not in given and allowed[endpoint])


def offered_incidences(cohort: Cohort) -> tuple[str, ...]:
    """What competing-risk curves there are: endpoints with death as competing event, then first, complete and best
    response."""
    if "os" not in cohort.endpoint_names:
        return ()
    parted = tuple(name for name in offered_endpoints(cohort) if name in ("ttp", "pfs", "ttnt"))
    seen = cohort.vocabulary.get("response", ())
    scale = scale_of(cohort)
    wanted = {"response": scale.responding, "complete_response": scale.complete, "best_response": scale.responding}
    return parted + tuple(name for name, levels in wanted.items() if set(levels) & set(seen))


def incidence_label(endpoint: str) -> str:
    """What competing-risk curves are of, as a reader knows it: "Time to response", "Progression-free survival"."""
    return INCIDENCE_LABELS.get(endpoint) or endpoint_label(endpoint)


def offered_efs_events(cohort: Cohort) -> tuple[str, ...]:
    """Of the events an event-free survival may wait for, those that this workbook can tell."""
    reported = {
        "progression": _tells_progression(cohort),
        "death": "os" in cohort.endpoint_names,
        "new therapy": "subsequent" in cohort.vocabulary.get("therapy_kind", ()),
        "another infusion": len(cohort.vocabulary.get("infusion", ())) > 1,
    }
    return tuple(event for event in EFS_EVENTS if reported[event])


def offered_origins(cohort: Cohort) -> tuple[str, ...]:
    """Infusion, and apheresis where the therapies name one."""
    named = any(APHERESIS.search(word) for word in cohort.vocabulary.get("therapy", ()))
    return ORIGINS if named else ORIGINS[:1]


def _tells_progression(cohort: Cohort) -> bool:
    return bool({"ttp", "pfs"} & set(cohort.endpoint_names)) or "PD" in cohort.vocabulary.get("response", ())


def _responses_last(cohort: Cohort) -> bool:
    return bool(set(scale_of(cohort).responding) & set(cohort.vocabulary.get("response", ()))) and _tells_progression(
        cohort
    )


def _efs_adds(cohort: Cohort) -> bool:
    """Whether there are two events at least, and not only those of a progression-free survival that is given."""
    events = offered_efs_events(cohort)
    adds = "pfs" not in cohort.endpoint_names or not set(events) <= {"progression", "death"}
    return len(events) > 1 and "death" in events and adds


def _treatment_and_death(cohort: Cohort) -> bool:
    return "subsequent" in cohort.vocabulary.get("therapy_kind", ()) and "os" in cohort.endpoint_names
