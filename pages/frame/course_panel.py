"""Sidebar: filters on the course (an adverse event, a response, detectable copies, a therapy), added one at a time.

The controls hold a draft; only "Add this filter" changes the View, and active clauses are chips like all others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import streamlit as st

from lib.cohort.course_clause import Answered, CourseClause
from lib.cohort.kinetic_series import SeriesKey, series_keys
from lib.cohort.model import Cohort, kept
from lib.cohort.response_scale import scale_of
from lib.cohort.selection import Selection, describe_answer
from lib.cohort.time_unit import DAYS_PER
from lib.cohort.view import GRADES, LATEST
from lib.publication.masking import masked_words
from pages.frame import ask, session
from pages.frame.escape import plain

Answer = Callable[[Cohort, Selection], tuple[Answered, ...]]
Counts = Callable[..., list[int]]
EVENT, RESPONSE, COPIES, THERAPY = "Adverse event", "Response", "CAR copies", "Therapy"
FIRST_GRADE: Final = 3
PRESSED: Final = "filter is to be added"
MONTH_1: Final = 28.0  # the day at which copies are looked for at first
HELP: Final = {
    EVENT: "At the worst grade. Patients whose event has no grade are not known.",
    RESPONSE: "Whoever was not assessed by then is not known.",
    COPIES: (
        "The sample nearest to the day, within a tenth of it in whole days (day 28: ± 3), at least one. Below the limit"
        " of quantification is not detectable."
    ),
    THERAPY: "Courses begun by then, before the infusion too. Whoever has no such course is taken to have had none.",
}


@dataclass(frozen=True)
class _Offer:
    """The kinds of clause for which the open workbook has data, each with the names to choose from."""

    terms: Sequence[str]
    responses: Sequence[str]
    headline: str
    series: Sequence[SeriesKey]
    therapies: Sequence[str]

    @property
    def kinds(self) -> list[str]:
        named = {EVENT: self.terms, RESPONSE: self.responses, COPIES: self.series, THERAPY: self.therapies}
        return [kind for kind, names in named.items() if names]


def show_chips(cohort: Cohort, answered: Sequence[Answered]) -> None:
    """Every active clause in a few words, with a button that takes it out; pointed at, it says who is not known."""
    for each in answered:
        words = masked_words(
            describe_answer(each, cohort, session.view().selection.include_excluded), session.mask_below()
        )
        show_chip(each.clause.question, each.clause.short, words, partial(_take_out, each.clause.question))


def show_chip(name: str, short: str, words: str, take_out: Callable[[], None]) -> None:
    """One active filter; where its words are too long for the panel its cross stays."""
    st.button(
        plain(short),
        key=f"chip {name}",
        help=f"{plain(words)}. Take this filter out",
        on_click=take_out,
        icon=":material/close:",
        icon_position="right",
    )


def show(cohort: Cohort, answered: Sequence[Answered], answer: Answer) -> None:
    """What adds a clause, and what becomes of those of whom an active one is not known."""
    if (offer := _offer(cohort)).kinds:
        more = st.expander(
            "Filter by outcome (CRS, response ...)", icon=":material/timeline:", key="course", on_change="rerun"
        )
        if more.open:
            with more:
                _show_draft(cohort, offer, answer)
    counted = _counted(cohort)
    for each in answered:
        if n := len(each.not_known & counted):
            key = f"not known {each.clause.question}"
            kept = session.assign(key, each.clause.keep_missing)
            st.checkbox(
                masked_words(f"Keep {n} not known: {plain(each.clause.short)}", session.mask_below()),
                kept,
                key=key,
                on_change=_keep,
                args=(each.clause,),
                help=plain(f"Not known: {each.clause.why_not_known}."),
            )


def _show_draft(cohort: Cohort, offer: _Offer, answer: Answer) -> None:
    kind = ask.from_list("Filter by", offer.kinds, key="course kind", persist_state="session")
    infusion, counted = session.view().selection.infusion, _counted(cohort)

    def reported(*clauses: CourseClause) -> tuple[Answered, ...]:
        return answer(cohort, Selection(infusion=infusion, course=clauses))

    def counts(*clauses: CourseClause) -> list[int]:
        return [len(each.kept & counted) for each in reported(*clauses)]

    clause = {EVENT: _event, RESPONSE: _response, COPIES: _copies, THERAPY: _therapy}[kind](offer, counts)
    if st.checkbox("Only patients known not to have had it", key="course not", persist_state="session"):
        clause = replace(clause, negated=True)
    (found,) = reported(clause)
    unknown = f", {len(found.not_known & counted)} not known" if found.not_known & counted else ""
    of = f"{len(found.kept & counted)} of {len(found.asked & counted)} patients{unknown}"
    st.caption(plain(f"{clause.words}: {masked_words(of, session.mask_below())}. {HELP[kind]}"))
    if found.known_at > 0:
        st.caption("Known only after the infusion: times to an event of patients selected so have immortal-time bias.")
    st.button("Add this filter", key="add course", type="primary", width="stretch", on_click=_press)
    if session.answer(PRESSED):
        session.assign(PRESSED, False)
        _change(session.view().selection.with_clause(clause))
        session.write_link()
        st.rerun()


def _press() -> None:
    """What is added is what the widgets hold once all that was typed and clicked has arrived, so not yet here."""
    session.assign(PRESSED, True)


def _event(offer: _Offer, counts: Counts) -> CourseClause:
    least = ask.one("Grade at least", GRADES, default=FIRST_GRADE, key="course grade", persist_state="session")
    n = counts(*(CourseClause("event", term, least) for term in offer.terms))
    return CourseClause("event", _choose("Event", offer.terms, "course term", n), least, _by())


def _response(offer: _Offer, counts: Counts) -> CourseClause:
    n = counts(*(CourseClause("response", name) for name in offer.responses))
    name = _choose("This response or better", offer.responses, "course response", n, offer.headline)
    return CourseClause("response", name, day=_by())


def _copies(offer: _Offer, counts: Counts) -> CourseClause:
    day = st.number_input(
        "On day", -LATEST, LATEST, MONTH_1, step=1.0, format="%g", key="course at", persist_state="session"
    )
    clauses = [CourseClause("detectable", day=day, series=series) for series in offer.series]
    labels = {series.label: clause for series, clause in zip(offer.series, clauses, strict=True)}
    return labels[_choose("Series", list(labels), "course series", counts(*clauses))]


def _therapy(offer: _Offer, counts: Counts) -> CourseClause:
    n = counts(*(CourseClause("received", name) for name in offer.therapies))
    return CourseClause("received", _choose("Therapy, or its kind", offer.therapies, "course therapy", n), day=_by())


def _choose(label: str, names: Sequence[str], key: str, n: Sequence[int], first: str = "") -> str:
    of = {} if session.mask_below() else dict(zip(names, n, strict=True))
    place = list(names).index(first) if first in names else 0
    return ask.from_list(
        label,
        names,
        first=place,
        key=f"{key} {len(names)}",
        persist_state="session",
        name=lambda name: f"{name} ({of[name]})" if of else name,
    )


def _by() -> float | None:
    """The study day by which it is asked, in the unit of the page; empty = at any time."""
    unit = session.view().unit
    number = st.number_input(
        f"By {unit[:-1]}",
        0.0,
        LATEST / DAYS_PER[unit],
        None,
        step=1.0,
        format="%g",
        key=f"course by {unit}",
        persist_state="session",
        placeholder="at any time",
        help="Counted from the infusion. A month is 30.4375 days.",
    )
    return None if number is None else number * DAYS_PER[unit]


def _offer(cohort: Cohort) -> _Offer:
    words = cohort.vocabulary
    courses = [course.split("\t") for course in words.get("course", ())]
    names = dict.fromkeys([*(course[0] for course in courses), *(course[-1] for course in courses)])
    scale = scale_of(cohort)
    responses = scale.thresholds if words.get("response") else ()
    return _Offer(
        words.get("term", ()), responses, scale.first_asked, series_keys(cohort), [name for name in names if name]
    )


def _counted(cohort: Cohort) -> frozenset[str]:
    """The patients whom counts speak of: the analysis set, or all where the excluded are included."""
    return _ids(cohort, session.view().selection.include_excluded)


@kept
def _ids(cohort: Cohort, include_excluded: bool) -> frozenset[str]:
    counted = (cohort.patients["analysis_set"] != "excluded") | include_excluded
    return frozenset(cohort.patients.loc[counted, "patient_id"])


def _change(selection: Selection) -> None:
    session.set_view(replace(session.view(), selection=selection))


def _keep(clause: CourseClause) -> None:
    kept = bool(session.answer(f"not known {clause.question}"))
    _change(session.view().selection.with_clause(replace(clause, keep_missing=kept)))


def _take_out(question: str) -> None:
    _change(session.view().selection.without_course(question))
