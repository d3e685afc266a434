"""The paragraphs of a manuscript's Statistical analysis section, made of the analyses that are in a report: who was
analysed, by which methods.

Nothing is said of an analysis that is not there. Numbers are those of the exhibits; references stand in the order in
which they are mentioned.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from lib import VERSION
from lib.export.methods_sentences import SECTIONS, Sentence
from lib.export.provenance import APP, Provenance, versions
from lib.publication.exhibit import Exhibit, Table, TestLine
from lib.publication.masking import masked_words
from lib.publication.number import plural
from lib.publication.references import numbered

PARTICIPANTS, GENERAL = "participants", "general"  # topics of the first and the last paragraph
FLOW: Final = "baseline.flow"
BEGIN: Final = {
    "infused": "infused patients",
    "apheresis": "patients with an apheresis",
    "workbook": "patients in the workbook",
}
TABLE_ONE: Final = "baseline.table_one"
DOMAINS: Final = {
    "baseline": "baseline characteristics",
    "response": "response",
    "survival": "times to an event",
    "landmark": "times to an event",
    "time_zero": "times to an event",
    "time_dependent": "times to an event",
    "cumulative_incidence": "times to an event",
    "toxicity": "adverse events",
    "labs": "laboratory values",
    "kinetics": "CAR T-cell kinetics",
    "assay": "experiments in vitro",
    "patient": "patients",
}
PACKAGES: Final = {"lifelines": r"log-rank \(Mantel-Cox\).*", "scipy": ".*"}  # which test makes a package worth naming
Row = Mapping[str, object]  # a box of the flow, as results.json has it
MISSING: Final = (
    "Missing values were not imputed: patients without a value were counted, and left out of the percentage or test"
    " that needs it."
)


@dataclass(frozen=True)
class MethodsText:
    """`paragraphs` with numbers in brackets, what each is about (`topics`), and the `references` in their order."""

    paragraphs: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it as plain text."""
        listed = (f"{number}. {words}" for number, words in enumerate(self.references, start=1))
        return "\n\n".join(("Statistical analysis", *self.paragraphs, "References", "\n".join(listed)))


def methods_paragraph(exhibits: Sequence[Exhibit], provenance: Provenance) -> MethodsText:
    """What a Methods section says of these exhibits; nothing where there are none."""
    if not exhibits:
        return MethodsText()
    written = {PARTICIPANTS: _participants(exhibits, provenance)}
    for topic, section in SECTIONS.items():
        sentences = dict.fromkeys(said for sentence in section for said in _said(sentence, exhibits))
        written[topic] = " ".join(sentences)
    written[GENERAL] = _general(exhibits)
    kept = {topic: _masked(paragraph, provenance.mask_below) for topic, paragraph in written.items() if paragraph}
    return MethodsText(*numbered(list(kept.values())), tuple(kept))


def _masked(paragraph: str, below: int) -> str:
    """Without small counts; one that its exhibit does not tell any more is small."""
    return masked_words(paragraph.replace("(n = 0)", f"(n <{below})"), below) if below else paragraph


def shown_tests(exhibit: Exhibit) -> tuple[TestLine, ...]:
    """The tests of an exhibit that gave a p-value; of Table 1 none where p-values are off."""
    if exhibit.id == TABLE_ONE and isinstance(exhibit, Table) and "p" not in exhibit.header:
        return ()
    return tuple(test for test in exhibit.tests if test.p is not None)


def _said(sentence: Sentence, exhibits: Sequence[Exhibit]) -> list[str]:
    """The sentence as these exhibits fill it in; nothing where none of them has what it speaks of."""
    mine = [each for each in exhibits if any(fnmatchcase(each.id, pattern) for pattern in sentence.ids)]
    found = [(each, match.groupdict()) for each in mine for match in _matches(sentence, each)]
    if not found:
        return []
    if sentence.each:
        return _one_by_one(sentence, found)
    names = {name: _different([words[name] for _, words in found]) for name in found[0][1]}
    return [sentence.says.format(of=_domains([each for each, _ in found]), **names)]


def _one_by_one(sentence: Sentence, found: "Sequence[tuple[Exhibit, dict[str, str]]]") -> list[str]:
    """The sentence for each different first name, of the first exhibit that has it."""
    said: dict[str, str] = {}
    for exhibit, names in found:
        said.setdefault(next(iter(names.values())), sentence.says.format(n=exhibit.n, **names))
    return list(said.values())


