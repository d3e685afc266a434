"""A link comes back after signing in, from the reader's own browser alone, and leads nowhere but to a page of the
program."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from streamlit import config

from pages.server import linked_login

LINK = "survival?cohort=0a1b2c3d&where=arm%3DA+%26+B&tab=models"


def answered(path, query="", cookie="", location="/"):
    """The headers of the answer to one request, where the rest of the program answers with a redirection."""
    sent = []

    async def rest(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 302, "headers": [(b"location", location.encode())]})

    async def send(message):
        sent.append(message)

    headers = [(b"cookie", f"_streamlit_user=x; {cookie}".encode())] if cookie else []
    scope = {"type": "http", "path": path, "query_string": query.encode(), "headers": headers}
    with ThreadPoolExecutor(1) as aside:  # a browser test may have left an event loop running here
        aside.submit(lambda: asyncio.run(linked_login.LinkedLogin(rest)(scope, None, send))).result()
    return [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]


def begun(link, base=""):
    """The cookie that the beginning of signing in sets, and how it is limited."""
    headers = dict(
        answered(f"{base}/auth/login", f"provider=x&link={quote(link, safe='')}", location="https://id.example")
    )
    assert headers["location"] == "https://id.example"
    return headers["set-cookie"].split("; ")


@pytest.fixture
def under(monkeypatch):
    monkeypatch.setattr(config, "get_option", {"server.baseUrlPath": "cart"}.__getitem__)


def test_a_link_comes_back_after_signing_in():
    kept, *limits = begun(LINK)
    assert limits == ["Max-Age=600", "Path=/oauth2callback", "HttpOnly", "SameSite=Lax"]
    headers = dict(answered("/oauth2callback", "code=c", kept))
    assert headers["location"] == f"/{LINK}" and headers["set-cookie"].startswith(
        "cart_link=; Max-Age=0; Path=/oauth2callback"
    )


@pytest.mark.usefixtures("under")
def test_below_an_address_of_its_own_it_stays_there():
    kept, *limits = begun(LINK, "/cart")
    assert "Path=/cart/oauth2callback" in limits
    assert dict(answered("/cart/oauth2callback", cookie=kept, location="/cart/"))["location"] == f"/cart/{LINK}"


@pytest.mark.parametrize(
    "link", ["", "//evil.example", "/survival", "https://evil.example", "a.b", "a?b\r\nSet-Cookie: c"]
)
def test_what_is_no_link_to_a_page_is_not_kept_and_not_followed(link):
    assert begun(link)[:2] == ["cart_link=", "Max-Age=0"]
    assert dict(answered("/oauth2callback", cookie=f"cart_link={quote(link, safe='')}"))["location"] == "/"


def test_a_link_that_no_browser_would_keep_is_left_out():
    assert begun("survival?" + "a" * 3000)[:2] == ["cart_link=", "Max-Age=0"]


def test_without_a_link_everything_is_as_it_was():
    assert dict(answered("/oauth2callback", "code=c"))["location"] == "/"
    assert (
        dict(answered("/oauth2callback", cookie="cart_link=survival", location="https://id.example/out"))["location"]
        == "https://id.example/out"
    )
    assert answered("/survival", "link=survival", "cart_link=survival") == [("location", "/")]
