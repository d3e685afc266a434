"""The sidebar under a pointer that does not move: whatever filter is pressed, all filters stay where they are."""

from browser.steps import link_holds, press, says, shown, sidebar

FIVE = "&".join(
    [
        "where=arm%3DPomalidomide",
        "where=age_years%3D44..62",
        "where=prior_lines%3D4%7C%3E%3D5",
        "where=ever+CRS+%3E%3D+1",
        "where=sex%3DM%7CF",
    ]
)


def boxes(screen):
    """Where every filter stands, and all that is chosen below them."""
    parts = sidebar(screen).locator(
        "[data-testid=stButtonGroup] button, [data-testid=stSlider], [data-testid=stSelectbox]"
    )
    return [part.bounding_box() for part in parts.all()]


def middle(screen, name):
    box = sidebar(screen).get_by_role("button", name=name).first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def twice_at_the_same_place(screen, pill, before, after):
    """A second click takes the filter off again: nothing has moved below the pointer."""
    says(screen, f"{before} patients")
    shown(screen)
    place, stood = middle(screen, pill), boxes(screen)
    others = screen.evaluate("() => new URLSearchParams(location.search).getAll('where')")
    screen.mouse.click(*place)
    says(screen, f"{after} patients")
    link_holds(screen, *others, "emd=yes")
    shown(screen)
    assert boxes(screen) == stood
    screen.mouse.click(*place)
    says(screen, f"{before} patients")
    link_holds(screen, *others)
    shown(screen)
    assert boxes(screen) == stood


def test_a_second_click_at_the_same_place_takes_the_filter_off_and_counts_follow_all_other_filters(address, screen):
    screen.goto(f"{address}/baseline")
    twice_at_the_same_place(screen, "yes 7 of 7", "16 of 16", "7 of 16")
    press(screen, "yes 7 of 7")
    press(screen, "Control")
    says(screen, "2 of 16 patients")
    for name in ("Control 2 of 8", "Pomalidomide 5 of 8", "no 6 of 9", "yes 2 of 7"):
        sidebar(screen).get_by_role("button", name=name).first.wait_for()
    screen.goto(f"{address}/baseline?{FIVE}")
    twice_at_the_same_place(screen, "yes 1 of 7", "3 of 16", "1 of 16")
