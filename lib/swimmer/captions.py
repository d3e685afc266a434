"""What is said about a swimmer plot: headline, caption, notes on what cannot be seen, and the text alternative."""

from typing import Final

from lib.cohort.bias import FORMED_LATE
from lib.publication.number import plural
from lib.swimmer.lanes import Lanes
from lib.swimmer.options import (
    BAR_KINDS,
    BEST_RESPONSE,
    DEATH,
    LAST_CONTACT,
    ONGOING,
    PROGRESSION,
    RESPONSE,
    SEVERE_CRS,
    THERAPY,
    colour_label,
)

ENDED: Final = (
    (DEATH, "died"),
    (ONGOING, "alive and followed to the data cut-off"),
    (LAST_CONTACT, "last seen alive before it"),
)
BIASED: Final = FORMED_LATE


def headline(result: Lanes) -> tuple[str, str]:
    """How the lanes end, in one sentence; and a warning where groups were formed after the infusion."""
    status = result.lanes["status"].value_counts()
    parts = [f"{status.get(kind, 0)} {words}" for kind, words in ENDED if status.get(kind, 0)]
    progressed = result.marks.loc[result.marks["kind"] == PROGRESSION, "patient"].nunique()
    sentence = (
        f"Of {plural(len(result.lanes), 'patient')}, {progressed} progressed; "
        f"{', '.join(parts) or 'nobody was followed'}."
    )
    return sentence, BIASED if result.grouping.known_after_infusion and result.options.grouped else ""


def caption(result: Lanes, blank: bool) -> str:
    """What a lane, a colour, a bar and an arrow mean, and how many lanes there are."""
    marked = result.options.marks or ()
    parts = [
        f"One lane a patient, in {result.unit} from infusion to death or last contact (n = {len(result.lanes)}).",
        _colours(result),
        _bars(result),
        "Arrow: alive and followed to the data cut-off.",
        "CRS grade 3 or higher: its first onset." if SEVERE_CRS in marked else "",
        "Star: best response until progression, where it came after the first." if BEST_RESPONSE in marked else "",
        "Nothing at the left: not stated." if blank else "",
    ]
    return " ".join(filter(None, parts))


def _colours(result: Lanes) -> str:
    colour, carried = result.options.colour, result.options.carried
    if colour == RESPONSE:
        beyond = (
            "paler and thinner where it is only carried on after the last"
            if carried
            else "to the last one or until progression-free follow-up ended"
        )
        return f"Colour: response from one assessment to the next, {beyond}; grey: not assessed."
    what = "therapy" if colour == THERAPY else colour_label(colour)
    beyond = " (paler and thinner: its end is not stated)" if carried else ""
    return (
        f"Colour: {what} from its first to its last day{beyond}; of two at once the one that began later; "
        "grey: none recorded."
    )


def _bars(result: Lanes) -> str:
    drawn = set(result.therapies["kind"])
    words = {"maintenance": "maintenance (solid)", "bridging": "bridging (dashed)"}
    lines = [words[kind] for kind in BAR_KINDS if kind in drawn]
    return f"Line under a lane: {', '.join(lines)}." if lines else ""


def notes(result: Lanes) -> tuple[str, ...]:
    """What is left out or assumed, with its number."""
    gaps = result.gaps
    said = [
        (gaps.before, "assessment", "before the infusion not drawn"),
        (gaps.earlier, "therapy", "long before the infusion (prior lines, transplants) not drawn"),
        (gaps.after, "state or course", "beginning after the end of follow-up not drawn"),
        (gaps.outside, "event", "after the end of follow-up, circled"),
        (gaps.far, "event", "too far after the end of follow-up to be drawn"),
        (gaps.undated, "row", "without a day not drawn"),
        (gaps.backwards, "state or course", "with an end before its beginning not drawn"),
        (gaps.overlapping, "state", "hidden, in part or whole, by one that began later or stands lower in the sheet"),
        (gaps.without_survival, "lane", "without overall survival: drawn to the end of the longest other endpoint"),
        (
            gaps.open_ended,
            "course",
            "of maintenance or bridging without a stated end: drawn to the end of follow-up "
            "(bridging: to the infusion)",
        ),
    ]
    left = [f"{n} of {result.n} not drawn: {reason}." for reason, n in result.left_out]
    return (*left, *(f"{_counted(n, word)} {words}." for n, word, words in said if n))


def _counted(n: int, word: str) -> str:
    many = {"therapy": "therapies", "state or course": "states or courses"}
    return f"{n} {many[word]}" if word in many and n > 1 else plural(n, word)


def alt_text(result: Lanes) -> str:
    """The figure in words."""
    sentence, _ = headline(result)
    longest = result.lanes["end"].max() if len(result.lanes) else 0
    return (
        f"Swimmer plot: one horizontal lane a patient over {result.unit} since infusion, the longest "
        f"{longest:.1f}. {sentence}"
    )
