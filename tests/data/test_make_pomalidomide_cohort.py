"""The example is what its script makes now, and says that it is synthetic."""

import make_pomalidomide_cohort
from workbook import write_workbook
from workbooks import DATA, example

from data.cells import cells_of


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


def test_it_says_that_it_is_synthetic():
    study = example().study
    assert study.synthetic and study.note.startswith("synthetic, constructed to match published summaries")
    assert study.data_cutoff == "2023-07-31"


def test_terms_whose_names_are_not_known_have_none():
    unnamed = {term for term in example().vocabulary["term"] if term.startswith("Unnamed")}
    assert unnamed == {f"Unnamed term {number}" for number in range(11, 18)}
    assert example().adverse_events.query("term in @unnamed")["grade"].isna().all()
