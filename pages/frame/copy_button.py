"""A button that puts a table on the reader's clipboard."""

from typing import Final

from lib.export.provenance import Provenance
from lib.export.table_file import for_clipboard
from lib.publication.exhibit import Table
from pages.frame.components import COPY, component

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
    component(COPY, STYLE)(key=f"copy {table.id}", data=data)
