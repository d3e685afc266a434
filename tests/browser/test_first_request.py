"""The first request to a fresh server: a link, and a reader who clicks before it is there.

Every page begins with the same open_page; that all of them open cold without a browser, tests/pages/test_walks.py looks
at; home as the first request: test_two_servers.py.
"""

from browser.steps import EMD_YES, at, link_holds, main, press, says, sidebar


def test_a_link_opened_as_the_first_request_of_a_cold_server(cold_address, screen):
    screen.goto(f"{cold_address}/survival?{EMD_YES}")
    at(screen, "Survival")
    says(screen, "7 of 16 patients")
    link_holds(screen, "emd=yes")
    screen.locator("[data-testid=stVegaLiteChart]").first.get_by_text("5 (0)", exact=True).first.wait_for()  # at risk
    main(screen).get_by_text("n = 7, 5 events").wait_for()
    assert screen.locator("[role=dialog]").count() == 0
    assert screen.get_by_text("Traceback").count() == 0


def test_the_menu_clicked_at_once_keeps_the_selection_and_the_link(cold_address, screen):
    screen.goto(f"{cold_address}/survival?{EMD_YES}")
    sidebar(screen).get_by_role("link", name="Toxicity").click()
    at(screen, "Toxicity")
    says(screen, "7 of 16 patients")
    link_holds(screen, "emd=yes")
    press(screen, "Control")
    sidebar(screen).get_by_role("link", name="Kinetics").click()
    at(screen, "Kinetics")
    says(screen, "2 of 16 patients")
    link_holds(screen, "emd=yes", "arm=Control")
