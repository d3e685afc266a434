"""What the reader looks at: selection, grouping and time unit, as one value that travels in a link.

A link holds the first 8 characters of the cohort's fingerprint, filter values and group names; never a file name or
a patient id.

A clause about the course as it is written in a link or on the command line -> the clause, or why this cohort cannot
follow it.

Names and words are found whatever their capitals; `≥` is `>=`, `ever` may be left out, a day may be given as week or
month."""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote

from lib.cohort.course_clause import CourseClause, names_course
from lib.cohort.grouping import Group, Grouping, can_compare, everybody, grouping_by, parse_grouping, sized, written
from lib.cohort.kinetic_series import SeriesKey, series_keys
from lib.cohort.model import Cohort, kept
from lib.cohort.response_scale import scale_of
from lib.cohort.selection import Clause, Selection, find_variable, parse_clause
from lib.cohort.time_unit import DAYS_PER, UNITS

GRADES: Final = (1, 2, 3, 4, 5)
LATEST: Final = 36_525.0  # a day beyond a hundred years is a slip of the pen
NAME: Final = r"(?P<name>[^>=≥|]+?)"
BY: Final = r"(?:\s+by(?P<when>\s.*|))?"
RESPONSE: Final = rf"(?P<no>not\s+|no\s+)?response\s*(?:>=|≥)\s*{NAME}{BY}"
DETECTABLE: Final = r"(?P<no>not\s+)?detectable(?:\s+at(?P<when>\s.*?|))?(?:\s+in\s+(?P<series>[^>=≥|]+))?"
RECEIVED: Final = rf"(?P<no>not\s+|never\s+)?received\s+{NAME}{BY}"
EVENT: Final = rf"(?:(?P<ever>ever\s+)|(?P<no>never\s+|not\s+))?{NAME}\s*(?:>=|≥)\s*(?:grade\s*)?(?P<least>\S*?){BY}"
WHEN: Final = r"(?P<unit>day|week|month)s?\s*(?P<number>\S+)|(?P<first>\S+)\s*(?P<second>day|week|month)s?"
Found = re.Match[str]
FINGERPRINT_LENGTH: Final = 8
NAMES: Final = frozenset(
    {"cohort", "where", "by", "groups", "unit", "infusion", "excluded"}
)  # of the parameters of a view
OTHER_GROUPS: Final = "The groups of the link are not those of this workbook; they are shown as the workbook has them."
Parameters = Mapping[str, Sequence[str]]


def parse_course(text: str, cohort: Cohort) -> CourseClause | str | None:
    """The clause written in `text`, one sentence where this cohort cannot follow it, None where it is no clause about
    the course."""
    body, keep_missing = (
        (text.strip().removesuffix("|?"), True) if text.strip().endswith("|?") else (text.strip(), False)
    )
    forms: tuple[tuple[str, Callable[[Found, Cohort], CourseClause | str]], ...] = (
        (RESPONSE, _response),
        (DETECTABLE, _detectable),
        (RECEIVED, _received),
        (EVENT, _event),
    )
    for pattern, read in forms:
        if found := re.fullmatch(pattern, body.strip(), re.IGNORECASE | re.DOTALL):
            clause = read(found, cohort)
            return clause if isinstance(clause, str) else replace(clause, keep_missing=keep_missing)
    return None


def _event(found: Found, cohort: Cohort) -> CourseClause | str:
    written = _name(found)
    terms = cohort.vocabulary.get("term", ())
    term = _among(written, terms) or _among(re.sub(r"(?i)\s+grade$", "", written), terms)
    if term is None:
        column = find_variable(cohort, written)
        instead = (
            f' Of the column write a range: "{column.name}=60..inf".' if column and column.kind == "number" else ""
        )
        return f'This workbook has no adverse event "{written}".{instead}'
    least = found["least"]
    if not (least.isascii() and least.isdigit() and int(least) in GRADES):
        return f'{term}: "{least}" is not a grade to filter by; write a whole number from 1 to 5.'
    day = _day(found, from_infusion=True)
    return day if isinstance(day, str) else CourseClause("event", term, int(least), day, negated=bool(found["no"]))


def _response(found: Found, cohort: Cohort) -> CourseClause | str:
    if not cohort.vocabulary.get("response"):
        return "This workbook has no responses to filter by."
    thresholds = scale_of(cohort).thresholds
    name = _among(_name(found), thresholds)
    if name is None:
        return f'"{_name(found)}" is not a response to filter by; write one of {", ".join(thresholds)}.'
    day = _day(found, from_infusion=True)
    return day if isinstance(day, str) else CourseClause("response", name, day=day, negated=bool(found["no"]))


def _received(found: Found, cohort: Cohort) -> CourseClause | str:
    written, courses = _name(found), [course.split("\t") for course in cohort.vocabulary.get("course", ())]
    name = _among(written, [part for course in courses for part in course]) or written
    if not any(names_course(name, " ".join(course)) for course in courses):
        return f'Therapies of this workbook do not name "{written}".'
    day = _day(found)
    return day if isinstance(day, str) else CourseClause("received", name, day=day, negated=bool(found["no"]))


