"""Ends the sessions of closed tabs on time, so that what was uploaded is gone even if nobody else comes.

Streamlit lets them expire after server.disconnectedSessionTTL, but takes them away only when another session ends.
"""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from streamlit import config, runtime

LONGEST_PAUSE: Final = 5.0  # seconds between two looks
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
    sessions = [info.session for _, info in stored.expire()]
    for session in sessions:
        session.shutdown()
    ended = len(sessions)
    if ended:
        del sessions[:], session
        gc.collect()  # a session and its frames refer to each other in circles
    return ended


async def _look_again_and_again() -> None:
    pause = min(LONGEST_PAUSE, config.get_option("server.disconnectedSessionTTL") / 12)
    while True:
        await asyncio.sleep(max(pause, 0.05))
        try:
            end_expired()
        except Exception:
            LOG.exception("A closed session could not be ended")
