"""Layouts that centres use, each to R's survival with at most five questions."""

import datetime as dt

import pytest
from in_process import in_process

from intake.layouts import COHORT, FLAT, HEADER, R_ALL, R_ARMS, book, curve, draft_of, of_arm, opened
from lib.intake.draft import Draft
from lib.intake.mapping import from_json, to_json
from lib.intake.sheets.block import blocks_of

MOST_QUESTIONS = 5
A, B = FLAT[:8], FLAT[8:]
IDS = [row[0] for row in COHORT]
YELLOW, GREEN = "FFFF00", "92D050"


@pytest.fixture(autouse=True)
def _read_here():
    with in_process():
        yield


def answered(draft: Draft, start: str, answer: str) -> Draft:
    """The draft with the one question that begins so answered."""
    question = next(each for each in draft.suggestion.questions if each.id.startswith(start))
    return draft.answered(question.id, answer)


def settled(draft: Draft) -> Draft:
    """The draft with what is proposed confirmed; at most five questions were asked."""
    assert len(draft.suggestion.questions) <= MOST_QUESTIONS
    for question in draft.open_questions:
        assert question.chosen or question.subject in ("blank",), question.sentence
        draft = draft.answered(question.id, question.chosen) if question.chosen else draft
    return draft


def reported(draft: Draft) -> str:
    return "\n".join(finding.sentence() for finding in opened(draft).findings)


def again(draft: Draft) -> Draft:
    """The same file read by the mapping that was saved of it."""
    return draft.with_saved(from_json(to_json(draft.mapping)))


def test_patients_as_columns():
    draft = settled(draft_of(book({"Data": [list(row) for row in zip(HEADER, *FLAT, strict=True)]})))
    assert curve(opened(draft)) == R_ALL and curve(opened(again(draft))) == R_ALL
    assert "Each column of this sheet is read as one patient" in reported(draft)


def test_a_finding_of_a_turned_sheet_names_its_cell():
    rows = [list(row) for row in zip(HEADER, *FLAT, strict=True)]
    rows[1][3] = "old"  # the age of the third patient: row 2, column D
    (finding,) = [each for each in opened(draft_of(book({"Data": rows}))).findings if each.value == "old"]
    assert (finding.row, finding.column) == (2, "D (Age)")


def test_a_sheet_a_month():
    sheets = {f"2024-0{n + 1}": [HEADER, *FLAT[n * 6 : n * 6 + 6]] for n in range(3)}
    draft = settled(draft_of(book(sheets)))
    assert curve(opened(draft)) == R_ALL == curve(opened(again(draft)))
    assert list(opened(draft).patients["period"].iloc[[0, 6, 15]]) == ["2024-01", "2024-02", "2024-03"]
    assert "3 tables have the same columns and are read as one" in reported(draft)


def test_the_same_patients_in_every_month_stand_once():
    later = [(*row[:3], row[3] + 0.0, row[4]) for row in FLAT]
    early = [(*row[:3], row[3] / 2, 0) for row in FLAT]
    draft = draft_of(book({"Jan 2024": [HEADER, *early], "Feb 2024": [HEADER, *later]}))
    assert any(
        "several rows" in each.sentence or "changes from row to row" in each.sentence for each in draft.open_questions
    )
    assert opened(draft).patients["patient_id"].tolist() == IDS


@pytest.mark.parametrize(
    "names", [("Arm A", "Arm B"), ("Kohorte A", "Kohorte B"), ("axi-cel", "tisa-cel"), ("CAR-T", "Control")]
)
def test_two_arms_on_two_sheets(names):
    draft = draft_of(book(dict(zip(names, ([HEADER, *A], [HEADER, *B]), strict=True))))
    draft = settled(answered(draft, "group:", "group"))
    cohort = opened(draft)
    for name, arm in zip(names, "AB", strict=True):
        assert curve(cohort, patients=of_arm(cohort, name)) == R_ARMS[arm]
    assert curve(cohort) == R_ALL == curve(opened(again(draft)))


def test_a_finding_of_two_sheets_in_one_names_the_right_one():
    rows = [list(row) for row in B]
    rows[2][1] = "old"
    cohort = opened(draft_of(book({"Arm A": [HEADER, *A], "Arm B": [HEADER, *rows]})))
    (finding,) = [each for each in cohort.findings if each.value == "old"]
    assert (finding.sheet, finding.row, finding.column) == ("Arm B", 4, "B (Age)")


