"""A haematologist's own file in a real browser: dropped in, two questions answered, her own curves on the screen."""

from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

LUNG = Path(__file__).parents[1] / "public_data" / "survival_lung.csv"


def main_area(screen):
    return screen.locator("[data-testid=stMain]")


def says(screen, words):
    main_area(screen).get_by_text(words, exact=False).first.wait_for()


def drop(screen, address, file):
    screen.goto(address)
    screen.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(file)
    says(screen, "This is how your file was read")


def press_open(screen):
    main_area(screen).locator("[data-testid=stBaseButton-primary]", has_text="Open").click()
    screen.locator("h1", has_text="Survival").wait_for()
    screen.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first.wait_for()


def test_from_a_strangers_file_to_her_own_curves(address, screen):
    drop(screen, address, str(LUNG))
    says(screen, "228 patients")
    main_area(screen).get_by_role("combobox").first.click()
    screen.get_by_role("option", name="Overall survival").click()
    says(screen, "1 question below changes a number")
    for place, meaning in enumerate(("censored", "It happened")):  # of 1, of 2
        main_area(screen).get_by_role("radio", name=meaning).or_(
            main_area(screen).get_by_role("button", name=meaning)
        ).nth(place).click()
    says(screen, "165 events (death) among 228 patients")
    press_open(screen)
    screen.locator("[data-testid=stSidebar]").get_by_text("228 of 228 patients").wait_for()
    says(screen, "165 events")


def test_a_trial_name_beside_a_code_and_the_landing_at_the_top(address, screen, tmp_path):
    book = Workbook()
    book.active.append(["Study", "PDID", "Arm", "OS months", "status", *[f"marker {n}" for n in range(30)]])
    for n in range(12):
        book.active.append([f"TRIAL-{n % 2}", f"PD{n:03}", "AB"[n % 2], 3 + n, ("alive", "dead")[n % 2], *range(30)])
    out = BytesIO()
    book.save(out)
    (tmp_path / "trial.xlsx").write_bytes(out.getvalue())
    drop(screen, address, str(tmp_path / "trial.xlsx"))
    says(screen, "12 patients")
    bar = main_area(screen).locator(".st-key-readingbar")
    main_area(screen).get_by_text("Where did my columns go?", exact=True).first.click()
    says(screen, "Download as CSV")
    main_area(screen).evaluate("area => area.scrollTo(0, area.scrollHeight)")
    assert (
        bar.get_by_role("button", name="Open").is_visible() and bar.bounding_box()["y"] >= 0
    )  # in view wherever one is
    press_open(screen)
    says(screen, "6 events")
    assert main_area(screen).evaluate("area => area.scrollTop") == 0
