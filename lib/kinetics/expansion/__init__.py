"""Expansion beside what was known before it and what came of it."""
