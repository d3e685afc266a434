"""The reviewer's package by clicks: a figure and two tables of two pages, as a ZIP, the same as the command line makes.

What is usual, and everything else that a report may hold, tests/pages/test_report_page.py and tests/export look at.
"""

import json
import zipfile

from browser.steps import EMD_YES, click_and_wait, follow, main, says
from walking import ROOT

from lib import __main__ as command_line

LONG = 480_000  # ms: everything in every format, on a busy machine
EXAMPLE = ROOT / "data" / "pomalidomide_cohort.xlsx"


def test_the_package_by_clicks_is_the_package_of_the_command_line(address, screen, tmp_path):
    screen.goto(f"{address}/survival?{EMD_YES}")
    says(screen, "7 of 16 patients")
    click_and_wait(screen, screen.locator("label", has_text="In report Time to progression: medians and comparison"))
    follow(screen, "Report")
    screen.get_by_role("radio", name="1. Medians and comparison: Time to progression").wait_for(state="attached")
    screen.get_by_role("button", name="None", exact=True).click()
    screen.get_by_text("Nothing is ticked yet").wait_for()
    main(screen).locator("label", has_text="Table 1").first.click()
    screen.get_by_role("radio", name="1. Table 1").wait_for(state="attached")
    screen.get_by_role("radio", name="Survival", exact=True).click()
    for place, name in enumerate(("Kaplan-Meier curves", "Medians and comparison"), 2):
        main(screen).locator("label", has_text=name).first.click()
        screen.get_by_role("radio", name=f"{place}. {name}: Time to progression").wait_for(state="attached")
    screen.get_by_role("radio", name="ZIP", exact=True).click()
    for format in ("PDF", "PNG"):
        click_and_wait(screen, screen.get_by_role("button", name=format, exact=True))
    screen.get_by_role("button", name="Make the report").click()
    ready = screen.get_by_role("button", name="Download (ZIP")
    ready.wait_for(timeout=LONG)
    with screen.expect_download() as download:
        ready.click()
    download.value.save_as(tmp_path / "clicked.zip")
    by_clicks = results(tmp_path / "clicked.zip")
    ids = [exhibit["id"] for exhibit in by_clicks["exhibits"]]
    assert ids == ["baseline.table_one", "survival.ttp", "survival.ttp.summary"]
    only = [word for each in ids for word in ("--only", each)]
    where = ["--where", "emd=yes", "--pseudonyms", "--width", "174mm", "--formats", "svg,docx,xlsx"]
    command_line.main(["report", str(EXAMPLE), "--out", str(tmp_path), "--format", "zip", *where, *only])
    assert by_clicks == results(tmp_path / "report.zip")
    assert by_clicks["exhibits"][0]["n"] == 7


def results(package):
    with zipfile.ZipFile(package) as files:
        found = json.loads(files.read("results.json"))
    found["exhibits"] = [
        each for each in found["exhibits"] if each["id"] != "ledger"
    ]  # a command has looked at nothing before
    for exhibit in found["exhibits"]:
        exhibit["notes"] = [note for note in exhibit["notes"] if "looked at so far in this session" not in note]
    return found
