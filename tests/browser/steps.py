"""What a reader does in the browser, and what she waits for: never a number of seconds."""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

EMD_YES = "where=emd%3Dyes"
RAN = "script_finished"  # what the server says at the end of a run


def sidebar(screen):
    return screen.locator("[data-testid=stSidebar]")


def main(screen):
    return screen.locator("[data-testid=stMain]")


def until(screen, condition, arg=None):
    """Wait for this; asked ten times a second, for asking with every frame makes the browser draw without end."""
    screen.wait_for_function(condition, arg=arg, polling=100)


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
    until(
        screen,
        "wanted => JSON.stringify(new URLSearchParams(location.search).getAll('where').sort()) ==="
        " JSON.stringify(wanted)",
        arg=wanted,
    )


def upload(screen, path):
    shown(screen)
    paths = [str(each) for each in path] if isinstance(path, list) else str(path)
    screen.locator("[data-testid=stFileUploader] input[type=file]").first.set_input_files(paths)


def tab(screen, place):
    """Open the tab at this place, from 0, and wait until what the server sends for it stands in it."""
    click_and_wait(screen, screen.get_by_role("tab").nth(place))
    until(
        screen,
        "place => document.querySelectorAll('[role=tab]')[place].ariaSelected === 'true' &&"
        " [...document.querySelectorAll('[role=tabpanel]')].some(each => each.offsetParent &&"
        " each.querySelector('[data-testid=stElementContainer]'))",
        arg=place,
    )


def shown(screen):
    """Wait until the run of the page has ended and each of its figures is drawn."""
    until(
        screen,
        "() => document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning' &&"
        " [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(each => !each.offsetParent ||"
        " each.querySelector('svg, canvas')) && !document.querySelector('[data-testid=stSkeleton], [data-stale=true]')"
        " && !!document.querySelector('.st-key-footer, [data-testid=stTitle], h1')",
    )


def click_and_wait(screen, place):
    """Click where nothing else shows that the program has taken note, and wait for its run: a page that is left before
    keeps no tick. The server's own word is waited for, since a short run may begin and end between two drawings."""
    shown(screen)
    with screen.line.expect_event(
        "framereceived", lambda frame: ForwardMsg.FromString(frame).WhichOneof("type") == RAN
    ):
        place.click()
    shown(screen)
