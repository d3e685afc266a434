"""What columns mean: certain only where name and values agree and nothing rivals them; else asked, or left as they
are."""

import pytest

from intake.drafts import answered, case, cohort, open_ids, question, roles, said, sheets, table
from lib.intake.infer.spelling import as_meant
from lib.intake.mapping import from_json, to_json

PATIENTS = "patient_id,arm\nP1,A\nP2,B\nP3,A"


def certainty(draft, column):
    return next(guess.certainty for guess in draft.suggestion.guesses if guess.column == column)


def grades(draft, term):
    events = cohort(draft).tables["adverse_events"]
    events = events[events["term"] == term]
    return list(zip(events["patient_id"], events["grade"], strict=True))


def test_a_sheet_that_only_resembles_the_template_loses_nothing():
    draft = case("k5.xlsx")
    assert roles(draft)["event"] == "adverse_events.term"
    events = cohort(draft).tables["adverse_events"]
    assert list(events["term"]) == ["CRS", "ICANS"] * 3 and list(events["grade"]) == [1, 2, 3, 0, 1, 2]


@pytest.mark.parametrize("heading", ["AE term", "Toxicity", "Nebenwirkung", "Adverse event name", "不良事件"])
def test_other_headings_beside_those_of_the_template(heading):
    events = f"patient_id,{heading},grade,start_day\nP1,CRS,2,1\nP1,ICANS,1,4\nP2,CRS,1,2"
    draft = sheets({"Patients": PATIENTS, "Adverse events": events})
    assert set(cohort(draft).tables["adverse_events"]["term"]) == {"CRS", "ICANS"}


def test_a_day_without_a_grade_is_no_event_and_half_grades_are_asked_about():
    draft = case("k9.csv")
    assert grades(draft, "ICANS") == [("A1", 0), ("A2", 0), ("A2", 2), ("A3", 0)]
    assert open_ids(draft) == ["levels:k9:ICANS grade"] and "0.5" in question(draft, "levels:k9:ICANS grade").sentence
    assert grades(answered(draft, {"levels:k9:ICANS grade": "higher"}), "ICANS")[-1] == ("A3", 1)
    assert grades(answered(draft, {"levels:k9:ICANS grade": "lower"}), "ICANS")[-1] == ("A3", 0)


def test_two_ages_and_a_transplant_that_is_no_line():
    draft = case("k10.csv")
    found = roles(draft)
    assert (
        found["Number of prior therapies"] == "patients.prior_lines"
        and found["Prior autologous transplant"] == "patients.prior_asct"
    )
    patients = cohort(draft).patients
    assert list(patients["age_years"]) == list(range(56, 64)) and list(patients["age_at_diagnosis"]) == list(
        range(51, 59)
    )
    assert list(patients["prior_asct"]).count("yes") == 6 and list(patients["prior_lines"]) == [
        str(n) for n in range(3, 11)
    ]
    name = "which:k10:age_years"
    assert open_ids(draft) == [name] and question(draft, name).chosen == "age at CAR-T"
    other = cohort(answered(draft, {name: "age at diagnosis"})).patients
    assert list(other["age_years"]) == list(range(51, 59)) and list(other["age_at_car_t"]) == list(range(56, 64))
    assert "age_years" not in cohort(answered(draft, {name: "none"})).patients.dropna(axis=1, how="all")


def test_the_same_thing_in_two_columns_is_not_asked_about():
    draft = table(
        "Patient,Age,Age (years),Arm\n" + "\n".join(f"P{n},{50 + n},{50 + n},{'AB'[n % 2]}" for n in range(8))
    )
    assert not open_ids(draft)


@pytest.mark.parametrize("values", ["yes,no,yes,no,no,yes", "28194,120,3300,512,911,40000", "1.5,2.5,3.5,1.5,2.5,2.5"])
def test_values_that_contradict_prior_lines(values):
    draft = table("Patient,Prior therapies\n" + "\n".join(f"P{n},{each}" for n, each in enumerate(values.split(","))))
    assert roles(draft)["Prior therapies"] == "patients.covariate"


def test_a_number_that_is_a_date_of_some_program_is_no_day():
    draft = table("Patient,Adverse event,Grade,Day\nP1,CRS,1,23021\nP1,ICANS,2,23022\nP2,CRS,1,23031")
    assert "adverse_events.start_day" not in roles(draft).values()


