"""One run for one reader; and what takes long once, done before anybody waits for it.

What a run draws is sent together: the browser then lays the page out once. Streamlit 1.67 sends each element as soon as
it is made, and the browser draws all of the page anew every few milliseconds in which one came. A page that takes
longer than PATIENCE is sent as it grows, as ever.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from threading import Lock, Timer
from typing import Any, Final

from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.derived.course_answer import answers
from lib.derived.exposure import proposed_known_at
from lib.stats import packages
from pages.frame import components, output, page, selection_panel, session, session_menu, warm

PATIENCE: Final = 0.3  # seconds
Send = Callable[[Any], None]
FIRST_FIGURES: Final = ("lib.swimmer.plot", "lib.survival.kaplan_meier")  # of pages/home.py


def run() -> None:
    """The page asked for, then what stands beside it: menu and sidebar selection."""
    with warm.first_run():
        asked_for = page.open_app()
        with output.standing("This page", "Other pages, and other workbooks, are not affected."), sent_at_once():
            session.begin(asked_for.url_path)
            menu = page.place_menu()
            if cohort := page.cohort_of_filters():
                session.hold_selected(partial(selection_panel.chosen, cohort, answers))
            page.run(asked_for)  # before what stands beside it: a click is answered by its figure first
        with output.standing("The filters", "The page is not affected."), sent_at_once():
            page.show_menu(menu)
            if cohort := page.cohort_of_filters():
                selection_panel.show(cohort, proposed_known_at, answers)
            session_menu.show_menu()
        components.follow_keys()


def load() -> None:
    """Once, beside the server: the page that opens first, and when it has been shown the rest."""
    for figure in FIRST_FIGURES:
        import_module(figure)
    warm.load(_rest)


def _rest() -> None:
    """What the first page did without: the other exhibits, and the packages of statistics."""
    session_menu.kept()
    packages.load()


class _Held:
    """Messages that wait to be sent, until they are let go; from then on each goes at once."""

    def __init__(self, send: Send) -> None:
        self._send, self._lock = send, Lock()
        self._waiting: list[Any] | None = []

    def take(self, message: Any) -> None:
        """Keep this message, or send it."""
        with self._lock:
            if self._waiting is not None:
                self._waiting.append(message)
                return
        self._send(message)

    def let_go(self) -> None:
        """Send all that wait, in order."""
        with self._lock:
            waiting, self._waiting = self._waiting or [], None
            for message in waiting:
                self._send(message)


@contextmanager
def sent_at_once() -> Iterator[None]:
    """Within, what is drawn waits until all is drawn, or PATIENCE ends. What a click breaks off is not sent: another
    run begins."""
    context: Any = get_script_run_ctx()
    if context is None:
        yield
        return
    send = context._enqueue
    held = _Held(send)

    def take(message: Any) -> None:
        context.yield_check()  # here a click breaks the run off
        held.take(message)

    timer = Timer(PATIENCE, held.let_go)
    timer.daemon, context._enqueue = True, take
    timer.start()
    try:
        yield
        held.let_go()
    finally:
        timer.cancel()
        context._enqueue = send
