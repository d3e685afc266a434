"""Headings of other languages, and cases that were once read without a word."""

import pytest

from intake.drafts import cohort, open_ids, question, roles, said, sheets, table, usable
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
