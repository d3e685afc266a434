"""The sidebar under a pointer that does not move: whatever filter is pressed, all filters stay where they are."""

import pytest
from browser.steps import link_holds, says, sidebar
from make_cohort import synthetic_cohort
from workbook import write_workbook

FIVE = "&".join(
    ["where=arm%3DPomalidomide", "where=age_years%3D44..62", "where=prior_lines%3D4%7C%3E%3D5", "where=ever+CRS+%3E%3D+1", "where=sex%3DM%7CF"]
)  # fmt: skip


def boxes(screen):
    """Where every filter stands, and all that is chosen below them."""
    parts = sidebar(screen).locator(
        "[data-testid=stButtonGroup] button, [data-testid=stSlider], [data-testid=stSelectbox]"
    )
    return [part.bounding_box() for part in parts.all()]


def drawn(screen):
    """Wait until the page is drawn to its end."""
    screen.locator("[data-test-script-state=notRunning]").wait_for()


def middle(screen, name):
    box = sidebar(screen).get_by_role("button", name=name).first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize(("link", "before", "after", "pill", "clause"), [
    ("", "16 of 16", "7 of 16", "yes 7 of 7", "emd=yes"),
    (f"?{FIVE}", "3 of 16", "1 of 16", "yes 1 of 7", "emd=yes"),
])  # fmt: skip
def test_a_second_click_at_the_same_place_takes_the_filter_off_again(
    address, screen, link, before, after, pill, clause
):
    screen.goto(f"{address}/baseline{link}")
    says(screen, f"{before} patients")
    drawn(screen)
    place, stood = middle(screen, pill), boxes(screen)
    others = screen.evaluate("() => new URLSearchParams(location.search).getAll('where')")
    screen.mouse.click(*place)
    says(screen, f"{after} patients")
    link_holds(screen, *others, clause)
    drawn(screen)
    assert boxes(screen) == stood
    screen.mouse.click(*place)
    says(screen, f"{before} patients")
    link_holds(screen, *others)
    drawn(screen)
    assert boxes(screen) == stood


def test_the_counts_of_a_filter_follow_all_others_and_not_itself(address, screen):
    screen.goto(f"{address}/baseline?where=emd%3Dyes&where=arm%3DControl")
    says(screen, "2 of 16 patients")
    for name in ("Control 2 of 8", "Pomalidomide 5 of 8", "no 6 of 9", "yes 2 of 7"):
        sidebar(screen).get_by_role("button", name=name).first.wait_for()


def test_the_cross_of_a_long_filter_can_be_seen_and_pressed(address, screen, tmp_path):
    tables = synthetic_cohort(12, 3)
    for patient in tables["patients"]:
        patient["arm"] = (
            "Autologous BCMA-directed CAR T cells followed by maintenance for two years"
            if patient["sex"] == "F"
            else "None"
        )
    write_workbook(tmp_path / "long.xlsx", tables)
    screen.goto(address)
    screen.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(str(tmp_path / "long.xlsx"))
    says(screen, "12 of 12 patients")
    sidebar(screen).get_by_role("button", name="Autologous").click()
    chip = sidebar(screen).get_by_role("button", name="Arm: Autologous")
    cross, panel = chip.get_by_test_id("stIconMaterial").bounding_box(), sidebar(screen).bounding_box()
    assert cross["x"] + cross["width"] < panel["x"] + panel["width"]
    chip.get_by_test_id("stIconMaterial").click()
    says(screen, "12 of 12 patients")
