"""Names of files: readable, safe, never the same for two exhibits."""

import pytest

from lib.export.provenance import LONGEST, file_name


def test_an_usual_id_is_its_own_name():
    assert file_name("survival.os", "svg") == "survival.os.svg"
    assert file_name("labs.crp.summary", "csv") == "labs.crp.summary.csv"
    assert file_name("survival.总生存", "pdf") == "survival.总生存.pdf"


@pytest.mark.parametrize(
    "endpoint", ["x" * 300, "无进展生存" * 60, "a/b", "..", "a\\b:c*d?", "time to CR", "a\nb", "con|"]
)
def test_any_id_makes_a_name_that_a_file_system_takes(endpoint, tmp_path):
    name = file_name(f"survival.{endpoint}", "csv")
    assert len(name.encode()) <= LONGEST + 9 + 4 and not set(name) & set('/\\:*?"<>|\n')
    (tmp_path / name).write_text("x")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_two_ids_never_share_a_name():
    ids = ["survival.a/b", "survival.a_b", "survival.a:b", "survival." + "x" * 200, "survival." + "x" * 201]
    assert len({file_name(each, "csv") for each in ids}) == len(ids)
