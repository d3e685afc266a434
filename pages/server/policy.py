"""What a browser may do with what the server sends: the headers of every answer.

Nothing may frame the program, nothing is loaded from elsewhere, and no address of a page (which holds the filters) is
reported to others.
"""

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

import streamlit

PAGE: Final = Path(streamlit.__file__).parent / "static" / "index.html"
INLINE: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),  # for browsers that know no frame-ancestors
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
KEPT_BY_NOBODY: Final = (b"cache-control", b"no-store")  # an export is not left behind in the browser's cache


def content_security_policy(host: str) -> str:
    """The policy for pages asked for under `host` (name and port, checked before): older browsers do not count ws: as
    'self'."""
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *inline_scripts()]),
        "style-src": "'self' 'unsafe-inline'",  # Streamlit writes its styles into the page
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": f"'self' ws://{host} wss://{host}",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "media-src": "'none'",
        "object-src": "'none'",
        "frame-src": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def inline_scripts() -> list[str]:
    """The fingerprints of the scripts that stand in Streamlit's own page; no other inline script runs."""
    found = INLINE.findall(PAGE.read_text(encoding="utf-8"))
    return [f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in found]
