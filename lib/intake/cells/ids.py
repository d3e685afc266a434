"""Ids that are written differently in two sheets and mean the same patient, by the rule that a mapping states.

Nothing is joined without a rule: Pat01_1 may be the first sample of Pat01, or another patient.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from lib.intake.mapping import IdRule

SUFFIXES: Final = {  # name as a mapping has it -> what is taken off the end
    "_1": re.compile(r"[\s_./#:-]+\d{1,2}$"),
    "_a": re.compile(r"[\s_./#:-]*[A-Za-z]$"),
    "_d28": re.compile(
        r"([\s_./#:-]+|(?<=\d))(d|day|v|visit|tag|wk|w|week|m|t|tp|s|c|cycle|bl|baseline|screening|pre|post|eot|rep(licate)?|sample|smp|aliquot|tube|probe|run|dup)[\s_./#:+-]*\d{0,3}$",
        re.I,
    ),
    "_(...)": re.compile(r"\s*[(\[][^()\[\]]*[)\]]$"),
}
DECIMAL: Final = re.compile(r"(\d+)[.,]0+")
LAST_NUMBER: Final = re.compile(r"\d+(?=\D*$)")


def canonical(written: str, rule: IdRule) -> str:
    """The id as it is compared: equal for all spellings that the rule calls one patient."""
    word = rule.pairs.get(written, written).strip()
    if rule.strip_suffix in SUFFIXES:
        word = SUFFIXES[rule.strip_suffix].sub("", word) or word
    if found := DECIMAL.fullmatch(word):
        word = found[1]
    if rule.casefold:
        word = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", word).casefold()) or word
    return LAST_NUMBER.sub(lambda digits: digits[0].lstrip("0").zfill(rule.zero_pad), word) if rule.zero_pad else word


def one_spelling_of_ids(written: Iterable[str], rule: IdRule) -> dict[str, str]:
    """Each id with the spelling that counts: that which comes first of all that mean the same patient."""
    first: dict[str, str] = {}
    return {each: first.setdefault(canonical(each, rule), each) for each in dict.fromkeys(written)}
