"""Sheets -> tables: by a mapping, else by the names of the template, else as the program suggests."""

from collections.abc import Sequence
from dataclasses import replace

from lib.intake.applied import Applied, applied
from lib.intake.blocks import blocks_of
from lib.intake.grid import Grid
from lib.intake.guess import suggest
from lib.intake.mapping import Mapping
from lib.intake.open_question import open_questions
from lib.intake.template_tables import template_tables


def tables_of(grids: Sequence[Grid], mapping: Mapping | None = None) -> Applied:
    """The tables of these sheets, and findings about the sheets as a whole."""
    if mapping is not None:
        return applied(blocks_of(grids, mapping), mapping)
    suggestion = suggest(blocks_of(grids))
    if suggestion.is_template or not suggestion.mapping.sheets:
        return template_tables(grids)
    found = applied(blocks_of(grids), suggestion.mapping)
    return replace(found, findings=(*open_questions(suggestion), *found.findings))
