"""What is proposed for one column, before it becomes a Guess."""

from dataclasses import dataclass

from lib.intake.suggestion import Certainty, Subject


@dataclass(frozen=True)
class Proposal:
    """The role, how sure it is and why, what has to be asked; `endpoint` and `unit` where the role has them."""

    role: str
    reason: str
    certainty: Certainty = "likely"
    asks: tuple[Subject, ...] = ()
    endpoint: str = ""
    unit: str = ""


Proposals = dict[str, Proposal]
