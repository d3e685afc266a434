"""The ledger of looking: every comparison that was looked at in a session, with its p, so that the number of looks can
be reported.

A look is one comparison of groups (or association with expansion) of one endpoint, in one grouping and selection, by
the test that is shown by default. The same comparison by another test, on another scale, adjusted, from a landmark of
another day or with another option is a sensitivity analysis of it and not another look: it answers the same question,
and counting it would punish whoever checks an analysis. Not counted: figures without a test, assays (wells, not
patients), and rows of a table in which nothing could be tested.
Source: Holm 1979; Benjamini & Hochberg 1995; why looks are counted: Wang et al., N Engl J Med 2007 (reporting of
subgroup analyses).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, Final

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.cohort.view import first_view
from lib.publication.exhibit import Exhibit, Table, TestLine, TypedColumn, typed_table
from lib.publication.number import p_value, plural
from lib.stats.compared import benjamini_hochberg, holm

Lines = Sequence[TestLine]
EVERYBODY: Final = "all patients"
V: Final = " v "
INFUSED: Final = ", of all infused"  # of the denominators of a response the one that is not a sensitivity analysis
THRESHOLDS: Final = (", any grade", ", grade >= 3")  # of adverse events
SAME_FAMILY: Final = (
    "summary",
    "panels",
    "forest",
    "rates",
    "best",
    "table",
    "by_class",
    "differences",
    "volcano",
    "profile",
    "comparison",
)
SUBGROUPS: Final = (
    "survival.*.forest",
    "survival.*.panels",
    "toxicity.differences",
    "toxicity.volcano",
    "kinetics.expansion.*",
)
SAYS_IT_BY_ROW: Final = ("baseline.*", "response.*", "toxicity.[!o]*", "labs.grades", "kinetics.expansion.*")
ASSOCIATION: Final = "kinetics.expansion."


@dataclass(frozen=True)
class Look:
    """One comparison: in which exhibits (`family`), of which outcome and which row (`what`) of it, of which groups; who
    was looked at; the test, or why there is no p."""

    family: str
    outcome: str
    what: str
    grouping: str
    comparison: str
    selection: str
    test: str
    n: int
    p: float | None
    reason: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same look again: all but words and result."""
        groups = V.join(sorted(self.comparison.split(V)))
        return self.family, self.what, self.grouping, groups, self.selection

    @property
    def words(self) -> str:
        """ "Overall survival: Sex F"."""
        return ": ".join(part for part in (self.outcome, self.what) if part).replace(">= ", "≥")


@dataclass(frozen=True)
class Ledger:
    """Looks in the order in which they were first taken."""

    looks: tuple[Look, ...] = ()

    def __len__(self) -> int:
        return len(self.looks)

    @cached_property
    def _by_key(self) -> dict[tuple[str, ...], Look]:
        return {look.key: look for look in self.looks}

    def with_looks(self, looks: Iterable[Look]) -> "Ledger":
        """The ledger with these; one that it has already keeps its place and its first result."""
        new = {look.key: look for look in looks if look.key not in self._by_key}
        return Ledger((*self.looks, *new.values())) if new else self

    def to_json(self) -> list[dict[str, Any]]:
        """One object a look, for a session file."""
        return [asdict(look) for look in self.looks]

    @staticmethod
    def from_json(objects: Sequence[Mapping[str, Any]]) -> "Ledger":
        """The ledger written so. Raises ValueError for what is no look."""
        return Ledger().with_looks(map(_look, objects))

    def table(self, mask_below: int = 0) -> Table:
        """Every look in a row, p adjusted for the number of those that have one; of how few patients below the limit it
        was is not said."""
        p_values = [look.p for look in self.looks]
        looks = [replace(look, n=0) if look.n < mask_below else look for look in self.looks]
        rows = list(zip(looks, holm(p_values), benjamini_hochberg(p_values), strict=True))
        return typed_table(
            COLUMNS,
            rows,
            id="ledger",
            title="Comparisons looked at",
            caption=_caption(self.looks),
            method=METHOD,
            notes=_notes(self.looks),
            of_patients=False,
        )


