"""The options of exhibits as data: fields of a frozen dataclass that carry default, choices, label and help.

Widgets, the command line, saved sessions and scripts are all made from these fields; nothing else knows the options.
Choices may depend on the opened cohort; a default of None then stands for the usual choice, which `usual` tells.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from inspect import get_annotations
from math import isfinite
from typing import Any, Final, Literal
from urllib.parse import unquote

from lib.cohort.analysis import Analysis
from lib.publication.text_width import SCREEN

Kind = Literal["choice", "flag", "several", "number", "amounts", "texts"]
Of = Callable[[Analysis, Any], Any]  # of an analysis and a variant of the exhibit (None where it has none)
WIDTH: Final = "width"  # the name of the one field that no reader sets
NOTHING: Final = ("", "-", "none", "nothing")
ANY: Final = "*"  # of `only_with`: whatever the other option holds
YES, NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")


class NotAllowed(ValueError):
    """A value that an option cannot take; the text is a sentence that names those that it can."""


@dataclass(frozen=True)
class Option:
    """What a field knows of itself beside its default.

    `none` names the choice of nothing ("" = something has to be chosen). `amounts` are numbers by name, of those names
    which the option `within` holds; `texts` are words by name, where `words` says which words each name takes (none
    named: any), parted by ";". `only_with`: counts only where another option has this value (ANY: any). `when`: whether
    it changes anything here.
    `each_variant`: remembered for each variant of the exhibit, since the usual choice differs.
    """

    kind: Kind
    label: str
    help: str = ""
    choices: Sequence[str] | Mapping[str, str] | Of = ()
    usual: Of | None = None
    low: float | None = None
    high: float | None = None
    step: float = 1.0
    none: str = ""
    within: str = ""
    only_with: tuple[str, Any] | None = None
    when: Of | None = None
    each_variant: bool = False
    in_unit: bool = False  # a number in the unit of time of the analysis
    most: int | None = None  # of several
    words: Of | None = None  # of texts
    example: str = ""  # of texts, "name: text"


@dataclass(frozen=True)
class Offer:
    """An option of one exhibit of one analysis: what may be chosen, by value, with the label of each; and what is
    usual."""

    name: str
    option: Option
    choices: Mapping[str, str]
    usual: Any
    key: str  # the same for all exhibits that share the option
    counts: bool = True
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def counts_with(self, values: Mapping[str, Any]) -> bool:
        """Whether it counts beside these values of the other options."""
        name, value = self.option.only_with or ("", ANY)
        return not name or (values.get(name) is not None if value == ANY else values.get(name) == value)

    def check(self, value: Any) -> None:
        """Raises NotAllowed, with what may be chosen, where the option cannot take the value."""
        named = {"choice": (value,), "several": value if isinstance(value, tuple) else ()}.get(self.option.kind, ())
        if not named or not all(isinstance(each, str) and each in self.choices for each in named):
            parsed(self, written(value))  # a name may hold the sign that parts names in a text

    def allowed(self, value: Any) -> Any:
        """The value where it is allowed, in part where it is one of several; else the usual one."""
        option = self.option
        if value is None:
            return None if option.none else self.usual
        listed = value if isinstance(value, (tuple, list)) else ()
        readers: dict[Kind, Callable[[], Any]] = {
            "several": lambda: tuple(each for each in listed if each in self.choices)[: option.most],
            "amounts": lambda: tuple((name, float(dict(value).get(name, usual))) for name, usual in self.usual),
            "number": lambda: float(value) if _within(option, value) else self.usual,
            "flag": lambda: bool(value),
            "choice": lambda: written(value) if written(value) in self.choices else self.usual,
            "texts": lambda: _allowed_texts(self, value),
        }
        return readers[option.kind]()

    @property
    def is_open(self) -> bool:
        """Whether there is anything to choose."""
        option = self.option
        if not self.counts:
            return False
        least = 1 if option.none or option.kind in ("several", "amounts", "texts") else 2
        return option.kind in ("flag", "number") or len(self.choices) >= least


def choice(default: str | None, choices: Any, label: str, **more: Any) -> Any:
    """One of the choices."""
    return field(default=default, metadata={"option": Option("choice", label, choices=choices, **more)})


def several(default: tuple[str, ...] | None, choices: Any, label: str, **more: Any) -> Any:
    """Any number of the choices."""
    return field(default=default, metadata={"option": Option("several", label, choices=choices, **more)})


def flag(default: bool | None, label: str, **more: Any) -> Any:
    """Yes or no."""
    return field(default=default, metadata={"option": Option("flag", label, **more)})


def number(default: float | None, label: str, low: float, high: float | None = None, **more: Any) -> Any:
    """A number within its limits."""
    return field(default=default, metadata={"option": Option("number", label, low=low, high=high, **more)})


def amounts(choices: Of, label: str, within: str, usual: Of, **more: Any) -> Any:
    """A positive number for each of the names which another option holds."""
    option = Option("amounts", label, choices=choices, within=within, usual=usual, **more)
    return field(default=None, metadata={"option": option})


def texts(choices: Of, label: str, **more: Any) -> Any:
    """A text for any of the names: pairs of name and text."""
    return field(default=(), metadata={"option": Option("texts", label, choices=choices, **more)})


@dataclass(frozen=True, kw_only=True)
class Sized:
    """The options of every exhibit: `width` is not asked of the reader but of the place where a figure is drawn.

    In pixels, axes and words of 11 to 12 pixels included: 760 on the screen, 380 for one column of a journal (85 mm,
    words of 7 points).
    """

    width: int = SCREEN


@dataclass(frozen=True)
class NoOptions(Sized):
    """Of an exhibit that can be shown in one way only."""


@dataclass(frozen=True)
class FollowUpOptions(Sized):
    """Until when adverse events and graded laboratory values count."""

    until_next: bool = flag(
        True,
        "Only until the next therapy",
        help=(
            "An event or value after treatment of relapse (kind subsequent in Therapies) or a later infusion is "
            "left out, and counted in a note. Maintenance and bridging end nothing."
        ),
    )


def offers(options: type, analysis: Analysis, variant: Any = None) -> tuple[Offer, ...]:
    """Every option of these, with what may be chosen here; found once for an analysis."""
    return tuple(analysis.result(_offers, options, variant))


def _offers(analysis: Analysis, options: type, variant: Any) -> tuple[Offer, ...]:
    return tuple(_offer(options, each, analysis, variant) for each in fields(options) if each.name != WIDTH)


def settled(options: type, analysis: Analysis, variant: Any, values: Mapping[str, Any]) -> Any:
    """The options with these values where they are allowed here, else with the usual ones."""
    chosen = {
        each.name: each.allowed(values[each.name]) if each.name in values else each.usual
        for each in offers(options, analysis, variant)
    }
    return options(width=values.get(WIDTH, SCREEN), **chosen)


def parsed(offer: Offer, text: str) -> Any:
    """The value that a text stands for. Raises NotAllowed."""
    kind, bare = offer.option.kind, text.strip()
    if offer.option.none and bare.casefold() in (*NOTHING, offer.option.none.casefold()):
        return () if kind == "several" else None
    readers: dict[Kind, Callable[[Offer, str], Any]] = {
        "flag": _flag,
        "number": _number,
        "several": _several,
        "choice": _choice,
        "amounts": _amounts,
        "texts": _texts,
    }
    return readers[kind](offer, bare)


def written(value: Any) -> str:
    """A value as `parsed` reads it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list, Mapping)):
        return "|".join(map(_written_part, value.items() if isinstance(value, Mapping) else value))
    return _exact(value) if isinstance(value, float) else str(value)


