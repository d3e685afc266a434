"""Shows one exhibit: chart or table, caption, short notes; method, data and Export each behind a button."""

import html
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import streamlit as st

from lib.cohort.analysis import Analysis
from lib.cohort.printed import slug_of
from lib.export.provenance import Provenance
from lib.export.report import Item
from lib.publication.exhibit import Exhibit, Figure, Table
from lib.publication.fitting import drawn_tables
from lib.publication.masking import NotShown, masked_words
from lib.publication.spec import ExhibitSpec, where
from pages.frame import linked, looks, printed_table, said_once, session, who
from pages.frame.escape import plain
from pages.frame.export_menu import Scripts, export_menu, scripts_of
from pages.frame.printed_table import of_numbers, sortable

LOG: Final = logging.getLogger(__name__)
MOST_PRINTED_ROWS: Final = 40
MOST_PRINTED_COLUMNS: Final = 14
SCROLLED_HEIGHT: Final = 460
ROW_HEIGHT: Final = 36
LONG_NOTE: Final = 140  # letters; a longer one stands behind the button "Method"
LONG_CAPTION: Final = 140  # letters; a longer one has the line for itself
NOT_ESTIMABLE: Final = "NE, not estimable"


@contextmanager
def standing(what: str, rest: str = "The rest of the page is not affected.") -> Iterator[None]:
    """Whatever fails inside becomes one sentence in its place; what was drawn before it stands, and what follows is
    drawn.

    The log gets the kind of error and its place in the program, never its words: they may hold values of cells.
    """
    try:
        yield
    except Exception as error:
        LOG.error("%s could not be shown: %s", what, where(error))
        st.error(f"{what} could not be made of these data. {rest}", icon=":material/error:")


def show(
    spec: ExhibitSpec, analysis: Analysis, variant: Any = None, values: Mapping[str, Any] | None = None, pick: str = ""
) -> str | None:
    """Draw an exhibit with these values of its options, or one sentence where it fails; nothing where it has nothing to
    show.

    `pick` names the chart's selection of a patient by click; gives the patient who was clicked on just now.
    """
    picked = None
    with standing(f"“{spec.title}”"):
        try:
            picked = (
                _show(spec, analysis, variant, values, pick) if spec.is_offered(analysis, variant, values) else None
            )
        except NotShown as reason:
            st.info(plain(str(reason)))
    return picked


def _show(
    spec: ExhibitSpec, analysis: Analysis, variant: Any, values: Mapping[str, Any] | None, pick: str
) -> str | None:
    """New data flow into the chart that is already on the screen."""
    made = spec.kept(analysis, variant, values)
    exhibit = looks.noted(made, analysis)
    note = exhibit.notes[len(made.notes) :]

    def anew(width: int) -> Exhibit:
        again = spec.make(analysis, variant, {**(values or {}), "width": width})
        return replace(again, notes=(*again.notes, *note))

    provenance = Provenance.of_cohort(analysis.selected, analysis.grouping, analysis.mask_below)

    def beside() -> None:
        who.offer(exhibit, spec, analysis, variant, values)
        if spec.is_listed(analysis, variant):  # a report has the exhibits of the list
            tick(exhibit.id, f"In report *{plain(exhibit.title)}*")

    offered = scripts_of(exhibit, spec, analysis, variant, values or {})
    bars = who.names_of_bars(exhibit) if spec.offers_who(analysis) else ()
    return show_made(exhibit, provenance, anew, offered, pick, beside, bars)


def show_made(
    exhibit: Exhibit,
    provenance: Provenance,
    anew: Callable[[int], Exhibit] | None = None,
    offered: Scripts = lambda _: {},
    pick: str = "",
    beside: Callable[[], None] = lambda: None,
    bars: Sequence[str] = (),
) -> str | None:
    """An exhibit that is made already; `anew` makes it at another width, `offered` are its `beside` draws what
    stands beside Export.

    `bars`: the columns that name a bar whose patients a click shows.
    """
    picked = None
    with st.container():  # also where nothing is said, or the chart would change its place and be built anew
        said_once.above(exhibit, provenance)
    said = said_once.caption(exhibit.caption), *said_once.unsaid(_short_notes(exhibit, provenance))
    if isinstance(exhibit, Figure):
        picked = _show_figure(exhibit, pick, bars)
    else:
        _show_table(exhibit)
    _show_below(exhibit, provenance, anew or (lambda _: exhibit), offered, beside, said)
    return picked


