"""Sidebar widgets <-> View. The widgets only show the View and change it; what they hold themselves counts for nothing.

A widget's value is assigned before it is drawn wherever it differs from the View, and never popped: the browser would
send a popped value again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from lib.cohort.at_infusion import at_infusion
from lib.cohort.course_clause import Answered
from lib.cohort.model import Cohort, Variable
from lib.cohort.printed import raised, signs
from lib.cohort.selection import MISSING, Clause, describe_clause, n_without_value, offered, select
from lib.cohort.time_unit import UNITS
from lib.cohort.view import infusion_numbers
from lib.publication.masking import has_small, masked_words
from lib.publication.number import plural
from pages.frame import ask, course_panel, grouping_panel, session
from pages.frame.escape import plain

ALWAYS_OFFERED: Final = ("arm", "emd", "high_risk_cytogenetics")
FIGURE_SPACE: Final = "\u2007"  # as wide as a digit
STYLE: Final = """<style>
.st-key-count {height: 2rem;}
.st-key-count h4 {padding: 0;}
.st-key-count [data-testid="stMarkdownContainer"] {margin: 0;}
.st-key-count button {min-height: 0; height: 1.5rem;}
.stSidebar [class*=st-key-pills-] button {padding-inline: .55rem;}
[class*=stHorizontalBlock].st-key-chips {min-height: 4.3rem; max-height: 4.3rem; overflow: hidden auto;
  scrollbar-width: thin; align-content: flex-start; gap: .25rem .4rem;}
.st-key-chips > *, .st-key-chips .stButton, .st-key-chips .stTooltipHoverTarget,
  .st-key-chips button {max-width: 100%; min-width: 0;}
.st-key-chips button {min-height: 0; padding: .1rem .5rem;}
.st-key-chips button > div, .st-key-chips button [data-testid="stMarkdownContainer"] {min-width: 0;}
.st-key-chips button p {font-size: .8rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;}
.stSidebar [class*=st-key-pills-] button p::after {font-size: .85em; margin-left: .1em;
  font-variant-numeric: tabular-nums; opacity: .8; white-space: pre;}
