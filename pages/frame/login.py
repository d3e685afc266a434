"""Signing in, where a server is set up for it (Streamlit's [auth] in secrets.toml); elsewhere nothing of this is there.
docs/server.md.

The link that was opened goes along to where signing in begins, so that pages/server/linked_login.py can bring its
reader back to it. Whoever did nothing for CART_IDLE_MINUTES, in none of her tabs, is signed out, and what the tab held
is let go.
"""

import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import quote, urlencode

import streamlit as st
from streamlit.auth_util import validate_auth_credentials
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.user_info import generate_login_redirect_url

from pages.frame import audit, background, session, widget_state
from pages.frame.escape import plain

IDLE_SETTING: Final = "CART_IDLE_MINUTES"
MOST_BETWEEN_LOOKS: Final = 30.0  # seconds
NEEDED: Final = ("authlib", "httpx")  # of Streamlit's extra "auth"; no part of the program
MISSING: Final = (
    "Signing in is set up on this server, but a package for it is missing: pip install streamlit[auth]"
    " (docs/server.md)."
)
CLAIMS: Final = ("email", "preferred_username", "sub", "name")  # what names somebody, the best first


def signed_in_or_stop(page: str) -> None:
    """Stops every page until somebody has signed in, where that is set up, and signs out who has gone; `page` is the
    address of this one."""
    if not is_set_up():
        return
    if not st.user["is_logged_in"]:
        asked = urlencode([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
        _ask(f"{page}?{asked}" if asked else page)
        st.stop()
    if limit := idle_seconds():
        _sign_out_if_idle()
        activity().note(_person(), limit)
        st.fragment(_sign_out_if_idle, run_every=min(MOST_BETWEEN_LOOKS, limit / 4))()
    with st.sidebar.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(plain(who()))
        st.button("Sign out", key="sign out", on_click=_sign_out, type="tertiary")


def is_set_up() -> bool:
    """Whether this server wants its readers to sign in."""
    return "is_logged_in" in st.user


def who() -> str:
    """Who reads, as the provider of identities or the proxy says; "" where nobody says it."""
    return next((str(st.user[claim]) for claim in CLAIMS if st.user.get(claim)), "")


def idle_seconds() -> float:
    """After how many seconds without a click somebody is signed out; 0 = never."""
    return 60 * float(os.environ.get(IDLE_SETTING) or 0)


class Activity:
    """When each person was seen last, in any tab."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now, self._seen = now, dict[str, float]()

    def note(self, person: str, limit: float) -> None:
        """This person did something; who has been idle for longer than the limit is forgotten."""
        now = self._now()
        self._seen = {name: at for name, at in (self._seen | {person: now}).items() if now - at <= limit}

    def is_idle(self, person: str, signed_in: float | None, limit: float) -> bool:
        """Whether this person, who signed in at that time, did nothing for longer than the limit."""
        now = self._now()
        return now - max(self._seen.get(person, 0.0), now if signed_in is None else signed_in) > limit


@cache
def activity() -> Activity:
    """Of this server."""
    return Activity()


def providers(auth: Mapping[str, Any]) -> tuple[str, ...]:
    """The providers of identities that have a name in the settings; "" is the one without."""
    return tuple(name for name, of in auth.items() if isinstance(of, Mapping) and "client_id" in of) or ("",)


def _ask(link: str) -> None:
    st.title("CAR-T Cohort Explorer")
    if not all(map(find_spec, NEEDED)):
        st.error(MISSING)
        return
    st.markdown("Please sign in.")
    for name in providers(st.secrets["auth"]):
        label = f"Sign in with {plain(name)}" if name else "Sign in"
        st.button(label, key=f"sign in {name}", on_click=_sign_in, args=(name, link), type="primary")


def _sign_in(name: str, link: str) -> None:
    """`st.login`, with the link."""
    validate_auth_credentials(name or "default")
    message, context = ForwardMsg(), get_script_run_ctx()
    message.auth_redirect.url = f"{generate_login_redirect_url(name or 'default')}&link={quote(link, safe='')}"
    if context is not None:
        context.enqueue(message)


def _person() -> str:
    return f"{st.user.get('iss', '')} {st.user.get('sub') or who()}"


def _sign_out_if_idle() -> None:
    """Looked at in every run, and again and again while nothing is clicked."""
    if activity().is_idle(_person(), st.user.get("iat"), idle_seconds()):
        _sign_out()
        st.stop()


def _sign_out() -> None:
    background.pool().end(session.session_id())
    audit.book().note(session.session_id(), who(), "signed out")
    widget_state.forget()
    st.logout()
