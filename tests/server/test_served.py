"""The guard before a true server: foreign hosts and origins are refused, and nobody outside is asked about them
(sockets are watched)."""

import base64
import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from watching import ROOT, Watch, wait_for

STREAM = "/_stcore/stream"
HOSPITAL = {
    "STREAMLIT_SERVER_ADDRESS": "0.0.0.0",
    "STREAMLIT_SERVER_ALLOWED_HOSTS": "cart.example",
    "STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS": "https://outer.example",
}


class Server:
    """A server on a port, and who was asked by it."""

    def __init__(self, port: int, watch: Watch) -> None:
        self.port, self.watch = port, watch

    def status(self, path: str, method: str = "GET", **headers: str) -> int:
        """The status of the answer to a request with exactly these headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest(method, path, skip_host=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        try:
            return connection.getresponse().status
        finally:
            connection.close()

    def socket_status(self, **headers: str) -> int:
        """What a WebSocket is answered: 101 where it is opened, 403 where it is refused."""
        key = base64.b64encode(bytes(16)).decode()
        return self.status(
            STREAM,
            Connection="Upgrade",
            Upgrade="websocket",
            Sec_WebSocket_Version="13",
            Sec_WebSocket_Key=key,
            **headers,
        )


@contextmanager
def served(folder, **settings: str) -> Iterator[Server]:
    watch = Watch(folder)
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env={**watch.environment, **settings}, **quiet)
    try:
        server = Server(port, watch)
        wait_for(f"http://localhost:{port}/", process, anything=bool(settings))
        yield server
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("watched")) as one:
        yield one


def test_a_foreign_origin_is_refused_without_asking_anybody(server):
    own = f"localhost:{server.port}"
    assert server.socket_status(Host=own, Origin=f"http://{own}") == 101
    for origin in ("http://evil.example", "https://x.streamlit.app", "http://192.0.2.7", "null", "http://localhost:1"):
        assert server.socket_status(Host=own, Origin=origin) == 403, origin
        assert server.status("/_stcore/upload_file/a/b", "PUT", Host=own, Origin=origin) == 403, origin
    assert server.watch.outside == []


def test_a_foreign_host_is_refused_for_pages_sockets_uploads_and_exports(server):
    evil = f"evil.example:{server.port}"
    assert server.socket_status(Host=evil, Origin=f"http://{evil}") == 403
    for path in ("/", "/survival", "/_stcore/health", "/_stcore/host-config", "/media/x", "/static/js/x.js"):
        assert server.status(path, Host=evil) == 403, path
    assert server.status("/") in (400, 403), "without a Host"
    assert server.status("/", Host=f"localhost:{server.port}") == 200
    assert server.watch.outside == []


def test_metrics_and_the_interface_for_agents_are_closed(server):
    for path in ("metrics", "agent/openapi.json", "agent/interact", "agent/mcp", "script-health-check"):
        assert server.status(f"/_stcore/{path}", Host="localhost") == 404, path


@pytest.mark.skipif(os.name == "nt", reason="binds to every address of the machine")
def test_a_server_for_others_answers_to_its_names_and_asks_nobody_either(tmp_path):
    with served(tmp_path, **HOSPITAL) as server:
        assert server.socket_status(Host="cart.example", Origin="https://cart.example") == 101
        assert server.socket_status(Host="cart.example", Origin="https://outer.example") == 101
        assert server.socket_status(Host="cart.example", Origin="https://evil.example") == 403
        assert server.socket_status(Host="localhost", Origin="http://localhost") == 403
        assert server.watch.outside == []
