"""Several servers behind one address: the settings of nginx for any number of them, and one true start."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from browser.conftest import free_port
from watching import wait_for

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("workers", ROOT / "deploy" / "workers.py")
workers = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(workers)
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
TEXT = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")


@pytest.mark.parametrize("n", [1, 2, 5, 16])
def test_every_server_gets_its_share_its_cookie_and_one_that_takes_over(n):
    made = workers.configuration(TEXT, range(9001, 9001 + n), "127.0.0.1:8080")
    assert re.findall(r"upstream cart_(\w) { server 127.0.0.1:(\d+); }", made) == [
        (chr(97 + i), str(9001 + i)) for i in range(n)
    ]
    drawn, own, other = (re.search(rf"{line} \{{(.*)\}}", made)[1] for line in (r"\$drawn", r"\$own", r"\$other"))
    assert sum(map(float, re.findall(r"([\d.]+)%", drawn))) == pytest.approx(100 * (n - 1) / n, abs=0.1)
    names = [chr(97 + i) for i in range(n)]
    assert re.findall(r"(\w) (\w);", own) == [(name, name) for name in names]
    takes_over = dict(re.findall(r"(\w) (\w);", other))
    assert sorted(takes_over) == sorted(takes_over.values()) == names
    assert n == 1 or all(name != after for name, after in takes_over.items())
    assert made.split("server {")[1] == TEXT.split("server {")[1].replace("listen 8080;", "listen 127.0.0.1:8080;")


def test_a_file_of_nginx_that_was_changed_is_told_so():
    with pytest.raises(ValueError, match="no line like"):
        workers.configuration(TEXT.replace("listen 8080", "listen 80"), [1, 2], "127.0.0.1:8080")


def test_what_cannot_be_is_one_sentence(monkeypatch, capsys):
    assert workers.main(["--workers", "17"]) == 1
    monkeypatch.setattr(workers.shutil, "which", lambda *_, **__: None)
    assert workers.main([]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2


@pytest.mark.skipif(not NGINX, reason="no nginx found: install Debian's nginx")
def test_a_server_that_ends_is_started_again_and_all_end_together():
    where = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "deploy/workers.py", "--workers", "2", "--listen", where]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        wait_for(f"http://{where}/", process)
        first, *_ = servers_of(process.pid)
        os.kill(first, signal.SIGKILL)
        assert any("ended with -9 and is started again" in line for line in process.stdout)
        wait_for(f"http://{where}/", process)
        until = time.monotonic() + 10
        while len(running := servers_of(process.pid)) < 2 and time.monotonic() < until:
            time.sleep(0.1)
        assert len(running) == 2 and first not in running
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0
    until = time.monotonic() + 10
    while any(Path(f"/proc/{each}").exists() for each in running) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{each}").exists() for each in running)


def servers_of(process: int) -> list[int]:
    children = map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())
    return [child for child in children if b"streamlit" in Path(f"/proc/{child}/cmdline").read_bytes()]
