"""One number beside R's, and how a value with limits or a whole curve becomes such lines."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lib.stats.estimate import Estimate

SIX_DIGITS = 1e-6


@dataclass(frozen=True)
class Line:
    """One comparison. `within` is the largest relative difference allowed; None = R has no number, and so have we."""

    data: str
    statistic: str
    call: str
    ours: float | None
    theirs: float | None
    within: float = SIX_DIGITS
    count: int = 1  # how many numbers it stands for

    @property
    def difference(self) -> float:
        """Relative; 0 where both have no number, infinite where one alone has none."""
        if self.ours is None or self.theirs is None:
            return 0.0 if self.ours is self.theirs else float("inf")
        scale = max(abs(self.theirs), 1e-12)
        return abs(self.ours - self.theirs) / scale

    @property
    def agrees(self) -> bool:
        """To six digits, or to as many as the reference keeps."""
        kept = len(repr(self.theirs).partition(".")[2]) if self.theirs and "e" not in repr(self.theirs) else 99
        return self.difference <= max(self.within, 0.51 * 10**-kept / abs(self.theirs or 1.0))


def three(
    data: str, statistic: str, call: str, ours: Estimate, theirs: tuple[float | None, ...], within: float = SIX_DIGITS
) -> Iterator[Line]:
    """A value and its limits."""
    for word, mine, its in zip(("", ", low", ", high"), (ours.value, ours.low, ours.high), theirs, strict=False):
        yield Line(data, f"{statistic}{word}", call, mine, its, within)


def whole_curve(data: str, statistic: str, call: str, ours: list[float], theirs: list[float]) -> Line:
    """One curve: the number with the largest difference stands for it."""
    worst = max(zip(ours, theirs, strict=True), key=lambda pair: abs(pair[0] - pair[1]) / max(abs(pair[1]), 1e-12))
    return Line(data, f"{statistic} ({len(theirs)} numbers; the farthest)", call, *worst)


def together(lines: Iterable[Line], case: str) -> Iterator[Line]:
    """The lines of one case, those of one statistic as one: the number with the largest difference stands for all of
    them."""
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.data, line.statistic.partition(f", {case}")[0]), []).append(line)
    for (data, what), mine in groups.items():
        worst = max(mine, key=lambda line: line.difference / line.within)
        said = f"{what}, {case}" + (f" ({len(mine)} numbers; the farthest)" if len(mine) > 1 else "")
        yield Line(data, said, worst.call, worst.ours, worst.theirs, worst.within, len(mine))
