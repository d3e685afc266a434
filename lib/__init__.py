"""The domain: no Streamlit, no session, no file but what it is handed."""

import sys
from typing import Final

VERSION = "0.1.0"
NOT_OPTIMISED: Final = "Start without -O and without PYTHONOPTIMIZE: they take out checks on which the packages that compute the numbers rely.\n"

if sys.flags.optimize:
    sys.stderr.write(NOT_OPTIMISED)
    raise SystemExit(2)
