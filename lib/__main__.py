"""The same work without a browser: python -m lib check FILE, python -m lib report FILE --out DIR [--by arm] [--where emd=yes]."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.cohort.time_unit import UNITS
from lib.exhibits import Entry, attempts, entries
from lib.export.figure_file import caption_text, figure_files
from lib.export.file_name import file_name
from lib.export.print_form import CAPTIONS, COLOURS, FORMATS, RESOLUTIONS, SIZES, NotPrintable, PrintForm
from lib.export.provenance import Provenance
from lib.export.results import results, results_text
from lib.export.table_file import csv_file
from lib.intake.draft import Draft, read_draft, read_files
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe
from lib.intake.infer.question import in_words as question_in_words
from lib.intake.mapping import NotAMapping, from_json, to_json
from lib.notebook import Refused, View, analysed, saved_session_of, view_of_session
from lib.publication.attempt import Failed
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.options import NotAllowed, in_words, written
from lib.session import NotASession, SavedSession
from lib.session_opened import open_session

CLEAN: Final = 0
ERRORS: Final = 1
UNREADABLE: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 clean, 1 findings of severity error or an exhibit that failed, 2 file unreadable or option not understood."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.command == "report" and asked.out is None and not asked.list:
        parser.error("the following arguments are required: --out")
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
    """Write what the program takes the sheets for, as a mapping to be corrected, and print why; 1 where questions are open.

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
    """Who is looked at: as the options say, and where they say nothing as the session does, whose changes are printed. Raises Refused."""
    given = {"by": asked.by, "where": asked.where, "unit": asked.unit or "", "infusion": asked.infusion, "include_excluded": asked.include_excluded}  # fmt: skip
    view = view_of_session(cohort, session, **given) if session else View(analysed(cohort, **given))
    print_changes(view)
    return view


def form_asked_for(asked: argparse.Namespace, session: SavedSession | None) -> PrintForm:
    """How figures are printed: as the options say, else as the session does. Raises NotPrintable."""
    usual = (session.form if session else None) or PrintForm()
    given = {"size": asked.width, "dpi": asked.dpi, "colours": asked.colours, "caption": asked.caption, "title": False if asked.no_title else None}  # fmt: skip
    return replace(usual, **{name: value for name, value in given.items() if value is not None})


def report(cohort: Cohort, asked: argparse.Namespace, session: SavedSession | None = None) -> int:
    """Write every figure and table of the selected cohort, and results.json, into the directory asked for.

    An exhibit that cannot be made stands in results.json with the reason, all others are written; returns how many failed.
    """
    form, view = form_asked_for(asked, session), view_asked_for(cohort, asked, session)
    analysis = view.analysis
    selected, provenance = analysis.selected, Provenance.of_cohort(analysis.selected, analysis.grouping)
    if asked.list:
        print_exhibits(analysis, asked.list)
        return 0
    asked.out.mkdir(parents=True, exist_ok=True)  # refused at once, not after all has been computed
    only = asked.only or [item.id for item in session.items] if session else asked.only
    made = list(attempts(analysis, only, (*view.settings, *asked.set), form.pixels))
    if only and not made:
        raise Refused(f"No exhibit of these data is called {' or '.join(only)}. --list names all that there are.")
    written = _write(made, provenance, asked.out, Pictures(asked.formats, form))
    content = results(provenance, cohort.findings, written, cohort.account)
    (asked.out / "results.json").write_text(results_text(content), encoding="utf-8")
    failed = [each for each, _ in written if isinstance(each, Failed)]
    for each in failed:
        print(f"{each.id}: {each.reason}", file=sys.stderr)
    reported = f"; {len(failed)} could not be made" if failed else ""
    print(
        f"{len(written) - len(failed)} exhibits of {selected.n} patients ({selected.selection}) in {asked.out}{reported}."
    )
    return len(failed)


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
        {"name": offer.name, "label": offer.option.label, "usual": written(offer.usual), "may_be": in_words(offer), "choices": list(offer.choices)}
        for offer in entry.offers(analysis)
        if offer.is_open
    ]  # fmt: skip
    return {"id": entry.id, "title": entry.spec.title, "options": options}


@dataclass(frozen=True)
class Pictures:
    """In which formats figures are written, and how they are printed."""

    formats: Sequence[str]
    form: PrintForm

    def of(self, made: Sequence[Exhibit | Failed], provenance: Provenance) -> dict[str, dict[str, bytes] | Failed]:
        """The pictures of every figure by format: drawn all together, and where that fails one by one."""
        figures = [exhibit for exhibit in made if isinstance(exhibit, Figure)] if self.formats else []
        try:
            pairs = [(figure, provenance) for figure in figures]
            drawn = figure_files(pairs, self.formats, self.form) if figures else []
            return {
                each.id: dict(zip(self.formats, files, strict=True)) for each, files in zip(figures, drawn, strict=True)
            }
        except Exception as error:
            if len(figures) == 1:
                return {figures[0].id: Failed(figures[0].id, error)}
        return {name: picture for figure in figures for name, picture in self.of([figure], provenance).items()}


