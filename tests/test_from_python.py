"""The public interface for scripts and notebooks: the notebook of the docs runs, and says what the page says."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile

import docx
import pytest
from PIL import Image
from walking import ROOT

from lib import analysis, open_cohort
from lib.__main__ import CLEAN, main
from lib.export.composition import NotPrintable
from lib.notebook import Refused
from lib.publication.options import NotAllowed

EXAMPLE = ROOT / "data" / "pomalidomide_cohort.xlsx"


@pytest.fixture(scope="module")
def view():
    return analysis(open_cohort(EXAMPLE), by="arm")


def test_every_cell_of_the_notebook_runs(tmp_path, monkeypatch):
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    cells = json.loads((ROOT / "docs" / "from_python.ipynb").read_text(encoding="utf-8"))["cells"]
    names: dict = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    os_table = names["view"].make("survival.os").numbers
    assert os_table["n"].tolist() == [8, 8] and os_table["events"].tolist() == [8, 2]
    tests = names["view"].make("survival.os.sensitivity").tests
    assert tests.loc[tests["name"].str.startswith("log-rank"), "p"].iloc[0] == pytest.approx(0.0068153, abs=1e-6)
    assert names["landmark"].exhibit.id == "landmark.os" and "2 months" in names["landmark"].exhibit.title
    assert (tmp_path / "figure_2c.svg").read_text().startswith("<svg") and (tmp_path / "figure_2c.txt").exists()


def test_all_ids_can_be_made_and_wrong_ones_are_refused(view):
    assert len(view.ids) > 100 and "survival.os" in view.ids
    with pytest.raises(NotAllowed, match=r"survival\.oss"):
        view.make("survival.oss")
    with pytest.raises(NotAllowed, match=r"survival\.os has no option"):
        view.make("survival.os", colour="red")
    with pytest.raises(NotAllowed, match="It may be log-log, log, plain"):
        view.make("survival.os", ci_scale="cubic")
    with pytest.raises(NotAllowed, match="a number from 1 to 99"):
        view.make("survival.os", share="Custom", share_percent=500)


def test_what_cannot_be_followed_is_one_sentence(view, tmp_path):
    cohort = view.analysis.opened
    for asked, said in (
        ({"by": "armm"}, "no column"),
        ({"where": ["emd=perhaps"]}, "perhaps"),
        ({"unit": "years"}, "days, weeks"),
        ({"infusion": 7}, "infusion 7"),
    ):
        with pytest.raises(Refused, match=said):
            analysis(cohort, **asked)
    with pytest.raises(Refused, match=r"svg, pdf, png, tiff, csv"):
        view.make("survival.os").save(tmp_path / "figure.docx")


def test_a_report_of_chosen_exhibits_is_written_by_the_ending_of_its_path(view, tmp_path):
    view.report(tmp_path / "report.docx", only=["survival.os", "survival.os.summary"], title="For the reviewer")
    word = docx.Document(tmp_path / "report.docx")
    assert word.paragraphs[0].text == "For the reviewer"
    assert (len(word.inline_shapes), len(word.tables)) == (1, 2), "the last is the STROBE list"
    with pytest.raises(Refused, match="It may be html, docx, pptx, pdf, zip"):
        view.report(tmp_path / "report.odt")
    with pytest.raises(Refused, match=r"called survival\.oss"):
        view.report(tmp_path / "report.html", only=["survival.oss"])


def test_a_package_is_that_of_the_command_line(tmp_path):
    asked = [
        "--by",
        "sex",
        "--where",
        "emd=yes",
        "--only",
        "survival.os",
        "--pseudonyms",
        "--no-methods",
        "--formats",
        "tex",
    ]
    assert main(["report", str(EXAMPLE), "--out", str(tmp_path), "--format", "zip", *asked]) == CLEAN
    view = analysis(open_cohort(EXAMPLE), by="sex", where=["emd=yes"])
    view.report(tmp_path / "own.zip", only=["survival.os"], pseudonyms=True, methods=False, formats=["tex"])
    one, other = (contents(tmp_path / name) for name in ("report.zip", "own.zip"))
    assert list(one) == list(other) and {"scripts/survival.os.py", "scripts/survival.os.r.csv"} <= set(one)
    assert [name for name in one if name.startswith("scripts/") and one[name] != other[name]] == []
    assert b"with_study_codes" in other["scripts/survival.os.py"]


def contents(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_figure_is_saved_in_its_printed_size(view, tmp_path):
    made = view.make("survival.os")
    made.save(tmp_path / "one.svg", width_mm=85, caption="beside", title=False)
    root = ET.fromstring((tmp_path / "one.svg").read_text())
    assert root.get("width") == "85mm" and root.get("viewBox").split()[2] == "380"
    reported = (tmp_path / "one.txt").read_text()
    assert reported.startswith("Overall survival by Arm. ") and "Synthetic data:" in reported
    made.save(tmp_path / "two.TIF", size="114mm", dpi=600, colours="bw")
    with Image.open(tmp_path / "two.TIF") as image:
        assert image.width == round(114 / 25.4 * 600) and image.mode == "L"
    with pytest.raises(NotPrintable, match="40 to 500 mm"):
        made.save(tmp_path / "three.svg", width_mm=10)
    assert not (tmp_path / "three.svg").exists() and not (tmp_path / "two.txt").exists()


def test_reading_a_file_loads_no_chart():
    code = (
        "import sys, lib.intake.child; print([name for name in ('altair', 'scipy', 'lib.exhibits') if name in"
        " sys.modules])"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )
