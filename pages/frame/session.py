"""Which cohort is open, and the View, the one truth of what is looked at; beside linked.py and widget_state.py the only
file that names st.session_state.

The View lives here and is written to the URL after every change. The URL is read when the session begins and when the
reader goes back or forward; in every other run the session is right and the URL follows.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.cohort.analysis import Analysis, recent
from lib.cohort.model import Cohort
from lib.cohort.view import FINGERPRINT_LENGTH, NAMES, View, first_view, followed, from_parameters, to_parameters
from lib.intake.draft import Draft
from lib.intake.files.limits import Unsafe
from lib.intake.mapping import NotAMapping, from_json
from pages.frame import linked
from pages.frame.examples import FIRST, Example, example_of
from pages.frame.widget_state import (  # noqa: F401  # pages know them from here
    answer,
    answers,
    assign,
    is_answered,
    mask_below,
    number,
    report_edition,
    report_items,
    report_title,
    set_report_items,
    set_report_title,
)

MOST_UNDONE: Final = 30
Link = dict[str, list[str]]


def begin(page: str) -> None:
    """Once a run of this page, before anything is drawn: opens the example, or follows the link that was opened."""
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    context = get_script_run_ctx()
    opened, returned = "link" not in st.session_state, bool(context and context.is_history_navigation)
    linked.begin(page, asked if opened or returned else None, in_full=returned)
    if "link" not in st.session_state:  # the first run of this session that came this far
        wanted = asked.get("cohort", [""])[0]
        if shown := example_of(wanted) if wanted else FIRST:
            _open(shown.cohort, asked)
        st.session_state["link"] = asked
    elif cohort() and returned and asked.get("cohort") == [cohort().fingerprint[:FINGERPRINT_LENGTH]]:
        st.session_state["view"], _ = from_parameters(asked, cohort())


def cohort() -> Cohort | None:
    """The open cohort, or None while a link waits for its workbook."""
    return st.session_state.get("cohort")


def shows_example() -> bool:
    """Whether the open cohort is one that comes with the program."""
    return cohort() is not None and read_as() is None and example_of(cohort().fingerprint) is not None


def view() -> View:
    """Who is looked at, how they are compared, in which unit."""
    return st.session_state["view"]


def set_view(changed: View) -> None:
    """The only way by which a widget changes what is looked at; what the workbook does not know changes nothing."""
    st.session_state["view"] = followed(changed, cohort(), view())


def reset() -> None:
    """Back to everybody, compared as the workbook says."""
    set_view(first_view(cohort()))
    st.session_state["added filters"] = ()


def set_known_at(variable: str, day: float | None) -> None:
    """The reader's answer to when a variable became known; None takes it back."""
    if cohort().variable(variable) is None:
        return
    st.session_state["cohort"] = cohort().with_known_at(variable, day)
    st.session_state["known at"] = known_at() | {variable: day}
    if view().grouping.variable == variable:
        set_view(replace(view(), grouping=replace(view().grouping, known_at=day)))


def known_at() -> dict[str, float | None]:
    """What the reader answered about the open cohort, by variable."""
    return st.session_state.get("known at", {})


def added_filters() -> tuple[str, ...]:
    """The variables that the reader took up under "Add filter"."""
    return st.session_state.get("added filters", ())


def add_filter(variable: str) -> None:
    """Take a variable up under "Add filter"."""
    st.session_state["added filters"] = tuple(dict.fromkeys((*added_filters(), variable)))


def drop_filter(variable: str) -> None:
    """Take it away again."""
    st.session_state["added filters"] = tuple(name for name in added_filters() if name != variable)


def cuts_problem() -> str:
    """Why the cut-points written last could not be used, or nothing."""
    return st.session_state.get("cuts problem", "")


def note_cuts_problem(sentence: str) -> None:
    """Note why cut-points could not be used."""
    st.session_state["cuts problem"] = sentence