def test_dates_of_other_things_are_not_those_of_the_course():
    draft = table("""Patient,CAR-T infusion date,Apheresis date,Last dose date,Date of last transplant
        P1,2022-01-01,2021-12-01,2021-11-01,2019-01-01
        P2,2022-02-01,2022-01-01,2021-12-01,2018-01-01""")
    found = roles(draft)
    assert (
        found["CAR-T infusion date"] == "patients.infusion_date"
        and certainty(draft, "CAR-T infusion date") == "certain"
    )
    assert not {"patients.last_contact_date", "patients.infusion_date"} & {
        found[name] for name in ("Apheresis date", "Last dose date", "Date of last transplant")
    }


def test_a_start_of_something_is_day_0_only_if_its_owner_says_so():
    draft = table("Patient,Transplant date,Last contact\nP1,2022-01-01,2022-12-01\nP2,2022-02-01,2022-11-01")
    assert (
        question(draft, "day_zero:s:Transplant date").is_blocking and certainty(draft, "Transplant date") != "certain"
    )
    assert len(cohort(answered(draft, {"day_zero:s:Transplant date": "no"})).endpoints) == 0


def test_exclusions_are_asked_about_and_leave_the_analysis_set():
    draft = case("k14.csv")
    name = "exclude:k14:Exclusion"
    assert (
        question(draft, name).is_blocking
        and "4 patients" in question(draft, name).sentence
        and cohort(draft).n_opened == 12
    )
    reported = answered(draft, {name: "leave"})
    patients = cohort(reported).patients
    assert cohort(reported).n_opened == 8 and len(patients) == 12
    assert set(patients.loc[patients["analysis_set"] == "excluded", "patient_id"]) == {"A3", "A6", "A9", "A12"}
    assert set(patients["exclusion_reason"].dropna()) == {"Exclusion: 1"}
    assert from_json(to_json(reported.mapping)).exclude == {"k14.Exclusion": ("1",)}
    assert cohort(reported.with_saved(from_json(to_json(reported.mapping)))).n_opened == 8
    assert cohort(answered(draft, {name: "keep"})).n_opened == 12


@pytest.mark.parametrize(
    ("heading", "out", "stays"),
    [
        ("Ausgeschlossen", "ja", "nein"),
        ("Exclu", "oui", "non"),
        ("Excluido", "sí", ""),
        ("排除", "是", "否"),
        ("Reason for exclusion", "no consent", ""),
        ("Included in analysis", "no", "yes"),
        ("Evaluable", "0", "1"),
        ("Excluded", "x", ""),
    ],
)
def test_exclusions_in_other_words(heading, out, stays):
    rows = "\n".join(f"P{n},{out if n in (2, 5) else stays},{n + 1},{n % 2}" for n in range(9))
    draft = table(f"Patient,{heading},OS months,Dead\n{rows}")
    reported = answered(draft, {f"exclude:s:{heading}": "leave"})
    assert cohort(reported).n_opened == 7 and cohort(draft).n_opened == 9


def test_a_column_of_exclusions_that_is_gone_is_told():
    draft = case("k14.csv", {"exclude:k14:Exclusion": "leave"})
    other = table("Pat. no.,Product,OS months,dead\nA1,x,6,1\nA2,y,7,0\nA3,x,9,1").with_saved(draft.mapping)
    assert "nobody was left out because of it" in said(other) and cohort(other).n_opened == 3


NO_EVENT = [
    "none",
    "No",
    "keine",
    "No adverse events",
    "0",
    "aucun",
    "ninguno",
    "nessuno",
    "geen",
    "无",
    "no CRS",
    "keine Nebenwirkungen",
    "なし",
]


@pytest.mark.parametrize(("heading", "word"), [*(("Adverse event", word) for word in NO_EVENT), ("term", "keine")])
def test_no_adverse_event_is_none(word, heading):
    lines = f"patient_id,{heading},grade,start_day\nP1,CRS,2,1\nP2,{word},,\nP3,{word},0,\nP3,ICANS,1,4"
    draft = sheets({"Patients": PATIENTS, "Adverse events": lines})
    events = cohort(draft).tables["adverse_events"]
    assert list(zip(events["patient_id"], events["term"], strict=True)) == [("P1", "CRS"), ("P3", "ICANS")]
    assert "2 rows say that there was no adverse event" in said(draft) and cohort(draft).n == 3