def _exact(number: float) -> str:
    return f"{number:g}" if float(f"{number:g}") == number else repr(number)


def _written_part(part: Any) -> str:
    if not isinstance(part, tuple):
        return str(part)
    name, held = part
    return f"{name}:{_exact(held) if isinstance(held, float) else held.replace('%', '%25').replace('|', '%7C')}"


def as_lines(value: Sequence[tuple[str, str]]) -> str:
    """Texts as a reader writes them, one a line; `parsed` reads them back."""
    return "\n".join(written((pair,)).replace(":", ": ", 1) for pair in value)


def in_words(offer: Offer) -> str:
    """What the option may be, for a sentence."""
    option = offer.option
    names = [*offer.choices, *(["none"] if option.none else [])]
    if option.kind == "flag":
        return "yes or no"
    if option.kind == "number":
        limits = f"a number from {option.low:g}" + (f" to {option.high:g}" if option.high is not None else "")
        return limits + (f", or none ({option.none})" if option.none else "")
    if not names:
        return "nothing: this cohort offers no choice"
    listed = ", ".join(names)
    within = {
        "several": f"any of {listed}, parted by |",
        "texts": f"name:text, one a line or parted by |, of {listed}",
        "amounts": f"name:number, parted by |, of {listed}",
    }
    return within.get(option.kind, listed)


