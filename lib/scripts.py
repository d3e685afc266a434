"""The scripts of a report: they make its exhibits again from the reader's own file. From the page and from the command
line they are the same."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from lib.cohort.analysis import Analysis
from lib.exhibits import Entry, Settings, attempts, chosen
from lib.export.provenance import file_name
from lib.export.script import Seen, python_script, r_files
from lib.publication.exhibit import Exhibit
from lib.publication.spec import Failed


def script_files(
    analysis: Analysis, entry: Entry, values: Mapping[str, Any], seen: Seen, exhibit: Exhibit
) -> dict[str, bytes]:
    """The Python script of this exhibit, made with these values, and its R script with the data where it has one, by
    file name."""
    options = entry.spec.unusual(analysis, entry.variant, values)
    patient = str(entry.variant) if entry.spec.of_one_patient else ""
    python = python_script(entry.id, options, seen, exhibit, patient)
    in_r = r_files(entry.id, partial(entry.spec.r_script, analysis, entry.variant, values))
    return {file_name(entry.id, "py"): python.encode(), **in_r}


def report_scripts(
    analysis: Analysis, only: Sequence[str], settings: Settings, seen: Seen, made: Mapping[str, Exhibit]
) -> dict[str, bytes]:
    """The scripts of each exhibit of a report (of `only`, ids or patterns; none: all); `made` are those that were made
    already, by id."""
    files: dict[str, bytes] = {}
    for entry, values in chosen(analysis, only, settings):
        if isinstance(entry, Failed):
            continue
        exhibit = made.get(entry.id) or next(attempts(analysis, (entry.id,), settings), None)  # an option may rename it
        if exhibit is not None and not isinstance(exhibit, Failed):
            files |= script_files(analysis, entry, values, seen, exhibit)
    return files
