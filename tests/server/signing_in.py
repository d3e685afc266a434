"""Signing in and out with a provider of identities on this machine; for an environment with streamlit[auth], which the
program has not.

PYTHONPATH=.:data:tests python -m server.signing_in. Raises Fault where it fails; `make soak` runs it where it can.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.soak_reader import Reader, require
from benchmarks.soak_server import ROOT, Server
from server.identity_provider import WHO, provider

SECRETS: Final = """[auth]
redirect_uri = "{0}/oauth2callback"
cookie_secret = "a secret of this test"
client_id = "cart"
client_secret = "none"
server_metadata_url = "{1}/.well-known/openid-configuration"
"""
IDLE: Final = 0.5  # minutes


LINK: Final = "where=emd%3Dyes"


async def sign_in(reader: Reader) -> None:
    """Follow the button to the provider and back, as a browser does, and open the page to which that leads: the one of
    the link."""
    await reader.press("sign in ")
    where = reader.redirect
    for _ in range(10):
        status, headers, _ = await reader.follow(where)
        if status != 302:
            break
        where = next(value for name, value in headers if name.lower() == "location")
    require(status == 200 and where == f"/survival?{LINK}", f"signing in ended with {status} at {where}")
    await reader.close()
    reader.forget_session()
    await reader.open(*where.removeprefix("/").split("?"))


async def signs_in_works_and_is_signed_out(server: Server) -> None:
    """Nothing is shown before; then the page, an upload and an export with their lines; then she does nothing and is
    out."""
    reader = Reader(server.address)
    await reader.open("survival", LINK)
    require(reader.says("Please sign in") and not reader.says("patients"), f"shown to strangers: {reader.texts}")
    await sign_in(reader)
    require(
        reader.says("of 16 patients") and not reader.says("16 of 16"), f"not signed in, or not the link: {reader.texts}"
    )
    await reader.go("home")
    await reader.upload("upload", "Jane Doe.xlsx", (ROOT / "data" / "complete_cohort.xlsx").read_bytes())
    await reader.go("survival")
    await reader.ask("GET", await reader.export("survival.pfs", "csv"))
    lines = [line for line in server.said().splitlines() if line.startswith("AUDIT")]
    require([WHO in line and "Jane" not in line for line in lines] == [True, True], f"audit: {lines}")
    require('"opened"' in lines[0] and '"survival.pfs.csv"' in lines[1], f"audit: {lines}")
    await asyncio.sleep(60 * IDLE + 2)
    await reader.run(fragment_id=reader.followed)
    require(reader.redirect.endswith("/auth/logout"), "she did nothing and is not signed out")
    require("signed out" in server.said(), "no line of signing out")
    await reader.follow(reader.redirect)
    await reader.close()
    reader.forget_session()
    await reader.open("survival")
    require(reader.says("Please sign in"), "still signed in")
    await reader.close()


def main() -> None:
    with provider() as identities, tempfile.TemporaryDirectory() as folder:
        settings = {
            "STREAMLIT_SECRETS_FILES": f"{folder}/secrets.toml",
            "CART_AUDIT": "on",
            "CART_IDLE_MINUTES": str(IDLE),
        }
        server = Server(settings)
        Path(folder, "secrets.toml").write_text(SECRETS.format(server.address, identities))
        with server:
            asyncio.run(signs_in_works_and_is_signed_out(server))
            require(not server.wrong(), f"in the log: {server.wrong()[:3]}")


if __name__ == "__main__":
    main()