def link() -> Link:
    """The URL parameters of what is looked at, or of the link that waits for its workbook."""
    if cohort() is None:
        asked = st.session_state["link"]
        return {name: asked[name] for name in asked if name in NAMES}
    opened, seen, parameters = st.session_state.get("parameters", (None, None, {}))
    if opened is not cohort() or seen != view():  # asked for several times a run
        parameters = to_parameters(view(), cohort())
        st.session_state["parameters"] = (cohort(), view(), parameters)
    return dict(parameters)


def run(page: Any) -> None:
    """Run the page with the URL saying what is looked at; drawn to its end, the URL says also what is open on it."""
    write_link(page.title)
    page.run()
    if said := linked.finish():
        st.session_state["dropped"] = (*dropped(), *said)
        st.rerun()
    write_link(page.title, drawn=True)


def write_link(page: str = "", drawn: bool = False) -> None:
    """Make the URL say what is looked at; again where another page began when it was sent, whose the browser keeps."""
    if cohort() is None:  # the link stands until its workbook is opened
        return
    parameters = link() | linked.parameters()
    lost = drawn and st.session_state.pop("link sent on", page) != page
    if lost or {name: st.query_params.get_all(name) for name in st.query_params} != parameters:
        st.query_params.from_dict(parameters)
        if page and not drawn:
            st.session_state["link sent on"] = page


def open_files(read: Callable[[], Draft], ids: tuple[str, ...]) -> None:
    """Read files and show them, or ask first what only their owner knows.

    Files that cannot be read leave everything as it was, and a refusal. `ids` are noted only when all is done, so that
    uploads whose reading was broken off by another click are read again.
    """
    try:
        refused = take_draft(read())
    except Unsafe as refusal:
        refused = str(refusal)
    note_uploads(ids, refused)


def take_draft(read: Draft) -> str:
    """Show what was read, or ask first; the sentence why it cannot be read, which leaves everything as it was."""
    if not read.open_questions and isinstance(read.opened, str):
        return read.opened
    set_draft(read)
    if read.is_settled:
        open_draft()
    return ""


def note_uploads(ids: tuple[str, ...], refused: str = "") -> None:
    """These uploads were read, or refused."""
    st.session_state["uploads"], st.session_state["refusal"] = ids, refused


def restore(opened: Cohort, looked_at: View, known: Mapping[str, float | None]) -> None:
    """Look at this, as a saved session says: `known` are its answers about when columns became known."""
    st.session_state["cohort"], st.session_state["known at"], st.session_state["dropped"] = opened, dict(known), ()
    set_view(looked_at)


def draft() -> Draft | None:
    """The file whose columns are being sorted out, or None."""
    return st.session_state.get("draft")


def set_draft(changed: Draft | None) -> None:
    """Let this file wait, or none; what could be undone of another is forgotten."""
    st.session_state["draft"], st.session_state["earlier drafts"] = changed, ()


def change_draft(changed: Draft) -> None:
    """The waiting file with one more answer, which can be undone."""
    if draft() is not None:
        st.session_state["earlier drafts"] = (*earlier_drafts(), draft().forgetting())[-MOST_UNDONE:]
        st.session_state["draft"] = changed


def earlier_drafts() -> tuple[Draft, ...]:
    """The waiting file before each of the last answers, the latest last."""
    return st.session_state.get("earlier drafts", ())


def undo() -> None:
    """Take the last answer about the waiting file back."""
    if earlier_drafts() and draft() is not None:
        *st.session_state["earlier drafts"], st.session_state["draft"] = earlier_drafts()


def has_just_opened() -> bool:
    """Whether Open was pressed in the run that is drawn now; asked once."""
    return bool(st.session_state.pop("just opened", False))


def open_draft() -> None:
    """Show the cohort of the draft, under the link that waited for it or the filters that were on."""
    if draft() is None or isinstance(draft().opened, str):  # pressed twice, or of a file that is gone
        return
    waited, asked, opened = cohort() is None, link(), draft().opened
    _open(opened, asked)
    if waited and asked.get("cohort") != [opened.fingerprint[:FINGERPRINT_LENGTH]]:
        st.session_state["dropped"] = ("This is not the workbook that the link was made from.", *dropped())
    st.session_state["read as"] = draft()
    set_draft(None)


