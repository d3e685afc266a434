"""A saved session on the file it belongs to, or on a newer one: the same view, and what changed since it was saved, in
sentences.

What a file cannot follow (a column, an option, an exhibit that is gone) is said, never left out in silence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from math import isclose
from typing import Any, Final

from lib import VERSION as PROGRAM
from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.cohort.schema import endpoint_label
from lib.cohort.view import View, from_parameters
from lib.derived.course_answer import selected
from lib.exhibits import Entry, Settings, attempts, entries
from lib.intake.draft import Draft, read_draft
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe
from lib.publication.exhibit import Exhibit
from lib.publication.masking import shows_patients
from lib.publication.number import plural
from lib.publication.options import NotAllowed, parsed
from lib.publication.spec import Failed
from lib.session import SavedSession

PATIENTS: Final = "patients"
MEDIANS: Final = ("os", "pfs")  # of these, or of the first endpoint that there is
RATES: Final = "response.rates"
RESULTS: Final = (
    "n",
    "events",
    "median",
    "share",
    "survival",
    "hazard_ratio",
    "ratio",
    "difference",
    "geometric_mean",
    "value",
    "p",
)
NO_RESULT: Final = ("reason", "method", "remark")  # columns of words that name no row
PLACES: Final = (
    "time",
    "day",
    "threshold",
    "worst_grade",
    "grade",
    "baseline",
    "worst",
    "tau",
)  # numbers that name a row
MOST_ROWS: Final = 60  # of one ticked exhibit
MOST_SAID: Final = 4  # numbers of one exhibit that moved, and columns of one sheet
SAME: Final = "Same file."
Numbers = dict[str, dict[str, float | None]]


def prepared(draft: Draft, saved: SavedSession) -> Draft:
    """The draft of a file with the answers of the session, and with no others. Raises Unsafe."""
    if saved.mapping is not None or draft.answers or draft.saved is not None:
        draft = draft.with_saved(saved.mapping)
    return draft if draft.study_codes == saved.study_codes else draft.with_study_codes(saved.study_codes)


def followed(saved: SavedSession, cohort: Cohort) -> tuple[Cohort, View, tuple[str, ...]]:
    """The cohort with the answers about when columns became known, the view, and a sentence for each part that it
    cannot follow."""
    dropped = []
    for name, day in saved.known_at.items():
        if cohort.variable(name) is None:
            dropped.append(f'There is no column "{name}": what was answered about when it was known is left out.')
        else:
            cohort = cohort.with_known_at(name, day)
    view, unknown = from_parameters({name: list(values) for name, values in saved.view.items()}, cohort)
    return cohort, view, (*dropped, *unknown)


def open_session(saved: SavedSession, files: Sequence[SourceFile]) -> tuple[Cohort, View, tuple[str, ...]]:
    """The cohort of these files read as the session says, its view, and a sentence for each part that they cannot
    follow. Raises Unsafe."""
    draft = prepared(read_draft(files), saved)
    if isinstance(draft.opened, str):
        raise Unsafe(draft.opened)
    if draft.blocking:
        asked = " ".join(question.sentence for question in draft.blocking)
        raise Unsafe(f"{asked} The session does not say; answer it on the page Home and save the session again.")
    return followed(saved, replace(draft.opened, files=len(files), mapped=saved.mapping is not None))


def analysis_of(cohort: Cohort, view: View, mask_below: int = 0) -> Analysis:
    """What a view looks at."""
    return Analysis(cohort, selected(cohort, view.selection), view.grouping, view.unit, mask_below)


def usable_settings(saved: SavedSession, analysis: Analysis) -> tuple[Settings, tuple[str, ...]]:
    """The options of the session that these data allow, and a sentence for each that they do not."""
    known = {each.id: each for each in entries(analysis) if isinstance(each, Entry)}
    kept, dropped = [], []
    for of, options in saved.options.items():
        if of not in known:
            dropped.append(f"These data do not give {of}: its options are left out.")
            continue
        offered = {offer.name: offer for offer in known[of].offers(analysis)}
        for name, text in options.items():
            try:
                if name not in offered:
                    raise NotAllowed(f'{of} has no option "{name}".')
                parsed(offered[name], text)
                kept.append((of, name, text))
            except NotAllowed as refusal:
                dropped.append(f"{refusal} It is as usual.")
    return tuple(kept), tuple(dict.fromkeys(dropped))


def headline_numbers(analysis: Analysis, settings: Settings = (), ticked: Sequence[str] = ()) -> Numbers:
    """A few aggregated results, to say later which moved: groups, medians, response rates, and those of the ticked
    exhibits."""
    found: dict[str, dict[str, Any]] = {PATIENTS: _sizes(analysis)}
    for of, label in _medians(analysis):
        if made := _made(analysis, of, settings):
            found[of] = {
                f"Median {label} ({_name(row, analysis)}), {analysis.unit}": row["median"] for row in _rows(made)
            }
    if made := _made(analysis, RATES, settings):
        found[RATES] = {f"{row['outcome']} ({_name(row, analysis)}), %": _percent(row["share"]) for row in _rows(made)}
    for of in ticked:
        if of not in found and (made := _made(analysis, of, settings)):
            found[of] = _results(made)
    return {of: {name: _number(value) for name, value in numbers.items()} for of, numbers in found.items()}


def _name(row: Mapping[str, object], analysis: Analysis) -> str:
    """The group of a row as the reader called it; results name it as the workbook does."""
    names = dict(zip(analysis.grouping.levels, analysis.grouping.names, strict=True))
    return names.get(str(row["group"]), str(row["group"]))


def _sizes(analysis: Analysis) -> dict[str, float | None]:
    """How many patients are looked at, and in each group; None where so few are masked."""
    patients = analysis.selected.patients
    sizes = analysis.grouping.of(patients).value_counts()
    groups = analysis.grouping.names if analysis.grouping.compares else ()
    counts = {"Patients looked at": len(patients), **{f"Patients ({name})": int(sizes.get(name, 0)) for name in groups}}
    return {name: None if 0 < n < analysis.mask_below else float(n) for name, n in counts.items()}


def changes(saved: SavedSession, cohort: Cohort, view: View) -> tuple[str, ...]:
    """What is not as it was when the session was saved: file, program, columns, options, exhibits, numbers; "Same
    file." where it is the same."""
    analysis = analysis_of(cohort, view, saved.mask_below)
    settings, dropped = usable_settings(saved, analysis)
    ticked = [item.id for item in saved.items]
    now = headline_numbers(analysis, settings, ticked)
    program = (
        ()
        if saved.program == PROGRAM
        else (f"Saved by version {saved.program[:40]} of this program; this is {PROGRAM}.",)
    )
    return (
        *_file(saved, cohort),
        *program,
        *saved.left_out,
        *dropped,
        *_gone(saved, analysis),
        *_moved(saved.numbers, now, analysis),
    )


