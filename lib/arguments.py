"""What the command line understands."""

import argparse
from pathlib import Path

from lib.cohort.time_unit import UNITS
from lib.export.composition import CAPTIONS, COLOURS, FORMATS, RESOLUTIONS, SIZES
from lib.export.report import KINDS, PACKED_FORMATS, USUAL_FORMATS
from lib.export.table_file import BESIDE_CSV, TABLE_FORMATS


def parser(program: str, description: str | None) -> argparse.ArgumentParser:
    """The parser of `program` with its two commands, check and report."""
    whole = argparse.ArgumentParser(prog=program, description=description)
    commands = whole.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="print what is wrong with a workbook")
    made = commands.add_parser("report", help="write every figure, table and number")
    for command in (check, made):
        command.add_argument("file", type=Path, nargs="+", help="a workbook, or files with one table each")
        command.add_argument("--mapping", type=Path, help="what the columns mean, as JSON: docs/mapping.md")
        command.add_argument(
            "--session",
            type=Path,
            help="a saved session: what the columns mean, filters, groups, options; others given here win",
        )
    check.add_argument("--account", type=Path, metavar="OUT", help="write where every column went, as CSV")
    check.add_argument("--suggest-mapping", type=Path, metavar="OUT", help="write a mapping to begin with, and say why")
    _add_what(made)
    _add_of_whom(made)
    _add_print_options(made)
    return whole


def _add_what(made: argparse.ArgumentParser) -> None:
    made.add_argument("--out", type=Path, help="directory for the files")
    made.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="ID",
        help="only this exhibit, or those of a pattern: survival.os*",
    )
    made.add_argument(
        "--set",
        action="append",
        default=[],
        type=_setting,
        metavar="ID.OPTION=VALUE",
        help="an option of an exhibit, or of those of a pattern",
    )
    made.add_argument(
        "--list",
        nargs="?",
        const="text",
        choices=("text", "json"),
        help="print the exhibits of these data with their options, and write nothing",
    )
    made.add_argument(
        "--format",
        choices=KINDS,
        help="one document of all exhibits, or a package of everything, instead of a file each",
    )
    made.add_argument("--title", default="", help="title of the document")
    made.add_argument("--pseudonyms", action="store_true", help="patients as P01, P02 ...")
    made.add_argument(
        "--no-methods", action="store_true", help="without methods, references and STROBE list at the end"
    )


def _add_of_whom(made: argparse.ArgumentParser) -> None:
    made.add_argument("--by", help="column that splits the cohort; a number as age@60,70; - for no groups")
    made.add_argument(
        "--where",
        action="append",
        metavar="FILTER",
        help=(
            'emd=yes, "age=18..65", "arm=A|B"; of the course: "CRS >= 3", "never ICANS >= 2 by day 30", "response >='
            ' VGPR by month 3", "detectable at day 28 in blood", "received bridging by day 0"; |? at the end keeps'
            " those of whom it is not known"
        ),
    )
    made.add_argument(
        "--mask",
        type=int,
        metavar="N",
        help="mask counts of patients below N; exhibits of single patients are not made",
    )
    made.add_argument("--unit", choices=UNITS, help="unit of time; default: that of the study")
    made.add_argument("--infusion", type=int, help="infusion from which days count; default: 1")
    made.add_argument("--include-excluded", action="store_true", help="add patients outside the analysis set")


def _add_print_options(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--formats",
        type=_formats,
        help=(
            f"of figures: {','.join(FORMATS)}; of tables, beside CSV: {','.join(BESIDE_CSV)}; parted by commas, empty"
            f" for none; default: {','.join(USUAL_FORMATS)}, in a package {','.join(PACKED_FORMATS)}"
        ),
    )
    made.add_argument(
        "--scripts",
        action="store_true",
        help=(
            "also write a Python script of each exhibit, and of curves one in R with its data; a package always has"
            " them"
        ),
    )
    made.add_argument(
        "--width",
        help=f"of figures on paper (of a document 174mm by default): {', '.join(SIZES)}, or another such as 120mm",
    )
    made.add_argument("--dpi", type=int, choices=RESOLUTIONS, help="dots an inch of PNG and TIFF; default: 300")
    made.add_argument("--colours", choices=COLOURS, help="bw: black and white with dashes and patterns")
    made.add_argument("--caption", choices=CAPTIONS, help="beside: as a text file of the same name")
    made.add_argument("--no-title", action="store_true", help="no title above the figures")


def _setting(text: str) -> tuple[str, str, str]:
    """ "survival.os.ci_scale=log" -> survival.os, ci_scale, log"""
    place, equals, value = text.partition("=")
    exhibit, _, option = place.strip().rpartition(".")
    if not equals or not exhibit:
        raise argparse.ArgumentTypeError(f'"{text}" is no setting; write it as survival.os.ci_scale=log')
    return exhibit, option, value


def _formats(text: str) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = ", ".join(part for part in chosen if part not in (*FORMATS, *TABLE_FORMATS))
    if unknown:
        raise argparse.ArgumentTypeError(
            f"no such format: {unknown}; there are {', '.join((*FORMATS, *TABLE_FORMATS))}"
        )
    return chosen
