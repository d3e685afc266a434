"""The program as it is served, opening with the cohort of a file in place of the first example: COHORT names the
pickle, RUNS a folder in which each run is noted."""

import os
import pickle
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import streamlit as st
from benchmarks import runs

from lib.cohort.model import Cohort
from pages.frame import session
from pages.server import start

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Given:
    """What a session opens with; read at the start of the server, so that no click waits for it."""

    path: Path

    @cached_property
    def cohort(self) -> Cohort:
        return pickle.loads(self.path.read_bytes())


session.FIRST = Given(Path(os.environ["COHORT"]))
session.FIRST.cohort  # noqa: B018  # read now
if runs.FOLDER in os.environ:
    runs.note(Path(os.environ[runs.FOLDER]))

app = st.App(ROOT / "app.py", middleware=start.MIDDLEWARE, lifespan=start.lifespan(lambda: None))
