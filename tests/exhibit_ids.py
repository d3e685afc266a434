"""The ids of the exhibits that the report of the synthetic cohort of sixty patients has, in their order."""

PARTS = ("", ".summary", ".models")
OF_CURVES = ("", ".summary", ".milestones", ".sensitivity", ".models", ".adjusted", ".forest")
SURVIVAL = tuple(f"survival.{name}{part}" for name in ("pfs", "os", "dor", "efs") for part in OF_CURVES)
INCIDENCES = tuple(
    f"cumulative_incidence.{name}{part}"
    for name in ("pfs", "response", "complete_response", "best_response")
    for part in PARTS
)
RESPONSE = tuple(f"response.{name}" for name in ("rates", "best", "landmark", "landmark.table", "flow", "depth"))
TOXICITY = (
    "toxicity.grades",
    "toxicity.table",
    "toxicity.crs_icans",
    "toxicity.differences",
    "toxicity.volcano",
    "toxicity.sensitivity",
    "toxicity.timeline",
    "toxicity.onset.crs",
    "toxicity.onset.icans",
)
EXPANSION = tuple(f"expansion.{name}" for name in ("best_response", "crs_grade", "icans_grade", "ldh"))
KINETICS = tuple(
    f"kinetics.{name}"
    for name in (
        "profile",
        "summary",
        "comparison",
        "sensitivity",
        "parameters",
        "patients",
        "persistence",
        "persistence.summary",
        *EXPANSION,
    )
)
EVERY_ID = (
    "baseline.table_one",
    "baseline.flow",
    "swimmer.plot",
    *RESPONSE,
    *SURVIVAL,
    *INCIDENCES,
    *TOXICITY,
    *KINETICS,
    "patient.outcomes",
)
NO_REASONS = tuple(name for name in SURVIVAL if name.endswith((".summary", ".sensitivity")))
HAS_REASONS = tuple(name for name in EVERY_ID if name not in ("toxicity.grades",) and name not in NO_REASONS)
NAMES_DRAWN = (
    "swimmer.plot",
    "response.depth",
    "toxicity.timeline",
    "kinetics.patients",
)  # figures that print who is who
A_ROW_A_PATIENT = {
    *NAMES_DRAWN,
    "kinetics.profile",
    "kinetics.parameters",
    "kinetics.persistence",
    "patient.outcomes",
    *(f"kinetics.{name}" for name in EXPANSION),
}
