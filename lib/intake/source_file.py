"""A file as somebody handed it over, before anything is known of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SourceFile:
    """A file as it was handed over: nothing of it is kept but what becomes the cohort."""

    name: str
    content: bytes
