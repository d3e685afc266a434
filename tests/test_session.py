"""A saved session: what is saved comes back, a stranger's JSON is refused in one sentence, no data is in it, and what
changed is said."""

import json
import subprocess
import sys
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake.drafts import sheets, table
from openpyxl import load_workbook
from walking import ROOT

from lib import analysis, open_cohort
from lib.__main__ import CLEAN, UNREADABLE, main
from lib.cohort.view import from_parameters
from lib.export.composition import PrintForm
from lib.export.report import Item
from lib.intake.draft import read_draft
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe
from lib.intake.infer.edits import edit_key
from lib.intake.infer.question import coded
from lib.ledger import Look
from lib.publication.options import written
from lib.session import MOST_BYTES, NotASession, SavedSession, from_text, saved_session, to_text
from lib.session_opened import analysis_of, changes, headline_numbers, open_session, usable_settings

EXAMPLE = ROOT / "data" / "pomalidomide_cohort.xlsx"
LOOKED_AT = {"where": ["emd=no", "never CRS >= 3"], "by": ["sex"], "unit": ["weeks"]}
GROUPS = '{"groups":[["Women",["F"],"#112233"],["Men",["M"],""]],"reference":"Men"}'
ITEMS = (Item("survival.os.summary", "Deaths", "Words of my own."), Item("swimmer.plot"))
LOOKS = (asdict(Look("survival.os", "Overall survival", "", "arm", "A v B", "all patients", "log-rank test", 9, 0.2)),)
SMALLEST = {"version": 1, "fingerprint": "a", "n": 1, "view": {}}
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False)


def source(path):
    return [SourceFile(path.name, path.read_bytes())]


@pytest.fixture(scope="module")
def example():
    """The example as somebody's own file, a view of it and its session."""
    draft = read_draft(source(EXAMPLE))
    cohort = draft.opened.with_known_at("sex", 5.0)
    view, dropped = from_parameters({**LOOKED_AT, "groups": [GROUPS]}, cohort)
    assert not dropped
    options = {"survival.os": {"ci_scale": "log"}, "survival.os.summary": {"ci_scale": "log"}}
    chosen = [(of, name, text) for of, each in options.items() for name, text in each.items()]
    numbers = headline_numbers(analysis_of(cohort, view), chosen, [item.id for item in ITEMS])
    saved = saved_session(
        cohort,
        view,
        draft,
        options=options,
        known_at={"sex": 5.0},
        shown={"endpoint": "os"},
        items=ITEMS,
        title="Mine",
        form=PrintForm("85mm", 600, "bw"),
        ledger=LOOKS,
        numbers=numbers,
        formats=("svg", "tex"),
    )
    return saved, cohort, view


@pytest.fixture(scope="module")
def one_more(tmp_path_factory):
    """The same file with a patient and a column more, and a column less."""
    book = load_workbook(EXAMPLE)
    sheet = book["Patients"]
    names = [cell.value for cell in sheet[1]]
    like = next(row for row in sheet.iter_rows(min_row=2, values_only=True) if row[names.index("emd")] == "no")
    sheet.append(["P99", *like[1:]])
    sheet.cell(1, len(names) + 1, "ecog")
    sheet.cell(1, names.index("prior_asct") + 1, "earlier transplant")
    book["Endpoints"].append(["P99", "os", 20, "months", 0])
    path = tmp_path_factory.mktemp("june") / "june.xlsx"
    book.save(path)
    return path


def test_what_is_saved_comes_back_and_gives_the_same_view(example):
    saved, _, view = example
    again = from_text(to_text(saved))
    assert again == saved
    opened, looked_at, dropped = open_session(again, source(EXAMPLE))
    assert looked_at == view and not dropped and opened.variable("sex").known_at == 5.0
    assert changes(again, opened, looked_at) == ("Same file.",)
    assert [group.colour for group in looked_at.grouping.groups] == ["#112233", ""]


