"""What may be chosen of a swimmer plot, and what is usual for a cohort.

Colour: the response, the therapy, or one measure of States. Marks: what happened when, beside progression and the end
of a lane, which are always drawn. Every choice is offered by the words of the opened cohort, so that a filter changes
none of them.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.publication.options import Sized, choice, flag, number, several

RESPONSE: Final = "response"
THERAPY: Final = "therapy"
STATE: Final = "state\t"  # followed by the measure
STRIPS: Final = ("emd", "high_risk_cytogenetics")
SORTS: Final = ("Follow-up", "Best response", "Time to first response", "Group", "Patient")

INFUSION: Final = "Infusion"
REINFUSION: Final = "Re-infusion"
FIRST_RESPONSE: Final = "First response"
BEST_RESPONSE: Final = "Best response, if later"
MRD_NEGATIVE: Final = "MRD negative"
SEVERE_CRS: Final = "CRS grade 3 or higher"
PROGRESSION: Final = "Progression"
DEATH: Final = "Death"
ONGOING: Final = "Ongoing"
LAST_CONTACT: Final = "Last contact"
COURSE: Final = (INFUSION, REINFUSION, FIRST_RESPONSE, BEST_RESPONSE, MRD_NEGATIVE, SEVERE_CRS)  # may be chosen
BY_COLOUR: Final = (FIRST_RESPONSE, BEST_RESPONSE, PROGRESSION)  # what lanes coloured by response say themselves
ENDS: Final = (PROGRESSION, LAST_CONTACT, ONGOING, DEATH)  # always drawn, and last, so that nothing hides them
OWN_EVENT: Final = "event\t"  # followed by the word in Events
ONSET: Final = "onset\t"  # followed by the term of an adverse event
START: Final = "start\t"  # followed by kind and name of a therapy
MOST_STRIPS: Final = 8
MOST_OWN: Final = 6  # as many own events as symbols can be told apart
BAR_KINDS: Final = ("maintenance", "bridging")
NOT_BEFORE: Final = ("prior line", "transplant")  # kinds of therapy so early that lanes would shrink to nothing


def _columns(analysis: Analysis, _variant: Any) -> dict[str, str]:
    return {each.name: each.label for each in analysis.opened.variables}


def _strips(analysis: Analysis, _variant: Any) -> dict[str, str]:
    return {name: label for name, label in _columns(analysis, None).items() if name != analysis.grouping.variable}


def _usual_strips(analysis: Analysis, _variant: Any) -> tuple[str, ...]:
    return tuple(name for name in STRIPS if name in _strips(analysis, None))


@dataclass(frozen=True)
class SwimmerOptions(Sized):
    """What is None is what `settled` chooses for the cohort."""

    sort: str = choice(
        SORTS[0], lambda analysis, _: {name: name for name in SORTS} | _columns(analysis, None), "Sort by"
    )
    grouped: bool = flag(True, "Group the lanes", when=lambda analysis, _: analysis.grouping.compares)
    colour: str = choice(
        None,
        lambda analysis, _: {each: colour_label(each) for each in colours_of(analysis.opened)},
        "Colour by",
        usual=lambda analysis, _: colours_of(analysis.opened)[0],
    )
    strips: tuple[str, ...] | None = several(
        None, _strips, "Baseline features", usual=_usual_strips, most=MOST_STRIPS, none="none"
    )
    marks: tuple[str, ...] | None = several(
        None,
        lambda analysis, _: marks_of(analysis.opened),
        "Marks",
        usual=lambda analysis, _: settled(SwimmerOptions(), analysis.opened).marks,
        none="none",
    )
    carried: bool = flag(
        True,
        "Extend last response to last contact",
        help="Paler, beyond the last assessment; or a state without an end.",
    )
    reference_day: float | None = number(None, "Line at day", -3650, 3650, none="none")


def settled(options: SwimmerOptions, cohort: Cohort) -> SwimmerOptions:
    """The options with every choice made, without those that this cohort does not have."""
    colours, marks = colours_of(cohort), tuple(marks_of(cohort))
    strips = STRIPS if options.strips is None else options.strips
    chosen = default_marks(cohort) if options.marks is None else options.marks
    return replace(
        options,
        colour=options.colour if options.colour in colours else colours[0],
        strips=tuple(name for name in strips if cohort.variable(name)),
        marks=_at_most([mark for mark in marks if mark in chosen]),
    )


def colours_of(cohort: Cohort) -> tuple[str, ...]:
    """By what lanes may be coloured: the default first."""
    measures = dict.fromkeys(pair.split("\t")[0] for pair in cohort.vocabulary.get("state", ()))
    offered = [RESPONSE] * bool(cohort.vocabulary.get("response"))
    offered += [STATE + measure for measure in measures]
    offered += [THERAPY] * bool(cohort.vocabulary.get("course"))
    return tuple(offered) or (RESPONSE,)


def states_of(cohort: Cohort, colour: str) -> tuple[str, ...]:
    """The states in which a lane can be, in order, under this colour."""
    if colour == RESPONSE:
        return tuple(response for response in cohort.vocabulary.get("response", ()) if response != "NE")
    pairs = cohort.vocabulary.get("course" if colour == THERAPY else "state", ())
    parted = [pair.split("\t", 1) for pair in pairs]
    if colour == THERAPY:
        return tuple(dict.fromkeys(name or kind for kind, name in parted))
    return tuple(state for measure, state in parted if STATE + measure == colour)


def colour_label(colour: str) -> str:
    """What the colours mean, as the title of their legend."""
    return colour.removeprefix(STATE) if colour.startswith(STATE) else colour.capitalize()


def marks_of(cohort: Cohort) -> dict[str, str]:
    """Every mark that may be chosen, with its name in the legend, in the order in which they are drawn."""
    words = cohort.vocabulary
    there = {
        INFUSION: True,
        REINFUSION: any(number != "1" for number in words.get("infusion", ())),
        FIRST_RESPONSE: bool(words.get("response")),
        BEST_RESPONSE: bool(words.get("response")),
        MRD_NEGATIVE: "negative" in words.get("mrd", ()),
        SEVERE_CRS: any(is_crs(term) for term in words.get("term", ())),
    }
    offered = {mark: mark for mark in COURSE if there[mark]}
    offered |= {OWN_EVENT + event: event for event in words.get("event", ())}
    offered |= {ONSET + term: f"{term}, onset" for term in words.get("term", ())}
    offered |= {START + course: f"Start of {_course_name(course)}" for course in words.get("course", ())}
    taken = {*COURSE, *ENDS}
    return {mark: f"{name} (Events)" if name in taken and mark not in taken else name for mark, name in offered.items()}


def default_marks(cohort: Cohort) -> tuple[str, ...]:
    """What is marked unless the reader says otherwise: the infusion only where lanes may begin before it."""
    words = cohort.vocabulary
    before = bool(words.get("state")) or "bridging" in words.get("therapy_kind", ())
    own = [mark for mark in marks_of(cohort) if mark.startswith(OWN_EVENT)]
    return (*(mark for mark in COURSE if mark != INFUSION or before), *own)


def ends_of(cohort: Cohort) -> tuple[str, ...]:
    """The marks that are always drawn; progression only where something in the workbook could tell it."""
    known = bool(cohort.vocabulary.get("response")) or bool({"ttp", "pfs"} & set(cohort.endpoint_names))
    return tuple(mark for mark in ENDS if known or mark != PROGRESSION)


def is_crs(term: str) -> bool:
    """Whether the term of an adverse event means cytokine release syndrome."""
    return "crs" in term.casefold() or "cytokine release" in term.casefold()


def is_own(mark: str) -> bool:
    """Whether the mark is one of the workbook's own words, not one of the fixed ones."""
    return "\t" in mark


def _at_most(marks: list[str]) -> tuple[str, ...]:
    own = [mark for mark in marks if is_own(mark)][:MOST_OWN]
    return tuple(mark for mark in marks if not is_own(mark) or mark in own)


def _course_name(course: str) -> str:
    kind, name = course.split("\t", 1)
    return f"{name} ({kind})" if name and kind else name or kind
