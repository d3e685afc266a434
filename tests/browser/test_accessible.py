"""axe-core finds nothing on any page or tab, light or dark; a figure's picture is hidden from screen readers, whose
words follow it.

`OF_STREAMLIT`: what only Streamlit can mend, by rule and place, with why.
"""

from axe_playwright_python.base import AXE_SCRIPT
from browser.steps import EMD_YES, at, follow, main, shown, tab
from walking import PAGES

OF_STREAMLIT = {
    # the drop zone has role "presentation" beside an aria-label and tabindex; the button within it is reached and named
    ("presentation-role-conflict", "stFileUploaderDropzone"),
}
TABS = {"response": 3, "survival": 3, "toxicity": 3, "labs": 3, "kinetics": 4}
OF_COLOURS = ["color-contrast", "link-in-text-block"]
ASKED = """([place, rules]) => axe.run(place, {resultTypes: ['violations'], ...(rules && {runOnly: rules})})
  .then(found => found.violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html])))"""
UNHIDDEN = """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg text')]
  .filter(node => node.textContent.trim() && !node.closest('[aria-hidden=true]')).map(node => node.textContent)"""
BLENDED = "() => getComputedStyle(document.querySelector('[data-testid=stVegaLiteChart] svg')).mixBlendMode"
WITHIN = "() => !!document.activeElement.closest('[data-testid=stPopoverBody]')"
MAIN = "[data-testid=stMain]"
IN_THE_DARK = ("home", "baseline", "survival", "report")  # all kinds of elements there are
WITH_ALL_AROUND = ("home", "survival")  # menu and sidebar are the same beside every page
SHOWN = "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg, table"


def around(page: str) -> str:
    """What axe looks through on a page."""
    return "html" if page in WITH_ALL_AROUND else MAIN


def violations(screen, place: str, rules=None) -> list[str]:
    return [
        f"{rule}: {html[:200]}"
        for rule, html in screen.evaluate(ASKED, [place, rules])
        if not any(rule == name and of in html for name, of in OF_STREAMLIT)
    ]


def walked(address, screen, scheme, pages=tuple(PAGES)):
    """These pages in the order of the menu, by its menu, of the example parted by arm; axe is there."""
    screen.emulate_media(color_scheme=scheme)
    screen.goto(f"{address}/?by=arm")
    screen.evaluate(AXE_SCRIPT)
    for page, title in PAGES.items():
        if page == "assay" or page not in pages:  # the example has no assay
            continue
        if page != "home":
            follow(screen, title)
        if page != "report":
            main(screen).locator(SHOWN).first.wait_for()
        shown(screen)
        yield page
        assert screen.evaluate(UNHIDDEN) == [], page


def test_axe_finds_nothing_on_any_page_and_tab(address, screen):
    """`screen` fails where the browser reports anything that the server's policy forbids a page."""
    said = []
    for page in walked(address, screen, "light"):
        said += [f"{page}: {each}" for each in violations(screen, around(page))]
        if page == "survival":
            assert screen.evaluate(BLENDED) == "normal"
        for place in range(1, TABS.get(page, 1)):
            tab(screen, place)
            shown(screen)
            said += [f"{page} {place}: {each}" for each in violations(screen, MAIN)]
            assert screen.evaluate(UNHIDDEN) == [], (page, place)
    assert said == []


def test_axe_finds_nothing_in_the_dark(address, screen):
    """What depends on colours, on pages that have every kind of element: those of others have the same colours.

    Figures have no white box.
    """
    said = []
    for page in walked(address, screen, "dark", IN_THE_DARK):
        said += [f"{page}: {each}" for each in violations(screen, around(page), OF_COLOURS)]
        if page == "survival":
            assert screen.evaluate(BLENDED) == "screen"
    assert said == []


def test_a_narrow_window_says_which_filter_is_on_shows_the_whole_title_and_is_named_after_page_and_workbook(
    address, new_screen
):
    screen = new_screen(width=700)
    screen.goto(f"{address}/survival?{EMD_YES}")
    screen.get_by_text("7 of 16 patients: Extramedullary disease: yes", exact=True).first.wait_for()
    assert screen.title() == "Survival – pomalidomide_cohort.xlsx – CAR-T Cohort Explorer"
    header = screen.locator("[data-testid=stHeader]").bounding_box()
    title = screen.locator("h1", has_text="Survival").bounding_box()
    assert title["y"] >= header["y"] + header["height"] - 2
    screen.set_viewport_size({"width": 350, "height": 700})
    assert screen.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")


def test_a_figure_by_its_toolbar_by_keys_and_by_the_way_out_of_its_bias(address, screen):
    screen.goto(f"{address}/survival?by=arm")
    shown(screen)
    keys_reach_its_numbers_next_to_it_and_what_a_button_opens_next_after_the_button(screen)
    its_toolbar_offers_no_picture(screen)
    the_bias_leads_to_the_landmark_analysis(screen)


def keys_reach_its_numbers_next_to_it_and_what_a_button_opens_next_after_the_button(screen):
    figures, buttons = (
        main(screen).locator(of) for of in ("[data-testid=stVegaLiteChart]", "[class*=st-key-data-] button")
    )
    assert figures.count() == buttons.count() == 1
    data = screen.get_by_role("button", name="Data Time to progression by Arm")
    data.focus()
    screen.keyboard.press("Enter")
    opened = screen.locator("[data-testid=stPopoverBody]")
    opened.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    screen.keyboard.press("Tab")
    assert screen.evaluate(WITHIN), "the table"
    screen.keyboard.press("Shift+Tab")
    assert data.evaluate("button => button === document.activeElement")
    screen.keyboard.press("Escape")
    opened.wait_for(state="detached")
    screen.keyboard.press("Tab")
    screen.keyboard.press("Enter")
    opened.get_by_role("button", name="PDF").wait_for()
    screen.keyboard.press("Tab")
    assert screen.evaluate(WITHIN), "what Export offers"
    screen.keyboard.press("Escape")
    opened.wait_for(state="detached")


def its_toolbar_offers_no_picture(screen):
    screen.locator("[data-testid=stVegaLiteChart]").first.hover()
    labels = (
        "() => [...document.querySelectorAll('[data-testid=stElementToolbarButton] button')].filter(each =>"
        " each.offsetParent).map(each => each.ariaLabel.split(':')[0])"
    )
    assert set(screen.evaluate(labels)) <= {"Fullscreen"}


def the_bias_leads_to_the_landmark_analysis(screen):
    follow(screen, "Toxicity")
    screen.get_by_role("button", name="Do a landmark analysis").click()
    at(screen, "Survival")
    screen.locator("[role=tab][aria-selected=true]", has_text="Landmark analysis").wait_for()
