"""No text of the program or its documents says what docs/wording.md replaces."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WORDING = ROOT / "docs" / "wording.md"
OLD = re.findall(r"^\| (?!Not \|)([^|]+?) \| [^|]+ \|$", WORDING.read_text(encoding="utf-8"), re.MULTILINE)


@cache
def literals() -> tuple[tuple[str, str], ...]:
    """Every text in the code of the program with its place; no docstrings."""
    files = [ROOT / "app.py", *(ROOT / "lib").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    return tuple(found for path in files for found in of_code(path.read_text(encoding="utf-8"), path.name))


def of_code(code: str, name: str) -> list[tuple[str, str]]:
    tree = ast.parse(code)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, documented)]
    docstrings = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
    return [
        (f"{name}:{node.lineno}", node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


@cache
def documents() -> tuple[tuple[str, str], ...]:
    files = [ROOT / "README.md", *(path for path in (ROOT / "docs").glob("*.md") if path != WORDING)]
    return tuple((path.name, path.read_text(encoding="utf-8")) for path in files)


def said(old: str, code: tuple[tuple[str, str], ...], texts: tuple[tuple[str, str], ...]) -> list[str]:
    if old.startswith("“"):
        return [place for place, text in code if text == old.strip("“”")]
    whole = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)")
    return [place for place, text in (*code, *texts) if old in spaced(text) and whole.search(spaced(text))]


@cache
def spaced(text: str) -> str:
    """Its words, a space apart."""
    return " ".join(text.split())


def test_the_list_is_read_and_a_phrase_is_found_but_not_in_a_docstring():
    assert len(OLD) >= 30 and "Competing for" in OLD and "“Of”" in OLD
    code = tuple(
        of_code(
            '"""Told from."""\ndef f():\n    """Told from."""\n    return f"{f} Told\\n from", "Of", "Of it"\n', "x"
        )
    )
    assert said("Told from", code, ()) == ["x:4"] and said("“Of”", code, ()) == ["x:4"]
    assert said("1 months", (), (("y", "after 1 months"), ("z", "after 11 months"))) == ["y"]


@pytest.mark.parametrize("old", OLD)
def test_a_phrase_that_has_a_better_one_is_not_written_any_more(old):
    assert said(old, literals(), documents()) == []
