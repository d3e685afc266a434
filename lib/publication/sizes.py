"""Sizes of figures in pixels, for what must not wait for tables and charts to be loaded: the process that draws
files."""

from typing import Final

SCREEN: Final = 760  # the width of a figure on a page
SMALL: Final = 11  # letters of axes and captions
NORMAL: Final = 12  # and of titles
