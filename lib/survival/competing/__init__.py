"""Competing risks: the incidence of a cause among patients who may end with another."""
