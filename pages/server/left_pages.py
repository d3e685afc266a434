"""Parts of a page that was left are not run again.

A click on the menu closes what a button has open, and the browser then asks for a run of that part too: of the page
before, since the new one is not there yet. Streamlit would run it after the new page, and show nothing.
"""

import time
from collections.abc import Callable
from typing import Final

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg

from pages.server.guard import Asgi, Message, Receive, Send

AFTERWARDS: Final = 2.0  # seconds within which the browser may still speak of the page before


class LeftPages:
    """ASGI middleware: drops what the browser asks of a page just after it asked for another."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Hand everything on; of a WebSocket what does not speak of a page that was left."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        left = Left()

        async def current() -> Message:
            while left.is_meant(message := await receive()):
                pass
            return message

        await self.app(scope, current, send)


class Left:
    """Which page one browser left, and when."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._page, self._before, self._since = clock, "", "", -AFTERWARDS

    def is_meant(self, message: Message) -> bool:
        """Whether this message asks for a part of the page that was left."""
        request = BackMsg()
        try:
            request.ParseFromString(message.get("bytes") or b"")
        except DecodeError:  # the server refuses it
            return False
        if request.WhichOneof("type") != "rerun_script":
            return False
        page = request.rerun_script.page_script_hash
        if request.rerun_script.fragment_id:
            return page == self._before != self._page and self._clock() - self._since < AFTERWARDS
        if page != self._page:
            self._before, self._page, self._since = self._page, page, self._clock()
        return False
