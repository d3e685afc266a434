"""What the browser shows is not sent again, and it shows the same as if all had been sent.

`Screen` is what Streamlit 1.67 does in the browser with what it is sent, as its script has it (AppRoot).
"""

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed

from pages.server import unchanged
from pages.server.unchanged import Browser, Unchanged

PAGE, OTHER = "page of survival", "another page"


def begins(page=PAGE, part=""):
    message = ForwardMsg()
    message.new_session.page_script_hash, message.new_session.main_script_hash = page, "app"
    message.metadata.run.script_run_id = f"{random.random()}"
    message.metadata.run.fragment_ids.extend([part] if part else [])
    return message


def ends(part="", status=ForwardMsg.FINISHED_SUCCESSFULLY):
    message = ForwardMsg(script_finished=ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY if part else status)
    message.metadata.run.SetInParent()
    message.metadata.run.fragment_ids.extend([part] if part else [])
    return message


def goes_on(is_running):
    message = ForwardMsg()
    message.session_status_changed.script_is_running = is_running
    return message


def drawn(path, what):
    """A place of a page: a text, a button (#name), a box to tick (?name), a container (its kind in brackets), an effect
    (!) or a dialog."""
    message = ForwardMsg()
    if what == "[dialog]":
        message.delta.add_block.dialog.title = "Who"
    elif what.startswith("["):
        kind, _, of = what[1:].partition("]")
        getattr(message.delta.add_block, kind).SetInParent()
        message.delta.add_block.id = of
    elif what.startswith("#"):
        message.delta.new_element.button.id = what
    elif what.startswith("?"):
        message.delta.new_element.checkbox.id = what
    else:
        message.delta.new_element.markdown.body = what
        message.delta.new_element.has_one_shot_effect = what.startswith("!")
    message.metadata.delta_path.extend(path)
    populate_hash_if_needed(message)
    return message


def page_title(words):
    message = ForwardMsg()
    message.page_config_changed.title = words
    populate_hash_if_needed(message)
    return message


def whole(places, page=PAGE, *beside):
    return [begins(page), *beside, *(drawn(path, what) for path, what in places.items()), ends()]


def through(browser, messages):
    """What the browser gets of these."""
    return [ForwardMsg.FromString(each) for message in messages for each in browser.take(message.SerializeToString())]


def places_in(messages):
    return [tuple(each.metadata.delta_path) for each in messages if each.metadata.delta_path]


class Screen:
    """A browser: what stands where, in which run it was sent, widgets that stay until a whole run has ended, and what a
    reader ticked, which is kept as long as its box stands there."""

    def __init__(self):
        self.tree, self.sent_in, self.stays, self.run, self.page, self.ticked = {}, {}, [], 0, "", set()

    def take(self, message):
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.run += 1
            if message.new_session.page_script_hash != self.page:
                self.tree, self.page = {}, message.new_session.page_script_hash
        elif kind == "delta":
            self._draw(tuple(message.metadata.delta_path), message.delta)
        elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            self.tree = {path: each for path, each in self.tree.items() if self.sent_in[path] == self.run}
            self.stays = []
        if kind == "script_finished" and message.metadata.HasField("run"):
            self.ticked &= {said for _, said in self.tree.values()}

    def _draw(self, path, delta):
        above = path[:-1]
        assert len(above) == 1 or above in self.tree, "the browser refuses what stands nowhere"
        among_tabs = self.tree.get(above) == (("add_block", "tab_container"), "")
        assert not among_tabs or delta.add_block.HasField("tab"), "the browser fails where anything stands among tabs"
        before, new = self.tree.get(path), delta.WhichOneof("type")
        kind = delta.add_block.WhichOneof("type") if new == "add_block" else ""
        if before is not None and before[0] != (new, kind):
            for within in [each for each in self.tree if each[: len(path)] == path != each]:
                del self.tree[within]
            self.stays = [each for each in self.stays if each[0][: len(path)] != path]
        is_earlier = before is not None and before[1].startswith(("#", "?")) and self.sent_in[path] != self.run
        box = delta.new_element.checkbox.id
        widget = delta.new_element.button.id or box
        if is_earlier and before[1] != widget:
            self.stays.append((above, before[1]))
        self.ticked |= {box} - {""}
        said = widget or delta.new_element.markdown.body or delta.add_block.id
        self.tree[path], self.sent_in[path] = ((new, kind), said), self.run

    def seen(self):
        """What stands on the screen: without places in which there is nothing."""
        shown = {path: each for path, each in self.tree.items() if each[1] or each[0][0] == "add_block"}
        return shown, self.stays, self.ticked


