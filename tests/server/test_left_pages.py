"""What the browser asks of a page that was left is dropped, and nothing else."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from pages.server.left_pages import AFTERWARDS, Left, LeftPages


def asks(page: str, fragment: str = "") -> dict:
    asked = BackMsg()
    asked.rerun_script.page_script_hash, asked.rerun_script.fragment_id = page, fragment
    return {"type": "websocket.receive", "bytes": asked.SerializeToString()}


def test_a_part_of_the_page_before_is_not_run_after_the_menu_was_clicked():
    now = [0.0]
    left = Left(lambda: now[0])
    assert not left.is_meant(asks("survival"))
    assert not left.is_meant(asks("survival", "export"))
    assert not left.is_meant(asks("toxicity"))
    assert left.is_meant(asks("survival", "export"))
    assert not left.is_meant(asks("toxicity", "export"))
    now[0] = AFTERWARDS  # the program itself may lead back
    assert not left.is_meant(asks("survival", "export"))


def test_the_first_page_of_a_browser_left_none():
    left = Left()
    assert not left.is_meant(asks(""))
    assert not left.is_meant(asks("", "export"))
    assert not left.is_meant(asks("survival", "export"))


@pytest.mark.parametrize("other", [{"type": "websocket.connect"}, {"bytes": b"\xff\xff"}, {"text": "x", "bytes": None}])
def test_everything_else_arrives(other):
    sent, arrived = [asks("a"), other, asks("b"), asks("a", "part"), other], []

    async def receive():
        return sent.pop(0)

    async def app(_scope, receive, _send):
        for _ in range(4):
            arrived.append(await receive())

    with ThreadPoolExecutor(1) as thread:  # a browser of this worker may have its loop in the main one
        thread.submit(asyncio.run, LeftPages(app)({"type": "websocket"}, receive, None)).result()
    assert arrived == [asks("a"), other, asks("b"), other]
