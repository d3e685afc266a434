"""A provider of identities on this machine, as far as signing in needs one: everybody is let in as
jane@hospital.example.

For `python -m server.signing_in`, where Authlib is installed; no part of the program's own environment.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

WHO = "jane@hospital.example"


class Provider(BaseHTTPRequestHandler):
    """OpenID Connect with one user and a code that is good for one nonce."""

    nonces: dict[str, str] = {}  # noqa: RUF012  of this process, by code

    def do_GET(self) -> None:
        asked, base = urlsplit(self.path), f"http://localhost:{self.server.server_port}"
        if asked.path == "/.well-known/openid-configuration":
            self.answer(
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "jwks_uri": f"{base}/keys",
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            )
        elif asked.path == "/keys":
            self.answer({"keys": [key().as_dict(private=False)]})
        else:
            query = {name: values[0] for name, values in parse_qs(asked.query).items()}
            self.nonces["code"] = query["nonce"]
            self.send_response(302)
            self.send_header("Location", f"{query['redirect_uri']}?code=code&state={query['state']}")
            self.end_headers()

    def do_POST(self) -> None:
        from joserfc import jwt

        self.rfile.read(int(self.headers["Content-Length"]))
        now, base = int(time.time()), f"http://localhost:{self.server.server_port}"
        claims = {
            "iss": base,
            "sub": "1",
            "aud": "cart",
            "iat": now,
            "exp": now + 3600,
            "email": WHO,
            "nonce": self.nonces["code"],
        }
        token = jwt.encode({"alg": "RS256", "kid": key().kid}, claims, key())
        self.answer({"access_token": "none", "token_type": "Bearer", "expires_in": 3600, "id_token": token})

    def answer(self, content: Any) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_: object) -> None:
        pass


KEYS: list[Any] = []


def key() -> Any:
    """The key of this provider, made once."""
    from joserfc.jwk import RSAKey

    if not KEYS:
        KEYS.append(RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}))
    return KEYS[0]


@contextmanager
def provider() -> Iterator[str]:
    """Its address, for as long as the `with` lasts."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
