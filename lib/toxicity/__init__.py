"""The exhibits of adverse events, in menu order."""

from typing import Final

from lib.publication.spec import ExhibitSpec
from lib.toxicity.butterfly import BUTTERFLY
from lib.toxicity.by_class import BY_CLASS
from lib.toxicity.crs_icans import CRS_ICANS
from lib.toxicity.differences import DIFFERENCES
from lib.toxicity.event_table import TABLE
from lib.toxicity.onset import ONSET
from lib.toxicity.sensitivity import SENSITIVITY
from lib.toxicity.timeline import TIMELINE
from lib.toxicity.volcano import VOLCANO
from lib.toxicity.worst_grades import GRADES

TOXICITY: Final[tuple[ExhibitSpec, ...]] = (
    GRADES,
    TABLE,
    CRS_ICANS,
    BY_CLASS,
    DIFFERENCES,
    BUTTERFLY,
    VOLCANO,
    SENSITIVITY,
    TIMELINE,
    ONSET,
)
