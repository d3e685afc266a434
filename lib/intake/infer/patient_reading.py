"""A sheet -> how Patients is read from it: the columns of the schema, the rows that count, and what is joined from
other sheets.

Which of several rows of a patient counts is asked where they say different things.
"""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from collections.abc import Mapping as Map
from typing import Final

from lib.intake.cells.coding import CHOICE_NUMBER
from lib.intake.cells.dates import EPOCHS, date_of, epochs_of, looks_dated
from lib.intake.infer.day_zero import COUNTED, says_day_0, settle_day_0
from lib.intake.infer.endpoint_pair import CHOICES
from lib.intake.infer.event_column import are_dates
from lib.intake.infer.patient_choices import EXCLUDED
from lib.intake.infer.patient_column import different_columns, is_of_schema
from lib.intake.infer.question import COLUMNS, Asking, Place
from lib.intake.infer.sheet_guess import SheetGuess
from lib.intake.mapping import ROW_CHOICES, Reading, RowChoice

WHICH: Final = (
    ("same", "What is the same in all rows; the rest is left out"),
    ("first", "The first row in which something stands"),
    ("last", "The last row in which something stands"),
    ("worst", "The worst: the highest number or grade, yes before no"),
)
FOLLOW_UP: Final = (
    ("last", "Read it: the last row of each patient counts"),
    ("first", "Read it: the first row of each patient counts"),
    ("worst", "Read it: the earliest event of each patient counts"),
    ("leave", "Leave it out"),
)
SHOWN: Final = 4
EXAMPLE: Final = dt.date(2014, 4, 3)  # invented: no date of the file is repeated in a question
WHY_EPOCHS: Final = "Programs count days from different years. The number is an example and stands for no patient."


def which_row(guess: SheetGuess, asking: Asking) -> RowChoice:
    """Of a sheet of patients: asked once for all columns of the patient that change from row to row; "" = none is
    chosen."""
    if guess.table != "patients" or not guess.view.repeated:
        return ""
    differ = [
        name
        for name, each in guess.proposals.items()
        if each.role.startswith("patients.") and name != guess.view.patient and guess.view.column(name).constant < 1
    ]
    if not differ:
        return ""
    shown = ", ".join(f'"{name}"' for name in differ[:SHOWN])
    more = f" and {len(differ) - SHOWN} more" if len(differ) > SHOWN else ""
    words = (
        f"Patients have several rows, which differ in {shown}{more}. Which counts?",
        "A patient has one value in each column.",
    )
    answer = asking.ask(("rows", guess.view.name, differ), words, WHICH, "same", f"which row:{guess.view.name}")
    return _choice(answer)


def which_follow_up(guess: SheetGuess, asking: Asking) -> RowChoice | None:
    """Of endpoints that stand on every row of a patient: which row counts, None = they are left out.

    Where they change from row to row the last row is proposed in a sheet of patients; in a sheet of events, nothing.
    """
    pair = guess.pairs[0]
    columns = [name for each in guess.pairs for name in (each.time, each.event) if name]
    changes = any(guess.view.column(name).constant < 1 for name in columns)
    says = "changes from row to row" if changes else "repeats on every row"
    words = (
        f'"{pair.time}" {says} of a patient. Is it an endpoint to be read?',
        "It may be a second follow-up of the same patients.",
    )
    proposed = "last" if guess.table == "patients" else "leave"
    answer = asking.ask(("rows", guess.view.name, columns), words, FOLLOW_UP, proposed, "", changes)
    return None if answer == "leave" else _choice(answer)


def _choice(answer: str) -> RowChoice:
    return next((choice for choice in ROW_CHOICES if choice == answer), "")


NOT_TREATED: Final = re.compile(
    r"screen(ing)?[ _-]*fail\w*|not (assigned|treated|infused|dosed|randomi[sz]ed)|never"
    r" infused|(manufactur\w*|production)[ _-]*fail\w*|died before infusion|"
    r"^(excluded|ausgeschlossen|exclue?|excluid[oa]|esclus[oa]|uitgesloten|排除|剔除)\b|nicht"
    r" (infundiert|behandelt)|non (trait|perfus|r[eé]inject)[eé]e?|"
    r"no (infundid|tratad)[oa]|[eé]chec de (production|fabrication|screening)|未(输注|回输)|筛选失败",
    re.I,
)
FOLLOWED: Final = ("death_date", "last_contact_date")
BLANK_OR: Final = frozenset(("x", "✓", "✔", "+"))