@given(
    st.builds(
        SavedSession,
        fingerprint=WORDS,
        n=st.integers(0, 10**9),
        view=st.dictionaries(st.sampled_from(["where", "by", "unit", "groups"]), st.lists(WORDS).map(tuple)),
        created=WORDS,
        columns=st.dictionaries(WORDS, st.lists(WORDS).map(tuple)),
        study_codes=st.booleans(),
        known_at=st.dictionaries(WORDS, NUMBERS),
        options=st.dictionaries(WORDS, st.dictionaries(WORDS, WORDS)),
        shown=st.dictionaries(WORDS, WORDS),
        title=WORDS,
        items=st.lists(st.builds(Item, WORDS, WORDS, WORDS)).map(tuple),
        form=st.sampled_from([None, PrintForm(), PrintForm("120mm", 600, "grey", "none", False)]),
        ledger=st.lists(
            st.builds(Look, *[WORDS] * 7, st.integers(0, 10**9), st.none() | st.floats(0, 1), WORDS).map(asdict)
        ).map(tuple),
        mask_below=st.integers(0, 99),
        formats=st.none() | st.lists(st.sampled_from(["png", "html"])).map(tuple),
        numbers=st.dictionaries(WORDS, st.dictionaries(WORDS, NUMBERS)),
        left_out=st.lists(WORDS).map(tuple),
    )
)
def test_every_session_is_read_as_it_was_written(saved):
    assert from_text(to_text(saved).encode()) == saved


@given(
    st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda each: (
            st.lists(each, max_size=3)
            | st.dictionaries(
                st.sampled_from([*SMALLEST, "options", "numbers", "items", "mapping", "form", "x"]), each, max_size=6
            )
        ),
    ).map(lambda made: json.dumps(made).encode())
)
def test_any_other_file_is_refused_in_one_sentence_and_never_fails(content):
    try:
        from_text(content)
    except NotASession as refusal:
        assert str(refusal).endswith(".") and "\n" not in str(refusal)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[" * 200_000, "nested too deeply"),
        (
            json.dumps(SMALLEST)[:-1].encode() + b',"mapping":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
            "nested too deeply",
        ),
        (b" " * (MOST_BYTES + 1), "more than 1 MB"),
        (b"\xff\xfe{}", "no text in UTF-8"),
        (b'{"fingerprint":"a","fingerprint":"b"}', "stands twice"),
        (b'{"fingerprint":NaN}', "NaN is no number"),
        (b'{"fingerprint":1e999}', "not JSON compliant"),
        (b'{"fingerprint":' + b"9" * 5000 + b"}", "limit"),
        (b'{"fingerprint":"\\ud800","version":1}', "no text in UTF-8"),
        (b'{"version":2,"sheets":[]}', "saved answers about columns"),
        (SMALLEST | {"version": 2}, "version 2"),
        (SMALLEST | {"version": True}, "version true"),
        (SMALLEST | {"n": "1"}, 'n: "1" stands there; it must be a whole number'),
        (SMALLEST | {"n": -1}, "n: -1"),
        (SMALLEST | {"n": 10**300}, "n: 1000"),
        (SMALLEST | {"patients": []}, "patients: it is not known here"),
        (SMALLEST | {"view": {"patient": ["P1"]}}, '"patient" is not known here'),
        (SMALLEST | {"items": [{"id": "a", "data": 1}]}, "items.0.data: it is not known here"),
        (SMALLEST | {"form": {"dpi": 10_000}}, "no resolution"),
        (SMALLEST | {"options": {"a": {"b": 1}}}, "options.a.b: 1 stands there; it must be a text"),
        (SMALLEST | {"ledger": [{"a": [1]}]}, "ledger.0.a"),
        (SMALLEST | {"ledger": [{"a": 1}]}, "ledger: it holds something that is no comparison"),
        (SMALLEST | {"ledger": [LOOKS[0] | {"p": 2}]}, "ledger: it holds something that is no comparison"),
        (SMALLEST | {"mask_below": 100}, "mask_below: 100"),
        (SMALLEST | {"mapping": {"sheets": 5}}, "Its mapping: sheets"),
        ({"version": 1, "fingerprint": "a", "view": {}}, "n: it is missing"),
    ],
)
def test_hostile_json_is_refused_in_one_sentence(content, said):
    with pytest.raises(NotASession) as refused:
        from_text(content if isinstance(content, bytes) else json.dumps(content))
    assert said in str(refused.value) and len(str(refused.value)) < 600


