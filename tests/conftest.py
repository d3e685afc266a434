"""For all tests: hypothesis without a time limit an example, which a busy machine would break; what is imported stays compiled.

Workbooks are read in the process of the tests (in_process.py), unless a test asks for `limited_process`. Tests start the program hundreds of times. Where PYTHONDONTWRITEBYTECODE is set, each start would compile it anew.
"""

import os
import sys

import pytest
from hypothesis import settings
from in_process import limited, read_here

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
read_here()


@pytest.fixture
def limited_process():
    """Uploads are read in a limited process of their own, as in the program."""
    with limited():
        yield
