"""Nothing of a workbook is markup: hostile levels, headings, ids, terms, units and file names through every label of
every page."""

import json
import re

import pyarrow as pa
import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st
from make_cohort import synthetic_cohort
from test_downloads import TABS
from walking import PAGES, go, opened, upload, workbook

from pages.frame.escape import JOINER, plain

TRAPS = (
    "http://trap.invalid/x",
    "www.trap.invalid",
    ":material/delete:",
    ":red[r]",
    ":smile:",
    " -> ",
    " <- ",
    " -- ",
    "$x$",
    "**b**",
    "`c`",
    "<u>d</u>",
    "[e](f)",
    "a@trap.invalid",
)
SOON = ("http://trap.invalid/x -> y", ":material/delete: z", "www.trap.invalid :smile:", "<- :red[r] -- $x$ **b**")
NOT_MARKDOWN = {  # by kind of element, the fields that the browser prints letter by letter, or not at all
    "selectbox": {"options", "raw_value"},
    "multiselect": {"options", "raw_values"},
    "text_input": {"default", "value"},
    "number_input": {"default", "value"},
    "arrow_data_frame": {"data", "columns", "arrow_data"},
    "arrow_vega_lite_chart": {"spec", "datasets", "alt"},
    "vega_lite_chart": {"spec", "datasets", "alt"},
    "page_link": {"query_string", "page"},
}
NEVER = {
    "id",
    "form_id",
    "url",
    "deferred_file_id",
    "page_script_hash",
    "element_id",
    "raw_values",
    "key",
    "coordinates",
}


NAMING = ("term", "test", "unit", "kind", "name", "therapy", "specimen", "method", "assay", "endpoint")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A synthetic workbook whose every word of its own is a trap."""
    tables = synthetic_cohort(14, 3)
    for number, patient in enumerate(tables["patients"]):
        patient["arm"] = SOON[number % 2]
        patient["ward -> www.trap.invalid"] = SOON[2 + number % 2]
    ids = {row["patient_id"]: f"{n} {SOON[n % 4]}" for n, row in enumerate(tables["patients"])}
    for rows in tables.values():
        for number, row in enumerate(rows):
            if row.get("patient_id") in ids:
                row["patient_id"] = ids[row["patient_id"]]
            for column in NAMING:
                if isinstance(row.get(column), str) and not (column == "endpoint" and number % 2):
                    row[column] = f"{row[column]} {SOON[len(row[column]) % 4]}"
    tables["labs"] = [
        {
            "patient_id": patient,
            "day": day,
            "test": f"{test} {trap}",
            "value": 2.0 + day / 7 + len(trap),
            "unit": f"10^9/L {trap}",
        }
        for patient in ids.values()
        for day in (0, 7, 28)
        for test, trap in zip(("neutrophils", "platelets", "marker", "CRP"), SOON, strict=True)
    ]
    tables["assays"] = [
        {
            "experiment": f"E {SOON[0]}",
            "measure": f"killing {trap}",
            "condition": SOON[place % 2],
            "concentration": dose,
            "time": 24,
            "concentration_unit": f"g {SOON[1]}",
            "time_unit": "hours",
            "replicate": place + 1,
            "value": 20.0 + dose + place,
            "unit": "%",
        }
        for trap in SOON[:3]
        for dose in (0, 1, 10)
        for place in range(4)
    ]
    tables["endpoints"][0]["event"] = "perhaps -> http://trap.invalid/x"
    return workbook(tables, tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def visit(hostile):
    """One visit that goes from page to page."""
    return upload(opened(), (":smile: <u>d</u> http://trap.invalid/x.xlsx", hostile))


def strings(message: Message, kind: str):
    """Every text of an element that the browser reads as Markdown."""
    for field, value in message.ListFields():
        if field.name in NEVER | NOT_MARKDOWN.get(kind, set()):
            continue
        for each in value if field.is_repeated else (value,):
            if isinstance(each, Message):
                yield from strings(each, kind)
            elif isinstance(each, bytes) and kind in ("arrow_table", "table"):
                frame = pa.ipc.open_stream(each).read_all()
                yield from (str(cell) for column in frame.columns for cell in column.to_pylist())
                yield from frame.column_names
            elif isinstance(each, str):
                yield each


def texts(app):
    for element in app._tree:
        if isinstance(proto := getattr(element, "proto", None), Message):
            yield from ((element.type, text) for text in strings(proto, element.type))


def unescaped(app):
    found = []
    for kind, text in texts(app):
        if kind == "html":
            assert "<u>" not in text
            continue
        if kind == "bidi_component":  # what Copy puts on the clipboard: HTML and plain text, no Markdown
            assert "<u>" not in (json.loads(text)["html"] if text.startswith("{") else "")
            continue
        found += [(kind, trap, text) for trap in TRAPS if trap in text]
    return found


@pytest.mark.parametrize("page", PAGES)
def test_no_word_of_a_workbook_is_markup(page, visit):
    app = go(visit, page)
    assert unescaped(app) == []
    seen = " ".join(text for _, text in texts(app))
    assert "trap" in seen, "the workbook is on the page"
    for name in TABS.get(f"{page} tab", ()):
        app.session_state[f"{page} tab"] = name
        app.run()
        assert not app.exception
        assert unescaped(app) == []


def test_filters_groups_and_questions_are_not_markup_either(hostile):
    app = upload(opened(), ("mine.xlsx", hostile))
    app.session_state["course"] = True
    app.run()
    app.pills(key="filter arm").set_value([SOON[0]]).run()
    app.selectbox(key="compare by").set_value("arm").run()
    app.selectbox(key="course kind").set_value("Adverse event")
    app.session_state["course"] = True
    app.button(key="add course").click().run()
    assert not app.exception
    assert unescaped(app) == []


PIECES = [
    *"ab1 :/.-<>=~@#$*_`[](){}!|&+\n\t",
    "http://",
    "https://",
    "www.",
    ":smile:",
    ":material/delete:",
    " -> ",
    "--",
    "1. ",
]
WORDS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(WORDS)
def test_what_is_left_when_the_escapes_are_gone_is_the_text_and_nothing_else(text):
    """The browser removes the backslashes, then looks for addresses, icons and arrows in what is left."""
    escaped = plain(text)
    left = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped)
    assert left.replace(JOINER, "") == re.sub(r"\s+", " ", text)
    assert not re.search(r"https?://|www\.|\S@[-\w]", left, re.IGNORECASE)
    assert not re.search(r":(material/)?[\w+-]+:", left)
    assert not re.search(r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)", left)
    bare = re.sub(r"\\.", "x", escaped)
    assert not re.search(r"[`*_\[\]<>|~$:&\\]", bare)
    assert not re.match(r" ?([-+#=]|\d+[.)]( |$))", bare)


def test_ordinary_words_stay_as_they_are():
    for words in ("Event-free survival", "CR or better (12.5 %)", "≥ 3", "M-protein, g/L!", "1.5-2.0"):
        assert plain(words) == words
