"""Which patient columns a cohort can be filtered and split by; what looks like a name or a record number goes no
further."""

import datetime as dt
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.model import Variable
from lib.cohort.schema import PATIENTS, Column, Kind
from lib.intake import vocabulary
from lib.intake.apply.study import StudySettings
from lib.intake.cells.coding import NO_WORDS, Coded, are_answers, as_number, coder, is_missing, text, uncalculated
from lib.intake.cells.dates import is_written_date, looks_dated
from lib.intake.cells.meanings import degree_of
from lib.intake.files.grid import Cell, Distinct, distinct
from lib.intake.sheets.role import endpoint_parts, is_whole_endpoint, keyed, normalised

PRIVATE: Final = re.compile(
    r"(^|_)(\w*name|names|initials|mrn|record_(number|no)|medical_record|hospital_(number|no|id)|chart_(number|no)|"
    r"case_(number|no)|fallnummer|nhs|ssn|insurance|dob|dateofbirth|birth|birthday|birthdate|birthyear|geb|geb_?dat\w*|"
    r"geburts\w*|nom|prenom|address|adresse|street|strasse|postcode|plz|zip|phone|telephone|telefon|mobile|email|e_mail|"
    r"姓名|出生日期|住院号|身份证)(_|$)"
)
DATED: Final = re.compile(r"(^|_)(date|dates|datum|日期)(_|$)")
LOOKS_PRIVATE: Final = "This column looks like a name, record number, address or date of birth, so it was not read."
HOLDS_DATES: Final = "This column holds dates; dates go no further than the reading of the file."
IS_DATE: Final = Coded(None, "This cell holds a date.", "Write what the column asks for.")
FREE_TEXT: Final = "Nearly every row has another text in this column."
MOSTLY: Final = 0.75  # of the cells are numbers: then the others are slips of the pen
FREE_TEXT_LENGTH: Final = 60
MOST_INTEGER_LEVELS: Final = 5  # a whole-number column with no more different values is a category (ECOG 0-2, ISS 1-3)
NOT_OFFERED: Final = frozenset(
    vocabulary("patient_id analysis_set exclusion_reason infusion_date progression_date death_date last_contact_date")
)


@dataclass(frozen=True)
class PatientColumns:
    """The patient table with extra columns typed, and which columns can be filtered or split."""

    patients: pd.DataFrame
    variables: tuple[Variable, ...]
    findings: tuple[Finding, ...]
    extras: Mapping[str, str]  # further columns that are kept: heading -> name
    endpoints: frozenset[str]  # headings that are pairs of an endpoint


@dataclass(frozen=True)
class Typed:
    """An extra column as numbers, yes/no or words, or the reason why it is left out; and the cells that did not fit."""

    values: pd.Series
    why_not: str = ""
    bad: tuple[tuple[int, str, Coded], ...] = ()  # place, what stands there, what is wrong with it


def patient_columns(
    frame: pd.DataFrame, extras: Sequence[str], sheet: str, letters: dict[str, str], settings: StudySettings
) -> PatientColumns:
    """Type the extra columns of Patients, drop private ones, and list the variables in the order of the sheet."""
    kept = frame[["source_row", *(column.name for column in PATIENTS.columns)]].copy()
    findings: list[Finding] = []
    variables: dict[str, Variable] = {}
    for column in _offered(kept, letters):
        kept[column.name], merged = one_spelling(
            relabelled(kept[column.name], column.name, settings), column.name == "sex"
        )
        findings += merged_findings(merged, sheet, letters[column.name])
        variables[column.name] = variable_of(column.name, kept[column.name], settings, column)
    of_endpoints = _of_endpoints(extras)
    further = [heading for heading in extras if heading not in of_endpoints]
    short, added = _names(further), dict[str, pd.Series]()
    for heading in further:
        typed = typed_extra(frame[heading], heading)
        findings += extra_findings(typed, frame["source_row"], sheet, letters[heading])
        if typed.why_not or typed.values.isna().all():
            continue
        name = _free(short[heading], {*kept.columns, *added})
        values, merged = one_spelling(relabelled(typed.values, name, settings))
        added[name] = values.rename(name)
        findings += merged_findings(merged, sheet, letters[heading])
        variables[heading] = variable_of(name, values, settings, None, label=heading.strip().replace("_", " "))
    in_order = tuple(variables[heading] for heading in letters if heading in variables)
    kept_extras = {heading: each.name for heading, each in variables.items() if heading in extras}
    together = pd.concat([kept, *added.values()], axis=1)
    return PatientColumns(together, in_order, tuple(findings), kept_extras, of_endpoints)