def test_a_session_never_holds_a_patient_or_the_name_of_the_file(example):
    saved, cohort, _ = example
    text = to_text(saved)
    assert EXAMPLE.stem not in text
    assert not [each for each in cohort.patients["patient_id"] if f'"{each}"' in text or f" {each} " in text]
    rows = [f"{40 + n},{n % 2 + 1},Subject-{n},{n + 0.5}" for n in range(12)]
    turned = table("\n".join(["age,status,subject,crp", *rows]), name="secret name.csv")
    names = ",".join(f"Mary-{n}" for n in range(7))
    wide = sheets(
        {
            "Sheet1": (
                f"patient_id,{names}\nage,50,60,70,51,52,53,54\nsex,F,M,F,F,F,M,M\narm,A,B,A,A,B,B,B\nemd,yes,no,yes,no,no,no,yes"
            )
        }
    )
    assert wide.mapping.sheets[0].transposed
    paired = turned.answered(edit_key("ids"), json.dumps({"pairs": {"Subject-1": "Subject-2"}}))
    for draft, ids in ((turned, "Subject-"), (wide, "Mary-"), (paired, "Subject-")):
        cohort = draft.opened
        text = to_text(saved_session(cohort, from_parameters({}, cohort)[0], draft))
        assert ids not in text, text
    assert "pair them again" in text


def test_what_changed_in_a_newer_file_is_said(example, one_more):
    saved, _, _ = example
    cohort, view, dropped = open_session(saved, source(one_more))
    said = changes(saved, cohort, view)
    assert not dropped and said[0] == "One patient more: 17, were 16." and "Same file." not in said
    assert "New in Patients: earlier transplant, ecog." in said and "Gone in Patients: prior_asct." in said
    assert "Patients looked at: 8, were 7." in said and "Patients (Women): 5, were 4." in said
    moved = [each for each in said if each.startswith("Median overall survival (Women)")]
    table = analysis(cohort, session=_written(saved, one_more.parent)).make("survival.os.summary").numbers
    assert moved and all("weeks, was" in each for each in moved) and int(table["n"].sum()) == 8


def test_what_a_session_asks_for_and_the_file_does_not_have_is_said(example):
    saved, _, _ = example
    asked = replace(
        saved,
        view={"where": ("iss=3",), "by": ("site",)},
        known_at={"site": 3.0},
        items=(Item("survival.pfs", "PFS"),),
        program="0.0.9",
        options={"survival.pfs": {"ci_scale": "log"}, "survival.os": {"ci_scale": "cubic", "sky": "blue"}},
    )
    cohort, view, dropped = open_session(asked, source(EXAMPLE))
    said = " ".join([*dropped, *changes(asked, cohort, view)])
    for words in (
        'no column "site"',
        '"iss"',
        "do not give survival.pfs",
        '"cubic" is not a value of ci_scale',
        'no option "sky"',
        "Of the report: these data do not give PFS",
        "version 0.0.9",
    ):
        assert words in said, said
    assert usable_settings(asked, analysis_of(cohort, view))[0] == ()


def test_a_file_of_one_s_own_is_read_by_the_answers_of_the_session():
    rows = [f"S{n},{50 + n},{20 + 9 * n},{n % 2 + 1}" for n in range(40)]
    draft = table("\n".join(["subject,age,time,status", *rows]))
    unanswered = replace(saved_session(draft.opened, from_parameters({}, draft.opened)[0]), mapping=None)
    with pytest.raises(Unsafe, match="The session does not say; answer it on the page Home"):
        open_session(unanswered, draft.source.files)
    meaning = coded({"2": "event", "1": "censored"})
    draft = draft.all_answered({"endpoint:s:time": "os", "unit:s:time": "days", "event_values:s:status": meaning})
    assert not draft.blocking
    saved = saved_session(draft.opened, from_parameters({}, draft.opened)[0], draft)
    cohort, _, dropped = open_session(from_text(to_text(saved)), draft.source.files)
    assert not dropped and int(cohort.endpoints["event"].sum()) == 20
    assert all(cohort.tables[name].equals(draft.opened.tables[name]) for name in cohort.tables)


def _written(saved, folder):
    path = folder / "s.json"
    path.write_text(to_text(saved), encoding="utf-8")
    return path


