"""Headings of other languages, and cases that were once read without a word."""

import pytest

from intake.drafts import cohort, open_ids, question, roles, said, sheets, table, usable
from lib.intake.draft import read_draft
from lib.intake.files.grid import SourceFile
from lib.intake.infer.column import is_private
from lib.intake.sheets.role import keyed

PEOPLE = {
    "nl": "Patiëntnummer,Behandelarm,Datum infusie,Datum overlijden,Laatste contact",
    "de": "Pat.-Nr.,Studienarm,Infusionsdatum,Todesdatum,Letzter Kontakt",
    "fr": "N° patient,Bras,Date de réinjection,Date de décès,Date des dernières nouvelles",
    "es": "Código paciente,Brazo,Fecha infusión,Fecha éxitus,Fecha último contacto",
    "it": "Codice paziente,Braccio,Data infusione,Data decesso,Data ultimo contatto",
}
ROWS = "\n1,A,2022-01-03,2022-06-01,2022-06-01\n2,B,2022-01-13,,2023-06-01\n3,A,2022-02-03,,2023-06-01"
TOXIC = {
    "nl": ("Bijwerkingen", "Bijwerking,Graad,Aanvang (dag)"),
    "de": ("UE", "Ereignis,Grad,Beginn (Tag)"),
    "fr": ("Toxicités", "Evénement,Grade,Début (jours)"),
    "es": ("Toxicidad", "Evento,Grado,Inicio (días)"),
    "it": ("Eventi avversi", "Evento avverso,Grado,Inizio (giorni)"),
}
SEEN = {
    "nl": ("Respons", "Dag,Respons", "stabiele ziekte"),
    "de": ("Ansprechen", "Tag,Ansprechen", "Stabile Erkrankung"),
    "fr": ("Réponses", "Jour,Réponse", "maladie stable"),
    "es": ("Respuestas", "Día,Respuesta", "EE"),
    "it": ("Risposte", "Giorno,Risposta", "MS"),
}


@pytest.mark.parametrize("language", PEOPLE)
def test_a_workbook_of_another_language(language):
    who = PEOPLE[language].split(",")[0]
    (toxic, of_toxic), (seen, of_seen, stable) = TOXIC[language], SEEN[language]
    draft = sheets(
        {
            "Tabelle": PEOPLE[language] + ROWS,
            toxic: f"{who},{of_toxic}\n1,CRS,2,1\n1,ICANS,1,4\n2,CRS,1,2",
            seen: f"{who},{of_seen}\n1,28,CR\n1,90,{stable}\n2,28,PR",
        }
    )
    opened = cohort(draft)
    assert (
        set(open_ids(draft)) <= {"disease"} and len(opened.patients) == 3 and set(opened.patients["arm"]) == {"A", "B"}
    )
    assert usable(draft) == {"1": (149.0, 1), "2": (504.0, 0), "3": (483.0, 0)}
    assert opened.adverse_events["grade"].tolist() == [2, 1, 1] and opened.adverse_events["start_day"].tolist() == [
        1,
        4,
        2,
    ]
    assert opened.responses["response"].tolist() == ["CR", "SD", "PR"]


HEADS = [
    "Patiëntnummer,OS (maanden),Overleden",
    "N° patient,Survie globale (mois),Décès",
    "Codice paziente,Sopravvivenza globale (mesi),Deceduto",
    "Código,Supervivencia global (meses),Fallecido",
    "Pat.-Nr.,Gesamtüberleben (Monate),Verstorben",
    "Nummer patient,Tijd tot overlijden of laatste contact (maanden),Overleden",
]
WORDS = [("ja", "nee"), ("oui", "non"), ("sì", "no"), ("VERO", "FALSO"), ("WAHR", "FALSCH")]


@pytest.mark.parametrize(
    ("head", "yes", "no"), [*((head, "1", "0") for head in HEADS), *((HEADS[2], *words) for words in WORDS)]
)
def test_survival_of_other_languages(head, yes, no):
    draft = table(f"{head}\n1,7.9,{yes}\n2,12.1,{no}\n3,12,{no}\n4,6,{yes}")
    assert usable(draft) == {"1": (7.9, 1), "2": (12.1, 0), "3": (12, 0), "4": (6, 1)} and not open_ids(draft)


