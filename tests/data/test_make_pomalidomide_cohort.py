"""The example is what its script makes now, and says that it is synthetic."""

from hashlib import sha256

import make_pomalidomide_cohort
from pandas.testing import assert_frame_equal
from workbook import write_workbook
from workbooks import DATA, example

from data.cells import cells_of
from lib.intake.draft import kept_reading, known_by
from lib.intake.transport import FRAMES

KEPT = DATA / "pomalidomide_cohort.read"


def test_the_example_in_the_folder_is_what_the_script_makes_now(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(make_pomalidomide_cohort, "write_workbook", lambda *arguments: made.append(arguments))
    make_pomalidomide_cohort.main()
    ((path, tables),) = made
    write_workbook(tmp_path / path.name, tables)
    old, new = cells_of(DATA / path.name), cells_of(tmp_path / path.name)
    assert list(old) == list(new)
    for sheet in old:
        assert old[sheet] == new[sheet], f"{sheet} differs; run: python data/make_pomalidomide_cohort.py"


def test_the_reading_kept_beside_it_is_what_is_read_now():
    content, kept = (DATA / "pomalidomide_cohort.xlsx").read_bytes(), KEPT.read_bytes()
    was = known_by(sha256(content).hexdigest(), kept)
    now = known_by(was.fingerprint, kept_reading(content, was.name))
    differ = [name for name in vars(was) if name not in FRAMES and getattr(was, name) != getattr(now, name)]
    assert not differ, "run: python data/make_pomalidomide_cohort.py"
    for name, table in {"patients": was.patients, **was.tables}.items():
        assert_frame_equal(table, {"patients": now.patients, **now.tables}[name])


def test_a_reading_is_of_no_other_workbook():
    assert known_by(sha256(b"another").hexdigest(), KEPT.read_bytes()) is None and known_by("", b"") is None


def test_it_says_that_it_is_synthetic():
    study = example().study
    assert study.synthetic and study.note.startswith("synthetic, constructed to match published summaries")
    assert study.data_cutoff == "2023-07-31"


def test_terms_whose_names_are_not_known_have_none():
    unnamed = {term for term in example().vocabulary["term"] if term.startswith("Unnamed")}
    assert unnamed == {f"Unnamed term {number}" for number in range(11, 18)}
    assert example().adverse_events.query("term in @unnamed")["grade"].isna().all()
