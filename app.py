"""The entry. Run for a reader: a page. Imported by the server: the app with its guard, which answers while `load` imports what runs need."""

import streamlit as st


def load() -> None:
    """Once, beside the server."""
    from pages.frame import entry

    entry.load()


if __name__ == "__main__":  # a run for one reader
    from pages.frame import entry

    entry.run()
else:  # `streamlit run app.py` finds this line in the text of this file and imports it
    from pages.server import start

    app = st.App(__file__, middleware=start.MIDDLEWARE, lifespan=start.lifespan(load))
