"""What only a browser shows: back and forward, reload, a second workbook, downloads."""

import xml.etree.ElementTree as ET
from urllib.parse import parse_qs, urlsplit

from browser.steps import EMD_YES, at, follow, link_holds, main, press, says, shown, until, upload
from make_cohort import synthetic_cohort
from workbook import write_workbook


def test_a_walk_through_the_example(address, screen):
    screen.goto(address)
    a_click_on_a_lane_of_home_opens_the_patient(screen)
    a_filter_sends_new_data_into_the_chart_that_is_there(screen)
    back_and_forward_follow_pages_and_filters(screen)
    reload_keeps_the_example_and_its_filters(screen, address)
    a_chip_takes_its_filter_out(screen)


def a_click_on_a_lane_of_home_opens_the_patient(screen):
    says(screen, "16 of 16 patients")
    shown(screen)
    box = screen.locator("[data-testid=stVegaLiteChart]").get_by_text("P2", exact=True).first.bounding_box()
    screen.mouse.click(box["x"] + 200, box["y"] + box["height"] / 2)
    at(screen, "Patient")
    screen.get_by_text("Patient (2 of 16 selected)").wait_for()
    assert "P2" not in screen.url


def a_filter_sends_new_data_into_the_chart_that_is_there(screen):
    follow(screen, "Survival")
    chart = screen.locator("[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas").first
    chart.get_by_text("8 (0)", exact=True).nth(1).wait_for()  # at risk at first, and censored: in both arms
    main(screen).get_by_text("n = 16, 12 events").wait_for()
    shown(screen)
    chart.evaluate("node => node.stays = true")
    press(screen, "yes 7 of 7")
    for at_risk in ("2 (0)", "5 (0)"):
        chart.get_by_text(at_risk, exact=True).first.wait_for()
    main(screen).get_by_text("n = 7, 5 events").wait_for()
    assert chart.evaluate("node => node.stays === true")


def back_and_forward_follow_pages_and_filters(screen):
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


def reload_keeps_the_example_and_its_filters(screen, address):
    screen.reload()
    at(screen, "Toxicity")
    says(screen, "7 of 16 patients")
    assert screen.url.startswith(f"{address}/toxicity?cohort=")


def a_chip_takes_its_filter_out(screen):
    press(screen, "Control")
    says(screen, "2 of 16 patients")
    press(screen, "EMD: yes")
    says(screen, "8 of 16 patients")
    link_holds(screen, "arm=Control")


def test_from_upload_to_the_figure_of_a_subgroup_and_its_link(address, new_screen, tmp_path):
    """The way of a new user: open a workbook, look at a subgroup, take the figure home, open it; and of another who is
    given the link."""
    workbook, screen = tmp_path / "other.xlsx", new_screen()
    write_workbook(workbook, synthetic_cohort(30, 5))
    screen.goto(f"{address}/?{EMD_YES}&where=disease_status%3DPD")
    says(screen, "7 of 16 patients")
    a_second_workbook_drops_what_it_does_not_know_aloud(screen, workbook)
    the_figure_as_svg_says_of_whom_it_is(screen, tmp_path)
    linked = parse_qs(urlsplit(screen.url).query)
    assert linked["where"] == ["emd=yes"]
    assert len(linked["cohort"][0]) == 8
    assert "SYN-" not in screen.url
    assert workbook.stem not in screen.url
    its_link_waits_for_the_workbook(new_screen(), screen.url, workbook)


def a_second_workbook_drops_what_it_does_not_know_aloud(screen, workbook):
    upload(screen, workbook)
    says(screen, 'This workbook has no column "disease_status" to filter by.')
    says(screen, "6 of 30 patients")
    link_holds(screen, "emd=yes")


def the_figure_as_svg_says_of_whom_it_is(screen, folder):
    follow(screen, "Survival")
    link_holds(screen, "emd=yes")
    screen.locator("[data-testid=stVegaLiteChart]").first.get_by_text("3 (0)", exact=True).nth(1).wait_for()
    main(screen).get_by_text("n = 6, 6 events").wait_for()
    screen.get_by_role("button", name="Export").first.click()
    with screen.expect_download() as waiting:
        screen.get_by_role("button", name="SVG").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name == "survival.pfs.svg"
    drawing = ET.fromstring(path.read_text(encoding="utf-8"))
    words = " ".join(text for text in drawing.itertext() if text.strip())
    assert "Extramedullary disease: yes" in words
    assert "Synthetic data" in words
    assert "n = 6, 6 events" in words
    assert "SYN-" not in words


def its_link_waits_for_the_workbook(screen, link, workbook):
    waits = "Open the workbook this link was made from"
    screen.goto(link)
    screen.get_by_text(f"{waits} to apply these filters").wait_for()
    assert screen.locator("[data-testid=stVegaLiteChart]").count() == 0
    screen.reload()
    screen.get_by_text(waits).wait_for()
    upload(screen, workbook)
    says(screen, "6 of 30 patients")
    at(screen, "Survival")
    assert urlsplit(screen.url).query == urlsplit(link).query


def test_what_is_open_on_a_page_follows_link_back_and_reload_and_reset_is_everybody_again(address, screen):
    screen.goto(f"{address}/survival?endpoint=os&tab=models&by=sex")
    screen.get_by_role("tab", name="Models and subgroups", selected=True).wait_for()
    screen.get_by_role("radio", name="Overall survival", checked=True).wait_for()
    screen.get_by_role("tab", name="Curves").click()
    until(screen, "() => !location.search.includes('tab=')")
    screen.get_by_role("radio", name="Time to progression").click()
    until(screen, "() => !location.search.includes('endpoint=')")
    screen.go_back()
    screen.get_by_role("radio", name="Overall survival", checked=True).wait_for()
    screen.go_back()
    screen.get_by_role("tab", name="Models and subgroups", selected=True).wait_for()
    until(screen, "() => location.search.includes('tab=models')")
    follow(screen, "Toxicity")
    until(screen, "() => !location.search.includes('endpoint=')")
    press(screen, "yes 7 of 7")
    follow(screen, "Survival")
    until(screen, "() => location.search.includes('endpoint=os') && location.search.includes('tab=models')")
    link_holds(screen, "emd=yes")
    screen.reload()
    says(screen, "7 of 16 patients")
    screen.get_by_role("radio", name="Overall survival", checked=True).wait_for()
    press(screen, "Reset")
    says(screen, "16 of 16 patients")
    link_holds(screen)
    assert "by=" not in screen.url
    follow(screen, "Toxicity")
    says(screen, "16 of 16 patients")
