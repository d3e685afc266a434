"""The domain: no Streamlit, no session, no file but what it is handed."""

VERSION = "0.1.0"
