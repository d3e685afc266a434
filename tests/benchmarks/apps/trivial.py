"""The floor of a page with a figure: one filter, one bar chart of eight numbers."""

import altair as alt
import pandas as pd
import streamlit as st

st.set_page_config(layout="wide")
chosen = st.sidebar.pills("Filter", list("abcdefgh"), selection_mode="multi", key="filter")
counts = pd.DataFrame(
    {"letter": list("abcdefgh"), "n": [place + 3 * (name in chosen) for place, name in enumerate("abcdefgh")]}
)
st.altair_chart(alt.Chart(counts).mark_bar().encode(x="letter", y="n"), key="chart")
