"""Stands before Streamlit: which hosts are answered, which pages may ask, which addresses are closed, which headers go
out.

Streamlit itself looks at the host of a WebSocket only, and asks an outside service for its own address to judge a
foreign origin.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from streamlit import config
from streamlit.auth_util import get_secrets_auth_section

from pages.server.policy import ALWAYS, KEPT_BY_NOBODY, content_security_policy

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]

THIS_MACHINE: Final = ("localhost", "127.0.0.1", "::1")
CORE: Final = "/_stcore/"
EXPORTS: Final = "/media/"
OPEN: Final = (
    "health",
    "host-config",
    "stream",
    "upload_file",
    "bidi-components",
)  # what the pages use of Streamlit's own addresses
CLOSED: Final = ("/component/",)  # no component in a frame is part of the program
LOGIN: Final = ("/auth/", "/oauth2callback")  # closed unless the server is set up for it
VIOLATION: Final = 1008  # of the WebSocket protocol: against the policy
WRONG_HOST: Final = (
    "The program does not answer to this host name. On this machine open it as http://localhost and its port; "
    "on a server, name the host in server.allowedHosts (docs/server.md).\n"
)
WRONG_ORIGIN: Final = "A page of another address asked; only the program's own pages may (docs/server.md).\n"
NOT_THERE: Final = "Not found.\n"


class Guard:
    """ASGI middleware: refuses what may not ask, adds the headers to all the rest."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request or WebSocket, or hand it on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        host, origin = _header(scope, b"host"), _header(scope, b"origin")
        with_headers = _with_headers(send, host if may_ask(host) else "localhost", scope["path"])
        if reason := refused(host, origin, scope["path"]):
            await _refuse(scope["type"], reason, with_headers)
        else:
            await self.app(scope, receive, with_headers)


def refused(host: str, origin: str, path: str) -> str:
    """The one sentence of a refusal, or "" where the request may pass."""
    if not may_ask(host):
        return WRONG_HOST
    if origin and not is_own_page(origin, host):
        return WRONG_ORIGIN
    return NOT_THERE if is_closed(path) else ""


def may_ask(host: str) -> bool:
    """Whether the Host header names one of server.allowedHosts; where that is empty, this machine."""
    name = _name_in(f"//{host}")
    patterns = [pattern.strip().lower().rstrip(".") for pattern in config.get_option("server.allowedHosts")]
    return bool(name) and any(_matches(name, pattern) for pattern in patterns or THIS_MACHINE)


def is_own_page(origin: str, host: str) -> bool:
    """Whether a page of this origin is the program's own, or one that server.corsAllowedOrigins names."""
    allowed = [each.strip().rstrip("/") for each in config.get_option("server.corsAllowedOrigins")]
    return origin in allowed or urlsplit(origin).netloc.lower() == host.lower()


def is_closed(path: str) -> bool:
    """Whether this is an address of Streamlit that the pages do not use, such as its metrics or its interface for
    agents."""
    inside = inside_of(path)
    if inside.startswith(CORE):
        return inside.removeprefix(CORE).split("/")[0] not in OPEN
    return f"{inside}/".startswith(CLOSED) or (f"{inside}/".startswith(LOGIN) and not login_is_set_up())


def login_is_set_up() -> bool:
    """Whether secrets.toml has a section [auth], so that readers sign in with a provider of identities
    (docs/server.md)."""
    try:
        return bool(get_secrets_auth_section())
    except Exception:  # a file that cannot be read opens nothing
        return False


def inside_of(path: str) -> str:
    """The path within the program, without server.baseUrlPath."""
    base = config.get_option("server.baseUrlPath").strip("/")
    return path.removeprefix(f"/{base}") if base else path


def _matches(name: str, pattern: str) -> bool:
    return pattern in ("*", name) or (pattern.startswith("*.") and name.endswith(pattern[1:]))


def _name_in(address: str) -> str:
    """The host name of an address, "" where it is none or holds anything but a name and a port."""
    try:
        parts = urlsplit(address)
        plain = parts.port is None or parts.port >= 0
    except ValueError:
        return ""
    other = "@" in parts.netloc or parts.path or parts.query or parts.fragment
    return (parts.hostname or "").rstrip(".") if plain and not other else ""


def _header(scope: Message, name: bytes) -> str:
    """The value of a header; "" if it is missing, and two values together where it stands twice."""
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name)


def _with_headers(send: Send, host: str, path: str) -> Send:
    """`send` with the headers of the policy in every answer; an export is kept in no cache."""
    policy = [(b"content-security-policy", _policy(host)), *ALWAYS]
    added = [*policy, KEPT_BY_NOBODY] if inside_of(path).startswith(EXPORTS) else policy

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = {name for name, _ in added}
            theirs = [each for each in message.get("headers", []) if each[0].lower() not in ours]
            message = {**message, "headers": [*theirs, *added]}
        await send(message)

    return sending


@lru_cache(maxsize=16)
def _policy(host: str) -> bytes:
    return content_security_policy(host).encode("latin-1")


async def _refuse(kind: str, reason: str, send: Send) -> None:
    if kind == "websocket":
        await send({"type": "websocket.close", "code": VIOLATION})  # before it was accepted: the server answers 403
        return
    status = 404 if reason == NOT_THERE else 403
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason.encode()})