def _detectable(found: Found, cohort: Cohort) -> CourseClause | str:
    keys = series_keys(cohort)
    if not keys:
        return "This workbook has no CAR copies to filter by."
    day = _day(found)
    if day is None:
        return 'Say the day on which copies are looked for, for example "detectable at day 28".'
    series = _series(found["series"], keys)
    if series is None:
        return f'This workbook has no CAR copies in "{unquote(found["series"]).strip()}".'
    if isinstance(day, str):
        return day
    return CourseClause("detectable", day=day, series=series, negated=bool(found["no"]))


def _series(written: str | None, keys: tuple[SeriesKey, ...]) -> SeriesKey | None:
    """The series of these parts; where some are left out, the one of those left with most values."""
    if written is None:
        return keys[0]
    wanted = [unquote(part).strip() for part in written.split(",")]
    parts = {key: [part for part in (key.specimen, key.assay, key.unit) if part] for key in keys}
    folded = [part.casefold() for part in wanted]
    rules: tuple[Callable[[list[str]], bool], ...] = (
        lambda own: own == wanted,
        lambda own: [part.casefold() for part in own] == folded,
        lambda own: [part.casefold() for part in own[: len(folded)]] == folded,
    )
    return next((key for rule in rules for key in keys if rule(parts[key])), None)


def _day(found: Found, from_infusion: bool = False) -> float | str | None:
    """The study day; None = at any time; a sentence where it cannot be read."""
    written = found["when"]
    if written is None:
        return None
    when = re.fullmatch(WHEN, written.strip(), re.IGNORECASE)
    try:
        number = float((when["number"] or when["first"]) if when else "")
    except ValueError:
        number = math.nan
    day = number * DAYS_PER[(when["unit"] or when["second"]).casefold() + "s"] if when else math.nan
    if not abs(day) <= LATEST:
        return f'"{written.strip()}" is not a day; write for example "day 28" or "month 3".'
    if from_infusion and day < 0:
        return f'"{written.strip()}" is before the infusion; write day 0 or a later one.'
    return day + 0.0  # no -0


def _name(found: Found) -> str:
    return unquote(found["name"]).strip()


def _among(written: str, names: Iterable[str]) -> str | None:
    """The name as the workbook writes it."""
    known = list(names)
    if written in known:
        return written
    return next((name for name in known if name.casefold() == written.casefold()), None)


@dataclass(frozen=True)
class View:
    """Who is looked at, how they are compared, and in which unit time is shown."""

    selection: Selection
    grouping: Grouping
    unit: str


def first_view(cohort: Cohort) -> View:
    """The view in which a cohort opens: everybody, split as Study says (or by arm), in the unit of the study."""
    variable = cohort.variable(cohort.study.group_by or "arm")
    grouping = grouping_by(variable, cohort) if variable and can_compare(variable) else everybody(cohort)
    return View(Selection(), grouping, cohort.study.time_unit)


def to_parameters(view: View, cohort: Cohort) -> dict[str, list[str]]:
    """The view as URL parameters; what stands as in the first view is left out, the fingerprint never."""
    first = first_view(cohort)
    parameters = {"cohort": [cohort.fingerprint[:FINGERPRINT_LENGTH]]}
    if where := (*view.selection.clauses, *view.selection.course):
        parameters["where"] = [str(clause) for clause in where]
    if view.grouping != first.grouping:
        parameters["by"] = [written(view.grouping)]
    if is_customised(view.grouping, cohort):
        parameters["groups"] = [written_groups(view.grouping)]
    if view.unit != first.unit:
        parameters["unit"] = [view.unit]
    if view.selection.infusion != 1:
        parameters["infusion"] = [str(view.selection.infusion)]
    if view.selection.include_excluded:
        parameters["excluded"] = ["included"]
    return parameters


def from_parameters(parameters: Parameters, cohort: Cohort) -> tuple[View, tuple[str, ...]]:
    """The view that a link asks for, and one sentence for each part that this cohort cannot follow."""
    view, dropped = first_view(cohort), []
    asked = [parse_where(text, cohort) for text in parameters.get("where", ())]
    dropped += [clause for clause in asked if isinstance(clause, str)]
    grouping, said = _grouping_of(parameters, view.grouping, cohort)
    dropped += [said] if said else []
    if (unit := _first(parameters, "unit")) and unit not in UNITS:
        dropped.append(f'"{unit}" is no unit of time that can be shown.')
    numbers = dict(zip(map(str, infusion_numbers(cohort)), infusion_numbers(cohort), strict=True))
    if (infusion := _first(parameters, "infusion")) and infusion not in numbers:
        dropped.append(f'Nobody in this workbook had infusion "{infusion}".')
    selection = Selection(
        infusion=numbers.get(infusion, 1), include_excluded=_first(parameters, "excluded") == "included"
    )
    for clause in asked:
        selection = selection if isinstance(clause, str) else selection.with_clause(clause)
    return View(selection, grouping, unit if unit in UNITS else view.unit), tuple(dropped)