</style>"""


def chosen(cohort: Cohort, answer: course_panel.Answer) -> Cohort:
    """The selected cohort; `answer` says of whom the clauses about the course are so."""
    selection = session.view().selection
    return select(cohort, selection, answer(cohort, selection))


def show(cohort: Cohort, propose: grouping_panel.Propose, answer: course_panel.Answer) -> None:
    """Draw the panel; `propose` says when a grouping seems to have been known, `answer` of whom the clauses about the
    course are so."""
    answered = answer(cohort, session.view().selection)
    with st.sidebar:
        _show_count(session.analysis().selected, not cohort.patients.empty)
        if cohort.patients.empty:  # a workbook of assays alone: nobody to filter or compare
            return
        _show_chips(cohort, answered)
        _show_filters(cohort, answered)
        course_panel.show(cohort, answered, answer)
        grouping_panel.show(cohort, propose)
        _show_time(cohort)


def _show_count(selected: Cohort, has_patients: bool) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="count"):
        counted = masked_words(f"{selected.n:,} of {plural(selected.n_opened, 'patient')}", session.mask_below())
        st.markdown(f"#### {plain(counted)}" if has_patients else "#### No patients")
        if has_patients:
            st.button("Reset", key="reset", on_click=session.reset, type="tertiary")
    if selected.study.synthetic:
        st.badge("Synthetic data", color="orange")
    for sentence in session.dropped():
        st.warning(plain(sentence))
    if session.dropped():
        st.button("Understood", key="forget_dropped", on_click=session.forget_dropped, type="tertiary")


def _show_chips(cohort: Cohort, answered: Sequence[Answered]) -> None:
    """Every active filter in words, with a button that takes it out: in a place of constant height, so that nothing
    below moves."""
    selection = session.view().selection
    with st.container(horizontal=True, gap="small", key="chips"):
        if not selection.clauses and not answered:
            st.caption("No filter is on. Press one below, and every page follows.")
        for clause in selection.clauses:
            words, variable = (
                describe_clause(clause, at_infusion(cohort, selection.infusion), selection.include_excluded),
                cohort.variable(clause.variable),
            )
            short = words.replace(variable.label, variable.short or variable.label, 1)
            course_panel.show_chip(clause.variable, short, words, partial(_take_out, clause.variable))
        course_panel.show_chips(cohort, answered)


def _show_filters(cohort: Cohort, answered: Sequence[Answered]) -> None:
    cohort = at_infusion(cohort, session.view().selection.infusion)
    added = session.added_filters()
    active = [clause.variable for clause in session.view().selection.clauses]
    shown = [variable for variable in cohort.variables if variable.name in (*ALWAYS_OFFERED, *added, *active)]
    rules = ""
    for variable in sorted(shown, key=lambda variable: variable.name not in ALWAYS_OFFERED):
        if variable.kind == "number":
            _show_range(cohort, variable)
        else:
            counts = offered(cohort, session.view().selection, answered, variable)
            _show_levels(variable, counts)
            rules += _counts_in_style(session.cohort().variables.index(variable), list(counts.values()))
    st.html(f"<style>{rules}</style>")
    others = [variable.name for variable in cohort.variables if variable.name not in (*ALWAYS_OFFERED, *added, *active)]
    labels = {variable.name: variable.label for variable in cohort.variables}
    if others:
        session.assign("add filter", None)
        ask.from_list(
            "Add filter",
            others,
            first=None,
            key="add filter",
            placeholder="Add filter ...",
            name=labels.__getitem__,
            label_visibility="collapsed",
            on_change=_add_filter,
        )


def _show_levels(variable: Variable, counts: Mapping[str, tuple[int, int]]) -> None:
    """The levels of a category as pills; none pressed = everybody."""
    clause = session.view().selection.clause(variable.name)
    key = f"filter {variable.name}"
    pressed = [*clause.levels, *[MISSING] * clause.keep_missing] if clause else []
    default = session.assign(key, [level for level in counts if level in pressed])
    with st.container(key=f"pills {session.cohort().variables.index(variable)}"):
        ask.some(
            plain(variable.label),
            list(counts),
            default=default,
            key=key,
            name=lambda level: "not stated" if level == MISSING else signs(level),
            on_change=_keep_levels,
            args=(variable.name,),
        )


def _counts_in_style(place: int, counts: Sequence[tuple[int, int]]) -> str:
    """ "2 of 8" on each pill of a filter, in the style sheet: a browser sends a pill's own words back, and a click that
     is under way
    while counts change would otherwise name a pill that is no more. Padded, so that no pill changes its width. With
    small cells masked none on a filter that has one: pills add up to all."""
    if has_small(counts, session.mask_below()):
        return ""
    return " ".join(
        f'.st-key-pills-{place} button:nth-of-type({number}) p::after {{content: " {n:{FIGURE_SPACE}>{len(str(of))}} of'
        f' {of}"}}'
        for number, (n, of) in enumerate(counts, start=1)
    )


def _show_range(cohort: Cohort, variable: Variable) -> None:
    """A number as a range; the whole range = everybody."""
    if cohort.patients[variable.name].isna().all():
        st.caption(f"{plain(variable.label)}: nobody has a value after infusion {cohort.infusion}")
        return
    low, high = _ends(cohort, variable)
    clause = session.view().selection.clause(variable.name)
    wanted = clause.interval if clause and clause.interval else (low, high)
    step = 1.0 if all(float(end).is_integer() for end in (low, high)) else (high - low) / 100
    unit = f", {raised(variable.unit)}" if variable.unit else ""
    key = f"filter {variable.name}"
    if low == high:
        st.caption(f"{plain(variable.label)}: {low:g} in everybody")
        return
    value = session.assign(key, (max(low, min(wanted[0], high)), min(high, max(wanted[1], low))))
    st.slider(
        plain(variable.label + unit),
        low,
        high,
        value,
        step=step,
        key=key,
        on_change=_keep_range,
        args=(variable.name,),
        format="%g",
    )
    if n_without_value(cohort, variable.name):  # drawn before it can be used: what stands below must not move
        keeps = session.assign(f"missing {variable.name}", bool(clause and clause.keep_missing))
        st.checkbox(
            masked_words(f"Keep {n_without_value(cohort, variable.name)} without a value", session.mask_below()),
            keeps,
            key=f"missing {variable.name}",
            on_change=_keep_range,
            args=(variable.name,),
            disabled=clause is None,
        )


def _show_time(cohort: Cohort) -> None:
    view = session.view()
    unit = session.assign("unit", view.unit)
    ask.one("Time in", UNITS, default=unit, key="unit", on_change=_set_unit)
    if len(numbers := infusion_numbers(cohort)) > 1:
        infusion = session.assign("infusion", view.selection.infusion)
        ask.one(
            "Counted from infusion",
            numbers,
            default=infusion,
            key="infusion",
            on_change=_set_infusion,
            help="Patients who had this infusion; days and endpoints counted from it.",
        )
    excluded = int((cohort.patients["analysis_set"] == "excluded").sum())
    if excluded:
        included = session.assign("excluded", view.selection.include_excluded)
        st.checkbox(
            masked_words(f"Include {excluded} excluded", session.mask_below()),
            included,
            key="excluded",
            on_change=_set_excluded,
            help=_why_excluded(cohort),
        )


def _why_excluded(cohort: Cohort) -> str:
    reasons = cohort.patients.loc[cohort.patients["analysis_set"] == "excluded", "exclusion_reason"]
    return "Excluded: " + plain("; ".join(sorted({reason or "no reason given" for reason in reasons})))


def _ends(cohort: Cohort, variable: Variable) -> tuple[float, float]:
    values = cohort.patients[variable.name].dropna()
    return float(values.min()), float(values.max())


def _change_selection(clause: Clause | None, variable: str) -> None:
    view = session.view()
    selection = view.selection.with_clause(clause) if clause else view.selection.without(variable)
    session.set_view(replace(view, selection=selection))


def _keep_levels(name: str) -> None:
    variable = session.cohort().variable(name)
    if variable is None:
        return
    session.add_filter(name)  # stays where it is when it is taken off again
    pressed = session.answers(f"filter {name}", (*variable.levels, MISSING))
    levels = tuple(level for level in pressed if level != MISSING)
    _change_selection(Clause(name, levels, keep_missing=MISSING in pressed) if pressed else None, name)


def _keep_range(name: str) -> None:
    variable, wanted = session.cohort().variable(name), session.answer(f"filter {name}")
    if variable is None or variable.kind != "number" or not isinstance(wanted, (tuple, list)) or len(wanted) != 2:
        return
    cohort = at_infusion(session.cohort(), session.view().selection.infusion)
    low, high = _ends(cohort, variable)
    interval = tuple(min(max(end, low), high) for end in sorted(map(float, wanted)))
    keep_missing = bool(session.answer(f"missing {name}"))
    session.add_filter(name)
    clause = None if interval == (low, high) else Clause(name, interval=interval, keep_missing=keep_missing)
    _change_selection(clause, name)


def _take_out(variable: str) -> None:
    session.drop_filter(variable)
    _change_selection(None, variable)


def _add_filter() -> None:
    if name := session.answer("add filter", [variable.name for variable in session.cohort().variables]):
        session.add_filter(name)


def _set_unit() -> None:
    session.set_view(replace(session.view(), unit=session.answer("unit")))


def _set_infusion() -> None:
    view = session.view()
    session.set_view(replace(view, selection=replace(view.selection, infusion=session.answer("infusion"))))


def _set_excluded() -> None:
    view, included = session.view(), bool(session.answer("excluded"))
    session.set_view(replace(view, selection=replace(view.selection, include_excluded=included)))
