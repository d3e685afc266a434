"""Questions that nobody answered yet, as findings: what was not read because of them."""

from lib.cohort.finding import Finding
from lib.intake.suggestion import Question, Suggestion

MEND = "Confirm it on Home or with a mapping."


def open_questions(suggestion: Suggestion) -> list[Finding]:
    """One warning for every question without an answer on which results depend."""
    return [_finding(question) for question in suggestion.questions if not question.answered]


def _finding(question: Question) -> Finding:
    columns = ", ".join(question.columns)
    said = question.sentence
    if question.subject == "event_values" and not question.chosen:
        said = f'It is not settled which value of "{columns}" means the event, so no endpoint was read from it.'
    elif question.chosen:
        chosen = next((choice.label for choice in question.choices if choice.key == question.chosen), question.chosen)
        said = f"{question.sentence} Until that is confirmed: {chosen}."
    return Finding("warning" if not question.chosen else "note", question.sheet, None, columns, "", said, MEND)
