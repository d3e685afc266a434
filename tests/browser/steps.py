"""What a reader does in the browser, and what she waits for: never a number of seconds."""

EMD_YES = "where=emd%3Dyes"


def sidebar(screen):
    return screen.locator("[data-testid=stSidebar]")


def says(screen, words):
    """Wait until the sidebar says this."""
    sidebar(screen).get_by_text(words, exact=False).first.wait_for()


def at(screen, title):
    screen.locator("h1", has_text=title).wait_for()


def follow(screen, title):
    sidebar(screen).get_by_role("link", name=title, exact=True).click()
    at(screen, title)


def press(screen, words):
    sidebar(screen).get_by_role("button", name=words).first.click()


def link_holds(screen, *clauses):
    """Wait until the address holds exactly these filters."""
    wanted = sorted(clauses)
    screen.wait_for_function(
        "wanted => JSON.stringify(new URLSearchParams(location.search).getAll('where').sort()) === JSON.stringify(wanted)",
        arg=wanted,
    )


def upload(screen, path):
    screen.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(str(path))