@st.fragment
def _show_below(
    exhibit: Exhibit,
    provenance: Provenance,
    anew: Callable[[int], Exhibit],
    offered: Scripts,
    beside: Callable[[], None],
    said: Sequence[str],
) -> None:
    """Caption, and what is behind buttons: what is opened there is drawn anew by itself, not the page. A single note
    follows the caption, several are listed below."""
    caption, *notes = said
    if len(notes) == 1:
        caption = f"{caption} {notes.pop()}".strip()
    with standing(f"What stands below “{exhibit.title}”"):
        with st.container(key=f"below {exhibit.id}", horizontal=True, gap="small"):
            _say(exhibit, provenance, caption)
            export_menu(exhibit, provenance, anew, offered)
            beside()
        if notes:
            st.caption("\n".join(f"- {plain(note)}" for note in notes))


def tick(exhibit_id: str, label: str) -> None:
    """Whether the report holds this exhibit: the same tick on its page and on Report."""
    key = _tick_key(exhibit_id)
    ticked = session.assign(key, any(item.id == exhibit_id for item in session.report_items()))
    st.checkbox(label, ticked, key=key, on_change=_tick, args=(exhibit_id, key))


def _tick_key(exhibit_id: str) -> str:
    return f"in report {exhibit_id} {session.report_edition()}"


def _tick(exhibit_id: str, key: str) -> None:
    """A browser may still send the state of a box of an earlier edition: that says nothing."""
    ticked, held = session.answer(key), any(item.id == exhibit_id for item in session.report_items())
    if ticked is None or ticked == held or key != _tick_key(exhibit_id):
        return
    others = [item for item in session.report_items() if item.id != exhibit_id]
    session.set_report_items([*others, Item(exhibit_id)] if ticked else others, by_tick=True)


def preview(exhibit: Exhibit) -> None:
    """An exhibit by itself, with its caption and without Export; a table as a window, since its place is narrow."""
    if isinstance(exhibit, Figure):
        _show_figure(exhibit, "")
    else:
        st.dataframe(sortable(exhibit.data), hide_index=True, width="stretch")
    st.caption(plain(exhibit.caption))


def _show_figure(figure: Figure, pick: str, bars: Sequence[str] = ()) -> str | None:
    """The chart, its description for those who do not see it; gives the patient clicked on just now. A click on a bar
    that these columns name asks who they are."""
    tables = drawn_tables(figure.chart, figure.tables)
    picked, specification = None, {**figure.chart, "datasets": {name: as_sent(each) for name, each in tables.items()}}
    title = (  # constant: another text would make the browser build the chart anew
        f"{figure.title}. Its description follows."
    )
    drawn = {"key": figure.id, "theme": None, "width": "stretch", "alt": title}
    if pick:
        event = st.vega_lite_chart(specification, on_select="rerun", selection_mode=[pick], **drawn)
        clicked = event["selection"].get(pick) or [{}]
        picked = session.newly_picked(figure.id, clicked[0].get("patient"))
    elif bars:
        event = st.vega_lite_chart(
            who.clickable(specification, bars), on_select="rerun", selection_mode=[who.BAR], **drawn
        )
        who.ask_of(figure, event["selection"].get(who.BAR) or [{}])
    else:
        st.vega_lite_chart(specification, **drawn)
    st.html(f'<p class="for-screen-readers">{html.escape(figure.alt)}</p>')
    return picked


def _short_notes(exhibit: Exhibit, provenance: Provenance) -> list[str]:
    """The notes that stand on the page; longer ones and why something is NE are behind the button "Method", and bias is
    said above."""
    elsewhere = (*provenance.warnings_of(exhibit), NOT_ESTIMABLE)
    return [note for note in exhibit.notes if len(note) <= LONG_NOTE and not any(each in note for each in elsewhere)]


