"""A stranger's file -> Cohort."""


def vocabulary(written: str, between: str = " ") -> tuple[str, ...]:
    """The words that are written as one text."""
    return tuple(written.split(between))