def _file(saved: SavedSession, cohort: Cohort) -> Iterator[str]:
    if saved.fingerprint == cohort.fingerprint:
        yield SAME
        return
    more, n = cohort.n_opened - saved.n, cohort.n_opened
    if more:
        counted = "One patient" if abs(more) == 1 else plural(abs(more), "patient")
        yield f"{counted} {'more' if more > 0 else 'fewer'}: {n:,}, were {saved.n:,}."
    else:
        yield f"Another file, with as many patients: {n:,}."
    now: dict[str, list[str]] = {}
    for each in cohort.account.columns:
        now.setdefault(each.sheet, []).extend([each.heading] if each.heading else [])
    before = saved.columns
    if len(now) == len(before) == 1:  # a lone sheet, whatever its name
        before = dict(zip(now, before.values(), strict=True))
    for sheet in dict.fromkeys([*before, *now]):
        yield from _columns(sheet, before.get(sheet), now.get(sheet))


def _columns(sheet: str, before: Sequence[str] | None, now: Sequence[str] | None) -> Iterator[str]:
    if before is None or now is None:
        yield f"{'New' if before is None else 'Gone'}: the sheet {sheet}."
        return
    for words, these, others in (("New", now, before), ("Gone", before, now)):
        if found := [name for name in these if name not in others]:
            yield f"{words} in {sheet}: {_listed(found, 'column')}."


def _gone(saved: SavedSession, analysis: Analysis) -> Iterator[str]:
    """Of the report what these data do not have."""
    known = {each.id for each in entries(analysis) if isinstance(each, Entry)}
    for item in saved.items:
        if item.id not in known:
            yield f"Of the report: these data do not give {item.heading or item.id}."


