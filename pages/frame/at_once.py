"""What a run draws is sent together: the browser then lays the page out once, not after every few elements that come
one by one.

Streamlit 1.67 sends each element as soon as it is made, and the browser draws all of the page anew every few
milliseconds in which one came. A page that takes longer than PATIENCE is sent as it grows, as ever.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import Any, Final

from streamlit.runtime.scriptrunner import get_script_run_ctx

PATIENCE: Final = 0.3  # seconds
Send = Callable[[Any], None]


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
