"""A haematologist's own file in a real browser: dropped in, two questions answered, her own curves on the screen and in a file."""

from pathlib import Path

LUNG = Path(__file__).parents[1] / "public_data" / "survival_lung.csv"


def main_area(screen):
    return screen.locator("[data-testid=stMain]")


def says(screen, words):
    main_area(screen).get_by_text(words, exact=False).first.wait_for()


def idle(screen):
    """The server has taken the last click in."""
    screen.wait_for_timeout(300)
    screen.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def test_from_a_strangers_file_to_her_own_curves(address, screen):
    screen.goto(address)
    screen.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(str(LUNG))
    says(screen, "How your file is read")
    says(screen, "228 patients")
    main_area(screen).get_by_role("combobox").first.click()
    screen.get_by_role("option", name="Overall survival").click()
    idle(screen)
    says(screen, "“2” (165)")
    main_area(screen).get_by_text("It did not happen: censored").nth(0).click()  # 1, the first of the two codes
    idle(screen)
    main_area(screen).get_by_text("It happened").nth(1).click()
    says(screen, "165 events (death) among 228 patients")
    main_area(screen).locator("[data-testid=stBaseButton-primary]", has_text="Open").click()
    screen.locator("[data-testid=stSidebar]").get_by_text("228 of 228 patients").wait_for()
    screen.locator("[data-testid=stSidebar]").get_by_role("link", name="Survival", exact=True).click()
    screen.locator("h1", has_text="Survival").wait_for()
    screen.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first.wait_for()
    says(screen, "165 events")
    main_area(screen).get_by_role("button", name="Export").first.click()
    with screen.expect_download() as download:
        screen.get_by_role("button", name="SVG").first.click()
    assert "Overall survival" in Path(download.value.path()).read_text(encoding="utf-8")
