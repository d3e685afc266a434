"""What only a browser shows of a program under strain: downloads while others work, a stopped program, pills, words of a workbook."""

import re

import pytest
from browser.conftest import running_server
from browser.steps import at, follow, press, says, shown, sidebar, upload
from make_cohort import synthetic_cohort
from openpyxl import load_workbook
from workbook import write_workbook

TRAP = "http://trap.invalid/x -> :material/delete: :smile: **b** <u>c</u> $x$"


def press_and_see(screen, pill, count):
    press(screen, pill)
    says(screen, count)


def test_a_download_arrives_though_others_work_before_the_browser_asks(address, new_screen):
    hers, other = new_screen(), new_screen()
    hers.goto(f"{address}/survival")
    other.goto(f"{address}/baseline")
    says(hers, "16 of 16 patients")
    says(other, "16 of 16 patients")
    at(other, "Table 1")
    hers.evaluate("HTMLAnchorElement.prototype.click = function() { window.asked = this.href }")
    hers.get_by_role("button", name="Export").first.click()
    hers.get_by_role("button", name="Data as CSV").click()
    hers.wait_for_function("() => window.asked")  # the file is made, and the browser is about to ask for it
    for screen in (other, hers):
        press_and_see(screen, "yes 7 of 7", "7 of 16 patients")
        press_and_see(screen, "Reset", "16 of 16 patients")
    status, text = hers.evaluate("fetch(window.asked).then(async answer => [answer.status, await answer.text()])")
    assert status == 200
    assert "Pomalidomide" in text


def test_my_sheets_come_back_marked(address, screen, tmp_path):
    tables = synthetic_cohort(12, 3)
    tables["endpoints"][0]["event"] = "perhaps"
    write_workbook(tmp_path / "mine.xlsx", tables)
    screen.goto(address)
    upload(screen, tmp_path / "mine.xlsx")
    says(screen, "12 of 12 patients")
    with screen.expect_download() as waiting:
        screen.get_by_role("button", name="Download my sheets, marked").click()
    waiting.value.save_as(tmp_path / "marked.xlsx")
    book = load_workbook(tmp_path / "marked.xlsx")
    cells = [cell for row in book["Endpoints"].iter_rows() for cell in row if cell.value == "perhaps"]
    assert len(cells) == 1 and cells[0].fill.fgColor.rgb != "00000000"


def test_words_of_a_workbook_become_no_link_icon_or_arrow(address, screen, tmp_path):
    tables = synthetic_cohort(12, 3)
    for number, patient in enumerate(tables["patients"]):
        patient["arm"] = TRAP if number % 2 else ":material/delete: www.trap.invalid"
    tables["adverse_events"] = [{**row, "term": f"{row['term']} www.trap.invalid"} for row in tables["adverse_events"]]
    write_workbook(tmp_path / "-> mine www.trap.invalid.xlsx", tables)
    screen.goto(address)
    upload(screen, tmp_path / "-> mine www.trap.invalid.xlsx")
    says(screen, "12 of 12 patients")
    press(screen, re.compile("http"))
    says(screen, "6 of 12 patients")
    for page in ("", "Table 1", "Patient", "Survival", "Toxicity"):
        if page:
            follow(screen, page)
        shown(screen)
        assert screen.locator("a[href^='http://trap'], a[href^='http://www.trap'], a[href^=mailto]").count() == 0, page
        assert screen.locator("[data-testid=stIconMaterial]", has_text="delete").count() == 0, page
        words = screen.locator("body").inner_text()
        assert "→" not in words and "😄" not in words, page
        assert screen.locator("[data-testid=stSidebar] strong, [data-testid=stSidebar] u, .katex").count() == 0, page
    assert TRAP in sidebar(screen).inner_text().replace("\u2060", "")


@pytest.fixture
def own_workbook(tmp_path):
    write_workbook(tmp_path / "own.xlsx", synthetic_cohort(20, 5))
    return tmp_path / "own.xlsx"


def test_a_stopped_program_says_so_and_comes_back_with_the_reason(cold_port, new_screen, own_workbook):
    screen = new_screen()
    with running_server(cold_port) as address:
        screen.goto(address)
        upload(screen, own_workbook)
        says(screen, "20 of 20 patients")
        screen.wait_for_function("() => location.search.includes('cohort')")
    screen.wait_for_selector('.stApp:not([data-test-connection-state="CONNECTED"])')
    banner = screen.evaluate("getComputedStyle(document.querySelector('.stApp'), '::before').content")
    assert "The program does not answer" in banner
    dialog = screen.locator("[data-testid=stDialog] section")
    dialog.wait_for()
    assert not screen.get_by_text("streamlit run").is_visible()
    assert not screen.get_by_text("Is Streamlit still running").is_visible()
    with running_server(cold_port):
        screen.wait_for_selector('.stApp[data-test-connection-state="CONNECTED"]')
        screen.reload()  # not always does a page run again by itself
        screen.get_by_text("Open the workbook this link was made from").wait_for()
        screen.get_by_text("the program was started at").wait_for()
        assert dialog.count() == 0
        assert "streamlit" not in screen.locator("body").inner_text().lower()
