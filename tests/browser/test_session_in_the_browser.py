"""A session is saved, the program stops and says so; started again, all is as it was once the file and the session are
opened.

A session that waits for its file, and what a newer file has changed: tests/pages/test_saved_session.py.
"""

from hashlib import sha256

import pytest
from browser.conftest import running_server
from browser.steps import follow, link_holds, main, press, shown, sidebar, until, upload
from openpyxl import load_workbook
from walking import ROOT

DIALOG = "[data-testid=stDialog] section"
LIST = "The session is open. Since it was saved:"


@pytest.fixture
def workbook(tmp_path):
    """The example as somebody's own file."""
    load_workbook(ROOT / "data" / "pomalidomide_cohort.xlsx").save(tmp_path / "mine of may.xlsx")
    return tmp_path / "mine of may.xlsx"


def seen(screen):
    """The address without the file's fingerprint, who is looked at, what is chosen, and the numbers of the first
    table."""
    shown(screen)
    address = screen.evaluate(
        "() => { const all = new URLSearchParams(location.search); all.delete('cohort'); return location.pathname + '?'"
        " + all }"
    )
    pressed = main(screen).locator("button[kind=segmented_controlActive], button[aria-checked=true]").all_inner_texts()
    table = main(screen).locator(".printed").first.inner_text()
    count = sidebar(screen).locator(".st-key-count h4").inner_text()
    return address, count, pressed, table


def choose_what_is_looked_at(screen):
    """Filter, a name of one's own for a group, endpoint, option; by which column, the link has said."""
    press(screen, "no")
    link_holds(screen, "emd=no")
    shown(screen)
    sidebar(screen).get_by_role("button", name="Groups").click()
    name = screen.get_by_label("Name").first
    name.fill("Women")
    name.press("Tab")
    shown(screen)
    screen.get_by_role("button", name="Apply").click()
    until(screen, "() => location.search.includes('Women')")
    screen.keyboard.press("Escape")
    follow(screen, "Survival")
    main(screen).get_by_role("radio", name="Overall survival").or_(
        main(screen).get_by_role("button", name="Overall survival")
    ).first.click()
    until(screen, "() => location.search.includes('endpoint=os')")
    main(screen).get_by_role("button", name="Options").click()
    screen.get_by_role("radio", name="plain").or_(screen.get_by_role("button", name="plain")).first.click()
    until(screen, "() => location.search.includes('ci_scale=plain')")
    screen.keyboard.press("Escape")


def a_stopped_program_says_so(screen):
    screen.wait_for_selector('.stApp:not([data-test-connection-state="CONNECTED"])')
    banner = screen.evaluate("getComputedStyle(document.querySelector('.stApp'), '::before').content")
    assert "The program does not answer" in banner
    screen.locator(DIALOG).wait_for()
    assert not screen.get_by_text("streamlit run").is_visible()
    assert not screen.get_by_text("Is Streamlit still running").is_visible()


def it_comes_back_with_the_reason(screen):
    screen.wait_for_selector('.stApp[data-test-connection-state="CONNECTED"]')
    screen.reload()  # not always does a page run again by itself
    screen.get_by_text("Open the workbook this link was made from").wait_for()
    screen.get_by_text("the program was started at").wait_for()
    assert screen.locator(DIALOG).count() == 0
    assert "streamlit" not in screen.locator("body").inner_text().lower()


def test_a_stopped_program_says_so_and_a_saved_session_opens_again_after_its_restart(
    cold_port, screen, workbook, tmp_path
):
    with running_server(cold_port) as address:
        screen.goto(f"{address}/?by=sex&cohort={sha256(workbook.read_bytes()).hexdigest()[:8]}")
        screen.get_by_text("Open the workbook this link was made from").wait_for()
        upload(screen, workbook)
        screen.get_by_text(f"Open: {workbook.name}").wait_for()
        choose_what_is_looked_at(screen)
        before = seen(screen)
        assert "endpoint=os" in before[0] and "ci_scale=plain" in before[0] and "Women" in before[3]
        sidebar(screen).get_by_role("button", name="Session").click()
        linked = screen.locator("[data-testid=stPopoverBody] [data-testid=stCode]").inner_text()
        assert linked.strip() == screen.url
        with screen.expect_download() as waiting:
            screen.get_by_role("button", name="Save session").click()
        saved = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(saved)
        left = screen.url
    a_stopped_program_says_so(screen)
    assert "may" not in saved.name and "may" not in saved.read_text()
    with running_server(cold_port) as address:
        it_comes_back_with_the_reason(screen)
        assert screen.url == left
        upload(screen, [workbook, saved])
        screen.get_by_text(LIST).wait_for()
        assert seen(screen) == before
        assert main(screen).get_by_text("Same file.").is_visible()