def test_a_tumour_grade_beside_an_event_of_survival_is_no_toxicity():
    draft = table("Pat.-Nr.;Zeit (Monate);Ereignis;Grad\n1;7,9;Rezidiv;II\n2;12,1;zensiert;III\n3;12,0;zensiert;I")
    assert "adverse_events" not in {role.partition(".")[0] for role in roles(draft).values()}


def test_dates_of_the_course_beside_a_best_response_are_no_assessments():
    draft = table(
        "Pat.-Nr.,Datum Infusion,Datum letzter"
        " Kontakt,Ansprechen\n1,2022-01-01,2022-09-01,CR\n2,2022-02-01,2022-09-01,PR\n3,2022-02-11,2022-09-01,CR"
    )
    assert roles(draft)["Datum Infusion"] == "patients.infusion_date"


@pytest.mark.parametrize("heading", ["Treatment", "Randomized", "Product", "Behandlung"])
def test_whether_something_was_done_is_no_arm(heading):
    draft = table(f"ID,age,{heading}\nP1,50,yes\nP2,60,no\nP3,66,yes\nP4,70,no")
    assert roles(draft)[heading] == "patients.covariate"


def test_no_date_of_the_file_is_quoted_in_a_question():
    lines = (
        "ID,Infusion date,F. nac.,Last"
        " contact\nP1,01/02/2022,05/06/1950,05/09/2022\nP2,01/03/2022,07/08/1960,05/07/2022"
    )
    asked = question(table(lines), "date_order").sentence
    assert '"03/04/2022"' in asked and not any(
        cell in asked for line in lines.splitlines()[1:] for cell in line.split(",")[1:]
    )


@pytest.mark.parametrize(
    "heading",
    [
        "F. nac.",
        "Né(e) le",
        "Data di nascita",
        "Geboortedatum",
        "DDN",
        "D.O.B.",
        "Jahrgang",
        "Achternaam",
        "Cognome",
        "BSN",
        "Initialen",
        "Tel",
    ],
)
def test_more_private_headings(heading):
    assert is_private(keyed(heading))


def test_rows_without_an_id_below_a_table_are_no_patients():
    draft = table("Pat. ID,arm,age,OS months,dead\nP1,A,50,3,1\nP2,B,60,4,0\nP3,A,70,5,1\n,B,64,6,1\n,A,61,7,0")
    assert list(cohort(draft).patients["patient_id"]) == ["P1", "P2", "P3"] and "has no patient id" in said(draft)


TWO = "ID,OS months,OS event,OS months,OS event\nP1,3,1,13,0\nP2,5,0,15,1\nP3,8,1,18,0\nP4,9,0,19,1"


def test_of_two_pairs_with_equal_headings_one_is_chosen():
    draft = table(TWO)
    assert question(draft, "pair:s:os").is_blocking
    assert usable(draft.answered("pair:s:os", "OS months"))["P1"] == (3, 1)
    second = draft.answered("pair:s:os", "OS months (2)").answered("event_values:s:OS event (2)", "1=event|0=censored")
    assert usable(second)["P1"] == (13, 0)


def test_two_equal_pairs_are_one():
    draft = table("ID,OS months,OS event,OS months,OS event\nP1,3,1,3,1\nP2,5,0,5,0\nP3,8,1,8,1\nP4,9,0,9,0")
    assert "pair:s:os" not in open_ids(draft) and usable(draft)["P1"] == (3, 1)


@pytest.mark.parametrize("param", ["C Reactive Protein", "C Reactive Protein (mg/L)"])
def test_adlb_without_paramcd_keeps_test_and_unit(param):
    labs = cohort(
        sheets(
            {
                "ADSL": "USUBJID,ARM,AGE\n1,A,50\n2,B,60",
                "ADLB": (
                    f"USUBJID,PARAM,AVAL,AVALU,ADY\n1,{param},5,mg/L,1\n1,{param},55,mg/L,7\n2,{param},6,mg/L,1\n2,Ferritin,600,ug/L,1"
                ),
            }
        )
    ).labs
    assert set(labs["test"]) == {param, "Ferritin"} and labs["unit"].tolist() == ["mg/L", "mg/L", "mg/L", "ug/L"]


