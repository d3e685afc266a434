"""The floor of all pages: one filter, one text."""

import streamlit as st

st.set_page_config(layout="wide")
chosen = st.sidebar.pills("Filter", list("abcdefgh"), selection_mode="multi", key="filter")
st.text(f"Chosen: {', '.join(chosen)}")
