"""The words of a response -> the response by its criteria (response_scale.py), and what they say of measurable residual
disease.

Metabolic responses by PET (Lugano 2014) are the responses of the same rank; a relapse of a leukaemia is PD, refractory
disease NR.
"""

import re
import unicodedata
from typing import Final, NamedTuple

from lib.cohort.response_scale import MRD_NEGATIVE, MRD_NOT_DONE, MRD_POSITIVE
from lib.cohort.schema import RESPONSES

WRITTEN: Final = {  # without accents and capitals; a dash counts as a blank
    "sCR": "stringent complete response|stringent complete remission|scr|严格意义的完全缓解|严格完全缓解",
    "CR": (
        "complete response|complete remission|complete responder|cmr|complete metabolic response|complete metabolic"
        " remission|icr|kr|kmr|rcm|rmc|komplette metabolische remission|reponse metabolique complete|reponse complete"
        " metabolique|komplette remission|vollremission|komplettes ansprechen|reponse complete|remission"
        " complete|rc|respuesta completa|remision completa|risposta completa|remissione completa|complete"
        " remissie|complete respons|完全缓解|完全代谢缓解|完全代謝寛解|完全奏効|完全寛解"
    ),
    "CRh": "complete remission with partial hematologic recovery",
    "CRi": "complete remission with incomplete recovery|cr with incomplete recovery|rci",
    "MLFS": "morphologic leukemia free state|morphological leukemia free state|morphologic leukemia free",
    "VGPR": (
        "very good partial response|very good partial remission|sehr gute partielle remission|sehr gutes partielles"
        " ansprechen|tres bonne reponse partielle|tbrp|muy buena respuesta parcial|mbrp|ottima risposta parziale|molto"
        " buona risposta parziale|zeer goede partiele remissie|zeer goede partiele respons|非常好的部分缓解"
    ),
    "nPR": "nodular pr|nodular partial response|nodular partial remission",
    "PR": (
        "partial response|partial remission|partial responder|pmr|partial metabolic response|partial metabolic"
        " remission|ipr|rpm|rmp|partielle metabolische remission|reponse metabolique partielle|reponse partielle"
        " metabolique|partielle remission|teilremission|partielles ansprechen|reponse partielle|remission"
        " partielle|rp|respuesta parcial|remision parcial|risposta parziale|remissione parziale|partiele"
        " remissie|partiele respons|部分缓解|部分代谢缓解|部分奏効|部分寛解"
    ),
    "PR-L": "pr l|prl|pr with lymphocytosis|partial response with lymphocytosis|partial remission with lymphocytosis",
    "MR": "minimal response|minor response|reponse minime|reponse mineure|respuesta minima|risposta minima|微小缓解",
    "SD": (
        "stable disease|stable|stabil|stabile krankheit|ms|ee|nmr|no metabolic response|isd|stabile erkrankung|stable"
        " erkrankung|krankheitsstabilisierung|maladie stable|enfermedad estable|malattia stabile|stabiele"
        " ziekte|疾病稳定|病情稳定|安定"
    ),
    "NR": (
        "no response|non response|non responder|nonresponder|no responder|refractory|refractory disease|primary"
        " refractory|resistant disease|resistant|kein ansprechen|nichtansprechen|refraktar|refraktare erkrankung|pas de"
        " reponse|refractaire|sin respuesta|refractario|refractaria|refrattario|refrattaria|nessuna risposta|geen"
        " respons|refractair|未缓解|难治"
    ),
    "PD": (
        "progressive disease|progression|progressed|disease progression|progression of"
        " disease|progressive|pmd|progressive metabolic disease|icpd|relapse|relapsed|relapsed disease|relapsing"
        " disease|disease relapse|recurrence|recurrent disease|hematologic relapse|hematological relapse|morphologic"
        " relapse|morphological relapse|clinical relapse|relapse from cr|relapse after cr|relapsed after"
        " cr|mp|ep|pe|progress|progrediente erkrankung|progressive erkrankung|krankheitsprogress|rezidiv|maladie"
        " progressive|maladie en progression|rechute|enfermedad progresiva|enfermedad en"
        " progresion|progresion|recaida|malattia in progressione|progressione|progressione di"
        " malattia|recidiva|ricaduta|progressie|progressieve ziekte|recidief|疾病进展|进展|复发|進行|再発"
    ),
    "NE": (
        "not evaluable|not evaluated|non evaluable|nonevaluable|unevaluable|inevaluable|not assessable|non"
        " assessable|not assessed|nicht auswertbar|nicht beurteilbar|nicht evaluierbar|non evalue|no evaluable|non"
        " valutabile|niet evalueerbaar|不可评价|不可评估|评価不能"
    ),
}
RESPONSE_WORDS: Final = {
    **{word: response for response, words in WRITTEN.items() for word in words.split("|")},
    **{response.casefold().replace("-", " "): response for response in RESPONSES},
    **{response.casefold(): response for response in RESPONSES},
}
LIKE: Final = {  # words of other or earlier criteria: how each is read, and whose it is
    **dict.fromkeys(("ncr", "near cr", "near complete response", "near complete remission"), ("VGPR", "EBMT 1998")),
    **dict.fromkeys(
        ("cru", "complete response unconfirmed", "unconfirmed complete response", "cr unconfirmed"),
        ("CR", "Cheson 1999"),
    ),
    **dict.fromkeys(("crp", "cr with incomplete platelet recovery"), ("CRi", "earlier criteria of leukaemia")),
    **dict.fromkeys(
        ("cr/cri", "cr or cri", "cr/crh", "cr or crh", "cr/crh/cri", "cr/cri/crh"),
        ("CRi", "a report that does not part CR from CRi"),
    ),
    **dict.fromkeys(
        ("non cr/non pd", "non cr non pd", "noncr/nonpd"), ("SD", "RECIST 1.1, of disease that is not measurable")
    ),
}
_RECOVERY: Final = tuple(
    (
        response,
        re.compile(rf"(cr|complete (remission|response)) (with )?{how} ([a-z ]+ )?recovery( \(?{response}\)?)?", re.I),
    )
    for response, how in (("CRi", "incomplete"), ("CRh", "partial"))
)
_NEGATIVE: Final = r"neg(ativ\w*)?\b\.?|undetect\w*|not detect\w*|阴性|陰性|unmeasurable"
_POSITIVE: Final = r"pos(itiv\w*)?\b\.?|detect\w*|阳性|陽性"
_MRD: Final = re.compile(
    rf"(?P<no>\b(u|undetectable |no |without |neg(ative)? |negativ\w* )mrd\b)|(?P<yes>\bwith mrd\b|\bpos(itive)?"
    rf" mrd\b)|"
    rf"_?mrd[\s_:=-]*((?P<negative>{_NEGATIVE})|(?P<positive>{_POSITIVE}))|_?mrd\d?\s*((?P<minus>[-−–](?=\W|$))|(?P<plus>\+))|"
    r"_?mrd[\s_:=-]*(?P<open>not done|not"
    r" (available|tested|evaluable|assessed|measured)|unknown|n\.?d\.?|n\.?a\.?|pending|missing|indeterminate)"
)
_METHOD: Final = re.compile(  # by which MRD was measured and how deep; the PET score; what a progression was seen by
    r"\(?\b(by |at |in )?(ngs|ngf|mfc|flow( cytometry)?|pcr|rq pcr|rq-pcr|clonoseq|euroflow)\b\)?|\(?(<|≤|at |to"
    r" )*\s*(1 ?[x*×] ?)?10\s?(\^|e)?\s?[-−–]\s?[456]\)?|\(?[<≤]\s?0[.,]0+1\s?%\)?|"
    r"\(?\b(deauville|ds)( score)?[ :=]*[1-5]\b\)?|\b(clinical|biochemical|radiologic(al)?|radiographic|confirmed)\b"
)
_EDGES: Final = " ,;/()[]&+_-:."


