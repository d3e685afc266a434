"""The shift table: one row a group and grade at baseline, one column a worst grade after the infusion."""

from lib.labs.shift.result import NOT_KNOWN, Shift
from lib.publication.exhibit import Numbers, Table


def shift_table(shift: Shift, slug: str) -> Table:
    """Counts of patients; rows and columns of grades that occur nowhere stand as 0, so that the table is the same for every group."""
    compares = shift.result.grouping.compares
    starts = _starts(shift)
    columns = (*shift.levels, *((NOT_KNOWN,) if any(worst == NOT_KNOWN for _, _, worst in shift.counts) else ()))
    rows = tuple(
        (*((group,) if compares else ()), _named(start), *(str(shift.counts[group, start, worst] or "·") for worst in columns), str(total))
        for group in shift.result.grouping.names
        for start in starts
        for total in [sum(shift.counts[group, start, worst] for worst in columns)]
    )  # fmt: skip
    return Table(
        id=f"labs.{slug}.shift", title=f"{shift.term}: grade at baseline to worst grade, {shift.result.version}",
        header=(*(("Group",) if compares else ()), "At baseline", *(_worst(word) for word in columns), "n"), rows=rows,
        caption=_caption(shift), notes=_notes(shift), n=shift.n, numbers=_numbers(shift, starts, columns),
    )  # fmt: skip


def _starts(shift: Shift) -> tuple[str, ...]:
    seen = {start for _, start, _ in shift.counts}
    return tuple(word for word in (*shift.levels, NOT_KNOWN) if word in seen)


def _named(word: str) -> str:
    return "no value" if word == NOT_KNOWN else f"Grade {word}"


def _worst(word: str) -> str:
    return "No value after" if word == NOT_KNOWN else f"Worst {word}"


def _caption(shift: Shift) -> str:
    worse = shift.n_worse
    told = (
        "; ".join(f"{name} {n}" for name, n in worse.items())
        if shift.result.grouping.compares
        else str(sum(worse.values()))
    )
    return (
        f"Patients, grades computed from values by {shift.result.version}. Baseline: the value marked as such, else the last on or before "
        f"day 0; worst: from day 0 on. Worse than at baseline: {told}."
    )


def _notes(shift: Shift) -> tuple[str, ...]:
    said = []
    if any("–" in word and word != NOT_KNOWN for key in shift.counts for word in key[1:]):
        said.append("0–1: without the laboratory's lower limit grades 0 and 1 cannot be told apart.")
    if any(start == NOT_KNOWN for _, start, _ in shift.counts):
        said.append("No value: nothing measured by day 0.")
    if shift.result.grouping.known_after_infusion:
        said.append(f"{shift.result.grouping.label} arises after infusion: earlier values cannot be its effect.")
    return tuple(said)


def _numbers(shift: Shift, starts: tuple[str, ...], columns: tuple[str, ...]) -> Numbers:
    grouping = shift.result.grouping
    rows = tuple(
        (
            level,
            None if start == NOT_KNOWN else start,
            None if worst == NOT_KNOWN else worst,
            shift.counts[group, start, worst],
        )
        for level, group in zip(grouping.levels, grouping.names, strict=True)
        for start in starts
        for worst in columns
    )
    return Numbers((("group", ""), ("baseline", "grade"), ("worst", "grade"), ("n", "patients")), rows)
