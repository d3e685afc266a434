"""Writes docs/validation.md: PYTHONPATH=.:data:tests python -m validation"""

from validation.page import PAGE, page, validation

PAGE.write_text(page(validation()), encoding="utf-8")
