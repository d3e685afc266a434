"""Of the public workbooks: what is asked, what had to be asked, and what is believed too surely, against roles.json.

A column of the key with `may_ask` cannot be known from the file; one whose `ask` is only levels, group or role may be
asked about or shown as it stands. A question is needed where it speaks of such a column, or where it leaves rows or
patients out.
"""

from collections import defaultdict
from pathlib import Path

from intake.test_roles import KEY, found, is_right, suggestion

# a status whose 1s stand at the longer times (twice) or hardly at shorter ones, a word that is neither, a kind of
# course
NEEDLESS = 5
SUBJECTS = {"endpoint", "event_values", "unit"}  # what changes numbers, and what no file says by itself
SAME = {"time_zero": "role"}  # what the key calls it
ALWAYS = ("rows", "group", "date_order", "disease")  # a choice about patients or rows, whatever the columns say


def sheets():
    for entry in KEY:
        if entry["columns"]:
            yield entry["file"], entry["sheet"] or Path(entry["file"]).stem, entry["columns"]


def may_ask(file):
    """(sheet, column) -> the subjects of which the key says that one question is right."""
    return {
        (sheet, column["column"]): set(column.get("ask", ())) if column.get("may_ask") else set()
        for each, sheet, columns in sheets()
        if each == file
        for column in columns
    }


def needless(file):
    """Open questions that change nothing that the key calls open."""
    key = may_ask(file)
    return [
        question.id
        for question in suggestion(file).questions
        if question.is_open
        and question.subject not in ALWAYS
        and not any(
            SAME.get(question.subject, question.subject) in subjects
            for (sheet, column), subjects in key.items()
            if sheet == question.sheet and column in question.columns
        )
        and any((question.sheet, column) in key for column in question.columns)
    ]


def unasked(file):
    """Columns of which the key says that something that changes numbers must be asked, and no question does."""
    missing = []
    for (sheet, column), subjects in may_ask(file).items():
        asked = {each.subject for each in suggestion(file).questions if each.is_open and each.is_about(sheet, column)}
        guess = found(file, sheet, {"column": column})
        if subjects & SUBJECTS and guess and guess.role.startswith("endpoints.") and not asked:
            missing.append(f"{sheet}/{column}: {', '.join(subjects)}")
    return missing


def wrongly_sure(file):
    return [
        f"{sheet}/{column['column']}: {guess.role}"
        for each, sheet, columns in sheets()
        if each == file
        for column in columns
        if (guess := found(file, sheet, column)) and guess.certainty == "certain" and not is_right(file, sheet, column)
    ]


def test_what_is_asked_of_the_public_workbooks(capsys):
    reported = defaultdict(list)
    with capsys.disabled():
        print()
        for file in dict.fromkeys(each for each, _, _ in sheets()):
            asked = [question for question in suggestion(file).questions if question.is_open]
            found_here = {"needless": needless(file), "unasked": unasked(file), "wrongly sure": wrongly_sure(file)}
            counts = ", ".join(f"{len(lines)} {what}" for what, lines in found_here.items())
            print(f"{file:50} {len(asked)} asked, {len(asked) - len(found_here['needless'])} needed, {counts}")
            for what, lines in found_here.items():
                reported[what] += lines
                print(*(f"    {what}: {line}\n" for line in lines), sep="", end="")
    assert not reported["unasked"] and not reported["wrongly sure"]
    assert len(reported["needless"]) <= NEEDLESS