def test_the_command_line_gives_what_python_gives_and_options_win_over_the_session(example, tmp_path):
    saved, _, _ = example
    path = _written(saved, tmp_path)
    run = ["report", str(EXAMPLE), "--session", str(path), "--formats", ""]
    assert main([*run, "--out", str(tmp_path / "one")]) == CLEAN
    found = json.loads((tmp_path / "one" / "results.json").read_text())
    assert [each["id"] for each in found["exhibits"]] == ["survival.os.summary", "swimmer.plot"]
    assert found["provenance"]["group_by"] == "sex" and found["provenance"]["n"] == 7
    assert main([*run[:-2], "--only", "survival.os.summary", "--out", str(tmp_path / "formats")]) == CLEAN
    assert sorted(each.name for each in (tmp_path / "formats").glob("survival*")) == [
        "survival.os.summary.csv",
        "survival.os.summary.tex",
    ]
    view = analysis(open_cohort(EXAMPLE, session=path), session=path)
    assert view.changes == ("Same file.",)
    made = view.make("survival.os.summary").exhibit
    table = next(each for each in found["exhibits"] if each["id"] == "survival.os.summary")
    assert json.loads(json.dumps([list(row) for row in made.numbers.rows])) == table["table"]["rows"]
    assert "(log)" in made.method
    over = "--where emd=yes --by arm --set survival.os.summary.ci_scale=plain --only survival.os.summary"
    assert main([*run, *over.split(), "--out", str(tmp_path / "two")]) == CLEAN
    found = json.loads((tmp_path / "two" / "results.json").read_text())
    assert (found["provenance"]["n"], found["provenance"]["group_by"]) == (7, "arm")
    assert "(plain)" in found["exhibits"][0]["method"]


def test_the_session_of_the_example_gives_the_same_results_json_in_a_new_process(tmp_path):
    draft = read_draft(source(EXAMPLE))
    view, _ = from_parameters(LOOKED_AT, draft.opened)
    path = _written(saved_session(draft.opened, view, draft), tmp_path)
    by_hand = [f"--where={each}" for each in LOOKED_AT["where"]] + ["--by", "sex", "--unit", "weeks"]
    only = [part for pattern in ("baseline.table_one", "survival.os") for part in ("--only", pattern)]

    def run(name, *asked):
        return ["report", str(EXAMPLE), *asked, *only, "--formats", "", "--out", str(tmp_path / name)]

    again = [sys.executable, "-m", "lib", *run("session", "--session", str(path))]
    subprocess.run(again, cwd=ROOT, check=True, capture_output=True)
    assert main(run("hand", *by_hand)) == CLEAN
    assert (tmp_path / "session" / "results.json").read_bytes() == (tmp_path / "hand" / "results.json").read_bytes()


def test_check_says_what_changed_and_a_wrong_session_is_refused(example, one_more, tmp_path, capsys):
    path = _written(example[0], tmp_path)
    main(["check", str(one_more), "--session", str(path)])
    assert "session: One patient more: 17, were 16." in capsys.readouterr().out
    path.write_text("{}")
    assert main(["check", str(EXAMPLE), "--session", str(path)]) == UNREADABLE
    assert "This is not a saved session." in capsys.readouterr().err


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_of_an_option_is_written_so_that_it_reads_back(number):
    assert float(written(number)) == number


def test_small_cells_are_masked_as_the_session_says_unless_something_else_is_asked_for(example, tmp_path):
    _, cohort, view = example
    numbers = headline_numbers(analysis_of(cohort, view, 5))
    assert numbers["patients"] != headline_numbers(analysis_of(cohort, view))["patients"]
    assert None in numbers["patients"].values()
    saved = saved_session(cohort, view, read_draft(source(EXAMPLE)), numbers=numbers, mask_below=5)
    opened, looked_at, _ = open_session(saved, source(EXAMPLE))
    assert changes(saved, opened, looked_at) == ("Same file.",), "what is masked did not move"
    path = tmp_path / "s.json"
    path.write_text(to_text(saved), encoding="utf-8")

    def masked(*more):
        asked = ("report", str(EXAMPLE), "--session", str(path), "--out", str(tmp_path), "--formats", "")
        assert main([*asked, "--only", "baseline.table_one", *more]) == CLEAN
        given = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["provenance"]
        return given.get("counts_masked_below")

    assert masked() == 5 and masked("--mask", "3") == 3 and masked("--mask", "0") is None
    assert analysis(open_cohort(EXAMPLE, session=path), session=path).analysis.mask_below == 5
    assert analysis(open_cohort(EXAMPLE, session=path), session=path, mask_below=0).analysis.mask_below == 0