def _say(exhibit: Exhibit, provenance: Provenance, caption: str) -> None:
    """The caption; how it was computed, long notes and a figure's data each behind a button."""
    short = _short_notes(exhibit, provenance)
    method = [part for part in (exhibit.method, *exhibit.notes) if part and part not in short]
    wide = f"long {exhibit.id}" if len(caption) > LONG_CAPTION else None
    with st.container(gap="small", key=wide):  # without it a caption would take the line, and Export the next
        st.caption(plain(caption))
    named = f"*{plain(exhibit.title)}*"  # of which figure: for screen readers only
    if method:
        how = st.popover(
            f"Method {named}", key=f"method {exhibit.id}", type="tertiary", icon=":material/info:", on_change="rerun"
        )
        if how.open:
            how.caption("\n\n".join(map(plain, method)))
    if isinstance(exhibit, Figure):
        _offer_data(exhibit, f"Data {named}")


def _offer_data(figure: Figure, label: str) -> None:
    """The figure's numbers as a table that is sent once it is asked for."""
    data = st.popover(label, key=f"data {figure.id}", type="tertiary", icon=":material/table:", on_change="rerun")
    if data.open:
        height = min(SCROLLED_HEIGHT, ROW_HEIGHT * (len(figure.data) + 1) + ROW_HEIGHT // 2)
        data.dataframe(sortable(figure.data), hide_index=True, width="stretch", height=height)


def heading(words: str) -> None:
    """The name of a part of the page; captions below need not begin with it."""
    st.markdown(f"## {plain(words)}")
    said_once.unsaid((f"{words}.",))


def headline(sentence: str, warning: str = "", place: Any = st) -> None:
    """The finding in one plain sentence, and what biases it in the line below, where the page has not said that yet."""
    with place.container():  # one part of the page, with a warning or without: what follows keeps its place
        st.markdown(plain(masked_words(sentence, session.mask_below())))
        said_once.say_bias(warning)


def _show_table(table: Table) -> None:
    """A printed table; one too long for a page as a window to scroll in."""
    if not table.rows:
        st.info("These data have nothing to list here.")
        return
    numbers = of_numbers(zip(*table.rows, strict=True))
    if (len(table.rows) > MOST_PRINTED_ROWS or len(table.header) > MOST_PRINTED_COLUMNS) and not table.whole:
        sent = table.on_screen
        right = {table.header[place - 1]: st.column_config.Column(alignment="right") for place in numbers}
        st.dataframe(sortable(sent), hide_index=True, height=SCROLLED_HEIGHT, width="stretch", column_config=right)
        if len(sent) < len(table.rows):
            st.caption(f"The first {len(sent):,} of {len(table.rows):,} rows; files under Export have all.")
        return
    printed_table.show(table.title, table.header, table.rows, numbers)


def unfold(
    label: str, spec: ExhibitSpec, analysis: Analysis, variant: Any = None, values: Mapping[str, Any] | None = None
) -> None:
    """An exhibit that is computed only once it is opened."""
    more = unfolded(label, f"more {spec.id}")
    if more.open:
        with more:
            show(spec, analysis, variant, values)


def unfolded(label: str, key: str) -> Any:
    """An expander whose state stands in the address; what is in it is to be computed once it is `open`."""
    drawn = []

    def is_open() -> bool:
        drawn.append(st.expander(label, key=key, on_change="rerun"))
        return bool(drawn[0].open)

    linked.choice(slug_of(label), key, {True: "open", False: "closed"}, False, is_open)
    return drawn[0]


def show_tabs(names: Sequence[str], shown: Sequence[Callable[[], None]], key: str) -> None:
    """Tabs of which only the open one is computed; where one fails it says so, and the rest of the page stands."""
    tabs = linked.tabs(names, key, lambda: st.tabs(list(names), key=key, on_change="rerun"))
    for place, draw in zip(tabs, shown, strict=True):
        if place.open:
            with place, standing("This tab"):
                draw()


def as_sent(table: pd.DataFrame) -> Any:
    """The table as Arrow; as it is where a column mixes kinds of values, which Streamlit then sorts out."""
    try:
        columns = [
            pa.array(column if column.dtype == "category" else column.to_numpy(), from_pandas=True)  # words sent once
            for _, column in table.items()
        ]
    except (pa.ArrowException, TypeError, ValueError):
        return table
    return pa.Table.from_arrays(columns, names=[str(name) for name in table.columns])