COLUMNS: Final = (
    TypedColumn(name="exhibits", value=lambda row: row[0].family),
    TypedColumn("Outcome", "outcome", value=lambda row: row[0].words, printed=lambda row: row[0].words),
    TypedColumn("Compared", "compared", value=lambda row: row[0].comparison, printed=lambda row: _compared(row[0])),
    TypedColumn(name="grouping", value=lambda row: row[0].grouping),
    TypedColumn("Patients", "selection", value=lambda row: row[0].selection, printed=lambda row: row[0].selection),
    TypedColumn("Test", "test", value=lambda row: row[0].test, printed=lambda row: row[0].test),
    TypedColumn("n", "n", "patients", lambda row: row[0].n or None, lambda row: str(row[0].n or "–")),
    TypedColumn("p", "p", "", lambda row: row[0].p, lambda row: p_value(row[0].p)),
    TypedColumn("p (Holm)", "p_holm", "", lambda row: row[1], lambda row: p_value(row[1])),
    TypedColumn("p (Benjamini-Hochberg)", "p_benjamini_hochberg", "", lambda row: row[2], lambda row: p_value(row[2])),
    TypedColumn(name="reason", value=lambda row: row[0].reason or None),
)
METHOD: Final = (
    "Counted is each comparison of groups, and each association with expansion, that was shown in this session: once"
    " for each outcome, grouping and selection of patients, by the test shown by default. Other tests, scales,"
    " adjustment and options of the same comparison are sensitivity analyses and are not counted again; nor are figures"
    " without a test, and assays. Of response only the rates of all infused count, of adverse events any grade and"
    " grade ≥3. p is that of the first look, unadjusted; adjusted p-values of Holm (family-wise error) and of Benjamini"
    " and Hochberg (false discovery rate) hold for all looks of this table."
)


def looks_of(exhibit: Exhibit, analysis: Analysis) -> tuple[Look, ...]:
    """The comparisons that this exhibit shows; none where nothing is compared."""
    take = next((take for pattern, take in COUNTED if fnmatchcase(exhibit.id, pattern)), None)
    if take is None or not exhibit.tests:
        return ()
    of = analysis.grouping
    if exhibit.id.startswith(ASSOCIATION):
        return tuple(_made(exhibit, line, "", "", line.comparison, analysis) for line in exhibit.tests)
    return tuple(
        _made(exhibit, line, _grouped(of), _levels(compared, of), what, analysis)
        for what, compared, line in take(exhibit, of)
    )


def exploratory(exhibit: Exhibit, analysis: Analysis) -> bool:
    """Whether it shows subgroups, some of the patients, or other groups than the workbook names."""
    usual: Grouping = analysis.result(_usual_grouping)
    changed = sorted(each.members for each in usual.groups) != sorted(each.members for each in analysis.grouping.groups)
    regrouped = analysis.grouping.variable != usual.variable or changed
    subgroups = any(fnmatchcase(exhibit.id, pattern) for pattern in SUBGROUPS)
    return subgroups or regrouped or analysis.selected.selection != EVERYBODY


def sentence(looks: Sequence[Look], ledger: Ledger) -> str:
    """ "1 of 14 comparisons looked at so far in this session." """
    return f"{len(looks)} of {plural(len(ledger), 'comparison')} looked at so far in this session."


def noted(exhibit: Exhibit, analysis: Analysis, ledger: Ledger) -> Exhibit:
    """The exhibit; one that explores says how many comparisons were looked at."""
    looks = looks_of(exhibit, analysis)
    note = (sentence(looks, ledger),) if looks and exploratory(exhibit, analysis) else ()
    return replace(exhibit, notes=(*exhibit.notes, *note))


def _usual_grouping(analysis: Analysis) -> Grouping:
    return first_view(analysis.opened).grouping


def _made(exhibit: Exhibit, line: TestLine, grouping: str, comparison: str, what: str, analysis: Analysis) -> Look:
    family = ".".join(part for part in exhibit.id.split(".") if part not in SAME_FAMILY)
    outcome, selection = _outcome(exhibit, analysis), analysis.selected.selection
    return Look(family, outcome, what, grouping, comparison, selection, line.name, line.n, line.p, line.reason)


def _outcome(exhibit: Exhibit, analysis: Analysis) -> str:
    """What the exhibit is about: its title without the grouping and what kind of exhibit it is."""
    if any(fnmatchcase(exhibit.id, pattern) for pattern in SAYS_IT_BY_ROW):
        return ""
    if exhibit.id.startswith(("kinetics.summary", "kinetics.comparison")):
        return exhibit.title.partition(": ")[2]  # the series
    return exhibit.title.split(f" by {analysis.grouping.label}")[0].partition(": ")[0]


def _grouped(grouping: Grouping) -> str:
    """The grouping by the levels of the workbook: another name or order of the groups is no other grouping."""
    return f"{grouping.label}: {V.join(sorted('+'.join(sorted(group.members)) for group in grouping.groups))}"


def _levels(comparison: str, grouping: Grouping) -> str:
    """The compared groups by what they stand for in the workbook."""
    level = {group.name: "+".join(group.members) for group in grouping.groups}
    return V.join(level.get(name, name) for name in comparison.split(V))