def patient_readings(guess: SheetGuess, all_read: Sequence[SheetGuess], asking: Asking) -> list[Reading]:
    """At most one reading of Patients."""
    if guess.table == "patients" or not any(each.table == "patients" for each in all_read):
        if guess.table in ("patients", "deaths") or guess.view.patient:
            return [_whole(guess, all_read, asking)]
        return []
    return _attributes(guess, all_read, asking)


def _whole(guess: SheetGuess, all_read: Sequence[SheetGuess], asking: Asking) -> Reading:
    columns = _columns(guess)
    if any(each.table == "endpoints" for each in all_read) and "progression_date" not in columns:
        columns = {name: heading for name, heading in columns.items() if name not in FOLLOWED}
    settle_day_0(guess, columns, all_read, asking)
    columns = _with_use(guess, columns, all_read)
    extras = None if guess.table == "patients" else _extras(guess, ())
    codes = _labels(guess) | _blanks(guess, asking) if guess.table == "patients" else {}
    keep = _kept_rows(guess, asking) if guess.table == "patients" else {}
    units = epoch_units(guess, columns, asking)
    row = which_row(guess, asking)
    return Reading("patients", columns, codes=codes, units=units, keep=keep, one_row=row, extras=extras)


def _with_use(guess: SheetGuess, columns: dict[str, str], all_read: Sequence[SheetGuess]) -> dict[str, str]:
    """The columns without dates written as numbers where the file has no day 0: nothing counts from it, so nobody need
    be asked how they are counted, and no date of a patient is repeated in a question."""
    if says_day_0(all_read) or "infusion_date" in columns:
        return columns
    return {
        name: heading
        for name, heading in columns.items()
        if not (name in COUNTED and are_dates(guess.view.column(heading)))
    }


def _columns(guess: SheetGuess) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, proposal in guess.proposals.items():
        column = is_of_schema(proposal.role)
        if column:
            found.setdefault(column, name)
    return found


def _extras(guess: SheetGuess, known: Collection[str]) -> tuple[str, ...]:
    """Columns that stay the same within a patient, and that no sheet of patients has."""
    return tuple(
        name
        for name, each in guess.proposals.items()
        if each.role.startswith("patients.")
        and not is_of_schema(each.role)
        and guess.view.column(name).key not in known
    )


def _attributes(guess: SheetGuess, all_read: Sequence[SheetGuess], asking: Asking) -> list[Reading]:
    """What a sheet of events says of its patients, where no sheet of patients says it."""
    if not guess.view.patient or guess.table in ("deaths", "endpoints", "infusions"):
        return []
    known = _keys_elsewhere(guess, all_read)
    columns = {
        name: heading for name, heading in _columns(guess).items() if guess.view.column(heading).key not in known
    }
    columns = _with_use(guess, columns, all_read)
    extras = _extras(guess, known)
    if not columns and not extras:
        return []
    units = epoch_units(guess, columns, asking)
    return [Reading("patients", guess.patient | columns, units=units, extras=extras)]


def _keys_elsewhere(guess: SheetGuess, all_read: Sequence[SheetGuess]) -> set[str]:
    """The headings of the sheets of patients and of those before this one."""
    before = next(place for place, each in enumerate(all_read) if each is guess)
    others = [each for place, each in enumerate(all_read) if each.table == "patients" or place < before]
    return {column.key for each in others for column in each.view.columns}


def epoch_units(guess: SheetGuess, columns: Map[str, str], asking: Asking) -> dict[str, str]:
    """From when dates that are numbers are counted: proposed where only one way gives dates of our time, and asked."""
    found = {}
    for column, name in columns.items():
        view = guess.view.column(name)
        if not column.endswith("date") or not are_dates(view):
            continue
        epochs = epochs_of((view.profile.low, view.profile.high))
        first, of_a_day, _ = EPOCHS[epochs[0]]
        number = (EXAMPLE - first).days * of_a_day
        choices = [(epoch, f"{date_of(number, epoch)}: {epoch} ({EPOCHS[epoch][2]})") for epoch in epochs]
        words = (f'Which date would {number} be in "{name}"?', WHY_EPOCHS)
        place: Place = ("unit", guess.view.name, [name])
        answer = asking.ask(place, words, choices, epochs[0] if len(epochs) == 1 else "", blocks=len(epochs) > 1)
        if answer:
            found[column] = answer
    return found


