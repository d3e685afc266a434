"""What goes into the report: a tick beside every Export, the exhibits of all pages to choose from, and the chosen ones
in order; at the end the Methods paragraph with the STROBE list, and the comparisons looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from lib.cohort.analysis import Analysis
from lib.exhibits import Entry, attempt
from lib.export.methods_text import methods_paragraph
from lib.export.provenance import Provenance
from lib.export.report import Item
from lib.export.strobe import strobe_table
from lib.publication.options import WIDTH
from lib.publication.spec import Failed
from pages.frame import ask, looks, options_form, output, page, session
from pages.frame.escape import plain

MOST_FOUND: Final = 30  # by a search; more are a wall
MOST_IN_VIEW: Final = 14  # of the chosen; more are a window to scroll in
SCROLLED_HEIGHT: Final = 360
PREVIEW: Final = 480  # pixels
CHOSEN: Final = "report item"
WITHOUT_PARTS: Final = "General"
Titles = Mapping[str, str]  # of pages, by the folder of their question
Draw = Callable[[Sequence[Entry], Analysis], None]  # of what is offered


def choose(offered: Sequence[Entry], titles: Titles) -> None:
    """Every exhibit of these data with a tick: those of one page, or those that a search finds."""
    usual = usual_items(offered)
    with st.container(horizontal=True, gap="small"):
        st.button(
            f"Usual figures and tables ({len(usual)})",
            key="usual report",
            on_click=_add,
            args=(usual,),
            help="The first figure or table of each page, beside those that are ticked.",
        )
        st.button(
            "None",
            key="empty report",
            on_click=session.set_report_items,
            args=((),),
            disabled=not session.report_items(),
        )
    wanted = st.text_input("Search", key="report search", placeholder="median, recovery, toxicity ...", type="search")
    if words := (wanted or "").casefold().split():
        _show_found([each for each in offered if all(word in _searched(each, titles) for word in words)], titles)
    else:
        _show_page(offered, titles)


def _show_found(found: Sequence[Entry], titles: Titles) -> None:
    _ticks(found[:MOST_FOUND], lambda each: f"{titles[each.question]}: {each.label}")
    if len(found) > MOST_FOUND:
        st.caption(f"{len(found)} exhibits fit; the first {MOST_FOUND} are shown.")
    if not found:
        st.caption("No exhibit of these data is called so.")


def _show_page(offered: Sequence[Entry], titles: Titles) -> None:
    """The exhibits of one page; where it has them for several endpoints or tests, of one of these."""
    questions = list(dict.fromkeys(each.question for each in offered))
    question = ask.one(
        "Page", questions, default=questions[0], name=titles.__getitem__, key="report page", persist_state="session"
    )
    of_page = [each for each in offered if each.question == question]
    parts = list(dict.fromkeys(map(_part, of_page)))
    part = parts[0]
    if len(parts) > 1:
        part = (
            ask.from_list("Endpoint, test or event", parts, key=f"report part {question}", persist_state="session")
            or part
        )
    _ticks([each for each in of_page if _part(each) == part], lambda each: each.spec.title)


def _part(entry: Entry) -> str:
    return entry.variant_label or WITHOUT_PARTS


def usual_items(offered: Sequence[Entry]) -> tuple[Item, ...]:
    """The first exhibit of each page, but of that of single patients."""
    first = {each.question: each.id for each in reversed(offered) if each.question != page.PATIENT}
    return tuple(Item(each.id) for each in offered if first.get(each.question) == each.id)


def _searched(entry: Entry, titles: Titles) -> str:
    return f"{titles[entry.question]} {entry.label} {entry.id}".casefold()


def _add(items: tuple[Item, ...]) -> None:
    """These items after those that are there."""
    held = session.report_items()
    session.set_report_items([*held, *(item for item in items if item.id not in {each.id for each in held})])


def _ticks(shown: Sequence[Entry], name: Callable[[Entry], str]) -> None:
    with st.container(gap="xxsmall"):
        for each in shown:
            output.tick(each.id, plain(name(each)))


def order(offered: Sequence[Entry], analysis: Analysis) -> None:
    """The chosen exhibits in the order of the report; the one that is marked can be moved, named, described, seen and
    removed."""
    st.text_input(
        "Title of the report",
        session.assign("report title box", session.report_title()),
        key="report title box",
        placeholder="Figures and tables",
        on_change=_take_title,
    )
    items, known = session.report_items(), {each.id: each for each in offered}
    if not items:
        st.info(
            "Nothing is ticked yet: tick what the report shall hold, here or beside the Export of any figure or table."
        )
        return
    ids = [item.id for item in items]
    chosen = session.answer(CHOSEN, ids) or ids[0]
    names = {item.id: f"{place}. {_name(item, known)}" for place, item in enumerate(items, start=1)}
    with st.container(height=SCROLLED_HEIGHT if len(ids) > MOST_IN_VIEW else "content", border=False):
        st.radio(
            "In this order",
            ids,
            ids.index(session.assign(CHOSEN, chosen)),
            key=CHOSEN,
            format_func=lambda each: plain(names[each]),
        )
    place = ids.index(chosen)
    with st.container(horizontal=True, gap="small", key="report moves"):
        for label, icon, to in (("Up", "arrow_upward", place - 1), ("Down", "arrow_downward", place + 1)):
            st.button(
                label,
                icon=f":material/{icon}:",
                key=f"report {label}",
                disabled=not 0 <= to < len(ids),
                on_click=_move,
                args=(chosen, to),
            )
        st.button("Remove", icon=":material/delete:", key="report remove", on_click=remove, args=(chosen,))
    _edit(items[place], known.get(chosen), analysis)


def _name(item: Item, known: Mapping[str, Entry]) -> str:
    if item.id not in known:
        return f"{item.heading or item.id} (these data have nothing to show)"
    return item.heading or known[item.id].label


def _edit(item: Item, entry: Entry | None, analysis: Analysis) -> None:
    """Heading and words of an item, and how it looks now."""
    with st.expander("Heading and words", key="report words"):
        for name, label, draw in (("heading", "Heading", st.text_input), ("words", "Words before it", st.text_area)):
            key = f"report {name} {item.id}"
            draw(
                label,
                session.assign(key, getattr(item, name)),
                key=key,
                on_change=_write,
                args=(item.id, name, key),
                placeholder=entry.label if entry and name == "heading" else "",
            )
    preview = st.expander("Preview", key="report preview", on_change="rerun")
    if preview.open and entry is not None:
        with preview, output.standing(f"“{entry.label}”"):
            values = options_form.held(entry.spec, entry.variant, analysis)
            made = attempt(entry, analysis, {**values, WIDTH: PREVIEW})
            if isinstance(made, Failed):
                st.error(made.reason, icon=":material/error:")
            elif made is not None:
                output.preview(made)


def _write(exhibit_id: str, name: str, key: str) -> None:
    text = str(session.answer(key) or "").strip()
    session.set_report_items(
        replace(item, **{name: text}) if item.id == exhibit_id else item for item in session.report_items()
    )


def _take_title() -> None:
    session.set_report_title(str(session.answer("report title box") or "").strip())


def _move(exhibit_id: str, to: int) -> None:
    moved = [item for item in session.report_items() if item.id == exhibit_id]
    left = [item for item in session.report_items() if item.id != exhibit_id]
    session.set_report_items([*left[:to], *moved, *left[to:]])


def remove(exhibit_id: str) -> None:
    """Take an exhibit out of the report."""
    session.set_report_items(item for item in session.report_items() if item.id != exhibit_id)


def methods(offered: Sequence[Entry], analysis: Analysis) -> None:
    """The Statistical analysis section of the ticked exhibits, and where the report answers STROBE."""
    known = {each.id: each for each in offered}
    chosen = [known[item.id] for item in session.report_items() if item.id in known]
    made = [attempt(each, analysis, options_form.held(each.spec, each.variant, analysis)) for each in chosen]
    exhibits = [each for each in made if each is not None and not isinstance(each, Failed)]
    if not exhibits:
        st.info("Tick figures and tables: this is written of what the report holds.")
        return
    provenance = Provenance.of_cohort(analysis.selected, analysis.grouping, analysis.mask_below)
    text = methods_paragraph(exhibits, provenance)
    st.code(text.text, language=None, wrap_lines=True, height=320)
    output.show_made(strobe_table(exhibits, text), provenance)


def comparisons(_offered: Sequence[Entry] = (), _analysis: Analysis | None = None) -> None:
    """Every comparison of the session with its p, adjusted for the number of looks, or that there are none yet; can be
    cleared."""
    ledger = looks.ledger()
    if not ledger.looks:
        st.info("No comparison of groups was looked at in this session yet.")
        return
    analysis = session.analysis()
    table = ledger.table(analysis.mask_below)
    output.show_made(table, Provenance.of_cohort(analysis.selected, analysis.grouping, analysis.mask_below))
    st.button(
        "Clear",
        key="clear ledger",
        icon=":material/delete:",
        help="Forgets every comparison; counting begins again.",
        on_click=looks.clear_ledger,
    )


SECTIONS: Final[tuple[tuple[str, Draw], ...]] = (
    ("Statistical methods and STROBE list", methods),
    ("Comparisons looked at", comparisons),
)


def show_sections(offered: Sequence[Entry], analysis: Analysis) -> None:
    """Each section folded; computed once it is opened."""
    for heading, draw in SECTIONS:
        section = st.expander(heading, key=f"section {heading}", on_change="rerun")
        if section.open:
            with section, output.standing(f"“{heading}”"):
                draw(offered, analysis)
