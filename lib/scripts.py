"""The scripts that a report from the command line writes beside its exhibits."""

import argparse
from collections.abc import Mapping
from functools import partial
from typing import Any

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import written
from lib.cohort.view import FINGERPRINT_LENGTH
from lib.exhibits import Entry, attempts, chosen
from lib.export.file_name import file_name
from lib.export.script import Seen, python_script, r_files
from lib.notebook import View
from lib.publication.attempt import Failed
from lib.publication.exhibit import Exhibit


def script_files(
    analysis: Analysis, entry: Entry, values: Mapping[str, Any], seen: Seen, exhibit: Exhibit
) -> dict[str, bytes]:
    """The Python script of this exhibit, made with these values, and its R script with the data where it has one, by file name."""
    options = entry.spec.unusual(analysis, entry.variant, values)
    patient = str(entry.variant) if entry.spec.of_one_patient else ""
    python = python_script(entry.id, options, seen, exhibit, patient)
    in_r = r_files(entry.id, partial(entry.spec.r_script, analysis, entry.variant, values))
    return {file_name(entry.id, "py"): python.encode(), **in_r}


def write_scripts(view: View, asked: argparse.Namespace, made: Mapping[str, Exhibit]) -> None:
    """Write the scripts of each exhibit of a report; `made` are those that were made already, by id."""
    analysis, settings = view.analysis, (*view.settings, *asked.set)
    seen = _seen(analysis, asked)
    for entry, values in chosen(analysis, asked.only or tuple(made), settings):
        exhibit = made.get(entry.id) or next(attempts(analysis, (entry.id,), settings), None)  # an option may rename it
        if exhibit is None or isinstance(exhibit, Failed) or isinstance(entry, Failed):
            continue
        for name, content in script_files(analysis, entry, values, seen, exhibit).items():
            (asked.out / name).write_bytes(content)


def _seen(analysis: Analysis, asked: argparse.Namespace) -> Seen:
    asked_for = {
        "session": asked.session.name if asked.session else "",
        "by": written(analysis.grouping) if asked.by or not asked.session else "",
        "where": list(asked.where or ()),
        "unit": asked.unit,
        "infusion": asked.infusion if asked.infusion != 1 else None,
        "include_excluded": asked.include_excluded,
    }
    arguments = {name: value for name, value in asked_for.items() if value}
    return Seen(
        analysis.opened.fingerprint[:FINGERPRINT_LENGTH],
        arguments,
        bool(asked.mapping),
        len(asked.file),
        asked.pseudonyms,
    )