class Said(NamedTuple):
    """What the words say: a response ("" = none that is known), whose word it is where it is of other criteria, and MRD
    ("" = nothing)."""

    response: str
    of: str = ""
    mrd: str = ""


def said_in(written: str) -> Said:
    """The response in these words."""
    words = _folded(written)
    mrd = mrd_in(written)
    known = _response(words) or _response(_METHOD.sub(" ", _MRD.sub(" ", words, count=1)))
    return Said(known[0], known[1], mrd) if known else Said("")


def mrd_in(written: str) -> str:
    """What words of a response say of measurable residual disease: "negative", "positive", "not done" or "" for
    nothing."""
    found = _MRD.search(_folded(written))
    if found is None or found["open"]:
        return MRD_NOT_DONE if found else ""
    return MRD_NEGATIVE if found["no"] or found["negative"] or found["minus"] else MRD_POSITIVE


def _response(words: str) -> tuple[str, str] | None:
    """The response of these words, and whose word it is; words and their short form in brackets may stand side by
    side."""
    words = re.sub(r"\s+", " ", words).strip(_EDGES)
    if known := _known(words):
        return known
    parts = {_known(part.strip(_EDGES)) for part in re.split(r"[()\[\]:=]| - |, ", words) if part.strip(_EDGES)}
    return parts.pop() if len(parts) == 1 else None


def _known(words: str) -> tuple[str, str] | None:
    for each in (words, re.sub(r"[-_‐]", " ", words)):
        if each in RESPONSE_WORDS:
            return RESPONSE_WORDS[each], ""
        if each in LIKE:
            return LIKE[each]
    return next(((response, "") for response, pattern in _RECOVERY if pattern.fullmatch(words.replace("-", " "))), None)


def _folded(written: str) -> str:
    """Without capitals and accents, in American spelling, one blank between words."""
    letters = unicodedata.normalize("NFKD", written)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
    plain = re.sub(r"\be(mr|rm)\b", "mrd", plain)  # enfermedad mínima residual
    american = plain.replace("leukaem", "leukem").replace("haemato", "hemato")
    return re.sub(r"\s+", " ", re.sub(r"^\d{1,2}\s*[.,:)=-]\s*(?=[^\W\d_])", "", american.strip()))
