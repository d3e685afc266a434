"""The page Assays, and a workbook of assays alone: every other page says what is missing, nothing speaks of
patients."""

import pytest
from assay.made import KILLING
from walking import PAGES, charts, go, opened, option, printed, said, table_of, upload


@pytest.fixture(scope="module")
def alone():
    app = opened()
    return upload(app, (KILLING.name, KILLING.read_bytes()))


def test_a_workbook_of_assays_alone_opens_and_home_stays_sensible(alone):
    go(alone, "home")
    assert "No patients" in said(alone.sidebar.markdown) and not alone.sidebar.selectbox
    assert "assays 168" in said(alone.caption)
    assert "no rows in a sheet" not in said(alone.info), "what is missing is not the first thing said"


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("home", "assay", "report")])
def test_every_other_page_says_what_is_missing(alone, page):
    go(alone, page)
    assert "no rows in a sheet" in said(alone.info), page


def test_the_five_panels_each_with_its_warning_and_tests(alone):
    go(alone, "assay")
    assert len(alone.segmented_control(key="assay").options) == 5
    assert "3 replicates of one experiment" in said(alone.warning)
    assert len(table_of(charts(alone)[0], "well")) == 60 and len(alone.tabs) == 2
    assert "of 0 patients" not in said(alone.caption) and "Synthetic data" in said(alone.caption)
    option(alone, "drawn").set_value("4").run()
    assert not alone.exception and len(table_of(charts(alone)[0], "well")) == 15
    alone.segmented_control(key="assay").set_value("killing").run()
    assert not alone.exception and "40.5" in said(alone.markdown) and "OD sample" in said(alone.caption)
    assert len(printed(alone)) == 2 and "*" not in "".join(table_of(charts(alone)[0], "cell")["text"])
    option(alone, "from_zero").uncheck().run()
    assert not alone.exception and "does not begin at 0" in said(alone.caption)


def test_a_workbook_without_assays_says_which_sheet_would_have_them():
    app = opened("assay")
    assert 'no rows in a sheet "Assays"' in app.info[0].value
