"""What best responses say in words: headline, caption, notes; and their numbers for results.json."""

from collections.abc import Sequence
from typing import Final

from lib.cohort.grouping import Grouping
from lib.cohort.response_scale import CLINICAL_BENEFIT, IMWG, OVERALL
from lib.publication.exhibit import Numbers, TestLine
from lib.publication.number import count, p_equals, percent, plural, signed_percent
from lib.response.best.result import FOLLOWED, MRD, BestResponse
from lib.response.rate import EVALUABLE, INFUSED, Rate, RateRow, reference_place
from lib.stats.estimate import Estimate

ARM_BIAS: Final = "The groups were formed after infusion: this comparison is biased by design."
DEFINITION: Final = "best assessment after infusion{infusion} and before progression ({source}), another therapy or another infusion; {rule} (criteria: {criteria})."
NOT_ASKED: Final = "not confirmed"
NOT_ASKED_IMWG: Final = "not confirmed (IMWG asks for two consecutive assessments: option Confirmed)"
ASKED: Final = (
    "confirmed: the best level that two consecutive assessments both reach, not evaluable ones passed over; SD "
    "and PD need no second one"
)
DENOMINATORS: Final = (
    "Evaluable: assessed after infusion or progressed. Followed to month 3: assessed in its window (day 91 ± 30) or later, or "
    "progressed, died or treated otherwise before day 91. Denominators are shown where they differ."
)
TOTAL: Final = "Total"
CONFIRMED: Final = ", confirmed by two consecutive assessments"
SHORT: Final = {OVERALL: "overall", CLINICAL_BENEFIT: "clinical benefit"}
OF: Final = {INFUSED: "of all infused", EVALUABLE: "of those evaluable"}


def headline(result: BestResponse) -> tuple[str, str]:
    """How many responded, with the exact interval, and how many reached CR in each group; no p-value."""
    if not result.n:
        return "Nobody in this selection has a group.", ""
    overall, complete = result.rate(result.scale.overall).total, result.rate(result.scale.complete_rate)
    said = CONFIRMED if result.confirmed else ""
    sentence = f"{overall.n} of {overall.of} responded{said} ({percent(overall.share.value or 0.0)}, exact 95 % CI {limits(overall)})"
    if result.grouping.compares:
        each = zip(result.grouping.names, complete.groups, strict=True)
        sentence += (
            f"; {result.scale.complete_rate}: "
            + ", ".join(f"{name} {rate.n} of {rate.of}" for name, rate in each if rate.of)
            + "."
        )
    else:
        sentence += f"; {result.scale.complete_rate}: {complete.total.n} of {complete.total.of}."
    return sentence, ARM_BIAS if result.grouping.known_after_infusion else ""


def limits(rate: Rate) -> str:
    """The exact interval in percent: "79.4–100"; "–" of nobody."""
    low, high = rate.share.low, rate.share.high
    if low is None or high is None:
        return "–"
    return f"{percent(low).removesuffix(' %')}–{percent(high).removesuffix(' %')}"


def rate_words(rate: Rate) -> str:
    """ "5/8: 62.5 % (24.5–91.5)"."""
    return f"{rate.n}/{rate.of}: {percent(rate.n / rate.of)} ({limits(rate)})" if rate.of else "0/0"


def difference_headings(grouping: Grouping) -> tuple[str, ...]:
    """The heading of each column of differences, none for one group."""
    if not grouping.compares:
        return ()
    others = (name for name in grouping.names if name != grouping.reference_name)
    return tuple(f"{name} − {grouping.reference_name}, % points (95 % CI)" for name in others)


def difference_cells(row: RateRow, grouping: Grouping) -> tuple[str, ...]:
    """The differences to the reference as they are printed: "−50 (−78.5 to −6.8)"."""
    if not grouping.compares:
        return ()
    return tuple(_printed(each) for each in row.differences(reference_place(grouping)) if each is not None)


def _printed(each: Estimate) -> str:
    if each.value is None or each.low is None or each.high is None:
        return "–"
    return f"{signed_percent(each.value)} ({signed_percent(each.low)} to {signed_percent(each.high)})"


def of_whom(denominator: str) -> str:
    """The denominator after the name of a rate: "of all infused", "of those followed to month 3"."""
    return OF.get(denominator, f"of those {denominator}")


def counted(rate: Rate) -> str:
    """ "5 (62.5 %)"."""
    return count(rate.n, rate.of)


def heading(result: BestResponse, rows: Sequence[RateRow]) -> str:
    """What stands in the figure itself: how many, and the bias of the grouping or the tests; never a p-value beside a bias."""
    of = (
        f"{plural(rows[0].total.of, 'patient')}, {rows[0].denominator}"
        if rows[0].total.of < result.n
        else plural(result.n, "patient")
    )
    if result.grouping.known_after_infusion:
        return f"{of}.\n{ARM_BIAS}"
    tested = [row for row in rows if row.test.p is not None]
    if not result.grouping.compares or not tested:
        return of
    return f"{of}.\n{tested[0].test.name}: " + "; ".join(
        f"{SHORT.get(row.outcome, row.outcome)} {p_equals(row.test.p)}" for row in tested
    )


def definition(result: BestResponse) -> str:
    """What a best response is here."""
    infusion = f" {result.infusion}" if result.infusion > 1 else ""
    not_asked = NOT_ASKED_IMWG if result.scale is IMWG else NOT_ASKED
    rule = ASKED if result.confirmed else not_asked
    return DEFINITION.format(infusion=infusion, source=result.source, rule=rule, criteria=result.scale.source)