def _matches(sentence: Sentence, exhibit: Exhibit) -> "list[re.Match[str]]":
    if sentence.test:
        tried = (re.fullmatch(sentence.test, test.name) for test in shown_tests(exhibit))
        return [match for match in tried if match]
    text = " ".join((exhibit.caption, exhibit.method, *exhibit.notes))
    return list(re.finditer(sentence.words, text))


def _different(values: Sequence[str]) -> str:
    """Each once; one whose parts all stand in another is not repeated."""
    unique = list(dict.fromkeys(values))
    parts = {value: set(value.split("; ")) for value in unique}
    return "; ".join(each for each in unique if not any(parts[each] < parts[other] for other in unique))


def _domains(exhibits: Sequence[Exhibit]) -> str:
    return _listed(list(dict.fromkeys(DOMAINS.get(each.id.split(".")[0], each.title) for each in exhibits)))


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _participants(exhibits: Sequence[Exhibit], provenance: Provenance) -> str:
    """Who was analysed, in which groups, and for what: by the participant flow where the report has it."""
    flow = next((each for each in exhibits if each.id == FLOW), None)
    cutoff = f"Data cut-off was {provenance.data_cutoff}." if provenance.data_cutoff else ""
    if flow is None or not flow.numbers.rows:  # none where small cells are masked
        who = (
            f"{provenance.n:,} of {plural(provenance.of, 'patient')} of the analysis set were analysed"
            f" ({provenance.selection})."
        )
        return f"{who} {cutoff}".strip()
    names = [name for name, _ in flow.numbers.columns]
    rows = [dict(zip(names, row, strict=True)) for row in flow.numbers.rows]
    return " ".join(filter(None, (*_flow_sentences(rows), cutoff)))


def _flow_sentences(rows: Sequence[Row]) -> list[str]:
    """Who was analysed, the groups, and how many are evaluable for what."""
    chain = [row for row in rows if row["group"] == "Total" and row["step"] != "group"]
    counts = _evaluable(rows, {row["step"] for row in chain})
    analysed = _analysed([row for row in chain if row["step"] != "no_group"])
    return [analysed, _groups(rows), f"Evaluable were {_listed(counts)}." if counts else ""]


def _groups(rows: Sequence[Row]) -> str:
    """The groups with their numbers, and who is in none; "" where nobody is compared."""
    groups = [f"{row['box']} (n = {row['n']})" for row in rows if row["step"] == "group"]
    ungrouped = "".join(f"; {_left(row)}" for row in rows if row["step"] == "no_group")
    return f"Groups were {_listed(groups)}{ungrouped}." if groups else ""


def _analysed(chain: Sequence[Row]) -> str:
    first, last = chain[0], [row for row in chain if not row["reason"]][-1]
    who, left = BEGIN[str(first["step"])], [_left(row) for row in chain if row["reason"]]
    if not left:
        return f"All {first['n']} {who} were analysed."
    return f"Of {first['n']} {who}, {'; '.join(left)}; {last['n']} were analysed."


def _evaluable(rows: Sequence[Row], before: "set[object]") -> list[str]:
    """ "16 for response": of all groups together."""
    counts: dict[str, int] = {}
    for row in rows:
        if row["step"] not in (*before, "group") and not row["reason"]:
            counts[str(row["box"])] = counts.get(str(row["box"]), 0) + int(str(row["n"]))
    return [f"{n:,} for {_lower(label)}" for label, n in counts.items()]


def _left(row: Row) -> str:
    return f"{row['n']} {'was' if row['n'] == 1 else 'were'} {_lower(str(row['box']))} ({row['reason']})"


def _lower(words: str) -> str:
    """The words within a sentence: an abbreviation keeps its capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _general(exhibits: Sequence[Exhibit]) -> str:
    tests = [test for each in exhibits for test in shown_tests(each)]
    known = versions()
    used = [name for name, pattern in PACKAGES.items() if any(re.fullmatch(pattern, test.name) for test in tests)]
    packages = _listed([f"{name} {known[name]} [{name}]" for name in ("pandas", "numpy", *used)])
    said = [
        (
            "Tests were two-sided, and p-values were not adjusted for the number of comparisons unless stated."
            if tests
            else ""
        ),
        MISSING,
        f"Analyses were done with {APP} {VERSION} in Python {known['python']} ({packages}).",
    ]
    return " ".join(filter(None, said))
