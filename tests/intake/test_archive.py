"""A zip of tables is its tables; everything else in a zip is refused in one sentence."""

import io
import zipfile

import pytest
from workbooks import FOUR, text_table, xlsx

from intake.hostile import encrypted_parts, repeated, zipped
from lib.intake.files import formats
from lib.intake.files.formats import unpacked
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe

CSV = "patient_id,os\nP1,3\n"


def refusal(content: bytes, name: str = "tables.zip") -> str:
    with pytest.raises(Unsafe) as refused:
        unpacked([SourceFile(name, content)])
    return str(refused.value)


def test_the_tables_of_an_archive_take_its_place():
    inner = zipped(
        {
            "study/patients.csv": CSV,
            "study/labs/crp.csv": CSV,
            "__MACOSX/study/._patients.csv": "x",
            "study/.DS_Store": "x",
        }
    )
    files = unpacked([SourceFile("a.csv", b"a"), SourceFile("study.zip", inner), SourceFile("b.csv", b"b")])
    assert [file.name for file in files] == ["a.csv", "patients.csv", "crp.csv", "b.csv"]
    assert files[1].content == CSV.encode()


def test_two_tables_of_one_name_keep_their_folders():
    files = unpacked([SourceFile("study.zip", zipped({"a/labs.csv": CSV, "b/labs.csv": CSV}))])
    assert [file.name for file in files] == ["a/labs.csv", "b/labs.csv"]


@pytest.mark.parametrize("name", ["cohort.xlsx", "cohort.zip", "cohort.csv"])
def test_a_workbook_is_no_archive_whatever_its_name(name):
    file = SourceFile(name, xlsx({"Patients": FOUR}))
    assert unpacked([file]) == [file]


def test_an_archive_without_the_right_name_is_one_all_the_same():
    assert [file.name for file in unpacked([SourceFile("a", zipped({"p.csv": CSV}))])] == ["p.csv"]


def test_a_damaged_workbook_is_left_to_its_reader():
    file = SourceFile("cohort.xlsx", xlsx({"Patients": FOUR})[:500])
    assert unpacked([file]) == [file]


def lzma() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("p.csv", CSV)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(zipped({"a.zip": "x"}), "an archive within the archive", id="nested"),
        pytest.param(zipped({"../a.csv": CSV}), "a name that leads out of it", id="dots"),
        pytest.param(zipped({"/etc/a.csv": CSV}), "a name that leads out of it", id="absolute"),
        pytest.param(zipped({"C:/a.csv": CSV}), "a name that leads out of it", id="a drive"),
        pytest.param(zipped({"..\\a.csv": CSV}), "a name that leads out of it", id="Windows dots"),
        pytest.param(zipped({"a.csv": CSV, "letter.pdf": "x"}), '"letter.pdf", which is no table', id="a letter"),
        pytest.param(zipped({f"{number}.csv": "a" for number in range(101)}), "more than 100 files", id="many"),
        pytest.param(zipped({"a.csv": repeated("", b"0" * (1 << 20), 30, "")}), "larger than 25 MB", id="one bomb"),
        pytest.param(
            zipped({f"{number}.csv": repeated("", b"0" * (1 << 20), 24, "") for number in range(5)}),
            "unfolds to more than 100 MB",
            id="five bombs",
        ),
        pytest.param(zipped({}), "holds no table", id="empty"),
        pytest.param(zipped({"a.csv": CSV})[:-10], "is damaged", id="cut off"),
        pytest.param(b"no zip", "is damaged", id="no zip"),
        pytest.param(lzma(), "packed in a way that is not read", id="another packing"),
        pytest.param(bytes(26 << 20), "larger than 25 MB", id="large"),
    ],
)
def test_archives_that_are_refused(content, words):
    assert words in refusal(content)
    assert "\n" not in refusal(content) and refusal(content).endswith(".")


def test_encrypted_members_are_refused():
    flagged = encrypted_parts().replace(b"[Content_Types].xml", b"[Content_Types].csv").replace(b".xml", b".csv")
    assert "password" in refusal(flagged.replace(b".rels", b".xlsx"[:5]))


def test_text_tables_keep_their_bytes():
    content = text_table(FOUR, ";", "cp1252")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zip_file:
        zip_file.writestr("p.csv", content)
    assert unpacked([SourceFile("p.zip", packed.getvalue())])[0].content == content
    assert formats.MOST_MEMBERS == 100
