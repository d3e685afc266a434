"""The reviewer's package by clicks: what is usual, as a ZIP, the same as the command line makes."""

import json
import zipfile

from browser.steps import EMD_YES, follow, shown
from walking import ROOT

from lib import __main__ as command_line

LONG = 240_000  # ms: everything in every format, on a busy machine
EXAMPLE = ROOT / "data" / "pomalidomide_cohort.xlsx"


def test_the_package_by_clicks_is_the_package_of_the_command_line(address, screen, tmp_path):
    screen.goto(f"{address}/survival?{EMD_YES}")
    shown(screen)
    screen.locator("label", has_text="In report Time to progression: medians and comparison").click()
    follow(screen, "Report")
    screen.get_by_role("radio", name="1. Medians and comparison: Time to progression").wait_for(state="attached")
    screen.get_by_role("button", name="None", exact=True).click()
    screen.get_by_text("Nothing is ticked yet").wait_for()
    screen.get_by_role("button", name="Usual figures and tables").click()
    screen.get_by_role("radio", name="7. Profiles").wait_for(state="attached")
    screen.get_by_role("radio", name="ZIP", exact=True).click()
    shown(screen)
    screen.get_by_role("button", name="Make the report").click()
    ready = screen.get_by_role("button", name="Download (ZIP")
    ready.wait_for(timeout=LONG)
    with screen.expect_download() as download:
        ready.click()
    download.value.save_as(tmp_path / "clicked.zip")
    by_clicks = results(tmp_path / "clicked.zip")
    ids = [exhibit["id"] for exhibit in by_clicks["exhibits"]]
    assert len(ids) == 7 and "survival.ttp" in ids
    only = [word for each in ids for word in ("--only", each)]
    where = ["--where", "emd=yes", "--pseudonyms", "--width", "174mm"]
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
