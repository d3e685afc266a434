"""Words of headings that are nearly a word we know ("Treatmnt arm", "Cytogentics risk"): taken for it, and confirmed
once for all."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from lib.intake import vocabulary
from lib.intake.infer.question import Asking

WORDS: Final = vocabulary(  # words of headings as they are spelled right: what is nearly one of them is proposed as it
    "treatment therapy therapies response cytogenetics cytogenetic infusion survival progression diagnosis status "
    "months transplant transplantation autologous baseline previous patient subject participant gender toxicity "
    "grade adverse event events death extramedullary disease overall relapse recurrence follow contact product "
    "cohort maximum neurotoxicity ferritin hemoglobin haemoglobin platelets neutrophils lymphocytes leukocytes "
    "albumin creatinine bilirubin fibrinogen number assessment lymphodepletion bridging remission duration censored "
    "censoring deceased exclusion excluded histology performance transgene copies expansion randomisation "
    "randomization behandlung ansprechen geschlecht verstorben nebenwirkung uberleben monate letzter kontakt "
    "diagnose traitement reponse survie dernier derniere nouvelles rechute tratamiento respuesta supervivencia "
    "fallecido behandlungsarm infusionsdatum todesdatum gestorben seguimiento recaida trattamento risposta "
    "sopravvivenza gesamtuberleben decesso recidiva behandeling overleving overleden"
)
NO_MISTAKES: Final = frozenset(  # near one of those words, and words of their own
    vocabulary(
        "therapie grad grado graad graded trade copie nouvelle respons diagnos diagnosi depth deaths dearth paciente "
        "pacientes paziente pazienti patiente identifiant responder responders responded responding progressed "
        "progressive progress progressing diagnostic diagnostico diagnostik diagnosed survivor survivors recurrent "
        "recurring contract contacts relapsed relapsing transplanted excluded exclude exclusive included inclusion "
        "censor statut stats state states statue treated previously precious products produce produced cohorts "
        "numbered therapist therapeutic infused infusione perfusion diffusion effusion patience remissions emission "
        "overalls "
        "completed maximal adversa adverso evento event tratamento traitements disseased genders events months month "
        "monat monats monaten letzte letztes letzten derniers reponses respuestas neutrophil lymphocyte leukocyte "
        "leucocytes leucocyte platelet transgenic subjects patients patientin participants hemoglobine hamoglobin "
        "haemoglobine creatinin kreatinin albumine bilirubine fibrinogene progressione progressie contatto contacto "
        "overlijden nummer numero infusie maximo massimo risposte evenement evenements eventos terapia terapie decessi "
        "recidive recidivas censura progresion trasplante previos creatinina bilirrubina citogenetica cytogenetica "
        "extramedular neurotoxicite extramedullaire extramedullar produit produkt neutrophile neutrophilen lymphozyten "
        "leukozyten leukocyten recidief transplantatie progressao resposta remissao copied ferritine survived "
        "surviving toxicities toxicite toxicidad remision remissione bridged duracion"
    )
)
SHORTEST: Final = 4  # letters; in shorter words one letter makes another word
LONG: Final = 8  # from so many letters on two mistakes are one word still
MEANT: Final = "meant"


def as_meant(key: str) -> str:
    """The key of a heading with each word that is nearly one of ours as that word."""
    return "_".join(map(_word, key.split("_"))) if key.isascii() else key


@lru_cache(maxsize=4096)
def _word(written: str) -> str:
    """The word of ours that is meant: exact first, then similar; else the word as it is written."""
    if len(written) < SHORTEST or written in WORDS or written in NO_MISTAKES or not written.isalpha():
        return written
    most = 2 if len(written) >= LONG else 1
    found = extractOne(written, WORDS, scorer=OSA.distance, score_cutoff=most)
    if found is None or found[0][0] != written[0] or _is_inflected(written, found[0]):
        return written
    return found[0]


def _is_inflected(written: str, word: str) -> bool:
    """Whether one is the other with an ending (responses, relapsed) or its stem."""
    shorter = word.startswith(written) and len(word) - len(written) > 1
    return shorter or written.startswith(word) or (written.startswith(word[:-1]) and len(written) > len(word))


def confirmed(headings: Sequence[tuple[str, str, str]], asking: Asking) -> bool:
    """Whether headings (sheet, column, what it is taken for) are meant so: one question for all of them."""
    if not headings:
        return True
    shown = ", ".join(f'"{column}" = {meant}' for _, column, meant in headings)
    words = (f"Are these headings meant so: {shown}?", "They are nearly words that the program knows.")
    choices = ((MEANT, "Yes, all of them"), ("as written", "No: they are spelled as they are meant"))
    columns = [column for _, column, _ in headings]
    return asking.ask(("spelling", headings[0][0], columns), words, choices, MEANT, "spelling") == MEANT


RUN_TOGETHER: Final = re.compile(
    r"(os|pfs|efs|dfs|rfs|ttp|dor|ttnt)(mos?|months?|dy|days?|wks?|weeks?|yrs?|years?|time|cnsr|cens|censor|stat|status|event|evt)",
    re.I,
)


def run_together(names: Sequence[str]) -> dict[str, str]:
    """The headings that run an endpoint and its part together, as two words where there are several: OSMO, OSCNSR."""
    found = {name: "_".join(match.groups()) for name in names if (match := RUN_TOGETHER.fullmatch(name))}
    return found if len(found) > 1 else {}
