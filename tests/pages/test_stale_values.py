"""Whatever a widget or the session holds, no page fails: words of another workbook, nothing, numbers far outside."""

import io

import pytest
from make_cohort import synthetic_cohort
from openpyxl import load_workbook
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1.element_tree import Widget
from test_downloads import TABS
from walking import PAGES, ROOT, charts, count, go, opened, table_of, upload, workbook

SENT = {  # what a browser can send, by the kind of value; None: nothing
    "string_value": ("gone", None, ""),
    "string_array_value": (["gone"], [], ["gone", "and gone"]),
    "double_value": (1e12, -1e12, 0.5),
    "double_array_value": ([-1e12, 1e12], [3.0], []),
    "bool_value": (True, False, True),
}
HELD = ("gone", ["gone"], 10**9, -1e12, (1.0, 1e12), None, True)
WORKBOOKS = {"labs": "lenalidomide_case_synthetic.xlsx", "assay": "killing_assay.xlsx"}
UNFOLDED = (
    "more survival.{endpoint}.sensitivity",
    "more toxicity.sensitivity",
    "more kinetics.sensitivity",
    "more toxicity.by_class",
    "lab scores",
)
BY_HAND = ("Button", "FileUploader", "DownloadButton")


def page_of(name, tab, tmp_path):
    """A page with everything that it can show, of a workbook that fills it."""
    app = opened()
    content = (
        (ROOT / "data" / WORKBOOKS[name]).read_bytes()
        if name in WORKBOOKS
        else workbook(synthetic_cohort(40, 1), tmp_path)
    )
    upload(app, ("mine.xlsx", content))
    app.session_state["course"] = True
    for more in UNFOLDED:
        app.session_state[more] = True
    if tab:
        app.session_state[f"{name} tab"] = tab
    return go(app, name)


def widgets(app):
    return [element for element in app._tree if isinstance(element, Widget)]


def sent(app, which):
    """What a browser would send if every widget held something that no page offers."""
    states = WidgetStates()
    for element in widgets(app):
        state = element._widget_state
        kind = state.WhichOneof("value")
        if kind in SENT and type(element).__name__ not in BY_HAND:
            value = SENT[kind][which]
            if value is None:
                state.ClearField(kind)
            elif isinstance(value, list):
                getattr(state, kind).data[:] = value
                getattr(state, kind).SetInParent()
            else:
                setattr(state, kind, value)
        states.widgets.append(state)
    return states


@pytest.mark.parametrize("page", PAGES)
def test_no_page_fails_whatever_its_widgets_send_or_the_session_holds(page, tmp_path):
    tabs = TABS.get(f"{page} tab", ("",))
    app = page_of(page, tabs[0], tmp_path)
    patients = count(app) if page != "assay" else ""
    for tab in tabs:
        if tab != tabs[0]:
            app.session_state[f"{page} tab"] = tab
            app.run()
        assert len(widgets(app)) > (0 if page == "assay" else 10)
        for which in range(3 if tab == tabs[0] else 2):  # the mildest once a page: the sidebar is that of every tab
            app._run(sent(app, which))
            assert not app.exception, (tab, which)
            assert app.title[0].value == PAGES[page]
        if patients and page != "patient":
            app.button(key="reset").click().run() if any(button.key == "reset" for button in app.button) else app.run()
            assert not app.exception, (tab, "the run after it")
            assert count(app).endswith(patients.split(" of ")[1])
    for which in range(2):
        hold(app, which)
        app._run(WidgetStates())
        assert not app.exception, which
        assert app.title[0].value == PAGES[page]


def hold(app, which):
    """As after another workbook: choices are kept for the session, the new one may not know them."""
    kinds = {element.key: type(element).__name__ for element in widgets(app) if element.key}
    fitting = {
        "Selectbox": (0,),
        "ButtonGroup": (0, 1),
        "Multiselect": (1,),
        "NumberInput": (2, 3),
        "Slider": (4,),
    }  # places in HELD
    for key, kind in kinds.items():
        places = fitting.get(kind, ())
        if places and not (
            kind == "ButtonGroup" and which == 0 and key.startswith(("filter", "efs", "landmarks", "thresholds", "log"))
        ):
            app.session_state[key] = 7 if key == "minimum incidence" else HELD[places[min(which, len(places) - 1)]]
    app.session_state["patient"] = "nobody of this workbook"
    app.session_state["added filters"] = ("gone", "arm")


def relabelled() -> bytes:
    """The example in which Study gives the grouping column another label."""
    book = load_workbook(ROOT / "data" / "pomalidomide_cohort.xlsx")
    book["Study"].append(["label", "arm", "Treatment given"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_workbook_that_relabels_the_grouping_column_opens_over_the_example():
    app = upload(opened(), ("label.xlsx", relabelled()))
    box = app.selectbox(key="compare by")
    assert "Treatment given" in box.options
    states = WidgetStates()
    for element in widgets(app):  # the browser still holds the label of the workbook before
        state = element._widget_state
        if element.key == "compare by":
            state.string_value = "Arm"
        states.widgets.append(state)
    app._run(states)
    assert not app.exception
    assert app.selectbox(key="compare by").value == "arm"
    go(app, "survival")
    assert "Treatment given" in repr(app.main)
    assert [label for label in table_of(charts(app)[0], "group").label if label] == ["Control (8)", "Pomalidomide (8)"]


def test_two_columns_of_one_label_are_told_apart(tmp_path):
    """The browser sends back labels: of two equal ones Streamlit would take the last."""
    tables = synthetic_cohort(12, 3)
    tables["study"] = [{"setting": "label", "column": "sex", "value": "Arm"}]
    app = upload(opened(), ("same.xlsx", workbook(tables, tmp_path)))
    options = [option for option in app.selectbox(key="compare by").options if option.startswith("Arm")]
    assert options == ["Arm (arm)", "Arm (sex)"]
    app.selectbox(key="compare by").set_value("arm").run()
    assert app.session_state["view"].grouping.variable == "arm"
