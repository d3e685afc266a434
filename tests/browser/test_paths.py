"""What only a browser shows: back and forward, reload, tabs, a second workbook, downloads."""

import re
import xml.etree.ElementTree as ET
from urllib.parse import parse_qs, urlsplit

import pytest
from browser.steps import EMD_YES, at, follow, link_holds, main, press, says, sidebar, upload
from make_cohort import synthetic_cohort
from workbook import write_workbook


@pytest.fixture
def other_workbook(tmp_path):
    path = tmp_path / "other.xlsx"
    write_workbook(path, synthetic_cohort(30, 5))
    return path


def test_back_and_forward_follow_pages_and_filters(address, screen):
    screen.goto(f"{address}/survival")
    says(screen, "16 of 16 patients")
    press(screen, "yes 7 of 7")
    says(screen, "7 of 16 patients")
    link_holds(screen, "emd=yes")
    follow(screen, "Toxicity")
    link_holds(screen, "emd=yes")
    screen.go_back()
    at(screen, "Survival")
    says(screen, "7 of 16 patients")
    screen.go_back()
    says(screen, "16 of 16 patients")
    link_holds(screen)
    at(screen, "Survival")
    screen.go_forward()
    says(screen, "7 of 16 patients")
    screen.go_forward()
    at(screen, "Toxicity")
    says(screen, "7 of 16 patients")
    link_holds(screen, "emd=yes")


def test_reload_keeps_the_example_and_its_filters(address, screen):
    screen.goto(f"{address}/survival")
    press(screen, "yes 7 of 7")
    link_holds(screen, "emd=yes")
    screen.reload()
    says(screen, "7 of 16 patients")
    assert screen.url.startswith(f"{address}/survival?cohort=")


def test_reset_is_everybody_again(address, screen):
    screen.goto(f"{address}/survival?{EMD_YES}&by=sex")
    says(screen, "7 of 16 patients")
    press(screen, "Reset")
    says(screen, "16 of 16 patients")
    link_holds(screen)
    assert "by=" not in screen.url
    follow(screen, "Toxicity")
    says(screen, "16 of 16 patients")


def test_a_chip_takes_its_filter_out(address, screen):
    screen.goto(f"{address}/survival?{EMD_YES}&where=arm%3DControl")
    says(screen, "2 of 16 patients")
    press(screen, "EMD: yes")
    says(screen, "8 of 16 patients")
    link_holds(screen, "arm=Control")


def test_a_link_to_an_uploaded_workbook_waits_for_it(address, new_screen, other_workbook):
    first = new_screen()
    first.goto(address)
    upload(first, other_workbook)
    says(first, "30 of 30 patients")
    press(first, re.compile(r"^yes \d"))
    first.wait_for_function("() => location.search.includes('where')")
    follow(first, "Survival")
    first.wait_for_function("() => location.pathname === '/survival' && location.search.includes('where')")
    says(first, "of 30 patients")
    count = sidebar(first).locator("h4").inner_text()
    second = new_screen()
    second.goto(first.url)
    second.get_by_text("Open the workbook this link was made from to apply these filters").wait_for()
    assert second.locator("[data-testid=stVegaLiteChart]").count() == 0
    second.reload()
    second.get_by_text("Open the workbook this link was made from").wait_for()
    upload(second, other_workbook)
    says(second, count)
    at(second, "Survival")
    assert urlsplit(second.url).query == urlsplit(first.url).query


def test_a_second_workbook_drops_what_it_does_not_know_aloud(address, screen, other_workbook):
    screen.goto(f"{address}/?{EMD_YES}&where=disease_status%3DPD")
    says(screen, "7 of 16 patients")
    upload(screen, other_workbook)
    says(screen, 'This workbook has no column "disease_status" to filter by.')
    says(screen, "of 30 patients")
    link_holds(screen, "emd=yes")
    follow(screen, "Survival")
    link_holds(screen, "emd=yes")


def test_two_tabs_do_not_disturb_each_other(address, new_screen):
    first, second = new_screen(), new_screen()
    first.goto(f"{address}/survival?{EMD_YES}")
    says(first, "7 of 16 patients")
    second.goto(f"{address}/survival?where=emd%3Dno")
    says(second, "9 of 16 patients")
    follow(first, "Toxicity")
    says(first, "7 of 16 patients")
    says(second, "9 of 16 patients")


