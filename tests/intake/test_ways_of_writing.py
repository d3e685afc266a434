"""One cohort written in many ways: every heading and every coding of five languages once, all read as the same."""

from itertools import cycle, islice

import pytest

from intake.drafts import cohort, question, said, table, usable
from lib.intake import vocabulary

N = 12
PER_MONTH = 30.4375  # days
DEAD = [n % 3 == 0 for n in range(N)]
FAILED = [n % 2 == 0 or n % 3 == 0 for n in range(N)]
RESPONSES = ("CR", "VGPR", "PR", "SD", "PD")


def words(written: str) -> list[str]:
    return list(vocabulary(written, between=", "))


def pairs(written: str) -> list[list[str]]:
    return [each.split("|") for each in words(written)]


HEADS = {
    "en": {
        "id": words("Patient ID, Pt, Subject, Study ID, UPN, Record ID, Subject No, Pat. No."),
        "age": words("Age, Age (years), Age at infusion, age_yrs"),
        "sex": words("Sex, Gender, M/F"),
        "arm": words("Arm, Treatment arm, Group, Cohort, Treatment, Maintenance"),
        "emd": words("EMD, Extramedullary disease, Extramedullary, EMD at baseline"),
        "risk": words("High-risk cytogenetics, High risk, HR cytogenetics, Cytogenetic risk"),
        "best": words("Best response, BOR, Best overall response"),
        "crs": words("CRS grade, CRS, Max CRS grade, CRS (max grade)"),
        "os": words("OS (months), OS months, OS time (months)"),
        "died": words("OS event, Death, Dead, Vital status, OS status, Survival status, Died"),
        "pfs": words("PFS (months), Progression-free survival (months), PFS months"),
        "failed": words("PFS event, Progression or death, PFS status"),
    },
    "de": {
        "id": words("Patient, Pat.-Nr., Patienten-ID, Pat-ID"),
        "age": words("Alter, Alter (Jahre), Alter bei Infusion"),
        "sex": words("Geschlecht"),
        "arm": words("Arm, Gruppe, Therapiearm, Kohorte"),
        "emd": words("EMD, Extramedullär, Extramedulläre Erkrankung"),
        "risk": words("Hochrisiko-Zytogenetik, Hochrisiko"),
        "best": words("Bestes Ansprechen, Beste Response"),
        "crs": words("CRS Grad, CRS-Grad, CRS"),
        "os": words("OS (Monate), Gesamtüberleben (Monate)"),
        "died": words("Tod, Verstorben, Status, Vitalstatus"),
        "pfs": words("PFS (Monate), Progressionsfreies Überleben (Monate)"),
        "failed": words("PFS Ereignis, Progress oder Tod, PFS Status"),
    },
    "fr": {
        "id": words("Patient, N° patient, Identifiant, ID patient"),
        "age": words("Âge, Age (ans), Âge à l'injection"),
        "sex": words("Sexe"),
        "arm": words("Bras, Groupe, Cohorte"),
        "emd": words("EMD, Maladie extramédullaire"),
        "risk": words("Cytogénétique à haut risque, Haut risque"),
        "best": words("Meilleure réponse"),
        "crs": words("Grade CRS, CRS"),
        "os": words("SG (mois), Survie globale (mois), OS (mois)"),
        "died": words("Décès, Statut vital"),
        "pfs": words("SSP (mois), Survie sans progression (mois)"),
        "failed": words("Évènement SSP, Progression ou décès"),
    },
    "es": {
        "id": words("Paciente, ID paciente, Nº paciente, Código"),
        "age": words("Edad, Edad (años)"),
        "sex": words("Sexo"),
        "arm": words("Brazo, Grupo, Cohorte"),
        "emd": words("EMD, Enfermedad extramedular"),
        "risk": words("Citogenética de alto riesgo, Alto riesgo"),
        "best": words("Mejor respuesta"),
        "crs": words("Grado CRS, CRS, Grado de SLC"),
        "os": words("SG (meses), Supervivencia global (meses)"),
        "died": words("Muerte, Exitus, Estado vital"),
        "pfs": words("SLP (meses), Supervivencia libre de progresión (meses)"),
        "failed": words("Evento SLP, Progresión o muerte"),
    },
    "it": {
        "id": words("Paziente, ID paziente, Codice paziente"),
        "age": words("Età, Età (anni)"),
        "sex": words("Sesso"),
        "arm": words("Braccio, Gruppo, Coorte"),
        "emd": words("EMD, Malattia extramidollare"),
        "risk": words("Citogenetica ad alto rischio, Alto rischio"),
        "best": words("Migliore risposta"),
        "crs": words("Grado CRS, CRS"),
        "os": words("OS (mesi), Sopravvivenza globale (mesi)"),
        "died": words("Decesso, Morto, Stato in vita"),
        "pfs": words("PFS (mesi), Sopravvivenza libera da progressione (mesi)"),
        "failed": words("Evento PFS, Progressione o morte"),
    },
}
YES = {
    "en": pairs("yes|no, Y|N, 1|0, pos|neg, +|-, (+)|(-), present|absent, TRUE|FALSE"),
    "de": pairs("ja|nein, j|n, ja|keine, +|-"),
    "fr": pairs("oui|non, O|N, présent|absent"),
    "es": pairs("sí|no, si|no, S|N"),
    "it": pairs("sì|no, si|no, presente|assente"),
}
DIED = {
    "en": pairs("1|0, dead|alive, deceased|alive, yes|no, D|A, DEAD|ALIVE"),
    "de": pairs("1|0, tot|lebt, verstorben|lebend, tot|am Leben"),
    "fr": pairs("1|0, décédé|vivant, DCD|vivant, mort|vivant"),
    "es": pairs("1|0, muerto|vivo, fallecido|vivo, exitus|vivo"),
    "it": pairs("1|0, deceduto|vivo, morto|vivo"),
}
GRADES = ("{}", "Grade {}", "G{}")
WAYS = [(language, way) for language, heads in HEADS.items() for way in range(max(map(len, heads.values())))]