def test_a_grade_beside_no_event_is_told():
    draft = sheets({"Patients": PATIENTS, "Adverse events": "patient_id,term,grade\nP1,CRS,2\nP2,none,3"})
    assert '"none" is no adverse event, and a grade stands beside it' in said(draft)


@pytest.mark.parametrize("word", ["none", "keine", "no"])
def test_no_event_in_a_column_of_grades_is_grade_0(word):
    draft = table(f"Patient,CRS grade,Arm\nP1,2,A\nP2,{word},B\nP3,1,A\nP4,,B")
    assert grades(draft, "CRS") == [("P1", 2), ("P2", 0), ("P3", 1)]


MISSPELT = """Patient ID,Treatmnt arm,Best respnse,Cytogentics risk,Date of infussion,Last contct
P1,A,CR,high,2022-02-01,2022-06-05
P2,B,PR,standard,2022-02-01,2022-07-05
P3,A,CR,high,2022-02-13,2022-08-05"""


def test_misspelt_headings_are_likely_and_confirmed_once_for_all():
    draft = table(MISSPELT)
    found = roles(draft)
    assert found["Treatmnt arm"] == "patients.arm" and found["Cytogentics risk"] == "patients.cytogenetics"
    assert (
        found["Date of infussion"] == "patients.infusion_date" and found["Last contct"] == "patients.last_contact_date"
    )
    headings = ("Treatmnt arm", "Best respnse", "Cytogentics risk", "Date of infussion", "Last contct")
    assert open_ids(draft) == ["spelling"] and question(draft, "spelling").columns == headings
    assert all(certainty(draft, name) == "likely" for name in headings)
    assert not open_ids(answered(draft, {"spelling": "meant"}))
    assert roles(answered(draft, {"spelling": "as written"}))["Treatmnt arm"] == "patients.covariate"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("tretment", "treatment"),
        ("respone", "response"),
        ("progresson_date", "progression_date"),
        ("diagnosys", "diagnosis"),
        ("survivl", "survival"),
        ("behandlnug", "behandlung"),
        ("overal_survival", "overall_survival"),
        ("extramedulary_disease", "extramedullary_disease"),
    ],
)
def test_misspelt_words(written, meant):
    assert as_meant(written) == meant


@pytest.mark.parametrize(
    "word",
    [
        "responder",
        "responses",
        "infusione",
        "state",
        "stats",
        "age",
        "therapist",
        "paciente",
        "diagnostic",
        "relapsed",
        "contract",
        "depth",
        "grade",
        "months",
        "survivor",
        "crp",
        "il6",
        "arms",
    ],
)
def test_words_of_their_own_are_left_alone(word):
    assert as_meant(word) == word


def test_headings_in_japanese():
    draft = table(
        "症例番号,群,年齢,性別,輸注日,死亡日,最終観察日,転帰\n1,A,60,男,2022-02-01,2022-06-05,2022-06-05,死亡\n2,B,61,女,2022-02-01,,2022-07-05,生存\n3,B,62,女,2022-02-01,,2022-07-09,生存"
    )
    found = roles(draft)
    assert [found[each] for each in ("症例番号", "群", "年齢", "性別", "輸注日", "死亡日", "最終観察日")] == [
        "patients.patient_id",
        "patients.arm",
        "patients.age_years",
        "patients.sex",
        "patients.infusion_date",
        "patients.death_date",
        "patients.last_contact_date",
    ]


AGES = "ID,Age,OS months,Dead\n" + "\n".join(f"P{n},{50 + n},{3 + n},{n % 2}" for n in range(8))


def listed(heading, name="AE", rows=range(7), groups="AB"):
    """A sheet of patients without groups beside a list of events of all of them but the last, with this heading."""
    column = "Response" if name == "Response" else "Term,Grade"
    said = "PR" if name == "Response" else "CRS,2"
    lines = (f"P{n},{groups[n % 2]},{day},{said}" for n in rows for day in (1, 8))
    return {"Patients": AGES, name: "\n".join([f"ID,{heading},Day,{column}", *lines])}