def _offer(options: type, each: Any, analysis: Analysis, variant: Any) -> Offer:
    option: Option = each.metadata["option"]
    given = option.choices(analysis, variant) if callable(option.choices) else option.choices
    choices = dict(given) if isinstance(given, Mapping) else {value: value for value in given}
    usual = _usual(each.default, option, choices, (analysis, variant))
    counts = option.when is None or bool(option.when(analysis, variant))
    words = option.words(analysis, variant) if option.words else {}
    home = next(one.__name__ for one in reversed(options.__mro__) if each.name in get_annotations(one))  # has it first
    return Offer(each.name, option, choices, usual, f"{home}.{each.name}", counts, words)


def _usual(default: Any, option: Option, choices: Mapping[str, str], of: tuple[Analysis, Any]) -> Any:
    if default is not None or (option.usual is None and (option.none or option.kind != "choice")):
        return default
    return option.usual(*of) if option.usual else next(iter(choices), None)


def _within(option: Option, value: Any) -> bool:
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
    return known and (option.low is None or value >= option.low) and (option.high is None or value <= option.high)


def _flag(offer: Offer, text: str) -> bool:
    if text.casefold() not in (*YES, *NO):
        raise _not_allowed(offer, text)
    return text.casefold() in YES


def _number(offer: Offer, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise _not_allowed(offer, text) from None
    if not _within(offer.option, value):
        raise _not_allowed(offer, text)
    return value


def _choice(offer: Offer, text: str) -> str:
    for value, label in offer.choices.items():
        if text.casefold() in (value.casefold(), label.casefold()):
            return value
    raise _not_allowed(offer, text)


def _several(offer: Offer, text: str) -> tuple[str, ...]:
    chosen = (_choice(offer, part.strip()) for part in text.split("|") if part.strip().casefold() not in NOTHING)
    return tuple(dict.fromkeys(chosen))


def _amounts(offer: Offer, text: str) -> tuple[tuple[str, float], ...]:
    chosen = []
    for part in text.split("|"):
        name, _, amount = part.rpartition(":")
        try:
            chosen.append((_choice(offer, name.strip()), float(amount)))
        except ValueError:
            raise _not_allowed(offer, text) from None
        if not chosen[-1][1] > 0 or not isfinite(chosen[-1][1]):
            raise _not_allowed(offer, text)
    return tuple((name, dict(chosen).get(name, usual)) for name, usual in offer.usual)


def _texts(offer: Offer, text: str) -> tuple[tuple[str, str], ...]:
    chosen = {}
    for line in text.replace("\n", "|").split("|"):
        if line.strip():
            name, words = _named(offer, line.strip())
            chosen[name] = unquote(words)
    for name, words in chosen.items():
        if unknown := _unknown(offer, name, words):
            raise NotAllowed(f'{offer.choices[name]} has no "{unknown}". It may be {", ".join(offer.words[name])}.')
    return tuple(chosen.items())


def _named(offer: Offer, line: str) -> tuple[str, str]:
    """The name before a colon, which may itself hold one, and the words after it. Raises NotAllowed."""
    parts = line.split(":")
    known = {each.casefold(): value for value, label in offer.choices.items() for each in (value, label)}
    for place in range(len(parts) - 1, 0, -1):
        name, words = ":".join(parts[:place]).strip().casefold(), ":".join(parts[place:]).strip()
        if name in known and words:
            return known[name], words
    raise _not_allowed(offer, line)


def _unknown(offer: Offer, name: str, words: str) -> str:
    """The first of the words that the name does not take."""
    known = {each.casefold() for each in offer.words.get(name, ())}
    asked = [part.split(" = ")[0].strip() for part in words.split(";")]
    return next((each for each in asked if known and each.casefold() not in known), "")


def _allowed_texts(offer: Offer, value: Any) -> tuple[tuple[str, str], ...]:
    pairs = dict(value).items()
    return tuple((name, words) for name, words in pairs if name in offer.choices and not _unknown(offer, name, words))


def _not_allowed(offer: Offer, text: str) -> NotAllowed:
    return NotAllowed(f'"{text}" is not a value of {offer.name} ({offer.option.label}). It may be {in_words(offer)}.')