def _write(
    made: Sequence[Exhibit | Failed], provenance: Provenance, out: Path, pictures: Pictures
) -> list[tuple[Exhibit | Failed, list[str]]]:
    """Write the files of all exhibits; return each with their names, or as failed where its files cannot be made."""
    drawn, beside = pictures.of(made, provenance), pictures.form.caption == "beside"
    return [_write_one(each, drawn.get(each.id, {}), provenance, out, beside) for each in made]


def _write_one(
    exhibit: Exhibit | Failed, pictures: dict[str, bytes] | Failed, provenance: Provenance, out: Path, beside: bool
) -> tuple[Exhibit | Failed, list[str]]:
    if isinstance(exhibit, Failed):
        return exhibit, []
    try:
        contents = {"csv": csv_file(exhibit, provenance)}
    except Exception as error:
        return Failed(exhibit.id, error), []
    contents |= {} if isinstance(pictures, Failed) else pictures
    if beside and isinstance(exhibit, Figure) and pictures:
        contents["txt"] = caption_text(exhibit, provenance).encode()
    for file_format, content in contents.items():
        (out / file_name(exhibit.id, file_format)).write_bytes(content)
    names = [file_name(exhibit.id, file_format) for file_format in contents]
    return (pictures, names) if isinstance(pictures, Failed) else (exhibit, names)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lib", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="print what is wrong with a workbook")
    made = commands.add_parser("report", help="write every figure, table and number")
    for command in (check, made):
        command.add_argument("file", type=Path, nargs="+", help="a workbook, or files with one table each")
        command.add_argument("--mapping", type=Path, help="what the columns mean, as JSON: docs/mapping.md")
        command.add_argument(
            "--session", type=Path, help="a saved session: what the columns mean, filters, groups, options; others given here win",
        )  # fmt: skip
    check.add_argument("--account", type=Path, metavar="OUT", help="write where every column went, as CSV")
    check.add_argument("--suggest-mapping", type=Path, metavar="OUT", help="write a mapping to begin with, and say why")
    made.add_argument("--out", type=Path, help="directory for the files")
    made.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="ID",
        help="only this exhibit, or those of a pattern: survival.os*",
    )
    made.add_argument(
        "--set", action="append", default=[], type=_setting, metavar="ID.OPTION=VALUE", help="an option of an exhibit, or of those of a pattern",
    )  # fmt: skip
    made.add_argument(
        "--list", nargs="?", const="text", choices=("text", "json"), help="print the exhibits of these data with their options, and write nothing",
    )  # fmt: skip
    made.add_argument("--by", help="column that splits the cohort; a number as age@60,70; - for no groups")
    made.add_argument(
        "--where",
        action="append",
        metavar="FILTER",
        help='emd=yes, "age=18..65", "arm=A|B"; of the course: "CRS >= 3", "never ICANS >= 2 by day 30", "response >= VGPR by month 3", '
        '"detectable at day 28 in blood", "received bridging by day 0"; |? at the end keeps those of whom it is not known',
    )
    made.add_argument("--unit", choices=UNITS, help="unit of time; default: that of the study")
    made.add_argument("--infusion", type=int, help="infusion from which days count; default: 1")
    made.add_argument("--include-excluded", action="store_true", help="add patients outside the analysis set")
    made.add_argument(
        "--formats",
        type=_formats,
        default=FORMATS[:3],
        help=f"of {','.join(FORMATS)}, parted by commas; empty for none",
    )
    made.add_argument("--width", help=f"of figures on paper: {', '.join(SIZES)}, or another such as 120mm")
    made.add_argument("--dpi", type=int, choices=RESOLUTIONS, help="dots an inch of PNG and TIFF; default: 300")
    made.add_argument("--colours", choices=COLOURS, help="bw: black and white with dashes and patterns")
    made.add_argument("--caption", choices=CAPTIONS, help="beside: as a text file of the same name")
    made.add_argument("--no-title", action="store_true", help="no title above the figures")
    return parser


def _setting(text: str) -> tuple[str, str, str]:
    """ "survival.os.ci_scale=log" -> survival.os, ci_scale, log"""
    place, equals, value = text.partition("=")
    exhibit, _, option = place.strip().rpartition(".")
    if not equals or not exhibit:
        raise argparse.ArgumentTypeError(f'"{text}" is no setting; write it as survival.os.ci_scale=log')
    return exhibit, option, value


def _formats(text: str) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = ", ".join(part for part in chosen if part not in FORMATS)
    if unknown:
        raise argparse.ArgumentTypeError(f"no such format: {unknown}; there are {', '.join(FORMATS)}")
    return chosen


if __name__ == "__main__":
    sys.exit(main())
