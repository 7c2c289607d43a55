"""Rules about the package itself."""

import ast
import importlib
import pkgutil
import pydoc
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dsgk


ORDER = (
    "_messages",
    "errors",
    "sources",
    "kernels",
    "identifiers",
    "_cells",
    "fields",
    "tables",
    "documents",
    "calendars",
    "items",
    "subjects",
    "inspectors",
    "frames",
    "tiers",
    "ledger",
    "plans",
    "draws",
    "joint",
    "rounds",
    "assignments",
    "case_leads",
    "results",
    "publication",
    "accountability",
    "performance",
    "verify",
    "simulate",
    "fairness",
    "plots",
    "testing",
)
# What an installation has; attrs imports as attr or attrs.
ALLOWED = {"attr", "attrs", "dateutil", "dsgk", "holidays", "numpy"}
# What a room may use beyond that, by its extra.
EXTRAS = {"plots": {"matplotlib"}, "testing": {"hypothesis"}}
# Clock, files, network, environment, global chance.
REFUSED = {
    "asyncio", "codecs", "fileinput", "getpass", "glob", "http", "io", "locale",
    "logging", "mmap", "multiprocessing", "os", "pathlib", "pickle", "platform",
    "random", "secrets", "select", "shutil", "signal", "socket", "sqlite3", "ssl",
    "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid",
    "warnings", "zoneinfo",
}  # fmt: skip
BUILTINS_REFUSED = {"open", "print", "input", "exec", "eval", "breakpoint"}
ROOT = Path(dsgk.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
MODULES = ["dsgk", *(m.name for m in pkgutil.walk_packages(dsgk.__path__, "dsgk."))]


def name_of(path):
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def rank(module):
    return ORDER.index(module.split(".")[1])


def imports_of(path):
    """Pairs of (imported module, whether anything of it is used at run time)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_the_order_names_every_module():
    """A new module gets its place before it gets its first import."""
    tops = {name.split(".")[1] for name in MODULES if name != "dsgk"}

    assert tops <= set(ORDER)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_point_towards_the_start_of_the_regulation(path):
    """A module imports only from modules that stand before it."""
    here = name_of(path)
    if here == "dsgk":
        return
    for name in imports_of(path):
        assert name != "dsgk", "import from the module that defines it"
        if name.startswith("dsgk."):
            assert rank(name) <= rank(here), f"{here} imports {name}"
            if here.startswith("dsgk.kernels"):
                assert name.startswith("dsgk.kernels"), f"{here} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nobody_reaches_past_the_face_of_a_room(path):
    """What stands in a file with an underscore is its own room's business."""
    room = name_of(path).split(".")[:2]
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] == "dsgk" and any(part.startswith("_") for part in parts[2:]):
            assert parts[:2] == room, f"import from {'.'.join(parts[:2])} instead"


def test_a_room_with_a_face_has_no_other_open_files():
    """The kernels alone are open: each is a face of its own."""
    rooms = {path.parent for path in FILES if path.name == "__init__.py"}
    rooms -= {ROOT, ROOT / "kernels"}

    assert [p for p in FILES if p.parent in rooms and p.name[0] != "_"] == []


def test_no_two_files_have_one_name():
    """A name says what is in a file, wherever it is opened."""
    names = [p.stem.lstrip("_") for p in FILES if p.name != "__init__.py"]

    assert [name for name in names if names.count(name) > 1] == []
    assert len(FILES) <= 100


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nothing_is_read_or_written_in_secret(path):
    """No clock, file, network, environment, logging or global chance."""
    room = [*name_of(path).split("."), ""][1]
    allowed = ALLOWED | EXTRAS.get(room, set())
    for name in imports_of(path):
        top = name.split(".")[0]
        assert top not in REFUSED, name
        assert top in allowed or top in sys.stdlib_module_names, name
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in BUILTINS_REFUSED, node.func.id
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"today", "now", "utcnow"}, node.attr


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_statement_vanishes_under_optimisation(path):
    """`python -O` drops every assert: the library has none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert not [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Assert)]


@pytest.mark.parametrize("name", MODULES)
def test_every_public_name_is_documented_and_listed(name):
    """`__all__` is sorted, complete and explained."""
    module = importlib.import_module(name)

    assert module.__doc__
    public = list(getattr(module, "__all__", ()))
    key = lambda n: (not n.isupper(), not n[0].isupper(), n)  # noqa: E731
    assert public == sorted(public, key=key)
    for public_name in public:
        value = getattr(module, public_name)
        if callable(value):
            assert value.__doc__, f"{name}.{public_name}"


def test_every_name_of_the_package_is_found_where_it_is_defined():
    """Names are loaded when they are first used; none is promised in vain."""
    for name in dsgk._HOME:
        assert getattr(dsgk, name).__module__.startswith("dsgk."), name
        assert name in dir(dsgk)
    for module in ("calendars", "draws", "kernels", "tiers"):
        # Asked for by hand, since Python finds a loaded module without asking.
        assert importlib.import_module(f"dsgk.{module}") is dsgk.__getattr__(module)


def test_type_checkers_and_python_see_the_same_names():
    """The imports for type checkers name exactly what can be had."""
    tree = ast.parse((ROOT / "__init__.py").read_text(encoding="utf-8"))
    block = next(n for n in tree.body if isinstance(n, ast.If))
    typed = {alias.asname: node.module for node in block.body for alias in node.names}

    assert typed == {
        **dict.fromkeys(dsgk._ROOMS, "dsgk"),
        **{name: f"dsgk.{home}" for name, home in dsgk._HOME.items()},
    }
    assert sorted(typed) == dir(dsgk)


def test_help_fits_a_few_screens():
    """Names by room in place of thousands of lines about every class."""
    text = pydoc.render_doc(dsgk, renderer=pydoc.plaintext)

    assert len(text.splitlines()) < 120
    assert all(re.search(rf"\b{name}\b", text) for name in dsgk._HOME)
    assert 70 <= len(dsgk._HOME) <= 90


def test_a_name_that_does_not_exist_is_an_attribute_error():
    """`hasattr` depends on it."""
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = dsgk.Nothing


def test_importing_the_package_loads_no_calendar_data():
    """Holidays and date parsers are for those who count days."""
    code = (
        "import sys, dsgk; "
        "print([m for m in ('holidays', 'dateutil', 'pandas', 'polars', 'pyarrow', "
        "'scipy', 'hypothesis', 'matplotlib') if m in sys.modules])"
    )
    out = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert out.stdout.strip() == "[]"
