"""What was looked at is counted on the pages, said under what explores, exported with it, shown, and cleared."""

import re

import pytest
import streamlit as st
from walking import go, opened, option, said

from pages.frame import looks, report_panel, said_once

pytestmark = pytest.mark.made_once

COUNTED = re.compile(r"(\d+) of (\d+) comparisons? looked at so far in this session\.")


@pytest.fixture
def with_panel(monkeypatch):
    """Every page ends with the ledger."""
    end = said_once.below
    monkeypatch.setattr(said_once, "below", lambda: (report_panel.comparisons(), end()))


def counted(app):
    return [tuple(map(int, each)) for each in COUNTED.findall(said(app.caption))]


def test_looks_are_counted_as_they_are_taken_and_said_where_they_explore():
    app = opened("survival")
    assert counted(app) == []  # everybody, compared as the workbook says
    app.selectbox(key="compare by").select("sex").run()
    assert set(counted(app)) == {(1, 2)}
    app.pills(key="filter emd").set_value(["no"]).run()
    assert set(counted(app)) == {(1, 3)}
    option(app, "ci_scale").set_value("log").run()
    assert set(counted(app)) == {(1, 3)}  # a sensitivity analysis
    app.pills(key="filter emd").set_value([]).run()
    assert set(counted(app)) == {(1, 3)}  # looked at before


def test_the_count_goes_into_exported_files(monkeypatch):
    found, drawn = {}, st.download_button
    monkeypatch.setattr(
        st,
        "download_button",
        lambda label, data, *args, **more: (found.update({more["key"]: data}), drawn(label, data, *args, **more))[1],
    )
    opened("survival", by="emd")
    assert "1 of 1 comparison looked at so far in this session." in found["download survival.ttp svg"]().decode()


@pytest.mark.usefixtures("with_panel")
def test_the_ledger_is_shown_exported_and_cleared():
    app = opened("swimmer")
    assert "No comparison of groups was looked at" in said(app.info)
    go(app, "survival")
    app.selectbox(key="compare by").select("sex").run()
    go(app, "swimmer")
    assert "2 comparisons in the order of looking" in said(app.caption)
    assert "download ledger csv" in [each.key for each in app.get("download_button")]
    app.button(key="clear ledger").click().run()
    assert "No comparison of groups was looked at" in said(app.info)


@pytest.mark.usefixtures("with_panel")
def test_each_workbook_has_its_own_ledger():
    app = opened("survival")
    assert "1 comparison in the order of looking" in said(app.caption)
    go(app, "home")
    app.button(key="open complete_cohort").click().run()
    go(app, "swimmer")
    assert "No comparison of groups was looked at" in said(app.info)
    assert len(app.session_state[looks.LEDGERS]) == 1
