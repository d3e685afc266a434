"""One simulated reader: speaks with the server as Streamlit's page in a browser does, without a browser.

It holds what its widgets hold, sends all of it with every click, and waits until the page has run to its end.
"""

import asyncio
import http.client
import time
import uuid
from contextlib import suppress
from operator import itemgetter
from typing import Any, Final
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

PATIENCE: Final = 120.0  # seconds; a page that takes longer has failed
LARGEST: Final = 200 * 2**20  # of a message
ENDED: Final = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
COOKIE: Final = "_streamlit_xsrf"
SAYS: Final = ("markdown", "text", "alert")  # elements with words


class Fault(Exception):
    """What a reader should never see."""


class Reader:
    """A tab of a browser; `address` is http://localhost and a port."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._places: dict[tuple[int, ...], tuple[str, Any]] = {}  # what the page shows where, with its kind
        self._failed: list[str] = []
        self.followed = ""  # the fragment that is drawn again and again, "" where there is none
        self.url, self.redirect = "", ""  # the query of the page's address; where the page sends its reader
        self.cookies: dict[str, str] = {}
        self._widgets: dict[str, WidgetState] = {}
        self._known: dict[str, bytes] = {}  # messages that a browser keeps and the server need not send again
        self._page, self._session, self._triggers = "", "", list[WidgetState]()
        self._answers: asyncio.Queue[ForwardMsg] = asyncio.Queue()
        self._runs: asyncio.Queue[int] = asyncio.Queue()

    async def open(self, page: str = "", query: str = "") -> float:
        """Load the page and open the WebSocket; the seconds until it has run."""
        status, headers, _ = await self.ask("GET", f"/{page}")
        require(status == 200, f"/{page} answered {status}")
        _, headers, _ = await self.ask("GET", "/_stcore/health")
        self._take_cookies(headers)
        return await self.connect(page, query)

    async def connect(self, page: str = "", query: str = "") -> float:
        """Open the WebSocket, as a page does that was disconnected, too."""
        begun = time.monotonic()
        token = self.cookies.get(COOKIE, "")
        spoken = ["streamlit", token or "none", *([self._session] if self._session else [])]
        headers = {"Origin": self.address, "Cookie": self.cookie_line()}
        self._socket = await connect(
            f"ws{self.address[4:]}/_stcore/stream",
            subprotocols=spoken,
            additional_headers=headers,
            max_size=LARGEST,
            compression=None,
        )  # type: ignore[arg-type]
        self._listening = asyncio.create_task(self._listen())
        self.url, self._runs = query, asyncio.Queue()
        await self.send_run(page_name=page)
        await self.run_ends()
        return time.monotonic() - begun

    async def close(self) -> None:
        """Close the tab."""
        await self._socket.close()
        self._listening.cancel()

    async def set(self, key: str, words: list[str]) -> float:
        """Press pills so that these are on; the seconds until the page has run."""
        self.hold_words(key, words)
        return await self.run()

    async def press(self, key: str) -> float:
        """Press a button."""
        self._triggers = [WidgetState(id=self.widget(key).id, trigger_value=True)]
        return await self.run()

    async def follow(self, address: str) -> tuple[int, list[tuple[str, str]], bytes]:
        """Go to an address, of this server or of another, and keep the cookies of this one."""
        if address.startswith("http") and not address.startswith(self.address):
            return await asyncio.to_thread(_request, address, "GET", address, b"", {})
        answer = await self.ask("GET", address.removeprefix(self.address))
        self._take_cookies(answer[1])
        return answer

    def forget_session(self) -> None:
        """What comes next is a new tab of the same browser."""
        self._session, self._widgets = "", {}

    def hold_words(self, key: str, words: list[str]) -> None:
        """These pills are on, and nothing is sent yet."""
        self.hold(WidgetState(id=self.widget(key).id, string_array_value={"data": words}))

    def hold(self, state: WidgetState) -> None:
        """What a widget holds from now on."""
        self._widgets[state.id] = state

    async def go(self, page: str) -> float:
        """Follow a link of the menu; the widgets of the page that is left are gone."""
        return await self.run(page_name=page)

    async def run(self, **more: Any) -> float:
        """Send what the widgets hold; the seconds until the page has run."""
        begun = time.monotonic()
        self._runs = asyncio.Queue()  # what ended before is of a run that nobody waited for
        await self.send_run(**more)
        await self.run_ends()
        return time.monotonic() - begun

    async def send_run(self, page_name: str | None = None, fragment_id: str = "") -> None:
        """Ask for a run, and do not wait for it."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.fragment_id, state.is_auto_rerun = self.url, fragment_id, bool(fragment_id)
        state.widget_states.widgets.extend([*self._widgets.values(), *self._triggers])
        state.cached_message_hashes.extend(self._known)
        state.context_info.url, state.context_info.timezone = f"{self.address}/", "Europe/Berlin"
        if page_name is None:
            state.page_script_hash = self._page
        else:
            state.page_name = page_name
        self._triggers = []
        await self.send(message.SerializeToString())

    async def send(self, content: bytes) -> None:
        """Send these bytes, whatever they are."""
        await self._socket.send(content)

    async def send_until_cut_off(self, content: bytes) -> None:
        """Send these bytes, and wait until the server ends the connection."""
        with suppress(ConnectionClosed):
            await self.send(content)
        await asyncio.wait_for(self._socket.wait_closed(), PATIENCE)

    async def run_ends(self) -> None:
        """Wait until the page has run to its end. Raises Fault where it shows an error or does not end."""
        await asyncio.wait_for(self._runs.get(), PATIENCE)
        if self.errors:
            raise Fault(self.errors[0])

    async def upload(self, key: str, name: str, content: bytes) -> float:
        """Give a file to the box for files; the seconds until the page has run with it."""
        begun, box = time.monotonic(), self.widget(key)
        place = await self.place_for(name)
        body, kind = _form(name, content)
        status, _, _ = await self.ask(
            "PUT", place.upload_url, body, {"Content-Type": kind, "X-Xsrftoken": self.cookies.get(COOKIE, "")}
        )
        require(status in (200, 204), f"the upload was answered {status}")
        held = WidgetState(id=box.id)
        file = held.file_uploader_state_value.uploaded_file_info.add(
            name=name, size=len(content), file_id=place.file_id
        )
        file.file_urls.CopyFrom(place)
        self.hold(held)
        await self.run()
        return time.monotonic() - begun

    async def place_for(self, name: str) -> Any:
        """Where a file of this name may be sent."""
        request = BackMsg()
        request.file_urls_request.request_id = uuid.uuid4().hex
        request.file_urls_request.session_id = self._session
        request.file_urls_request.file_names.append(name)
        return (await self._answer(request)).file_urls_response.file_urls[0]

    async def export(self, exhibit: str, file_format: str) -> str:
        """Open the Export menu of this exhibit and press a format: where the file lies that was made."""
        await self.open_menu(exhibit)
        return await self.file_of(f"download {exhibit} {file_format}")

    async def open_menu(self, exhibit: str) -> None:
        """Open the Export menu; with the next click it is closed again."""
        menu = self.widget(f"menu {exhibit}").id
        self.hold(WidgetState(id=menu, bool_value=True))
        await self.run()
        self.hold(WidgetState(id=menu, bool_value=False))

    async def file_of(self, key: str) -> str:
        """Press a download button: where the file lies that was made. Raises Fault where none was."""
        button = self.widget(key)
        if not button.deferred_file_id:
            return str(button.url)
        request = BackMsg()
        request.backend_operation_request.request_id = uuid.uuid4().hex
        request.backend_operation_request.session_id = self._session
        request.backend_operation_request.deferred_file.file_id = button.deferred_file_id
        answer = (await self._answer(request)).backend_operation_response
        require(not answer.error_msg, f"no file: {answer.error_msg}")
        return str(answer.deferred_file.url)

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """One HTTP request: status, headers, content of the answer."""
        named = {"Cookie": self.cookie_line(), "Origin": self.address, **(headers or {})}
        return await asyncio.to_thread(_request, self.address, method, path, body, named)

    def widget(self, key: str) -> Any:
        """The widget of this key that the page shows. Raises Fault where there is none."""
        found = next((element for name, element in self.elements.items() if name == key), None)
        require(found is not None, f"the page has no widget “{key}”")
        return found

    def says(self, words: str) -> bool:
        """Whether any text of the page holds these words."""
        return any(words in text for text in self.texts)

    async def _answer(self, request: BackMsg) -> ForwardMsg:
        """Send, and wait for what answers it."""
        await self.send(request.SerializeToString())
        return await asyncio.wait_for(self._answers.get(), PATIENCE)

    async def _listen(self) -> None:
        try:
            async for data in self._socket:
                self._take(bytes(data))
        except ConnectionClosed:
            return
        except Exception as error:  # whoever waits must not wait for ever
            self._failed.append(repr(error))
            self._runs.put_nowait(-1)

    def _take(self, data: bytes) -> None:
        message = ForwardMsg.FromString(data)
        path = tuple(message.metadata.delta_path)
        if message.ref_hash:
            message = ForwardMsg.FromString(self._known[message.ref_hash])
        elif message.metadata.cacheable:
            self._known[message.hash] = data
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._begin(message.new_session, bool(message.metadata.run.fragment_ids))
        elif kind == "delta":
            self._draw(path, message.delta)
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.url = message.page_info_changed.query_string
        elif kind == "auth_redirect":
            self.redirect = message.auth_redirect.url
        elif kind == "auto_rerun":
            self.followed = message.auto_rerun.fragment_id
        elif kind in ("file_urls_response", "backend_operation_response"):
            self._answers.put_nowait(message)
        elif kind == "script_finished" and message.script_finished in ENDED:
            self._runs.put_nowait(message.script_finished)

    def _begin(self, begun: Any, only_a_part: bool) -> None:
        self._session = begun.initialize.session_id
        self._page = begun.page_script_hash
        if not only_a_part:
            self._places, self._failed, self.followed = {}, [], ""

    def _draw(self, path: tuple[int, ...], delta: Any) -> None:
        """What is sent to a place takes the place of what stood there; a container keeps what is in it."""
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind:
            self._places = {each: it for each, it in self._places.items() if each[: len(path)] != path}
        self._places[path] = (kind, getattr(element, kind)) if kind else ("popover", delta.add_block.popover)

    @property
    def elements(self) -> dict[str, Any]:
        """What the page shows, by the key of the widget."""
        with_id = (it for _, it in self._places.values() if getattr(it, "id", ""))
        return {it.id.split("-", 2)[-1]: it for it in with_id}

    @property
    def texts(self) -> list[str]:
        """What the page says."""
        return [it.body for _, (kind, it) in sorted(self._places.items(), key=itemgetter(0)) if kind in SAYS]

    @property
    def errors(self) -> list[str]:
        """What went wrong, as the page says it."""
        said = [(kind, it) for kind, it in self._places.values() if kind in ("exception", "alert")]
        failed = [
            it.message if kind == "exception" else it.body
            for kind, it in said
            if kind == "exception" or it.format == it.ERROR
        ]
        return [*self._failed, *failed]

    def _take_cookies(self, headers: list[tuple[str, str]]) -> None:
        for name, value in headers:
            if name.lower() == "set-cookie":
                key, _, held = value.partition(";")[0].partition("=")
                self.cookies[key] = held.strip('"')

    def cookie_line(self) -> str:
        """The cookies as a browser sends them."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


def require(is_so: bool, otherwise: str) -> None:
    """Raises Fault with this sentence where it is not so."""
    if not is_so:
        raise Fault(otherwise)


def _form(name: str, content: bytes) -> tuple[bytes, str]:
    """A file as a form, and the type of its content."""
    border = uuid.uuid4().hex
    head = (
        f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type:'
        " application/octet-stream\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{border}--\r\n".encode(), f"multipart/form-data; boundary={border}"


def _request(
    address: str, method: str, path: str, body: bytes, headers: dict[str, str]
) -> tuple[int, list[tuple[str, str]], bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()
