"""How the house is built: what is said once is said nowhere else."""

import ast
import importlib
import pkgutil

import attrs
import pytest
from test_architecture import FILES, name_of

import dsgk
from dsgk.fields import Stored


ERRORS = {"DsgkError", "InvalidInput", "InvalidTypeError", "InvalidValueError"}
# Where canonical JSON and digests are made: of documents, and of columns.
WRITERS = {
    "json": {"dsgk.documents", "dsgk.fields", "dsgk.tables"},
    "hashlib": {
        "dsgk.documents",
        "dsgk.frames",
        "dsgk.inspectors",
        "dsgk.case_leads",
        "dsgk.tables",
    },
}
# What is made again out of what a host keeps, is told, or describes fields.
NOT_KEPT = {
    "dsgk.sources.Instrument",
    "dsgk.sources.Provision",
    "dsgk.sources.RuleProfile",
    "dsgk.calendars.WorkCalendar",
    "dsgk.draws.Draw",
    "dsgk.draws.Explanation",
    "dsgk.draws.Explanations",
    "dsgk.draws.Frame",
    "dsgk.draws.Roll",
    "dsgk.draws.StratumDraw",
    "dsgk.documents.Unknown",
    "dsgk.verify.Difference",
    "dsgk.errors.Fault",
    "dsgk.fairness.FairnessReport",
    "dsgk.fairness.FairnessTest",
    "dsgk.fields.Exact",
    "dsgk.fields.Kind",
    "dsgk.fields.Member",
    "dsgk.fields.Value",
    "dsgk.fields.Whole",
    "dsgk.plans.PlanReading",
    "dsgk.plans.Progress",
    "dsgk.publication.PublicationSchedule",
    "dsgk.simulate.Indicator",
    "dsgk.simulate.PolicyRun",
    "dsgk.tables.Categorical",
    "dsgk.tables.Heading",
    "dsgk.tables.Likeness",
}
# The base of closed lists; and a list of the floor below it.
ENUMS = {"dsgk.errors", "dsgk.fields"}


def is_in(name, rooms):
    """Whether a module or a public name belongs to one of the rooms."""
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def nodes(path):
    """Everything in a file."""
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def called(node):
    """Name of what is called, without what it is an attribute of."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_sentence_stands_in_the_catalogue(path):
    """An error is made by its code: `invalid(code, …)` or `Fault.of(code, …)`."""
    if name_of(path) == "dsgk.errors":
        return
    found = [
        node.lineno
        for node in nodes(path)
        if called(node) in ERRORS
        or (called(node) == "Fault" and not isinstance(node.func, ast.Attribute))
        or (called(node) == "told" and isinstance(node.func, ast.Attribute))
    ]

    assert found == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_closed_list_has_codes_and_chinese_terms(path):
    """`Coded`; the kernels know no terms of the law."""
    if name_of(path) in ENUMS or is_in(name_of(path), {"dsgk.kernels"}):
        return
    found = [
        node.name
        for node in nodes(path)
        if isinstance(node, ast.ClassDef)
        and any("Enum" in ast.unparse(base) for base in node.bases)
    ]

    assert found == []


@pytest.mark.parametrize("package", WRITERS)
@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_documents_are_written_and_hashed_in_one_room(path, package):
    """Two ways to write one document would be two digests."""
    if is_in(name_of(path), WRITERS[package] | {"dsgk.kernels"}):
        return
    found = [
        node.lineno
        for node in nodes(path)
        if (isinstance(node, ast.Import) and package in {a.name for a in node.names})
        or (isinstance(node, ast.ImportFrom) and node.module == package)
    ]

    assert found == []


def public_classes():
    """Classes of values that stand on the face of a room, by path."""
    for module in pkgutil.iter_modules(dsgk.__path__, "dsgk."):
        face = importlib.import_module(module.name)
        for name in getattr(face, "__all__", ()):
            found = getattr(face, name)
            path = f"{module.name}.{name}"
            if (
                isinstance(found, type)
                and attrs.has(found)
                and not {path, f"{found.__module__}.{found.__name__}"} & NOT_KEPT
            ):
                yield path, found


@pytest.mark.parametrize(
    "found", [pytest.param(cls, id=path) for path, cls in public_classes()]
)
def test_every_public_value_can_be_stored(found):
    """`to_dict` and `from_dict`, or `str` and `parse`, so that a host can keep it."""
    assert (
        issubclass(found, Stored)
        or hasattr(found, "parse")
        or (hasattr(found, "to_dict") and hasattr(found, "from_dict"))
    )
