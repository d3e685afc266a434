"""axe-core finds nothing on any page or tab, light or dark; a figure's picture is hidden from screen readers, whose words follow it.

`OF_STREAMLIT`: what only Streamlit can mend, by rule and place, with why.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.steps import EMD_YES, at, shown, tab
from walking import PAGES

OF_STREAMLIT = {
    # the drop zone has role "presentation" beside an aria-label and tabindex; the button within it is reached and named
    ("presentation-role-conflict", "stFileUploaderDropzone"),
}
TABS = {"response": 3, "survival": 3, "toxicity": 3, "labs": 3, "kinetics": 4}
UNHIDDEN = """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg text')]
  .filter(node => node.textContent.trim() && !node.closest('[aria-hidden=true]')).map(node => node.textContent)"""


def violations(screen) -> list[str]:
    found = [(rule, node) for rule in Axe().run(screen).response["violations"] for node in rule["nodes"]]
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule, node in found
        if not any(rule["id"] == name and place in node["html"] for name, place in OF_STREAMLIT)
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page_and_tab(address, screen, scheme):
    """Dark, the first tab of each page: the others are made of the same kinds of elements in the same colours."""
    screen.emulate_media(color_scheme=scheme)
    said = []
    for page, title in PAGES.items():
        if page == "assay":  # the example has none
            continue
        screen.goto(f"{address}/{page}?by=arm")
        at(screen, title)
        for place in range(TABS.get(page, 1) if scheme == "light" else 1):
            if place:
                tab(screen, place)
            shown(screen)
            said += [f"{page} {place}: {each}" for each in violations(screen)]
            assert screen.evaluate(UNHIDDEN) == [], page
    assert said == []


def test_figures_have_no_white_box_in_the_dark(address, screen):
    screen.emulate_media(color_scheme="dark")
    screen.goto(f"{address}/survival?by=arm")
    shown(screen)
    looks = "() => getComputedStyle(document.querySelector('[data-testid=stVegaLiteChart] svg')).mixBlendMode"
    assert screen.evaluate(looks) == "screen"
    screen.emulate_media(color_scheme="light")
    screen.reload()
    shown(screen)
    assert screen.evaluate(looks) == "normal"


def test_a_narrow_window_says_which_filter_is_on_and_is_named_after_page_and_workbook(address, new_screen):
    screen = new_screen(width=700)
    screen.goto(f"{address}/survival?{EMD_YES}")
    screen.get_by_text("7 of 16 patients: Extramedullary disease: yes", exact=True).first.wait_for()
    assert screen.title() == "Survival – pomalidomide_cohort.xlsx – CAR-T Cohort Explorer"
    screen.set_viewport_size({"width": 350, "height": 700})
    assert screen.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")


def test_the_toolbar_of_a_figure_offers_no_picture_or_source_and_marks_have_no_default_tooltip(address, screen):
    screen.goto(f"{address}/survival?by=arm")
    shown(screen)
    figure = screen.locator("[data-testid=stVegaLiteChart]").first
    figure.hover()
    labels = "() => [...document.querySelectorAll('[data-testid=stElementToolbarButton] button')].filter(each => each.offsetParent).map(each => each.ariaLabel.split(':')[0])"
    assert set(screen.evaluate(labels)) <= {"Fullscreen"}
    screen.get_by_role("button", name="Data Time to progression by Arm").click()
    screen.locator("[data-testid=stPopoverBody] [data-testid=stDataFrame]").wait_for()


def test_the_bias_leads_to_the_landmark_analysis_from_another_page(address, screen):
    screen.goto(f"{address}/toxicity?by=arm")
    screen.get_by_role("button", name="Do a landmark analysis").click()
    at(screen, "Survival")
    screen.locator("[role=tab][aria-selected=true]", has_text="Landmark analysis").wait_for()