def nth(given, way):
    return next(islice(cycle(given), way, None))


def written(language: str, way: int) -> tuple[str, str, str]:
    """The table, and the headings of who died and of who failed."""
    heads = {name: nth(given, way) for name, given in HEADS[language].items()}
    yes, no = nth(YES[language], way)
    died, lives = nth(DIED[language], way)
    lines = [";".join(heads.values())]
    for n in range(N):
        emd, risk = yes if n % 4 == 0 else no, yes if n % 4 == 1 else no
        months = [f"{days / PER_MONTH:.2f}".replace(".", ",") for days in (90 + 60 * n, 60 + 50 * n)]
        grade = nth(GRADES, way).format(n % 4)
        of_os, of_pfs = died if DEAD[n] else lives, int(FAILED[n])
        cells = [f"P{n:02d}", 50 + n, "MF"[n % 2], "AB"[n % 2], emd, risk, RESPONSES[n % 5], grade, months[0], of_os]
        lines.append(";".join(map(str, [*cells, months[1], of_pfs])))
    return "\n".join(lines), heads["died"], heads["failed"]


@pytest.mark.parametrize(("language", "way"), WAYS)
def test_the_same_cohort_is_read(language, way):
    text, died, failed = written(language, way)
    draft = table(text)
    for heading, (yes, no) in ((died, nth(DIED[language], way)), (failed, ("1", "0"))):
        asked = question(draft, f"event_values:s:{heading}")
        draft = draft.answered(asked.id, f"{yes}=event|{no}=censored") if asked and asked.is_blocking else draft
    assert draft.blocking == ()
    opened = cohort(draft)
    patients = opened.patients
    assert patients["age_years"].tolist() == [50 + n for n in range(N)]
    assert patients["sex"].tolist() == ["M", "F"] * (N // 2) and patients["arm"].tolist() == ["A", "B"] * (N // 2)
    assert patients["emd"].tolist() == ["yes" if n % 4 == 0 else "no" for n in range(N)]
    assert patients["high_risk_cytogenetics"].tolist() == ["yes" if n % 4 == 1 else "no" for n in range(N)]
    assert opened.responses["response"].tolist() == [RESPONSES[n % 5] for n in range(N)]
    assert opened.adverse_events["grade"].tolist() == [n % 4 for n in range(N)]
    for endpoint, first, step, events in (("os", 90, 60, DEAD), ("pfs", 60, 50, FAILED)):
        found = [(time * PER_MONTH, event) for time, event in usable(draft, endpoint).values()]
        assert [event for _, event in found] == list(map(int, events))
        assert [days for days, _ in found] == pytest.approx([first + step * n for n in range(N)], abs=0.6)


def test_minus_nine_is_no_age_and_nd_no_response():
    """AGE (YEARS) is no time in which there may be a day -9; a best response stays one beside "not done"."""
    rows = [f"P{n},{-9 if n % 5 == 4 else 50 + n},{(*RESPONSES, 'ND')[n % 6]}" for n in range(18)]
    draft = table("\n".join(["ID,AGE (YEARS),Best response", *rows]))
    assert cohort(draft).patients["age_years"].min() == 50 and "AGE (YEARS)" in question(draft, "missing").columns
    assert cohort(draft).responses["response"].tolist().count("CR") == 3


def test_an_s_beside_yes_is_not_yes():
    draft = table("\n".join(["ID,Age,EMD", *(f"P{n},{50 + n},{('yes', 'no', 'yes', 'S')[n % 4]}" for n in range(8))]))
    assert cohort(draft).patients["emd"].tolist() == ["yes", "no", "yes", None] * 2
    assert '"S" is neither yes nor no' in said(draft)
