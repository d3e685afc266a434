"""The same work without a browser: python -m lib check FILE, python -m lib report FILE --out DIR [--by arm] [--where
emd=yes]."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from lib.arguments import parser
from lib.cohort.analysis import Analysis, with_study_codes
from lib.cohort.model import Cohort
from lib.exhibits import Entry, attempts, entries, parts
from lib.export.composition import ON_PAPER, NotPrintable, PrintForm
from lib.export.provenance import Provenance
from lib.export.report import (
    METHODS,
    PACKED_FORMATS,
    REPORT,
    RESULTS,
    USUAL_FORMATS,
    Part,
    Report,
    exhibit_files,
    methods_file,
    report_made,
    results_file,
)
from lib.intake.draft import Draft, read_draft, read_files
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe
from lib.intake.infer.question import in_words as question_in_words
from lib.intake.mapping import NotAMapping, from_json, to_json
from lib.notebook import Refused, View, saved_session_of, view_of_session, viewed
from lib.publication.options import NotAllowed, in_words, written
from lib.publication.spec import Failed
from lib.session import NotASession, SavedSession
from lib.session_opened import open_session

CLEAN: Final = 0
ERRORS: Final = 1
UNREADABLE: Final = 2
Formats = Sequence[str] | None  # of figures and tables; None: the usual


def main(arguments: Sequence[str] | None = None, program: str = "python -m lib") -> int:
    """Run one command of `program`; return 0 clean, 1 findings of severity error or an exhibit that failed, 2 file
    unreadable or option not understood."""
    understood = parser(program, __doc__)
    asked = understood.parse_args(arguments)
    if asked.command == "report" and asked.out is None and not asked.list:
        understood.error("the following arguments are required: --out")
    try:
        return run(asked)
    except OSError as error:
        place = error.filename or getattr(asked, "out", "")
        print(f"{place}: {error.strerror or 'cannot be written'}.", file=sys.stderr)
    except Unsafe as refusal:
        print(f"{', '.join(path.name for path in asked.file)}: {refusal}", file=sys.stderr)
    except (NotAMapping, UnicodeDecodeError) as refusal:
        print(f"{asked.mapping}: {refusal}", file=sys.stderr)
    except NotASession as refusal:
        print(f"{asked.session}: {refusal}", file=sys.stderr)
    except (Refused, NotAllowed, NotPrintable) as refusal:
        print(str(refusal), file=sys.stderr)
    return UNREADABLE


def run(asked: argparse.Namespace) -> int:
    """What was asked for. Raises OSError, Unsafe, NotAMapping, NotASession, Refused."""
    files = [SourceFile(path.name, path.read_bytes()) for path in asked.file]
    mapping = from_json(asked.mapping.read_text(encoding="utf-8")) if asked.mapping else None
    session = saved_session_of(asked.session) if asked.session else None
    if asked.command == "check" and asked.suggest_mapping:
        return suggest_mapping(read_draft(files).with_saved(mapping), asked.suggest_mapping)
    cohort = open_session(session, files)[0] if session and mapping is None else read_files(files, mapping)
    print_findings(cohort)
    failed = report(cohort, asked, session) if asked.command == "report" else check(cohort, asked, session)
    return ERRORS if failed or any(finding.severity == "error" for finding in cohort.findings) else CLEAN


def check(cohort: Cohort, asked: argparse.Namespace, session: SavedSession | None) -> int:
    """Write where every column went, print what changed since the session; nothing of it fails: 0."""
    if asked.account:
        asked.account.write_bytes(cohort.account.csv())
    if session:
        print_changes(view_of_session(cohort, session))
    return 0


def print_changes(view: View) -> None:
    """What changed since the session was saved, a line each."""
    for sentence in view.changes:
        print(f"session: {sentence}")


def suggest_mapping(draft: Draft, out: Path) -> int:
    """Write what the program takes the sheets for, as a mapping to be corrected, and print why; 1 where questions are
    open.

    A mapping that could not be applied to this very file is not written.
    """
    guesses, unanswered = draft.suggestion.guesses, draft.open_questions
    if not guesses:
        raise Unsafe("No sheet of this file holds a table.")
    for guess in guesses:
        print(f'{guess.certainty}: "{guess.sheet}", "{guess.column}" = {guess.role}. {guess.reason}')
    for question in unanswered:
        print(f"open: {question.sentence} {question.why}")
        if question.kind == "codes":
            print(f"  {question_in_words(question)}")
            continue
        for choice in question.choices:
            print(f"  {'*' if choice.key == question.chosen else '-'} {choice.label}")
    text = to_json(draft.mapping)
    from_json(text)
    if isinstance(draft.opened, str):  # what would be refused is not written
        raise Unsafe(draft.opened)
    out.write_text(text, encoding="utf-8")
    print(f"{len(guesses)} columns, {len(unanswered)} open questions; the mapping is in {out}.")
    return ERRORS if unanswered else CLEAN


def print_findings(cohort: Cohort) -> None:
    """Every finding in a line, then what was read."""
    for finding in cohort.findings:
        print(f"{finding.severity}: {finding.sentence()}")
    rows = ", ".join(f"{len(table)} {name.replace('_', ' ')}" for name, table in cohort.tables.items() if len(table))
    print(cohort.account.sentence())
    print(f"{cohort.n_opened} patients in the analysis set, {len(cohort.patients)} in all; {rows or 'nothing else'}.")


def view_asked_for(cohort: Cohort, asked: argparse.Namespace, session: SavedSession | None) -> View:
    """Who is looked at: as the options say, and where they say nothing as the session does, whose changes are printed.
    Raises Refused."""
    given = {
        "by": asked.by,
        "where": asked.where,
        "unit": asked.unit or "",
        "infusion": asked.infusion,
        "include_excluded": asked.include_excluded,
        "mask_below": asked.mask,
    }
    view = view_of_session(cohort, session, **given) if session else viewed(cohort, **given)
    print_changes(view)
    return view


def form_asked_for(asked: argparse.Namespace, session: SavedSession | None) -> PrintForm:
    """How figures are printed: as the options say, else as the session does. Raises NotPrintable."""
    usual = (session.form if session else None) or (ON_PAPER if asked.format else PrintForm())
    given = {
        "size": asked.width,
        "dpi": asked.dpi,
        "colours": asked.colours,
        "caption": asked.caption,
        "title": False if asked.no_title else None,
    }
    return replace(usual, **{name: value for name, value in given.items() if value is not None})


def formats_asked_for(asked: argparse.Namespace, session: SavedSession | None) -> Formats:
    """The formats of figures and tables: as the options say, else as the session does."""
    return asked.formats if asked.formats is not None or session is None else session.formats


def report(cohort: Cohort, asked: argparse.Namespace, session: SavedSession | None = None) -> int:
    """Write what was asked for of the selected cohort into a directory: one document or package, or every exhibit's
    files and results.json.

    An exhibit that cannot be made stands there with the reason, all others are written; returns how many failed.
    """
    cohort = with_study_codes(cohort) if asked.pseudonyms else cohort
    form, view = form_asked_for(asked, session), view_asked_for(cohort, asked, session)
    analysis = view.analysis
    if asked.list:
        print_exhibits(analysis, asked.list)
        return 0
    asked.out.mkdir(parents=True, exist_ok=True)  # refused at once, not after all has been computed
    provenance = Provenance.of_cohort(analysis.selected, analysis.grouping, analysis.mask_below)
    title = asked.title or (session.title if session else "")
    chosen = Report(
        title, _parts(view, asked, session, form), provenance, cohort.findings, cohort.account, not asked.no_methods
    )
    if asked.scripts or asked.format == "zip":
        chosen = replace(chosen, scripts=_scripts(view, asked, session, chosen))
    failed = (_write_document if asked.format else _write_files)(chosen, form, formats_asked_for(asked, session), asked)
    for each in failed:
        print(f"{each.id}: {each.reason}", file=sys.stderr)
    reported = f"; {len(failed)} could not be made" if failed else ""
    where = asked.out / f"{REPORT}.{asked.format}" if asked.format else asked.out
    print(
        f"{len(chosen.parts) - len(failed)} exhibits of {provenance.n} patients ({provenance.selection}) in"
        f" {where}{reported}."
    )
    return len(failed)


def _parts(view: View, asked: argparse.Namespace, session: SavedSession | None, form: PrintForm) -> tuple[Part, ...]:
    """What the report holds: as the options say, else as the session does. Raises Refused."""
    settings = (*view.settings, *asked.set)
    if session and session.items and not asked.only:
        return tuple(parts(view.analysis, session.items, settings, form.pixels))
    made = tuple(map(Part, attempts(view.analysis, asked.only, settings, form.pixels)))
    if asked.only and not made:
        raise Refused(f"No exhibit of these data is called {' or '.join(asked.only)}. --list names all that there are.")
    return made


def _scripts(view: View, asked: argparse.Namespace, session: SavedSession | None, chosen: Report) -> dict[str, bytes]:
    """The scripts of what the report holds."""
    only = asked.only or [item.id for item in session.items] if session else asked.only
    return replace(view, settings=(*view.settings, *asked.set)).scripts(only, chosen.exhibits)


def _write_document(chosen: Report, form: PrintForm, formats: Formats, asked: argparse.Namespace) -> list[Failed]:
    """Write one document or package; returns what could not be made."""
    made = report_made(chosen, asked.format, form, PACKED_FORMATS if formats is None else formats)
    (asked.out / f"{REPORT}.{asked.format}").write_bytes(made.content)
    if asked.format != "zip":
        _write_scripts(chosen, asked)
    return list(made.failed)


def _write_files(chosen: Report, form: PrintForm, formats: Formats, asked: argparse.Namespace) -> list[Failed]:
    """Write every exhibit's files and results.json; returns what could not be made."""
    written = exhibit_files(chosen, form, USUAL_FORMATS if formats is None else formats)
    for name, content in (file for each in written for file in each.files.items()):
        (asked.out / name).write_bytes(content)
    _write_scripts(chosen, asked)
    (asked.out / RESULTS).write_text(results_file(chosen, written), encoding="utf-8")
    if chosen.with_methods:
        reported = replace(chosen, parts=tuple(Part(each.exhibit) for each in written))
        (asked.out / METHODS).write_text(methods_file(reported), encoding="utf-8")
    return [each.exhibit for each in written if isinstance(each.exhibit, Failed)]


def _write_scripts(chosen: Report, asked: argparse.Namespace) -> None:
    for name, content in chosen.scripts.items():
        (asked.out / name).write_bytes(content)


def print_exhibits(analysis: Analysis, how: str) -> None:
    """The id of every exhibit of these data, with its options and what they may be."""
    listed = [_described(entry, analysis) for entry in entries(analysis) if isinstance(entry, Entry)]
    if how == "json":
        print(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    for each in listed:
        print(f"{each['id']}: {each['title']}")
        for option in each["options"]:
            print(f"  {option['name']} = {option['usual']}: {option['label']}; {option['may_be']}")


def _described(entry: Entry, analysis: Analysis) -> dict[str, Any]:
    options = [
        {
            "name": offer.name,
            "label": offer.option.label,
            "usual": written(offer.usual),
            "may_be": in_words(offer),
            "choices": list(offer.choices),
        }
        for offer in entry.offers(analysis)
        if offer.is_open
    ]
    return {"id": entry.id, "title": entry.spec.title, "options": options}


if __name__ == "__main__":
    sys.exit(main())