def _grouping_of(parameters: Parameters, first: Grouping, cohort: Cohort) -> tuple[Grouping, str]:
    """The grouping of a link, and one sentence where this cohort cannot follow it."""
    grouping = _asked_grouping(parameters, first, cohort)
    if isinstance(grouping, str):
        return first, grouping
    groups = _first(parameters, "groups")
    customised = with_groups(grouping, groups, cohort) if groups else grouping
    return customised or grouping, "" if customised else OTHER_GROUPS


def followed(view: View, cohort: Cohort, before: View) -> View:
    """The part of a view that this cohort knows: clauses it does not know are left out, the rest stays as it was
    `before`.

    What a widget says may come from the workbook that was open before this one.
    """
    known = infusion_numbers(cohort)
    selection = replace(
        view.selection,
        clauses=tuple(clause for clause in view.selection.clauses if _knows(cohort, clause)),
        course=tuple(c for c in view.selection.course if isinstance(parse_where(str(c), cohort), CourseClause)),
        infusion=view.selection.infusion if view.selection.infusion in known else before.selection.infusion,
    )
    grouping = view.grouping if _has_groups(cohort, view.grouping) else before.grouping
    return View(selection, grouping, view.unit if view.unit in UNITS else before.unit)


def _knows(cohort: Cohort, clause: Clause) -> bool:
    variable = cohort.variable(clause.variable)
    if variable is None:
        return False
    if variable.kind == "number":
        return clause.interval is not None and not clause.levels
    return clause.interval is None and set(clause.levels) <= set(variable.levels)


def _has_groups(cohort: Cohort, grouping: Grouping) -> bool:
    """Whether these groups unite all that the cohort's variable has, each once."""
    if not grouping.variable:
        return True
    variable = cohort.variable(grouping.variable)
    if variable is None or not can_compare(variable):
        return False
    plain = grouping_by(variable, cohort, () if grouping.at_median else grouping.cuts)
    members = sorted(member for group in grouping.groups for member in group.members)
    return members == sorted(member for group in plain.groups for member in group.members)


@kept
def infusion_numbers(cohort: Cohort) -> tuple[int, ...]:
    """The numbers of the infusions that anybody had; (1,) where the workbook has no such sheet."""
    return tuple(sorted({1, *map(int, cohort.infusions["infusion"].dropna().unique())}))


def is_customised(grouping: Grouping, cohort: Cohort) -> bool:
    """Whether the reader gave these groups an order, names, members, colours or a reference of her own."""
    variable = cohort.variable(grouping.variable)
    if variable is None:
        return False
    cuts = () if grouping.at_median else grouping.cuts
    plain = grouping_by(variable, cohort, cuts)
    return (grouping.groups, grouping.reference) != (plain.groups, plain.reference)


def _asked_grouping(parameters: Parameters, first: Grouping, cohort: Cohort) -> Grouping | str:
    by = _first(parameters, "by")
    return parse_grouping(by, cohort) if by else first


def written_groups(grouping: Grouping) -> str:
    """Names, members, colours and reference of the groups, as `with_groups` reads them."""
    groups = [[group.name, list(group.members), group.colour] for group in grouping.groups]
    return json.dumps({"groups": groups, "reference": grouping.reference}, ensure_ascii=False, separators=(",", ":"))


def with_groups(grouping: Grouping, text: str, cohort: Cohort) -> Grouping | None:
    """The grouping with the groups written so (in a link, a script), if they unite just the levels that it has; else
    None."""
    try:
        given = json.loads(text)
        groups = tuple(
            Group(str(name), tuple(map(str, members)), _colour(colour)) for name, members, colour in given["groups"]
        )
        reference = str(given["reference"])
        "".join([reference, *(group.name for group in groups)]).encode()
    except (ValueError, TypeError, KeyError, RecursionError):  # half of a character is a ValueError
        return None
    told_apart = len({group.name for group in groups}) == len(groups) and all(group.members for group in groups)
    if not groups or not told_apart or _members(groups) != _members(grouping.groups):
        return None
    return sized(replace(grouping, groups=groups, reference=reference), cohort)


def _members(groups: Sequence[Group]) -> list[str]:
    return sorted(member for group in groups for member in group.members)


def _colour(text: object) -> str:
    return str(text) if re.fullmatch("#[0-9a-fA-F]{6}", str(text)) else ""


def _first(parameters: Parameters, name: str) -> str:
    values = parameters.get(name, ())
    return values[0] if values else ""


def parse_where(text: str, cohort: Cohort) -> Clause | CourseClause | str:
    """The clause written in `text`, or one sentence saying why this cohort cannot follow it. A column comes before the
    course."""
    name, equals, _ = text.partition("=")
    if equals and find_variable(cohort, name):
        return parse_clause(text, cohort)
    course = parse_course(text, cohort)
    return parse_clause(text, cohort) if course is None else course
