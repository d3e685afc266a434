"""Who is behind a count: the table once more, with cells to choose, and the patients of the chosen one. On screen
alone, never in a file."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure, Table
from lib.publication.number import plural
from lib.publication.spec import ExhibitSpec
from lib.publication.theme import HOVER, Specification
from lib.publication.who import HEADING, Who, ids
from pages.frame import ask, page, session
from pages.frame.escape import plain
from pages.frame.printed_table import sortable

ASKED: Final = "who asked"  # of which exhibit, until its dialog is open
CLICKED: Final = "who clicked"  # the place of the bar that was clicked on
BAR: Final = "bar"  # the selection of a chart
INDENT: Final = "\u2003"
ROW_HEIGHT: Final = 36
MOST_ROWS: Final = 6  # of each of the two tables before it scrolls
HOW: Final = "Choose a count, or the heading of a group, to see who they are."
HOW_OF_FIGURES: Final = "These are the numbers of the figure. Choose a count to see who they are."
NOT_COUNTED: Final = "No patients are counted there."
OUTCOMES: Final = "patient.outcomes"
REASONS: Final = "No value, because"
TIME: Final = "time"  # the column of a curve
NOT_SELECTED: Final = "not selected"


def offer(
    exhibit: Exhibit, spec: ExhibitSpec, analysis: Analysis, variant: Any, values: Mapping[str, Any] | None
) -> None:
    """The button, where the exhibit tells who they are; computed once it is opened."""
    if not spec.offers_who(analysis):
        return
    st.button(
        f"Who *{plain(exhibit.title)}*",
        key=f"who {exhibit.id}",
        type="tertiary",
        icon=":material/group:",
        on_click=session.assign,
        args=(ASKED, exhibit.id),
    )
    if session.answer(ASKED) == exhibit.id:
        session.assign(ASKED, "")
        show = st.dialog(plain(f"Who they are: {exhibit.title}"), width="large")(_ask)
        show(exhibit, spec.behind(analysis, variant, values), analysis, session.answer(CLICKED))
        session.assign(CLICKED, None)


def names_of_bars(exhibit: Exhibit) -> tuple[str, ...]:
    """The columns that name a bar of a figure of counts; none where no mark that answers the pointer has them."""
    if not isinstance(exhibit, Figure) or "n" not in exhibit.data:
        return ()
    names = tuple(exhibit.data.columns)[: list(exhibit.data.columns).index("n")]
    marked = [layer["data"]["name"] for layer in exhibit.chart.get("layer", ()) if layer.get("name") == HOVER]
    return names if marked and set(names) <= set(exhibit.tables[marked[0]].columns) else ()


def clickable(chart: Specification, names: Sequence[str]) -> Specification:
    """The chart with a selection of the bar that is clicked on, by the columns that name it."""
    chosen = {"name": BAR, "views": [HOVER], "select": {"type": "point", "fields": list(names), "toggle": False}}
    return {**chart, "params": [*chart.get("params", ()), chosen]}


def ask_of(figure: Figure, clicked: Sequence[Mapping[str, Any]]) -> None:
    """Open the dialog with the patients of the bar that was clicked on just now."""
    bar = clicked[0]
    data = figure.data
    found = [y for y, row in enumerate(data.to_dict("records")) if bar and all(row[name] == bar[name] for name in bar)]
    if session.newly_picked(f"bar {figure.id}", str(bar) if bar else None) and found:
        session.assign(ASKED, figure.id)
        session.assign(CLICKED, (found[0], list(data.columns).index("n")))


def _ask(exhibit: Exhibit, who: Who, analysis: Analysis, clicked: tuple[int, int] | None) -> None:
    """The table to choose from, and below it the patients of the cell that was chosen, or of the bar that was clicked
    on."""
    st.caption(HOW if isinstance(exhibit, Table) else HOW_OF_FIGURES)
    data = exhibit.data
    headings = dict(enumerate(map(str, data.columns)))
    event = st.dataframe(
        sortable(data.set_axis([str(x) for x in headings], axis=1)),
        hide_index=True,
        width="stretch",
        height=_height(len(data)),
        column_config={str(x): st.column_config.Column(heading) for x, heading in headings.items()},
        on_select="rerun",
        selection_mode=["single-cell", "single-column"],
        key=f"who cells {exhibit.id}",
    )
    place = _chosen(event["selection"]) or clicked
    if place is not None and place not in who:
        st.caption(NOT_COUNTED)
    elif place is not None:
        st.markdown(plain(_named(exhibit, place, who)))
        _patients(exhibit.id, [each for each in analysis.opened.patients["patient_id"] if each in who[place]], analysis)


def _chosen(selection: Mapping[str, Any]) -> tuple[int, int] | None:
    """Row and column of the cell, or of the heading, that was chosen."""
    if cells := selection.get("cells"):
        return int(cells[0][0]), int(cells[0][1])
    return (HEADING, int(selection["columns"][0])) if selection.get("columns") else None


def _named(exhibit: Exhibit, place: tuple[int, int], who: Who) -> str:
    """What the cell counts, in the words of its row and column."""
    y, x = place
    data, heading = exhibit.data, str(exhibit.data.columns[x])
    first = min(each for _, each in who)
    row = [] if y == HEADING else [*_above(data, y), *_words(data.iloc[y, :first])]
    column = [] if heading == "n" and not isinstance(exhibit, Table) else [heading.replace("_", " ")]
    return f"{', '.join([*row, *column])}: {plural(len(who[place]), 'patient')}"


def _words(cells: pd.Series) -> list[str]:
    """What names a row: its words, and the time of a curve, not its estimates."""
    named = cells.items()
    return [
        f"{name} {cell:g}" if isinstance(cell, float) else str(cell).strip()
        for name, cell in named
        if name == TIME or (isinstance(cell, str) and cell.strip())
    ]


def _above(data: pd.DataFrame, y: int) -> list[str]:
    """The line under which an indented one stands."""
    names = [str(each) for each in data.iloc[: y + 1, 0]]
    depth = len(names[-1]) - len(names[-1].lstrip(INDENT))
    above = [name for name in names if name.startswith(INDENT * (depth - 1)) and not name.startswith(INDENT * depth)]
    return [above[-1].strip()] if depth and above else []


def _patients(exhibit_id: str, shown: Sequence[str], analysis: Analysis) -> None:
    """Each of them with a few outcomes; one that is chosen opens the page of that patient."""
    if not shown:
        return
    from lib.exhibits import EXHIBITS  # every exhibit: not before the first page

    outcomes = next(spec for spec in EXHIBITS if spec.id == OUTCOMES)
    facts = outcomes.make(analysis).data.drop(columns=REASONS).set_index("Patient").reindex(shown)
    known = facts.fillna(NOT_SELECTED).reset_index()
    st.dataframe(sortable(known), hide_index=True, width="stretch", height=_height(len(facts)))
    selected = [each for each in ids(analysis) if each in shown]
    picked = ask.from_list(
        "Open the page of", selected, first=None, key=f"who opened {exhibit_id}", placeholder="Choose a patient"
    )
    if session.newly_picked(f"who {exhibit_id}", picked):
        page.open_patient(str(picked))


def _height(rows: int) -> int:
    return ROW_HEIGHT * (min(rows, MOST_ROWS) + 1)
