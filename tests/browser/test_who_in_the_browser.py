"""Who is behind a count, with the mouse and with the keyboard, up to the page of a patient."""

from steps import at, shown

TOLD = "[data-testid=stDialog]"


def test_a_count_tells_who_they_are_and_opens_a_patient(screen, address):
    screen.goto(f"{address}/toxicity")
    at(screen, "Toxicity")
    shown(screen)
    before = screen.evaluate("() => document.querySelector('[data-testid=stVegaLiteChart] svg').dataset.kept = 'yes'")
    screen.get_by_role("button", name="Who CRS and ICANS").click()
    grid = screen.locator(f"{TOLD} canvas").first
    grid.wait_for()
    screen.wait_for_function(
        "() => document.querySelector('[data-testid=stDialog] canvas').getBoundingClientRect().height > 100"
    )
    box = grid.bounding_box()
    screen.mouse.click(box["x"] + box["width"] / 2, box["y"] + 90)
    screen.locator(TOLD).get_by_text("CRS, grade 1 (Lee 2014), Total (n = 16): 4 patients").wait_for()
    screen.keyboard.press("ArrowDown")
    screen.locator(TOLD).get_by_text("CRS, grade 2 (Lee 2014), Total (n = 16): 3 patients").wait_for()
    kept = screen.evaluate("() => document.querySelector('[data-testid=stVegaLiteChart] svg').dataset.kept")
    assert before == kept, "the chart was built anew"
    screen.locator(TOLD).get_by_role("combobox").click()
    patient = screen.get_by_role("option").first.inner_text()
    screen.get_by_role("option").first.click()
    at(screen, "Patient")
    shown(screen)
    assert patient and patient not in screen.url.partition("?")[2], "the address names a patient"


def test_a_click_on_a_bar_tells_who_they_are_once(screen, address):
    screen.goto(f"{address}/toxicity")
    at(screen, "Toxicity")
    shown(screen)
    screen.locator("[data-testid=stVegaLiteChart]").first.locator("g.hover_marks path").nth(2).click()
    screen.locator(TOLD).get_by_text("CRS, Control, Grade 2: 2 patients").wait_for()
    screen.keyboard.press("Escape")
    screen.locator(TOLD).wait_for(state="detached")
    screen.locator(".stSidebar").get_by_role("radio", name="yes").or_(
        screen.locator(".stSidebar").get_by_role("button", name="yes")
    ).first.click()
    screen.get_by_text("7 of 16 patients").first.wait_for()
    assert screen.locator(TOLD).count() == 0
