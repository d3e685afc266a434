"""Ends the sessions of closed tabs on time, so that what was uploaded is gone from memory even if nobody else comes.

Streamlit lets them expire after server.disconnectedSessionTTL, but takes them away only when another session ends,
deletes their exports only when another page has run, and remembers the session, the messages and the variables of the
last run.
"""

import asyncio
import ctypes
import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import ModuleType
from typing import Final

from streamlit import config, runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.session_manager import SessionClient

LONGEST_PAUSE: Final = 5.0  # seconds between two looks
MOST_ARENAS: Final = -8  # M_ARENA_MAX in malloc.h
LOOPS: Final = 0.1  # seconds; Streamlit's loop turns every 0.005
LOG: Final = logging.getLogger(__name__)


@asynccontextmanager
async def closing_sessions() -> AsyncIterator[None]:
    """Look for expired sessions as long as the server runs."""
    looking = asyncio.create_task(_look_again_and_again())
    try:
        yield
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


def end_expired() -> int:
    """End every session that was closed longer ago than the limit; return how many there were."""
    stored = runtime.get_instance()._session_mgr._session_storage._cache
    ended = 0
    for _, info in stored.expire():
        info.session.shutdown()
        ended += 1
    return ended


async def forget_the_last() -> None:
    """Let go of what Streamlit remembers of the last run: its loop gets a session of nobody to serve, and no module
    keeps the variables."""
    server = runtime.get_instance()
    nobody = server.connect_session(_Nobody(), {})
    try:
        server._session_mgr.get_active_session_info(nobody).session._enqueue_forward_msg(ForwardMsg())
        await asyncio.sleep(LOOPS)
    finally:
        server.close_session(nobody)
    sys.modules["__main__"] = ModuleType("__main__")  # the variables of the page that ran last; each run brings its own
    server.media_file_mgr.remove_orphaned_files()  # an export is only marked at first, and deleted when asked again
    gc.collect()  # a session and its tables refer to each other in circles
    _give_back()


def share_memory() -> None:
    """All threads take memory from one place: glibc gives each run's its own else, of which less comes back."""
    if sys.platform == "linux" and (setting := getattr(ctypes.CDLL(None), "mallopt", None)):
        setting(MOST_ARENAS, 1)


def _give_back() -> None:
    """What was freed goes back to the system, which glibc keeps else where threads had it."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


class _Nobody(SessionClient):
    """A browser that is not there."""

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """Nothing is sent."""


async def _look_again_and_again() -> None:
    pause = max(0.05, min(LONGEST_PAUSE, config.get_option("server.disconnectedSessionTTL") / 12))
    owed = False
    while True:
        await asyncio.sleep(pause)
        try:
            if owed:
                await forget_the_last()
            owed = end_expired() > 0
        except Exception:
            LOG.exception("A closed session could not be ended")
