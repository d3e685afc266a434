"""What responses at landmarks say in words, and their numbers for results.json."""

from typing import Final

from lib.publication.exhibit import Numbers, TestLine
from lib.publication.number import plural
from lib.response.best.words import ARM_BIAS, COLUMNS, grouping_notes, number_rows, test_lines
from lib.response.landmark.result import LandmarkResult
from lib.response.rate import EVALUABLE, INFUSED
from lib.response.state import ASSESSED, ENOUGH, FAILED, NE, NOT_ASSESSED, STATE_WORDS

FAILED_SHORT: Final = "Failed"
SHORT: Final = {FAILED: FAILED_SHORT, NE: "NE", NOT_ASSESSED: "n.a."}  # in a figure where there is little room


def state_words(state: str) -> str:
    """A state as a legend writes it."""
    words = STATE_WORDS.get(state, state)
    return words[:1].upper() + words[1:] if state in STATE_WORDS else words


def headline(result: LandmarkResult) -> tuple[str, str]:
    """The depth of response that the criteria look at (IMWG: VGPR or better) at the last landmark by day 100 (else the first), in both denominators where they differ; no p-value."""
    if not result.n:
        return "Nobody in this selection has a group.", ""
    early = [landmark for landmark in result.landmarks if landmark.day <= 100]
    landmark = early[-1] if early else result.landmarks[0]
    infused, evaluable = (result.rate(landmark, result.scale.headline, name) for name in (INFUSED, EVALUABLE))
    parts = []
    for name, every, seen in zip(result.grouping.names, infused.groups, evaluable.groups, strict=True):
        if every.of:
            who = f"{name} " if result.grouping.compares else ""
            differs = f" ({seen.n} of {seen.of} evaluable)" if seen.of != every.of else ""
            parts.append(f"{who}{every.n} of {every.of} infused{differs}")
    sentence = f"{landmark.label}, {result.scale.headline}: {', '.join(parts)}."
    return sentence, ARM_BIAS if result.grouping.known_after_infusion else ""


def caption(result: LandmarkResult) -> str:
    """How a state is told, with the days and windows."""
    infusion = f" after infusion {result.infusion}" if result.infusion > 1 else ""
    windows = "; ".join(landmark.words for landmark in result.landmarks)
    carried = (
        f" Carried forward (the last response of whoever was free of progression, for want of an assessment): {int(result.table['carried'].sum())}."
        if result.carried
        else " Nothing is carried forward."
    )
    return (
        f"Nearest evaluable assessment{infusion} within the window ({windows}); an assessment may serve two landmarks whose windows overlap. "
        f"Progression, another treatment or death before the day ({result.source}) counts as no response.{carried}"
    )


def notes(result: LandmarkResult) -> tuple[str, ...]:
    """Who was not followed so long, and when groups became known."""
    said = list(grouping_notes(result.grouping, result.n_selected - result.n))
    short = [
        f"{landmark.label}: {n}" for number, landmark in enumerate(result.landmarks)
        if (n := int((result.table["short"] & (result.table["landmark"] == number)).sum()))
    ]  # fmt: skip
    if short:
        said.append(f"Of those not assessed, not followed until the window: {', '.join(short)}.")
    thin = []
    for number, landmark in enumerate(result.landmarks):
        rows = result.table[(result.table["landmark"] == number) & (result.table["state"] != FAILED)]
        seen = int((rows["state"].isin(ASSESSED) & ~rows["carried"]).sum())
        if seen < ENOUGH * len(rows):
            thin.append(f"{landmark.label}: {seen} of {len(rows)}")
    if thin:
        said.append(
            f"Few of those who had not failed before were assessed ({', '.join(thin)}): rates there tell more of who was looked at."
        )
    return tuple(said)


def alt_text(result: LandmarkResult, kind: str) -> str:
    """The figure for whoever cannot see it: the states in words."""
    parts = []
    for _, counted in result.counts.groupby(["landmark", "group"], sort=False):
        rows = counted.to_dict("records")
        listed = ", ".join(f"{STATE_WORDS.get(row['state'], row['state'])} {row['n']}" for row in rows)
        who = f", {rows[0]['group']}" if result.grouping.compares else ""
        parts.append(f"{result.landmarks[rows[0]['landmark']].label}{who} ({rows[0]['of']}): {listed}")
    return f"{kind}, {plural(result.n, 'patient')}. {'; '.join(parts)}."


def heading(result: LandmarkResult) -> str:
    """What stands in the figure itself: how many, and the bias of the grouping."""
    of = plural(result.n, "patient")
    return f"{of}.\n{ARM_BIAS}" if result.grouping.known_after_infusion else of


def state_numbers(result: LandmarkResult) -> Numbers:
    """One row a landmark, group and state that occurs."""
    columns = (
        ("landmark", ""),
        ("day", "days"),
        ("window", "days"),
        ("group", ""),
        ("state", ""),
        ("n", "patients"),
        ("carried", "patients"),
        ("of", "patients"),
    )
    level = dict(zip(result.grouping.names, result.grouping.levels, strict=True))
    rows = []
    for row in result.counts.to_dict("records"):
        landmark = result.landmarks[row["landmark"]]
        rows.append(
            (
                landmark.label,
                landmark.day,
                landmark.window,
                level[row["group"]],
                row["state"],
                row["n"],
                row["carried"],
                row["of"],
            )
        )
    return Numbers(columns, tuple(rows))


def rate_numbers(result: LandmarkResult) -> Numbers:
    """One row a landmark, outcome, denominator and group."""
    columns = (("landmark", ""), ("day", "days"), ("window", "days"), *COLUMNS)
    rows = [
        (each.landmark.label, each.landmark.day, each.landmark.window, *found)
        for each in result.rates
        for found in number_rows(each.row, result.grouping)
    ]
    return Numbers(columns, tuple(rows))


def tests(result: LandmarkResult) -> tuple[TestLine, ...]:
    """The test of every rate."""
    return tuple(
        line for each in result.rates for line in test_lines((each.row,), result.grouping, f"{each.landmark.label}, ")
    )
