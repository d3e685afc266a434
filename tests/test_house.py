"""The house rules, kept by reading the source: who may import whom, sizes, straight pages, and what may lie in the
repository."""

import ast
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
from radon.complexity import cc_visit_ast

ROOT = Path(__file__).parents[1]
QUESTIONS = ("baseline", "swimmer", "response", "survival", "toxicity", "kinetics", "labs", "patient", "assay")
GROUND = ("lib.cohort", "lib.derived", "lib.stats", "lib.publication")
SESSION = ("lib.cohort", "lib.intake", "lib.publication", "lib.export", "lib.exhibits")
MAY_IMPORT = {  # besides the folder itself; "lib" alone is lib/__init__.py with the version
    "lib": ("lib.notebook", "lib.cohort.model"),  # imported when they are asked for: reading must not wait for charts
    "app": ("pages.frame", "pages.server", "lib"),
    "pages.server": (),  # what stands before Streamlit knows nothing of cohorts
    "pages": ("pages.frame", "lib"),
    "pages.frame": (
        "lib.cohort",
        "lib.intake",
        "lib.publication",
        "lib.export",
        "lib.derived.contents",
        "lib.derived.course_answer",
        "lib.derived.exposure",
        "lib.stats.packages",
        "lib.exhibits",
        "lib.ledger",
        "lib.session",
        "lib.session_opened",
    ),
    "lib.cohort": (),
    "lib.stats": (),
    "lib.publication": (
        "lib.stats.risk_sets",
        "lib.cohort.analysis",
    ),  # where an axis has ticks is arithmetic; what an exhibit is made of
    "lib.intake": ("lib.cohort",),
    "lib.derived": ("lib.cohort", "lib.stats"),
    "lib.export": ("lib.cohort", "lib.publication"),
    **{f"lib.{question}": GROUND for question in QUESTIONS},
    "lib.patient": (*GROUND, *(f"lib.{question}" for question in QUESTIONS)),  # one patient seen through all questions
    "lib.exhibits": (*GROUND, "lib.export", *(f"lib.{question}" for question in QUESTIONS)),
    "lib.ledger": ("lib.cohort", "lib.publication", "lib.stats"),
    "lib.session": (*SESSION, "lib.VERSION", "lib.ledger"),
    "lib.session_opened": (*SESSION, "lib.session", "lib.derived"),
    "lib.arguments": ("lib.cohort", "lib.export"),
    "lib.notebook": ("lib",),
    "lib.__main__": ("lib",),
}
STATISTICS = ("lifelines", "scipy", "statsmodels", "scikit_posthocs")  # wrapped by lib/stats, and by nobody else
DRAWS_A_COHORT = ("swimmer_figure", "cohort_figure")  # strips and legends are of the cohort
NETWORK = ("urllib.request", "http", "socket", "ftplib", "smtplib", "requests", "httpx", "aiohttp", "tornado")
TOP_LEVEL = {
    "app.py", "pages", "lib", "data", "tests", "docs", "deploy", "assets", ".ci", ".streamlit", ".gitignore",
    "Makefile", "README.md", "CITATION.cff", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "SECURITY.md",
    "pyproject.toml", "requirements.txt", "requirements-dev.txt",
}  # fmt: skip
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_PAGE, LONGEST_ENTRY = 350, 52, 120, 20
MOST_BRANCHES = 12  # cyclomatic complexity of a function as radon counts it
MACHINE_PATH = re.compile(r"(?<![\w.)}])/(work|root|home|Users|opt|mnt)/|\.\./" + "shared" + r"|[A-Z]:\\Users")
REASON = 4  # words at least


def ignored_names() -> list[str]:
    written = (ROOT / ".gitignore").read_text().splitlines()
    return [".git", *(line.strip("/") for line in written if line and not line.startswith("#"))]


def files(folder: Path = ROOT, ignored: tuple[str, ...] = ()) -> Iterator[Path]:
    """Every file of the repository, without what .gitignore names."""
    ignored = ignored or tuple(ignored_names())
    for path in sorted(folder.iterdir()):
        if any(fnmatch(path.name, name) for name in ignored):
            continue
        if path.is_dir():
            yield from files(path, ignored)
        else:
            yield path


FILES = tuple(files())
SOURCES = {str(path.relative_to(ROOT)): path for path in FILES if path.suffix == ".py"}
PROGRAM = {name: path for name, path in SOURCES.items() if name.startswith(("lib/", "pages/", "app.py"))}


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(SOURCES[name].read_text(encoding="utf-8"))


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree(name)))


