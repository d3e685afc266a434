"""What a cohort amounts to, in lines, before it is opened."""

from in_process import in_process
from workbooks import xlsx

from lib.derived.contents import contents
from lib.intake.draft import read_workbook