def test_sheets_named_after_tests_are_not_put_together():
    wide = ("Patient ID", "D0", "D7", "D14")
    sheets = {
        name: [wide, *[(patient, n, n + 1, n + 2) for n, patient in enumerate(IDS)]] for name in ("CRP", "Ferritin")
    }
    names = {each.sheet for each in draft_of(book({"Patients": [HEADER, *FLAT], **sheets})).suggestion.guesses}
    assert {"CRP", "Ferritin"} <= names


@pytest.mark.parametrize("gap", [True, False])
def test_two_arms_side_by_side(gap):
    space = [None] if gap else []
    rows = [["Arm A", *[None] * (4 + gap), "Arm B"], [*HEADER, *space, *HEADER]]
    rows += [[*left, *space, *right] for left, right in zip(A, B, strict=True)]
    draft = settled(draft_of(book({"Survival data": rows})))
    cohort = opened(draft)
    assert curve(cohort) == R_ALL == curve(opened(again(draft)))
    assert curve(cohort, patients=of_arm(cohort, "Arm B")) == R_ARMS["B"]


def test_two_tables_side_by_side_and_two_below_each_other():
    head = ("Patient ID", "Adverse event", "Grade", "Day of onset")
    events = [(patient, "CRS", n % 4 + 1, n % 5) for n, patient in enumerate(IDS)]
    beside = [[*HEADER, None, *head], *[[*row, None, *event] for row, event in zip(FLAT, events, strict=True)]]
    below = [HEADER, *FLAT, [], ["Toxicity"], head, *events]
    for rows in (beside, below):
        draft = settled(draft_of(book({"All": rows})))
        cohort = opened(draft)
        assert curve(cohort) == R_ALL == curve(opened(again(draft)))
        assert len(cohort.tables["adverse_events"]) == 16 and len(cohort.patients) == 16


@pytest.mark.parametrize("where", ["below", "beside"])
def test_a_summary_is_no_patients_and_is_told(where):
    summary = [("Group", "n", "Median OS (months)"), ("A", 8, 9.5), ("B", 8, 22.0)]
    rows = [HEADER, *FLAT, [], *summary]
    if where == "beside":
        rows = [[*row, None, *(summary[n] if n < 3 else ())] for n, row in enumerate((HEADER, *FLAT))]
    draft = settled(draft_of(book({"All": rows})))
    assert curve(opened(draft)) == R_ALL
    assert ("A19:C21" if where == "below" else "G1:I3") in reported(draft)


def test_columns_after_an_empty_one_belong_to_the_same_patients():
    rows = [[*row, None, extra, "x"] for row, extra in zip((HEADER, *FLAT), ("ECOG", *range(16)), strict=True)]
    rows[0][-1] = "Comment"
    cohort = opened(settled(draft_of(book({"All": rows}))))
    assert curve(cohort) == R_ALL and "ecog" in cohort.patients.columns


@pytest.mark.parametrize(
    "titles",
    [
        ("Arm A", "Arm B"),
        ("Cohort A (dose level 1)", "Cohort B (dose level 2)"),
        ("Gruppe A:", "Gruppe B:"),
        ("Axi-cel", "Tisa-cel"),
    ],
)
def test_titles_alone_in_a_row(titles):
    draft = answered(draft_of(book({"All": [HEADER, [titles[0]], *A, [titles[1]], *B]})), "group:", "group")
    cohort = opened(draft)
    assert curve(cohort) == R_ALL == curve(opened(again(draft)))
    assert curve(cohort, patients=of_arm(cohort, titles[1].rstrip(":"))) == R_ARMS["B"]
    assert "a title of the rows below it" in reported(draft)


def test_a_header_under_each_title():
    draft = settled(draft_of(book({"All": [["Arm A"], HEADER, *A, [], ["Arm B"], HEADER, *B]})))
    cohort = opened(draft)
    assert curve(cohort) == R_ALL and curve(cohort, patients=of_arm(cohort, "Arm A")) == R_ARMS["A"]


def test_a_patient_of_whom_only_the_code_is_known_is_no_title():
    cohort = opened(draft_of(book({"All": [HEADER, *A, ["P99"], *B]})))
    assert len(cohort.patients) == 17


