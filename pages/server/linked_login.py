"""Brings a reader who signs in back to the link that she opened; Streamlit itself sends everybody to the first page.

Meanwhile the link lies in a cookie of her browser, for some minutes, which is sent only to the address that ends
signing in. The server keeps nothing of it, and the provider of identities never sees it.
"""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qs, quote, unquote

from pages.server.guard import Asgi, Message, Receive, Send, inside_of

Headers = list[tuple[bytes, bytes]]
BEGINS: Final = "/auth/login"
ENDS: Final = "/oauth2callback"
COOKIE: Final = "cart_link"
SECONDS: Final = 600
LINK: Final = re.compile(
    r"[a-z0-9_-]+(\?[!-~]*)?"
)  # a page of the program and what is asked of it: never another address
LONGEST: Final = 3000  # letters; browsers refuse cookies above 4096


class LinkedLogin:
    """ASGI middleware: keeps the link that comes with the beginning of signing in, and leads to it at the end."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request or WebSocket as the rest does, signing in with its link."""
        step = inside_of(scope["path"]) if scope["type"] == "http" else ""
        if step in (BEGINS, ENDS):
            under = scope["path"].removesuffix(step)
            send = _keeping(send, under, _asked(scope)) if step == BEGINS else _leading_back(send, under, _kept(scope))
        await self.app(scope, receive, send)


def _asked(scope: Message) -> str:
    """The link that stands in the request; "" where there is none that may be kept."""
    link = parse_qs(scope["query_string"].decode("latin-1")).get("link", [""])[0]
    return link if LINK.fullmatch(link) and len(quote(link, safe="")) <= LONGEST else ""


def _kept(scope: Message) -> str:
    """The link that the browser kept; "" where it kept none."""
    lines = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"cookie"]
    pairs = (pair.strip().partition("=") for pair in ";".join(lines).split(";"))
    link = unquote(next((value for name, _, value in pairs if name == COOKIE), ""))
    return link if LINK.fullmatch(link) else ""


def _keeping(send: Send, under: str, link: str) -> Send:
    """`send` with a cookie that keeps this link; an empty one ends what was kept before."""
    return _with(send, lambda headers: [*headers, _cookie(under, link)])


def _leading_back(send: Send, under: str, link: str) -> Send:
    """`send`, once, leading to the link in the place of the first page."""

    def led(name: bytes, value: bytes) -> tuple[bytes, bytes]:
        to_first_page = name.lower() == b"location" and value.decode("latin-1").rstrip("/") == under
        return (name, f"{under}/{link}".encode("latin-1")) if to_first_page and link else (name, value)

    return _with(send, lambda headers: [*(led(*each) for each in headers), _cookie(under, "")])


def _with(send: Send, changed: Callable[[Headers], Headers]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": changed(list(message.get("headers", [])))}
        await send(message)

    return sending


def _cookie(under: str, link: str) -> tuple[bytes, bytes]:
    kept = f"{quote(link, safe='')}; Max-Age={SECONDS if link else 0}"
    return b"set-cookie", f"{COOKIE}={kept}; Path={under}{ENDS}; HttpOnly; SameSite=Lax".encode("latin-1")
