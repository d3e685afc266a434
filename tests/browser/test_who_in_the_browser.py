"""Who is behind a count, with the mouse and with the keyboard, up to the page of a patient."""

from browser.steps import at, press, says, shown, until

TOLD = "[data-testid=stDialog]"


def test_a_bar_and_a_count_tell_who_they_are_and_open_a_patient(address, screen):
    screen.goto(f"{address}/toxicity")
    at(screen, "Toxicity")
    shown(screen)
    a_click_on_a_bar_tells_once(screen)
    a_count_tells_and_opens_a_patient(screen)


def a_click_on_a_bar_tells_once(screen):
    screen.locator("[data-testid=stVegaLiteChart]").first.locator("g.hover_marks path").nth(2).click()
    screen.locator(TOLD).get_by_text("CRS, Control, Grade 2: 2 patients").wait_for()
    screen.keyboard.press("Escape")
    screen.locator(TOLD).wait_for(state="detached")
    press(screen, "yes 7 of 7")
    says(screen, "7 of 16 patients")
    shown(screen)
    assert screen.locator(TOLD).count() == 0
    press(screen, "yes 7 of 7")
    says(screen, "16 of 16 patients")
    shown(screen)


def a_count_tells_and_opens_a_patient(screen):
    screen.evaluate("() => document.querySelector('[data-testid=stVegaLiteChart] svg').dataset.kept = 'yes'")
    screen.get_by_role("button", name="Who CRS and ICANS").click()
    grid = screen.locator(f"{TOLD} canvas").first
    grid.wait_for()
    until(screen, "() => document.querySelector('[data-testid=stDialog] canvas').getBoundingClientRect().height > 100")
    box = grid.bounding_box()
    screen.mouse.click(box["x"] + box["width"] / 2, box["y"] + 90)
    screen.locator(TOLD).get_by_text("CRS, grade 1 (Lee 2014), Total (n = 16): 4 patients").wait_for()
    screen.keyboard.press("ArrowDown")
    screen.locator(TOLD).get_by_text("CRS, grade 2 (Lee 2014), Total (n = 16): 3 patients").wait_for()
    kept = screen.evaluate("() => document.querySelector('[data-testid=stVegaLiteChart] svg').dataset.kept")
    assert kept == "yes", "the chart was built anew"
    screen.locator(TOLD).get_by_role("combobox").click()
    patient = screen.get_by_role("option").first.inner_text()
    screen.get_by_role("option").first.click()
    at(screen, "Patient")
    shown(screen)
    assert patient and patient not in screen.url.partition("?")[2], "the address names a patient"
