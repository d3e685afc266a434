"""Sidebar: compare by which column, and the groups' order, names, members, colours and reference."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from lib.cohort.grouping import Group, Grouping, ProposedDay, can_compare, everybody, grouping_by, parse_cuts, sized
from lib.cohort.model import Cohort, Variable
from lib.cohort.schema import BEFORE_INFUSION
from lib.cohort.selection import exact
from lib.publication.palette import group_colours
from pages.frame import ask, session
from pages.frame.escape import plain

NOBODY: Final = "-"
BEFORE: Final = "before infusion"
AFTER: Final = "after it"
FIRST_ASSESSMENT: Final = 28  # day, until the reader gives another and where the therapies propose none
LAST_DAY: Final = 36_525
Propose = Callable[[Cohort, Grouping], ProposedDay | None]


def show(cohort: Cohort, propose: Propose) -> None:
    """Draw the choice of the grouping and, for numbers, of its cut-points."""
    grouping = session.view().grouping
    labels = {NOBODY: "nothing (all patients together)"} | {
        variable.name: variable.label for variable in cohort.variables if can_compare(variable)
    }
    chosen = session.assign("compare by", grouping.variable or NOBODY)
    ask.from_list(
        "Compare by",
        list(labels),
        first=list(labels).index(chosen),
        key="compare by",
        name=labels.__getitem__,
        on_change=_set_variable,
    )
    variable = cohort.variable(grouping.variable)
    if variable is None:
        return
    if variable.kind == "number":
        cuts = session.assign("cuts", "median" if grouping.at_median else ", ".join(map(exact, grouping.cuts)))
        st.text_input(
            "Split at", cuts, key="cuts", on_change=_set_cuts, help="median, or your own cut-points, for example 60, 70"
        )
        if problem := session.cuts_problem():
            st.warning(plain(problem))
    if grouping.time_not_stated or variable.name in session.known_at():
        _ask_when_known(variable, propose(cohort, grouping))
    groups = st.popover("Groups", key="groups", icon=":material/tune:", width="stretch", on_change="rerun")
    if groups.open:
        with groups:
            _show_groups(grouping)


def _ask_when_known(variable: Variable, proposed: ProposedDay | None) -> None:
    """Groups known only after the infusion had to live until then: without an answer figures say that it is not stated.

    What the therapies say is offered; it counts only when the reader takes it.
    """
    day = session.known_at().get(variable.name)
    first = proposed.day if proposed else FIRST_ASSESSMENT
    key, place = f"known {variable.name}", f"known day {variable.name}"
    known = session.assign(key, None if day is None else BEFORE if day <= BEFORE_INFUSION else AFTER)
    st.segmented_control(
        f"When was {plain(variable.label)} known?",
        (BEFORE, AFTER),
        default=known,
        key=key,
        on_change=_set_known,
        args=(variable.name, first),
        help=(
            "Patients had to live until a group was known. If that was after the infusion, the comparison has"
            " immortal-time bias."
        ),
    )
    if day is not None and day > BEFORE_INFUSION:
        by_day = session.assign(place, int(day))
        st.number_input("By day", 1, LAST_DAY, by_day, key=place, on_change=_set_known, args=(variable.name, first))
    if proposed and day is None:
        st.caption(plain(proposed.why))
        st.button(
            f"After it, by day {proposed.day}",
            key=f"proposed {variable.name}",
            on_click=session.set_known_at,
            width="stretch",
            args=(variable.name, float(proposed.day)),
        )


def _set_known(variable: str, first: int) -> None:
    day = session.number(f"known day {variable}", 1, LAST_DAY, first)
    known = {None: None, BEFORE: BEFORE_INFUSION, AFTER: day}
    if (answer := session.answer(f"known {variable}")) in known:
        session.set_known_at(variable, known[answer])


def _show_groups(grouping: Grouping) -> None:
    st.caption("Order, names and colours of the groups. Give two groups the same name to merge them.")
    colours = group_colours(grouping.groups)
    how: dict[str, Any] = {"label_visibility": "collapsed", "persist_state": "session"}
    rows = []
    for place, (group, colour) in enumerate(zip(grouping.groups, colours, strict=True)):
        identity = f"{grouping.variable} {'|'.join(group.members)} {group.name}"
        keys = f"order {identity} {place}", f"name {identity}", f"colour {identity} {colour}"
        order, name, shade = st.columns([1, 3, 1], vertical_alignment="bottom")
        order.number_input("Order", 1, len(grouping.groups), place + 1, key=keys[0], **how)
        name.text_input("Name", group.name, key=keys[1], max_chars=40, **how)
        shade.color_picker("Colour", colour, key=keys[2], **how)
        rows.append(keys)
    names, reference = grouping.names, f"reference {grouping.names}"
    ask.from_list(
        "Reference", names, first=names.index(grouping.reference_name), key=reference, persist_state="session"
    )
    apply, back = st.columns(2)
    apply.button(
        "Apply", key="apply groups", type="primary", on_click=_apply, args=(grouping, rows, reference), width="stretch"
    )
    back.button("Undo my changes", key="undo groups", on_click=_undo, width="stretch")


def _apply(grouping: Grouping, rows: Sequence[tuple[str, str, str]], reference: str) -> None:
    """Groups in the chosen order, each with the colour it has now; groups of one name become one.

    The rows are the keys of the widgets: what was typed just before the click is known to them, not yet to what was
    drawn. A form that was drawn for other groups than those on the pages now changes nothing.
    """
    if grouping != session.view().grouping:
        return
    merged: dict[str, Group] = {}
    names = {}
    choices = [tuple(session.answer(key) for key in keys) for keys in rows]
    placed = sorted(zip(choices, grouping.groups, strict=True), key=lambda each: each[0][0])
    for (_, written, shade), group in placed:
        name = written.strip() or group.name
        names[group.name] = name
        if name in merged:
            merged[name] = replace(merged[name], members=merged[name].members + group.members)
        else:
            merged[name] = Group(name, group.members, shade)
    changed = replace(
        grouping, groups=tuple(merged.values()), reference=names.get(session.answer(reference, grouping.names), "")
    )
    session.set_view(replace(session.view(), grouping=sized(changed, session.cohort())))


def _undo() -> None:
    grouping = session.view().grouping
    _split_by(grouping.variable, () if grouping.at_median else grouping.cuts)


def _set_variable() -> None:
    cohort = session.cohort()
    name = session.answer("compare by", (NOBODY, *(variable.name for variable in cohort.variables)))
    if name is None:
        return
    session.note_cuts_problem("")
    if name == NOBODY:
        session.set_view(replace(session.view(), grouping=everybody(cohort)))
    else:
        _split_by(name)


def _set_cuts() -> None:
    cuts = parse_cuts(str(session.answer("cuts") or ""))
    session.note_cuts_problem(cuts if isinstance(cuts, str) else "")
    if not isinstance(cuts, str):
        _split_by(session.view().grouping.variable, cuts)


def _split_by(name: str, cuts: tuple[float, ...] = ()) -> None:
    """Compare by this variable as the workbook has it; nothing where the open workbook has none of that name."""
    cohort = session.cohort()
    variable = cohort.variable(name)
    if variable is not None and can_compare(variable):
        cuts = cuts if variable.kind == "number" else ()
        session.set_view(replace(session.view(), grouping=grouping_by(variable, cohort, cuts)))
