"""The scripts that a report from the command line writes beside its exhibits."""

import argparse
from collections.abc import Mapping
from functools import partial

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import written
from lib.cohort.view import FINGERPRINT_LENGTH
from lib.exhibits import attempts, chosen
from lib.export.file_name import file_name
from lib.export.script import Seen, python_script, r_files
from lib.notebook import View
from lib.publication.attempt import Failed
from lib.publication.exhibit import Exhibit


def write_scripts(view: View, asked: argparse.Namespace, made: Mapping[str, Exhibit]) -> None:
    """Write the Python script of each exhibit that was `made`, and its R script with the data where it has one."""
    analysis, settings = view.analysis, (*view.settings, *asked.set)
    seen = _seen(analysis, asked)
    for entry, values in chosen(analysis, asked.only or tuple(made), settings):
        exhibit = made.get(entry.id) or next(attempts(analysis, (entry.id,), settings), None)  # an option may rename it
        if exhibit is None or isinstance(exhibit, Failed) or isinstance(entry, Failed):
            continue
        options = entry.spec.unusual(analysis, entry.variant, values)
        patient = str(entry.variant) if entry.spec.of_one_patient else ""
        files = {file_name(entry.id, "py"): python_script(entry.id, options, seen, exhibit, patient).encode()}
        files |= r_files(entry.id, partial(entry.spec.r_script, analysis, entry.variant, values))
        for name, content in files.items():
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
    return Seen(analysis.opened.fingerprint[:FINGERPRINT_LENGTH], arguments, bool(asked.mapping), len(asked.file))
