"""Words from a workbook in places that read Markdown: shown as they stand, whatever they could mean there.

Signs that are markup are escaped. What Streamlit looks for in the finished text, after the escapes are gone (addresses,
:icons:, arrows between spaces), is broken by a sign without width; so is nothing else.
"""

import re
from typing import Final

SIGNS: Final = re.compile(r"[\\`*_{}\[\]<>|~$:&]|(?:(?<=^)|(?<=^ ))(?:[-+#=]|\d+(?=[.)](?: |$)))")
SPACE: Final = re.compile(r"[ \t\r\n\f\v\x85\u2028\u2029]+")  # a line break would begin a list, a heading or a table
JOINER: Final = "\u2060"  # no width, no break
LOOKED_FOR: Final = re.compile(
    r"(?<=:)(?=[\w+-]+(?:/[\w+-]+)?:)"  # :smile: :material/delete: :streamlit:
    r"|(?<=ttp:)(?=//)|(?<=ttps:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=[-\w])"  # http:// www. a@b.c
    r"|(?:(?<=^)|(?<=\s))(?:<->|->|<-|--|>=|<=|~=)(?=\s|$)",  # arrows, dashes and comparisons by themselves
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """The text as it stands, for st.markdown, captions, buttons, pills and tables (not for selectbox or dataframe)."""
    broken = LOOKED_FOR.sub(lambda found: JOINER.join(found.group()) or JOINER, SPACE.sub(" ", text))
    return SIGNS.sub(_escaped, broken)


def _escaped(found: re.Match[str]) -> str:
    """A backslash before a sign; of a number that would begin a list, before the dot that follows it."""
    return found.group() + "\\" if found.group().isdigit() else "\\" + found.group()
