"""Several servers on this machine behind one address: nginx before them, each browser kept on one, one that ends is
started again.

From the folder of the program: .venv/bin/python deploy/workers.py --workers 4 --listen 127.0.0.1:8080. Needs nginx;
docs/server.md. One server uses one core, so as many as there are cores, and about 300 MB of memory each. Standard
library only.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
MOST = 16
LOOK = 0.5  # seconds between two looks at what runs
AROUND = """daemon off; {user}pid nginx.pid; error_log stderr crit;
events {{}}
http {{
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
    include servers.conf;
}}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped; 1 with a sentence where nginx is missing or ends."""
    parser = argparse.ArgumentParser(description="Several servers on this machine behind one address.")
    parser.add_argument(
        "--workers", type=int, default=min(os.cpu_count() or 1, MOST), help="servers; as many as there are cores"
    )
    parser.add_argument("--listen", default="127.0.0.1:8080", help="where nginx listens: address and port")
    asked = parser.parse_args(arguments)
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if nginx is None or not 1 <= asked.workers <= MOST:
        print("nginx is missing: install it." if nginx is None else f"From 1 to {MOST} workers.", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, _stop)
    with tempfile.TemporaryDirectory(prefix="cart-workers-") as folder:
        try:
            return serve(nginx, Path(folder), asked.workers, asked.listen)
        except KeyboardInterrupt:
            return 0


def serve(nginx: str, folder: Path, workers: int, listen: str) -> int:
    """Run all of them; a server that ended is started again, and where nginx ends all is over."""
    ports = free_ports(workers)
    proxy = start_nginx(nginx, folder, ports, listen)
    servers = {port: start_server(port) for port in ports}
    print(f"{workers} servers behind http://{listen} (Ctrl+C ends them)", flush=True)
    try:
        while proxy.poll() is None:
            for port, server in servers.items():
                if server.poll() is not None:
                    print(f"The server on port {port} ended with {server.returncode} and is started again.", flush=True)
                    servers[port] = start_server(port)
            time.sleep(LOOK)
        return 1
    finally:
        for process in (proxy, *servers.values()):
            process.terminate()
        for process in (proxy, *servers.values()):
            process.wait()


def start_nginx(nginx: str, folder: Path, ports: Sequence[int], listen: str) -> subprocess.Popen[bytes]:
    """nginx with the settings of deploy/nginx.conf for these servers; its own few files lie in `folder`."""
    settings = configuration((ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8"), ports, listen)
    (folder / "servers.conf").write_text(settings, encoding="utf-8")
    user = "user root; " if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(user=user), encoding="utf-8")
    return subprocess.Popen([nginx, "-p", str(folder), "-c", "nginx.conf"], stderr=subprocess.DEVNULL)


def start_server(port: int) -> subprocess.Popen[bytes]:
    """The program on this port."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    return subprocess.Popen(command, cwd=ROOT)


def configuration(text: str, ports: Sequence[int], listen: str) -> str:
    """The text of deploy/nginx.conf, which is for two servers, for those on these ports."""
    names = ascii_lowercase[: len(ports)]
    upstreams = "\n".join(
        f"upstream cart_{name} {{ server 127.0.0.1:{port}; }}" for name, port in zip(names, ports, strict=True)
    )
    shares = " ".join(f"{100 / len(names):.2f}% {name};" for name in names[:-1])
    others = names[1:] + names[0]
    changes = (
        (r"upstream cart_a .*\nupstream cart_b .*", upstreams),
        (r"(split_clients \S+ \$drawn) .*", rf"\1 {{ {shares} * {names[-1]}; }}"),
        (
            r"(map \$cookie_cart_server \$own) .*",
            rf"\1 {{ {' '.join(f'{name} {name};' for name in names)} default $drawn; }}",
        ),
        (
            r"(map \$own \$other) .*",
            rf"\1 {{ {' '.join(f'{name} {other};' for name, other in zip(names, others, strict=True))} }}",
        ),
        (r"listen 8080;", f"listen {listen};"),
    )
    for pattern, ours in changes:
        text, n = re.subn(pattern, ours, text)
        if n != 1:
            raise ValueError(f"deploy/nginx.conf has no line like {pattern}")
    return text


def free_ports(n: int) -> list[int]:
    """Ports of this machine on which nobody listens."""
    probes = [socket.socket() for _ in range(n)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