def test_colour_as_the_only_group():
    fills = {f"{letter}{row}": YELLOW if row < 10 else GREEN for row in range(2, 18) for letter in "ABCDE"}
    draft = draft_of(book({"All": [HEADER, *FLAT]}, fills={"All": fills}))
    assert "Row colour" in {each.column for each in draft.suggestion.guesses}
    cohort = opened(settled(answered(draft, "group:", "group")))
    assert curve(cohort, patients=of_arm(cohort, "green")) == R_ARMS["B"]
    assert curve(opened(again(answered(draft, "group:", "group")))) == R_ALL


def test_a_legend_names_the_colours():
    fills = {f"A{row}": YELLOW if row < 10 else GREEN for row in range(2, 18)} | {"A20": YELLOW, "A21": GREEN}
    rows = [HEADER, *FLAT, [], [], [None, "pomalidomide"], [None, "control"]]
    cohort = opened(draft_of(book({"All": rows}, fills={"All": fills})))
    assert set(cohort.patients["row_colour"]) == {"pomalidomide", "control"} and len(cohort.patients) == 16


def test_every_second_row_in_grey_is_a_style():
    fills = {f"{letter}{row}": "D9D9D9" for row in range(2, 18, 2) for letter in "ABCDE"}
    draft = draft_of(book({"All": [HEADER, *FLAT]}, fills={"All": fills}))
    assert "Row colour" not in {each.column for each in draft.suggestion.guesses}


def test_single_coloured_cells_are_told():
    draft = settled(draft_of(book({"All": [HEADER, *FLAT]}, fills={"All": {"D5": YELLOW}})))
    assert "Colours of single cells are not read" in reported(draft)


def test_a_word_table_pasted_with_breaks_in_its_cells_and_notes_below():
    head = ("Patient\nNo.", "Age\n(years)", "Sex", "OS,\nmonths", "Status\nat last follow-up")
    rows = [["Table 1. Patients"], head, *[(*row[:4], "died" if row[4] else "alive") for row in FLAT]]
    rows += [["* two were lost"], ["Abbreviations: OS, overall survival"]]
    draft = draft_of(book({"Table 1": rows}))
    asked = next(
        (each for each in draft.open_questions if each.subject == "event_values" and each.chosen == "none"), None
    )
    draft = draft.answered(asked.id, "column Status at last follow-up") if asked else draft
    assert curve(opened(settled(draft))) == R_ALL
    assert reported(draft).count("a note") == 2 and "stands above the table" in reported(draft)


def test_blanks_below_a_patient_are_asked():
    rows = [("Patient ID", "Event", "Grade", "Onset day")]
    rows += [(patient if n == 0 else None, term, 2, n) for patient in IDS for n, term in enumerate(("CRS", "ICANS"))]
    draft = draft_of(book({"Survival": [HEADER, *FLAT], "Toxicity": rows}))
    assert len(opened(draft).tables["adverse_events"]) == 16, "until it is said, such rows belong to nobody"
    draft = answered(draft, "filled:", "repeat")
    assert len(opened(draft).tables["adverse_events"]) == 32 == len(opened(again(draft)).tables["adverse_events"])


@pytest.mark.parametrize("band", [True, False])
def test_an_appended_second_infusion(band):
    first = dt.datetime(2022, 1, 1)
    later = ("Date", "Dose") if band else ("Infusion date 2", "Dose 2")
    head = ("Patient ID", "Arm", "Infusion date", "Dose", "Death date", "Last contact", *later)
    rows = [head]
    for n, (patient, *_, arm, months, dead) in enumerate(COHORT):
        end = first + dt.timedelta(days=months * 30)
        second = (first + dt.timedelta(days=n + 20), 2.0) if n % 2 else (None, None)
        rows.append((patient, arm, first, 1.0, end if dead else None, end, *second))
    if band:
        rows.insert(0, (None,) * 6 + ("2nd infusion",))
    draft = settled(draft_of(book({"All": rows}, merged={"All": ["G1:H1"] if band else []})))
    cohort = opened(draft)
    assert curve(cohort) == (16, 9, 16.5 * 30)
    infusions = cohort.tables["infusions"]
    assert len(infusions[infusions["infusion"] == 2]) == 8 and set(infusions[infusions["infusion"] == 2]["dose"]) == {
        2.0
    }


