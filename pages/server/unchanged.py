"""What the browser shows already is not sent to it again.

Streamlit sends every element of a page at every click, and the browser takes each for a new one, which takes it longer
than the click takes the program. Here, between Streamlit and each browser, a run of the page that is open is held
until its end and sent as if it had been a run of a part of the page (a fragment): a browser keeps what was not sent
of a part. Where nothing of what it keeps is to be forgotten, it does not even hear of a run: it would look at each of
its elements. Wherever that might not do, and where a run takes longer than PATIENCE, all of it is sent as ever.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.server.guard import Asgi, Message, Receive, Send
from pages.server.places import Path, Places, changes, forgets, is_known, place_of, put

PART: Final = "what has changed"  # the name of the part that a run is said to be of; no fragment is called so
PATIENCE: Final = 0.5  # seconds from the first element of a run; pages/frame/entry.py sends after 0.3 what there is
STATUS: Final = "session_status_changed"  # that a run goes on, or does not
BESIDE: Final = (STATUS, "page_info_changed")  # sent with what has changed
SETTINGS: Final = ("navigation", "page_config_changed")  # sent with it where they say something else than before
ANSWERS: Final = ("file_urls_response", "backend_operation_response", "heartbeat_ack", "session_event")  # of no run


class Unchanged:
    """ASGI middleware: holds what a browser shows already back from it."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Hand everything on; to a browser only what it does not show."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        way = _Way(send)
        try:
            await self.app(scope, receive, way.send)
        finally:
            way.close()