def module(name: str) -> str:
    """lib/stats/cox.py -> lib.stats.cox"""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def folder_of(module_name: str) -> str:
    """The folder of a module: lib.stats.cox -> lib.stats; pages.survival -> pages; lib.exhibits stays."""
    parts = module_name.split(".")
    if parts[0] == "pages":
        return f"pages.{parts[1]}" if parts[1:2] and parts[1] in ("frame", "server") else "pages"
    return ".".join(parts[:2])


@cache
def imports(name: str) -> list[tuple[int, str]]:
    """Line and full name of everything that a file imports: `from lib.stats import cox` gives lib.stats.cox."""
    found = []
    for node in nodes(name):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno} imports relatively"
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def is_of(imported: str, package: str) -> bool:
    return imported == package or imported.startswith(package + ".")


def is_ours(imported: str) -> bool:
    return imported.partition(".")[0] in ("lib", "pages", "app")


def functions(name: str) -> list[ast.FunctionDef]:
    return [node for node in nodes(name) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_there_is_something_to_look_at():
    assert {"app.py", "lib/exhibits.py", "lib/stats/cox.py", "pages/frame/session.py"} <= set(SOURCES)


def test_imports_go_only_where_the_house_allows():
    wrong = []
    for name in PROGRAM:
        home = folder_of(module(name))
        assert home in MAY_IMPORT, f"{home} is a folder of which MAY_IMPORT says nothing"
        allowed = (home, "lib.VERSION", *MAY_IMPORT[home])
        wrong += [
            f"{name}:{line} imports {imported}"
            for line, imported in imports(name)
            if is_ours(imported) and not any(is_of(imported, package) for package in allowed)
        ]
    assert not wrong


def test_pages_do_not_import_each_other():
    wrong = [
        f"{name}:{line} imports {imported}"
        for name in PROGRAM
        for line, imported in imports(name)
        if is_of(imported, "pages") and not is_of(imported, "pages.frame") and not is_of(imported, "pages.server")
    ]
    assert not wrong


def test_nothing_in_lib_imports_streamlit():
    wrong = [
        f"{name}:{line}"
        for name in PROGRAM
        if name.startswith("lib/")
        for line, imported in imports(name)
        if is_of(imported, "streamlit")
    ]
    assert not wrong


def test_statistics_packages_are_imported_by_lib_stats_alone():
    wrong = [
        f"{name}:{line} imports {imported}"
        for name in PROGRAM
        for line, imported in imports(name)
        if not name.startswith("lib/stats/") and any(is_of(imported, package) for package in STATISTICS)
    ]
    assert not wrong


def test_the_program_has_no_network_client():
    wrong = [
        f"{name}:{line} imports {imported}"
        for name in PROGRAM
        for line, imported in imports(name)
        if any(is_of(imported, package) for package in NETWORK)
    ]
    assert not wrong


def test_only_session_names_the_session_state():
    naming = {
        name
        for name in PROGRAM
        for node in nodes(name)
        if (isinstance(node, ast.Attribute) and node.attr == "session_state")
        or (isinstance(node, ast.alias) and node.name == "session_state")
    }
    assert naming == {"pages/frame/session.py", "pages/frame/linked.py", "pages/frame/widget_state.py"}


def test_what_draws_takes_a_result_and_never_a_cohort():
    """Inside an exhibit's file the rule is by function: what gives a figure, a table or a chart is handed numbers, or
    an analysis."""
    drawing = ("Figure", "Table", "Exhibit", "Specification")
    wrong = []
    for name in PROGRAM:
        if not name.startswith(tuple(f"lib/{question}/" for question in QUESTIONS)):
            continue
        for node in functions(name):
            gives = ast.unparse(node.returns) if node.returns else ""
            takes = [
                ast.unparse(each.annotation) for each in (*node.args.args, *node.args.kwonlyargs) if each.annotation
            ]
            if gives in drawing and "Cohort" in takes and node.name not in DRAWS_A_COHORT:
                wrong.append(f"{name}:{node.lineno} {node.name}")
    assert not wrong


def test_no_file_is_too_long():
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in SOURCES.items()}
    assert not {name: length for name, length in lines.items() if length > LONGEST_FILE}


def test_no_function_is_too_long():
    lengths = {
        f"{name}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for name in SOURCES
        for node in functions(name)
    }
    assert not {place: length for place, length in lengths.items() if length > LONGEST_FUNCTION}


