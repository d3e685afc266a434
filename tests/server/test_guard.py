"""Who may ask, what is closed, what a browser may do: the decisions, without a server."""

from contextlib import suppress

import pytest
from streamlit import config

from pages.server import guard, policy

pytestmark = pytest.mark.usefixtures("setting")


@pytest.fixture
def setting(monkeypatch):
    """Sets options of Streamlit for one test; unset, none is."""
    chosen = {"server.allowedHosts": [], "server.corsAllowedOrigins": [], "server.baseUrlPath": ""}
    monkeypatch.setattr(config, "get_option", chosen.__getitem__)
    return chosen


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8501", "LOCALHOST:8501", "localhost.", "127.0.0.1:8501", "[::1]:8501"]
)
def test_this_machine_may_ask(host):
    assert guard.refused(host, "", "/") == ""
    assert guard.refused(host, f"http://{host}", "/_stcore/stream") == ""


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "evillocalhost",
        "127.0.0.1.evil.example",
        "10.0.0.3:8501",
        "[::2]",
        "[::1",
        "localhost:port",
        "localhost:99999",
        "localhost@evil.example",
        "evil.example@localhost",
        "localhost,evil.example",
        "localhost/..",
        "localhost?a",
        "localhost#a",
        "*",
        "*.localhost",
    ],
)
def test_no_other_host_is_answered(host):
    assert guard.refused(host, "", "/") == guard.WRONG_HOST


def test_a_server_names_its_own_hosts(setting):
    setting["server.allowedHosts"] = ["Cart.Hospital.example", "*.lab.example"]
    assert guard.may_ask("cart.hospital.example:443")
    assert guard.may_ask("a.b.lab.example")
    for other in ("lab.example", "evil-lab.example", "hospital.example", "localhost"):
        assert not guard.may_ask(other), other
    setting["server.allowedHosts"] = ["*"]
    assert guard.may_ask("anything.example")
    assert not guard.may_ask("")


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://localhost:9999",
        "http://localhost",
        "http://127.0.0.1:8501",
        "https://app.streamlit.app",
        "localhost:8501",
        "file://",
    ],
)
def test_pages_of_other_addresses_may_not_ask(origin):
    assert guard.refused("localhost:8501", origin, "/_stcore/stream") == guard.WRONG_ORIGIN


def test_a_server_behind_another_address_names_it(setting):
    setting["server.corsAllowedOrigins"] = ["https://cart.example/"]
    assert guard.is_own_page("https://cart.example", "localhost:8501")
    assert not guard.is_own_page("http://cart.example", "localhost:8501")


@pytest.mark.parametrize("base", ["", "cart", "/cart/"])
def test_only_what_the_pages_use_is_open(setting, base):
    setting["server.baseUrlPath"] = base
    under = f"/{base.strip('/')}".rstrip("/")
    closed = (
        "_stcore/metrics",
        "_stcore/agent/openapi.json",
        "_stcore/agent/mcp",
        "_stcore/script-health-check",
        "_stcore/anything",
        "component/x/index.html",
        "auth/login",
        "oauth2callback",
    )
    opened = (
        "",
        "survival",
        "_stcore/health",
        "_stcore/host-config",
        "_stcore/stream",
        "_stcore/upload_file/a/b",
        "media/x.csv",
        "_stcore/bidi-components/program.copy/copy.js",
        "static/js/a.js",
    )
    assert [path for path in closed if not guard.is_closed(f"{under}/{path}")] == []
    assert [path for path in opened if guard.is_closed(f"{under}/{path}")] == []


def test_the_addresses_for_signing_in_are_open_where_the_server_is_set_up_for_it(monkeypatch):
    addresses = ("/auth/login", "/auth/logout", "/oauth2callback")
    assert all(map(guard.is_closed, addresses))
    monkeypatch.setattr(
        guard, "get_secrets_auth_section", lambda: {"redirect_uri": "https://cart.example/oauth2callback"}
    )
    assert not any(map(guard.is_closed, addresses))
    assert guard.is_closed("/_stcore/metrics") and guard.is_closed("/component/x/index.html")


def test_settings_that_cannot_be_read_open_nothing(monkeypatch):
    def fails():
        raise ValueError

    monkeypatch.setattr(guard, "get_secrets_auth_section", fails)
    assert guard.is_closed("/auth/login")


def answered(path: str, host: bytes = b"localhost:8501") -> dict[bytes, bytes]:
    """The headers of an answer that Streamlit gave with its own Cache-Control, or of the guard's refusal."""
    sent = []

    async def streamlit(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"Cache-Control", b"public")]})

    async def send(message):
        sent.append(message)

    with suppress(StopIteration):  # nothing in it waits, and a browser test may have left an event loop running
        guard.Guard(streamlit)({"type": "http", "path": path, "headers": [(b"host", host)]}, None, send).send(None)
    return {name.lower(): value for name, value in sent[0]["headers"]}


@pytest.mark.parametrize(
    ("path", "host"), [("/", b"localhost:8501"), ("/", b"evil.example"), ("/_stcore/metrics", b"localhost")]
)
def test_every_answer_a_refusal_too_carries_the_policy(path, host):
    headers = answered(path, host)
    assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"referrer-policy"] == b"no-referrer"
    assert headers[b"x-frame-options"] == b"DENY"
    assert b"evil" not in headers[b"content-security-policy"]


def test_an_export_stays_in_no_cache():
    assert answered("/media/figure.svg")[b"cache-control"] == b"no-store"
    assert answered("/static/media/font.woff2")[b"cache-control"] == b"public"


def test_no_script_runs_but_streamlits_own():
    rules = dict(rule.split(" ", 1) for rule in policy.content_security_policy("localhost:8501").split("; "))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in rules["script-src"]
    assert "*" not in " ".join(rules.values())
    assert len(policy.inline_scripts()) == 1, "Streamlit's page has other inline scripts than when this was written"