class _Way:
    """The way to one browser: messages go in order, and what is held goes after PATIENCE at the latest."""

    def __init__(self, send: Send) -> None:
        self._send, self._turn, self._browser = send, asyncio.Lock(), Browser()
        self._waiting: asyncio.Task[None] | None = None

    async def send(self, message: Message) -> None:
        """Send it, or hold it."""
        async with self._turn:
            if message["type"] != "websocket.send" or not message.get("bytes"):
                await self._send(message)
                return
            await self._pass_on(self._browser.take(message["bytes"]))
            if not self._browser.holds_elements:
                self.close()
            elif self._waiting is None:
                self._waiting = asyncio.create_task(self._lose_patience())

    def close(self) -> None:
        """Nothing is held any more, or nobody is there."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = None

    async def _lose_patience(self) -> None:
        await asyncio.sleep(PATIENCE)
        async with self._turn:
            self._waiting = None
            with suppress(OSError, RuntimeError):  # the browser may have gone
                await self._pass_on(self._browser.let_go())

    async def _pass_on(self, messages: Iterable[bytes]) -> None:
        for data in messages:
            await self._send({"type": "websocket.send", "bytes": data})


class Browser:
    """What one browser shows, as far as it is known, and what of a run is held back from it."""

    def __init__(self) -> None:
        self._places: Places = {}
        self._page, self._settings = "", dict[str, str]()
        self._is_known = False  # whether all that it shows is in _places: after a whole run that came to its end
        self._drawn: set[Path] | None = None  # in the run that is being sent; None where it is of a part
        self._held: list[tuple[ForwardMsg, bytes]] = []
        self._going_on: list[bytes] = []  # that a run goes on, of which the browser hears with its end

    @property
    def holds_elements(self) -> bool:
        """Whether anything waits that would be seen."""
        return any(message.metadata.delta_path for message, _ in self._held)

    def take(self, data: bytes) -> list[bytes]:
        """What is to be sent now that Streamlit sends this."""
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind in ANSWERS:
            return [data]
        begins = kind == "new_session"
        earlier = self.let_go() if begins else []
        if not self._held and not (begins and self._is_run_again(message)):
            self._note(message)
            earlier += self._going_on
            self._going_on = []
            return [*earlier, data]
        self._held.append((message, data))
        if kind == "script_finished":
            return self._changed() or self.let_go()
        is_held = begins or kind in (*BESIDE, *SETTINGS) or is_known(message)
        return earlier if is_held else self.let_go()

    def let_go(self) -> list[bytes]:
        """All that is held, as Streamlit sent it."""
        held, self._held = self._held, []
        for message, _ in held:
            self._note(message)
        return [data for _, data in held]

    def _is_run_again(self, begun: ForwardMsg) -> bool:
        """Whether this begins a whole run of the page that the browser shows."""
        is_whole = not begun.metadata.run.fragment_ids
        return is_whole and self._is_known and begun.new_session.page_script_hash == self._page

    def _note(self, message: ForwardMsg) -> None:
        """The browser gets this as it is."""
        kind, path = message.WhichOneof("type"), tuple(message.metadata.delta_path)
        if kind == "new_session":
            self._begin(message)
        elif kind in SETTINGS:
            self._settings[str(kind)] = message.hash
        elif is_known(message):
            put(self._places, path, place_of(message))
            if self._drawn is not None:
                self._drawn.add(path)
        elif kind == "script_finished":
            self._end(message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY)
        elif path:
            self._drawn = None  # a dialog or the like, of which it is not known here how long it stands

    def _begin(self, message: ForwardMsg) -> None:
        self._is_known, self._drawn = False, None if message.metadata.run.fragment_ids else set()
        if self._page != message.new_session.page_script_hash:
            self._page, self._places = message.new_session.page_script_hash, {}

    def _end(self, is_whole: bool) -> None:
        """After a whole run that was not broken off the browser shows what was drawn in it, and nothing else."""
        if is_whole and self._drawn is not None:
            self._places = {path: place for path, place in self._places.items() if path in self._drawn}
            self._is_known = True

    def _changed(self) -> list[bytes]:
        """Of the run that is held and has ended what the browser does not show; nothing where all is to be sent."""
        (begun, _), *between, (finished, _) = self._held
        now, drawn = _drawn(each for each, _ in between)
        found = changes(self._places, now)
        if finished.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY or found is None:
            return []
        is_of_part = forgets(self._places, now)
        self._places, self._held, (emptied, sent) = now, [], found
        beside = [each for each, _ in between if not each.metadata.delta_path and self._says_more(each)]
        nothing = [_nothing(path, begun.new_session.main_script_hash) for path in emptied]
        what = [*beside, *nothing, *map(drawn.__getitem__, sent)]
        parts = _as_part(begun, what, finished) if is_of_part else self._of_no_run(what, finished)
        return [each.SerializeToString() for each in parts]

    def _of_no_run(self, what: list[ForwardMsg], finished: ForwardMsg) -> list[ForwardMsg]:
        """What has changed without the run: that this went on is said with its end, since a browser that requested a
        run waits for it."""
        finished.script_finished = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
        finished.metadata.ClearField("run")
        self._going_on = [each.SerializeToString() for each in what if each.WhichOneof("type") == STATUS]
        return [*(each for each in what if each.WhichOneof("type") != STATUS), finished]

    def _says_more(self, message: ForwardMsg) -> bool:
        """Whether a message that draws nothing says what has not been said; it is noted."""
        kind = str(message.WhichOneof("type"))
        before, self._settings[kind] = self._settings.get(kind), message.hash
        return kind not in SETTINGS or not message.hash or before != message.hash


def _as_part(begun: ForwardMsg, what: Iterable[ForwardMsg], finished: ForwardMsg) -> list[ForwardMsg]:
    """What has changed as a run of a part of the page."""
    finished.script_finished = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
    for each in (begun, finished):
        each.metadata.run.fragment_ids.append(PART)
    return [begun, *what, finished]


def _drawn(messages: Iterable[ForwardMsg]) -> tuple[Places, dict[Path, ForwardMsg]]:
    """What a page shows that was sent these, and the message of each place."""
    places: Places = {}
    by_place: dict[Path, ForwardMsg] = {}
    for message in messages:
        if path := tuple(message.metadata.delta_path):
            put(places, path, place_of(message))
            by_place[path] = message
    return places, by_place


def _nothing(path: Path, script: str) -> ForwardMsg:
    """The message by which nothing stands at this place."""
    message = ForwardMsg()
    message.delta.new_element.empty.SetInParent()
    message.metadata.delta_path.extend(path)
    message.metadata.active_script_hash = script
    return message