def rows_without(
    guess: SheetGuess, name: str, away: Sequence[str], said: tuple[str, str], asking: Asking, blocks: bool = False
) -> dict[str, tuple[str, ...]]:
    """The rows that count, without those that hold one of these words, unless the reader wants them."""
    choices = (("leave", "Leave them out"), ("read", "Read them"))
    if asking.ask(("rows", guess.view.name, [name]), said, choices, "leave", blocks=blocks) != "leave":
        return {}
    return {name: tuple(word for word in guess.view.block.words(name) if word not in away)}


def _kept_rows(guess: SheetGuess, asking: Asking) -> dict[str, tuple[str, ...]]:
    """Rows of patients who were never treated are left out unless the reader wants them."""
    arm = guess.named("patients.arm")
    for column in sorted(guess.view.columns, key=lambda each: each.name != arm):
        is_settled = column.private or EXCLUDED.fullmatch(column.key)  # by patient_choices
        if not is_settled and any(map(NOT_TREATED.search, column.profile.words)):
            away = list(filter(NOT_TREATED.search, guess.view.block.words(column.name)))
            sentence = f'Shall the patients with "{", ".join(away)}" in "{column.name}" be left out?'
            return rows_without(
                guess, column.name, away, (sentence, "They were not treated, or excluded."), asking, True
            )
    return {}


def _labels(guess: SheetGuess) -> dict[str, dict[str, str | None]]:
    """Forms export a choice as its number and its words ("2, Axi-cel"): the words count, where every value is written
    so."""
    codes: dict[str, dict[str, str | None]] = {}
    for column in guess.view.columns:
        meant = {word: CHOICE_NUMBER.sub("", word, count=1) for word in column.profile.words}
        exported = all(CHOICE_NUMBER.match(word) for word in meant) and len(set(meant.values())) == len(meant) > 1
        if (
            exported
            and not any(map(looks_dated, meant))
            and not column.private
            and column.profile.n_levels == len(meant)
        ):
            codes[is_of_schema(guess.proposals[column.name].role) or column.name] = dict(meant)
    return codes


def _blanks(guess: SheetGuess, asking: Asking) -> dict[str, dict[str, str | None]]:
    """A column of crosses and blanks: whether a blank means absent or not tested cannot be seen."""
    codes: dict[str, dict[str, str | None]] = {}
    said = (f"What does an empty cell of {COLUMNS} mean?", "Only crosses stand in it.")
    choices = (("absent", "Absent"), ("not tested", "Not tested, or not known"))
    for column in guess.view.columns:
        words = {word.casefold() for word in column.profile.words}
        crossed = (
            words
            and words <= BLANK_OR
            and not EXCLUDED.fullmatch(column.key)
            and column.profile.filled < column.profile.n
        )
        if crossed and asking.ask(("blank", guess.view.name, [column.name]), said, choices) == "absent":
            codes[is_of_schema(guess.proposals[column.name].role) or column.name] = {"": "no"}
    return codes


def unit_of(guess: SheetGuess, name: str, asking: Asking) -> str:
    """The unit of a time: the header's, or the one that is asked for, once for all columns of the sheet that look
    alike."""
    proposal = guess.proposals[name]
    if "unit" not in proposal.asks:
        return proposal.unit or "days"
    words = (f"In which unit of time: {COLUMNS}?", f"No header says it; the numbers look like {proposal.unit}.")
    return asking.ask(("unit", guess.view.name, [name]), words, CHOICES, proposal.unit, blocks=True) or "days"


def which_of(guess: SheetGuess, what: str, names: Sequence[str], asking: Asking) -> str:
    """The one of these columns that its owner calls so, "" = none; the first where all say the same."""
    names = [each.name for each in different_columns(guess.view, "", [*map(guess.view.column, names)])]
    if len(names) == 1:
        return names[0]
    words = (f"Which column is {what}?", "Several could be, and they do not say the same.")
    choices = [*((name, name) for name in names), ("none", "None of them")]
    place: Place = ("levels", guess.view.name, names)
    answer = asking.ask(place, words, choices, "", f"which:{guess.view.name}:{what}", True)
    return answer if answer in names else ""