@pytest.mark.parametrize(("heading", "name"), [("Arm", "AE"), ("Cohort", "Response"), ("Treatment", "AE")])
def test_a_group_that_only_a_list_of_events_says_is_one_of_the_patients(heading, name):
    draft = sheets(listed(heading, name))
    assert cohort(draft).patients["arm"].tolist()[:7] == list("ABABABA")
    assert cohort(draft).study.group_by == "arm"
    assert "1 patients have no row in this sheet, so their group is not known" in said(draft)
    asked = question(draft, f"group:AE:{heading}")
    assert bool(asked) == (heading == "Treatment")
    if asked:
        given = cohort(answered(draft, {asked.id: "given"}))
        assert "arm" not in given.patients or given.patients["arm"].isna().all()
        assert given.adverse_events["treatment"].tolist()[:3] == ["A", "A", "B"]


def test_a_group_that_contradicts_itself_is_told_and_a_remedy_is_no_group():
    written = listed("Arm")
    draft = sheets(written | {"AE": written["AE"].replace("P3,B,8", "P3,A,8")})
    assert cohort(draft).patients["arm"].tolist()[3] == "B" and 'Patient "P3" has "B"' in said(draft)
    remedies = sheets(listed("Treatment", groups=("tocilizumab", "none")))
    assert question(remedies, "group:AE:Treatment") is None
    assert set(cohort(remedies).adverse_events["treatment"]) == {"tocilizumab", "none"}


def toxic(*columns, more=""):
    """Patients with survival and these columns, each a heading and what stands there."""
    rows = zip(*(values for _, values in columns), strict=True)
    lines = (f"P{n},{3 + n},{n % 2},{','.join(map(str, row))}{more}" for n, row in enumerate(rows))
    return "\n".join([",".join(["ID,OS months,Dead", *(heading for heading, _ in columns)]), *lines])


def test_columns_named_like_toxicities_are_asked_about_once_for_all():
    flags = ("yes", "no", "no", "no", "yes", "no")
    draft = table(
        toxic(
            ("CRS grade", (0, 1, 2, 3, 0, 1)),
            ("Neutropenia grade", (4, 0, 3, 2, "", 1)),
            ("Infection (max grade)", (0, 0, 3, 1, 2, 0)),
            ("Anaemia G3+", flags),
            ("HLH", flags),
            ("Prior infection", flags),
            ("Tumour grade", (1, 2, 3, 0, 1, 2)),
            ("Infections (n)", (0, 1, 2, 3, 0, 1)),
        )
    )
    asked = question(draft, "toxicities:s")
    assert asked.columns == ("Neutropenia grade", "Infection (max grade)", "Anaemia G3+", "HLH")
    assert asked.is_open and asked.chosen == "event"
    assert grades(draft, "Neutropenia") == [("P0", 4), ("P1", 0), ("P2", 3), ("P3", 2), ("P5", 1)]
    assert [grade for _, grade in grades(draft, "Infection")] == [0, 0, 3, 1, 2, 0]
    for term in ("Anaemia G3+", "HLH"):
        events = cohort(draft).adverse_events
        events = events[events["term"] == term]
        assert events["patient_id"].tolist() == ["P0", "P4"] and events["grade"].isna().all()
    kept = cohort(draft.answered(asked.id, "keep"))
    assert set(kept.adverse_events["term"]) == {"CRS"} and kept.patients["hlh"].tolist() == list(flags)


def test_toxicities_beside_a_list_of_adverse_events_stay_columns_until_it_is_said():
    patients = toxic(("Neutropenia grade", (4, 0, 3)))
    draft = sheets({"Patients": patients, "AE": "ID,Term,Grade,Day\nP0,CRS,1,2\nP1,CRS,2,3"})
    assert question(draft, "toxicities:Patients").chosen == "keep" and grades(draft, "Neutropenia") == []


def test_a_group_of_rows_is_none_of_patients_with_one_row_each():
    lines = "\n".join(f"P{n},{'Blood' if n % 2 else 'Nerves'},{n + 1},CRS,2" for n in range(8))
    draft = sheets({"Patients": AGES, "AE": f"ID,Group,Day,Term,Grade\n{lines}"})
    assert cohort(draft).patients.get("arm") is None or cohort(draft).patients["arm"].isna().all()
