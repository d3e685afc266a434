"""Where everything of a swimmer plot stands, in pixels: the lanes, and the marks within them so that none hides
another.

Up to MOST_LANES lanes have the patients' ids beside them. More are drawn compactly: thin, without ids and on one
screen.

What is said about a swimmer plot: headline, caption, method, notes on what cannot be seen, and the text
alternative."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

import pandas as pd

from lib.cohort.grouping import FORMED_LATE
from lib.publication.fitting import thinned_words
from lib.publication.number import plural
from lib.publication.text_width import SCREEN
from lib.swimmer.lanes import Lanes
from lib.swimmer.options import (
    BAR_KINDS,
    BEST_RESPONSE,
    DEATH,
    ENDS,
    LAST_CONTACT,
    ONGOING,
    PROGRESSION,
    RESPONSE,
    SEVERE_CRS,
    THERAPY,
    colour_label,
)

MOST_LANES: Final = 80  # with ids; more are drawn compactly
COMPACT_HEIGHT: Final = 540  # pixels of all lanes together in the compact form
MOST_DRAWN: Final = 270  # lanes of two pixels each; of more some are drawn
MOST_PARTS: Final = 1500  # segments and marks of these
THICKEST_COMPACT: Final = 6.0
HEADER: Final = 19.0  # pixels, at least
STEP: Final = 5  # pixels of a row of the table that makes the height
BAR: Final = 0.78  # of a lane
NARROWEST: Final = 620  # pixels of the figure in a narrow window
ENDED: Final = (
    (DEATH, "died"),
    (ONGOING, "alive at the data cut-off"),
    (LAST_CONTACT, "censored alive before the data cut-off"),
)


@dataclass(frozen=True)
class Density:
    """Of so many lanes: pixels from one to the next, area of a mark, size of the words beside a lane; whether
    compact."""

    pitch: float
    symbol: float
    font: int
    compact: bool = False

    @property
    def levels(self) -> tuple[float, ...]:
        """How far above and below its middle a lane has room for marks."""
        room = int(self.pitch // (self.reach * 2))
        return (0.0, -self.pitch / 3, self.pitch / 3) if room > 2 else (-self.pitch / 4, self.pitch / 4)

    @property
    def reach(self) -> float:
        """From the middle of a mark to its edge."""
        return float(self.symbol**0.5 / 2)


FULL: Final = {
    12: Density(26, 60, 11),
    24: Density(22, 50, 11),
    48: Density(16, 36, 10),
    MOST_LANES: Density(12, 26, 9),
}


def density(lanes: int, headers: int) -> Density:
    """How close lanes stand."""
    for most, found in FULL.items():
        if lanes <= most:
            return found
    pitch = min(THICKEST_COMPACT, (COMPACT_HEIGHT - headers * HEADER) / lanes)
    return Density(pitch, min(max(1.2 * pitch**2, 7.0), 26.0), 9, compact=True)


def row_tops(n_rows: int, headers: Sequence[int], pitch: float) -> list[float]:
    """The upper edge of every row, and the lower one of the last."""
    tops, heads = [0.0], set(headers)
    for row in range(n_rows):
        tops.append(tops[-1] + (max(HEADER, pitch) if row in heads else pitch))
    return tops


def in_lanes(rows: pd.Series, tops: Sequence[float], close: Density) -> dict[str, list[float]]:
    """Upper edge, lower edge and middle of the bar of each of these rows; compact lanes touch each other."""
    part = 1.0 if close.compact else BAR
    middle = [(tops[row] + tops[row + 1]) / 2 for row in rows.astype(int)]
    half = [(tops[row + 1] - tops[row]) * part / 2 for row in rows.astype(int)]
    pairs = list(zip(middle, half, strict=True))
    return {"top": [at - by for at, by in pairs], "bottom": [at + by for at, by in pairs], "middle_y": middle}


def apart(marks: pd.DataFrame, scale: float, close: Density) -> pd.DataFrame:
    """For each row of marks (patient, kind, time) how many pixels it stands right of its time and below the middle of
    its lane.

    `scale` is pixels of a unit of time. Progression and the end of a lane have the first choice of a place.
    """
    places: dict[object, tuple[float, float]] = {}
    for _, mine in marks.groupby("patient", sort=False):
        at = [time * scale for time in mine["time"]]
        ordered = sorted(
            zip(mine.index, at, mine["kind"], strict=True), key=lambda each: (each[2] not in ENDS, each[1])
        )
        taken: list[tuple[float, float]] = []
        for index, x, _ in ordered:
            alone = sum(abs(x - other) < 2 * close.reach for other in at) == 1
            right, down = _place(x, (0.0,) if alone else close.levels, taken, close.reach)
            taken.append((x + right, down))
            places[index] = (right, down)
    return pd.DataFrame(
        [places[index] for index in marks.index], index=marks.index, columns=["right", "down"], dtype=float
    )


def _place(
    x: float, levels: Sequence[float], taken: Sequence[tuple[float, float]], reach: float
) -> tuple[float, float]:
    """The nearest place that is free: on a level at its time, else as few pixels to the right of it as possible."""
    tried = ((float(right), down) for right in count() for down in levels)
    return next(
        place
        for place in tried
        if all(abs(x + place[0] - left) >= 2 * reach or abs(place[1] - down) >= 1.9 * reach for left, down in taken)
    )


def plot_width(width: int, gutter: float) -> float:
    """Pixels that are left for the lanes, in a narrow window where the figure is on the screen."""
    return max(80.0, (NARROWEST if width == SCREEN else width) - 22 - gutter)


def headline(result: Lanes) -> tuple[str, str]:
    """Who progressed and who died, as far as that is recorded; and a warning where groups were formed after the
    infusion."""
    return _outcomes(result), FORMED_LATE if result.grouping.known_after_infusion and result.options.grouped else ""


def _outcomes(result: Lanes) -> str:
    n, survival = len(result.lanes), len(result.lanes) - result.gaps.without_survival
    if not n:
        return "Nobody was followed."
    progressed = result.marks.loc[result.marks["kind"] == PROGRESSION, "patient"].nunique()
    died = int((result.lanes["status"] == DEATH).sum())
    or_died = " or died" if result.gaps.unclear else ""
    said = [f"{progressed} of {n} progressed{or_died}"] if result.tells_progression else []
    if survival:
        of = f" of {survival}" if not said else "" if survival == n else f" of {survival} with survival recorded"
        said.append(f"{died}{of} died")
    if not said:
        return f"{plural(n, 'patient')} followed; neither progression nor vital status is in this file."
    return ", ".join(said) + ("." if survival else "; vital status is not in this file.")


def _ends(result: Lanes) -> str:
    """How the lanes end, where survival is recorded."""
    status = result.lanes["status"].value_counts()
    if result.gaps.without_survival:
        return ""
    parts = [f"{status.get(kind, 0)} {words}" for kind, words in ENDED if status.get(kind, 0)]
    return f"Of {plural(len(result.lanes), 'patient')}: {', '.join(parts)}." if parts else ""


def caption(result: Lanes, blank: bool, n_drawn: int) -> str:
    """What a lane and its colour mean, and how many of the lanes are drawn."""
    parts = [
        thinned_words(n_drawn, len(result.lanes), "lanes drawn, evenly spread in this order"),
        "One lane a patient, from infusion to death or last contact.",
        _colours(result),
        "No square at the left: not stated." if blank else "",
    ]
    return " ".join(filter(None, parts))


def _colours(result: Lanes) -> str:
    colour, carried = result.options.colour, result.options.carried
    if colour == RESPONSE:
        return f"Colour: response at each assessment{', paler where extended to last contact' if carried else ''}."
    what = "therapy" if colour == THERAPY else colour_label(colour)
    return f"Colour: {what}{', paler where its end is not stated' if carried else ''}."


def method(result: Lanes, compact: bool) -> str:
    """How lanes, colours and marks are made."""
    marked = result.options.marks or ()
    parts = [
        _ends(result),
        _rule(result),
        _bars(result) if not compact else "",
        "Arrow: alive and followed to the data cut-off." if not result.gaps.without_survival else "",
        "CRS grade 3 or higher: its first onset." if SEVERE_CRS in marked else "",
        (
            "Star: best response until progression, where it came after the first."
            if BEST_RESPONSE in marked and not compact
            else ""
        ),
        "Marks close together stand above one another or slightly to the right of their day." if not compact else "",
        _compact(result) if compact else "",
    ]
    return " ".join(filter(None, parts))


def _compact(result: Lanes) -> str:
    by_colour = (
        "first and best response and progression are told by colour, " if result.options.colour == RESPONSE else ""
    )
    return (
        f"More than 80 lanes: {by_colour}therapies, texts and ids at the left are not drawn; every value is in the data"
        " of the figure."
    )


def _rule(result: Lanes) -> str:
    """From when to when a colour is drawn."""
    if result.options.colour == RESPONSE:
        beyond = "beyond that only extended" if result.options.carried else "blank beyond that"
        return (
            "A response lasts to the next assessment, the last one until progression-free follow-up ended, "
            f"{beyond}; grey from progression on."
        )
    return "From first to last day; of two at once the one that began later."


def _bars(result: Lanes) -> str:
    drawn = set(result.therapies["kind"])
    words = {"maintenance": "maintenance (solid)", "bridging": "bridging (dashed)"}
    lines = [words[kind] for kind in BAR_KINDS if kind in drawn]
    return f"Line under a lane: {', '.join(lines)}." if lines else ""


def notes(result: Lanes) -> tuple[str, ...]:
    """What is left out or assumed, with its number."""
    gaps = result.gaps
    said = [
        (gaps.before, "assessment", "before the infusion not drawn"),
        (gaps.earlier, "therapy", "long before the infusion (prior lines, transplants) not drawn"),
        (gaps.after, "state or course", "beginning after the end of follow-up not drawn"),
        (gaps.outside, "event", "after the end of follow-up, circled"),
        (gaps.far, "event", "too far after the end of follow-up to be drawn"),
        (gaps.undated, "row", "without a day not drawn"),
        (gaps.backwards, "state or course", "with an end before its beginning not drawn"),
        (gaps.overlapping, "state", "hidden, in part or whole, by one that began later or stands lower in the sheet"),
        (gaps.without_survival, "lane", "without overall survival: drawn to the end of the longest other endpoint"),
        (gaps.unclear, "event", "of progression-free survival without overall survival: progression or death"),
        (
            gaps.open_ended,
            "course",
            (
                "of maintenance or bridging without a stated end: drawn to the end of follow-up "
                "(bridging: to the infusion)"
            ),
        ),
    ]
    left = [f"{n} of {result.n} not drawn: {reason}." for reason, n in result.left_out]
    return (*left, *(f"{_counted(n, word)} {words}." for n, word, words in said if n))


def _counted(n: int, word: str) -> str:
    many = {"therapy": "therapies", "state or course": "states or courses"}
    return f"{n} {many[word]}" if word in many and n > 1 else plural(n, word)


def alt_text(result: Lanes) -> str:
    """The figure in words."""
    longest = result.lanes["end"].max() if len(result.lanes) else 0
    said = " ".join(filter(None, (_outcomes(result), _ends(result))))
    return (
        f"Swimmer plot: one horizontal lane a patient over {result.unit} since infusion, the longest {longest:.1f}."
        f" {said}"
    )
