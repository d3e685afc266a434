"""Walking through the app without a browser: steps that several tests take."""

from contextlib import nullcontext
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, local_script_runner
from workbook import write_workbook

from pages.frame import output

ROOT = Path(__file__).parents[1]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGES = {
    "home": "CAR-T Cohort Explorer",
    "baseline": "Table 1",
    "patient": "Patient",
    "swimmer": "Swimmer",
    "response": "Response",
    "survival": "Survival",
    "toxicity": "Toxicity",
    "labs": "Labs",
    "kinetics": "Kinetics",
    "assay": "Assays",
    "report": "Report",
}

STANDING = (
    output.standing
)  # what readers have: one sentence in place of what fails; tests/pages/test_failing.py looks at it
output.standing = lambda *_: nullcontext()  # elsewhere a fault of a page is a fault of the test

FOLDED = (
    "menu ",
    "folded ",
    "method ",
    "groups",
)  # buttons by their keys; tests/pages/test_folded.py looks at them as readers do
POPOVER = st.popover


def unfolded(*arguments, **drawn):
    """What a reader has to open first is drawn at once."""
    place = POPOVER(*arguments, **drawn)
    if str(drawn.get("key")).startswith(FOLDED):
        place.open = True
    return place


st.popover = unfolded
WRITTEN: dict[str, bytes] = {}

# looks through every installed package, at every start of an AppTest
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
# compiles every page anew for every AppTest
compiled = cache(ScriptCache().get_bytecode)
ScriptCache.get_bytecode = lambda _, path: compiled(path)
# makes every page of the folder anew at every run, as a server does before its first visitor only
begun = PagesManager.__init__


def after_the_first_visit(manager, *arguments, **how):
    begun(manager, *arguments, **how)
    PagesManager.uses_pages_directory = False


PagesManager.__init__ = after_the_first_visit


def ended(runner, timeout):
    """Waits for the end of a run, where AppTest asks a thousand times a second and takes the processor from it."""
    runner._script_thread.join(timeout)
    if runner._script_thread.is_alive():
        runner.request_stop()
        raise RuntimeError(f"the page was not drawn in {timeout} seconds")


local_script_runner.require_widgets_deltas = ended


def opened(page: str = "", **parameters) -> AppTest:
    """The app as it opens with these parameters in its address: on Home, or on the page named."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in parameters.items():
        app.query_params[name] = value
    return go(app, page) if page else app.run()


def go(app: AppTest, page: str) -> AppTest:
    app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
    assert not app.exception, app.exception
    return app


def count(app: AppTest) -> str:
    return next(
        text.value for text in app.sidebar.markdown if " of " in text.value and "patient" in text.value
    ).removeprefix("#### ")


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader(key="upload").set_value([(name, content, XLSX) for name, content in files]).run()
    assert not app.exception, app.exception
    return app


def option(app: AppTest, name: str):
    """The widget of an option, by the name of the option."""
    kinds = (
        "button_group",
        "segmented_control",
        "pills",
        "checkbox",
        "toggle",
        "number_input",
        "selectbox",
        "multiselect",
        "slider",
        "text_area",
    )
    found = {id(each.proto): each for kind in kinds for each in app.get(kind) if f".{name} " in f"{each.key} "}
    (widget,) = found.values()
    return widget


def workbook(tables, tmp_path) -> bytes:
    """The same tables are the same bytes, which are read once."""
    said = repr(tables)
    if said not in WRITTEN:
        write_workbook(tmp_path / "made.xlsx", tables)
        WRITTEN[said] = (tmp_path / "made.xlsx").read_bytes()
    return WRITTEN[said]


def said(elements) -> str:
    """What these elements say, as a reader sees it: without the signs that keep words from being markup."""
    return " ".join(element.value for element in elements).replace("\\", "")


def charts(app: AppTest) -> list:
    return list(app.get("vega_lite_chart"))


def printed(app: AppTest) -> list[pd.DataFrame]:
    """The printed tables, as their cells stand."""
    drawn = [each.proto.body for each in app.get("html") if 'class="printed"' in each.proto.body]
    found = [[[cell.text or "" for cell in row] for row in ElementTree.fromstring(each).iter("tr")] for each in drawn]
    return [pd.DataFrame(rows, columns=header) for header, *rows in found]


def places(app: AppTest) -> list[tuple[int, ...]]:
    """Where each chart stands in the page: the browser builds one anew that changes its place."""

    def below(block, path):
        for index, child in block.children.items():
            if child.type == "vega_lite_chart":
                yield (*path, index)
            yield from below(child, (*path, index)) if hasattr(child, "children") else ()

    return list(below(app.main, ()))


def table_of(chart, name: str):
    data = next(dataset for dataset in chart.proto.datasets if dataset.name == name)
    return pa.ipc.open_stream(data.data.data).read_all().to_pandas()
