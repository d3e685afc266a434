"""What only a browser shows of a program under strain: downloads while others work, words of a workbook."""

import re

from browser.steps import at, follow, press, says, shown, sidebar, until, upload
from make_cohort import synthetic_cohort
from openpyxl import load_workbook
from workbook import write_workbook

TRAP = "http://trap.invalid/x -> :material/delete: :smile: **b** <u>c</u> $x$"


def press_and_see(screen, pill, count):
    press(screen, pill)
    says(screen, count)


def test_two_tabs_do_not_disturb_each_other_nor_a_download(address, new_screen):
    hers, other = new_screen(), new_screen()
    hers.goto(f"{address}/survival")
    other.goto(f"{address}/baseline")
    says(hers, "16 of 16 patients")
    says(other, "16 of 16 patients")
    at(other, "Table 1")
    hers.evaluate("HTMLAnchorElement.prototype.click = function() { window.asked = this.href }")
    hers.get_by_role("button", name="Export").first.click()
    hers.get_by_role("button", name="Data as CSV").click()
    until(hers, "() => window.asked")  # the file is made, and the browser is about to ask for it
    press_and_see(other, "no 9 of 9", "9 of 16 patients")
    press_and_see(hers, "yes 7 of 7", "7 of 16 patients")
    follow(hers, "Toxicity")
    says(hers, "7 of 16 patients")
    says(other, "9 of 16 patients")
    status, text = hers.evaluate("fetch(window.asked).then(async answer => [answer.status, await answer.text()])")
    assert status == 200
    assert "Pomalidomide" in text


def test_words_of_a_workbook_become_no_link_icon_or_arrow(address, screen, tmp_path):
    tables = synthetic_cohort(12, 3)
    for number, patient in enumerate(tables["patients"]):
        patient["arm"] = TRAP if number % 2 else ":material/delete: www.trap.invalid"
    tables["endpoints"][0]["event"] = "perhaps"
    tables["adverse_events"] = [{**row, "term": f"{row['term']} www.trap.invalid"} for row in tables["adverse_events"]]
    write_workbook(tmp_path / "-> mine www.trap.invalid.xlsx", tables)
    screen.goto(address)
    upload(screen, tmp_path / "-> mine www.trap.invalid.xlsx")
    says(screen, "12 of 12 patients")
    assert_my_sheets_come_back_marked(screen, tmp_path / "marked.xlsx")
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


def assert_my_sheets_come_back_marked(screen, path):
    with screen.expect_download() as waiting:
        screen.get_by_role("button", name="Download my sheets, marked").click()
    waiting.value.save_as(path)
    cells = [cell for row in load_workbook(path)["Endpoints"].iter_rows() for cell in row if cell.value == "perhaps"]
    assert len(cells) == 1 and cells[0].fill.fgColor.rgb != "00000000"