def _of_endpoints(extras: Sequence[str]) -> frozenset[str]:
    """The columns that are the time or the event of an endpoint that has both."""
    pairs = filter(is_whole_endpoint, endpoint_parts(extras).values())
    return frozenset(heading for parts in pairs for heading in parts.values())


def _offered(patients: pd.DataFrame, letters: Mapping[str, str]) -> list[Column]:
    """The columns of the schema that stand in the sheet, hold anything and may be split by."""
    there = [column for column in PATIENTS.columns if column.name not in NOT_OFFERED and column.name in letters]
    return [column for column in there if not patients[column.name].isna().all()]


def _free(name: str, taken: set[str]) -> str:
    """The name, or with as many endings as make it one that no other column has."""
    while name in taken:
        name += "_extra"
    return name


def _names(headings: Sequence[str]) -> dict[str, str]:
    """A name for each; headings that differ only in brackets, spaces or capitals keep what tells them apart."""
    short = {heading: normalised(heading) or heading for heading in headings}
    many = Counter(short.values())
    found: dict[str, str] = {}
    for heading, name in short.items():
        whole = keyed(heading) if many[name] > 1 else name
        taken = set(found.values())
        found[heading] = next(each for n in count(1) if (each := whole if n == 1 else f"{whole}_{n}") not in taken)
    return found


def typed_extra(column: pd.Series, heading: str) -> Typed:
    """The type of a column that the schema does not know, from its name and what stands in it."""
    found = distinct(column.to_numpy())
    present = [(cell, n) for cell, n in found.counted() if _has_value(cell)]
    if why_not := _why_not(normalised(heading), present):
        return Typed(pd.Series(dtype="object"), why_not)
    words = found.words(text, _has_value)
    all_different = _is_free_text(words)
    if _say_yes_or_no(set(map(str.casefold, words))):
        return _coded(found, "yes_no", column.index)
    numbers = _numbers(present, all_different and not _has_long(words))
    if not numbers and all_different:
        return Typed(pd.Series(dtype="object"), FREE_TEXT)
    if not numbers:
        return _coded(found, "category", column.index)
    are_levels = _are_levels(numbers) and not all_different
    return _coded(_whole_levels(found) if are_levels else found, "category" if are_levels else "number", column.index)


def _why_not(name: str, present: Sequence[tuple[Cell, int]]) -> str:
    """Why a column of this name is left out whatever its kind, or ""; `present` are its cells, each with how often it
    stands there."""
    if PRIVATE.search(name):
        return LOOKS_PRIVATE
    return HOLDS_DATES if DATED.search(name) or _are_dates(present) else ""


def _are_dates(present: Sequence[tuple[Cell, int]]) -> bool:
    """Whether most of these cells are dates; 20220203 among other numbers is a number."""
    dated = sum(n for cell, n in present if isinstance(cell, dt.datetime) or looks_dated(text(cell)))
    return 2 * dated > sum(n for _, n in present)


def _numbers(present: Sequence[tuple[Cell, int]], with_slips: bool) -> set[float]:
    """The numbers among these cells, if all of them are numbers, or, `with_slips`, most."""
    numbers = [(number, n) for cell, n in present if (number := as_number(cell)) is not None]
    enough = (MOSTLY if with_slips else 1) * sum(n for _, n in present)
    return {number for number, _ in numbers} if sum(n for _, n in numbers) >= enough else set()


def _has_value(cell: Cell) -> bool:
    return not is_missing(cell) and not uncalculated(cell)


