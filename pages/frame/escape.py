"""Words from a workbook in places that read Markdown: every sign that could mean something there is escaped."""

from typing import Final

SIGNS: Final = frozenset(r"\`*_{}[]()#+-.!|<>~$:&")


def plain(text: str) -> str:
    """The text as it stands, for st.markdown, captions, buttons, pills and tables (not for selectbox or dataframe)."""
    return "".join(f"\\{sign}" if sign in SIGNS else sign for sign in text)
