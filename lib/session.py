"""A saved session: how a file was read, what was looked at and how it was shown, as JSON. Opened with that file, or
with a newer one, it gives the same view.

It never holds data: no row, no patient, no name of a file. The mapping holds headings and the codes that were answered
("ja" is yes), as it does where it is saved alone; ids of patients that were paired by hand are left out, which is said.
It is checked strictly: nothing in it is ignored.
"""

import datetime as dt
import json
from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import Annotated, Any, Final, Literal, NoReturn

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from pydantic_core import ErrorDetails

from lib import VERSION as PROGRAM
from lib.cohort.analysis import Analysis
from lib.cohort.grouping import written as written_grouping
from lib.cohort.model import Cohort
from lib.cohort.view import NAMES, View, to_parameters
from lib.exhibits import Entry, Settings
from lib.export.composition import PrintForm
from lib.export.report import Item
from lib.intake.draft import Draft
from lib.intake.infer.edits import edit_key
from lib.intake.mapping import IdRule, Mapping, NotAMapping, once, to_json
from lib.intake.mapping import from_json as mapping_from_json
from lib.ledger import Ledger
from lib.publication.options import NotAllowed, parsed, written

VERSION: Final = 1
MOST_BYTES: Final = 1_000_000
FIRST_OF_IT: Final = {"version": VERSION, "program": PROGRAM}
KINDS: Final = {
    "string_type": "a text in quotes",
    "tuple_type": "a list in [ ]",
    "dict_type": "an object in { }",
    "dataclass_type": "an object in { }",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
}
PAIRED: Final = (
    "Ids of patients that you paired by hand are no part of a session, since it never holds an id: pair them again in"
    " the file."
)
Texts = Map[str, str]
Format = Literal["svg", "pdf", "png", "tiff", "docx", "xlsx", "html", "tex"]
Plain = str | bool | int | float | None