def _is_date(cell: Cell) -> bool:
    return isinstance(cell, dt.datetime) or (isinstance(cell, str) and is_written_date(text(cell)))


def _say_yes_or_no(folded: set[str]) -> bool:
    """Whether these words are yes and no; 1 and 0 alone are numbers, and x and y may be groups."""
    groups = len(folded) > 1 and not folded & NO_WORDS and all(len(word) == 1 for word in folded)
    return are_answers(folded) and bool(folded - {"0", "1", "0.0", "1.0"}) and not groups


def _are_levels(numbers: set[float]) -> bool:
    return len(numbers) <= MOST_INTEGER_LEVELS and all(number == round(number) for number in numbers)


def _whole_levels(found: Distinct) -> Distinct:
    return Distinct(tuple(map(_whole, found.values)), found.codes)


def _whole(cell: Cell) -> Cell:
    """A whole number as it is spoken: 1, also where a file writes 1.0."""
    number = None if is_missing(cell) or uncalculated(cell) else as_number(cell)
    return cell if number is None else f"{number:g}"


def extra_findings(typed: Typed, source_rows: pd.Series, sheet: str, letter: str) -> list[Finding]:
    """Why an extra column was left out, or which of its cells did not fit."""
    if typed.why_not:
        return [Finding("note", sheet, None, letter, "", typed.why_not, "It is neither shown nor offered as a filter.")]
    rows = list(source_rows)
    return [
        Finding("error", sheet, int(rows[place]), letter, shown, coded.problem, coded.fix, unread=True)
        for place, shown, coded in typed.bad
    ]


def _coded(found: Distinct, kind: Kind, index: pd.Index) -> Typed:
    """The cells read as one kind. A date among words or numbers is not kept either."""
    code, missing = coder(kind, found.values), math.nan if kind == "number" else None
    coded = [Coded(missing) if is_missing(cell) else IS_DATE if _is_date(cell) else code(cell) for cell in found.values]
    values = found.spread((missing if each.problem else each.value for each in coded), missing)
    shown = ["" if _is_date(cell) else text(cell) for cell in found.values]
    bad = found.rows_with(bool(each.problem) for each in coded).tolist()
    return Typed(
        pd.Series(values, index, dtype="float64" if kind == "number" else "object"),
        "",
        tuple((place, shown[found.codes[place]], coded[found.codes[place]]) for place in bad),
    )


def nearly_all_different(words: "Counter[str]") -> bool:
    """Whether these words are free text; each comes with how often it stands there."""
    different, n = len(words), sum(words.values())
    return _has_long(words) or different >= max(4, 0.75 * n) or different > max(8, n / 2)


def _is_free_text(words: "Counter[str]") -> bool:
    return nearly_all_different(words) and nearly_all_different(_spelt_once(words))


def _spelt_once(words: "Counter[str]") -> "Counter[str]":
    """The same words where spellings of one level (III, iii) count together."""
    found: Counter[str] = Counter()
    for word, n in words.items():
        found[_spelt_alike(word)] += n
    return found


def _has_long(words: Iterable[str]) -> bool:
    return any(len(word) > FREE_TEXT_LENGTH for word in words)


def variable_of(
    name: str, values: pd.Series, settings: StudySettings, column: Column | None, label: str = ""
) -> Variable:
    """The variable that these values make: labels, unit, order and reference of its levels as Study has them."""
    unit, known_at, shown, short = (
        (column.unit, column.known_at, column.label, column.short) if column else ("", None, label, "")
    )
    unit, known_at = settings.unit.get(name, unit), settings.known_at.get(name, known_at)
    shown = settings.label.get(name) or shown or name.replace("_", " ")
    short = settings.label.get(name) or short or shown
    if values.dtype == "float64":
        return Variable(name, shown, "number", unit=unit, known_at=known_at, short=short)
    labels = settings.level_labels.get(name, {})
    levels = _in_order(values, tuple(labels.get(level, level) for level in settings.order.get(name, ())))
    stated = settings.reference.get(name, "")
    stated = labels.get(stated, stated).casefold()
    reference = next((level for level in levels if level.casefold() == stated), "")
    return Variable(name, shown, "category", levels, unit, reference, known_at, short)