def _moved(before: Mapping[str, Mapping[str, float | None]], now: Numbers, analysis: Analysis) -> Iterator[str]:
    """Each number that is another now, a few of each exhibit; and what is not there any more."""
    titles = {each.id: each.spec.title for each in entries(analysis) if isinstance(each, Entry)}
    for of, numbers in before.items():
        yield from _moved_of(titles.get(of, of), numbers, now.get(of, {}))
    if new := [name for name in now[PATIENTS] if name not in before.get(PATIENTS, now[PATIENTS])]:
        yield f"New: {_listed(new, 'group')}."


def _moved_of(of: str, before: Mapping[str, float | None], now: Mapping[str, float | None]) -> Iterator[str]:
    found = [_said(name, was, now[name]) for name, was in before.items() if name in now and not _equal(was, now[name])]
    yield from found[:MOST_SAID]
    if len(found) > MOST_SAID:
        yield f"{plural(len(found) - MOST_SAID, 'further number')} of “{of}” moved."
    if lost := [name for name in before if name not in now]:
        yield f"No longer there: {_listed(lost, 'number') if now else f'the numbers of “{of}”'}."


def _said(name: str, before: float | None, now: float | None) -> str:
    """ "Median overall survival (Control): 12.1 months, was 11.8."."""
    subject, _, unit = (
        name.rpartition(", ") if name.endswith((", days", ", weeks", ", months", ", %")) else (name, "", "")
    )
    digits = next((n for n in (3, 4, 6, 10) if _written(before, n) != _written(now, n)), 17)
    behind = f" {unit}" if unit and now is not None else ""
    was, none = ("were", "masked") if subject.startswith("Patients") else ("was", "not estimable")
    return f"{subject}: {_written(now, digits, none)}{behind}, {was} {_written(before, digits, none)}."


def _written(number: float | None, digits: int, none: str = "") -> str:
    if number is None:
        return none
    return f"{number:,.0f}" if number == int(number) and abs(number) < 1e15 else f"{number:.{digits}g}"


def _equal(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def _listed(names: Sequence[str], word: str) -> str:
    more = f" and {plural(len(names) - MOST_SAID, f'further {word}')}" if len(names) > MOST_SAID else ""
    return ", ".join(names[:MOST_SAID]) + more


def _medians(analysis: Analysis) -> list[tuple[str, str]]:
    """The endpoints whose medians stand in a headline: id of the exhibit, name."""
    known = [
        each.variant for each in entries(analysis) if isinstance(each, Entry) and each.spec.id == "survival.{endpoint}"
    ]
    chosen = [name for name in known if name in MEDIANS] or known[:1]
    return [(f"survival.{name}", endpoint_label(name).lower()) for name in chosen]


def _made(analysis: Analysis, of: str, settings: Settings) -> Exhibit | None:
    """The exhibit with its options, None where there is none or where a row or mark of it is a patient."""
    own = [each for each in settings if fnmatchcase(of, each[0])]
    try:
        found = next(iter(attempts(analysis, (of,), own)), None)
    except NotAllowed:
        return None
    return None if found is None or isinstance(found, Failed) or shows_patients(found) else found


def _rows(made: Exhibit) -> list[dict[str, object]]:
    names = [name for name, _ in made.numbers.columns]
    return [dict(zip(names, row, strict=True)) for row in made.numbers.rows]


def _results(made: Exhibit) -> dict[str, object]:
    """n, and the results of each row, named by its words; a row that words do not tell apart by its place."""
    found: dict[str, object] = {f"{made.title}, n": made.n}
    for place, row in enumerate(_rows(made)[:MOST_ROWS], start=1):
        words = ", ".join(_word(name, value) for name, value in row.items() if _tells_apart(name, value))
        for name in RESULTS:
            if name in row:
                label = f"{made.title}: {words}, {name.replace('_', ' ')}"
                found[label if label not in found else f"{label} (row {place})"] = row[name]
    return found


def _tells_apart(name: str, value: object) -> bool:
    return name in PLACES or (isinstance(value, str) and name not in NO_RESULT)


def _word(name: str, value: object) -> str:
    return str(value) if isinstance(value, str) else f"{name.replace('_', ' ')} {value}"


def _percent(share: object) -> float | None:
    number = _number(share)
    return None if number is None else 100 * number


def _number(value: object) -> float | None:
    """A finite number, None for anything else."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if abs(number) < float("inf") else None
