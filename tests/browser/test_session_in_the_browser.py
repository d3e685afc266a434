"""A session is saved, the program stops and says so; started again, all is as it was once the file and the session are opened."""

from hashlib import sha256

import pytest
from browser.conftest import running_server
from browser.steps import at, follow, link_holds, main, press, says, shown, sidebar, until, upload
from openpyxl import load_workbook
from walking import ROOT

DIALOG = "[data-testid=stDialog] section"
LIST = "The session is open. Since it was saved:"


@pytest.fixture
def workbooks(tmp_path):
    """The example as somebody's own file, and the same with one patient more."""
    book = load_workbook(ROOT / "data" / "pomalidomide_cohort.xlsx")
    book.save(tmp_path / "mine of may.xlsx")
    patients, endpoints = book["Patients"], book["Endpoints"]
    place = [cell.value for cell in patients[1]].index("emd")
    like = next(row for row in patients.iter_rows(min_row=2, values_only=True) if row[place] == "no")
    patients.append(["P99", *like[1:]])
    endpoints.append(["P99", "os", 20, "months", 0])
    book.save(tmp_path / "mine of june.xlsx")
    return tmp_path / "mine of may.xlsx", tmp_path / "mine of june.xlsx"


def seen(screen):
    """The address without the file's fingerprint, who is looked at, what is chosen, and the numbers of the first table."""
    shown(screen)
    address = screen.evaluate(
        "() => { const all = new URLSearchParams(location.search); all.delete('cohort'); return location.pathname + '?' + all }"
    )
    pressed = main(screen).locator("button[kind=segmented_controlActive], button[aria-checked=true]").all_inner_texts()
    table = main(screen).locator("[data-testid=stTable]").first.inner_text()
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


def test_a_stopped_program_says_so_and_a_saved_session_opens_again_after_its_restart(cold_port, new_screen, workbooks, tmp_path):
    may, june = workbooks
    screen = new_screen()
    with running_server(cold_port) as address:
        screen.goto(f"{address}/?by=sex&cohort={sha256(may.read_bytes()).hexdigest()[:8]}")
        screen.get_by_text("Open the workbook this link was made from").wait_for()
        upload(screen, may)
        screen.get_by_text(f"Open: {may.name}").wait_for()
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
        upload(screen, [may, saved])
        screen.get_by_text(LIST).wait_for()
        assert seen(screen) == before
        assert main(screen).get_by_text("Same file.").is_visible()
        other = new_screen()
        other.goto(address)
        at(other, "CAR-T Cohort Explorer")
        upload(other, [saved])
        other.get_by_text("waits for its file").wait_for()
        upload(other, [june])
        other.get_by_text("One patient more: 17, were 16.").wait_for()
        says(other, "of 17 patients")
        follow(other, "Survival")
        shown(other)
        assert other.get_by_text("Patients looked at: 10, were 9.").is_visible()
        address_now, count, pressed, _ = seen(other)
        assert (address_now, pressed) == (before[0], before[2]) and count == "10 of 17 patients"
        other.get_by_role("button", name="Dismiss").click()
        other.get_by_text(LIST).wait_for(state="detached")
