"""A button that puts a table on the reader's clipboard. Its script is a file that the server itself sends: no inline
script is needed."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from lib import VERSION
from lib.export.clipboard import for_clipboard
from lib.export.provenance import Provenance
from lib.publication.exhibit import Table

PROGRAM, COPY = "program", "copy"  # the component's name, its folder here, its script
STYLE: Final = """
.copy {display: flex; flex-direction: column; gap: .25rem; font-family: var(--st-font); font-size: .875rem}
.copy button {font: inherit; color: var(--st-text-color); background: var(--st-background-color); min-height: 2.5rem;
  cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, .5rem); padding: .25rem .75rem;
  width: 100%}
.copy button:hover, .copy button:focus-visible {border-color: var(--st-primary-color);
  color: var(--st-primary-color); outline: none}
"""
LABEL: Final = "Copy"
DONE: Final = "Copied. Paste it into Word or Excel."
FAILED: Final = "The browser does not allow copying here. Save the table as Word or Excel instead."


def copy_button(table: Table, provenance: Provenance) -> None:
    """The button, with a line below it that says whether the table was copied."""
    html, text = for_clipboard(table, provenance)
    data = {"html": html, "text": text, "label": LABEL, "done": DONE, "failed": FAILED}
    _component(get_bidi_component_manager())(key=f"copy {table.id}", data=data)


@lru_cache(maxsize=1)
def _component(manager: BidiComponentManager) -> Callable[..., Any]:
    """The component, made known to this server together with the folder from which its script is sent."""
    manager.register_from_manifest(
        ComponentManifest(PROGRAM, VERSION, [ComponentConfig(COPY, COPY)]), Path(__file__).parent
    )
    return st.components.v2.component(f"{PROGRAM}.{COPY}", css=STYLE, js=f"{COPY}.js")