MORE = {  # labs, adverse events, patients, responses
    "pl": (
        "Laboratorium|Nr pacjenta,Dzień,Badanie,Wynik,Jednostka",
        "Zdarzenia niepożądane|Nr pacjenta,Zdarzenie niepożądane,Stopień,Dzień",
        "Pacjenci|Nr pacjenta,Wiek,Ramię,Data infuzji,Data zgonu,Data ostatniego kontaktu",
        "Odpowiedź|Nr pacjenta,Dzień,Odpowiedź",
    ),
    "ja": (
        "検査|患者番号,日数,検査項目,値,単位",
        "有害事象|患者番号,有害事象,グレード,発現日(日)",
        "患者|患者番号,年齢,群,輸注日,死亡日,最終確認日",
        "効果|患者番号,日数,効果判定",
    ),
    "pt": (
        "Exames|ID do paciente,Dia,Exame,Resultado,Unidade",
        "Eventos adversos|ID do paciente,Evento adverso,Grau,Dia de início",
        "Pacientes|ID do paciente,Idade,Braço,Data da infusão,Data do óbito,Data do último contato",
        "Respostas|ID do paciente,Dia,Resposta",
    ),
}


@pytest.mark.parametrize("language", MORE)
def test_a_workbook_of_a_further_language(language):
    rows = (
        "P1,0,CRP,5,mg/L\nP1,7,CRP,50,mg/L\nP2,0,CRP,6,mg/L",
        "P1,CRS,2,1\nP2,CRS,1,2",
        "P1,50,A,2022-01-03,2022-06-01,2022-06-01\nP2,60,B,2022-01-13,,2023-06-01",
        "P1,28,CR\nP2,28,PR",
    )
    named = dict(f"{head}\n{row}".split("|") for head, row in zip(MORE[language], rows, strict=True))
    draft = sheets(named)
    opened = cohort(draft)
    assert usable(draft) == {"P1": (149.0, 1), "P2": (504.0, 0)} and opened.patients["age_years"].tolist() == [50, 60]
    assert opened.adverse_events["grade"].tolist() == [2, 1] and opened.adverse_events["start_day"].tolist() == [1, 2]
    assert opened.labs["value"].tolist() == [5, 50, 6] and set(opened.labs["unit"]) == {"mg/L"}
    assert opened.responses["response"].tolist() == ["CR", "PR"] and opened.patients["arm"].tolist() == ["A", "B"]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
def test_a_japanese_table(encoding):
    rows = "\n".join(f"P{n},A,{n + 3}.5,{'死亡' if n % 2 else '生存'}" for n in range(6))
    text = f"患者番号,群,全生存期間（月）,転帰\n{rows}"
    draft = read_draft([SourceFile("a.csv", text.encode(encoding))])
    assert sum(event for _, event in usable(draft).values()) == 3 and len(usable(draft)) == 6


@pytest.mark.parametrize(
    ("infusion", "death"),
    [
        ("15032021", "31052021"),
        ("03152021", "05312021"),
        ("2021年3月15日", "2021年5月31日"),
        ("15MAR2021", "31MAY2021"),
    ],
)
def test_dates_without_signs(infusion, death):
    rows = f"1,{infusion},{death},{death}\n2,{infusion},,{death}\n3,{infusion},,{death}"
    draft = table(f"ID,Infusion date,Date of death,Last contact\n{rows}")
    assert usable(draft) == {"1": (77, 1), "2": (77, 0), "3": (77, 0)}


def test_a_date_without_signs_may_be_ambiguous():
    draft = table("ID,Infusion date,Death date,Last FU\n1,03042021,05062021,05062021\n2,04052021,,08092021")
    assert question(draft, "date_order").is_blocking and not usable(draft)


@pytest.mark.parametrize("word", ["En vida", "n/a (alive)", "lebt (04/2023)", "leeft", "Alive.", "żyje"])
def test_more_words_for_alive_where_a_date_of_death_is_expected(word):
    rows = "\n".join(f"P{n};2022-01-01;{'2022-06-01' if n < 2 else word};2022-06-01" for n in range(5))
    draft = table(f"ID;Infusion date;Date of death;Last contact\n{rows}")
    assert len(usable(draft)) == 5 and sum(event for _, event in usable(draft).values()) == 2


@pytest.mark.parametrize("word", ["Subtotal", "Zwischensumme", "Średnia", "Media (DE)"])
def test_totals_between_patients_are_no_patients(word):
    rows = [f"Q{n},5{n},{n + 3},{n % 2}" for n in range(8)]
    draft = table("\n".join(["Patient,Age,OS months,Dead", *rows[:4], f"{word},52,4,2", *rows[4:], f"{word},54,7,4"]))
    assert list(cohort(draft).patients["patient_id"]) == [f"Q{n}" for n in range(8)]  # Q1 is no quartile here