def notes(result: BestResponse) -> tuple[str, ...]:
    """Who is left out or cannot be placed, and when groups became known."""
    said = [*_confirmation(result), *grouping_notes(result.grouping, result.n_selected - result.n)]
    of_followed = result.rate(result.scale.overall, FOLLOWED).total.of
    if of_followed < result.n:
        said.append(
            f"{plural(result.n - of_followed, 'patient')} not followed to month 3: a rate without them assumes that they would have fared "
            "like those who were followed."
        )
    if result.n_only_undated:
        said.append(
            f"{plural(result.n_only_undated, 'patient')} with assessments without a day only: the best of these counts, taken to come before "
            "progression; at landmarks they are not assessed."
        )
    elif result.n_undated:
        said.append(f"{plural(result.n_undated, 'assessment')} without a day: not counted.")
    if result.n_pd_before:
        said.append(
            f"{plural(result.n_pd_before, 'patient')} assessed as PD before (or without) the progression that {result.source} gives; "
            "that assessment does not end the best response."
        )
    if any(row.outcome == MRD for row in result.rates):
        said.append(
            "MRD: negative at any counted assessment; not done is not negative. Sensitivity and method are not in the workbook."
        )
    if result.mrd_outside:
        said.append(
            f"{plural(result.mrd_outside, 'patient')} MRD negative without CR: IMWG defines MRD negativity within CR."
        )
    return tuple(said)


def _confirmation(result: BestResponse) -> list[str]:
    """How many responses a second assessment confirms, whichever rule the rates follow."""
    counted = {name: result.other.get(name, 0) for name in (result.scale.overall, result.scale.complete_rate)}
    said = "; ".join(f"{name} {n} of {result.n}" for name, n in counted.items())
    rule = "Without confirmation" if result.confirmed else "Confirmed by two consecutive assessments"
    return [f"{rule}: {said}."] if result.n else []


def grouping_notes(grouping: Grouping, n_ungrouped: int) -> tuple[str, ...]:
    """Whoever has no group, and whether the groups were formed after the infusion."""
    said = []
    if n_ungrouped:
        said.append(f"{plural(n_ungrouped, 'patient')} without {grouping.label}: in no group and no row.")
    if grouping.known_after_infusion:
        said.append(
            f"{ARM_BIAS} {grouping.label} became known by day {grouping.known_at:g}: responses before that day cannot be its effect."
        )
    elif grouping.time_not_stated:
        said.append(
            f"Time of grouping not stated: if {grouping.label} became known after infusion, the comparison is biased."
        )
    return tuple(said)


COLUMNS: Final = (
    ("outcome", ""), ("denominator", ""), ("group", ""), ("n", "patients"), ("of", "patients"), ("share", ""), ("low", ""), ("high", ""),
    ("difference", "share"), ("difference_low", "share"), ("difference_high", "share"), ("p", ""), ("reason", ""),
)  # fmt: skip
NOT_TESTED: Final = "p: one level of a distribution, not tested"


def numbers(result: BestResponse) -> Numbers:
    """One row an outcome, denominator and group, also where denominators are the same; then the levels of best response."""
    rows = [row for each in result.rates for row in number_rows(each, result.grouping)]
    for level in result.levels:
        for found in number_rows(level, result.grouping):
            rows.append((f"Best response {found[0]}", *found[1:8], None, None, None, None, NOT_TESTED))
    return numbers_of(rows)


def numbers_of(rows: Sequence[tuple[object, ...]]) -> Numbers:
    """Rows as `number_rows` gives them, under their columns."""
    return Numbers(COLUMNS, tuple(rows))


def number_rows(row: RateRow, grouping: Grouping) -> list[tuple[object, ...]]:
    """Each group, then the total."""
    total = ((TOTAL, row.total),) if grouping.compares else ()
    apart = (*row.differences(reference_place(grouping)), None) if grouping.compares else (None,)
    return [
        (
            row.outcome,
            row.denominator,
            name,
            rate.n,
            rate.of,
            rate.share.value,
            rate.share.low,
            rate.share.high,
            *((each.value, each.low, each.high) if each else (None, None, None)),
            row.test.p,
            _reason(row, rate, each, grouping.compares),
        )
        for (name, rate), each in zip((*zip(grouping.levels, row.groups, strict=True), *total), apart, strict=True)
    ]


def _reason(row: RateRow, rate: Rate, apart: Estimate | None, compares: bool) -> str | None:
    said = (
        "difference: of a group to the reference" if apart is None and compares else "",
        f"difference: {apart.reason}" if apart and apart.reason else "",
        f"share: {rate.share.reason}" if rate.share.reason else "",
        f"p: {row.test.reason}" if row.test.reason else "",
    )
    return "; ".join(each for each in said if each) or None


def test_lines(rows: tuple[RateRow, ...], grouping: Grouping, before: str = "") -> tuple[TestLine, ...]:
    """The test of every rate."""
    if not grouping.compares:
        return ()
    groups = " v ".join(grouping.names)
    return tuple(
        TestLine(
            row.test.name, f"{before}{row.outcome}, {of_whom(row.denominator)}: {groups}", row.test.statistic, row.test.df, row.test.p, row.test.n,
            row.test.reason,
        )
        for row in rows
    )  # fmt: skip
