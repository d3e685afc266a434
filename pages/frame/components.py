"""Our own scripts in the browser, each a file that the server itself sends: no inline script is needed."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from lib import VERSION

PROGRAM: Final = "program"
COPY, KEYS = "copy", "keys"  # each a folder here with its script


def component(name: str, css: str = "") -> Callable[..., Any]:
    """The component of this name, known to this server."""
    return _known(get_bidi_component_manager(), name, css)


def follow_keys() -> None:
    """What a button opens is reached next after it with the Tab key. Nothing is seen of it."""
    with st.container(key=KEYS):
        component(KEYS)(key="follow keys")


@lru_cache(maxsize=4)
def _known(manager: BidiComponentManager, name: str, css: str) -> Callable[..., Any]:
    _register(manager)
    found: Callable[..., Any] = st.components.v2.component(f"{PROGRAM}.{name}", css=css or None, js=f"{name}.js")
    return found


@lru_cache(maxsize=1)
def _register(manager: BidiComponentManager) -> None:
    """The components are made known together with the folders from which their scripts are sent."""
    configs = [ComponentConfig(name, name) for name in (COPY, KEYS)]
    manager.register_from_manifest(ComponentManifest(PROGRAM, VERSION, configs), Path(__file__).parent)