def _compared(look: Look) -> str:
    return look.comparison or "association"


Found = Iterable[tuple[str, str, TestLine]]  # what, which groups, the test
Take = Callable[[Exhibit, Grouping], Found]


def _whole(exhibit: Exhibit, grouping: Grouping) -> Found:
    """All groups together: the first test."""
    return [("", V.join(grouping.names), exhibit.tests[0])]


def _each(exhibit: Exhibit, _: Grouping) -> Found:
    """The first test of each row: comparisons are written as "what: groups"."""
    first: dict[str, TestLine] = {}
    for line in exhibit.tests:
        first.setdefault(line.comparison, line)
    parted = ((*comparison.rpartition(": ")[::2], line) for comparison, line in first.items())
    return [(what, compared, line) for what, compared, line in parted if line.p is not None]


def _those(said: tuple[str, ...]) -> Take:
    """Of each row, where it speaks of one of these."""
    return lambda exhibit, grouping: [each for each in _each(exhibit, grouping) if each[0].endswith(said)]


def _baseline(exhibit: Exhibit, grouping: Grouping) -> Found:
    """Where p-values are shown, the test of each variable."""
    shown = isinstance(exhibit, Table) and "p" in exhibit.header
    return [each for each in _each(exhibit, grouping) if shown and not each[0].endswith(" against the rest")]


def _panels(exhibit: Exhibit, grouping: Grouping) -> Found:
    """Of each panel the first test."""
    first: dict[str, TestLine] = {}
    for line in exhibit.tests:
        first.setdefault(line.comparison.rpartition(": ")[0], line)
    return [(panel, V.join(grouping.names), line) for panel, line in first.items()]


def _forest(exhibit: Exhibit, _: Grouping) -> Found:
    """The ratio of all, and of each subgroup; tests of interaction speak of the same subgroups and are not counted
    again."""
    pair = exhibit.tests[0].comparison
    lines = [(line.comparison.removeprefix(pair), line) for line in exhibit.tests]
    subgroups = [
        (rest.removeprefix(", "), pair, line) for rest, line in lines if rest.startswith(", ") and line.p is not None
    ]
    return [("", pair, exhibit.tests[0]), *subgroups]


COUNTED: Final[tuple[tuple[str, Take], ...]] = (  # the first pattern that fits
    ("baseline.table_one", _baseline),
    ("response.rates", _those((INFUSED,))),
    ("response.best", _those((INFUSED,))),
    ("response.landmark.table", _those((INFUSED,))),
    ("survival.*.forest", _forest),
    ("survival.*.panels", _panels),
    ("survival.*.summary", _whole),
    ("survival.*.*", lambda *_: ()),
    ("survival.*", _whole),
    ("landmark.*", _whole),
    ("cumulative_incidence.*.models", lambda *_: ()),
    ("cumulative_incidence.*", _each),
    ("toxicity.onset.*", _whole),
    ("toxicity.sensitivity", lambda *_: ()),
    ("toxicity.*", _those(THRESHOLDS)),
    ("labs.*.recovery*", _whole),
    ("labs.grades", _each),
    ("labs.*.summary", _each),
    ("kinetics.sensitivity*", lambda *_: ()),
    ("kinetics.persistence*", _whole),
    ("kinetics.*", _each),
)


def _caption(looks: Sequence[Look]) -> str:
    tested = sum(look.p is not None for look in looks)
    return f"{plural(len(looks), 'comparison')} in the order of looking, {tested} with a p-value."


def _notes(looks: Sequence[Look]) -> tuple[str, ...]:
    untested = [f"{look.words} ({_compared(look)}): {look.reason}" for look in looks if look.p is None]
    small = sum(look.p is not None and look.p < 0.05 for look in looks)
    tested = len(looks) - len(untested)
    said = (
        f"{small} of {plural(tested, 'p-value')} below 0.05; {0.05 * tested:.1f} or fewer expected if no groups"
        " differed."
    )
    return (*([said] if tested else []), *([f"Not tested: {'; '.join(untested)}."] if untested else []))


def _look(found: Mapping[str, Any]) -> Look:
    kinds = {each.name: str for each in fields(Look)} | {"n": int, "p": float | int | None}
    known = isinstance(found, Mapping) and set(found) == set(kinds)
    if not known or not all(isinstance(found[name], kind) for name, kind in kinds.items()) or not _is_result(**found):
        raise ValueError("no look of the ledger")
    return Look(**{**found, "p": None if found["p"] is None else float(found["p"])})


def _is_result(n: int, p: float | None, **_: str) -> bool:
    return not isinstance(n, bool) and n >= 0 and (p is None or (not isinstance(p, bool) and 0 <= p <= 1))
