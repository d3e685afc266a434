"""The table of laboratory values: one row a visit (or nominal day) and group, and the comparison of the groups there."""

from lib.labs.profile import LabComparison, LabSummary
from lib.labs.result import LabResult
from lib.labs.words import notes, numbers, printed, tests, title
from lib.publication.exhibit import Table
from lib.publication.number import p_value, plural


def lab_table(result: LabResult) -> Table:
    """n, median, quartiles and range of each group, with the test between groups in the first row of each place."""
    compares = result.grouping.compares
    comparison = {each.place: each for each in result.comparisons}
    time = "Visit" if result.by_visit else "Day"
    unit = f", {result.series.unit}" if result.series.unit else ""
    header = (time, *(("Group",) if compares else ()), "n", f"Median{unit}", "Quartiles", "Min–max")
    return Table(
        id=f"labs.{result.series.slug}.summary",
        title=f"{title(result)}: median, quartiles and range",
        header=(*header, *(("p",) if compares else ())),
        rows=tuple(_row(each, comparison[each.place], compares) for each in result.summaries),
        caption=_caption(result),
        notes=(*_tests_done(result), *notes(result)),
        n=result.n,
        numbers=numbers(result),
        tests=tests(result),
    )


def _row(each: LabSummary, comparison: LabComparison, compares: bool) -> tuple[str, ...]:
    first = each.slot == 0
    amounts = (printed(each, "median"), _range(each, "q1", "q3"), _range(each, "min", "max"))
    group, p = ((each.group,), (p_value(comparison.test.p) if first else "",)) if compares else ((), ())
    return (each.place.label, *group, str(each.n), *amounts, *p)


def _range(each: LabSummary, low: str, high: str) -> str:
    if not each.n:
        return "–"
    return f"{printed(each, low)} – {printed(each, high)}"


def _caption(result: LabResult) -> str:
    where = "at each visit" if result.by_visit else "near each nominal day"
    said = f"Each patient once {where}; quartiles by linear interpolation (R's type 7)."
    done = "; ".join(dict.fromkeys(each.test.name for each in result.comparisons if each.test.p is not None))
    return said + (f" p: {done or 'no test could be done'}." if result.grouping.compares else "")


def _tests_done(result: LabResult) -> tuple[str, ...]:
    """How many comparisons were looked at."""
    n = sum(each.test.p is not None for each in result.comparisons)
    if not result.grouping.compares or not n:
        return ()
    return (f"{plural(n, 'comparison')} looked at, p not adjusted for their number.",)