def test_no_function_branches_too_often():
    found = {
        f"{name}:{block.lineno} {block.name}": block.complexity
        for name in SOURCES
        if name.startswith(("lib/", "pages/"))
        for block in cc_visit_ast(tree(name))
        if block.letter != "C"  # C = a class, whose methods stand beside it
    }
    assert len(found) > 500
    assert not {place: complexity for place, complexity in found.items() if complexity > MOST_BRANCHES}


def test_pages_are_short_and_define_only_their_tabs():
    pages = [name for name in PROGRAM if re.fullmatch(r"pages/[a-z_]+\.py", name)]
    assert pages
    for name in pages:
        assert not [node for node in nodes(name) if isinstance(node, ast.ClassDef)], f"{name} defines a class"
        assert len(SOURCES[name].read_text().splitlines()) <= LONGEST_PAGE, name
    assert len(SOURCES["app.py"].read_text().splitlines()) <= LONGEST_ENTRY


def test_every_module_says_what_it_is_for():
    silent = [name for name in PROGRAM if SOURCES[name].read_text().strip() and not ast.get_docstring(tree(name))]
    assert not silent


def public(body: list[ast.stmt], of: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """Every public function, class and method."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield of + node.name, node
            yield from public(node.body, f"{node.name}.") if isinstance(node, ast.ClassDef) else ()


def test_every_public_definition_says_what_it_gives():
    silent = [
        f"{name}: {each}" for name in PROGRAM for each, of in public(tree(name).body) if not ast.get_docstring(of)
    ]
    assert not silent


def test_no_bare_except_and_no_assert_for_input():
    wrong = [
        f"{name}:{node.lineno}"
        for name in PROGRAM
        for node in nodes(name)
        if isinstance(node, ast.Assert) or (isinstance(node, ast.ExceptHandler) and node.type is None)
    ]
    assert not wrong


def test_the_top_level_holds_only_what_the_house_names():
    assert {path.relative_to(ROOT).parts[0] for path in FILES} <= TOP_LEVEL


def test_no_file_names_a_place_on_somebodys_machine():
    texts = {path: path.read_bytes().decode("utf-8", errors="ignore") for path in FILES if path != Path(__file__)}
    assert not [f"{path}: {found.group()}" for path, text in texts.items() if (found := MACHINE_PATH.search(text))]


def pinned(name: str) -> list[str]:
    lines = (ROOT / name).read_text().splitlines()
    return [line for line in lines if line.strip() and not line.startswith(("#", "-r "))]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_pins_are_exact(name):
    assert not [line for line in pinned(name) if not re.fullmatch(r"[a-z0-9-]+==\d[\w.]*", line)]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_readme_says_what_every_dependency_is_for(name):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for line in pinned(name):
        package = line.split("==")[0]
        reported = re.search(rf"^.*\*\*{re.escape(package)}\*\*(.*)$", readme, re.MULTILINE)
        assert reported, f"{package} is not in the README"
        assert len(reported.group(1).split()) >= REASON, f"the README does not say what {package} is for"


def test_every_file_the_pages_of_docs_name_is_there():
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "data").rglob("*.md"))):
        text = page.read_text(encoding="utf-8")
        named = set(re.findall(r"`((?:lib|pages|data|docs|tests|deploy|\.ci|\.streamlit)/[\w./-]+)`", text))
        gone = [name for name in named if not (ROOT / name).exists()]
        linked = [link for link in re.findall(r"\]\(([^)#]+?)\)", text) if "://" not in link]
        gone += [link for link in linked if not (page.parent / link).exists()]
        assert not gone, f"{page.relative_to(ROOT)} names {gone}"


def test_streamlit_keeps_everything_on_this_machine():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["browser"]["serverAddress"] == "localhost"
    assert settings["server"]["address"] == "localhost"
    assert settings["server"]["allowedHosts"] == ["localhost", "127.0.0.1", "::1"]
    assert settings["server"]["disconnectedSessionTTL"] <= 60
    assert settings["client"]["allowedOrigins"] == []
    assert settings["server"]["enableXsrfProtection"] is True
    assert settings["server"]["maxUploadSize"] <= 25
    assert settings["server"]["headless"] is True
    assert settings["client"]["showErrorLinks"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["client"]["toolbarMode"] == "minimal"
    assert settings["client"]["disableDataExport"] is True
    assert not any("fontFaces" in key for key in settings.get("theme", {}))