@with_config(ConfigDict(extra="forbid", strict=True, allow_inf_nan=False))
@dataclass(frozen=True)
class SavedSession:
    """`n` counts the patients of the analysis set; `columns` are the headings of each sheet; `view` as the parameters
    of a link.

    `mapping` is None for a file in the shape of the template. `options` hold, by id of the exhibit, what is not as
    usual, written as for `report --set`; `shown` what is open on pages, by widget; `numbers` a few results by exhibit
    (None = not reached), to say which moved.
    `formats`: of the figures and tables of a package, beside CSV; None: the usual. `ledger`: the comparisons that were
    looked at. `mask_below`: counts of patients below it are masked. `left_out` says what could not be saved.
    """

    fingerprint: str
    n: Annotated[int, Field(ge=0, le=10**9)]
    view: Map[str, tuple[str, ...]]
    created: str = ""
    columns: Map[str, tuple[str, ...]] = field(default_factory=dict)
    mapping: Mapping | None = None
    study_codes: bool = False
    known_at: Map[str, float | None] = field(default_factory=dict)
    options: Map[str, Texts] = field(default_factory=dict)
    shown: Texts = field(default_factory=dict)
    title: str = ""
    items: tuple[Item, ...] = ()
    form: PrintForm | None = None
    formats: tuple[Format, ...] | None = None
    ledger: tuple[Map[str, Plain], ...] = ()
    mask_below: Annotated[int, Field(ge=0, le=99)] = 0
    numbers: Map[str, Map[str, float | None]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    program: str = PROGRAM
    version: Literal[1] = VERSION

    @property
    def settings(self) -> Settings:
        """The options as `report --set` takes them."""
        return tuple((of, name, text) for of, options in self.options.items() for name, text in options.items())


class NotASession(ValueError):
    """This is no saved session; the text says what is wrong, and where."""


def saved_session(cohort: Cohort, view: View, draft: Draft | None = None, **more: Any) -> SavedSession:
    """The session of what is looked at; `draft` says how the file was read (None: an example), `more` are further
    fields."""
    mapping = None if draft is None or _is_plain(draft) else draft.mapping
    without = None if mapping is None else without_ids(mapping)
    left_out = (*more.pop("left_out", ()), *((PAIRED,) if without != mapping else ()))
    ids = set(cohort.patients["patient_id"])
    columns: dict[str, tuple[str, ...]] = {}
    for each in cohort.account.columns:
        known = columns.setdefault(each.sheet, ())
        if (
            each.heading and each.heading not in known and each.heading not in ids
        ):  # where columns are patients they head them
            columns[each.sheet] = (*known, each.heading)
    return SavedSession(
        cohort.fingerprint,
        cohort.n_opened,
        in_full(view, cohort),
        dt.date.today().isoformat(),
        columns,
        without,
        study_codes=draft is not None and draft.study_codes,
        left_out=left_out,
        **more,
    )


def file_name() -> str:
    """The name under which a session of today is saved: never that of the workbook."""
    return f"cohort-explorer-session-{dt.date.today().isoformat()}.json"


def in_full(view: View, cohort: Cohort) -> dict[str, tuple[str, ...]]:
    """The view as the parameters of a link, with the grouping and the unit also where they are as the workbook has
    them: the next may differ."""
    parameters = {"by": [written_grouping(view.grouping)], "unit": [view.unit], **to_parameters(view, cohort)}
    return {name: tuple(values) for name, values in parameters.items() if name != "cohort"}


def written_options(entry: Entry, analysis: Analysis, values: Map[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The options of an exhibit that are not as usual, as texts; and one sentence for each that no text can give."""
    found, left_out = {}, []
    for offer in entry.offers(analysis):
        value = values.get(offer.name, offer.usual)
        text = written(value)
        if value == offer.usual or text == written(offer.usual):
            continue
        try:
            is_same = bool(parsed(offer, text) == value)
        except NotAllowed:
            is_same = False
        if is_same:
            found[offer.name] = text
        else:
            left_out.append(f"“{entry.spec.title}”: what was chosen as {offer.option.label} cannot be written down.")
    return found, tuple(left_out)


def without_ids(mapping: Mapping) -> Mapping:
    """The mapping without ids of patients: those that were paired by hand."""
    key = edit_key("ids")
    answers = {name: said for name, said in mapping.answers.items() if name != key}
    if key in mapping.answers:
        rule = asdict(_rule(mapping.answers[key]))
        answers[key] = json.dumps({**rule, "pairs": {}})
    if not mapping.ids.pairs and answers == dict(mapping.answers):
        return mapping
    return replace(mapping, ids=replace(mapping.ids, pairs={}), answers=answers)


def to_text(session: SavedSession) -> str:
    """The session as it is saved; what stands at its default is left out."""
    said = _adapter().dump_python(replace(session, mapping=None), mode="json", exclude_defaults=True)
    mapping = {} if session.mapping is None else {"mapping": json.loads(to_json(session.mapping))}
    return json.dumps({**FIRST_OF_IT, **said, **mapping}, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def from_text(content: bytes | str) -> SavedSession:
    """The session in this text. Raises NotASession with one sentence."""
    raw = content if isinstance(content, bytes) else content.encode("utf-8", errors="surrogatepass")
    if len(raw) > MOST_BYTES:
        raise NotASession(f"This file is too large for a session: it has more than {MOST_BYTES // 1_000_000} MB.")
    try:
        given = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=once, parse_constant=_no_number)
        json.dumps(given, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise NotASession(f"This is not a saved session: {_why(error)}.") from error
    return _checked(_of_this_version(given))


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return "it is no text in UTF-8" if isinstance(error, UnicodeError) else str(error)[:200].rstrip(".")


def _of_this_version(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or "fingerprint" not in given:
        mapping = isinstance(given, dict) and "sheets" in given
        more = (
            " It holds saved answers about columns: use them where the program shows how your file was read."
            if mapping
            else ""
        )
        raise NotASession(f"This is not a saved session.{more}")
    version = given.get("version")
    if version != VERSION or isinstance(version, bool):
        raise NotASession(f"This session has version {json.dumps(version)[:40]}; this program reads version {VERSION}.")
    return given


def _checked(given: dict[str, Any]) -> SavedSession:
    try:
        written_mapping = given.get("mapping")
        mapping = None if written_mapping is None else mapping_from_json(json.dumps(written_mapping))
        rest = json.dumps({name: value for name, value in given.items() if name != "mapping"})
        session = replace(_adapter().validate_json(rest, strict=True, extra="forbid"), mapping=mapping)
    except ValidationError as error:
        raise NotASession(f"This session cannot be used. {_sentence(error.errors()[0])}") from error
    except (NotAMapping, RecursionError) as error:
        raise NotASession(f"This session cannot be used. Its mapping: {str(error)[:300]}") from error
    try:
        Ledger.from_json(session.ledger)
    except ValueError as error:
        raise NotASession("This session cannot be used. ledger: it holds something that is no comparison.") from error
    if unknown := sorted(set(session.view) - (NAMES - {"cohort"})):
        raise NotASession(f'This session cannot be used. view: "{unknown[0][:60]}" is not known here.')
    return session


def _sentence(error: ErrorDetails) -> str:
    """Where, what stands there, what may stand there."""
    place = ".".join(str(part)[:60] for part in error["loc"])
    if error["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"{place}: it is not known here."
    if error["type"] in ("missing", "missing_argument"):
        return f"{place}: it is missing."
    shown = json.dumps(error["input"], ensure_ascii=False, default=str)
    shown = shown if len(shown) < 60 else f"{shown[:57]}..."
    if error["type"] == "value_error":
        return f"{place}: {str(error['msg']).removeprefix('Value error, ')}"
    return f"{place}: {shown} stands there; it must be {KINDS.get(error['type'], error['msg'])}."


def _is_plain(draft: Draft) -> bool:
    """Whether the file was read by the names of the template, and nobody said anything of it."""
    return draft.suggestion.is_template and not draft.answers and draft.saved is None


def _rule(given: str) -> IdRule:
    try:
        return TypeAdapter(IdRule).validate_json(given)
    except ValidationError:
        return IdRule()


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def one_session(contents: Iterable[bytes]) -> SavedSession:
    """The session among uploaded files. Raises NotASession, also where there are several."""
    found = list(contents)
    if len(found) > 1:
        raise NotASession("Open one session at a time.")
    return from_text(found[0])


@cache
def _adapter() -> TypeAdapter[SavedSession]:
    return TypeAdapter(SavedSession)
