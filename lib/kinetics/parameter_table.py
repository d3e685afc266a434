"""The kinetic parameters of many series, each an array with one value a patient and infusion; and those of one of them
with the reasons in words.

Where there is no value a code says why: what differs between patients (a day, a fit) is put into words only for
whoever is looked at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from lib.stats.estimate import Estimate, Names

NOT_SAMPLED: Final = "no sample after the infusion"
NON_EXPANDER: Final = "never above the limit of quantification"
TOO_FEW: Final = "fewer than three falling values after the peak"
LEAST_SPAN: Final = 2.0  # half-lives that the window must cover
LEAST_R2: Final = 0.9
PERSISTENCE_FROM_DAY: Final = 28.0
NAMES: Final = (
    "cmax",
    "tmax",
    "auc_0_28",
    "auc_0_90",
    "auc_last",
    "clast",
    "tlast",
    "tbql",
    "half_life",
    "fold_expansion",
)
FIT: Final = ("days", "n", "first_day", "last_day", "adjusted_r2", "span")
Codes = npt.NDArray[np.int8]
Places = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Columns = Mapping[str, npt.NDArray[Any]]


class Why(IntEnum):
    """Why a parameter has no value."""

    KNOWN = 0
    NOT_SAMPLED = 1
    SILENT = 2
    ONE_SAMPLE = 3
    ENDS_EARLY = 4
    STILL_THERE = 5
    TOO_FEW = 6
    SHORT = 7
    SCATTERED = 8
    NO_BASE = 9
    EARLY_PEAK = 10
    NO_LIMIT = 11


WORDS: Final = {
    Why.KNOWN: "",
    Why.NOT_SAMPLED: NOT_SAMPLED,
    Why.SILENT: NON_EXPANDER,
    Why.ONE_SAMPLE: "one sample",
    Why.ENDS_EARLY: "last sample on day {last:g}, still quantifiable",
    Why.STILL_THERE: "still quantifiable in the last sample, on day {last:g}",
    Why.TOO_FEW: TOO_FEW,
    Why.SHORT: f"the samples cover {{span:.1f}} half-lives, fewer than {LEAST_SPAN:g}",
    Why.SCATTERED: f"R² {{r2:.2f}} is below {LEAST_R2:g}",
    Why.NO_BASE: "no sample on day {base:g}",
    Why.EARLY_PEAK: "the peak lies before day {base:g}",
    Why.NO_LIMIT: "day {base:g} lies below a limit that is not stated",
}


@dataclass(frozen=True)
class HalfLife:
    """A terminal half-life in days: its window, fit, and whether it is fit to be reported."""

    days: float
    n: int
    first_day: float
    last_day: float
    adjusted_r2: float
    span: float
    reason: str = ""  # why it should not be reported, or nothing

    @property
    def phase(self) -> str:
        """Persistence if the window begins on day 28 or later, else contraction."""
        return "persistence" if self.first_day >= PERSISTENCE_FROM_DAY else "contraction"


@dataclass(frozen=True)
class FoldExpansion:
    """`at_least`: the base lies below the limit, so the fold is a lower bound. `day` is when the base was taken, None
    without one.
    """

    fold: Estimate
    at_least: bool = False
    day: float | None = None


@dataclass(frozen=True)
class KineticParameters:
    """The parameters of one patient and infusion; each is an Estimate without limits, or the reason why there is none.

    `tbql` is the first day below the limit after the last quantifiable one (`tlast`); `fit` the half-life as it was
    fitted, also where it is not fit to be reported.
    """

    patient: str
    infusion: int
    group: str | None
    cmax: Estimate
    tmax: Estimate
    auc_0_28: Estimate
    auc_0_90: Estimate
    auc_last: Estimate
    clast: Estimate
    tlast: Estimate
    tbql: Estimate
    half_life: Estimate
    fit: HalfLife | None
    fold: FoldExpansion
    n_samples: int

    @property
    def expanded(self) -> bool:
        """Whether any sample after the infusion is above the limit of quantification."""
        return self.cmax.value is not None

    @property
    def never_quantifiable(self) -> bool:
        """Whether there are samples after the infusion, none of them above the limit of quantification."""
        return self.cmax.reason == NON_EXPANDER


@dataclass(frozen=True, eq=False)
class Subjects:
    """Whose samples they are: the key of a series is patient and infusion. `slot` is the place of the group among
    `names`, -1 without one."""

    patient: Names
    infusion: Places
    slot: Places
    names: tuple[str, ...]


class ParameterTable:
    """One row a patient and infusion; a part of a table takes a column when it is first looked at.

    Columns: every one of NAMES (NaN where there is none) and its `why`, every one of FIT (NaN without a fit) and r2,
    at_least, base, last (the day of the last sample), n_samples; patient, infusion and slot as Subjects has them.
    """

    def __init__(self, columns: Columns, subjects: Subjects, base_day: float, places: Places | None = None) -> None:
        whose = {"patient": subjects.patient, "infusion": subjects.infusion, "slot": subjects.slot}
        self._whole, self._subjects, self._base_day = {**columns, **whose}, subjects, base_day
        self._places = np.arange(len(subjects.patient)) if places is None else places
        self._own: dict[str, npt.NDArray[Any]] = {}

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[KineticParameters]:
        return map(self.row, range(len(self)))

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """A column."""
        found = self._own.get(name)
        if found is None:
            found = self._own[name] = self._whole[name][self._places]
        return found

    def why(self, name: str) -> Codes:
        """The code of the reason of each row why it has no such parameter."""
        found: Codes = self[f"why {name}"]
        return found

    @property
    def expanded(self) -> Flags:
        """Of each row whether any sample after the infusion is above the limit of quantification."""
        found: Flags = self.why("cmax") == Why.KNOWN
        return found

    @property
    def silent(self) -> Flags:
        """Of each row whether there are samples after the infusion, none of them above the limit."""
        found: Flags = self.why("cmax") == Why.SILENT
        return found

    def where(self, chosen: Flags) -> "ParameterTable":
        """The rows for which `chosen` is True."""
        return ParameterTable(self._whole, self._subjects, self._base_day, self._places[chosen])

    def row(self, place: int) -> KineticParameters:
        """One row, with the reasons in words."""
        at = int(self._places[place])
        of = {name: column[at] for name, column in self._whole.items()}
        fit = None if np.isnan(of["days"]) else self._fit(of)
        notes = {"tbql": f"between day {of['tlast']:g} and day {of['tbql']:g}"}
        if fit:
            notes["half_life"] = f"{fit.phase}, {fit.n} points from day {fit.first_day:g}"
        if of["at_least"]:
            notes["fold_expansion"] = f"at least: day {self._base_day:g} is below the limit"
        found: dict[str, Any] = {name: self._estimate(name, of, notes.get(name, "")) for name in NAMES}
        base = None if np.isnan(of["base"]) else float(of["base"])
        fold = FoldExpansion(found.pop("fold_expansion"), bool(of["at_least"]), base)
        group = self._subjects.names[of["slot"]] if of["slot"] >= 0 else None
        found |= {"patient": str(of["patient"]), "infusion": int(of["infusion"]), "group": group}
        return KineticParameters(**found, fit=fit, fold=fold, n_samples=int(of["n_samples"]))

    def words(self, place: int, name: str) -> str:
        """Why a row has no such parameter."""
        at = int(self._places[place])
        return self._words(name, {each: self._whole[each][at] for each in (f"why {name}", "last", "span", "r2")})

    def _estimate(self, name: str, of: Mapping[str, Any], note: str) -> Estimate:
        reason = self._words(name, of)
        return Estimate(None, reason=reason) if reason else Estimate(float(of[name]), note=note)

    def _words(self, name: str, of: Mapping[str, Any]) -> str:
        return WORDS[Why(of[f"why {name}"])].format(last=of["last"], span=of["span"], r2=of["r2"], base=self._base_day)

    def _fit(self, of: Mapping[str, Any]) -> HalfLife:
        days, n, first, last, adjusted, span = (float(of[name]) for name in FIT)
        return HalfLife(days, int(n), first, last, adjusted, span, self._words("half_life", of))
