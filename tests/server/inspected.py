"""The program's own server with one more address, /inspect, that counts what it still holds in memory. For tests
only."""

import gc
from pathlib import Path
from weakref import WeakSet

import pandas as pd
import streamlit as st
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit import runtime

from lib.cohort.model import Cohort
from lib.intake.files.grid import SourceFile
from pages.server import start

APP = Path(__file__).parents[2] / "app.py"
MARK = "SYN-"  # how patient ids of the workbooks of these tests begin; no id of the examples does
SESSIONS: WeakSet = WeakSet()  # each that ever held an upload, as long as it is in memory


async def inspect(_request) -> JSONResponse:
    """Counts; nothing is collected or expired for them."""
    server, alive = runtime.get_instance(), gc.get_objects()
    SESSIONS.update(
        info.session
        for info in server._session_mgr.list_active_sessions()
        if info.session.id in server.uploaded_file_mgr.file_storage
    )
    return JSONResponse(
        {
            "sessions": len(SESSIONS),
            "uploads": sum(len(files) for files in server.uploaded_file_mgr.file_storage.values()),
            "bytes": server.uploaded_file_mgr._total_bytes,
            "media": len(server.media_file_mgr._storage._files_by_id),
            "cohorts": sum(isinstance(each, Cohort) and is_marked(each.patients) for each in alive),
            "frames": sum(isinstance(each, pd.DataFrame) and is_marked(each) for each in alive),
            "files": sum(isinstance(each, SourceFile) for each in alive),
        }
    )


def is_marked(frame: pd.DataFrame) -> bool:
    """Whether a cell of this table names a patient of an uploaded workbook."""
    return any(isinstance(cell, str) and cell.startswith(MARK) for name in frame for cell in frame[name].head(3))


app = st.App(
    APP, middleware=start.MIDDLEWARE, lifespan=start.lifespan(lambda: None), routes=[Route("/inspect", inspect)]
)
