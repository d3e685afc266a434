"""The survival chart: step curves whose axis is named after what has not happened yet (lib/publication/step_chart.py)."""

from lib.publication.step_chart import step_chart
from lib.publication.theme import Specification


def survival_chart(
    unit: str, label: str, colours: tuple[str, ...], limits: bool, origin: str = "infusion"
) -> Specification:
    """The specification for this many groups; `limits` draws the confidence band."""
    return step_chart(unit, share_title(label), colours, limits, origin)


def share_title(label: str) -> str:
    """S(t), named after what has not happened yet."""
    lasting = {"Duration of response": "Still in response"}
    return lasting.get(label) or (label if "urvival" in label else f"Without {label.lower().removeprefix('time to ')}")
