"""The entry. Run for a reader: a page. Imported by the server: the app with its guard, which answers at once."""

from importlib import import_module
from types import ModuleType

import streamlit as st

import lib  # noqa: F401  # refuses a Python that leaves out its checks


def _entry() -> ModuleType:
    return import_module("pages.frame.entry")


if __name__ == "__main__":  # a run for one reader
    _entry().run()
else:  # `streamlit run app.py` finds this line in the text of this file and imports it
    from pages.server import start

    app = st.App(__file__, middleware=start.MIDDLEWARE, lifespan=start.lifespan(_entry))
