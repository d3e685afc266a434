"""A window that was sent only what its clicks changed shows what a new window at the same address is sent in full."""

from browser.steps import click_and_wait, main, shown, sidebar
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

# without what a session counts; a figure that changes has its words in an order of its own
SEEN = """() => [...document.querySelectorAll('.stMainBlockContainer, [data-testid=stSidebarUserContent]')].flatMap(
  part => [...part.querySelectorAll('[data-testid=stElementContainer]')]).filter(
  each => each.checkVisibility() && each.getBoundingClientRect().height).map(each => {
    const {x, y, width, height} = each.getBoundingClientRect(), words = [...each.querySelectorAll('svg.marks text')];
    const said = words.length ? words.map(word => word.textContent).sort().join() : each.textContent;
    const counted = /\\d+ of \\d+ comparisons? looked at/;
    return [...[x, y, width, height].map(Math.round), said.replace(counted, '')].join(' | '); })"""


def pill(screen, name):
    return sidebar(screen).get_by_role("button", name=name).first


def chip(screen, words):
    return screen.locator(".st-key-chips").get_by_role("button", name=words)


def test_a_window_shows_after_clicks_what_a_new_one_shows(address, new_screen):
    screen, ended = new_screen(), []

    def note(frame):
        message = ForwardMsg.FromString(frame)
        if message.WhichOneof("type") == "script_finished":
            ended.append((message.script_finished, message.metadata.HasField("run")))

    screen.on("websocket", lambda line: line.on("framereceived", note))
    screen.goto(f"{address}/survival")
    clicks = (
        lambda: pill(screen, "yes"),
        lambda: pill(screen, "Pomalidomide"),
        lambda: chip(screen, "EMD"),
        lambda: main(screen).locator("[data-testid=stButtonGroup] button").nth(1),
        lambda: pill(screen, "Control"),
        lambda: sidebar(screen).get_by_role("button", name="Reset"),
    )
    for find in clicks:
        click_and_wait(screen, find())
        other = new_screen()
        other.goto(screen.url)
        shown(other)
        assert screen.evaluate(SEEN) == other.evaluate(SEEN)
        other.close()
    of_part = [has_run for status, has_run in ended if status == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY]
    assert len(of_part) >= 3 and not all(of_part), "most of these clicks are sent as what has changed, some as no run"
