"""What the methods take and give: numbers and names of groups, one a patient, a time or a row."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Names = npt.NDArray[np.object_]
