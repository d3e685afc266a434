"""What stands where on a page in the browser, and what has to be sent so that it shows another.

The browser keeps a page as a tree; a message says what stands at one place of it, a path of numbers. How it treats
what it is sent is Streamlit's (1.67), in its script: a container that is sent again keeps what is in it, unless its
kind changed; a widget that another takes the place of stays on the screen until a whole run has ended.
"""

from dataclasses import dataclass
from typing import Final

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

TAB: Final = "tab"  # the browser fails where anything else stands among tabs, if for a moment
BUTTONS: Final = ("button", "download_button")  # of which nothing is kept once they were pressed
MOST_ANEW: Final = 8  # places of a container that is emptied and filled anew; a larger one is a whole run's work
Path = tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """What stands at one place: its fingerprint, "" where it must be sent each time; of a container its kind, of a
    widget its id; `answer` is the id under which the browser keeps what a reader chose or opened there."""

    fingerprint: str
    kind: str = ""
    widget: str = ""
    answer: str = ""


Places = dict[Path, Place]


def is_known(message: ForwardMsg) -> bool:
    """Whether this message puts something at its place and does nothing else; a dialog, a toast and what passes by
    are not known here."""
    if message.WhichOneof("type") != "delta":
        return False
    drawn = message.delta.WhichOneof("type")
    if drawn == "add_block":
        return message.delta.add_block.WhichOneof("type") != "dialog"
    return drawn == "new_element" and message.delta.new_element.WhichOneof("type") not in (None, "toast")


def place_of(message: ForwardMsg) -> Place:
    """What a known message puts at its place."""
    if message.delta.WhichOneof("type") == "add_block":
        block = message.delta.add_block
        return Place(message.hash, block.WhichOneof("type") or "container", answer=block.id)
    element = message.delta.new_element
    drawn = str(element.WhichOneof("type"))
    widget = getattr(getattr(element, drawn), "id", "")
    fingerprint = "" if element.has_one_shot_effect else message.hash
    return Place(fingerprint, widget=widget, answer="" if drawn in BUTTONS else widget)


def put(places: Places, path: Path, place: Place) -> None:
    """Let this stand there: what stood within a container of another kind is gone."""
    before = places.get(path)
    if before is not None and before.kind and before.kind != place.kind:
        for within in [each for each in places if each[: len(path)] == path != each]:
            del places[within]
    places[path] = place


def changes(before: Places, now: Places) -> tuple[list[Path], list[Path]] | None:
    """The places to be emptied first, and those to be sent then, so that a browser that shows the one shows the other;
    None where only a whole run does it."""
    swept = {path for path in now if path in before and before[path].kind != now[path].kind}
    emptied = _filled_anew(before, now, swept)
    if emptied is None:
        return None
    swept.update(emptied)
    first = [*emptied, *_gone(before, now, swept)]
    if any(before[path].kind == TAB for path in first if path in before):
        return None
    return first, [path for path in now if _differs(path, before, now) or _within(path, swept)]


def forgets(before: Places, now: Places) -> bool:
    """Whether the browser has an answer to forget: the place in which it was given is gone."""
    return not {each.answer for each in before.values()} <= {"", *(each.answer for each in now.values())}


def _filled_anew(before: Places, now: Places, swept: set[Path]) -> list[Path] | None:
    """The containers that have lost a widget, or all that was in them; None where one with widgets is the page itself,
    or large."""
    poorer = {path[:-1] for path, place in before.items() if place.widget and _is_lost(path, before, now)}
    staying = [
        path for path in sorted(poorer | _emptied(before, now)) if _stays(path, now) and not _within(path, swept)
    ]
    found = [path for path in staying if path in now and _size(path, now) <= MOST_ANEW]
    return found if poorer.intersection(staying) <= set(found) else None


def _gone(before: Places, now: Places, swept: set[Path]) -> list[Path]:
    return [path for path in before if path not in now and _stays(path[:-1], now) and not _within(path, swept)]


def _emptied(before: Places, now: Places) -> set[Path]:
    """What something stood in, and nothing does any more."""
    return {path[:-1] for path in before if path not in now} - {path[:-1] for path in now}


def _size(container: Path, places: Places) -> int:
    return sum(path[: len(container)] == container for path in places)


def _is_lost(path: Path, before: Places, now: Places) -> bool:
    """Whether the widget at this place stands there no more."""
    return path not in now or now[path].widget != before[path].widget


def _differs(path: Path, before: Places, now: Places) -> bool:
    return before.get(path) != now[path] or not now[path].fingerprint


def _stays(container: Path, now: Places) -> bool:
    """Whether this is the page itself, or a container that is still there."""
    return len(container) == 1 or (container in now and bool(now[container].kind))


def _within(path: Path, places: set[Path]) -> bool:
    """Whether this is one of these places, or within one."""
    return any(path[:length] in places for length in range(1, len(path) + 1))
