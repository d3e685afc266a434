"""The ledger of looking of a session: what each exhibit on the screen compares is noted, of each workbook by itself."""

from typing import Final

from lib.cohort.analysis import Analysis
from lib.ledger import Ledger, looks_of
from lib.ledger import noted as with_note
from lib.publication.exhibit import Exhibit
from pages.frame import session

LEDGERS: Final = "ledgers"  # by the fingerprint of the workbook


def ledger() -> Ledger:
    """What was looked at in the open workbook."""
    found: Ledger = (session.answer(LEDGERS) or {}).get(session.cohort().fingerprint, Ledger())
    return found


def set_ledger(changed: Ledger) -> None:
    """What was looked at is this: of a saved session, or nothing."""
    session.assign(LEDGERS, {**(session.answer(LEDGERS) or {}), session.cohort().fingerprint: changed})


def clear_ledger() -> None:
    """Count from here."""
    set_ledger(Ledger())


def noted(exhibit: Exhibit, analysis: Analysis) -> Exhibit:
    """Notes what the exhibit compares; one that explores says how many comparisons were looked at."""
    looks = looks_of(exhibit, analysis)
    if not looks:
        return exhibit
    kept = ledger().with_looks(looks)
    if kept is not ledger():
        set_ledger(kept)
    return with_note(exhibit, analysis, kept)
