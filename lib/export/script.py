"""A short Python script that makes one exhibit again: it needs `lib` and the reader's own file, and holds no data of
it.

And the files of the R script that some exhibits have, with the data that it reads."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lib import VERSION
from lib.cohort.grouping import written
from lib.cohort.model import Cohort
from lib.cohort.view import FINGERPRINT_LENGTH, View, first_view, is_customised, written_groups
from lib.export.provenance import APP, file_name
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.spec import RScript

FILE: Final = "cohort.xlsx"
MAPPING: Final = "mapping.json"
WHICH_PATIENT: Final = "write the patient_id here"


@dataclass(frozen=True)
class Seen:
    """What an exhibit was made of: the opened cohort by the first letters of its fingerprint, and what `lib.analysis`
    is asked for.

    `mapped`: the columns were sorted out by saved answers. Where several files were opened together, `files` counts
    them. `coded`: it was opened with study codes in the place of the ids of its patients.
    """

    fingerprint: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    mapped: bool = False
    files: int = 1
    coded: bool = False


def seen(view: View, cohort: Cohort, known_at: Mapping[str, float | None], mask_below: int = 0) -> Seen:
    """The view as arguments of `lib.analysis`; what is usual is left out, the grouping never."""
    arguments: dict[str, Any] = {"by": written(view.grouping)}
    if where := [str(clause) for clause in (*view.selection.clauses, *view.selection.course)]:
        arguments["where"] = where
    if view.unit != first_view(cohort).unit:
        arguments["unit"] = view.unit
    if view.selection.infusion != 1:
        arguments["infusion"] = view.selection.infusion
    if view.selection.include_excluded:
        arguments["include_excluded"] = True
    if is_customised(view.grouping, cohort):
        arguments["groups"] = json.loads(written_groups(view.grouping))
    if known_at:
        arguments["known_at"] = dict(known_at)
    if mask_below:
        arguments["mask_below"] = mask_below
    return Seen(cohort.fingerprint[:FINGERPRINT_LENGTH], arguments, cohort.mapped, cohort.files, cohort.coded)


def python_script(exhibit_id: str, options: Mapping[str, Any], of: Seen, exhibit: Exhibit, patient: str = "") -> str:
    """The script of the exhibit that is listed under this id, with these options (those that are not the usual ones),
    of this patient where it is of one. Of the exhibit itself only its kind and title are written."""
    names = [FILE] if of.files == 1 else [f"table_{number}.csv" for number in range(1, of.files + 1)]
    mapping = [f"MAPPING = {MAPPING!r}  # what the columns mean: “Save these answers” where the file was opened"]
    asked = [repr(exhibit_id), *(["patient=PATIENT"] if patient else []), *_written(options)]
    picture = [f"made.save({file_name(exhibit.id, 'pdf')!r}, width_mm=174)"] if isinstance(exhibit, Figure) else []
    lines = [
        (
            f"# {' '.join(exhibit.title.split())}: as shown by {APP} {VERSION}. Run it in the folder that holds lib,"
            " with its Python."
        ),
        "from lib import analysis, open_cohort",
        *(["from lib.cohort.analysis import with_study_codes"] if of.coded else []),
        "",
        f"FILES = {names!r}  # your workbook, or your files with one table each",
        *(mapping if of.mapped else []),
        *([f"PATIENT = {patient!r}"] if patient else []),
        "",
        (
            "cohort ="
            f" {'with_study_codes(' if of.coded else ''}"
            f"open_cohort(*FILES{', mapping=MAPPING' if of.mapped else ''}){')' * of.coded}"
        ),
        f"if not cohort.fingerprint.startswith({of.fingerprint!r}):",
        '    print("This is not the file that the script was made from: numbers may differ.")',
        f"view = analysis({', '.join(['cohort', *_written(of.arguments)])})",
        f"made = view.make({', '.join(asked)})",
        *picture,
        f"made.save({file_name(exhibit.id, 'csv')!r})",
        "print(made.numbers.to_string(index=False))",
        *(["print(made.tests.to_string(index=False))"] if exhibit.tests else []),
    ]
    return "\n".join(lines) + "\n"


def r_files(exhibit_id: str, in_r: Callable[[str], RScript | None]) -> dict[str, bytes]:
    """The R script of an exhibit and its data by the names of their files; nothing where it has none."""
    data_file = file_name(exhibit_id, "r.csv")
    found = in_r(data_file)
    if found is None:
        return {}
    return {file_name(exhibit_id, "R"): found.text.encode(), data_file: found.data.to_csv(index=False).encode()}


def packed(files: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP archive, the same bytes of the same files."""
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return archive.getvalue()


def _written(arguments: Mapping[str, Any]) -> list[str]:
    return [f"{name}={value!r}" for name, value in arguments.items()]
