"""Two servers behind nginx with deploy/nginx.conf: a browser stays on one; where that one is killed, the other takes
over."""

import os
import shutil
import subprocess
import time
import urllib.request

import pytest
from browser.conftest import PATIENCE, ROOT, free_port, running_server
from browser.steps import follow, says, upload
from make_cohort import synthetic_cohort
from workbook import write_workbook

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
WAITING = "/_stcore/health?waiting"
AROUND = """
daemon off; user root; pid nginx.pid; error_log stderr crit;
events {}
http {
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
    log_format served "$upstream_addr $status $request_uri";
    include adapted.conf;
}
"""


class Proxy:
    """nginx with the file of deploy/, its ports and names adapted; `asked` says which server was asked for what."""

    def __init__(self, folder, port: int, servers: list[int]) -> None:
        self.folder, self.address = folder, f"http://localhost:{port}"
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        named = [("listen 8080;", f"listen {port};"), ("access_log off;", "access_log served.log served;")]
        named += [(f"app_{name}:8501", f"127.0.0.1:{server}") for name, server in zip("ab", servers, strict=True)]
        for ours, here in named:
            assert text.count(ours) == 1, ours
            text = text.replace(ours, here)
        (folder / "adapted.conf").write_text(text)
        (folder / "nginx.conf").write_text(AROUND)
        self.process = subprocess.Popen([NGINX, "-p", str(folder), "-c", "nginx.conf"], stderr=subprocess.DEVNULL)

    def asked(self) -> list[tuple[int, str, str]]:
        """Port of the server that answered, status, and what a browser asked for, in the order of the answers."""
        lines = [
            line.split() for line in (self.folder / "served.log").read_text().splitlines() if not line.endswith(WAITING)
        ]
        return [(int(line[-3].rsplit(":", 1)[1]), line[-2], line[-1]) for line in lines]

    def wait(self) -> None:
        for _ in range(PATIENCE * 20):
            try:
                urllib.request.urlopen(f"{self.address}{WAITING}").close()
                return
            except OSError:
                assert self.process.poll() is None, "nginx ended"
                time.sleep(0.05)
        raise AssertionError("nginx did not answer")


def cookie(screen) -> str:
    return next(each["value"] for each in screen.context.cookies() if each["name"] == "cart_server")


@pytest.mark.skipif(not NGINX, reason="no nginx found: install Debian's nginx")
def test_a_browser_stays_on_one_server_and_goes_to_the_other_where_that_is_killed(new_screen, tmp_path):
    mine, ports = tmp_path / "mine.xlsx", [free_port(), free_port()]
    write_workbook(mine, synthetic_cohort(30, 5))
    servers = [running_server(port) for port in ports]
    with servers[0], servers[1]:
        proxy = Proxy(tmp_path, free_port(), ports)
        try:
            proxy.wait()
            screen = new_screen()
            screen.goto(proxy.address)
            says(screen, "16 of 16")
            screen.locator(".printed, [data-testid=stVegaLiteChart]").first.wait_for()
            assert screen.locator("[role=dialog]").count() == 0
            assert screen.get_by_text("Traceback").count() == 0
            own = "ab".index(cookie(screen))
            opens(screen, mine)
            follow(screen, "Survival")
            asked = proxy.asked()
            assert len(asked) > 10
            assert {port for port, _, _ in asked} == {ports[own]}
            assert any("upload_file" in what for _, _, what in asked)

            servers[own].process.kill()
            servers[own].process.wait()
            other = new_screen()
            other.goto(proxy.address)
            says(other, "16 of 16")
            assert "ab".index(cookie(other)) == 1 - own
            screen.reload()  # by itself a page runs again only where its run was broken off
            screen.get_by_text("Open the workbook this link was made from").wait_for()  # its file is gone
            before = len(proxy.asked())
            opens(other, mine)
            assert {port for port, _, _ in proxy.asked()[before:]} == {ports[1 - own]}
        finally:
            proxy.process.terminate()
            proxy.process.wait()


def opens(screen, workbook) -> None:
    upload(screen, workbook)
    says(screen, "30 of 30")
