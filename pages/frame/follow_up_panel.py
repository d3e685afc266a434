"""The option of the toxicity and labs pages: until when adverse events and graded laboratory values count."""

from pages.frame import ask

UNTIL_NEXT, ALL = "Until next therapy", "Whole follow-up"


def until_next_therapy() -> bool:
    """Whether what comes after the next anti-tumour therapy or a later infusion is left out; both pages share the answer."""
    chosen = ask.one(
        "Events and grades", (UNTIL_NEXT, ALL), default=UNTIL_NEXT, key="until next therapy", persist_state="session",
        help="Until next therapy: an event or value after treatment of relapse (kind subsequent in Therapies) or a later infusion is left out, "
        "and counted in a note. Maintenance and bridging end nothing.",
    )  # fmt: skip
    return bool(chosen == UNTIL_NEXT)
