"""The table of CRS and ICANS: any grade, worst grade by scale, onset, duration, tocilizumab and steroids, by group."""

from collections.abc import Iterator
from typing import Final

from lib.publication.exhibit import Numbers, Table
from lib.publication.number import count, plural, time
from lib.toxicity.crs_icans.result import NO_SCALE, Course, Spread, Syndrome, Syndromes
from lib.toxicity.words import timing

STEROIDS_AND_TOCILIZUMAB: Final = ("Tocilizumab", "Steroids")


def crs_icans_table(result: Syndromes) -> Table:
    """One block an event; differences and tests stand in the table of all adverse events."""
    compares = result.grouping.compares
    header = ("CRS and ICANS", *((f"Total (n = {result.n})",) if compares else ()))
    header += tuple(f"{name} (n = {of})" for name, of in zip(result.grouping.names, result.of, strict=True))
    label = result.period.label
    return Table(
        id="toxicity.crs_icans", title=f"CRS and ICANS{f', {label}' if label else ''}", header=header,
        rows=tuple(row for one in result.found for row in _block(one, compares)),
        caption="Patients, n (%) of all treated, at the worst grade by the scale named; onset and duration: median (range) of the patients with "
        "the event.", notes=_notes(result), n=result.n, numbers=_numbers(result),
    )  # fmt: skip


def _block(one: Syndrome, compares: bool) -> Iterator[tuple[str, ...]]:
    columns = (one.total, *one.groups) if compares else one.groups
    yield (f"{one.term}, any grade", *(count(each.n, each.of) for each in columns))
    for scale, grade in one.grades:
        name = f"grade {grade:g}" if grade else "grade not stated"
        yield (f"{one.term}, {name} ({scale})", *(count(each.grades[scale, grade], each.of) for each in columns))
    yield (f"{one.term}, onset, day", *(_days(each.onset) for each in columns))
    yield (f"{one.term}, duration, days", *(_days(each.duration) for each in columns))
    for name in dict.fromkeys((*STEROIDS_AND_TOCILIZUMAB, *one.treatments)):
        if name in one.treatments:
            yield (f"{one.term}, {name.lower()}", *(count(each.treated[name], each.of) for each in columns))
        elif one.total.n:
            yield (f"{one.term}, {name.lower()}", *("not recorded" for _ in columns))


def _days(spread: Spread) -> str:
    """ "3 (1–7), n = 12"; "–" where no day is known."""
    if spread.median is None:
        return "–"
    return f"{time(spread.median)} ({time(spread.low)}–{time(spread.high)}), n = {spread.n}"


def _notes(result: Syndromes) -> tuple[str, ...]:
    said = []
    for one in result.found:
        if one.mixed:
            named = " and ".join(scale for scale in one.scales if scale != NO_SCALE)
            said.append(
                f"{one.term} was graded by {named}: these grades are not interchangeable. They stand apart, are never added up, and groups "
                "are not compared; select the patients of one scale to compare them."
            )
        elif one.scales:
            said.append(f"{one.term}: {'; '.join(one.scales)}.")
        said += _unknown(one)
    said.append(
        "Onset: first day after infusion. Duration: days with the event, first and last day counted, overlapping rows once. Treatment: named with "
        "the event, or a course in Therapies that began while it lasted."
    )
    return (*said, *filter(None, [timing(result.grouping)]))


def _unknown(one: Syndrome) -> Iterator[str]:
    if one.total.onset.missing:
        yield f"{one.term}: onset not stated in {plural(one.total.onset.missing, 'patient')}."
    if one.total.duration.missing:
        yield f"{one.term}: duration not known in {plural(one.total.duration.missing, 'patient')} (first or last day not stated)."


def _numbers(result: Syndromes) -> Numbers:
    """One row an event, group and characteristic."""
    columns = (("term", ""), ("group", ""), ("characteristic", ""), ("scale", ""), ("n", "patients"), ("of", "patients"), ("median", "days"),
               ("minimum", "days"), ("maximum", "days"), ("reason", ""))  # fmt: skip
    rows = []
    for one in result.found:
        for level, each in zip(("Total", *result.grouping.levels), (one.total, *one.groups), strict=True):
            rows += [(one.term, level, *row) for row in _characteristics(each)]
    return Numbers(columns, tuple(rows))


def _characteristics(each: Course) -> Iterator[tuple[object, ...]]:
    nothing = (None, None, None)
    yield ("any grade", "", each.n, each.of, *nothing, "a count has no days")
    for (scale, grade), n in each.grades.items():
        name = f"grade {grade:g}" if grade else "grade not stated"
        yield (name, scale, n, each.of, *nothing, "a count has no days")
    for name, spread in (("onset", each.onset), ("duration", each.duration)):
        reason = None if spread.median is not None else "no day is known"
        yield (name, "", spread.n, each.n, spread.median, spread.low, spread.high, reason)
    for name, n in each.treated.items():
        yield (name.lower(), "", n, each.of, *nothing, "a count has no days")
