"""The first request to a fresh server is a link, and its reader clicks before it is there.

Every page begins with the same open_page; that all of them open cold without a browser, tests/pages/test_walks.py looks
at; home as the first request: test_two_servers.py.
"""

from browser.steps import EMD_YES, at, follow, link_holds, main, press, says, sidebar


def test_a_link_to_a_cold_server_and_the_menu_clicked_at_once_keep_the_selection_and_the_link(cold_address, screen):
    screen.goto(f"{cold_address}/survival?{EMD_YES}")
    sidebar(screen).get_by_role("link", name="Toxicity").click()
    at(screen, "Toxicity")
    says(screen, "7 of 16 patients")
    link_holds(screen, "emd=yes")
    follow(screen, "Survival")
    screen.locator("[data-testid=stVegaLiteChart]").first.get_by_text("5 (0)", exact=True).first.wait_for()  # at risk
    main(screen).get_by_text("n = 7, 5 events").wait_for()
    press(screen, "Control")
    sidebar(screen).get_by_role("link", name="Kinetics").click()
    at(screen, "Kinetics")
    says(screen, "2 of 16 patients")
    link_holds(screen, "emd=yes", "arm=Control")
    assert screen.locator("[role=dialog]").count() == 0
    assert screen.get_by_text("Traceback").count() == 0
