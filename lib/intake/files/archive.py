"""A .zip of tables -> the tables in it, each as a file of its own; what is no table is refused in one sentence."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from lib.intake import vocabulary
from lib.intake.files.grid import SourceFile
from lib.intake.files.guard import COMPRESSIONS, DAMAGE
from lib.intake.files.limits import MIB, MOST_BYTES, Unsafe

MOST_MEMBERS: Final = 100
MOST_MEMBER_BYTES: Final = 100 * MIB  # together
MARKS_OF_A_WORKBOOK: Final = ("[content_types].xml", "mimetype", "content.xml", "xl/workbook.xml", "xl/workbook.bin")
TABLES: Final = vocabulary(
    ".xlsx .xlsm .xls .ods .htm .html .xml .csv .tsv .txt .xpt .sas7bdat .sav .zsav .por .dta .parquet"
)
NO_FILES: Final = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")  # what a system adds by itself


def unpacked(files: Sequence[SourceFile]) -> list[SourceFile]:
    """The files, with the members of every .zip of tables in its place. Raises Unsafe."""
    return [member for file in files for member in _members(file)]


def _members(file: SourceFile) -> Iterator[SourceFile]:
    is_named_zip = file.name.lower().endswith(".zip")
    if not is_named_zip and file.content[:4] != b"PK\x03\x04":
        yield file
        return
    if len(file.content) > MOST_BYTES:
        raise Unsafe(f'The archive "{file.name}" is larger than {MOST_BYTES // MIB} MB. Open its tables one by one.')
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            if any(name.lower() in MARKS_OF_A_WORKBOOK for name in archive.namelist()):
                yield file
            else:
                yield from _tables(file.name, archive)
    except Unsafe:
        raise
    except DAMAGE as error:
        if not is_named_zip:
            yield file  # a damaged workbook; the guard has the sentence for it
            return
        raise Unsafe(f'The archive "{file.name}" is damaged and cannot be read. Make it again.') from error


def _tables(name: str, archive: zipfile.ZipFile) -> Iterator[SourceFile]:
    members = [member for member in archive.infolist() if not _is_no_file(member)]
    if problem := next(filter(None, map(_problem, members)), None) or _problem_of_all(members):
        raise Unsafe(f'The archive "{name}" {problem}')
    names = Counter(PurePosixPath(member.filename).name for member in members)
    for member in members:
        short = PurePosixPath(member.filename).name
        with archive.open(member) as stream:
            content = stream.read(MOST_BYTES + 1)  # never more, whatever size the archive says
        yield SourceFile(short if names[short] == 1 else member.filename, content)


def _is_no_file(member: zipfile.ZipInfo) -> bool:
    return member.is_dir() or any(part in NO_FILES for part in PurePosixPath(member.filename).parts)


def _problem(member: zipfile.ZipInfo) -> str | None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    reported = f'holds "{member.filename[:100]}", '
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return f"{reported}a name that leads out of it. It was not opened; make a new archive of the tables alone."
    if path.suffix.lower() in (".zip", ".gz", ".7z", ".rar"):
        return f"{reported}an archive within the archive. Unpack that one first."
    if member.flag_bits & 1:
        return "is protected by a password. Unpack it and open the tables in it."
    if path.suffix.lower() not in TABLES:
        return f"{reported}which is no table. Take it out, or open the tables one by one."
    if member.compress_type not in COMPRESSIONS or member.file_size > MOST_BYTES:
        return (
            f"{reported}which is larger than {MOST_BYTES // MIB} MB or packed in a way that is not read. Open it by"
            " itself."
        )
    return None


def _problem_of_all(members: Sequence[zipfile.ZipInfo]) -> str | None:
    if not members:
        return "holds no table. Put the .xlsx or .csv files into it."
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_MEMBER_BYTES:
        return (
            f"holds more than {MOST_MEMBERS} files or unfolds to more than {MOST_MEMBER_BYTES // MIB} MB. "
            "Open only the tables that are needed."
        )
    return None