def shown_after(runs, thin):
    browser, screen, sent = Browser(), Screen(), 0
    for run in runs:
        for message in through(browser, run) if thin else run:
            screen.take(message)
            sent += bool(message.metadata.delta_path)
    return screen.seen(), sent


SIDEBAR = {(1, 0): "[vertical]", (1, 0, 0): "no filter", (1, 1): "#filter"}
FIGURE = {(0, 0): "title", (0, 1): "[vertical]", (0, 1, 0): "figure of 16", (0, 1, 1): "#export"}


def test_only_what_has_changed_is_sent_and_of_no_run():
    browser = Browser()
    first = whole(FIGURE | SIDEBAR, PAGE, page_title("Survival"))
    assert through(browser, first) == first
    sent = through(browser, whole(FIGURE | SIDEBAR | {(0, 1, 0): "figure of 7"}, PAGE, page_title("Survival")))
    assert [each.WhichOneof("type") for each in sent] == ["delta", "script_finished"]
    assert sent[0].delta.new_element.markdown.body == "figure of 7" and not sent[1].metadata.HasField("run")
    assert sent[1].script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
    sent = through(browser, whole(FIGURE | SIDEBAR | {(0, 1, 0): "figure of 7"}, PAGE, page_title("Toxicity")))
    assert [each.WhichOneof("type") for each in sent] == ["page_config_changed", "script_finished"]


def test_where_an_answer_is_gone_what_has_changed_is_a_run_of_a_part():
    browser = Browser()
    through(browser, whole(FIGURE | SIDEBAR | {(0, 1, 2): "?tick"}))
    sent = through(browser, whole(FIGURE | SIDEBAR))
    assert [each.WhichOneof("type") for each in (sent[0], sent[-1])] == ["new_session", "script_finished"]
    assert sent[0].metadata.run.fragment_ids == sent[-1].metadata.run.fragment_ids == [unchanged.PART]


def test_that_a_run_went_on_is_heard_with_its_end_or_a_browser_that_asked_for_one_would_wait():
    browser = Browser()
    through(browser, [*whole(FIGURE | SIDEBAR, PAGE, goes_on(True)), goes_on(False)])
    assert len(through(browser, whole(FIGURE | SIDEBAR, PAGE, goes_on(True)))) == 1
    assert through(browser, [goes_on(False)]) == [goes_on(True), goes_on(False)]
    assert through(browser, [goes_on(False)]) == [goes_on(False)]


@pytest.mark.parametrize(
    ("before", "now", "sent"),
    [
        ({(1, 0, 0): "#chip a", (1, 0, 1): "#chip b"}, {(1, 0, 0): "#chip b"}, [(1, 0), (1, 0), (1, 0, 0)]),
        ({(1, 0, 0): "#chip a"}, {}, [(1, 0), (1, 0)]),
        ({}, {(1, 0, 0): "#chip a"}, [(1, 0, 0)]),
        ({(1, 0, 0): "a", (1, 0, 1): "b"}, {(1, 0, 0): "a"}, [(1, 0, 1)]),
        ({(1, 1): "note"}, {}, [(1, 1)]),
        ({(1, 1): "[vertical]", (1, 1, 0): "#a"}, {(1, 1): "text"}, [(1, 1)]),
        ({(1, 1): "[vertical]", (1, 1, 0): "a"}, {(1, 1): "[expandable]", (1, 1, 0): "a"}, [(1, 1), (1, 1, 0)]),
        ({(1, 1): "!"}, {(1, 1): "!"}, [(1, 1)]),
    ],
)
def test_what_is_gone_is_emptied(before, now, sent):
    holder = {(1, 0): "[vertical]"}
    browser, screen = Browser(), Screen()
    for message in through(browser, whole(holder | before)):
        screen.take(message)
    found = through(browser, whole(holder | now))
    for message in found:
        screen.take(message)
    assert places_in(found) == sent and screen.seen()[0].keys() == (holder | now).keys() and not screen.stays


@pytest.mark.parametrize("now", [{(0, 0, 0, 0): "#2"}, {}, {(0, 0, 1, 0): "#1"}], ids=["widget", "nothing", "next tab"])
def test_a_tab_is_never_emptied(now):
    tabs_of_page = {(0, 0): "[tab_container]", (0, 0, 0): "[tab]", (0, 0, 1): "[tab]"}
    browser, run = Browser(), whole(tabs_of_page | now)
    through(browser, whole(tabs_of_page | {(0, 0, 0, 0): "#1"}))
    assert through(browser, run) == run


