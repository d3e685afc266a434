"""Which courses of treatment a name means: those of which the kind and the therapy together hold all its words.

"maintenance", "Pomalidomide" and "pomalidomide maintenance" all mean a course of kind maintenance with pomalidomide.
"""

import re


def names_course(name: str, course: str) -> bool:
    """Whether the course (its kind and therapy, parted by anything) holds every word of the name; no name means no
    course."""
    wanted = _words(name)
    return bool(wanted) and wanted <= _words(course)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.casefold()))