def open_waiting() -> None:
    """Open was pressed: show the cohort, from the top of the page of its first figure."""
    if draft() is not None and not draft().blocking:
        open_draft()
        st.session_state["just opened"] = draft() is None


def read_as() -> Draft | None:
    """How the open workbook was read, to be looked at and changed; None for the example."""
    return st.session_state.get("read as")


def use_mapping(file_id: str, content: bytes) -> None:
    """Apply saved answers to the draft; what is wrong with them is noted."""
    st.session_state["mapping"], st.session_state["mapping problem"] = file_id, ""
    try:
        change_draft(draft().with_saved(from_json(content.decode("utf-8-sig", errors="replace"))))
    except (NotAMapping, Unsafe) as problem:
        st.session_state["mapping problem"] = str(problem)


def read_mapping() -> str:
    """The id of the file of saved answers that was read last."""
    return st.session_state.get("mapping", "")


def mapping_problem() -> str:
    """Why the saved answers could not be used, or nothing."""
    return st.session_state.get("mapping problem", "")


def read_uploads() -> tuple[str, ...]:
    """The ids of the uploaded files that were read last."""
    return st.session_state.get("uploads", ())


def refusal() -> str:
    """Why the last upload could not be read, or nothing."""
    return st.session_state.get("refusal", "")


def open_example(example: Example = FIRST) -> None:
    """Show an example instead of whatever is open, on its page."""
    set_draft(None)
    st.session_state["read as"] = None
    _open(example.cohort, {})
    set_view(replace(view(), selection=replace(view().selection, infusion=example.infusion)))
    st.session_state["example's page"] = example.page


def page_of_example() -> str:
    """The page on which the example that was just opened is shown; asked once."""
    return str(st.session_state.pop("example's page", ""))


def dropped() -> tuple[str, ...]:
    """What the open workbook could not follow of a link or of the filters that were on."""
    return st.session_state.get("dropped", ())


def forget_dropped() -> None:
    """It has been read."""
    st.session_state["dropped"] = ()


def patient() -> str | None:
    """The id of the patient whom the reader looks at; it is never written to the URL."""
    return st.session_state.get("patient")


def choose_patient(patient_id: str | None) -> None:
    """Look at this patient; one whom the open workbook does not know changes nothing."""
    if patient_id is None or patient_id in set(cohort().patients["patient_id"]):
        st.session_state["patient"] = patient_id


def newly_picked(figure: str, patient_id: str | None) -> str | None:
    """The patient clicked on in this figure, once: the same click does not count again when the page is drawn anew."""
    before = st.session_state.get("picked", {})
    st.session_state["picked"] = before | {figure: patient_id}
    return patient_id if patient_id != before.get(figure) else None


def hold_selected(select: Callable[[], Cohort]) -> None:
    """Keep what the sidebar selects for the page that runs next; what was computed of the last few selections is kept
    with them."""
    asked = (view(), mask_below())
    kept = [(each, found) for each, found in st.session_state.get("analyses", ()) if found.opened is cohort()]
    found = next((found for each, found in kept if each == asked), None) or Analysis(
        cohort(), select(), view().grouping, view().unit, mask_below()
    )
    st.session_state["analyses"] = recent([*((each, other) for each, other in kept if each != asked), (asked, found)])


def analysis() -> Analysis:
    """The open cohort, who of it is looked at and how they are compared, as the sidebar left them in this run."""
    return st.session_state["analyses"][-1][1]


def session_id() -> str:
    """Names this session on the server."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def note_routed(now: bool) -> bool:
    """Note whether app.py has handed over to a page in this run; return what was noted before."""
    before = st.session_state.get("routed", False)
    st.session_state["routed"] = now
    return before


def _open(opened: Cohort, asked: Link) -> None:
    st.session_state["cohort"], st.session_state["known at"] = opened, {}
    choose_patient(None)
    st.session_state["view"], st.session_state["dropped"] = from_parameters(asked, opened)