@pytest.mark.parametrize(
    "run",
    [
        whole(FIGURE, OTHER),
        whole(FIGURE | {(1, 1): "#another filter"}),
        whole(FIGURE),
        whole(FIGURE | SIDEBAR | {(2, 0): "[dialog]"}),
        [begins(), drawn((0, 0), "title"), ends(status=ForwardMsg.FINISHED_EARLY_FOR_RERUN)],
        [begins(part="below"), drawn((0, 1, 1), "#export"), ends(part="below")],
        [begins(), drawn((0, 0), "title"), *whole(FIGURE | SIDEBAR)],
    ],
    ids=["another page", "a widget of the page replaced", "one gone", "a dialog", "broken off", "a part", "begun anew"],
)
def test_all_is_sent_where_less_might_not_do_and_once_after_it(run):
    browser = Browser()
    through(browser, whole(FIGURE | SIDEBAR))
    assert through(browser, run) == run
    if run[-1].script_finished != ForwardMsg.FINISHED_SUCCESSFULLY or any(
        each.delta.add_block.HasField("dialog") for each in run
    ):
        again = whole(FIGURE | SIDEBAR)
        assert through(browser, again) == again
        assert not places_in(through(browser, whole(FIGURE | SIDEBAR)))


def tabs(path, draw):
    """Some tabs, of which one has something in it."""
    found = {(*path, place): "[tab]" for place in range(draw.randrange(1, 4))}
    return found | {(*path, 0, place): draw.choice(["a", "b", "#1", "#2", "?1"]) for place in range(draw.randrange(3))}


def a_page(draw):
    """Some page: containers within containers, with texts and widgets."""
    found = {}

    def fill(path, depth):
        for place in range(draw.randrange(1 if depth else 5)):
            stands = draw.choice(
                ["a", "b", "!", "#1", "#2", "#3", "?2", "?3", "[vertical]", "[vertical]x", "[expandable]"]
            )
            stands = f"{stands} {path} {place}" if stands.startswith("#") and draw.random() < 0.7 else stands
            if draw.random() < 0.2:
                found.update({(*path, place): "[tab_container]"} | tabs((*path, place), draw))
                continue
            found[*path, place] = stands
            if stands.startswith("["):
                for within in range(draw.randrange(4)):
                    found[*path, place, within] = draw.choice(["a", "b", f"#{within}", f"?{within}", "[vertical]"])

    fill((0,), 0)
    fill((1,), 0)
    return found


@pytest.mark.parametrize("seed", range(200))
def test_a_browser_shows_the_same_as_if_all_were_sent(seed):
    draw = random.Random(seed)
    pages = [a_page(draw)]
    for _ in range(6):  # what follows differs in a few places, as after a click
        changed = dict(pages[-1])
        for path in draw.sample(sorted(changed), min(len(changed), 3)):
            if draw.random() < 0.5 and not changed.get(path, "[").startswith("["):
                changed[path] = draw.choice(["a", "c", "#1", "#4", "?1", "?4"])
            else:
                changed = {each: what for each, what in changed.items() if each[: len(path)] != path}
        pages.append(changed if draw.random() < 0.9 else a_page(draw))
    runs = [whole(places) for places in pages]
    for place in range(len(runs)):
        (all_sent, _), (thin, fewer) = shown_after(runs[: place + 1], False), shown_after(runs[: place + 1], True)
        assert thin == all_sent
    assert fewer <= 2 * sum(map(len, pages))


def test_a_long_run_is_sent_as_it_grows_and_answers_wait_for_nothing(monkeypatch):
    monkeypatch.setattr(unchanged, "PATIENCE", 0.05)
    got, answer = [], ForwardMsg(heartbeat_ack=True)

    async def send(message):
        got.append(message["type"] if message.get("bytes") is None else ForwardMsg.FromString(message["bytes"]))

    async def app(_scope, _receive, sending):
        await sending({"type": "websocket.accept"})
        for message in [*whole(FIGURE), *whole(FIGURE)[:-1], answer]:
            await sending({"type": "websocket.send", "bytes": message.SerializeToString()})
        assert len(got) == 1 + len(FIGURE) + 2 + 1 and got[-1] == answer
        await asyncio.sleep(0.3)
        assert len(got) == 1 + 2 * len(FIGURE) + 4
        await sending({"type": "websocket.send", "bytes": ends().SerializeToString()})

    with ThreadPoolExecutor(1) as thread:  # a browser of this worker may have its loop in the main one
        thread.submit(asyncio.run, Unchanged(app)({"type": "websocket"}, None, send)).result()
    assert got[0] == "websocket.accept" and got[-1] == ends()
