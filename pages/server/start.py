"""What the server does beyond Streamlit's own: the guard before it, sessions ended on time, uploads kept in memory, no
look-up outside, modules left out of garbage collection."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from threading import Thread
from typing import Any, Final

import streamlit as st
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from streamlit import config, net_util, runtime

from pages.server.closing import closing_sessions, share_memory
from pages.server.collecting import leave_out, loading
from pages.server.guard import Guard
from pages.server.left_pages import LeftPages
from pages.server.linked_login import LinkedLogin
from pages.server.unchanged import Unchanged

MIDDLEWARE: Final = (Middleware(Guard), Middleware(LinkedLogin), Middleware(LeftPages), Middleware(Unchanged))
MEGABYTE: Final = 1024 * 1024


def lifespan(entry: Callable[[], Any]) -> Callable[[st.App], AbstractAsyncContextManager[None]]:
    """Around the life of the server; beside it `entry` imports what runs need, whose `load` is called once."""

    @asynccontextmanager
    async def living(_app: st.App) -> AsyncIterator[None]:
        share_memory()
        keep_uploads_in_memory()
        never_look_up_own_address()
        Thread(target=_load, args=(entry,), name="load", daemon=True).start()
        async with closing_sessions():
            yield

    return living


def _load(entry: Callable[[], Any]) -> None:
    """What is loaded stays as long as the server, as its modules do; not so where a reader came first, whose data must
    not stay."""
    with loading():
        needed = entry()
    needed.load()
    if not runtime.get_instance()._session_mgr.list_active_sessions():
        leave_out()


def keep_uploads_in_memory() -> None:
    """No upload that may be sent at all is written to a temporary file; Starlette's own limit for that is 1 MiB."""
    MultiPartParser.spool_max_size = (config.get_option("server.maxUploadSize") + 1) * MEGABYTE


def never_look_up_own_address() -> None:
    """Streamlit asks an outside service for this machine's address to judge origins; here the guard judges them."""
    net_util.get_internal_ip = net_util.get_external_ip = _unknown


def _unknown() -> None:
    """The address of this machine, which nobody is asked for."""