def test_a_filter_sends_new_data_into_the_chart_that_is_there(address, screen):
    screen.goto(f"{address}/survival")
    chart = screen.locator("[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas").first
    chart.get_by_text("8 (0)", exact=True).nth(1).wait_for()  # at risk at first, and censored: in both arms
    main(screen).get_by_text("n = 16, 12 events").wait_for()
    chart.evaluate("node => node.stays = true")
    press(screen, "yes 7 of 7")
    for at_risk in ("2 (0)", "5 (0)"):
        chart.get_by_text(at_risk, exact=True).first.wait_for()
    main(screen).get_by_text("n = 7, 5 events").wait_for()
    assert chart.evaluate("node => node.stays === true")


def test_from_upload_to_the_figure_of_a_subgroup_as_svg(address, screen, other_workbook, tmp_path):
    """The way of a new user: open a workbook, press EMD, look, take the figure home, open it."""
    screen.goto(address)
    upload(screen, other_workbook)
    says(screen, "30 of 30 patients")
    press(screen, "yes 6 of 6")
    says(screen, "6 of 30 patients")
    follow(screen, "Survival")
    screen.locator("[data-testid=stVegaLiteChart]").first.get_by_text("3 (0)", exact=True).nth(1).wait_for()
    main(screen).get_by_text("n = 6, 6 events").wait_for()
    screen.get_by_role("button", name="Export").first.click()
    with screen.expect_download() as waiting:
        screen.get_by_role("button", name="SVG").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name == "survival.pfs.svg"
    drawing = ET.fromstring(path.read_text(encoding="utf-8"))
    words = " ".join(text for text in drawing.itertext() if text.strip())
    assert "Extramedullary disease: yes" in words
    assert "Synthetic data" in words
    assert "n = 6, 6 events" in words
    assert "SYN-" not in words
    linked = parse_qs(urlsplit(screen.url).query)
    assert linked["where"] == ["emd=yes"]
    assert len(linked["cohort"][0]) == 8
    assert "SYN-" not in screen.url
    assert other_workbook.stem not in screen.url


def test_a_narrow_window_shows_the_whole_title(address, new_screen):
    screen = new_screen(width=700, height=900)
    screen.goto(f"{address}/survival")
    title = screen.locator("h1", has_text="Survival")
    title.wait_for()
    header = screen.locator("[data-testid=stHeader]").bounding_box()
    assert title.bounding_box()["y"] >= header["y"] + header["height"] - 2


def test_what_is_open_on_a_page_follows_link_back_and_reload(address, screen):
    screen.goto(f"{address}/survival?endpoint=os&tab=models")
    screen.get_by_role("tab", name="Models and subgroups", selected=True).wait_for()
    screen.get_by_role("radio", name="Overall survival", checked=True).wait_for()
    screen.get_by_role("tab", name="Curves").click()
    screen.wait_for_function("() => !location.search.includes('tab=')")
    screen.get_by_role("radio", name="Time to progression").click()
    screen.wait_for_function("() => !location.search.includes('endpoint=')")
    screen.go_back()
    screen.get_by_role("radio", name="Overall survival", checked=True).wait_for()
    screen.go_back()
    screen.get_by_role("tab", name="Models and subgroups", selected=True).wait_for()
    screen.wait_for_function("() => location.search.includes('tab=models')")
    follow(screen, "Toxicity")
    screen.wait_for_function("() => !location.search.includes('endpoint=')")
    press(screen, "yes 7 of 7")
    follow(screen, "Survival")
    screen.wait_for_function("() => location.search.includes('endpoint=os') && location.search.includes('tab=models')")
    link_holds(screen, "emd=yes")
    screen.reload()
    says(screen, "7 of 16 patients")
    screen.get_by_role("radio", name="Overall survival", checked=True).wait_for()


def test_a_click_on_a_lane_of_home_opens_the_patient(address, screen):
    screen.goto(address)
    name = screen.locator("[data-testid=stVegaLiteChart]").get_by_text("P2", exact=True).first
    name.wait_for()
    box = name.bounding_box()
    screen.mouse.click(box["x"] + 200, box["y"] + box["height"] / 2)
    at(screen, "Patient")
    screen.get_by_text("Patient (2 of 16 selected)").wait_for()
    assert "P2" not in screen.url
