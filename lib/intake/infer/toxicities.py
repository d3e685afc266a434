"""Columns of the patients that are events, too: the worst grade of one toxicity ("CRS grade", "ICANS max"), or yes and
no; the best response.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from lib.cohort.schema import RESPONSES
from lib.intake.cells.coding import YES_WORDS
from lib.intake.cells.meanings import says_no_event
from lib.intake.infer.column import ColumnView, responding
from lib.intake.infer.event_reading import BEST
from lib.intake.infer.patient_reading import unit_of, which_of
from lib.intake.infer.question import COLUMNS, Asking, Place
from lib.intake.infer.sheet_guess import SheetGuess
from lib.intake.infer.sheet_type import GRADE, GRADE_SAID, HALF, REMARKED, graded_terms, ungraded_terms
from lib.intake.infer.study_days import Steps, says_more, steps_in
from lib.intake.mapping import Reading, RowChoice
from lib.intake.sheets.role import keyed

MOSTLY: Final = 0.6
_CYTOPENIA: Final = r"(severe_|prolonged_|early_|late_|febrile_)?(\w*cytop(a?e)nia|(neutro|leu[ck]o|lympho)p(a?e)nia|an(a?e|[aä])mi[ae]|neutropenie|thrombozytopenie|(e_?|l_?)?icaht)s?"  # noqa: E501
CYTOPENIA: Final = re.compile(_CYTOPENIA)
TOXICITY: Final = re.compile(
    rf"(any_|severe_|serious_|bacterial_|viral_|fungal_)?({_CYTOPENIA}|infe[ck]tion(s|en)?|sepsis|septic_shock|bacter(a?e)mia|pneumonia|(hlh|mas)(_(hlh|mas))?|macrophage_activation(_syndrome)?|(tls|tumou?r_lysis(_syndrome)?)|hypogammaglobulin(a?e)mia|"
    r"fever|fieber|pyrexia|hypotension|hypoxi?a|seizures?|encephalopathy|tremor|headache|aphasia|delirium|diarrh(o?e)a|nausea|vomiting|rash|colitis|mucositis|fatigue|(hepato|cardio|cardiac|nephro)_?tox\w*|(acute_)?(renal_failure|kidney_injury)|aki|"
    r"arrhythmia|coagulopathy|dic|bleeding|h(a?e)morrhage|thrombosis|(acute_|chronic_|a|c)?gvhd|parkinsonism|movement_disorder|cranial_nerve_palsy)"
)
NOT_TOXIC: Final = re.compile(
    r"(^|_)(prior|previous|history|baseline|before|pre|at_infusion|diagnosis|family|prophyla\w*|treat\w*|therap\w*|tumou?r(?!_lysis)|histol\w*|disease|who|fl|follicular|gleason|different\w*|response|days?|date|onset|start|end|duration|time|n|no|number|count|episodes?|organism|type|site|cause)(_|$)"
)
OF_GRADE: Final = re.compile(
    r"(?i)(?<![^\W_])(ctcae|ctc|max(imum|imal)?|worst|highest|peak|any|grade?|grado|graad|gr|v?\d(\.\d)?)(?![^\W_])\.?"
)
ABOVE: Final = re.compile(
    r"(?i)(≥|>=|>)\s*(g|gr|grade)?\s*[1-5]|(?<![^\W_])(g|gr|grade)\s*[1-5]|[1-5]\s*(\+|[-–/]\s*[345]|or (higher|above))"
)
ZERO: Final = frozenset(("0", "0.0"))
LIKE_TOXICITIES: Final = "They are named like toxicities, with grades or yes and no; a yes says no grade."
AS_EVENTS: Final = (("event", "Yes: an event each, of yes alone without a grade"), ("keep", "No: they stay columns"))
BEST_OF_THEM: Final = ("best", "As the best response of the patient, whose day is not known")
WITH_TIME: Final = "It is a response with its time, or several responses one after the other."
ON_ITS_DAY: Final = ("days", "As an assessment each, on the day that stands beside it")
WHEN: Final = (
    (
        "start",
        "onset|start|begin|beginn|inicio|inizio|debut|day|date|tag|datum|jour|dia|giorno|dag|fecha|data|aanvang|first|start_day",
    ),
    ("stop", "end|stop|ende|resolution|resolved|fin|fine|einde|last"),
)
OF_A_DAY: Final = (
    r"((day|date|tag|datum|jour|dia)_(of_|der_|des_|du_|de_|del_)*)?({})(_(day|date|d|dt|days|tag|datum))?"
)


def worst_grade_readings(guess: SheetGuess, asking: Asking, listed: bool) -> list[Reading]:
    """One reading a column that holds the grades of one toxicity: of the patient, or with a day where patients have
    several rows. `listed` = the file has a list of adverse events besides.

    0 means looked for and absent, an empty cell is no event, even beside a day.
    """
    if guess.named("adverse_events.term") or guess.table in ("", "deaths"):
        return []
    found = []
    others = _others(guess, asking, listed)
    flags = [name for name in others if guess.view.column(name).profile.yes_no == 1]
    graded = graded_terms(guess.view.columns) | {name: term for name, term in others.items() if name not in flags}
    for name, term in _one_each(guess, graded, asking).items():
        found.append(_of_grades(guess, name, term, asking))
        found += _yes_beside(guess, name, found[-1])
    found += _without_a_grade(guess, asking, {each.constants["term"] for each in found})
    return found + [_of_yes(guess, name, others[name]) for name in flags]


def _of_grades(guess: SheetGuess, name: str, term: str, asking: Asking) -> Reading:
    row: RowChoice = ""
    if guess.view.repeated:
        times = _times_of(guess)
        units = {"start_day": unit_of(guess, times["start_day"], asking)} if "start_day" in times else {}
        row = "" if times else "worst"
    else:
        times = _own_times(guess, term)
        days = {role: each for role, each in times.items() if role.endswith("day")}
        units = {role: guess.view.column(each).heading.unit or "days" for role, each in days.items()}
    columns, codes = guess.patient | {"grade": name} | times, _grades(guess, name, asking)
    return Reading("adverse_events", columns, {"term": term}, codes, units, one_row=row, extras=())


def _of_yes(guess: SheetGuess, name: str, term: str) -> Reading:
    columns, yes = guess.patient | _own_times(guess, term), {name: _yes_words(guess, name)}
    return Reading("adverse_events", columns, {"term": term}, keep=yes, extras=())


def _others(guess: SheetGuess, asking: Asking, listed: bool) -> dict[str, str]:
    """Further columns that are named like a toxicity, with grades or yes and no, if their owner says that they are
    events: asked once for all."""
    known = graded_terms(guess.view.columns) | ungraded_terms(guess.view.columns)
    free = [] if guess.view.repeated or guess.table != "patients" else guess.all_named("patients.covariate")
    terms = {name: term for name in free if name not in known and (term := toxicity_in(guess.view.column(name)))}
    graded = any(guess.view.column(name).profile.yes_no != 1 for name in terms)
    words = (f"Shall {COLUMNS} be read as adverse events of the patients?", LIKE_TOXICITIES)
    place: Place = ("levels", guess.view.name, [*terms])
    proposed, called = "event" if graded and not listed else "keep", f"toxicities:{guess.view.name}"
    return terms if terms and asking.ask(place, words, AS_EVENTS, proposed, called) == "event" else {}


def toxicity_in(column: ColumnView) -> str:
    """The toxicity, other than those of TERMS, of which a column has the grades, or yes and no; "" for any other."""
    words, written = set(column.profile.words), column.heading.text
    if column.heading.unit or NOT_TOXIC.search(keyed(written)):
        return ""
    above, shown = ABOVE.search(written) is not None, OF_GRADE.sub(" ", ABOVE.sub(" ", written))
    graded, known = GRADE_SAID.search(keyed(written)) is not None, TOXICITY.fullmatch(keyed(shown)) is not None
    if column.profile.yes_no == 1:
        return _shown(written) if known and above >= graded else ""
    named = known or bool(keyed(shown) and words & ZERO) if graded else CYTOPENIA.fullmatch(keyed(shown))
    return _shown(shown) if named and not above and _are_grades(words) else ""


def _are_grades(words: set[str]) -> bool:
    return bool(words - ZERO) and all(map(GRADE.fullmatch, words))


def _shown(written: str) -> str:
    """The name of a toxicity as a table shows it."""
    plain = " ".join(re.sub(r"[^\w+]+$|[()\[\]_]+|^[\W_]+", " ", written).split())
    return plain[:1].upper() + plain[1:]


def _yes_beside(guess: SheetGuess, name: str, graded: Reading) -> list[Reading]:
    """Whoever had the toxicity by a column of yes and no, and no grade in the column of this name: an event whose grade
    is not known."""
    said = [each for each, term in ungraded_terms(guess.view.columns).items() if term == graded.constants["term"]]
    if guess.view.repeated or not said or all(guess.view.block.words(name)):
        return []
    keep = {said[0]: _yes_words(guess, said[0]), name: ("",)}
    columns = {role: each for role, each in graded.columns.items() if role != "grade"}
    return [replace(graded, columns=columns, codes={}, keep=keep)]


def _yes_words(guess: SheetGuess, name: str) -> tuple[str, ...]:
    return tuple(word for word in guess.view.block.words(name) if word.casefold() in YES_WORDS)


def has_responses(guesses: Sequence[SheetGuess]) -> bool:
    """Whether a column of these sheets has assessments."""
    named = ("responses.response", "responses.value")
    return any(each.table == "responses" or any(map(each.named, named)) or each.sets for each in guesses)


def best_response_readings(guess: SheetGuess, asking: Asking) -> list[Reading]:
    """The best response of each patient, whose day is not known; of responses beside their times an assessment each."""
    named = [each.name for each in responding(guess.view.columns)]
    best = [name for name in named if BEST.search(guess.view.column(name).key)]
    if guess.table != "patients" or guess.view.repeated or len(best) > 1:
        return []
    found = []
    for name in named:
        steps = {word: steps_in(word) for word in guess.view.block.words(name) if word}
        if any(map(says_more, steps.values())):
            found += _of_steps(guess, name, steps, asking)
        elif name in best:
            found.append(Reading("responses", guess.patient | {"response": name}, extras=()))
    return found


def _of_steps(guess: SheetGuess, name: str, steps: dict[str, Steps], asking: Asking) -> list[Reading]:
    """The readings of such a column, as the heading says or its owner."""
    more = {word: each for word, each in steps.items() if says_more(each)}
    words = (f'How shall "{next(iter(more))}" and the like in {COLUMNS} be read?', WITH_TIME)
    timed = all(day is not None for _, day in chain.from_iterable(more.values()))
    is_best = BEST.search(guess.view.column(name).key) is not None
    proposed = "best" * is_best or "days" * timed
    place: Place = ("levels", guess.view.name, [name])
    choices = [BEST_OF_THEM, *[ON_ITS_DAY] * timed, ("no", "As no response")]
    said = asking.ask(place, words, choices, proposed, f"steps:{guess.view.name}:{name}", needed=not is_best)
    columns = guess.patient | {"response": name}
    if said == "days":
        return [_on_days(columns, steps, step) for step in range(max(map(len, steps.values())))]
    meant = {word: _best(steps[word]) if said == "best" else None for word in more}
    codes = {"response": {word: meant.get(word, word) for word in steps}}
    return [Reading("responses", columns, codes=codes, extras=())] if said == "best" or is_best else []


def _best(steps: Steps) -> str:
    return min((response for response, _ in steps), key=RESPONSES.index)


def _on_days(columns: dict[str, str], steps: dict[str, Steps], step: int) -> Reading:
    """The first response of each word on its day, the second ...; a word that cannot be read stays with the first."""
    there = {word: each[step] if step < len(each) else (None, None) for word, each in steps.items()}
    response = {word: one for word, (one, _) in there.items() if step or steps[word]}
    codes = {"response": response, "day": {word: day for word, (_, day) in there.items()}}
    day = {"day": columns["response"]}
    return Reading("responses", columns | day, codes=codes, units={"day": "days"}, extras=())


def _one_each(guess: SheetGuess, terms: dict[str, str], asking: Asking) -> dict[str, str]:
    """One column of grades for each toxicity: of several that do not say the same, that which its owner chooses."""
    named: dict[str, list[str]] = {}
    for name, term in terms.items():
        named.setdefault(term, []).append(name)
    found = {}
    for term, names in named.items():
        if one := which_of(guess, f"the grade of {term}", names, asking):
            found[one] = term
    return found


def _without_a_grade(guess: SheetGuess, asking: Asking, graded: Collection[str]) -> list[Reading]:
    """Toxicities of which only yes or no is said: events whose grade is not known, where their owner wants them."""
    terms = {} if guess.view.repeated else ungraded_terms(guess.view.columns)
    words = (
        f"Shall yes in {COLUMNS} be read as an adverse event whose grade is not known?",
        "It says whether the toxicity occurred, and no column says its grade.",
    )
    choices = (("event", "Yes: an adverse event without a grade"), ("keep", "No: it stays a column of the patients"))
    found = []
    for name, term in terms.items():
        if term not in graded and asking.ask(("levels", guess.view.name, [name]), words, choices, "keep") == "event":
            found.append(_of_yes(guess, name, term))
    return found


def _own_times(guess: SheetGuess, term: str) -> dict[str, str]:
    """The columns that say when this toxicity of a patient began and ended ("CRS onset (d)", "CRS end"), where they are
    no others."""
    found: dict[str, str] = {}
    of_it = any(each.above == term for each in guess.view.columns)  # the whole sheet is of this toxicity
    for column in guess.view.columns:
        part = "" if column.private else _when(column, keyed(term), of_it)
        kind = "date" if column.profile.dates >= MOSTLY else "day" if column.profile.numbers >= MOSTLY else ""
        if part and kind and not {f"{part}_day", f"{part}_date"} & set(found):
            found[f"{part}_{kind}"] = column.name
    return found


def _when(column: ColumnView, term: str, of_it: bool) -> str:
    """The same of a column, also where only its sheet names the toxicity, or where it is the toxicity in days."""
    part = _part_of(term, column.key) or (_part_of(term, f"{term}_{column.key}") if of_it else "")
    return part or ("start" if column.key == term and column.heading.unit == "days" else "")


def _part_of(term: str, key: str) -> str:
    """Whether this heading says when the toxicity began or ended: "start", "stop" or ""."""
    match = re.fullmatch(
        rf"((days?|date|datum|tag)_((of|to|until|bis|der|des)_)*)?{term}_(?P<when>.+)|(?P<first>onset|start|day|date|beginn|tag|datum|debut|jour|inicio|dia|fecha|inizio|giorno|data|aanvang|dag)_(of_|du_|de_|del_|di_|der_|des_)*{term}",
        key,
    )
    when = match["when"] or match["first"] if match else ""
    return next((part for part, words in WHEN if re.fullmatch(OF_A_DAY.format(words), when)), "")


def _times_of(guess: SheetGuess) -> dict[str, str]:
    """The day or the date of each row, whatever table it was found for."""
    for column, roles in (("start_day", ("start_day", "day")), ("start_date", ("start_date", "date"))):
        for role in roles:
            if name := guess.named(f"{guess.table}.{role}"):
                return {column: name}
    return {}


def _grades(guess: SheetGuess, name: str, asking: Asking) -> dict[str, dict[str, str | None]]:
    """Words for no event as grade 0, a grade without the remark behind it, and half grades as its owner reads them;
    until then they are no grade."""
    words = [word for word in guess.view.block.words(name) if word]
    none = filter(says_no_event, (word for word in words if not GRADE.fullmatch(word)))
    remarked = filter(None, map(REMARKED.fullmatch, words))
    codes: dict[str, str | None] = {**dict.fromkeys(none, "0"), **{found[0]: found[1] for found in remarked}}
    halves = {word: found[1] for word in words if (found := HALF.fullmatch(word))}
    if halves:
        sentence = f"What does {' or '.join(halves)} in {COLUMNS} mean?"
        choices = (("lower", "The lower grade"), ("higher", "The higher grade"), ("none", "No grade: leave it out"))
        said = asking.ask(("levels", guess.view.name, [name]), (sentence, "Grades are whole numbers."), choices)
        step = {"lower": 0, "higher": 1}.get(said)
        codes |= {word: None if step is None else str(int(lower) + step) for word, lower in halves.items()}
    return {"grade": codes} if codes else {}
