"""The STROBE list of a cohort study (22 items), filled in from a report: where each item is found, or that the authors
have to write it.

Items in own short words. Source: von Elm et al. 2007 (`lib/publication/references.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import groupby
from typing import Final

from lib.export.document import Block, numbered
from lib.export.methods_text import GENERAL, PARTICIPANTS, MethodsText
from lib.publication.exhibit import Exhibit, Numbers, Table
from lib.publication.references import REFERENCES

BY_AUTHORS: Final = "to be written by the authors"
STATISTICAL: Final = "Statistical analysis, paragraph"


@dataclass(frozen=True)
class StrobeItem:
    """`ids` are the patterns of exhibits that fill it in, `topics` those of paragraphs; `rest` what is still for the
    authors."""

    number: str
    name: str
    asks: str
    ids: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    rest: str = ""


ITEMS: Final = (
    StrobeItem("1", "Title and abstract", "the design by name; what was done and found"),
    StrobeItem("2", "Background", "why the question is asked"),
    StrobeItem("3", "Objectives", "the questions, and what was expected beforehand"),
    StrobeItem("4", "Study design", "the main features of the design"),
    StrobeItem("5", "Setting", "places, and dates of recruitment, infusion and follow-up"),
    StrobeItem(
        "6",
        "Participants",
        "who was eligible, how they were found and followed",
        ("baseline.flow",),
        (),
        "eligibility and follow-up",
    ),
    StrobeItem(
        "7",
        "Variables",
        "definitions of outcomes, groups and confounders",
        (),
        ("response", "times", "competing events", "safety"),
        "confounders",
    ),
    StrobeItem(
        "8",
        "Data sources",
        "where each variable comes from, and how it was measured",
        (),
        ("safety", "labs", "kinetics"),
        "sources and assays",
    ),
    StrobeItem("9", "Bias", "what was done against bias", (), ("late groups",), "other sources of bias"),
    StrobeItem(
        "10",
        "Study size",
        "how the number of patients came about",
        ("baseline.flow",),
        (PARTICIPANTS,),
        "why this size",
    ),
    StrobeItem(
        "11",
        "Quantitative variables",
        "how numbers were handled and grouped",
        (),
        ("baseline", "comparisons"),
        "why these cut-points",
    ),
    StrobeItem(
        "12a",
        "Statistical methods",
        "all methods, and control of confounding",
        (),
        ("response", "times", "late groups", "competing events", "comparisons"),
    ),
    StrobeItem("12b", "Subgroups", "how subgroups and interactions were examined", ("survival.*.forest",)),
    StrobeItem("12c", "Missing data", "how missing values were handled", (), (GENERAL,)),
    StrobeItem("12d", "Loss to follow-up", "how it was handled", (), ("times",)),
    StrobeItem("12e", "Sensitivity analyses", "which were done", ("*.sensitivity*",)),
    StrobeItem(
        "13",
        "Participants",
        "how many at each stage, and why others are not; a flow diagram",
        ("baseline.flow",),
        (PARTICIPANTS,),
    ),
    StrobeItem(
        "14",
        "Descriptive data",
        "characteristics, missing values, length of follow-up",
        ("baseline.table_one", "survival.*.summary"),
    ),
    StrobeItem(
        "15",
        "Outcome data",
        "numbers of events, or summaries over time",
        (
            "response.best",
            "response.rates",
            "survival.*.summary",
            "survival.os",
            "survival.pfs",
            "survival.ttp",
            "toxicity.table",
        ),
    ),
    StrobeItem(
        "16",
        "Main results",
        "estimates with intervals, unadjusted and adjusted; cut-points; absolute risks",
        ("survival.*.models", "survival.*.adjusted", "survival.*.milestones", "response.rates", "toxicity.differences"),
    ),
    StrobeItem(
        "17",
        "Other analyses",
        "subgroups, interactions, sensitivity analyses",
        (
            "survival.*.forest",
            "*.sensitivity*",
            "landmark.*",
            "time_dependent.*",
            "time_zero.*",
            "cumulative_incidence.*.models",
        ),
    ),
    StrobeItem("18", "Key results", "the findings, by the objectives"),
    StrobeItem("19", "Limitations", "bias and imprecision, their direction and size"),
    StrobeItem("20", "Interpretation", "a cautious reading in view of other evidence"),
    StrobeItem("21", "Generalisability", "to whom the findings apply"),
    StrobeItem("22", "Funding", "who paid, and what part they had"),
)


def strobe_table(exhibits: Sequence[Exhibit], methods: MethodsText) -> Table:
    """One row an item; exhibits are numbered in their order, as the documents of a report number them."""
    labels = {block.label: block.exhibit.id for block in numbered([Block(each) for each in exhibits])}
    rows = tuple((item.number, item.name, item.asks, _where(item, labels, methods)) for item in ITEMS)
    return Table(
        id="report.strobe",
        title="STROBE list for cohort studies",
        header=("Item", "Topic", "What it asks for", "Where it is"),
        rows=rows,
        caption="Where the items of STROBE are found in this report.",
        method=f"Items in short words; source: {REFERENCES['strobe']}",
        numbers=Numbers((("item", ""), ("topic", ""), ("asks", ""), ("where", "")), rows),
        of_patients=False,
        whole=True,
    )


def _where(item: StrobeItem, labels: dict[str, str], methods: MethodsText) -> str:
    """ "Figure 1, Tables 2-4; Statistical analysis, paragraph 2; sources: to be written by the authors"."""
    found = [label.split() for label, name in labels.items() if any(fnmatchcase(name, each) for each in item.ids)]
    shown = [_together(kind, [int(number) for name, number in found if name == kind]) for kind in ("Figure", "Table")]
    reported = _together(STATISTICAL, [place for place, topic in enumerate(methods.topics, 1) if topic in item.topics])
    said = list(filter(None, (", ".join(filter(None, shown)), reported)))
    if not said:
        return BY_AUTHORS
    return "; ".join([*said, *([f"{item.rest}: {BY_AUTHORS}"] if item.rest else [])])


def _together(kind: str, numbers: Sequence[int]) -> str:
    """ "Figure 1", "Figures 1-3, 5"; "" of none."""
    if not numbers:
        return ""
    runs = [[n for _, n in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    ranges = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
    return f"{kind}{'s' if len(numbers) > 1 else ''} {ranges}"
