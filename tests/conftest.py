"""For all tests: hypothesis without a time limit an example, which a busy machine would break; what is imported stays compiled.

Tests start the program hundreds of times. Where PYTHONDONTWRITEBYTECODE is set, each start would compile it anew.
"""

import os
import sys

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
