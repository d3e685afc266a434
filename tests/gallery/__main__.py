"""Writes docs/gallery anew: PYTHONPATH=.:data:tests python -m gallery [room ...]

Each module of this folder that is named here has a function `pictures() -> list[Picture]`.
"""

import importlib
import sys
from typing import Final

from gallery.picture import write

ROOMS: Final = ("assay", "kinetics", "patient", "response", "survival", "swimmer", "toxicity")

for room in sys.argv[1:] or ROOMS:
    write(importlib.import_module(f"gallery.{room}").pictures())
