"""When a laboratory value belongs to which grade: the boundaries of CTCAE v5 and v6, as data. The two versions differ.

"below" scales: a grade begins strictly below its bound; "above" scales: strictly above it. Bounds are absolute, or
multiples of the laboratory's lower (LLN) or upper (ULN) limit. Haemoglobin has no grade 4 by value: that is a clinical
finding.
Source: CTCAE v5.0 (NCI, 2017) and v6.0 (NCI, 2025), as read in pharmaverse/admiral (Apache-2.0), ncictcaev5.json,
ncictcaev6.json.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

V5: Final = "CTCAE v5"
V6: Final = "CTCAE v6"
VERSIONS: Final = (V5, V6)  # the default first
CELLS: Final = "10^9/L"
NO_ENTRY: Final = "has no grades by value"


@dataclass(frozen=True)
class Scale:
    """`bounds` hold the grades that begin at a bound of their own; grade 1 of an absolute scale without one begins at
    the LLN.

    `relative_to` "" for absolute bounds in `unit`. `abnormal`: multiples of an abnormal baseline (above the ULN, or
    below the LLN of a "below" scale), by which later values are graded then; `included`: the grades of `abnormal` that
    begin at their bound itself. `also_below`: absolute bounds (in `unit`) below which a grade holds, too.
    """

    analyte: str
    term: str
    unit: str
    direction: Literal["below", "above"]
    bounds: Mapping[int, float]
    relative_to: Literal["", "LLN", "ULN"] = ""
    abnormal: Mapping[int, float] | None = None
    included: frozenset[int] = frozenset()
    also_below: Mapping[int, float] | None = None

    @property
    def first_at_limit(self) -> bool:
        """Whether grade 1 begins at the laboratory's own lower limit, without which grades 0 and 1 cannot be told
        apart."""
        return self.direction == "below" and not self.relative_to and 1 not in self.bounds


HAEMOGLOBIN: Final = Scale("haemoglobin", "Anaemia", "g/L", "below", {2: 100.0, 3: 80.0})
LEUKOCYTES: Final = Scale("leukocytes", "Leukopenia", CELLS, "below", {2: 3.0, 3: 2.0, 4: 1.0})
LOWEST: Final = {1: 1.0, 2: 0.75, 3: 0.5, 4: 0.25}
FIBRINOGEN: Final = (
    Scale(  # "if abnormal, <25 %, 25-<50 %, 50-<75 %, 75 % decrease from baseline": the rest of it is 0.75, 0.5, 0.25
        "fibrinogen",
        "Fibrinogen decreased",
        "g/L",
        "below",
        LOWEST,
        "LLN",
        LOWEST,
        frozenset({2, 3, 4}),
        also_below={4: 0.5},
    )
)
FIRST: Final = frozenset({1})
TRANSAMINASE: Final = {1: 1.0, 2: 3.0, 3: 5.0, 4: 20.0}
BILIRUBIN: Final = {1: 1.0, 2: 1.5, 3: 3.0, 4: 10.0}
SCALES: Final[Mapping[str, tuple[Scale, ...]]] = {
    V5: (
        Scale("neutrophils", "Neutropenia", CELLS, "below", {2: 1.5, 3: 1.0, 4: 0.5}),
        Scale("lymphocytes", "Lymphopenia", CELLS, "below", {2: 0.8, 3: 0.5, 4: 0.2}),
        HAEMOGLOBIN,
        Scale("platelets", "Thrombocytopenia", CELLS, "below", {2: 75.0, 3: 50.0, 4: 25.0}),
        LEUKOCYTES,
        Scale("ALT", "ALT increased", "U/L", "above", TRANSAMINASE, "ULN", {1: 1.5, 2: 3.0, 3: 5.0, 4: 20.0}, FIRST),
        Scale("AST", "AST increased", "U/L", "above", TRANSAMINASE, "ULN", {1: 1.5, 2: 3.0, 3: 5.0, 4: 20.0}, FIRST),
        Scale("bilirubin", "Bilirubin increased", "µmol/L", "above", BILIRUBIN, "ULN", BILIRUBIN),
        FIBRINOGEN,
    ),
    V6: (
        Scale("neutrophils", "Neutropenia", CELLS, "below", {1: 1.5, 2: 1.0, 3: 0.5, 4: 0.1}),
        HAEMOGLOBIN,
        Scale("platelets", "Thrombocytopenia", CELLS, "below", {2: 75.0, 3: 50.0, 4: 10.0}),
        LEUKOCYTES,
        Scale("ALT", "ALT increased", "U/L", "above", TRANSAMINASE, "ULN", {1: 1.0, 2: 1.5, 3: 2.0, 4: 4.0}, FIRST),
        Scale("AST", "AST increased", "U/L", "above", TRANSAMINASE, "ULN", {1: 1.0, 2: 1.5, 3: 2.0, 4: 4.0}, FIRST),
        Scale(
            "bilirubin",
            "Bilirubin increased",
            "µmol/L",
            "above",
            BILIRUBIN,
            "ULN",
            {1: 1.0, 2: 1.5, 3: 2.5, 4: 10.0},
            FIRST,
        ),
        FIBRINOGEN,
    ),
}
ANALYTES: Final = tuple(scale.analyte for scale in SCALES[V5])


def scale_of(analyte: str, version: str) -> Scale | None:
    """The scale of an analyte; None where this version grades it by nothing that can be computed."""
    return next((scale for scale in SCALES[version] if scale.analyte == analyte), None)


def absolute_bounds(analyte: str, version: str) -> Mapping[int, float]:
    """The bounds of a scale that is absolute; empty where there is none."""
    scale = scale_of(analyte, version)
    return scale.bounds if scale is not None and not scale.relative_to else {}