def test_a_transplant_registry_export():
    first = dt.datetime(2021, 3, 1)
    head = (
        "UPN",
        "Centre",
        "Date of CAR-T infusion",
        "Conditioning",
        "Survival status",
        "Date of last contact",
        "Date of death",
    )
    rows = [("EBMT export",), (), head]
    for patient, *_, months, dead in COHORT:
        end = first + dt.timedelta(days=months * 30)
        rows.append((patient, "C1", first, "FluCy", "Dead" if dead else "Alive", end, end if dead else None))
    draft = settled(draft_of(book({"Export": rows})))
    assert curve(opened(draft)) == (16, 9, 495.0)


def test_dates_of_death_alone_are_no_survival():
    first = dt.datetime(2021, 3, 1)
    rows = [("USUBJID", "RFXSTDTC", "DTHDTC")]
    rows += [(row[0], first, first + dt.timedelta(days=row[4] * 30) if row[5] else None) for row in COHORT]
    cohort = opened(draft_of(book({"DM": rows})))
    assert (cohort.tables["endpoints"]["problem"].fillna("") != "").all()
    assert any("nobody could be censored" in finding.sentence() for finding in cohort.findings)


def test_a_finding_of_two_tables_side_by_side_names_its_own_column():
    right = [list(row) for row in B]
    right[2][1] = "old"
    rows = [[*HEADER, None, *HEADER], *[[*left, None, *other] for left, other in zip(A, right, strict=True)]]
    (finding,) = [each for each in opened(draft_of(book({"Data": rows}))).findings if each.value == "old"]
    assert (finding.sheet, finding.row, finding.column) == ("Data", 4, "H (Age)")


def test_every_cell_of_a_made_table_knows_where_it_stands():
    rows = [["Arm A", *[None] * 5, "Arm B"], [*HEADER, None, *HEADER]]
    rows += [[*left, None, *right] for left, right in zip(A, B, strict=True)]
    draft = draft_of(book({"Data": rows}))
    (block,) = blocks_of(draft.grids)
    (sheet,) = draft.grids
    for index in block.rows:
        for place, cell in enumerate(block.grid.rows[index]):
            found = block.grid.cell_place(index, place)
            assert (found is None) == (block.headings[place] == "Group (title)")
            assert found is None or sheet.rows[found[1] - 1][found[2] - 1] == cell


def test_a_table_that_moved_is_found_again_and_one_that_grew_is_read_whole():
    head = ("Patient ID", "Adverse event", "Grade", "Day of onset")
    events = [head, ("P01", "CRS", 2, 1), ("P02", "CRS", 1, 2)]
    mapping = draft_of(book({"All": [HEADER, *FLAT[:10], [], *events]})).mapping
    later = draft_of(book({"All": [HEADER, *FLAT, [], *events]})).with_saved(mapping)
    assert len(opened(later).tables["adverse_events"]) == 2
    assert len(opened(later).patients) == len(FLAT) and later.saved is None


def test_a_sheet_an_arm_that_is_new_or_gone_is_told():
    mapping = draft_of(book({"Arm A": [HEADER, *A], "Arm B": [HEADER, *B]})).mapping
    more = draft_of(book({"Arm A": [HEADER, *A], "Arm B": [HEADER, *B[:4]], "Arm C": [HEADER, *B[4:]]})).with_saved(
        mapping
    )
    assert len(opened(more).patients) == 12 and 'Sheet "Arm C": The mapping does not speak of this sheet' in reported(
        more
    )
    less = draft_of(book({"Arm A": [HEADER, *A]})).with_saved(mapping)
    assert len(opened(less).patients) == 8 and 'Sheet "Arm B": The mapping reads this sheet with others' in reported(
        less
    )


def test_a_file_in_which_nobody_would_have_died_waits_for_the_question_about_deaths():
    """A band "Follow-up" above the date of death makes it one of death or last contact, of which only its owner can say
    what it is."""
    first = dt.datetime(2022, 1, 1)
    head = ("Patient ID", "Infusion date", "Date of death", "Date of last contact")
    rows = [(None, None, "Follow-up", None), head]
    for patient, *_, months, dead in COHORT:
        end = first + dt.timedelta(days=months * 30)
        rows.append((patient, first, end if dead else None, end))
    draft = draft_of(book({"All": rows}, merged={"All": ["C1:D1"]}))
    assert events(draft) == 9 or [each.subject for each in draft.blocking] == ["event_values"]
    said = draft.answered("role:All:Date of death", "patients.death_date")
    assert said.blocking == () and curve(opened(said)) == (16, 9, 495.0)


def events(draft: Draft) -> int:
    rows = opened(draft).endpoints
    return int(rows.loc[rows["problem"].fillna("") == "", "event"].sum())
