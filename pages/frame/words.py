"""What readers see in the places where Streamlit speaks to developers: when the program stopped, and when a page failed
outright.

Without the program no code of ours runs in the browser, so these words are part of the style sheet. A page that is
opened while the program does not run at all shows the browser's own message.
"""

from datetime import datetime
from typing import Final

import streamlit as st
from streamlit.elements import exception

FAILED: Final = (
    "This page could not be made. Choose another page in the menu, or load this address again: the example opens, and"
    " your workbook has to be opened once more."
)
AWAY: Final = (
    "The program does not answer: it was closed, is starting, or this computer slept. What you see is as it was;"
    " nothing on it can be changed."
)
ON_RETURN: Final = (
    "Start the program again as you started it before. This page then goes on by itself; a workbook of your own has to"
    " be opened once more, filters and what was open are kept in the address of this page."
)
_DIALOG: Final = (
    '[data-testid="stDialog"]:is(:has([data-testid="stErrorCodeBlock"]), :not(:has(section'
    ' button:not([aria-label="Close"]))))'
)
_LOST: Final = f'body:has(.stApp[data-test-connection-state]:not([data-test-connection-state="CONNECTED"])) {_DIALOG}'
STYLE: Final = f"""<style>
.stApp[data-test-connection-state]:not([data-test-connection-state="CONNECTED"])::before {{
  content: "{AWAY}"; position: fixed; inset: 0 0 auto 0; z-index: 999999; padding: .6rem 1rem; text-align: center;
  background: #7a3b00; color: #ffffff; font-size: .95rem;
}}
{_LOST} section > h2 {{font-size: 0;}}
{_LOST} section > h2::after {{content: "The program does not answer"; font-size: 1.25rem;}}
{_LOST} section > div > * {{display: none;}}
{_LOST} section > div::after {{content: "{ON_RETURN}";}}
</style>"""


def speak() -> None:
    """Called once at the beginning of every run; STYLE is drawn with that of the page."""
    exception._GENERIC_UNCAUGHT_EXCEPTION_TEXT = FAILED
    _started()


def why_no_workbook() -> str:
    """Why a workbook that was open under this address is not open now."""
    return (
        f"Workbooks are kept in memory only, while their page is open: the program was started at {_started():%H:%M},"
        " and what was open before that, or before this page was loaded anew, is gone. The address keeps filters,"
        " groups and what was open on the page."
    )


@st.cache_resource(show_spinner=False)
def _started() -> datetime:
    """When this program drew its first page."""
    return datetime.now()