def _in_order(values: pd.Series, stated: tuple[str, ...]) -> tuple[str, ...]:
    """The levels: first as Study orders them, then "no" before "yes", degrees and numbers by size, words by
    alphabet."""
    levels = list(distinct(values.to_numpy()).values)
    place = {level.casefold(): index for index, level in enumerate(stated)}
    degrees = [degree_of(level) for level in levels]
    by_degree = dict(zip(levels, degrees, strict=True)) if len(levels) > 1 and None not in degrees else {}

    def key(level: str) -> tuple[object, ...]:
        return place.get(level.casefold(), len(place)), by_degree.get(level) or 0.0, *_natural(level)

    return tuple(sorted(levels, key=key))


def _natural(level: str) -> tuple[float, int, tuple[str | float, ...]]:
    """ "3" before "4" before ">=5"; "<60" before "60"; words after numbers, and "DL 2" before "DL 10"."""
    number = re.search(r"\d+(\.\d+)?", level)
    size = float(number.group()) if number and re.match(r"\W*\d", level) else math.inf
    beside = -1 if level.startswith(("<", "≤")) else 1 if level.startswith((">", "≥")) else 0
    plain = " ".join(level.casefold().replace("−", "-").split())
    parts = re.split(r"((?:(?<=\s)-)?\d+(?:\.\d+)?)", plain)  # DL -1 before DL 1
    return size, beside, tuple(float(part) if place % 2 else part.rstrip() for place, part in enumerate(parts))


def relabelled(values: pd.Series, name: str, settings: StudySettings) -> pd.Series:
    """The values under the names that Study gives its levels."""
    labels = settings.level_labels.get(name)
    return values.map(lambda level: labels.get(level, level) if isinstance(level, str) else level) if labels else values


def one_spelling(values: pd.Series, of_sex: bool = False) -> tuple[pd.Series, dict[str, str]]:
    """Levels that differ only in capitals, accents, blanks or hyphens (F and female, `of_sex`) become the commonest
    spelling, else the first met; tells which."""
    if values.dtype == "float64":
        return values, {}
    alike: dict[str, Counter[str]] = {}
    found = distinct(values.to_numpy())
    meant = SEXES if of_sex and not {_spelt_alike(level) for level in found.values} & UNSURE_SEX else {}
    for level, n in found.counted():
        word = _spelt_alike(level)
        alike.setdefault(meant.get(word, word), Counter())[level] += n
    commonest = {level: spellings.most_common(1)[0][0] for spellings in alike.values() for level in spellings}
    merged = {level: spelling for level, spelling in commonest.items() if level != spelling}
    return (values.map(lambda level: merged.get(level, level)) if merged else values), merged


SEXES: Final = {
    **dict.fromkeys(
        vocabulary("f female w weiblich frau femme feminin femenino mujer femmina donna vrouw 女"), "female"
    ),
    **dict.fromkeys(vocabulary("m male mannlich mann homme masculin masculino hombre maschio uomo man 男"), "male"),
}
UNSURE_SEX: Final = frozenset("hv")  # hombre beside mujer, vrouw beside man: then an m may be either


def _spelt_alike(level: str) -> str:
    """What is left of a level without capitals and accents, with one blank for "_", "-" and blanks between words, none
    before a number. A hyphen before a number may be a minus: dose level -1 is another than dose level 1."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", level.casefold()) if not unicodedata.combining(each))
    words = re.sub(r"(?<=[^\W\d_])([\s_]+|[\s_-]+(?=[^\W\d_]))(?=[^\W_])|\s+", " ", plain).strip(" .")
    return re.sub(r"(?<=[^\W\d_]) (?=\d)", "", words)


def merged_findings(merged: dict[str, str], sheet: str, letter: str) -> list[Finding]:
    """A warning for each spelling that was read as another."""
    fix = "Use one spelling for one group."
    return [
        Finding("warning", sheet, None, letter, other, f'"{other}" was taken for "{spelling}".', fix)
        for other, spelling in merged.items()
    ]
